// What Request and Response have in common: a body that is read once.
(function (host, internals) {
  const { bytesOf, typeError, usv } = internals;
  const UTF_8 = "text/plain;charset=UTF-8";

  /** Bytes and the content type they imply; `bytes` is null when there is no body. */
  function extract(init) {
    if (init === undefined || init === null) return { bytes: null, type: null };
    if (init instanceof URLSearchParams) {
      return { bytes: host.textEncode(`${init}`), type: "application/x-www-form-urlencoded;charset=UTF-8" };
    }
    const bytes = typeof init === "object" ? bytesOf(init) : null;
    if (bytes !== null) return { bytes: bytes.slice(), type: null };
    return { bytes: host.textEncode(usv(init)), type: UTF_8 };
  }

  /** Set by the class, for Request and Response. */
  let parts;

  class Body {
    #bytes;
    #used = false;

    constructor(bytes) { this.#bytes = bytes; }
    static { parts = (body) => ({ bytes: body.#bytes, used: body.#used }); }

    get bodyUsed() { return this.#used; }
    /** There are no streams in a hook: what has a body says so here, and its bytes are read with the methods below. */
    get body() { return null; }

    #take() {
      if (this.#used) throw typeError("Body is unusable: Body has already been read");
      this.#used = this.#bytes !== null;
      return this.#bytes ?? new Uint8Array();
    }

    async bytes() { return this.#take().slice(); }
    async arrayBuffer() { return this.#take().slice().buffer; }
    async text() { return new TextDecoder().decode(this.#take()); }
    async json() { return JSON.parse(new TextDecoder().decode(this.#take())); }
  }
  for (const key of ["bodyUsed", "body", "bytes", "arrayBuffer", "text", "json"]) {
    Object.defineProperty(Body.prototype, key, { enumerable: true });
  }

  /** The bytes of a body for sending or cloning; a body that was read has none left to give. */
  internals.bodyBytes = (body, doing) => {
    const { bytes, used } = parts(body);
    if (used) throw typeError(`${doing}: Body has already been consumed.`);
    return bytes;
  };
  internals.extractBody = extract;
  internals.Body = Body;
})
