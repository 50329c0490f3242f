import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { catalogues } from "./tools/po.ts";

const server = process.env.RONDO_SERVER ?? "http://127.0.0.1:8000";

// Many pages have these too, but not those on which people arrive.
const SHARED =
  /frontend\/src\/(?!words\/meeting|components\/(Gate|Secret|CopyBox|Confirm|Choice|decision\/ObjectionThread)\b)/;

/** Beside each file its compressed forms, which the server hands out to whoever reads them. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name));
      for (const path of texts.map((name) => join(dir ?? "", name))) {
        const bytes = await readFile(path);
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        await writeFile(`${path}.br`, brotliCompressSync(bytes));
      }
    },
  };
}

export default defineConfig({
  base: "/static/",
  plugins: [catalogues(), svelte(), compressed()],
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  // The page's policy allows nothing inline: everything that is made here stands in files of its own.
  build: {
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // 12 kB in all: one request before the first picture, instead of one for each part that comes later.
    cssCodeSplit: false,
    cssMinify: true,
    target: "es2022",
    // What many pages share comes in one piece: each request costs a phone more than a few kilobytes do.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "shared", test: SHARED, minShareCount: 4 }] } },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/_allauth": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
