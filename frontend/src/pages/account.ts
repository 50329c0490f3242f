/** What the pages around signing in have in common. */
import type { Me } from "../api/types";
import type { Here } from "./context";

/** Where to go afterwards: a path of this site, or My turn. */
export function nextPath(query: URLSearchParams): string {
  const wanted = query.get("next") ?? "";
  if (!wanted.startsWith("/")) return "/home";
  const url = new URL(wanted, location.origin);
  const elsewhere =
    url.origin !== location.origin ||
    /^\/(signin|signup|password|confirm|static|api|_allauth)?(\/|$)/.test(url.pathname);
  return elsewhere ? "/home" : url.pathname + url.search + url.hash;
}

/** The same page's address with where to go afterwards kept. */
export const withNext = (page: string, query: URLSearchParams): string =>
  query.has("next") ? `${page}?next=${encodeURIComponent(nextPath(query))}` : page;

/** Who is signed in, on a page that is open to everybody. */
export function signedIn(here: Here): Me | null {
  try {
    return here.me;
  } catch {
    return null;
  }
}
