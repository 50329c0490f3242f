import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const away = (from, why) => ({ group: from.map((folder) => `**/${folder}/**`), message: why });

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // The server alone makes HTML, and makes it safe.
      "svelte/no-at-html-tags": "off",
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ["src/components/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            away(["live", "pages"], "A component takes props and gives callbacks."),
            { regex: "/api/(?!types)", message: "A component takes props and gives callbacks." },
          ],
        },
      ],
    },
  },
  {
    files: ["src/state/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            away(["live", "pages", "components"], "State knows no socket."),
            { regex: "/api/(?!types)", message: "State knows no server." },
          ],
        },
      ],
    },
  },
  {
    files: ["src/live/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [away(["state", "pages", "components", "api"], "The connection knows no proposals.")] },
      ],
    },
  },
);
