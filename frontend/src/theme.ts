/** Light, dark, or as the system has it: kept in this browser, told to the styles by an attribute. */
export type Theme = "system" | "light" | "dark";

const KEY = "rondo:theme";

export function theme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(wanted: Theme = theme()): void {
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}

export function setTheme(wanted: Theme): void {
  applyTheme(wanted);
  // Without a storage the choice lasts as long as the page does.
  try {
    if (wanted === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, wanted);
  } catch {
    return;
  }
}
