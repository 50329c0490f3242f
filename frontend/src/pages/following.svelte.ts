/** Following something that has a journal, as a page does: fetched once, then kept up to date. */
import { SvelteSet } from "svelte/reactivity";
import { call, Problem } from "../api/client";
import type { Entry, Id } from "../api/types";
import type { Message } from "../live/connection";
import { noteEntry } from "../state/clock";
import { Followed } from "../state/followed.svelte";
import type { Here } from "./context";

export class Following<S extends { seq: number }, E extends Pick<Entry, "seq" | "changes"> = Entry> {
  followed: Followed<S, E> | null = $state(null);
  missing = $state(false);
  failed: string | null = $state(null);
  readonly online = new SvelteSet<Id>();
  #leave: (() => void) | undefined;

  constructor(
    private readonly topic: string,
    private readonly path: string,
    protected readonly here: Here,
  ) {}

  get snapshot(): S | null {
    return this.followed?.snapshot ?? null;
  }

  /** What is looked at, where it has to be there: a command is given on something. */
  get now(): S {
    if (this.followed === null) throw new Error("There is nothing here yet.");
    return this.followed.snapshot;
  }

  async start(): Promise<void> {
    this.failed = null;
    try {
      await this.fetch();
      this.begun();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.missing = true;
      else this.failed = error.message;
    }
  }

  stop(): void {
    this.#leave?.();
  }

  /** It has been fetched for the first time. */
  protected begun(): void {
    this.follow();
  }

  /** From now on its entries come by the socket; a second time changes nothing. */
  protected follow(): void {
    this.#leave ??= this.here.connection.subscribe(this.topic, {
      after: () => this.snapshot?.seq,
      hear: (message) => this.#hear(message),
    });
  }

  protected take(entries: E[]): void {
    this.followed?.take(entries);
  }

  protected async fetch(): Promise<void> {
    const found = await call<S>("GET", this.path);
    if (this.followed === null) this.followed = new Followed<S, E>(found, () => this.#again());
    else this.followed.replace(found);
  }

  /** The server cannot go on from what is known here: it is fetched anew, even if there is less of it than before. */
  protected async fetchAnew(): Promise<void> {
    this.followed?.startFrom(await call<S>("GET", this.path));
  }

  async #resync(): Promise<void> {
    try {
      await this.fetchAnew();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 404) this.failed = error.message;
      this.missing = error.status === 404;
      return;
    }
    this.#again();
  }

  #again(): void {
    this.here.connection.again(this.topic);
  }

  #hear(message: Message): void {
    if (message.type === "event") {
      noteEntry(String(message.at), Date.now());
      this.take([message as unknown as E]);
    } else if (message.type === "head" && Number(message.seq) > (this.snapshot?.seq ?? 0)) this.#again();
    else if (message.type === "resync") void this.#resync();
    else if (message.type === "presence") {
      this.online.clear();
      for (const who of message.online as Id[]) this.online.add(who);
    }
  }
}
