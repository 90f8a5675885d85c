// A provider that signs whatever it is told, for tests of what must be refused. Says its port on the first line.
// The code of the callback is base64url of { claims, key?: "other" | "none" | "shared", issuer?, keepHash? }.
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const own = await generateKeyPair("RS256");
const other = await generateKeyPair("RS256");
const jwk = { ...(await exportJWK(own.publicKey)), kid: "own", use: "sig", alg: "RS256" };
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", async () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const url = new URL(request.url, issuer);
    const documents = {
      "/.well-known/openid-configuration": () => about(issuer),
      "/jwks": () => ({ keys: [jwk] }),
      "/token": () => tokens(issuer, JSON.parse(Buffer.from(new URLSearchParams(body).get("code"), "base64url"))),
    };
    const document = await documents[url.pathname]?.();
    response.writeHead(document ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));

function about(issuer) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

async function tokens(issuer, { claims, key, hashOf }) {
  const now = Math.floor(Date.now() / 1000);
  const access = "an-access-token";
  const hash = createHash("sha256").update(hashOf ?? access).digest();
  const at_hash = hash.subarray(0, hash.length / 2).toString("base64url");
  const said = { iss: issuer, aud: "aerocall", sub: "ada", iat: now, exp: now + 300, at_hash, ...claims };
  return { access_token: access, token_type: "Bearer", id_token: await signed(said, key) };
}

async function signed(claims, key) {
  const unsigned = (alg) => `${encoded({ alg, typ: "JWT" })}.${encoded(claims)}`;
  if (key === "none") {
    return `${unsigned("none")}.`;
  }
  if (key === "shared") {
    const text = unsigned("HS256");
    const mac = createHmac("sha256", "a-secret-of-the-client").update(text).digest("base64url");
    return `${text}.${mac}`;
  }
  const pair = key === "other" ? other : own;
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "own" }).sign(pair.privateKey);
}
