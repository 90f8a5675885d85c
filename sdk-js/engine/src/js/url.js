// URL and URLSearchParams (WHATWG URL) over the native parser.
(function (host, internals) {
  const { usv, typeError, needs } = internals;

  /** The positions in the list of parts that the native parser answers. */
  const [HREF, ORIGIN, PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH] = Array(11).keys();

  /** Set by URLSearchParams for URL: the pairs are another class's private state. */
  let linkParams;
  let refreshParams;

  function pairsOf(init) {
    if (init === undefined || init === null) return [];
    if (typeof init !== "object" && typeof init !== "function") return host.formDecode(usv(init).replace(/^\?/, ""));
    const method = init[Symbol.iterator];
    if (method === undefined || method === null) return fromRecord(init);
    if (typeof method !== "function") throw typeError("Query pairs must be iterable", "ERR_ARG_NOT_ITERABLE");
    const flat = [];
    for (const pair of init) {
      const sequence = pair !== null && ["object", "function"].includes(typeof pair) && typeof pair[Symbol.iterator] === "function";
      const both = sequence ? [...pair] : [];
      if (both.length !== 2) throw typeError("Each query pair must be an iterable [name, value] tuple", "ERR_INVALID_TUPLE");
      flat.push(usv(both[0]), usv(both[1]));
    }
    return flat;
  }

  function fromRecord(init) {
    const record = new Map();
    for (const key of Reflect.ownKeys(init)) {
      const property = Reflect.getOwnPropertyDescriptor(init, key);
      if (property?.enumerable) record.set(usv(key), usv(init[key]));
    }
    return [...record].flat();
  }

  class URLSearchParams {
    /** Names and values by turns. */
    #flat;
    #changed = null;

    constructor(init = undefined) {
      this.#flat = pairsOf(init);
    }

    static {
      linkParams = (search, changed) => {
        const params = new URLSearchParams(search);
        params.#changed = changed;
        return params;
      };
      refreshParams = (params, search) => { params.#flat = pairsOf(search); };
    }

    get size() { return this.#flat.length / 2; }

    append(name, value) {
      needs(arguments.length, ["name", "value"]);
      this.#flat.push(usv(name), usv(value));
      this.#changed?.(this);
    }

    delete(name, value = undefined) {
      needs(arguments.length, ["name"]);
      this.#keep((n, v) => n !== usv(name) || (value !== undefined && v !== usv(value)));
      this.#changed?.(this);
    }

    #keep(test) {
      const kept = [];
      for (let i = 0; i < this.#flat.length; i += 2) {
        if (test(this.#flat[i], this.#flat[i + 1])) kept.push(this.#flat[i], this.#flat[i + 1]);
      }
      this.#flat = kept;
    }

    get(name) {
      needs(arguments.length, ["name"]);
      const at = this.#find(usv(name));
      return at < 0 ? null : this.#flat[at + 1];
    }

    #find(name) {
      for (let i = 0; i < this.#flat.length; i += 2) if (this.#flat[i] === name) return i;
      return -1;
    }

    getAll(name) {
      needs(arguments.length, ["name"]);
      const wanted = usv(name);
      return this.#flat.filter((_, i) => i % 2 === 1 && this.#flat[i - 1] === wanted);
    }

    has(name, value = undefined) {
      needs(arguments.length, ["name"]);
      if (value === undefined) return this.#find(usv(name)) >= 0;
      return this.getAll(name).includes(usv(value));
    }

    set(name, value) {
      needs(arguments.length, ["name", "value"]);
      const [wanted, text] = [usv(name), usv(value)];
      const at = this.#find(wanted);
      if (at < 0) this.#flat.push(wanted, text);
      else {
        this.#flat[at + 1] = text;
        let first = true;
        this.#keep((n) => n !== wanted || (first && !(first = false)));
      }
      this.#changed?.(this);
    }

    sort() {
      const pairs = [...this].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#flat = pairs.flat();
      this.#changed?.(this);
    }

    forEach(callback, self = undefined) {
      if (typeof callback !== "function") {
        throw typeError(`The "callback" argument must be of type function. Received ${internals.received(callback)}`,
          "ERR_INVALID_ARG_TYPE");
      }
      for (let i = 0; i < this.#flat.length; i += 2) callback.call(self, this.#flat[i + 1], this.#flat[i], this);
    }

    entries() { return iterate(() => this.#flat, (flat, i) => [flat[i], flat[i + 1]]); }
    keys() { return iterate(() => this.#flat, (flat, i) => flat[i]); }
    values() { return iterate(() => this.#flat, (flat, i) => flat[i + 1]); }
    toString() { return host.formEncode(this.#flat); }
  }

  /** Live: what is appended while iterating is still visited. */
  const Iterator = internals.iteratorClass("URLSearchParams Iterator");
  function iterate(flat, pick) {
    let next = 0;
    return new Iterator(() => {
      const pairs = flat();
      if (next >= pairs.length) return { value: undefined, done: true };
      next += 2;
      return { value: pick(pairs, next - 2), done: false };
    });
  }

  class URL {
    #parts;
    #params = null;

    constructor(input, base = undefined) {
      if (arguments.length === 0) throw typeError('The "url" argument must be specified', "ERR_MISSING_ARGS");
      const url = usv(input);
      const parts = parse(url, base);
      if (parts === null) {
        throw Object.assign(typeError("Invalid URL", "ERR_INVALID_URL"), { input: url }, base === undefined ? {} : { base: usv(base) });
      }
      this.#parts = parts;
    }

    static canParse(input, base = undefined) {
      if (arguments.length === 0) throw typeError('The "url" argument must be specified', "ERR_MISSING_ARGS");
      return parse(usv(input), base) !== null;
    }

    static parse(input, base = undefined) {
      return URL.canParse(input, base) ? new URL(input, base) : null;
    }

    #set(part, value) {
      this.#parts = host.urlSet(this.#parts[HREF], part, usv(value)) ?? this.#parts;
      if (this.#params !== null && part === "search") refreshParams(this.#params, this.#parts[SEARCH]);
    }

    toString() { return this.#parts[HREF]; }
    get href() { return this.#parts[HREF]; }
    set href(value) {
      const parts = parse(usv(value), undefined);
      if (parts === null) throw Object.assign(typeError("Invalid URL", "ERR_INVALID_URL"), { input: usv(value) });
      this.#parts = parts;
      if (this.#params !== null) refreshParams(this.#params, parts[SEARCH]);
    }
    get origin() { return this.#parts[ORIGIN]; }
    get protocol() { return this.#parts[PROTOCOL]; }
    set protocol(value) { this.#set("protocol", value); }
    get username() { return this.#parts[USERNAME]; }
    set username(value) { this.#set("username", value); }
    get password() { return this.#parts[PASSWORD]; }
    set password(value) { this.#set("password", value); }
    get host() { return this.#parts[HOST]; }
    set host(value) { this.#set("host", value); }
    get hostname() { return this.#parts[HOSTNAME]; }
    set hostname(value) { this.#set("hostname", value); }
    get port() { return this.#parts[PORT]; }
    set port(value) { this.#set("port", value); }
    get pathname() { return this.#parts[PATHNAME]; }
    set pathname(value) { this.#set("pathname", value); }
    get search() { return this.#parts[SEARCH]; }
    set search(value) { this.#set("search", value); }
    get searchParams() {
      this.#params ??= linkParams(this.#parts[SEARCH], (params) => {
        this.#parts = host.urlSet(this.#parts[HREF], "search", params.toString()) ?? this.#parts;
      });
      return this.#params;
    }
    get hash() { return this.#parts[HASH]; }
    set hash(value) { this.#set("hash", value); }

    toJSON() { return this.#parts[HREF]; }
  }

  function parse(url, base) {
    return host.urlParse(url, base === undefined ? null : usv(base)) ?? null;
  }

  internals.webClass(URLSearchParams);
  internals.webClass(URL);
  const iterator = { value: URLSearchParams.prototype.entries, writable: true, configurable: true };
  Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, iterator);

  internals.showAs(URL, ({ href, origin, protocol, username, password, host: authority, hostname, port, pathname, search, searchParams, hash }) =>
    ({ href, origin, protocol, username, password, host: authority, hostname, port, pathname, search, searchParams, hash }));
  internals.showAs(URLSearchParams, (params) => {
    const shown = [...params].map((pair) => pair.map((text) => internals.inspect(text)).join(" => "));
    if (shown.length === 0) return "URLSearchParams {}";
    const line = `URLSearchParams { ${shown.join(", ")} }`;
    return line.length <= 72 ? line : `URLSearchParams {\n  ${shown.join(",\n  ")} }`;
  });
})
