/** Differences word by word, made readable: what was rewritten stands together, not interleaved word for word. */
import { diffArrays } from "diff";

export interface Change {
  value: string;
  added: boolean;
  removed: boolean;
}

const MOST_WORDS = 2;

/** What stayed the same between two changes is part of the rewriting if it is no more than a word or two. */
function isThin(text: string): boolean {
  return !text.includes("\n") && text.split(/\s+/).filter(Boolean).length <= MOST_WORDS;
}

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;
const PIECES = /[\p{L}\p{M}\p{N}_]+|\r?\n|[^\S\r\n]+|[^]/gu;

/** Whole words in any script, also in those that put no spaces between them. */
function words(text: string): string[] {
  if (segmenter) return Array.from(segmenter.segment(text), (one) => one.segment);
  return text.match(PIECES) ?? [];
}

export function differences(before: string, after: string): Change[] {
  const changes = diffArrays(words(before), words(after));
  return readable(changes.map(({ value, added, removed }) => ({ value: value.join(""), added, removed })));
}

function readable(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  let gone = "";
  let come = "";
  let held = "";

  const flush = () => {
    if (gone) result.push({ value: gone, added: false, removed: true });
    if (come) result.push({ value: come, added: true, removed: false });
    if (held) result.push({ value: held, added: false, removed: false });
    gone = come = held = "";
  };

  for (const change of changes) {
    if (!change.added && !change.removed) {
      if ((gone || come) && held === "" && isThin(change.value)) held = change.value;
      else {
        flush();
        result.push({ value: change.value, added: false, removed: false });
      }
      continue;
    }
    // Between a pure insertion and a pure deletion nothing was rewritten: what is between them stays as it is.
    if (held && ((gone && come) || held.trim() === "")) {
      gone += held;
      come += held;
      held = "";
    } else if (held) flush();
    if (change.removed) gone += change.value;
    else come += change.value;
  }
  flush();
  return result;
}
