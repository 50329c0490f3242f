/** The time zones of the world, by region, as somebody looks for their own. */
import { _ } from "../../words";

export interface Region {
  name: string;
  /** IANA names: `Europe/Berlin`. */
  zones: string[];
}

function regionName(region: string): string {
  const names: Record<string, () => string> = {
    Africa: () => _("Africa"),
    America: () => _("America"),
    Antarctica: () => _("Antarctica"),
    Arctic: () => _("Arctic"),
    Asia: () => _("Asia"),
    Atlantic: () => _("Atlantic Ocean"),
    Australia: () => _("Australia"),
    Europe: () => _("Europe"),
    Indian: () => _("Indian Ocean"),
    Pacific: () => _("Pacific Ocean"),
  };
  return names[region]?.() ?? region;
}

/** «Buenos Aires, Argentina» for `America/Argentina/Buenos_Aires`; the region stands above it. */
export function placeOf(zone: string): string {
  const [, ...places] = zone.split("/");
  return places.length ? places.reverse().join(", ").replaceAll("_", " ") : zone;
}

/** What this browser knows, and what is chosen in any case. */
export function regions(chosen = ""): Region[] {
  const known = new Set([...Intl.supportedValuesOf("timeZone"), chosen].filter((zone) => zone.includes("/")));
  const found = new Map<string, string[]>();
  for (const zone of known) {
    const region = zone.split("/")[0] ?? "";
    if (region !== "Etc") found.set(region, [...(found.get(region) ?? []), zone]);
  }
  const sorted = [...found].map(([region, zones]) => ({
    name: regionName(region),
    zones: zones.sort((a, b) => placeOf(a).localeCompare(placeOf(b))),
  }));
  return sorted.sort((a, b) => a.name.localeCompare(b.name));
}
