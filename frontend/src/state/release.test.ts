import { beforeEach, describe, expect, it } from "vitest";
import { get } from "svelte/store";
import { isNewer, notePages, renewed } from "./release";

beforeEach(() => {
  document.head.innerHTML = '<meta name="pages" content="1000.aaa">';
  renewed.set(false);
});

describe("the pages of this document", () => {
  it("are behind where the server has others, made no earlier", () => {
    expect(isNewer("1000.aaa", "2000.bbb")).toBe(true);
    expect(isNewer("1000.aaa", "1000.bbb")).toBe(true);
    expect(isNewer("1000.aaa", "2000.aaa")).toBe(false); // built again from the same sources
    expect(isNewer("2000.bbb", "1000.aaa")).toBe(false); // a process that is not updated yet
  });

  it("stay behind once they are, also while another process still answers from the old ones", () => {
    notePages("2000.bbb");
    notePages("1000.aaa");
    expect(get(renewed)).toBe(true);
  });

  it("are not said to be behind where nobody tells which there are", () => {
    for (const told of [null, undefined, "", 7]) notePages(told);
    document.head.innerHTML = "";
    notePages("2000.bbb");
    expect(get(renewed)).toBe(false);
  });
});
