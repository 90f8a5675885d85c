// FormData (WHATWG XHR), and multipart/form-data in both directions (RFC 7578).
(function (host, internals) {
  const { needs, typeError, usv } = internals;

  const asFile = (blob, name) => new File([blob], name, { type: blob.type, ...(blob instanceof File ? { lastModified: blob.lastModified } : {}) });

  function entryOf(method, given, value, filename) {
    needs(given, ["name", "value"]);
    if (value instanceof Blob) {
      if (given > 2) return asFile(value, filename);
      return value instanceof File ? value : asFile(value, "blob");
    }
    if (given > 2) throw typeError(`Failed to execute '${method}' on 'FormData': parameter 2 is not of type 'Blob'`);
    return usv(value);
  }

  class FormData {
    /** `[name, value]`, in order. */
    #entries = [];

    constructor(form) {
      if (form !== undefined) throw typeError("Failed to construct 'FormData': there are no form elements in a hook", "ERR_INVALID_ARG_TYPE");
    }

    append(name, value, filename = undefined) {
      this.#entries.push([usv(name), entryOf("append", arguments.length, value, filename)]);
    }
    delete(name) {
      needs(arguments.length, ["name"]);
      const key = usv(name);
      this.#entries = this.#entries.filter(([known]) => known !== key);
    }
    get(name) {
      needs(arguments.length, ["name"]);
      const key = usv(name);
      return this.#entries.find(([known]) => known === key)?.[1] ?? null;
    }
    getAll(name) {
      needs(arguments.length, ["name"]);
      const key = usv(name);
      return this.#entries.filter(([known]) => known === key).map(([, value]) => value);
    }
    has(name) {
      needs(arguments.length, ["name"]);
      const key = usv(name);
      return this.#entries.some(([known]) => known === key);
    }
    set(name, value, filename = undefined) {
      const entry = [usv(name), entryOf("set", arguments.length, value, filename)];
      const at = this.#entries.findIndex(([known]) => known === entry[0]);
      if (at < 0) this.#entries.push(entry);
      else this.#entries = [...this.#entries.slice(0, at), entry, ...this.#entries.slice(at + 1).filter(([known]) => known !== entry[0])];
    }
    forEach(callback, self = undefined) {
      if (typeof callback !== "function") throw typeError("FormData.forEach: the callback must be a function");
      for (const [name, value] of this) callback.call(self, value, name, this);
    }
    entries() { return iterate(() => this.#entries, ([name, value]) => [name, value]); }
    keys() { return iterate(() => this.#entries, ([name]) => name); }
    values() { return iterate(() => this.#entries, ([, value]) => value); }
  }

  const Iterator = internals.iteratorClass("FormData Iterator");
  function iterate(entries, pick) {
    let next = 0;
    return new Iterator(() =>
      next < entries().length ? { value: pick(entries()[next++]), done: false } : { value: undefined, done: true });
  }

  internals.webClass(FormData);
  const iterator = { value: FormData.prototype.entries, writable: true, configurable: true };
  Object.defineProperty(FormData.prototype, Symbol.iterator, iterator);
  internals.showAs(FormData, (form) => Object.fromEntries(Array.from(new Set(form.keys()), (name) => {
    const all = form.getAll(name);
    return [name, all.length === 1 ? all[0] : all];
  })));

  const escaped = (name) => name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const unescaped = (name) => name.replace(/%0A/gi, "\n").replace(/%0D/gi, "\r").replaceAll("%22", '"');
  const lines = (text) => text.replace(/\r\n|\r|\n/g, "\r\n");

  /** The bytes of a form and the content type that names their boundary. */
  internals.encodeForm = (form) => {
    const boundary = `----formdata-${Array.from(host.randomBytes(16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const parts = [];
    const text = (line) => parts.push(host.textEncode(line));
    for (const [name, value] of form) {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lines(name))}"`;
      if (typeof value === "string") text(`${head}\r\n\r\n${lines(value)}\r\n`);
      else {
        text(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}\r\n\r\n`);
        parts.push(internals.blobBytes(value));
        text("\r\n");
      }
    }
    text(`--${boundary}--\r\n`);
    return { bytes: internals.joinBytes(parts), type: `multipart/form-data; boundary=${boundary}` };
  };

  const parameter = (header, name) => {
    const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, "i").exec(header);
    return found === null ? null : found[1] === undefined ? found[2] : found[1].replace(/\\(["\\])/g, "$1");
  };
  const malformed = (why) => typeError(`Failed to parse body as FormData: ${why}`);
  const utf8 = (bytes) => new TextDecoder().decode(bytes);

  function multipart(bytes, boundary) {
    const form = new FormData();
    // One unit a byte, so that positions in the text are positions in the bytes.
    const [text] = host.textDecode("windows-1252", bytes, false, false);
    const mark = `--${boundary}`;
    let at = text.startsWith("\r\n") ? 2 : 0;
    if (!text.startsWith(mark, at)) throw malformed("it does not begin with the boundary");
    at += mark.length;
    while (!text.startsWith("--", at)) {
      const head = text.startsWith("\r\n", at) ? text.indexOf("\r\n\r\n", at) : -1;
      const end = head < 0 ? -1 : text.indexOf(`\r\n${mark}`, head + 4);
      if (end < 0) throw malformed("a part has no end");
      readPart(form, utf8(bytes.subarray(at, head)), bytes.subarray(head + 4, end));
      at = end + 2 + mark.length;
    }
    return form;
  }

  function readPart(form, head, content) {
    const header = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(head)?.[1] ?? null;
    const disposition = header("content-disposition") ?? "";
    const [name, filename] = ["name", "filename"].map((key) => parameter(disposition, key)).map((value) => value && unescaped(value));
    if (!/^form-data\b/i.test(disposition) || name === null) throw malformed("a part has no name");
    if (filename === null) form.append(name, utf8(content));
    else form.append(name, new File([content], filename, { type: header("content-type") ?? "text/plain" }));
  }

  internals.decodeForm = (bytes, type) => {
    const essence = /^[^;\s]*/.exec(type)[0].toLowerCase();
    if (essence === "application/x-www-form-urlencoded") {
      const form = new FormData();
      for (const [name, value] of new URLSearchParams(utf8(bytes))) form.append(name, value);
      return form;
    }
    const boundary = essence === "multipart/form-data" ? parameter(type, "boundary") : null;
    if (boundary !== null && boundary !== "") return multipart(bytes, boundary);
    throw typeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
  };
})
