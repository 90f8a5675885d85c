// Web Crypto.
const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new TextEncoder().encode(text);
const key = (hash, usages = ["sign", "verify"], secret = "key", extractable = false) =>
  crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash }, extractable, usages);
const digest = async (name, text) => hex(await crypto.subtle.digest(name, bytes(text)));
export const cases = {
  sha1: () => digest("SHA-1", "abc"),
  sha256: () => digest("SHA-256", "abc"),
  sha384: () => digest("SHA-384", "abc"),
  sha512: () => digest({ name: "sha-512" }, "abc"),
  sha256Empty: () => digest("SHA-256", ""),
  sha256Long: () => digest("SHA-256", "x".repeat(10000)),
  digestView: async () => hex(await crypto.subtle.digest("SHA-1", new DataView(bytes("xabcx").buffer, 1, 3))),
  digestType: async () => (await crypto.subtle.digest("SHA-1", bytes(""))) instanceof ArrayBuffer,
  digestUnknown: () => crypto.subtle.digest("MD5", bytes("")),
  digestString: () => crypto.subtle.digest("SHA-256", "text"),
  hmac: async () => Promise.all(["SHA-1", "SHA-256", "SHA-384", "SHA-512"].map(async (h) => hex(await crypto.subtle.sign("HMAC", await key(h), bytes("The quick brown fox jumps over the lazy dog"))))),
  hmacLongKey: async () => hex(await crypto.subtle.sign({ name: "HMAC" }, await key("SHA-256", ["sign"], "k".repeat(200)), bytes("m"))),
  verify: async () => { const k = await key("SHA-256"); const s = await crypto.subtle.sign("HMAC", k, bytes("m")); const bad = new Uint8Array(s.slice(0)); bad[0] ^= 1; return [await crypto.subtle.verify("HMAC", k, s, bytes("m")), await crypto.subtle.verify("HMAC", k, bad, bytes("m")), await crypto.subtle.verify("HMAC", k, s.slice(1), bytes("m")), await crypto.subtle.verify("HMAC", k, s, bytes("n"))]; },
  keyShape: async () => { const k = await key({ name: "SHA-256" }, ["verify", "sign"]); return [k.type, k.extractable, k.algorithm, k.usages, Object.prototype.toString.call(k)]; },
  wrongUsage: async () => crypto.subtle.sign("HMAC", await key("SHA-256", ["verify"]), bytes("")),
  noUsages: () => key("SHA-256", []),
  badUsage: () => key("SHA-256", ["encrypt"]),
  exportRaw: async () => new Uint8Array(await crypto.subtle.exportKey("raw", await key("SHA-256", ["sign"], "abc", true))),
  exportJwk: async () => crypto.subtle.exportKey("jwk", await key("SHA-256", ["sign"], "abc", true)),
  uuidType: () => typeof crypto.randomUUID,
  randomFloat: () => crypto.getRandomValues(new Float32Array(1)),
  randomQuota: () => crypto.getRandomValues(new Uint8Array(65537)),
  randomView: () => crypto.getRandomValues(new DataView(new ArrayBuffer(1))),
  randomEmpty: () => crypto.getRandomValues(new Uint8Array(0)).length,
  tags: () => [crypto, crypto.subtle].map((o) => Object.prototype.toString.call(o)),
  refusals: () => Promise.all([() => crypto.subtle.importKey("raw", new TextEncoder().encode(""), { name: "HMAC", hash: "SHA-256" }, true, ["sign"]), () => crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC", hash: "MD5" }, true, ["sign"]), () => crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC" }, true, ["sign"]), () => crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC", hash: "SHA-256" }, true, []), () => crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC", hash: "SHA-256" }, true, ["encrypt"]), () => crypto.subtle.importKey("raw", "k", { name: "HMAC", hash: "SHA-256" }, true, ["sign"]), () => crypto.subtle.importKey("xyz", new TextEncoder().encode("k"), { name: "HMAC", hash: "SHA-256" }, true, ["sign"]), () => crypto.subtle.digest("SHA-256"), () => crypto.subtle.digest(), () => crypto.getRandomValues(new Float32Array(1)), () => crypto.getRandomValues(new Uint8Array(65537)), () => crypto.getRandomValues([]), () => new Crypto(), () => new CryptoKey(), () => crypto.subtle.importKey("jwk", { kty: "RSA" }, { name: "HMAC", hash: "SHA-256" }, true, ["sign"])].map(async (f) => { try { await f(); return "ok"; } catch (error) { return error.name; } })),
};
