import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { blocks, routeBlocks } from "../src/blocks.js";

for (const { name, text, blocks: wanted } of JSON.parse(readFileSync(new URL("blocks.json", import.meta.url), "utf8"))) {
  test(`blocks: ${name}`, () => assert.deepEqual(blocks(text), wanted));
}

test("a route: labels become headings, other text stays", () => {
  const found = routeBlocks("Het is niet jouw schuld.\n\nEerst: bel 1712.\n\nOok: het CAW.\n\nLet op: dit blijft.");
  assert.deepEqual(found, [
    { kind: "paragraph", text: "Het is niet jouw schuld." },
    { kind: "heading", text: "Eerst" }, { kind: "paragraph", text: "Bel 1712." },
    { kind: "heading", text: "Ook" }, { kind: "paragraph", text: "Het CAW." },
    { kind: "paragraph", text: "Let op: dit blijft." },
  ]);
});
