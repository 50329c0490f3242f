import { describe, expect, it } from "vitest";
import { readsLikeAReaction } from "./asking";

describe("what is written in the questions round", () => {
  it.each([
    "I do not like this at all, it is too early",
    "Das ist mir alles viel zu früh gedacht",
    "לא נוח לי עם זה בכלל עכשיו",
  ])("reads like a reaction without a question mark: %s", (text) => {
    expect(readsLikeAReaction(text)).toBe(true);
  });

  it.each([
    "Who keeps the list of flags, and when do they go?",
    "من يحتفظ بقائمة الأعلام ومتى تذهب الآن؟",
    "Ποιος κρατά τη λίστα και πότε φεύγουν;",
    "誰がこのリストを管理しますか",
    "ใครเป็นคนดูแล รายการ นี้ และ เมื่อไร จะ ลบ",
    "Who keeps the list",
    "",
  ])("is left alone: %s", (text) => {
    expect(readsLikeAReaction(text)).toBe(false);
  });
});
