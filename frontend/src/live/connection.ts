/** One socket for the whole tab: topics in, messages out, back again by itself. It knows nothing of proposals.
 * Where it does not open, the same messages are asked for. */
import { Asking, type Ask } from "./asking";

export type State = "connecting" | "live" | "offline";

export interface Message {
  type: string;
  topic?: string;
  [more: string]: unknown;
}

export interface Subscription {
  /** The number of the last entry that is known here; asked anew at each (re)subscription. */
  after?: () => number | undefined;
  hear: (message: Message) => void;
}

/** Where the socket is; `query` begins with `?`. */
export const socketUrl = (query = "") =>
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/v1/${query}`;

const FIRST = 1_000;
// After a restart of the server nobody should wait longer than this for the next try.
const LONGEST = 10_000;
const SILENCE = 35_000;
// A line that does not even open leads nowhere.
const OPENING = 10_000;
// Who comes back to the page, or back from the tunnel, is where the others are a moment later.
const SIGN_OF_LIFE = 1_000;
const CONNECTED = 4_000;

/** `asked`: there is no socket, and what it would say is asked for every few seconds, with success. */
type Listener = (state: State, retryAt: number | null, asked: boolean) => void;

export class Connection {
  #socket: WebSocket | null = null;
  #topics = new Map<string, Set<Subscription>>();
  #listeners = new Set<Listener>();
  #state: State = "offline";
  #tries = 0;
  #retryAt: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #wanted = false;
  /** In which life of the server's database what is known here was read; another one after a restore. */
  #epoch: string | undefined;
  #asking = new Asking(() => this.#askForAll());
  #asked = false;
  /** Topics of which nothing is told here: not asked for again, unless somebody says so. */
  #refused = new Set<string>();
  /** What waits, as it was told last: a socket says it only when it is news. */
  #waiting = "";

  constructor(
    private readonly url: () => string,
    /** Called when the server says that nobody is signed in, or not any more. */
    private readonly signedOut: () => void = () => undefined,
    /** How to ask where there is no socket. */
    private readonly ask?: Ask,
  ) {}

  /** `epoch`: that of what is known already. */
  start(epoch?: string): void {
    this.#epoch ??= epoch;
    if (this.#wanted) return;
    this.#wanted = true;
    document.addEventListener("visibilitychange", this.#wake);
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#lost);
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    document.removeEventListener("visibilitychange", this.#wake);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#lost);
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#drop();
    this.#become("offline", null);
    this.#waiting = "";
  }

  /** Hears what the topic has to say until the returned function is called. */
  subscribe(topic: string, subscription: Subscription): () => void {
    const here = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, here.add(subscription));
    this.#ask(topic, subscription);
    return () => {
      here.delete(subscription);
      if (here.size === 0) {
        this.#topics.delete(topic);
        this.#send({ type: "unsubscribe", topic });
      }
    };
  }

  /** Asks again for what came after the last known entry: something was missed. */
  again(topic: string): void {
    this.#refused.delete(topic);
    this.#asking.soon();
    for (const subscription of this.#topics.get(topic) ?? []) this.#ask(topic, subscription);
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.#state, this.#retryAt, this.#asked);
    return () => this.#listeners.delete(listener);
  }

  /** Does not wait for the next try. */
  now(): void {
    if (this.#wanted && this.#state === "offline") this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#become("connecting", null);
    const socket = new WebSocket(this.url());
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: MessageEvent<unknown>) => this.#heard(event.data);
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code);
    };
    this.#listen(OPENING);
  }

  #opened(): void {
    this.#refused.clear();
    this.#listen();
    this.#become("live", null);
    for (const [topic, here] of this.#topics) for (const subscription of here) this.#ask(topic, subscription);
  }

  #heard(data: unknown): void {
    this.#tries = 0;
    this.#listen();
    const message = parsed(data);
    if (message !== null) this.#hand(message);
  }

  #hand(message: Message): void {
    if (message.topic === undefined && message.type !== "waiting") return;
    if (typeof message.epoch === "string") this.#epoch = message.epoch;
    if (message.type === "waiting") this.#waiting = JSON.stringify(message);
    const topic = message.type === "waiting" ? "me" : (message.topic ?? "");
    for (const subscription of [...(this.#topics.get(topic) ?? [])]) subscription.hear(message);
  }

  #closed(code: number): void {
    this.#socket = null;
    clearTimeout(this.#silence);
    if (code === 4401) {
      this.#turnedAway();
      return;
    }
    if (!this.#wanted) return;
    // Spread wide: when a process ends, all its sockets end at once, and are not to come to the next one at once.
    const pause = Math.min(LONGEST, FIRST * 2 ** this.#tries++) * (0.1 + 0.9 * Math.random());
    this.#retry = setTimeout(() => this.#connect(), pause);
    this.#become("offline", Date.now() + pause);
  }

  #turnedAway(): void {
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#drop();
    this.#become("offline", null);
    this.signedOut();
  }

  /** Asks once about each topic. Returns for how many seconds the server wants to be left alone. */
  async #askForAll(): Promise<number> {
    for (const [topic, here] of [...this.#topics]) {
      if (this.ask === undefined || this.#refused.has(topic)) continue;
      const after = [...here].flatMap((one) => one.after?.() ?? []);
      const told = await this.ask(topic, after.length ? Math.min(...after) : undefined, this.#epoch);
      // Once it is open, the socket brings all of it.
      if (!this.#without()) return 0;
      if ("messages" in told) this.#handAll(told.messages);
      else if (told.status === 404) {
        this.#refused.add(topic);
        this.#hand({ type: "error", topic, code: "not_found" });
      } else {
        if (told.status === 401) this.#turnedAway();
        else this.#note(false);
        return told.rest;
      }
      this.#note(true);
    }
    return 0;
  }

  #handAll(messages: Message[]): void {
    for (const message of messages) if (!this.#isKnown(message)) this.#hand(message);
  }

  #without = (): boolean => this.#wanted && this.#state !== "live";

  #isKnown = (message: Message): boolean => message.type === "waiting" && JSON.stringify(message) === this.#waiting;

  #note(asked: boolean): void {
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#tell();
  }

  /** A connection that has said nothing for longer than heads take to come is taken for dead. */
  #listen(within = SILENCE): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#topics.size > 0) this.#lost();
      else this.#listen();
    }, within);
  }

  #lost = (): void => {
    if (this.#socket === null) return;
    this.#drop();
    this.#closed(1006);
  };

  /** Back at the page, or in reach of the net: at once, however long the next try was put off. A connection that
   * was asleep may be dead without knowing it: it is asked, and has a moment to answer. */
  #wake = (): void => {
    if (document.visibilityState === "hidden" || !this.#wanted) return;
    this.#tries = 0;
    this.#asking.soon();
    if (this.#state === "offline") this.#connect();
    else {
      for (const topic of this.#topics.keys()) this.again(topic);
      this.#listen(this.#state === "live" ? SIGN_OF_LIFE : CONNECTED);
    }
  };

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #ask(topic: string, subscription: Subscription): void {
    const after = subscription.after?.();
    // What is not known is left out of the text.
    this.#send({ type: "subscribe", topic, after, epoch: after === undefined ? undefined : this.#epoch });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #become(state: State, retryAt: number | null): void {
    this.#state = state;
    this.#retryAt = retryAt;
    if (!this.#without() || this.ask === undefined) {
      this.#asking.end();
      this.#asked = false;
    } else this.#asking.begin();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#state, this.#retryAt, this.#asked);
  }
}

function parsed(data: unknown): Message | null {
  try {
    const message: unknown = JSON.parse(String(data));
    return typeof message === "object" && message !== null && "type" in message ? (message as Message) : null;
  } catch {
    return null;
  }
}
