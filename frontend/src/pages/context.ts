/** What every page has at hand: who is signed in, and the one connection. */
import { getContext, setContext } from "svelte";
import type { Listed, Me, Team } from "../api/types";
import type { Connection, State } from "../live/connection";

export interface Here {
  readonly me: Me;
  /** False on the pages that are open to everybody, while nobody is: then there is no `me`. */
  readonly signedIn: boolean;
  readonly connection: Connection;
  readonly live: State;
  /** When the next try to connect is made, if there is no connection. */
  readonly retryAt: number | null;
  readonly teams: Team[];
  /** What waits for me, across teams; kept up to date by the server. */
  readonly waiting: Listed[] | null;
  /** The team to which the page belongs, where its address does not say it. */
  team: string | null;
  /** Counts the news of meetings: whoever lists them asks again when it moves. */
  readonly meetings: number;
  refreshTeams: () => Promise<void>;
  refreshMe: () => Promise<void>;
  /** Says something to whoever hears the page rather than sees it; the latest `about` one subject alone. */
  announce: (words: string, about?: string) => void;
}

const KEY = Symbol("here");

export const setHere = (here: Here): Here => setContext(KEY, here);
export const getHere = (): Here => getContext<Here>(KEY);
