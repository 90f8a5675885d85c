// Headers (WHATWG Fetch).
(function (host, internals) {
  const { typeError, needs, usv } = internals;
  const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

  function nameOf(name) {
    const text = `${name}`;
    if (!NAME.test(text)) throw typeError(`Headers: ${JSON.stringify(text)} is an invalid header name.`);
    return text.toLowerCase();
  }

  function valueOf(value, name) {
    const text = `${value}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
    if (/[\0\r\n]/.test(text) || /[^\0-\xff]/.test(text)) {
      throw typeError(`Headers: ${JSON.stringify(text)} is an invalid header value for ${JSON.stringify(name)}.`);
    }
    return text;
  }

  /** Set by the class: what goes to the host. */
  let wire;

  class Headers {
    /** In lower case, each with its list of values. */
    #map = new Map();

    constructor(init = undefined) {
      if (init === undefined) return;
      if ((typeof init !== "object" && typeof init !== "function") || init === null) {
        throw typeError("Headers constructor: init must be an object or a sequence of pairs");
      }
      if (init instanceof Headers) for (const [name, values] of init.#map) this.#map.set(name, [...values]);
      else if (typeof init[Symbol.iterator] === "function") for (const pair of init) this.#pair([...pair]);
      else for (const key of Reflect.ownKeys(init)) this.append(usv(key), init[key]);
    }

    static {
      wire = (headers) => [...headers.#map].flatMap(([name, values]) => values.map((value) => [name, value]));
    }

    #pair(pair) {
      if (pair.length !== 2) throw typeError("Headers constructor: expected name/value pair to be length 2.");
      this.append(pair[0], pair[1]);
    }

    append(name, value) {
      needs(arguments.length, ["name", "value"]);
      const key = nameOf(name);
      const values = this.#map.get(key);
      if (values === undefined) this.#map.set(key, [valueOf(value, name)]);
      else values.push(valueOf(value, name));
    }

    set(name, value) {
      needs(arguments.length, ["name", "value"]);
      this.#map.set(nameOf(name), [valueOf(value, name)]);
    }

    delete(name) {
      needs(arguments.length, ["name"]);
      this.#map.delete(nameOf(name));
    }

    get(name) {
      needs(arguments.length, ["name"]);
      const values = this.#map.get(nameOf(name));
      return values === undefined ? null : values.join(name.toLowerCase() === "cookie" ? "; " : ", ");
    }

    has(name) {
      needs(arguments.length, ["name"]);
      return this.#map.has(nameOf(name));
    }

    getSetCookie() {
      return [...(this.#map.get("set-cookie") ?? [])];
    }

    /** Sorted by name; each `set-cookie` stands alone. */
    #sorted() {
      const names = [...this.#map.keys()].sort();
      return names.flatMap((name) =>
        name === "set-cookie" ? this.getSetCookie().map((value) => [name, value]) : [[name, this.get(name)]]);
    }

    forEach(callback, self = undefined) {
      if (typeof callback !== "function") throw typeError("Headers.forEach: the callback must be a function");
      for (const [name, value] of this.#sorted()) callback.call(self, value, name, this);
    }

    entries() { return iterate(this.#sorted(), (pair) => pair); }
    keys() { return iterate(this.#sorted(), ([name]) => name); }
    values() { return iterate(this.#sorted(), ([, value]) => value); }
  }

  const Iterator = internals.iteratorClass("Headers Iterator");
  function iterate(pairs, pick) {
    let next = 0;
    return new Iterator(() =>
      next < pairs.length ? { value: pick(pairs[next++]), done: false } : { value: undefined, done: true });
  }

  internals.webClass(Headers);
  const iterator = { value: Headers.prototype.entries, writable: true, configurable: true };
  Object.defineProperty(Headers.prototype, Symbol.iterator, iterator);
  internals.showAs(Headers, (headers) => Object.fromEntries(headers));
  internals.wireHeaders = (headers) => wire(headers);
})
