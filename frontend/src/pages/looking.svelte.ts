/** Looking at one decision: its snapshot, kept up to date, and the commands that can be given on it. */
import { SvelteSet } from "svelte/reactivity";
import { call, Problem } from "../api/client";
import type { Done, Entry, Given, Id, Snapshot, Voice } from "../api/types";
import type { Message } from "../live/connection";
import type { Line } from "../state/away";
import { noteEntry } from "../state/clock";
import { commandsOn, type Method } from "../state/commands";
import { given } from "../state/decision";
import { Decision } from "../state/decision.svelte";
import type { Looked } from "../state/looked";
import type { Here } from "./context";

// Lines of the journal that tell who comes back what they missed.
const PAST = 200;
const CLOSING = new Set(["round_closed", "returned"]);

export class Looking implements Looked {
  decision: Decision | null = $state(null);
  missing = $state(false);
  failed: string | null = $state(null);
  voices: readonly Voice[] = $state.raw([]);
  /** What the reader recorded here so far, with the receipts of it. */
  given: Given[] = $state.raw([]);
  readonly online = new SvelteSet<Id>();
  #past: readonly Line[] = $state.raw([]);
  readonly commands;
  readonly #topic: string;
  #leave: (() => void) | undefined;

  constructor(
    private readonly id: Id,
    private readonly here: Here,
    /** As a room: with the last lines of its journal, and with the voices of its rounds. */
    private readonly asRoom = false,
  ) {
    this.#topic = `proposal:${id}`;
    this.commands = commandsOn(
      () => this.#snapshot(),
      (method: Method, path: string, body?: object) => async (onRetry) => {
        const pressed = document.activeElement;
        const asked = this.s?.round;
        try {
          const done = await call<Done>(method, path, body === undefined ? { onRetry } : { body, onRetry });
          await this.#taken(done);
          return done;
        } finally {
          const revealed = asked?.kind === "consent" && this.s?.round?.id !== asked.id;
          keepFocus(pressed, revealed ? ["answers", "task"] : ["task"]);
        }
      },
    );
  }

  get s(): Snapshot | null {
    return this.decision?.snapshot ?? null;
  }

  get news(): readonly Entry[] {
    return this.decision?.news ?? [];
  }

  get lines(): readonly Line[] {
    const from = this.#past.at(-1)?.seq ?? 0;
    return [...this.#past, ...this.news.filter((entry) => entry.seq > from)];
  }

  async start(): Promise<void> {
    this.failed = null;
    try {
      await this.#fetch();
      if (this.s?.phase === "draft") return;
      this.#follow();
      if (this.asRoom) void this.#fetchPast();
      void this.#fetchReceipts();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.missing = true;
      else this.failed = error.message;
    }
  }

  stop(): void {
    this.#leave?.();
  }

  #snapshot(): Snapshot {
    if (this.decision === null) throw new Error("There is no decision yet.");
    return this.decision.snapshot;
  }

  async #taken(done: Done): Promise<void> {
    this.#take(done.entries);
    const own = given(done);
    if (own) this.given = [...this.given.filter((one) => one.seq !== own.seq), own];
    // One's own sealed answer is read by the snapshot alone: entries tell nobody what it says.
    if (done.entries.some((entry) => entry.event === "responded")) await this.#fetch();
    if (this.#leave === undefined) this.#follow();
  }

  #take(entries: Entry[]): void {
    this.decision?.take(entries);
    if (this.asRoom && entries.some((entry) => CLOSING.has(entry.event))) void this.#fetchVoices();
  }

  /** What stands beside the room comes when it comes: nothing waits for it, and nothing is lost without it. */
  async #fetchPast(): Promise<void> {
    const after = Math.max(0, (this.s?.seq ?? 0) - PAST);
    const path = `proposals/${this.id}/journal/?after=${after}&page_size=${PAST}`;
    const got = await Promise.allSettled([call<{ results: Line[] }>("GET", path), this.#fetchVoices()]);
    if (got[0].status === "fulfilled") this.#past = got[0].value.results;
  }

  async #fetchVoices(): Promise<void> {
    const got = await call<{ results: Voice[] }>("GET", `proposals/${this.id}/voice/`).catch(() => null);
    if (got) this.voices = got.results;
  }

  async #fetch(): Promise<void> {
    const snapshot = await call<Snapshot>("GET", `proposals/${this.id}/`);
    if (this.decision === null) this.decision = new Decision(snapshot, () => this.here.connection.again(this.#topic));
    else this.decision.replace(snapshot);
  }

  async #fetchReceipts(): Promise<void> {
    const got = await call<{ results: Given[] }>("GET", `proposals/${this.id}/receipts/`).catch(() => null);
    const earlier = got?.results ?? [];
    this.given = [...earlier, ...this.given.filter((own) => !earlier.some((one) => one.seq === own.seq))];
  }

  #follow(): void {
    this.#leave = this.here.connection.subscribe(this.#topic, {
      after: () => this.s?.seq,
      hear: (message) => this.#hear(message),
    });
  }

  #hear(message: Message): void {
    if (message.type === "event") {
      noteEntry(String(message.at), Date.now());
      this.#take([message as unknown as Entry]);
    } else if (message.type === "head" && Number(message.seq) > (this.s?.seq ?? 0))
      this.here.connection.again(this.#topic);
    else if (message.type === "resync") void this.#fetch().then(() => this.here.connection.again(this.#topic));
    else if (message.type === "presence") this.#tell(message.online as Id[]);
  }

  #tell(people: Id[]): void {
    this.online.clear();
    for (const who of people) this.online.add(who);
  }
}

/** A control that rested while it was recorded has the focus back; if it went away, what came instead has it. */
function keepFocus(pressed: Element | null, instead: string[]): void {
  if (!(pressed instanceof HTMLElement) || pressed === document.body) return;
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const came = instead.map((id) => document.getElementById(id)).find((found) => found !== null);
    (pressed.isConnected ? pressed : came)?.focus();
  });
}
