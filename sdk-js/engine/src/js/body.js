// What Request and Response have in common: a body that is read once.
(function (host, internals) {
  const { bytesOf, typeError, usv } = internals;
  const USED = "Body is unusable: Body has already been read";

  /** What a body is made of, `{ bytes }` or `{ stream }`, or null; and the content type that it implies. */
  function extract(init) {
    if (init === undefined || init === null) return { content: null, type: null };
    if (typeof init === "object" || typeof init === "function") {
      if (init instanceof ReadableStream) {
        if (init.locked || internals.isDisturbed(init)) throw typeError("Response body object should not be disturbed or locked");
        return { content: { stream: init }, type: null };
      }
      if (init instanceof URLSearchParams) {
        return { content: { bytes: host.textEncode(`${init}`) }, type: "application/x-www-form-urlencoded;charset=UTF-8" };
      }
      if (init instanceof Blob) return { content: { bytes: internals.blobBytes(init) }, type: init.type || null };
      if (init instanceof FormData) {
        const { bytes, type } = internals.encodeForm(init);
        return { content: { bytes }, type };
      }
      const bytes = bytesOf(init);
      if (bytes !== null) return { content: { bytes: bytes.slice() }, type: null };
      if (typeof init[Symbol.asyncIterator] === "function") return { content: { stream: ReadableStream.from(init) }, type: null };
    }
    return { content: { bytes: host.textEncode(usv(init)) }, type: "text/plain;charset=UTF-8" };
  }

  /** The bytes of what was taken from a body. Only a stream of the author's has to be waited for. */
  async function bytesIn({ bytes, stream }) {
    if (stream === undefined) return bytes;
    const reader = stream.getReader();
    const parts = [];
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return internals.joinBytes(parts);
      if (!(value instanceof Uint8Array)) throw typeError("Received non-Uint8Array chunk");
      parts.push(value);
    }
  }

  class Body {
    /** `{ bytes }`, or `{ stream }` once that was asked for; null when there is no body. */
    #content;
    #used = false;

    constructor(content) { this.#content = content; }

    static {
      internals.takeBody = (body, refusal = USED) => body.#take(refusal);
      internals.hasBody = (body) => body.#content !== null;
      /** Gives `to` what `from` has, and lets `from` keep it. */
      internals.copyBody = (from, to, refusal) => { to.#content = from.#copy(refusal); };
    }

    get bodyUsed() {
      const stream = this.#content?.stream;
      return this.#used || (stream !== undefined && internals.isDisturbed(stream));
    }

    get body() {
      if (this.#content === null) return null;
      if (this.#content.stream === undefined) {
        const stream = internals.streamOf(this.#content.bytes);
        if (this.#used) internals.bytesOfStream(stream);
        this.#content = { stream };
      }
      return this.#content.stream;
    }

    #check(refusal) {
      if (this.bodyUsed || this.#content?.stream?.locked) throw typeError(refusal);
      return this.#content;
    }

    #take(refusal) {
      const content = this.#check(refusal);
      if (content === null) return null;
      this.#used = true;
      if (content.stream === undefined) return content;
      const bytes = internals.bytesOfStream(content.stream);
      return bytes === null ? content : { bytes };
    }

    #copy(refusal) {
      const content = this.#check(refusal);
      if (content?.stream === undefined) return content;
      const bytes = internals.bytesOfStream(content.stream, true);
      if (bytes !== null) return { bytes };
      const [mine, other] = content.stream.tee();
      this.#content = { stream: mine };
      return { stream: other };
    }

    async #read() {
      const content = this.#take(USED);
      return content === null ? new Uint8Array() : bytesIn(content);
    }

    async bytes() { return (await this.#read()).slice(); }
    async arrayBuffer() { return (await this.#read()).slice().buffer; }
    async text() { return new TextDecoder().decode(await this.#read()); }
    async json() { return JSON.parse(new TextDecoder().decode(await this.#read())); }
    async blob() {
      const type = (this.headers.get("content-type") ?? "").split(";").map((part) => part.trim()).join(";");
      return new Blob([await this.#read()], { type });
    }
    async formData() { return internals.decodeForm(await this.#read(), this.headers.get("content-type") ?? ""); }
  }
  /** The members above become the class's own, as those of a mixin are. */
  internals.bodyClass = (type) => {
    const { constructor, ...members } = Object.getOwnPropertyDescriptors(Body.prototype);
    Object.defineProperties(type.prototype, members);
    Object.setPrototypeOf(type.prototype, Object.prototype);
    internals.webClass(type);
  };
  internals.bytesIn = bytesIn;
  internals.extractBody = extract;
  internals.Body = Body;
})
