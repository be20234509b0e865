import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { blocks, routeBlocks } from "../src/blocks.js";

const cases = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));

for (const { name, text, blocks: wanted } of cases("blocks.json")) {
  test(`blocks: ${name}`, () => assert.deepEqual(blocks(text), wanted));
}

for (const { name, text, blocks: wanted } of cases("routes.json")) {
  test(`routes: ${name}`, () => assert.deepEqual(routeBlocks(text), wanted));
}
