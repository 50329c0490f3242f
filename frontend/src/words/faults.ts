/** What is wrong with a journal, in words. */
import { _ } from ".";
import type { Fault } from "../state/verify/journal";

const named = (fault: { seq: bigint; event: string }) =>
  _("entry {seq} ({event})", { seq: String(fault.seq), event: fault.event });

const told: { [K in Fault["kind"]]: (fault: Extract<Fault, { kind: K }>) => string } = {
  missing: ({ before, from, to }) =>
    from === to
      ? _("before entry {before}: entry {from} should stand here", { before: String(before), from: String(from) })
      : _("before entry {before}: entries {from} to {to} should stand here", {
          before: String(before),
          from: String(from),
          to: String(to),
        }),
  order: ({ seq, after }) => _("entry {seq} stands after entry {after}", { seq: String(seq), after: String(after) }),
  follows: (fault) =>
    fault.before
      ? _("{entry} does not follow entry {before}: it names another", {
          entry: named(fault),
          before: String(fault.before),
        })
      : _("{entry} does not follow the beginning: it names another", { entry: named(fault) }),
  changed: (fault) =>
    _("{entry} was changed, or belongs to another proposal: its hash does not fit", { entry: named(fault) }),
  time: (fault) =>
    _("{entry}: its time '{at}' is not written in UTC with milliseconds", { entry: named(fault), at: fault.at }),
  beside: (fault) =>
    _("{entry}: {names} stands beside what the chain covers", { entry: named(fault), names: fault.names.join(", ") }),
  text: (fault) =>
    _("{entry}: the text at {path} is not the one that was recorded", { entry: named(fault), path: fault.path }),
  "stray-text": (fault) =>
    _("{entry}: the text at {path} belongs to nothing that was recorded", { entry: named(fault), path: fault.path }),
  cut: ({ head, last }) =>
    _("the journal goes on to entry {head}, and this document ends with {last}: its end is missing", {
      head: String(head),
      last: String(last),
    }),
  longer: ({ head, last }) =>
    _("the journal's head is entry {head}, and this document goes on to {last}", {
      head: String(head),
      last: String(last),
    }),
  head: ({ last }) =>
    _("the journal's head, entry {last}, has another hash than the last entry here", { last: String(last) }),
};

export function faultLine<K extends Fault["kind"]>(fault: Extract<Fault, { kind: K }>): string {
  return told[fault.kind as K](fault);
}
