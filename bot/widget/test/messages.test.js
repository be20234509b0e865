import assert from "node:assert/strict";
import { test } from "node:test";

import { safeUrl } from "../src/dom.js";
import { direction, isSensitive, urgentFirst } from "../src/messages.js";
import { fill, minutes, strings } from "../src/strings.js";
import { attributeTheme, logo, themeCss } from "../src/theme.js";

test("sensitive is what the server names no topic for, and every emergency", () => {
  const cases = [["emergency", null, true], ["answer", null, true], ["question", null, true], ["route", null, true], ["answer", "lez", false],
    ["route", "rijbewijs", false], ["text", null, false], ["closing", null, false], ["suggestions", null, false], ["human", null, true]];
  for (const [kind, topic, wanted] of cases) assert.equal(isSensitive({ kind, topic }), wanted, `${kind} ${topic}`);
});

test("an emergency goes before what came before it", () => {
  assert.deepEqual(urgentFirst([{ kind: "text" }, { kind: "emergency" }, { kind: "answer" }]).map(({ kind }) => kind),
    ["emergency", "text", "answer"]);
});

test("only web, telephone and mail addresses are followed", () => {
  for (const url of ["https://www.1712.be/", "tel:112", "mailto:a@b.be"]) assert.equal(safeUrl(url), url);
  for (const url of ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "http://a.be", "//a.be", "", "x", "\u0000javascript:alert(1)"]) {
    assert.equal(safeUrl(url), null, url);
  }
});

test("Arabic is written from right to left", () => {
  assert.equal(direction("ar"), "rtl");
  assert.equal(direction("nl"), "ltr");
});

test("texts are filled in, and a name that is not known stays visible", () => {
  assert.equal(fill("{a} en {b}", { a: 1 }), "1 en {b}");
  assert.equal(minutes(1), "1 minuut");
  assert.equal(minutes(2), "2 minuten");
  assert.ok(Object.values(strings).every((text) => text.trim() === text && text.length > 0));
});

test("a theme has colours and nothing else", () => {
  const css = themeCss({ accent: "#123456", text: "red; } * { display: none", surface_dark: "#000" });
  assert.equal(css, ":host { --zone-accent: #123456; --zone-surface-dark: #000 }");
  assert.equal(themeCss(undefined), ":host {  }");
});

test("colours in attributes of the element are those of the theme", () => {
  const element = { getAttribute: (name) => ({ accent: "#123456", "accent-text-dark": "#fff", text: "x" })[name] ?? null };
  assert.equal(themeCss(attributeTheme(element)), ":host { --zone-accent: #123456; --zone-accent-text-dark: #fff }");
});

test("what is not a drawing is no logo", () => {
  const drawing = { view_box: "0 0 24 24", path: "M2 2h20v20z" };
  for (const mark of [undefined, null, {}, { ...drawing, path: "<script>" }, { ...drawing, path: "url(x)" }, { ...drawing, view_box: "a" }]) {
    assert.equal(logo(mark), null);
  }
});
