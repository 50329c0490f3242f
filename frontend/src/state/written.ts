/** A text as it was written, so that its marks are no noise in it: what is marked looks as it will, the marks themselves
 * stand back. Where two texts are compared, each is read as a whole, and not in the pieces that changed. */
import type { Change } from "./differences";

export type Look = "plain" | "sign" | "bullet" | "quote" | "heading" | "strong" | "em";

export interface Piece {
  text: string;
  look: Look;
}

export interface Part extends Change {
  pieces: Piece[];
}

/** Each with its groups in the order in which they stand, and how these look. */
const MARKED: [RegExp, Look[]][] = [
  [/^(#{1,6}[ \t]+)(.+)$/gm, ["sign", "heading"]],
  [/^([ \t]*)([*+-])([ \t]+)/gm, ["plain", "bullet", "plain"]],
  [/^(>)([> ]*)/gm, ["quote", "quote"]],
  [/(\*\*|__)([^\s*_](?:.*?[^\s*_])?)(\1)/g, ["sign", "strong", "sign"]],
  [/(`+)([^`\n]+)(\1)/g, ["sign", "plain", "sign"]],
  [/(\*)([^\s*](?:[^*\n]*[^\s*])?)(\*)/g, ["sign", "em", "sign"]],
];

/** How each character of this text looks; what one mark means, a later one leaves alone. */
function looksOf(text: string): Look[] {
  const looks = new Array<Look>(text.length).fill("plain");
  for (const [pattern, meant] of MARKED) {
    for (const found of text.matchAll(pattern)) {
      let at = found.index;
      for (const [i, look] of meant.entries()) {
        const end = at + (found[i + 1]?.length ?? 0);
        for (; at < end; at += 1) if (looks[at] === "plain") looks[at] = look;
      }
    }
  }
  return looks;
}

/** The differences between two texts, each in pieces of one look. */
export function written(changes: readonly Change[]): Part[] {
  const whole = (without: "added" | "removed") =>
    looksOf(changes.flatMap((one) => (one[without] ? [] : [one.value])).join(""));
  const [old, now] = [whole("added"), whole("removed")];
  let [before, after] = [0, 0];
  return changes.map((one) => {
    const length = one.value.length;
    const looks = one.removed ? old.slice(before, before + length) : now.slice(after, after + length);
    if (!one.added) before += length;
    if (!one.removed) after += length;
    return { ...one, pieces: pieces(one.value, looks) };
  });
}

function pieces(text: string, looks: readonly Look[]): Piece[] {
  const found: Piece[] = [];
  for (const [i, look] of looks.entries()) {
    const last = found.at(-1);
    if (last?.look === look) last.text += text[i] ?? "";
    else found.push({ text: text[i] ?? "", look });
  }
  return found;
}
