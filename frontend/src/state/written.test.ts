import { describe, expect, it } from "vitest";
import { differences } from "./differences";
import { written, type Part } from "./written";

const looks = (parts: Part[]) => parts.flatMap((part) => part.pieces.map(({ text, look }) => [look, text]));
const same = (text: string) => looks(written([{ value: text, added: false, removed: false }]));

describe("a text as it was written", () => {
  it("tells what is marked from the marks", () => {
    expect(same("## Why\n* We merge **daily**.\n> In *May*")).toEqual([
      ["sign", "## "],
      ["heading", "Why"],
      ["plain", "\n"],
      ["bullet", "*"],
      ["plain", " We merge "],
      ["sign", "**"],
      ["strong", "daily"],
      ["sign", "**"],
      ["plain", ".\n"],
      ["quote", "> "],
      ["plain", "In "],
      ["sign", "*"],
      ["em", "May"],
      ["sign", "*"],
    ]);
  });

  it("takes for no mark what is none", () => {
    expect(same("2 * 3 - 1, #4, snake_case")).toEqual([["plain", "2 * 3 - 1, #4, snake_case"]]);
  });

  it("knows what a word belongs to also where the change began in the midst of it", () => {
    const parts = written(differences("We merge **every day** here.", "We merge **every week** here."));
    const changed = parts.filter((part) => part.added || part.removed);
    expect(looks(changed).filter(([, text]) => /day|week/.test(text ?? ""))).toEqual([
      ["strong", expect.stringContaining("day")],
      ["strong", expect.stringContaining("week")],
    ]);
  });

  it("shows a change of a mark alone as a change", () => {
    const parts = written(differences("We merge daily, all of us.", "We merge **daily**, all of us."));
    expect(parts.some((part) => part.added && part.pieces.some((piece) => piece.look === "sign"))).toBe(true);
  });

  it("loses no character", () => {
    const [before, after] = ["# A\n\n* **b** c", "# A\n\n- b *c* 😀"];
    const parts = written(differences(before, after));
    const text = (without: "added" | "removed") =>
      parts.flatMap((part) => (part[without] ? [] : part.pieces.map((piece) => piece.text))).join("");
    expect([text("added"), text("removed")]).toEqual([before, after]);
  });
});
