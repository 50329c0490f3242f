/** Entries into the snapshot: in sequence, each once, wherever it came from. */
import type { Entry, Given, Id, Objection, Snapshot } from "../api/types";
import { _, called } from "../words/said";
import { merge } from "./patch";

export type Applied<S> = { kind: "applied"; snapshot: S } | { kind: "known" } | { kind: "gap" };

/** An entry with the next number is applied, an older one is known, a later one shows that something was missed. */
export function apply<S extends { seq: number }>(snapshot: S, entry: Pick<Entry, "seq" | "changes">): Applied<S> {
  if (entry.seq <= snapshot.seq) return { kind: "known" };
  if (entry.seq > snapshot.seq + 1) return { kind: "gap" };
  return { kind: "applied", snapshot: merge(snapshot, entry.changes) as S };
}

/** What this person may do now, as the server says. */
export function may(snapshot: Snapshot, me: Id): ReadonlySet<string> {
  const part = snapshot.participants[me] ?? snapshot.observers[me];
  return new Set(part?.may ?? []);
}

export function nameOf(snapshot: Snapshot, who: Id | null | undefined): string {
  if (!who) return "";
  return called((snapshot.participants[who] ?? snapshot.observers[who])?.name || _("Somebody"));
}

/** Who the process waits for now, the reader and whoever is named already aside. */
export function waitingFor(snapshot: Snapshot, me: Id, named?: Id): string[] {
  return Object.entries(snapshot.participants)
    .filter(([who, person]) => person.waiting && who !== me && who !== named)
    .map(([, person]) => person.name);
}

/** Those who are awaited in the open round, the reader aside. */
export function awaited(snapshot: Snapshot, me: Id): string[] {
  return Object.entries(snapshot.participants)
    .filter(([who, person]) => person.awaited && who !== me)
    .map(([, person]) => person.name);
}

/** Whether the reader's answer would be the last one that the open round waits for. */
export function completesTheRound(snapshot: Snapshot, me: Id): boolean {
  return Boolean(snapshot.participants[me]?.awaited) && awaited(snapshot, me).length === 0;
}

const of = <T extends { round: Id }>(items: Record<Id, T>, round: Id | undefined): [Id, T][] =>
  Object.entries(items).filter(([, item]) => item.round === round);

export const questionsOf = (s: Snapshot, round: Id | undefined) => byTime(of(s.questions, round));
export const reactionsOf = (s: Snapshot, round: Id | undefined) => byTime(of(s.reactions, round));
export const responsesOf = (s: Snapshot, round: Id | undefined) => byTime(of(s.responses, round));

export function byTime<T extends { at: string }>(items: [Id, T][]): [Id, T][] {
  return items.sort(([a, x], [b, y]) => x.at.localeCompare(y.at) || a.localeCompare(b));
}

export function objectionsTo(snapshot: Snapshot, revision: number): [Id, Objection][] {
  return byTime(Object.entries(snapshot.objections).filter(([, o]) => o.revision === revision));
}

export function standing(snapshot: Snapshot): [Id, Objection][] {
  return byTime(Object.entries(snapshot.objections).filter(([, o]) => o.status === "standing"));
}

/** Objections to earlier revisions that the current one answers, and that are not settled yet. */
export function answered(snapshot: Snapshot): [Id, Objection][] {
  return byTime(Object.entries(snapshot.objections).filter(([, o]) => o.status === "answered"));
}

/** What an answer tells of the entries that a command made; of those of a meeting there is no receipt. */
export interface Answered {
  receipt?: string | null;
  entries: { seq: number; event: string; at: string }[];
}

/** What a command recorded, with its receipt; null where it said the same again. */
export function given(done: Answered): Given | null {
  const entry = done.entries.find((one) => done.receipt?.split(":")[2] === String(one.seq));
  return entry && done.receipt ? { seq: entry.seq, event: entry.event, at: entry.at, receipt: done.receipt } : null;
}

/** Whether the author has left or is absent; who is only late is not away. */
export function isAway(snapshot: Snapshot): boolean {
  const author = snapshot.participants[snapshot.author];
  return Boolean(author?.absent || author?.left);
}

/** Whether an answer of an author who is away is what the questions wait for, the reader's own word aside. */
const lacksAnswers = (snapshot: Snapshot, me: Id): boolean =>
  snapshot.phase === "clarifying" && !snapshot.participants[me]?.awaited && questionsOpen(snapshot) > 0;

/** How many questions of the open round wait for the author's answer. */
export const questionsOpen = (snapshot: Snapshot): number =>
  Object.values(snapshot.questions).filter((q) => q.round === snapshot.round?.id && q.answer == null).length;

/** Whether the next step is the author's, and finding somebody in their place is what can be done about it. */
export const lacksAnAuthor = (snapshot: Snapshot, me: Id): boolean =>
  snapshot.phase === "tuning" || snapshot.phase === "revising" || lacksAnswers(snapshot, me);

/** Whether the proposal's next step is its author's, and somebody else may have to take it. */
export function wantsAnAuthor(snapshot: Snapshot): boolean {
  if (snapshot.phase !== "tuning" && snapshot.phase !== "revising") return false;
  return Boolean(snapshot.author_offered || snapshot.overdue || isAway(snapshot));
}

/** Whether the open round goes on without this person, who is absent and was not heard in it. */
export function goesOnWithout(snapshot: Snapshot, who: Id): boolean {
  const person = snapshot.participants[who];
  return Boolean(snapshot.round && person?.absent && !person.left && !person.awaited && !person.heard);
}

/** How many of those whom the open round asks were heard. An author is not asked to be clear about their own text, nor is
 * somebody awaited who is absent. */
export function heardOf(snapshot: Snapshot): { heard: number; all: number } {
  const asked = Object.entries(snapshot.participants).filter(
    ([who, p]) => !p.left && (!p.absent || p.awaited || p.heard) && !explains(snapshot, who),
  );
  return { heard: asked.filter(([, p]) => p.heard).length, all: asked.length };
}

/** Whether the open round asks nothing of this person but answers. */
export const explains = (snapshot: Snapshot, who: Id): boolean =>
  snapshot.round?.kind === "clarifying" && who === snapshot.author;

/** When the round began that awaits this person; null where none does. */
export const askedSince = (snapshot: Snapshot, me: Id): string | null =>
  (snapshot.participants[me]?.awaited && snapshot.round?.opened_at) || null;

/** Those in the room who are still to be heard in this round, in the order in which they speak. */
export function toSpeak(snapshot: Snapshot): Id[] {
  return (snapshot.room?.order ?? []).filter((who) => snapshot.participants[who]?.awaited);
}

/** Seconds to the server's end time of the turn; below zero when it is over. */
export function secondsLeft(endsAt: string | null | undefined, now: number): number | null {
  return endsAt ? Math.round((Date.parse(endsAt) - now) / 1000) : null;
}
