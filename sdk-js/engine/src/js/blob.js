// Blob and File (W3C File API): bytes with a type, in memory.
(function (host, internals) {
  const { bytesOf, typeError, usv } = internals;

  /** Set by the class: its bytes, which nobody else may change. */
  let blobBytes;

  function partBytes(part, endings) {
    if (part instanceof Blob) return blobBytes(part);
    const bytes = typeof part === "object" && part !== null ? bytesOf(part) : null;
    if (bytes !== null) return bytes;
    const text = usv(part);
    return host.textEncode(endings === "native" ? text.replaceAll("\r\n", "\n") : text);
  }

  internals.joinBytes = (parts) => {
    const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };

  const typeOf = (value) => {
    const type = `${value}`;
    return /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
  };

  class Blob {
    #bytes;
    #type;

    constructor(sources = [], options = {}) {
      if (sources === null || typeof sources !== "object" || typeof sources[Symbol.iterator] !== "function") {
        throw typeError(`The "sources" argument must be a sequence. Received ${internals.received(sources)}`, "ERR_INVALID_ARG_TYPE");
      }
      if (options !== undefined && options !== null && typeof options !== "object" && typeof options !== "function") {
        throw typeError(`The "options" argument must be of type object. Received ${internals.received(options)}`, "ERR_INVALID_ARG_TYPE");
      }
      const { type = "", endings = "transparent" } = options ?? {};
      if (endings !== "transparent" && endings !== "native") throw typeError(`The argument 'options.endings' is invalid. Received ${endings}`);
      this.#bytes = internals.joinBytes(Array.from(sources, (part) => partBytes(part, endings)));
      this.#type = typeOf(type);
    }

    static { blobBytes = (blob) => blob.#bytes; }

    get size() { return this.#bytes.length; }
    get type() { return this.#type; }
    slice(start = 0, end = this.size, type = "") { return new Blob([this.#bytes.subarray(start, end)], { type }); }
    async arrayBuffer() { return this.#bytes.slice().buffer; }
    async bytes() { return this.#bytes.slice(); }
    async text() { return new TextDecoder().decode(this.#bytes); }
    stream() { return internals.streamOf(this.#bytes); }
  }

  class File extends Blob {
    #name;
    #lastModified;

    constructor(fileBits, fileName, options = {}) {
      internals.needs(arguments.length, ["fileBits", "fileName"]);
      super(fileBits, options);
      this.#name = usv(fileName);
      const { lastModified = undefined } = options ?? {};
      this.#lastModified = lastModified === undefined ? Date.now() : Math.trunc(Number(lastModified)) || 0;
    }

    get name() { return this.#name; }
    get lastModified() { return this.#lastModified; }
  }

  internals.webClass(Blob);
  internals.webClass(File);
  internals.showAs(Blob, ({ size, type }) => ({ size, type }));
  internals.showAs(File, ({ size, type, name, lastModified }) => ({ size, type, name, lastModified }));
  internals.blobBytes = (blob) => blobBytes(blob);
})
