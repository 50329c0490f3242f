/** For vite: a .po file as a module with what the pages say of it, so that both sides share one catalogue. */
import fs from "node:fs";
import { po } from "gettext-parser";
import type { Plugin } from "vite";

const FORMS = /plural=([n0-9 ?:&|!=<>%()]+);?$/;

/** Which of the forms it is for a number, as an expression of `n` that is nothing but arithmetic. */
function rule(header: string): string {
  const found = FORMS.exec(header.trim())?.[1];
  if (!found) throw new Error(`This rule for plurals cannot be read: ${header}`);
  return `Number(${found})`;
}

export function moduleOf(source: Buffer): string {
  const read = po.parse(source);
  const lines = Object.values(read.translations[""] ?? {});
  const ours = lines.filter((line) => line.msgid && line.comments?.reference?.includes("frontend/"));
  const said = ours.filter((line) => line.msgstr.every(Boolean));
  const texts = Object.fromEntries(said.map((line) => [line.msgid, line.msgid_plural ? line.msgstr : line.msgstr[0]]));
  const form = rule(read.headers["Plural-Forms"] ?? "");
  return `export default { texts: JSON.parse(${JSON.stringify(JSON.stringify(texts))}), form: (n) => ${form} };`;
}

export function catalogues(): Plugin {
  return {
    name: "catalogues",
    load(id) {
      if (!id.endsWith(".po")) return null;
      this.addWatchFile(id);
      return { code: moduleOf(fs.readFileSync(id)), map: null };
    },
  };
}
