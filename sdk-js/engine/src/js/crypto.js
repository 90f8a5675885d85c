// Web Crypto: random values from the host, digests and HMAC in the guest.
(function (host, internals) {
  const { bytesOf, typeError } = internals;
  const QUOTA = 65_536;
  const INTEGERS = new Set(["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array",
    "Uint32Array", "BigInt64Array", "BigUint64Array"]);
  /** Block sizes in bytes: the length of a generated HMAC key (FIPS 198-1). */
  const HASHES = new Map([["SHA-1", 64], ["SHA-256", 64], ["SHA-384", 128], ["SHA-512", 128]]);
  const USAGES = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
  const KEY = Symbol("CryptoKey");

  const fail = (message, name) => { throw new DOMException(message, name); };
  const notSupported = () => fail("Unrecognized algorithm name", "NotSupportedError");

  function data(source, position) {
    const bytes = bytesOf(source);
    if (bytes !== null) return bytes;
    throw typeError(`${position} is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`, "ERR_INVALID_ARG_TYPE");
  }

  function hashName(algorithm) {
    if (algorithm === undefined) throw typeError("HmacImportParams: the member `hash` is required", "ERR_MISSING_OPTION");
    const name = `${typeof algorithm === "object" && algorithm !== null ? algorithm.name : algorithm}`.toUpperCase();
    return HASHES.has(name) ? name : notSupported();
  }

  const isHmac = (algorithm) =>
    `${typeof algorithm === "object" && algorithm !== null ? algorithm.name : algorithm}`.toUpperCase() === "HMAC" || notSupported();

  /** Set by the class: the bytes of a key. */
  let secretOf;

  class CryptoKey {
    #bytes;
    #algorithm;
    #extractable;
    #usages;
    constructor(key, bytes, algorithm, extractable, usages) {
      if (key !== KEY) throw typeError("Illegal constructor", "ERR_ILLEGAL_CONSTRUCTOR");
      this.#bytes = bytes;
      this.#algorithm = algorithm;
      this.#extractable = extractable;
      this.#usages = usages;
    }
    static { secretOf = (key) => key.#bytes; }
    get type() { return "secret"; }
    get extractable() { return this.#extractable; }
    get algorithm() { return this.#algorithm; }
    get usages() { return this.#usages; }
  }

  function hmacKey(bytes, hash, extractable, usages) {
    const asked = [...usages];
    if (asked.some((usage) => !USAGES.includes(usage))) throw new TypeError("Unknown key usage");
    if (asked.some((usage) => usage !== "sign" && usage !== "verify")) fail("Unsupported key usage for an HMAC key", "SyntaxError");
    if (asked.length === 0) fail("Usages cannot be empty when importing a secret key.", "SyntaxError");
    const algorithm = { name: "HMAC", length: bytes.length * 8, hash: { name: hash } };
    return new CryptoKey(KEY, bytes, algorithm, Boolean(extractable), [...new Set(asked)]);
  }

  function usable(algorithm, key, usage) {
    isHmac(algorithm);
    if (!(key instanceof CryptoKey)) throw typeError("The key is not of type CryptoKey.", "ERR_INVALID_ARG_TYPE");
    if (!key.usages.includes(usage)) fail(`Unable to use this key to ${usage}`, "InvalidAccessError");
    return secretOf(key).slice();
  }

  class SubtleCrypto {
    constructor(key) { if (key !== KEY) throw typeError("Illegal constructor", "ERR_ILLEGAL_CONSTRUCTOR"); }

    async digest(algorithm, source) {
      internals.needs(arguments.length, ["algorithm", "data"]);
      const name = hashName(algorithm);
      return host.digest(name, data(source, "2nd argument")).buffer;
    }

    async importKey(format, keyData, algorithm, extractable, usages) {
      isHmac(algorithm);
      const hash = hashName(algorithm.hash);
      if (format === "jwk") return hmacKey(jwkBytes(keyData), hash, extractable, usages);
      if (!["raw", "pkcs8", "spki"].includes(format)) throw typeError(`'${format}' is not a valid enum value of type KeyFormat.`);
      if (format !== "raw") fail("Unable to import HMAC key with format " + format, "NotSupportedError");
      const bytes = data(keyData, "2nd argument").slice();
      if (bytes.length === 0) fail("Zero-length key is not supported", "DataError");
      return hmacKey(bytes, hash, extractable, usages);
    }

    async generateKey(algorithm, extractable, usages) {
      isHmac(algorithm);
      const hash = hashName(algorithm.hash);
      const length = algorithm.length === undefined ? HASHES.get(hash) : Math.ceil(algorithm.length / 8);
      return hmacKey(host.randomBytes(length), hash, extractable, usages);
    }

    async exportKey(format, key) {
      if (!(key instanceof CryptoKey)) throw typeError("The key is not of type CryptoKey.", "ERR_INVALID_ARG_TYPE");
      if (!key.extractable) fail("key is not extractable", "InvalidAccessError");
      if (format === "raw") return secretOf(key).slice().buffer;
      if (format !== "jwk") fail(`Unable to export a raw key with format ${format}`, "NotSupportedError");
      const alg = `HS${key.algorithm.hash.name.slice(4)}`;
      return { kty: "oct", k: toBase64Url(secretOf(key)), alg, key_ops: [...key.usages], ext: true };
    }

    async sign(algorithm, key, source) {
      const secret = usable(algorithm, key, "sign");
      return host.hmacSign(key.algorithm.hash.name, secret, data(source, "3rd argument")).buffer;
    }

    async verify(algorithm, key, signature, source) {
      const secret = usable(algorithm, key, "verify");
      return host.hmacVerify(key.algorithm.hash.name, secret, data(signature, "3rd argument"), data(source, "4th argument"));
    }
  }

  /** What this engine does not do says so, instead of a missing method. */
  for (const name of ["encrypt", "decrypt", "deriveBits", "deriveKey", "wrapKey", "unwrapKey"]) {
    const absent = { async [name]() { fail(`crypto.subtle.${name} is not available in a hook`, "NotSupportedError"); } }[name];
    Object.defineProperty(SubtleCrypto.prototype, name, { value: absent, writable: true, configurable: true });
  }

  const toBase64Url = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  function jwkBytes(jwk) {
    if (typeof jwk !== "object" || jwk === null || jwk.kty !== "oct" || !/^[\w-]+$/.test(jwk.k)) fail("Invalid keyData", "DataError");
    return Uint8Array.from(atob(jwk.k.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  }

  class Crypto {
    #subtle = new SubtleCrypto(KEY);
    constructor(key) { if (key !== KEY) throw typeError("Illegal constructor", "ERR_ILLEGAL_CONSTRUCTOR"); }
    get subtle() { return this.#subtle; }

    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || !INTEGERS.has(internals.kindOf(array) === "TypedArray" ? internals.typedArrayName(array) : "")) {
        fail("The data argument must be an integer-type TypedArray", "TypeMismatchError");
      }
      if (array.byteLength > QUOTA) fail("The requested length exceeds 65,536 bytes", "QuotaExceededError");
      if (array.byteLength > 0) bytesOf(array).set(host.randomBytes(array.byteLength));
      return array;
    }

    randomUUID() {
      const b = host.randomBytes(16);
      b[6] = (b[6] & 0x0f) | 0x40;
      b[8] = (b[8] & 0x3f) | 0x80;
      const text = Array.from(b, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
    }
  }

  for (const type of [CryptoKey, SubtleCrypto, Crypto]) internals.webClass(type);
  const crypto = new Crypto(KEY);
  Object.defineProperty(globalThis, "crypto", { get: () => crypto, configurable: true, enumerable: true });
})
