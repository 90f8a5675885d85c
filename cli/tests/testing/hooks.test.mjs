// `@aerocall/hooks/testing` as a project uses it. `cli/tests/testing.rs` makes the project and runs this in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as byPath from "../.aerocall/types/testing.js";
import { TestingError, testCases, testHook } from "@aerocall/hooks/testing";

const signup = (name, call = {}) =>
  testHook("hooks/signup.ts", {
    hook: "beforeSignup",
    payload: { user: { email: "ada@example.com", name, metadata: {}, publicMetadata: {} }, provider: "password", client: {} },
    ...call,
  });

const refusal = async (running) => {
  const thrown = await running.then(
    (result) => assert.fail(`it ran: ${JSON.stringify(result)}`),
    (error) => error,
  );
  assert.ok(thrown instanceof TestingError, thrown);
  assert.equal(thrown.name, "TestingError");
  return thrown;
};

test("the module is the same by name and by path", () => {
  assert.equal(byPath.testHook, testHook);
});

test("every decision is a result", async () => {
  const request = { ip: "203.0.113.7" };
  const expected = {
    allow: { kind: "allow" },
    deny: { kind: "deny", code: "no", message: "not from 203.0.113.7", status: 422 },
    patch: { kind: "patch", patch: { user: { metadata: { time: "2026-01-01T00:00:00.000Z", seen: null } } } },
  };
  for (const [name, reply] of Object.entries(expected)) {
    const result = await signup(name, { context: { request } });
    assert.deepEqual(result.reply, reply);
    assert.equal(result.decision, name);
    assert.equal(result.error, undefined);
  }
});

test("a result has what the call cost and what it asked", async () => {
  const result = await signup("patch", { given: { cache: { seen: "before" } } });
  const names = ["decision", "digest", "error", "fuel", "hook", "hostCalls", "logs", "memoryPeakBytes", "milliseconds", "reply"];
  assert.deepEqual(Object.keys(result).sort(), names);
  assert.equal(result.hook, "beforeSignup");
  assert.match(result.digest, /^sha256:[0-9a-f]{64}$/);
  assert.ok(result.fuel > 1_000 && result.memoryPeakBytes > 65_536 && result.milliseconds > 0);
  const [{ milliseconds, ...call }] = result.hostCalls;
  assert.deepEqual(call, { name: "cache.get", arguments: ["seen"], answer: '"before"' });
  assert.ok(milliseconds > 0 && milliseconds < result.milliseconds);
});

test("an exception is a failure with its place in the author's file", async () => {
  const { decision, error, reply } = await signup("throw");
  assert.equal(decision, "failure");
  const { name, message, code, file, line, stack, frame } = error;
  assert.deepEqual({ name, message, file, line }, { name: "RangeError", message: "too far", file: "hooks/signup.ts", line: 11 });
  assert.equal(code, reply.code);
  assert.match(stack, /hooks\/signup\.ts:11/);
  assert.match(frame, /throw new RangeError/);
});

test("a host call fails where the test says so", async () => {
  const { error } = await signup("patch", { fail: { "cache.get#1": "timeout" } });
  assert.equal(error.thrownCode, "timeout");
  assert.equal((await signup("patch", { fail: { "cache.get#2": "timeout" } })).decision, "patch");
});

test("the password is a handle", async () => {
  const { logs } = await signup("log", { given: { password: "correct horse battery staple" } });
  assert.deepEqual(logs, [{ level: "warn", message: "strength 4" }]);
});

test("requests get the responses that are given, and go nowhere else", async () => {
  const http = [{ request: { url: "https://api.example.com/" }, response: { status: 204 } }];
  assert.equal((await signup("fetch", { given: { http } })).reply.patch.user.metadata.status, 204);
  const { decision, error } = await signup("fetch");
  assert.equal(decision, "failure");
  assert.match(error.message, /given\.http/);
});

test("a hook that waits too long is a failure", async () => {
  const { decision, error } = await signup("wait");
  assert.deepEqual([decision, error.stack], ["failure", ""]);
  assert.match(error.message, /did not finish within/);
});

