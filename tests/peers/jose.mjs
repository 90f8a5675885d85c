// A token of the server, checked by `jose` through the keys that the server publishes.
// Use: node jose.mjs URL KEY TOKEN
import assert from 'node:assert/strict';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const [url, key, token] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json?key=${key}`));
const { payload, protectedHeader } = await jwtVerify(token, keys, { algorithms: ['EdDSA'], audience: undefined });
assert.equal(protectedHeader.alg, 'EdDSA');
assert.ok(protectedHeader.kid && payload.sub && payload.sid && payload.exp > payload.iat);

const [head, , signature] = token.split('.');
const forged = Buffer.from(JSON.stringify({ ...payload, sub: 'usr_another' })).toString('base64url');
await assert.rejects(jwtVerify(`${head}.${forged}.${signature}`, keys), errors.JWSSignatureVerificationFailed);
console.log('jose: ok');
