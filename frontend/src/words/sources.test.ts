// @vitest-environment node
/** Nothing that people read stands in the sources by itself: it goes through `_()`, at the time when it is shown. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sources, textsOf, treeOf, walk, type Node } from "../../tools/words.mjs";

const SAYS = ["_", "ngettext"];
const READ_ALOUD = /^(aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|lead|hint|action)$/;
const WORD = /\p{L}{2,}/u;
const SENTENCE = /^\p{Lu}\p{L}*[ ’'].*\p{L}/u;
/** The name of the product, and what is typed or written so in every language. */
const SO_EVERYWHERE = new Set(["Rondo", "· Rondo", "UTC", "python3 verify_journal.py journal.json"]);
/** Names, which are no words. */
const NAMES = new Set(["Samsung Internet"]);

const called = (node: Node) => String((node.callee as Node | undefined)?.name ?? "");
const text = (node: Node) => String(node.data ?? (node.value as { cooked?: string })?.cooked ?? node.value ?? "");

function bareIn(file: string): string[] {
  const found: string[] = [];
  const say = (words: string) => found.push(`${path.basename(file)}: ${words.trim()}`);
  const tree = treeOf(file);
  walk(tree.fragment, (node) => {
    if (node.type === "Attribute") {
      const parts = Array.isArray(node.value) ? (node.value as Node[]) : [];
      if (READ_ALOUD.test(String(node.name)))
        for (const part of parts) if (part.type === "Text" && WORD.test(text(part))) say(text(part));
      return false;
    }
    if (node.type === "CallExpression" && SAYS.includes(called(node))) return false;
    if (node.type === "Text" && WORD.test(text(node)) && !SO_EVERYWHERE.has(text(node).trim())) say(text(node));
    if (node.type === "TemplateElement" && /\p{L}{3,}/u.test(text(node)) && !/^[/#]|[/=]$/.test(text(node)))
      say(text(node));
    return true;
  });
  for (const script of [tree.instance, tree.module])
    walk(script, (node) => {
      if (node.type === "CallExpression" && SAYS.includes(called(node))) return false;
      if (node.type === "NewExpression" && called(node) === "Error") return false;
      if (
        node.type === "Literal" &&
        typeof node.value === "string" &&
        SENTENCE.test(node.value) &&
        !NAMES.has(node.value)
      )
        say(node.value);
      return true;
    });
  return found;
}

/** Calls that are made while a file is being read, when the language of the page is not known yet. */
function saidTooSoon(file: string): string[] {
  const found: string[] = [];
  const tree = treeOf(file);
  walk(file.endsWith(".svelte") ? tree.module : tree.instance, (node) => {
    if (/Function/.test(node.type)) return false;
    if (node.type === "CallExpression" && SAYS.includes(called(node))) found.push(path.basename(file));
    return true;
  });
  return found;
}

describe("what the pages say", () => {
  it("is found in many files", () => {
    expect(sources().flatMap(textsOf).length).toBeGreaterThan(1000);
  });

  it("stands nowhere bare", () => {
    expect(sources().flatMap(bareIn)).toEqual([]);
  });

  it("is said when it is shown, never while a file is being read", () => {
    expect(sources().flatMap(saidTooSoon)).toEqual([]);
  });
});
