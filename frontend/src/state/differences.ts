/** Differences word by word, made readable: what was rewritten stands together, not interleaved word for word. */
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

export function readable(changes: readonly Change[]): Change[] {
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
