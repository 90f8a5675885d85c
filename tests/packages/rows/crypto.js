// Hashes and tokens in JavaScript: @noble/hashes, bcryptjs, and the parts of jose that need no keys.
import { hmac } from "@noble/hashes/hmac.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import bcrypt from "bcryptjs";
import { base64url, decodeJwt, decodeProtectedHeader, UnsecuredJWT } from "jose";

const bytes = (text) => new TextEncoder().encode(text);
const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

export const cases = {
  hashes: () => [sha256, sha512, keccak_256].map((hash) => bytesToHex(hash(bytes("hello")))),
  hmac: () => bytesToHex(hmac(sha256, bytes("key"), bytes("message"))),
  scrypt: () => bytesToHex(scrypt("password", "salt", { N: 16, r: 2, p: 1, dkLen: 32 })),
  bcrypt: () => [bcrypt.compareSync("secret", bcrypt.hashSync("secret", 4)), bcrypt.hashSync("x", "$2b$04$abcdefghijklmnopqrstuu"), bcrypt.getRounds("$2b$04$abcdefghijklmnopqrstuu3XUGhYFt5Zv2ZQ0JzhnWVgEJ5c0Tq2")],
  jose: () => [decodeJwt(token), decodeProtectedHeader(token), base64url.encode("hi")],
  joseUnsecured: () => { const text = new UnsecuredJWT({ a: 1 }).setIssuedAt(5).setExpirationTime(99999999999).encode(); return [text, UnsecuredJWT.decode(text).payload]; },
  joseBad: () => decodeJwt("x.y"),
};
