/** Whose page it is: a decision and a meeting belong to a team, and their addresses do not say to which. */
import { getHere } from "./context";

/** As long as the page is open, the menu shows its team as a team's own pages do. */
export function belongsTo(team: () => string | undefined): void {
  const here = getHere();
  $effect(() => {
    here.team = team() ?? null;
    return () => (here.team = null);
  });
}
