/**
 * Builds open.html: one file with its style and script inside, ASCII, with line feeds only.
 *
 * The worker is bundled first, and is a string in the page's script, because a page from a disk may start a worker from
 * a blob only. The policy names the hashes of the script and the style, and comes before them, because a script that
 * stands above a policy runs without it.
 */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * @param {string} entry
 * @param {{[name: string]: string}} define
 * @returns {Promise<string>}
 */
async function bundled(entry, define) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    charset: "ascii",
    define,
    format: "iife",
    legalComments: "none",
    minify: true,
    target: ["chrome110", "firefox115", "safari16.4"],
    write: false,
  });
  const file = result.outputFiles[0];
  if (file === undefined) throw new Error(`nothing was built from ${entry}`);
  return file.text;
}

/** @param {string} text */
function hashed(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** The licences of what is bundled, as they ask for. */
async function licences() {
  const packages = ["@zip.js/zip.js", "@noble/hashes"];
  const texts = packages.map(async (name) => `${name}\n\n${await readFile(`${here}node_modules/${name}/LICENSE`, "utf8")}`);
  return (await Promise.all(texts)).join("\n\n").replaceAll("--", "- -").replace(/[\u201c\u201d]/g, '"');
}

/** @returns {Promise<string>} */
async function page() {
  const worker = await bundled("source/worker/main.js", {});
  const script = (await bundled("source/page/main.js", { WORKER: JSON.stringify(worker) })).replaceAll("</", "<\\/");
  const style = await bundled("source/page/style.css", {});
  const policy = [
    "default-src 'none'",
    `script-src ${hashed(script)}`,
    `style-src ${hashed(style)}`,
    "worker-src blob:",
    "frame-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types worker",
  ].join("; ");
  const shell = await readFile(`${here}source/page/shell.html`, "utf8");
  /** @type {{[name: string]: string}} */
  const parts = { POLICY: policy, STYLE: style, SCRIPT: script, LICENCES: await licences() };
  return shell.replace(/\{\{([A-Z]+)\}\}/g, (_, name) => parts[name] ?? "");
}

const html = await page();
// eslint-disable-next-line no-control-regex -- ASCII is what is asked for
if (!/^[\x00-\x7f]*$/.test(html) || html.includes("\r")) throw new Error("open.html is not ASCII with line feeds only");
await writeFile(process.argv[2] ?? `${here}open.html`, html);
