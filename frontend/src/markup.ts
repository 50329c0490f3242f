/**
 * What the server made of somebody's words, and cleaned (decisions/markup.py). It alone becomes HTML here: the browser
 * refuses every text that came neither through this nor through Svelte's own templates.
 */
interface Policies {
  createPolicy(name: string, rules: Policy): Policy;
}
interface Policy {
  createHTML(html: string): string; // an object, in truth, that the browser takes for one
}

const KEPT = 100; // texts shown last: an equal one is the same, so that nothing is drawn again
const { trustedTypes } = globalThis as { trustedTypes?: Policies };
const policy = trustedTypes?.createPolicy("rondo-markup", { createHTML: (html) => html });
const made = new Map<string, string>();

export function markup(html: string | null | undefined): string {
  const words = html ?? "";
  const found = made.get(words) ?? policy?.createHTML(words) ?? words;
  made.delete(words);
  made.set(words, found);
  const [oldest] = made.keys();
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
  return found;
}
