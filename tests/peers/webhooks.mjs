// The official library on webhooks of a running server, before, during and after a rotation of secrets.
// webhooks.mjs URL PUBLISHABLE_KEY ADMIN_TOKEN
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const [url, key, admin] = process.argv.slice(2);
const received = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ headers: request.headers, body });
    response.writeHead(204).end();
    receiver.emit("received");
  });
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");

const base = "/admin/api/v1/projects/demo/environments/development/webhooks";
async function post(path, headers, body) {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return await answer.json();
}
const asAdmin = (path, body) => post(path, { authorization: `Bearer ${admin}` }, body);
let users = 0;
async function message() {
  const before = received.length;
  users += 1;
  const account = { email: `webhook${users}@work.example`, password: "correct horse battery" };
  await post("/auth/register", { "x-aerocall-key": key }, account);
  while (received.length === before) {
    await once(receiver, "received", { signal: AbortSignal.timeout(20_000) });
  }
  return received[before];
}
const verifies = (secret, { headers, body }) => {
  try {
    return new Webhook(secret).verify(body, headers).type === "auth.signup";
  } catch {
    return false;
  }
};

const { id, secret } = await asAdmin(base, {
  url: `http://127.0.0.1:${receiver.address().port}/`,
  events: ["auth.signup"],
});
const first = await message();
assert.ok(verifies(secret, first), "the first secret");
assert.ok(!verifies(secret, { ...first, body: first.body.replace("auth", "auht") }), "another body");
const rotated = await asAdmin(`${base}/${id}/rotate-secret`, { overlapSeconds: 3600 });
const during = await message();
assert.ok(verifies(secret, during) && verifies(rotated.secret, during), "both secrets during the rotation");
const { secret: last } = await asAdmin(`${base}/${id}/rotate-secret`, { overlapSeconds: 0 });
const after = await message();
assert.ok(verifies(last, after), "the new secret");
assert.ok(!verifies(secret, after) && !verifies(rotated.secret, after), "the old ones are over");
await fetch(`${url}${base}/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${admin}` } });
console.log("standardwebhooks: messages verify with the secret, with both during a rotation, and with the new one after it");
process.exit(0);
