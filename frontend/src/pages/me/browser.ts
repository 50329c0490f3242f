/** What a browser calls itself, in two words that its owner knows it by. */
import { _ } from "../../words";

// Each also names those after it: the first that fits is the one.
const PROGRAMS: [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const DEVICES: [RegExp, string][] = [
  [/\biPad\b/, "iPad"],
  [/\biPhone\b/, "iPhone"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "Mac"],
  [/\bCrOS\b/, "Chromebook"],
  [/\bLinux\b/, "Linux"],
];

const named = (known: [RegExp, string][], text: string) => known.find(([sign]) => sign.test(text))?.[1];

export function browserOf(userAgent: string): string {
  const program = named(PROGRAMS, userAgent);
  const device = named(DEVICES, userAgent);
  if (program && device) return _("{program} on {device}", { program, device });
  return program ?? device ?? _("A program or an unknown browser");
}
