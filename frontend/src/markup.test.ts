import { afterEach, expect, test, vi } from "vitest";

const fresh = async () => {
  vi.resetModules();
  return (await import("./markup")).markup;
};
const policies = {
  createPolicy: (_name: string, rules: object) => ({ ...rules, createHTML: (html: string) => ({ html }) }),
};

afterEach(() => vi.unstubAllGlobals());

test("a browser without trusted types shows the text as it is", async () => {
  const markup = await fresh();
  expect(markup("<p>Boats.</p>")).toBe("<p>Boats.</p>");
  expect(markup(null)).toBe("");
});

test("an equal text is the same object, so that it is not drawn again, until a hundred others were shown", async () => {
  vi.stubGlobal("trustedTypes", policies);
  const markup = await fresh();
  const first = markup("<p>Boats.</p>");
  expect(first).toEqual({ html: "<p>Boats.</p>" });
  for (let i = 0; i < 99; i++) markup(`<p>${i}</p>`);
  expect(markup(`<p>Boats.</p>`)).toBe(first);
  for (let i = 100; i < 200; i++) markup(`<p>${i}</p>`);
  expect(markup(`<p>Boats.</p>`)).not.toBe(first);
});
