/** Looking at one decision: its snapshot, kept up to date, and the commands that can be given on it. */
import { call } from "../api/client";
import type { Done, Entry, Given, Id, Snapshot, Voice } from "../api/types";
import type { Line } from "../state/away";
import { commandsOn, type Method } from "../state/commands";
import { given } from "../state/decision";
import type { Looked } from "../state/looked";
import type { Here } from "./context";
import { Following } from "./following.svelte";

// Lines of the journal that tell who comes back what they missed.
const PAST = 200;
const CLOSING = new Set(["round_closed", "returned"]);

export class Looking extends Following<Snapshot> implements Looked {
  voices: readonly Voice[] = $state.raw([]);
  /** What the reader recorded here so far, with the receipts of it. */
  given: Given[] = $state.raw([]);
  /** What the reader recorded here and is not in the record any more: the server went back to a backup. */
  lost: Given[] = $state.raw([]);
  #past: readonly Line[] = $state.raw([]);
  readonly commands;

  constructor(
    private readonly id: Id,
    here: Here,
    /** As a room: with the last lines of its journal, and with the voices of its rounds. */
    private readonly asRoom = false,
  ) {
    super(`proposal:${id}`, `proposals/${id}/`, here);
    this.commands = commandsOn(
      () => this.now,
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
    return this.snapshot;
  }

  get news(): readonly Entry[] {
    return this.followed?.news ?? [];
  }

  get lines(): readonly Line[] {
    const from = this.#past.at(-1)?.seq ?? 0;
    return [...this.#past, ...this.news.filter((entry) => entry.seq > from)];
  }

  protected override begun(): void {
    if (this.s?.phase === "draft") return;
    this.follow();
    if (this.asRoom) void this.#fetchPast();
    void this.#fetchReceipts();
  }

  protected override async fetchAnew(): Promise<void> {
    await super.fetchAnew();
    if (this.asRoom) void this.#fetchPast();
    const got = await this.#receipts();
    if (got === null) return;
    const stands = got.map((one) => one.receipt);
    this.lost = [...this.lost, ...this.given.filter((one) => !stands.includes(one.receipt))];
    this.given = got;
  }

  protected override take(entries: Entry[]): void {
    super.take(entries);
    if (this.asRoom && entries.some((entry) => CLOSING.has(entry.event))) void this.#fetchVoices();
  }

  async #taken(done: Done): Promise<void> {
    this.take(done.entries);
    const own = given(done);
    if (own) this.given = [...this.given.filter((one) => one.seq !== own.seq), own];
    // One's own sealed answer is read by the snapshot alone: entries tell nobody what it says.
    if (done.entries.some((entry) => entry.event === "responded")) await this.fetch();
    this.follow();
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

  /** Null where they could not be fetched. */
  async #receipts(): Promise<Given[] | null> {
    const got = await call<{ results: Given[] }>("GET", `proposals/${this.id}/receipts/`).catch(() => null);
    return got?.results ?? null;
  }

  async #fetchReceipts(): Promise<void> {
    const earlier = (await this.#receipts()) ?? [];
    this.given = [...earlier, ...this.given.filter((own) => !earlier.some((one) => one.seq === own.seq))];
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
