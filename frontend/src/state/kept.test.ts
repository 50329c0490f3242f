import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepTextsOf, keptFor, KeptText } from "./kept.svelte";

beforeEach(() => localStorage.clear());

describe("a text that is being written", () => {
  it("is there again after a reload", () => {
    new KeptText("d1:question").text = "Who keeps the flags?";
    expect(new KeptText("d1:question").text).toBe("Who keeps the flags?");
  });

  it("is gone once it is recorded", () => {
    const kept = new KeptText("d1:question");
    kept.text = "Who?";
    kept.clear();
    expect(new KeptText("d1:question").text).toBe("");
    expect(keptFor("d1")).toEqual([]);
  });

  it("begins with the usual text where nothing was kept", () => {
    expect(new KeptText("d1:body", "as it was").text).toBe("as it was");
  });

  it("belongs to its own proposal", () => {
    new KeptText("d1:question").text = "one";
    new KeptText("d10:question").text = "ten";
    expect(keptFor("d1")).toEqual([["question", "one"]]);
  });

  it("is for nobody who signs in at the same browser later", () => {
    keepTextsOf("max");
    new KeptText("d1:objection").text = "not yet said";
    keepTextsOf("fay");
    expect(new KeptText("d1:objection").text).toBe("");
    expect(keptFor("d1")).toEqual([]);
    keepTextsOf("max");
    expect(new KeptText("d1:objection").text).toBe("not yet said");
  });

  it("stays in the page where the browser can keep nothing", () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const kept = new KeptText("d1:question");
    kept.text = "still here";
    expect(kept.text).toBe("still here");
    full.mockRestore();
  });
});
