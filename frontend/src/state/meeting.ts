/** A meeting's snapshot, asked in the ways in which its page asks. */
import type { AgendaItem, Id, Meeting } from "../api/types";
import { _, called } from "../words/said";

/** What this person may do now, as the server says. */
export const mayIn = (m: Meeting, me: Id): ReadonlySet<string> => new Set(m.people[me]?.may ?? []);

export const nameIn = (m: Meeting, who: Id | null | undefined): string =>
  called((who && m.people[who]?.name) || _("Somebody"));

/** The items in their order. */
export const itemsOf = (m: Meeting): [Id, AgendaItem][] =>
  m.places.flatMap((id): [Id, AgendaItem][] => (m.agenda[id] ? [[id, m.agenda[id]]] : []));

export const isLive = (m: Pick<Meeting, "phase">): boolean => !["planned", "ended", "called_off"].includes(m.phase);

/** For whom it waits, the reader aside. */
export const awaitedIn = (m: Meeting, me: Id): string[] =>
  m.order.filter((who) => m.people[who]?.awaited && who !== me).map((who) => nameIn(m, who));

/** Who asks for which change of the agenda. */
export const changesIn = (m: Meeting): [Id, string][] =>
  Object.entries(m.people).flatMap(([who, one]): [Id, string][] => (one.change ? [[who, one.change]] : []));

export const minutesPlanned = (items: { minutes: number }[]): number =>
  items.reduce((sum, item) => sum + item.minutes, 0);
