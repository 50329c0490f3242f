/** Whether what stands in the box of a questions round reads as a question. */

// The marks with which questions end, script by script; in some scripts a question needs none.
const MARK = /[?¿؟;՞፧⁇⁈？︖⸮]/;
const WITHOUT_MARKS =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Tibetan}]/u;
const WORDS_OF_A_THOUGHT = 6;

/** True for several words without any question mark, in a script whose questions have one. */
export function readsLikeAReaction(text: string): boolean {
  const words = text.trim().split(/\s+/).filter(Boolean);
  return words.length >= WORDS_OF_A_THOUGHT && !MARK.test(text) && !WITHOUT_MARKS.test(text);
}
