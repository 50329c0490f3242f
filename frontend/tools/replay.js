/**
 * Runs what sockets said through the page's own model, without a page: JSON in, JSON out.
 *
 * In: `{ texts: [entry as text], screens: [{ first: snapshot, heard: [number of a text] }] }`; out: the snapshot that
 * each screen ends with. `node tools/replay.js < heard.json`, in the front end's folder.
 */
import { text } from "node:stream/consumers";
import { createServer } from "vite";

const { texts, screens } = JSON.parse(await text(process.stdin));
const vite = await createServer({
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const { Followed } = await vite.ssrLoadModule("/src/state/followed.svelte.ts");
const shown = screens.map(({ first, heard }) => {
  const decision = new Followed(first);
  for (const number of heard) decision.take([JSON.parse(texts[number])]);
  return decision.snapshot;
});
await vite.close();
process.stdout.write(JSON.stringify(shown));
