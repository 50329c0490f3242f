/** What a row of a list says: what is asked of the reader, whom it waits for, until when. */
import type { Id, Listed } from "../api/types";
import { serverTime } from "../state/clock";
import { _, day, localInput, longDay, names, when } from ".";

/** What is asked of the reader, where it waits for them. */
export function asked(row: Listed): string {
  switch (row.asked) {
    case "answer":
      return _("Answer the questions");
    case "clear":
      return _("Ask a question, or say that you are clear");
    case "react":
      return _("How does this land with you?");
    case "ask-for-consent":
      return _("Ask for consent, or offer another version");
    case "respond":
      return _("Can you live with this?");
    case "revise":
      return _("Answer the objection with a new version");
    case "confirm":
      return _("Did {author} hear your objection?", { author: row.author_name });
    case "next":
      return _("Everyone is heard: go on when it is time");
    case "author":
      return _("Ask somebody to carry on for {author}", { author: row.author_name });
    case "accept-author":
      return _("Take on the proposal of {author}?", { author: row.author_name });
    case "accept-facilitator":
      return _("Facilitate this decision?");
    default:
      return _("Have a look");
  }
}

/** «Waiting for Max and Jun» — never «waiting for others». */
export function waitsFor(row: Listed, me: Id): string {
  const people = waitsForNames(row, me);
  if (people.length || row.waiting_for_me) return waitsForPeople(people, row.waiting_for_me);
  const [who, name] = row.facilitator ? [row.facilitator, row.facilitator_name] : [row.author, row.author_name];
  return who === me ? _("Waiting for you") : _("Waiting for {names}", { names: name ?? "" });
}

/** «Waiting for you, Max and 2 others». A list of names that «you» is part of would not do: other languages bend it. */
export function waitsForPeople(people: string[], mine: boolean): string {
  if (!mine) return _("Waiting for {names}", { names: names(people) });
  if (people.length === 0) return _("Waiting for you");
  if (people.length === 1) return _("Waiting for you and {names}", { names: names(people) });
  return _("Waiting for you, {names}", { names: names(people, 2) });
}

/** Whom it waits for besides the reader. */
export function alsoWaitsFor(row: Listed, me: Id): string {
  const others = waitsForNames(row, me);
  return others.length ? _("Also waiting for {names}", { names: names(others) }) : "";
}

/** The names of whom it waits for, the reader aside. */
export const waitsForNames = (row: Listed, me: Id) => row.waiting_names.filter((_name, i) => row.waiting_for[i] !== me);

/** «until Thu 26 Nov, 17:00», or that the time is over and an answer still counts. */
export function until(row: Listed, now = serverTime()): { text: string; over: boolean } | null {
  if (!row.round) return null;
  const over = new Date(row.round.due_at) < now;
  const at = when(row.round.due_at, now);
  return { over, text: over ? _("was asked until {at}; an answer still counts", { at }) : _("until {at}", { at }) };
}

const DAY = 86_400_000;
/** So long before a review the agreement is shown among those to look at again. */
export const REVIEW_NEAR = 30;

/** «2027-05-21»: the day that comes so long after today, in the reader's own zone. A month that has no such day gives
 * its last one. */
export function dayFromNow(days: number, months = 0, now = serverTime()): string {
  const [year = 0, month = 0, date = 0] = localInput(now.toISOString()).slice(0, 10).split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last) + days)).toISOString().slice(0, 10);
}

/** How many days until the review; negative where it is past. */
export function daysToReview(row: Listed, now = serverTime()): number | null {
  if (!row.review_on) return null;
  return (Date.parse(row.review_on) - Date.parse(dayFromNow(0, 0, now))) / DAY;
}

export function reviewWords(row: Listed, now = serverTime()): string {
  const days = daysToReview(row, now);
  if (days === null || !row.review_on) return _("No review date");
  if (days === 0) return _("Review today");
  if (days < 0) return _("Review was due {day}", { day: day(row.review_on, now) });
  return _("Review {day}", { day: longDay(row.review_on) });
}
