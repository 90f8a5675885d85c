// @ts-check
// What a table of addresses says shorter than test cases do; run with `npm test`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testCases, testHook } from "@aerocall/hooks/testing";

const payload = { user: { email: "ada@example.com", metadata: {}, publicMetadata: {} }, provider: "password", client: {} };
const project = new URL("..", import.meta.url);

/** The counter of an address. */
const networks = {
  "203.0.113.7": "203.0.113.7",
  "2001:db8:1:2::1": "2001:db8:1:2::/64",
  "2001:db8:1:2:ffff::9": "2001:db8:1:2::/64",
  "2001:0db8::1": "2001:db8:0:0::/64",
};

for (const [ip, network] of Object.entries(networks)) {
  test(`${ip} counts as ${network}`, async () => {
    const call = /** @type {const} */ ({ hook: "beforeSignup", payload, context: { request: { ip } } });
    const first = await testHook(project, call);
    assert.equal(first.decision, "allow");
    assert.deepEqual(first.hostCalls[0]?.arguments, [`rate:beforeSignup:${network}`, 1, 600]);
    const sixth = await testHook(project, { ...call, given: { cache: { [`rate:beforeSignup:${network}`]: 5 } } });
    assert.deepEqual(sixth.reply, {
      kind: "deny",
      code: "too_many_requests",
      message: "Too many attempts. Please try again later.",
      status: 429,
    });
  });
}

test("without its cache, the hook fails at the line that counts", async () => {
  const fail = /** @type {const} */ ({ "cache.increment": "backend_unavailable" });
  const { decision, error } = await testHook(project, { hook: "beforeSignup", payload, fail });
  assert.equal(decision, "failure");
  assert.equal(error?.thrownCode, "backend_unavailable");
  assert.equal(error?.file, "hooks/rate-limit.ts");
});

for (const { file, name, problems } of await testCases(project)) {
  test(`${file}: ${name}`, () => assert.deepEqual(problems, []));
}
