/** What is said, in the language of the page. English stands in the sources; each other language is a catalogue of its
 *  own, fetched before the page is shown, so that nobody sees it in English first. */

export interface Catalogue {
  /** The English text → its translation, or its forms. */
  texts: Record<string, string | string[]>;
  /** Which of the forms it is for a number. */
  form: (n: number) => number;
}

/** The languages, each by its own name. */
export const languages: [code: string, name: string][] = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["nl", "Nederlands"],
  ["fr", "Français"],
  ["es", "Español"],
];

const catalogues: Record<string, () => Promise<{ default: Catalogue }>> = {
  de: () => import("../../../locale/de/LC_MESSAGES/django.po"),
  nl: () => import("../../../locale/nl/LC_MESSAGES/django.po"),
  fr: () => import("../../../locale/fr/LC_MESSAGES/django.po"),
  es: () => import("../../../locale/es/LC_MESSAGES/django.po"),
};

let spoken: Catalogue | undefined;
let speaks = "en";

/** The language of this page: `de`. */
export const language = (): string => speaks;

// The day before the month, and the clock to twenty-four, where the page says no more than "English".
export const locale = (): string => (speaks === "en" ? "en-GB" : speaks);

/** Fetches what is said in a language. Whoever calls it waits before anything is shown: no text is said twice. */
export async function speak(wanted: string): Promise<void> {
  // Without its catalogue a page in English is better than none.
  const found = await catalogues[wanted]?.().catch(() => undefined);
  spoken = found?.default;
  speaks = spoken ? wanted : "en";
  document.documentElement.lang = speaks;
}

const A_YEAR = 31_536_000; // seconds

/** From now on this browser asks for what its owner set it to. */
export function forgetLanguage(): void {
  document.cookie = "language=; Path=/; Max-Age=0; SameSite=Lax";
}

/** The server is asked in this language from now on, whoever is signed in. */
export function keepLanguage(wanted: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `language=${wanted}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax${secure}`;
}

// A name from right to left keeps its direction to itself, so that the sentence around it keeps its order.
const [ISOLATE, END] = ["\u2068", "\u2069"];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
export const isolated = (text: string) =>
  RIGHT_TO_LEFT.test(text) && !text.includes(ISOLATE) ? `${ISOLATE}${text}${END}` : text;

type Places = Record<string, string | number>;

const filled = (text: string, places: Places) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => isolated(String(places[name] ?? whole)));

function form(text: string, n: number): string | undefined {
  const forms = spoken?.texts[text];
  return Array.isArray(forms) ? forms[spoken?.form(n) ?? 0] : forms;
}

/** What somebody is called; who deleted their account has no name of their own any more. */
export function called(name: string): string {
  const former = /^Former member (\d+)$/.exec(name);
  return former?.[1] ? _("Former member {number}", { number: former[1] }) : name;
}

/** A text with `{places}` filled in. */
export function _(text: string, places: Places = {}): string {
  return filled(form(text, 1) ?? text, places);
}

/** The form of a text for a number, which is `{n}` in it. */
export function ngettext(one: string, many: string, n: number, places: Places = {}): string {
  return filled(form(one, n) ?? (n === 1 ? one : many), { n, ...places });
}
