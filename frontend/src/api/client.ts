/** The one way to the server: session and CSRF, keys that make a command count once, refusals as `Problem`. */
import { noteDate } from "../state/clock";
import { notePages } from "../state/release";
import { _ } from "../words";
import type { ProblemBody } from "./types";

/** The server refused, in words for the person who asked. */
export class Problem extends Error {
  constructor(
    readonly body: ProblemBody,
    /** For how many seconds the server wants to be left alone. */
    readonly rest = 0,
  ) {
    super(body.detail);
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** What is amiss with one field of the form, if that is what the server said. */
  field(name: string): string | undefined {
    return this.body.errors?.[name]?.[0];
  }
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Options {
  body?: unknown;
  /** Called each time the server could not be reached and the same command is about to be sent again. */
  onRetry?: (seconds: number) => void;
}

const PAUSES = [1, 2, 4, 8, 15, 30];
/** What the server says while it is not to be had, and what a proxy in front of it says then. */
const AWAY = new Set([502, 503, 504]);
// A line may die without a word: an answer that has not begun by then is taken for lost.
const PATIENCE = 20_000;

/** The page's own token. Over HTTPS its cookie has the name that nobody else can set, and no other one counts. */
export function csrf(cookies = document.cookie): string {
  const token = (name: string) => cookies.split("; ").find((part) => part.startsWith(`${name}=`));
  const found = token("__Host-csrftoken") ?? token("csrftoken");
  return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** A call below /api/v1/. One intent has one key: sent again after a lost connection, it still counts once. */
export async function call<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrf();
  if (method === "POST" || method === "PUT") headers["Idempotency-Key"] = newKey();
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) request.body = JSON.stringify(options.body);
  for (let attempt = 0; ; attempt++) {
    const answer = await reach(`/api/v1/${path}`, request);
    const pause = PAUSES[attempt];
    const again = answer === null || AWAY.has(answer.status) || (answer.status === 409 && (await inFlight(answer)));
    if (!again || pause === undefined || method === "GET") return read<T>(answer);
    options.onRetry?.(pause);
    await wait(pause);
  }
}

async function reach(url: string, request: RequestInit): Promise<Response | null> {
  const lost = new AbortController();
  const patience = setTimeout(() => lost.abort(), PATIENCE);
  try {
    const sent = Date.now();
    const answer = await fetch(url, { ...request, signal: lost.signal });
    noteDate(answer.headers.get("Date"), sent, Date.now());
    notePages(answer.headers.get("Rondo-Pages"));
    return answer;
  } catch {
    return null;
  } finally {
    clearTimeout(patience);
  }
}

/** Whether there is a new version: the answer says it, whoever is signed in. */
export async function askForPages(): Promise<void> {
  await reach("/livez", { cache: "no-store" });
}

async function inFlight(answer: Response): Promise<boolean> {
  const body = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as { code?: string };
  return body.code === "idempotency_in_flight";
}

async function read<T>(answer: Response | null): Promise<T> {
  if (answer === null) throw new Problem(unreachable());
  if (answer.status === 204) return undefined as T;
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return body as T;
  const rest = Number(answer.headers.get("Retry-After")) || 0;
  throw new Problem(isProblem(body) ? body : { ...unreachable(), status: answer.status }, rest);
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "detail" in body && "code" in body;
}

function unreachable(): ProblemBody {
  return {
    title: _("Not reached"),
    status: 0,
    code: "not_reached",
    detail: _("The server could not be reached. What you wrote is kept here; try again in a moment."),
  };
}
