import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: { ...globals.browser } },
    rules: {
      complexity: ["error", 10],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 45],
      "max-params": ["error", 4],
      "no-var": "error",
      "prefer-const": "error",
      // Data is text, never markup, and nothing of it becomes an address.
      "no-restricted-properties": [
        "error",
        { property: "innerHTML" },
        { property: "outerHTML" },
        { property: "insertAdjacentHTML" },
        { property: "srcdoc" },
        { object: "document", property: "write" },
        { object: "window", property: "open" },
        { object: "navigator", property: "sendBeacon" },
      ],
      "no-restricted-globals": [
        "error",
        "fetch",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "RTCPeerConnection",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "caches",
        "open",
      ],
    },
  },
  { files: ["build.js"], languageOptions: { globals: { ...globals.node } } },
];