test("an event is made up but for its data", async () => {
  const data = { user: { id: "usr_1", email: "ada@example.com", metadata: {}, publicMetadata: {} } };
  const event = { hook: "auth.signup", payload: { data }, context: { projectId: "acme", attempt: 2 } };
  const { decision, logs, hostCalls } = await testHook(new URL("..", import.meta.url), event);
  assert.equal(decision, "allow");
  assert.equal(logs[0].message, "evt_test auth.signup 2026-01-01T00:00:00.000Z acme anonymous 2");
  const { name, arguments: given } = hostCalls.find((call) => call.name.startsWith("queue."));
  assert.deepEqual([name, given.slice(0, 2)], ["queue.enqueue", ["welcome", '{"to":"ada@example.com"}']]);
  const own = await testHook(".", { ...event, payload: { data, id: "evt_9", actor: "user:usr_1" } });
  assert.match(own.logs[0].message, /^evt_9 .* user:usr_1 2$/);
});

test("many calls at once do not meet", async () => {
  const run = (seen) => signup("patch", { given: { cache: { seen } } });
  const results = await Promise.all(["a", "b", "c"].map(run));
  assert.deepEqual(results.map((result) => result.reply.patch.user.metadata.seen), ["a", "b", "c"]);
});

test("cases are run as the program runs them", async () => {
  const cases = await testCases();
  assert.deepEqual(
    cases.map(({ file, name, ok }) => [file, name, ok]),
    [
      ["tests/signup.json", "allowed", true],
      ["tests/signup.json", "expected to be denied", false],
    ],
  );
  assert.match(cases[1].problems[0], /reply\.kind: expected "deny", got "allow"/);
  assert.ok(cases[0].milliseconds > 0);
  const root = pathToFileURL(`${process.cwd()}/`);
  assert.equal((await testCases(root, { filter: "allowed" })).length, 1);
  assert.equal((await testCases(".", { cwd: root, filter: "allowed" })).length, 1);
});

test("what cannot be run is an error that says what to do", async () => {
  const { AEROCALL_BIN, PATH } = process.env;
  const gone = await refusal(signup("allow", { program: "/nonexistent/aerocall" }));
  assert.equal(gone.code, "program_not_found");
  assert.match(gone.message, /^the program \/nonexistent\/aerocall .*PATH.*AEROCALL_BIN/);
  process.env.AEROCALL_BIN = "";
  process.env.PATH = "/nonexistent";
  assert.match((await refusal(testCases())).message, /^the program aerocall cannot be started \(ENOENT\)/);
  Object.assign(process.env, { AEROCALL_BIN, PATH });

  const broken = { hook: "beforeSignup", payload: {} };
  const unbuilt = await refusal(testHook("broken/hooks/a.ts", broken));
  assert.equal(unbuilt.code, "build_failed");
  assert.match(unbuilt.message, /hooks\/a\.ts:2:8/);
  const cases = await refusal(testCases("broken"));
  assert.deepEqual([cases.code, /hooks\/a\.ts:2:8/.test(cases.message)], ["build_failed", true]);

  const expected = [
    [() => signup("allow", { hook: "beforeSingup" }), "hook_unavailable", /did you mean `beforeSignup`/],
    [() => signup("allow", { context: { ip: "203.0.113.7" } }), "invalid_input", /unknown field `ip`/],
    [() => signup("allow", { given: { rows: ["INSERT INTO none VALUES (1)"] } }), "invalid_input", /given\.rows\[0\]/],
    [() => signup("allow", { fail: { cache: "timeout" } }), "invalid_input", /is no fault/],
    [() => testHook("hooks/none.ts", broken), "failed", /none\.ts/],
    [() => testCases(".", { filter: "no such case" }), "failed", /no test cases/],
  ];
  for (const [run, code, message] of expected) {
    const refused = await refusal(run());
    assert.equal(refused.code, code, refused.message);
    assert.match(refused.message, message);
  }
});

test("a call can be given up", async () => {
  const given = { signal: AbortSignal.abort() };
  await assert.rejects(signup("wait", given), { name: "AbortError" });
});
