import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../src/memory.js";

class Storage {
  values = new Map();
  getItem(key) { return this.values.get(key) ?? null; }
  setItem(key, value) { this.values.set(key, value); }
  removeItem(key) { this.values.delete(key); }
}

const forbidden = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("denied"); }, removeItem() { throw new Error("denied"); } };

test("the token outlives the page, and nothing else is stored", async () => {
  const storage = new Storage();
  new Memory(storage, null).keep("token");
  assert.deepEqual([...storage.values], [["wijkwijzer", "token"]]);
  const next = new Memory(storage, null);
  assert.equal(next.left, true);
  assert.equal(await next.recall(), "token");
});

test("after something sensitive nothing is stored, also not by a later turn", () => {
  const storage = new Storage();
  const memory = new Memory(storage, null);
  memory.keep("token");
  memory.onlyHere();
  assert.equal(storage.values.size, 0);
  memory.keep("token");
  assert.equal(storage.values.size, 0);
  assert.equal(memory.token, "token");
});

test("forgetting forgets everywhere, and the next conversation may last again", () => {
  const storage = new Storage();
  const memory = new Memory(storage, null);
  memory.keep("token");
  memory.onlyHere();
  memory.forget();
  assert.equal(memory.token, null);
  memory.keep("other");
  assert.equal(storage.values.get("wijkwijzer"), "other");
});

test("storage that is forbidden or missing is done without", async () => {
  for (const storage of [forbidden, null]) {
    const memory = new Memory(storage, null);
    memory.keep("token");
    assert.equal(memory.token, "token");
    assert.equal(await new Memory(storage, null).recall(), null);
  }
});

test("a copied tab does not share a conversation with the tab that has it", async () => {
  const storage = new Storage();
  const first = new Memory(storage, BroadcastChannel);
  first.keep("token");
  const copy = new Storage();
  copy.setItem("wijkwijzer", "token");
  const second = new Memory(copy, BroadcastChannel);
  assert.equal(await second.recall(), null);
  assert.equal(copy.values.size, 0);
  first.deaf();
  copy.setItem("wijkwijzer", "token");
  assert.equal(await new Memory(copy, BroadcastChannel).recall(), "token");
});
