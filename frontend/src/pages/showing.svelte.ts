/** What a screen shows: the picture that everybody gets, kept up to date, until its link ends. */
import { Problem } from "../api/client";
import type { Entry, Snapshot } from "../api/types";
import type { Connection, Message, State } from "../live/connection";
import { noteEntry } from "../state/clock";
import { Followed } from "../state/followed.svelte";

const AGAIN = 3_000;
const WORTH_A_WORD = 2_000;

export interface Picture {
  proposal: Snapshot;
  way_in: string;
}

export class Showing {
  decision: Followed<Snapshot> | null = $state(null);
  wayIn = $state("");
  /** The link shows nothing any more. */
  ended = $state(false);
  /** For a while nothing has come, by the socket or by asking: what is shown may be old. */
  lost = $state(false);
  #leave: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #word: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly fetched: () => Promise<Picture>,
    private readonly connection: Connection,
  ) {}

  async start(): Promise<void> {
    this.#leave.push(this.connection.watch((state, _, asked) => this.#watch(state, asked)));
    if (await this.fetch()) this.#follow();
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    clearTimeout(this.#timer);
    clearTimeout(this.#word);
  }

  /** True when there is a picture; where the server cannot be reached, it is asked again. `anew`: what was known is
   * not to be relied on. */
  async fetch(anew = false): Promise<boolean> {
    try {
      const { proposal, way_in } = await this.fetched();
      this.wayIn = way_in;
      if (this.decision === null) this.decision = new Followed<Snapshot>(proposal, () => this.#again());
      else if (anew) this.decision.startFrom(proposal);
      else this.decision.replace(proposal);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.ended = true;
      if (this.ended) return false;
      this.lost = true;
      await this.#pause();
      return this.fetch(anew);
    }
  }

  /** The server let this socket in no longer: either the link has ended, or it knows it again. */
  async turnedAway(): Promise<void> {
    await this.#pause();
    if (await this.fetch()) this.connection.start();
  }

  get #topic(): string {
    return `proposal:${this.decision?.snapshot.id ?? ""}`;
  }

  #follow(): void {
    const leave = this.connection.subscribe(this.#topic, {
      after: () => this.decision?.snapshot.seq,
      hear: (message) => this.#hear(message),
    });
    this.#leave.push(leave);
  }

  #hear(message: Message): void {
    if (message.type === "event") {
      noteEntry(String(message.at), Date.now());
      this.decision?.take([message as unknown as Entry]);
    } else if (message.type === "head" && Number(message.seq) > (this.decision?.snapshot.seq ?? 0)) this.#again();
    else if (message.type === "resync") void this.#anew(true);
    else if (message.type === "error") void this.#pause().then(() => this.#anew());
  }

  async #anew(restored = false): Promise<void> {
    if (await this.fetch(restored)) this.#again();
  }

  #again(): void {
    this.connection.again(this.#topic);
  }

  #watch(state: State, asked: boolean): void {
    clearTimeout(this.#word);
    if (state === "live" || asked) this.lost = false;
    else this.#word = setTimeout(() => (this.lost = true), WORTH_A_WORD);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => (this.#timer = setTimeout(resolve, AGAIN)));
  }
}
