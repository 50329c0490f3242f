/** Asking for what a socket would say, where there is none. */
import type { Ask } from "../live/asking";
import type { Message } from "../live/connection";
import { call, Problem } from "./client";

/** `screen`: as the link to a screen that has this token. */
export function asker(screen?: string): Ask {
  return async (topic, after, epoch) => {
    const known = Object.entries({ after, epoch, screen }).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(known.map(([name, value]) => [name, String(value)]));
    try {
      return await call<{ messages: Message[] }>("GET", `live/${topic}/?${query}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { status: error.status, rest: error.rest };
    }
  };
}
