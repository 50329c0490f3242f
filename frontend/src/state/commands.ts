/** The commands of a decision by name: which address each goes to, and for which round or revision it is made. */
import type { AnswerKind, Done, Id, Snapshot } from "../api/types";

export type Method = "POST" | "PUT" | "DELETE";
/** Sends one command; the returned function is called by an Act, with what to do while the server is out of reach. */
export type Send = (method: Method, path: string, body?: object) => Sending;
export type Sending = (onRetry: () => void) => Promise<Done>;

export interface RevisionText {
  title: string;
  driver: string;
  body: string;
  note: string;
  review_on: string | null;
  answers: Record<Id, string>;
}

export function commandsOn(now: () => Snapshot, send: Send) {
  const proposal = (path: string) => `proposals/${now().id}/${path}`;
  const round = (path: string) => `rounds/${now().round?.id ?? "none"}/${path}`;
  /** The open round, or in tuning and revising the revision. */
  const on = () => now().round?.id ?? String(now().revision);
  return {
    open: (facilitator: Id | null, due_at: string | null) => send("POST", proposal("open/"), { facilitator, due_at }),
    ask: (text: string) => send("POST", round("questions/"), { text }),
    takeBackQuestion: (question: Id) => send("DELETE", `questions/${question}/`),
    answer: (question: Id, text: string) => send("POST", `questions/${question}/answer/`, { text, on: on() }),
    clear: (nothing_to_add = false) => send("POST", round("clear/"), { nothing_to_add }),
    takeBackClear: () => send("DELETE", round("clear/")),
    react: (text: string) => send("POST", round("reactions/"), { text }),
    pass: () => send("POST", round("pass/"), {}),
    takeBackReaction: () => send("DELETE", round("reactions/")),
    askForConsent: (sealed: boolean) => send("POST", proposal("ask-for-consent/"), { sealed, on: on() }),
    respond: (kind: AnswerKind, text: string | null = null, suggestion: string | null = null) =>
      send("PUT", round("response/"), { kind, text, suggestion }),
    takeBack: () => send("DELETE", round("response/")),
    returnNow: () => send("POST", proposal("return/"), { on: on() }),
    revise: (text: RevisionText) => {
      const { review_on, ...rest } = text;
      return send("POST", proposal("revisions/"), { ...rest, ...(review_on ? { review_on } : {}), on: on() });
    },
    withdrawObjection: (objection: Id) => send("POST", `objections/${objection}/withdraw/`, { on: on() }),
    restate: (objection: Id, text: string) => send("POST", `objections/${objection}/restate/`, { text, on: on() }),
    confirm: (objection: Id, heard: boolean, text: string | null = null) =>
      send("POST", `objections/${objection}/confirm/`, { heard, text, on: on() }),
    moveDue: (due_at: string) => send("POST", proposal("due/"), { due_at, on: on() }),
    openRoom: () => send("POST", proposal("room/"), { on: on() }),
    closeRoom: () => send("DELETE", proposal("room/"), { on: on() }),
    join: () => send("POST", proposal("room/join/"), { on: on() }),
    leave: () => send("POST", proposal("room/leave/"), { on: on() }),
    later: () => send("POST", proposal("room/later/"), { on: on() }),
    giveTurn: (to: Id) => send("POST", proposal("room/turn/"), { to, on: on() }),
    next: () => send("POST", proposal("room/next/"), { on: on() }),
    askTimeOut: () => send("POST", proposal("room/time-out/"), { on: on() }),
    pause: (minutes: number) => send("POST", proposal("room/pause/"), { minutes, on: on() }),
    resume: () => send("POST", proposal("room/resume/"), { on: on() }),
    timebox: (seconds: number) => send("POST", proposal("room/timebox/"), { seconds, on: on() }),
    leadOut: (participant: Id) => send("POST", proposal("room/lead-out/"), { participant, on: on() }),
    handOver: (to: Id) => send("POST", proposal("facilitator/"), { to, on: on() }),
    acceptChair: () => send("POST", proposal("facilitator/accept/"), { on: on() }),
    takeChair: () => send("POST", proposal("chair/"), { on: on() }),
    markAbsent: (participant: Id) => send("POST", proposal("absences/"), { participant, on: on() }),
    here: () => send("POST", proposal("here/"), { on: on() }),
    offerAuthor: (to: Id) => send("POST", proposal("author/"), { to, on: on() }),
    acceptAuthor: () => send("POST", proposal("author/accept/"), { on: on() }),
    lookAgain: (text: string, suggestion: string | null) => send("POST", proposal("objections/"), { text, suggestion }),
    // A link is made for the decision, not for a round: it goes on whatever comes between.
    openScreen: () => send("POST", proposal("screens/"), {}),
    closeScreen: (screen: Id) => send("DELETE", `screens/${screen}/`),
    withdraw: (reason: string | null) => send("POST", proposal("withdraw/"), { reason, on: on() }),
  };
}

export type Commands = ReturnType<typeof commandsOn>;
