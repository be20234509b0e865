import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, ChatError } from "../src/api.js";
import { strings } from "../src/strings.js";

const MESSAGE = { kind: "answer", topic: "lez", lang: "nl", text: "Ja.", buttons: [{ id: "a", title: "Meer" }], links: [] };

function answering(status, body, headers = {}) {
  const calls = [];
  const api = new Api("https://chat.example/", async (...call) => {
    calls.push(call);
    if (status instanceof Error) throw status;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  });
  return { api, calls };
}

const fails = async (call) => {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof ChatError);
    return error;
  }
  return assert.fail("no error");
};

test("a session is asked for without cookies or a referrer", async () => {
  const { api, calls } = answering(201, { session: "s", messages: [MESSAGE] });
  assert.deepEqual(await api.start(), { session: "s", messages: [MESSAGE] });
  const [url, options] = calls[0];
  assert.equal(url, "https://chat.example/chat/sessions");
  assert.equal(options.credentials, "omit");
  assert.equal(options.referrerPolicy, "no-referrer");
});

test("a message carries the token in a header and its text in the body", async () => {
  const { api, calls } = answering(200, { messages: [] });
  await api.send("token", { text: "dag" });
  assert.equal(calls[0][1].headers.Authorization, "Bearer token");
  assert.equal(calls[0][1].body, '{"text":"dag"}');
});

test("a problem document is told with its Dutch title, its status and when to try again", async () => {
  const { api } = answering(429, { title: "Dat gaat te snel." }, { "Retry-After": "15" });
  const error = await fails(api.send("t", { text: "dag" }));
  assert.deepEqual([error.text, error.status, error.wait], ["Dat gaat te snel.", 429, 15]);
});

test("no network, a time-out and an answer that is no answer each have their own words", async () => {
  const late = Object.assign(new Error(), { name: "TimeoutError" });
  assert.equal((await fails(answering(new TypeError("failed")).api.start())).text, strings.unreachable);
  assert.equal((await fails(answering(late).api.start())).text, strings.slow);
  assert.equal((await fails(answering(200, "<html>").api.send("t", {}))).text, strings.garbled);
  assert.equal((await fails(answering(502, "<html>Bad Gateway").api.send("t", {}))).text, strings.unreachable);
});

for (const [name, body] of [["no messages", {}], ["a text that is a number", { messages: [{ ...MESSAGE, text: 3 }] }],
  ["a button without a title", { messages: [{ ...MESSAGE, buttons: [{ id: "a" }] }] }], ["null", null], ["a list", []],
  ["a link that is a text", { messages: [{ ...MESSAGE, links: ["tel:112"] }] }]]) {
  test(`garbled: ${name}`, async () => {
    assert.equal((await fails(answering(200, body).api.send("t", { text: "dag" }))).text, strings.garbled);
  });
}

test("an unknown kind is shown as text, a strange language as Dutch", async () => {
  const { api } = answering(200, { messages: [{ ...MESSAGE, kind: "new", lang: "\" onload" }] });
  const { messages: [message] } = await api.send("t", { text: "dag" });
  assert.deepEqual([message.kind, message.lang], ["text", "nl"]);
});

test("the server says in a header that it has forgotten all", async () => {
  assert.equal((await answering(200, { messages: [] }, { "Conversation-Wiped": "yes" }).api.send("t", { text: "wis" })).wiped, true);
  assert.equal((await answering(200, { messages: [] }).api.send("t", { text: "dag" })).wiped, false);
});

test("settings that cannot be had stop nothing", async () => {
  assert.equal(await answering(500, {}).api.config(), null);
  assert.equal(await answering(new TypeError("failed")).api.config(), null);
});
