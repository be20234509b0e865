/** `npm run build`: one classic, minified file under its version; prints its size and hash. The same sources give the same bytes. */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const out = process.argv[2] ?? join(here, "dist");
const name = `wijkwijzer-chat-${version}.js`;

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  define: { WIJKWIJZER_VERSION: JSON.stringify(version) },
  write: false,
});
const content = Buffer.from(outputFiles[0].contents);
const integrity = `sha384-${createHash("sha384").update(content).digest("base64")}`;

mkdirSync(out, { recursive: true });
const index = join(out, "versions.json");
let known = { current: version, versions: {} };
try {
  known = JSON.parse(readFileSync(index, "utf8"));
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
writeFileSync(join(out, name), content);
writeFileSync(index, `${JSON.stringify({ current: version, versions: { ...known.versions, [version]: integrity } }, null, 2)}\n`);
console.log(`${name}: ${content.length} bytes, ${gzipSync(content, { level: 9 }).length} bytes gzip, ${integrity}`);
