import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const server = process.env.RONDO_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/static/",
  plugins: [svelte()],
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  // The page's policy allows nothing inline: everything that is made here stands in files of its own.
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0, cssMinify: true, target: "es2022" },
  server: {
    proxy: {
      "/api": server,
      "/_allauth": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
