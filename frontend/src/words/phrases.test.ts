import { describe, expect, it } from "vitest";
import { viaWords } from "./phrases";

describe("by which way an entry came", () => {
  it("says that a way in was given back, and on which day", () => {
    expect(viaWords("recovered:2025-11-21")).toBe("way in given back on 21 Nov 2025");
    expect(viaWords("token:recovered")).toBe("by a script, with a way in given back lately");
  });

  it("says of other ways what it always did", () => {
    expect(["played", "meeting", "token:holder", "token:operator"].map(viaWords)).toEqual([
      "by this server",
      "with the meeting",
      "by a script",
      "by a script",
    ]);
  });
});
