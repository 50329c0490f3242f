/** Every text that the pages say, as JSON: [{text, plural?, f}]. Read from the syntax tree, so that a text may stand
 *  in a table, behind a condition, or over several lines; what is no literal is an error, as nobody could translate it. */
import fs from "node:fs";
import path from "node:path";
import { parse } from "svelte/compiler";

const ROOT = path.join(import.meta.dirname, "..");
const SAYS = { _: 1, ngettext: 2 };

export function sources(folder = path.join(ROOT, "src")) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((one) => (one.isDirectory() ? sources(path.join(folder, one.name)) : [path.join(folder, one.name)]))
    .filter((file) => /\.(svelte|ts)$/.test(file) && !/\.(test|fixture|d)\.ts$/.test(file))
    .sort();
}

export function treeOf(file) {
  const source = fs.readFileSync(file, "utf8");
  const whole = file.endsWith(".svelte") ? source : `<script lang="ts">\n${source}\n</script>`;
  return parse(whole, { modern: true });
}

/** Calls `see` with each node of a tree; where it returns false what is below is left out. */
export function walk(node, see) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) return node.forEach((one) => walk(one, see));
  if (typeof node.type === "string" && see(node) === false) return;
  for (const key of Object.keys(node)) if (key !== "parent" && key !== "loc") walk(node[key], see);
}

/** The texts that an expression may be, or null where that cannot be known. */
function literals(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : null;
    case "TemplateLiteral":
      return node.expressions.length ? null : [node.quasis[0].value.cooked];
    case "ConditionalExpression": {
      const [yes, no] = [literals(node.consequent), literals(node.alternate)];
      return yes && no && [...yes, ...no];
    }
    case "BinaryExpression": {
      const [left, right] = [literals(node.left), literals(node.right)];
      return node.operator === "+" && left?.length === 1 && right?.length === 1 ? [left[0] + right[0]] : null;
    }
    default:
      return null;
  }
}

export function textsOf(file) {
  const found = [];
  const f = path.relative(ROOT, file).replaceAll("\\", "/");
  walk(treeOf(file), (node) => {
    const forms = node.type === "CallExpression" ? SAYS[node.callee.name] : undefined;
    if (forms === undefined) return;
    const [one, many] = node.arguments.slice(0, forms).map(literals);
    if (!one || many === null || (many && (one.length !== 1 || many.length !== 1)))
      throw new Error(`${f}: what ${node.callee.name}() says has to be a literal`);
    if (many) found.push({ text: one[0], plural: many[0], f });
    else for (const text of one) found.push({ text, f });
  });
  return found;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(sources().flatMap(textsOf)));
