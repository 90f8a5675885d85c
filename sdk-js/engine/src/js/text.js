// TextEncoder and TextDecoder over the native transcoders (WHATWG Encoding).
(function (host, internals) {
  const { usv, bytesOf, typeError } = internals;

  /** The labels of the encodings there are; every other label is a RangeError. */
  const LABELS = new Map();
  const labels = (encoding, names) => { for (const name of names.split(" ")) LABELS.set(name, encoding); };
  labels("utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8");
  labels("utf-16le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le");
  labels("utf-16be", "unicodefffe utf-16be");
  labels("windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 " +
    "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252");

  class TextEncoder {
    get encoding() { return "utf-8"; }

    encode(input = "") {
      return host.textEncode(usv(input));
    }

    encodeInto(source, destination) {
      if (!(destination instanceof Uint8Array)) {
        const given = internals.received(destination);
        throw typeError(`The "dest" argument must be an instance of Uint8Array. Received ${given}`, "ERR_INVALID_ARG_TYPE");
      }
      const [read, written] = host.textEncodeInto(usv(source), destination);
      return { read, written };
    }
  }

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #waiting = null;
    #begun = false;

    constructor(label = "utf-8", options = {}) {
      const encoding = LABELS.get(`${label}`.trim().toLowerCase());
      if (encoding === undefined) {
        const error = new RangeError(`The "${label}" encoding is not supported`);
        throw Object.assign(error, { code: "ERR_ENCODING_NOT_SUPPORTED" });
      }
      this.#encoding = encoding;
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBOM = Boolean(options?.ignoreBOM);
    }

    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }

    decode(input = new Uint8Array(), options = {}) {
      const given = bytesOf(input);
      if (given === null) {
        throw typeError('The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.',
          "ERR_INVALID_ARG_TYPE");
      }
      const more = Boolean(options?.stream);
      const bytes = this.#waiting === null ? given : joined(this.#waiting, given);
      const answer = host.textDecode(this.#encoding, bytes, this.#fatal, more);
      if (answer === null || answer === undefined) {
        this.#waiting = null;
        this.#begun = false;
        throw typeError(`The encoded data was not valid for encoding ${this.#encoding}`, "ERR_ENCODING_INVALID_ENCODED_DATA");
      }
      let [text, waiting] = answer;
      this.#waiting = waiting > 0 ? bytes.slice(bytes.length - waiting) : null;
      if (!this.#begun && text !== "") {
        this.#begun = true;
        const marked = text.charCodeAt(0) === 0xfeff && this.#encoding !== "windows-1252";
        if (marked && !this.#ignoreBOM) text = text.slice(1);
      }
      if (!more) this.#begun = false;
      return text;
    }
  }

  function joined(first, second) {
    const all = new Uint8Array(first.length + second.length);
    all.set(first);
    all.set(second, first.length);
    return all;
  }

  internals.webClass(TextEncoder);
  internals.webClass(TextDecoder);
})
