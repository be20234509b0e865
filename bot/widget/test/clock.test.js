import assert from "node:assert/strict";
import { test } from "node:test";

import { SessionClock } from "../src/clock.js";

const MINUTE = 60_000;

function clockOf(minutes) {
  const told = [];
  let now = 1_000_000;
  const clock = new SessionClock(minutes, (left) => told.push(left), () => told.push("end"), () => now);
  return { clock, told, pass: (time) => { now += time; clock.look(); } };
}

test("the end is told two minutes before, once, and then it ends", () => {
  const { clock, told, pass } = clockOf(30);
  clock.restart();
  pass(27 * MINUTE);
  assert.deepEqual(told, []);
  pass(MINUTE);
  pass(MINUTE / 2);
  assert.deepEqual(told, [2]);
  pass(2 * MINUTE);
  assert.deepEqual(told, [2, "end"]);
  clock.stop();
});

test("a message starts the time again, as often as wanted", () => {
  const { clock, told, pass } = clockOf(30);
  for (let turn = 0; turn < 12; turn += 1) {
    clock.restart();
    pass(28 * MINUTE);
    assert.equal(clock.isEnding, true);
  }
  assert.equal(told.filter((each) => each === "end").length, 0);
  assert.equal(told.length, 12);
  clock.stop();
});

test("a tab that slept past the end ends at once, without a warning that helps nobody", () => {
  const { clock, told, pass } = clockOf(30);
  clock.restart();
  pass(90 * MINUTE);
  assert.deepEqual(told, ["end"]);
  pass(MINUTE);
  assert.deepEqual(told, ["end"]);
});

test("nothing is told before anything was said", () => {
  const { told, pass } = clockOf(30);
  pass(90 * MINUTE);
  assert.deepEqual(told, []);
});
