/** Contrast, computed from the tokens that everything is coloured with: WCAG 1.4.3 and 1.4.11. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

type Tokens = Record<string, string>;

/** The custom properties of the block that follows this selector. */
function tokensOf(selector: string): Tokens {
  const block = css.slice(css.indexOf("{", css.indexOf(selector)) + 1).split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)].map((m) => [m[1], m[2]]));
}

const light = tokensOf(":root {");
const dark = { system: tokensOf(':root:not([data-theme="light"])'), chosen: tokensOf(':root[data-theme="dark"]') };

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["bg", "surface", "sunken"];
const KINDS = ["consent", "objection", "waiting", "time", "error", "primary"];

/** Which text stands on what: each kind on its own tint too, as in chips and notes. */
const texts = [
  ...["text", "muted", ...KINDS].flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...KINDS.map((kind) => [kind, `${kind}-tint`] as const),
  ...KINDS.map((kind) => ["text", `${kind}-tint`] as const),
  ["muted", "primary-tint"] as const,
  ["on-primary", "primary"] as const,
];
/** What must be seen to know that there is a control, or what state it is in. */
const edges = ["control", "primary", "consent", "objection"].flatMap((edge) =>
  GROUNDS.map((ground) => [edge, ground] as const),
);

const themes: [string, Tokens][] = [
  ["light", light],
  ["dark", dark.system],
];

describe.each(themes)("in the %s theme", (_name, tokens) => {
  const of = (name: string): string => {
    const found = tokens[name];
    if (!found) throw new Error(`There is no colour ${name}.`);
    return found;
  };

  it.each(texts)("text in %s on %s has a contrast of 4.5 at least", (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(edges)("an edge in %s on %s has a contrast of 3 at least", (edge, ground) => {
    expect(contrast(of(edge), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

it("computes what the norm computes", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
});

it("is dark in the same colours, whether the system or the reader has chosen it", () => {
  expect(dark.chosen).toEqual(dark.system);
});
