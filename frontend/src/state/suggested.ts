/** Words that stand ready in a box, where somebody only tries things out; everywhere else boxes begin empty. */
import { getContext, setContext } from "svelte";

export type Box = "answer" | "heard" | "body" | "note" | "to";
/** `now` is the text that is there already. */
export type Suggest = (box: Box, now?: string) => string;

const KEY = Symbol("suggested");

export const setSuggested = (suggest: Suggest): Suggest => setContext(KEY, suggest);
export const getSuggested = (): Suggest => getContext<Suggest | undefined>(KEY) ?? ((_box, now = "") => now);
