// structuredClone (HTML, "StructuredSerialize" and "StructuredDeserialize" in one walk).
(function (host, internals) {
  const { kindOf, typedArrayName } = internals;
  const ERRORS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const boxed = { Number: Number.prototype, String: String.prototype, Boolean: Boolean.prototype, BigInt: BigInt.prototype };
  const size = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
  const isDetached = (buffer) => Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "detached").get.call(buffer);

  function refuse(what) {
    throw new DOMException(`${what} could not be cloned.`, "DataCloneError");
  }

  function describe(object) {
    if (typeof object === "function") return Function.prototype.toString.call(object);
    const name = object.constructor?.name;
    return `#<${typeof name === "string" && name !== "" ? name : "Object"}>`;
  }

  class Cloner {
    #seen = new Map();
    /** Copies that still lack their members: filled one after the other, so that depth costs no stack. */
    #unfilled = [];

    /** Buffers on the list move: their bytes go to the clone and the original is detached. */
    constructor(transfer) {
      const buffers = [...transfer];
      for (const buffer of buffers) {
        const movable = typeof buffer === "object" && buffer !== null && kindOf(buffer) === "ArrayBuffer";
        if (!movable) throw internals.typeError("Found invalid object in transferList", "ERR_INVALID_TRANSFER_OBJECT");
        if (isDetached(buffer)) throw new DOMException("An ArrayBuffer is detached and could not be cloned.", "DataCloneError");
      }
      if (new Set(buffers).size < buffers.length) {
        throw new DOMException("Transfer list contains duplicate ArrayBuffer", "DataCloneError");
      }
      this.buffers = new Set(buffers);
    }

    cloneAll(value) {
      const copy = this.clone(value);
      for (let fill = this.#unfilled.pop(); fill !== undefined; fill = this.#unfilled.pop()) fill();
      return copy;
    }

    clone(value) {
      if (typeof value === "symbol") refuse(String(value));
      if (typeof value === "function") refuse(describe(value));
      if (typeof value !== "object" || value === null) return value;
      const known = this.#seen.get(value);
      return known === undefined ? this.#object(value) : known;
    }

    #keep(value, copy) {
      this.#seen.set(value, copy);
      return copy;
    }

    #object(value) {
      const kind = kindOf(value);
      switch (kind) {
        case undefined: return Array.isArray(value) ? this.#array(value) : this.#plain(value);
        case "Number": case "String": case "Boolean": case "BigInt":
          return this.#keep(value, Object(boxed[kind].valueOf.call(value)));
        case "Date": return this.#keep(value, new Date(Date.prototype.getTime.call(value)));
        case "RegExp": return this.#keep(value, new RegExp(value.source, value.flags));
        case "ArrayBuffer": return this.#buffer(value);
        case "SharedArrayBuffer": return value;
        case "DataView": {
          const { byteOffset, byteLength } = value;
          return this.#keep(value, new DataView(this.clone(value.buffer), byteOffset, byteLength));
        }
        case "TypedArray": {
          const { byteOffset, length } = value;
          return this.#keep(value, new globalThis[typedArrayName(value)](this.clone(value.buffer), byteOffset, length));
        }
        case "Map": return this.#map(value);
        case "Set": return this.#set(value);
        case "Error": return this.#error(value);
        case "DOMException": return this.#keep(value, new DOMException(value.message, value.name));
        default: return refuse(describe(value));
      }
    }

    #buffer(buffer) {
      if (isDetached(buffer)) throw new DOMException("An ArrayBuffer is detached and could not be cloned.", "DataCloneError");
      const { resizable, maxByteLength } = buffer;
      const copy = resizable ? new ArrayBuffer(size.call(buffer), { maxByteLength }) : new ArrayBuffer(size.call(buffer));
      new Uint8Array(copy).set(new Uint8Array(buffer));
      return this.#keep(buffer, copy);
    }

    #members(value, copy) {
      this.#unfilled.push(() => {
        for (const key of Object.keys(value)) {
          // A getter that ran before may have removed it.
          if (Object.hasOwn(value, key)) {
            Object.defineProperty(copy, key, { value: this.clone(value[key]), writable: true, enumerable: true, configurable: true });
          }
        }
      });
      return copy;
    }

    #plain(value) {
      if (value instanceof Blob) return this.#blob(value);
      if (internals.isPlatformObject(value)) refuse(describe(value));
      return this.#members(value, this.#keep(value, {}));
    }

    #blob(value) {
      const copy = value instanceof File
        ? new File([value], value.name, { type: value.type, lastModified: value.lastModified })
        : new Blob([value], { type: value.type });
      return this.#keep(value, copy);
    }

    #array(value) {
      const copy = this.#keep(value, []);
      copy.length = value.length;
      return this.#members(value, copy);
    }

    #map(value) {
      const copy = this.#keep(value, new Map());
      this.#unfilled.push(() => {
        for (const [key, item] of [...Map.prototype.entries.call(value)]) copy.set(this.clone(key), this.clone(item));
      });
      return copy;
    }

    #set(value) {
      const copy = this.#keep(value, new Set());
      this.#unfilled.push(() => {
        for (const item of [...Set.prototype.values.call(value)]) copy.add(this.clone(item));
      });
      return copy;
    }

    #error(value) {
      const type = ERRORS[String(value.name)] ?? Error;
      const made = this.#keep(value, new type());
      const hidden = (key, item) => Object.defineProperty(made, key, { value: item, writable: true, configurable: true, enumerable: false });
      const message = Object.getOwnPropertyDescriptor(value, "message");
      if (message !== undefined && "value" in message) hidden("message", `${message.value}`);
      if (typeof value.stack === "string") hidden("stack", value.stack);
      if (Object.hasOwn(value, "cause")) hidden("cause", this.clone(value.cause));
      return made;
    }
  }

  /** Classes of the prelude hold their state in private fields, which a copy would lose: they are refused as Node refuses them. */
  const platform = [Event, EventTarget, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, ReadableStream, FormData];
  internals.isPlatformObject = (value) => platform.some((type) => value instanceof type);
  internals.platformClasses = platform;

  Object.defineProperty(globalThis, "structuredClone", {
    value: function structuredClone(value, options = undefined) {
      internals.needs(arguments.length, ["value"]);
      const cloner = new Cloner(options?.transfer ?? []);
      const copy = cloner.cloneAll(value);
      for (const buffer of cloner.buffers) buffer.transfer(0);
      return copy;
    },
    writable: true, configurable: true, enumerable: true,
  });
})
