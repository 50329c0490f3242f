import { describe, expect, it } from "vitest";
import { drafted } from "./sorting";

const none = { feeling: "", need: "", passage: "", ease: "" };

describe("the draft of an objection", () => {
  it("says in the objector's words what they wrote, and where it goes", () => {
    const lines = { feeling: "uneasy", need: "rest", passage: "from 12 to 14", ease: "it began at 13." };
    expect(drafted(lines)).toEqual({
      reason: "I feel uneasy. For our work I need rest. What worries me in the text: “from 12 to 14”.",
      suggestion: "I would be at ease if it began at 13.",
    });
  });

  it("makes no sentence of a line that was left empty", () => {
    expect(drafted({ ...none, need: " clarity " })).toEqual({
      reason: "For our work I need clarity.",
      suggestion: "",
    });
    expect(drafted(none)).toEqual({ reason: "", suggestion: "" });
  });
});
