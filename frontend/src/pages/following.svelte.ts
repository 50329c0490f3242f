/** Following something that has a journal: its snapshot, kept up to date by entries from answers and from the socket. */
import { SvelteSet } from "svelte/reactivity";
import { call, Problem } from "../api/client";
import type { Entry, Id } from "../api/types";
import type { Message } from "../live/connection";
import { noteEntry } from "../state/clock";
import { apply } from "../state/decision";
import type { Here } from "./context";

export class Following<S extends { seq: number }> {
  snapshot: S | null = $state.raw(null);
  missing = $state(false);
  failed: string | null = $state(null);
  readonly online = new SvelteSet<Id>();
  #leave: (() => void) | undefined;

  constructor(
    private readonly topic: string,
    private readonly path: string,
    protected readonly here: Here,
  ) {}

  async start(): Promise<void> {
    this.failed = null;
    try {
      await this.fetch();
      this.#leave = this.here.connection.subscribe(this.topic, {
        after: () => this.snapshot?.seq,
        hear: (message) => this.#hear(message),
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.missing = true;
      else this.failed = error.message;
    }
  }

  stop(): void {
    this.#leave?.();
  }

  take(entries: Pick<Entry, "seq" | "changes">[]): void {
    for (const entry of entries) {
      if (this.snapshot === null) return;
      const applied = apply(this.snapshot, entry);
      if (applied.kind === "gap") return this.here.connection.again(this.topic);
      if (applied.kind === "applied") this.snapshot = applied.snapshot;
    }
  }

  async fetch(): Promise<void> {
    const found = await call<S>("GET", this.path);
    if (this.snapshot === null || found.seq >= this.snapshot.seq) this.snapshot = found;
  }

  #hear(message: Message): void {
    if (message.type === "event") {
      noteEntry(String(message.at), Date.now());
      this.take([message as unknown as Entry]);
    } else if (message.type === "head" && Number(message.seq) > (this.snapshot?.seq ?? 0))
      this.here.connection.again(this.topic);
    else if (message.type === "resync") void this.fetch().then(() => this.here.connection.again(this.topic));
    else if (message.type === "presence") {
      this.online.clear();
      for (const who of message.online as Id[]) this.online.add(who);
    }
  }
}
