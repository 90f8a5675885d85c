// How globals and web classes are put in place: the attributes that WebIDL asks for, and the names hooks look for first.
(function (host, internals) {
  /** A global as engines define them: writable, not enumerable. */
  internals.global = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  /** A web class: members enumerable on the prototype, `Symbol.toStringTag`, a global of its name. */
  internals.webClass = (type, name = type.name) => {
    for (const key of Object.getOwnPropertyNames(type.prototype)) {
      if (key !== "constructor") Object.defineProperty(type.prototype, key, { enumerable: true });
    }
    Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
    internals.global(name, type);
  };

  /** Constants that WebIDL puts on a class and on its prototype. */
  internals.constants = (type, values) => {
    for (const [name, value] of Object.entries(values)) {
      for (const owner of [type, type.prototype]) Object.defineProperty(owner, name, { value, enumerable: true });
    }
  };

  /** A TypeError with the `code` that Node gives it. */
  internals.typeError = (message, code) => Object.assign(new TypeError(message), code === undefined ? {} : { code });

  /** Refuses a call with fewer arguments than the interface needs, in Node's words. */
  internals.needs = (given, names) => {
    if (given >= names.length) return;
    const quoted = names.map((name) => `"${name}"`).join(" and ");
    const message = `The ${quoted} argument${names.length > 1 ? "s" : ""} must be specified`;
    throw internals.typeError(message, "ERR_MISSING_ARGS");
  };

  /** A USVString: what a string is once it must have an encoding. */
  internals.usv = (value) => `${value}`.toWellFormed();

  /** The bytes a BufferSource names, without copying; null for anything else. */
  internals.bytesOf = (source) => {
    if (source instanceof Uint8Array) return source;
    if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    const isBuffer = source instanceof ArrayBuffer || source instanceof SharedArrayBuffer;
    return isBuffer ? new Uint8Array(source) : null;
  };

  for (const name of ["atob", "btoa"]) Object.defineProperty(globalThis, name, { enumerable: true });

  // The engine leaves out the zone's name, which people match on and Node writes.
  for (const name of ["toString", "toTimeString"]) {
    const bare = Date.prototype[name];
    const named = { [name]() {
      const text = bare.call(this);
      return text.endsWith("GMT+0000") ? `${text} (Coordinated Universal Time)` : text;
    } }[name];
    Object.defineProperty(Date.prototype, name, { value: named, writable: true, configurable: true, enumerable: false });
  }

  // The engine leaves these in the source of an expression as they are, and the standard escapes them.
  const terminators = new Map([["\n", "\\n"], ["\r", "\\r"], ["\u2028", "\\u2028"], ["\u2029", "\\u2029"]]);
  const { get: bareSource } = Object.getOwnPropertyDescriptor(RegExp.prototype, "source");
  const { get: source } = Object.getOwnPropertyDescriptor({
    get source() {
      const text = bareSource.call(this);
      if (![...terminators.keys()].some((one) => text.includes(one))) return text;
      return text.replace(/\\?./gs, (one) => terminators.get(one.at(-1)) ?? one);
    },
  }, "source");
  Object.defineProperty(RegExp.prototype, "source", { get: source, configurable: true, enumerable: false });

  class Navigator {
    get userAgent() { return "Aerocall"; }
    get language() { return "en-US"; }
    get languages() { return ["en-US"]; }
    get hardwareConcurrency() { return 1; }
  }
  internals.webClass(Navigator);
  const navigator = Object.create(Navigator.prototype);
  Object.defineProperty(globalThis, "navigator", { get: () => navigator, configurable: true, enumerable: true });
  Object.defineProperty(globalThis, "self", { value: globalThis, writable: true, configurable: true, enumerable: true });

  // The engine's own queueMicrotask drops what the callback throws. As a rejection it is seen and reported.
  const resolved = Promise.resolve();
  const then = Promise.prototype.then;
  Object.defineProperty(globalThis, "queueMicrotask", {
    value: function queueMicrotask(callback) {
      if (typeof callback !== "function") {
        throw internals.typeError(
          `The "callback" argument must be of type function. Received ${internals.received(callback)}`, "ERR_INVALID_ARG_TYPE");
      }
      then.call(resolved, () => { callback(); });
    },
    writable: true, configurable: true, enumerable: true,
  });

  /** The tail of Node's "must be of type …" messages. */
  internals.received = (value) => {
    if (value === null || value === undefined) return String(value);
    if (typeof value === "function") return `function ${value.name}`;
    if (typeof value === "object") {
      const name = value.constructor?.name;
      return name ? `an instance of ${name}` : internals.inspect(value, { depth: -1 });
    }
    const shown = internals.inspect(value);
    return `type ${typeof value} (${shown.length > 28 ? `${shown.slice(0, 25)}...` : shown})`;
  };
})
