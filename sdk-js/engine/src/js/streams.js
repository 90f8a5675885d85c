// ReadableStream with its default reader (WHATWG Streams): what bodies and blobs give, and what hooks make of their own.
// There is nothing to write to in a hook, so pipes and byte readers are left out, and say so.
(function (host, internals) {
  const { typeError } = internals;
  const KEY = Symbol("ReadableStream");
  const state = (message) => typeError(`Invalid state: ${message}`, "ERR_INVALID_STATE");
  const illegal = () => typeError("Illegal constructor", "ERR_ILLEGAL_CONSTRUCTOR");
  const isFunction = (value) => typeof value === "function";

  /** A promise with its two functions; nobody has to wait for it. */
  function deferred() {
    const parts = {};
    parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
    parts.promise.catch(() => {});
    return parts;
  }

  /** Calls a function of the author's as a promise does: what it throws is a rejection. */
  const ask = (call) => new Promise((resolve) => { resolve(call()); });

  /** One stream's state, and the algorithms of the standard that are at work on it. */
  class Core {
    status = "readable";
    error = undefined;
    disturbed = false;
    reader = null;
    queue = [];
    total = 0;
    #begun = false;
    #closing = false;
    #pulling = false;
    #again = false;

    constructor(source, highWaterMark, size) {
      this.source = source;
      this.highWaterMark = highWaterMark;
      this.size = size;
    }

    start() {
      const begun = this.source.start?.(this.controller);
      Promise.resolve(begun).then(() => { this.#begun = true; this.pull(); }, (error) => this.fail(error));
    }

    get desired() {
      return this.status === "errored" ? null : this.status === "closed" ? 0 : this.highWaterMark - this.total;
    }
    get open() { return this.status === "readable" && !this.#closing; }

    pull() {
      const wanted = this.open && this.#begun && (this.reader?.requests.length > 0 || this.desired > 0);
      if (!wanted || this.source.pull === undefined) return;
      if (this.#pulling) { this.#again = true; return; }
      this.#pulling = true;
      ask(() => this.source.pull(this.controller)).then(() => {
        this.#pulling = false;
        if (this.#again) { this.#again = false; this.pull(); }
      }, (error) => this.fail(error));
    }

    enqueue(value) {
      if (!this.open) throw state("Controller is already closed");
      if (this.reader?.requests.length > 0) this.reader.requests.shift().resolve({ value, done: false });
      else {
        let size;
        try {
          size = Number(this.size(value));
          if (!(size >= 0 && size < Infinity)) throw new RangeError(`The argument 'size' is invalid. Received ${size}`);
        } catch (error) {
          this.fail(error);
          throw error;
        }
        this.queue.push({ value, size });
        this.total += size;
      }
      this.pull();
    }

    close() {
      if (!this.open) throw state("Controller is already closed");
      this.#closing = true;
      if (this.queue.length === 0) this.#end();
    }

    #end() {
      this.status = "closed";
      this.source = {};
      for (const { resolve } of this.reader?.requests.splice(0) ?? []) resolve({ value: undefined, done: true });
      this.reader?.closed.resolve();
    }

    fail(error) {
      if (this.status !== "readable") return;
      Object.assign(this, { status: "errored", error, queue: [], total: 0, source: {} });
      for (const { reject } of this.reader?.requests.splice(0) ?? []) reject(error);
      this.reader?.closed.reject(error);
    }

    read() {
      this.disturbed = true;
      if (this.status === "closed") return Promise.resolve({ value: undefined, done: true });
      if (this.status === "errored") return Promise.reject(this.error);
      if (this.queue.length > 0) {
        const { value, size } = this.queue.shift();
        this.total -= size;
        if (this.#closing && this.queue.length === 0) this.#end();
        else this.pull();
        return Promise.resolve({ value, done: false });
      }
      const request = {};
      const answer = new Promise((resolve, reject) => Object.assign(request, { resolve, reject }));
      this.reader.requests.push(request);
      this.pull();
      return answer;
    }

    async cancel(reason) {
      this.disturbed = true;
      if (this.status === "closed") return;
      if (this.status === "errored") throw this.error;
      const { source } = this;
      Object.assign(this, { queue: [], total: 0 });
      this.#end();
      await source.cancel?.(reason);
    }
  }

  class ReadableStreamDefaultController {
    #core;
    constructor(key, core) {
      if (key !== KEY) throw illegal();
      this.#core = core;
    }
    get desiredSize() { return this.#core.desired; }
    close() { this.#core.close(); }
    enqueue(chunk = undefined) { this.#core.enqueue(chunk); }
    error(error = undefined) { this.#core.fail(error); }
  }

  /** Set by ReadableStream: its state. */
  let coreOf;

  class ReadableStreamDefaultReader {
    #core = null;
    #side = { requests: [], closed: deferred() };

    constructor(stream) {
      if (!(stream instanceof ReadableStream)) {
        throw typeError(`The "stream" argument must be an instance of ReadableStream. Received ${internals.received(stream)}`,
          "ERR_INVALID_ARG_TYPE");
      }
      const core = coreOf(stream);
      if (core.reader !== null) throw state("ReadableStream is locked");
      core.reader = this.#side;
      this.#core = core;
      if (core.status === "closed") this.#side.closed.resolve();
      if (core.status === "errored") this.#side.closed.reject(core.error);
    }

    get closed() { return this.#side.closed.promise; }
    async read() {
      if (this.#core === null) throw state("The reader is not attached to a stream");
      return this.#core.read();
    }
    async cancel(reason = undefined) {
      if (this.#core === null) throw state("The reader is not attached to a stream");
      return this.#core.cancel(reason);
    }
    releaseLock() {
      if (this.#core === null) return;
      const released = state("Releasing reader");
      for (const { reject } of this.#side.requests.splice(0)) reject(released);
      if (this.#core.status !== "readable") this.#side.closed = deferred();
      this.#side.closed.reject(released);
      this.#core.reader = null;
      this.#core = null;
    }
  }

  class ReadableStream {
    #core;

    constructor(source = {}, strategy = {}) {
      if (source === null || (typeof source !== "object" && !isFunction(source))) {
        throw typeError(`The "source" argument must be of type object. Received ${internals.received(source)}`, "ERR_INVALID_ARG_TYPE");
      }
      const { type, start, pull, cancel } = source;
      if (type !== undefined && `${type}` !== "bytes") throw typeError(`The argument 'source.type' is invalid. Received ${type}`);
      const methods = {};
      for (const [name, method] of Object.entries({ start, pull, cancel })) {
        if (method === undefined) continue;
        if (!isFunction(method)) {
          throw typeError(`The "source.${name}" argument must be of type function. Received ${internals.received(method)}`, "ERR_INVALID_ARG_TYPE");
        }
        methods[name] = (argument) => Reflect.apply(method, source, [argument]);
      }
      const { highWaterMark = type === undefined ? 1 : 0, size = () => 1 } = strategy ?? {};
      const mark = Number(highWaterMark);
      if (!(mark >= 0)) throw new RangeError(`The property 'strategy.highWaterMark' is invalid. Received ${highWaterMark}`);
      if (!isFunction(size)) throw typeError(`The "strategy.size" argument must be of type function. Received ${internals.received(size)}`);
      this.#core = new Core(methods, mark, size);
      this.#core.controller = new ReadableStreamDefaultController(KEY, this.#core);
      this.#core.start();
    }

    static { coreOf = (stream) => stream.#core; }

    static from(items) {
      const method = items?.[Symbol.asyncIterator] ?? items?.[Symbol.iterator];
      if (!isFunction(method)) throw typeError(`${internals.received(items)} is not iterable`, "ERR_ARG_NOT_ITERABLE");
      const iterator = Reflect.apply(method, items, []);
      return new ReadableStream({
        async pull(controller) {
          const { value, done } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(await value);
        },
        async cancel(reason) { await iterator.return?.(reason); },
      }, { highWaterMark: 0 });
    }

    get locked() { return this.#core.reader !== null; }
    async cancel(reason = undefined) {
      if (this.locked) throw state("ReadableStream is locked");
      return this.#core.cancel(reason);
    }
    getReader(options = undefined) {
      const mode = options?.mode;
      if (mode === undefined) return new ReadableStreamDefaultReader(this);
      throw typeError(`getReader({ mode: "${mode}" }) is not available in a hook: call getReader() and read the chunks as they are`);
    }
    tee() { return tee(this); }
    values(options = undefined) { return new StreamIterator(this.getReader(), Boolean(options?.preventCancel)); }
    async pipeTo() { throw absent("pipeTo"); }
    pipeThrough() { throw absent("pipeThrough"); }
  }

  const absent = (name) => typeError(`ReadableStream.${name} is not available in a hook: read with getReader() or for await, and change the chunks there`);

  function tee(stream) {
    const reader = stream.getReader();
    const reasons = [];
    const cancelled = deferred();
    const branches = [];
    let reading = false;
    const each = (change) => branches.forEach((branch, i) => { if (!(i in reasons)) change(coreOf(branch)); });
    const pull = async () => {
      if (reading) return;
      reading = true;
      try {
        const { value, done } = await reader.read();
        reading = false;
        each((core) => (done ? core.close() : core.enqueue(value)));
        if (done) cancelled.resolve();
      } catch (error) {
        each((core) => core.fail(error));
        cancelled.resolve();
      }
    };
    for (const i of [0, 1]) {
      branches.push(new ReadableStream({
        pull,
        cancel(reason) {
          reasons[i] = reason;
          if (0 in reasons && 1 in reasons) reader.cancel([...reasons]).then(cancelled.resolve, cancelled.reject);
          return cancelled.promise;
        },
      }, { highWaterMark: 0 }));
    }
    reader.closed.catch((error) => { each((core) => core.fail(error)); });
    return branches;
  }

  /** What `for await` goes through. */
  class StreamIterator {
    #reader;
    #keep;
    /** How many calls have not been answered, and the promise of the last one. */
    #steps = 0;
    #last = null;
    #over = false;
    constructor(reader, keep) { this.#reader = reader; this.#keep = keep; }
    next() { return this.#after(() => this.#next()); }
    return(value) { return this.#after(() => this.#return(value)); }

    #after(step) {
      const answer = this.#steps === 0 ? step() : this.#last.then(step, step);
      this.#steps++;
      const ended = () => { this.#steps--; };
      this.#last = answer.then(ended, ended);
      return answer;
    }
    async #next() {
      if (this.#over) return { value: undefined, done: true };
      try {
        const answer = await this.#reader.read();
        if (answer.done) this.#end();
        return answer;
      } catch (error) {
        this.#end();
        throw error;
      }
    }
    async #return(value) {
      if (!this.#over) {
        const cancelling = this.#keep ? undefined : this.#reader.cancel(value);
        this.#end();
        await cancelling;
      }
      return { value, done: true };
    }
    #end() {
      this.#over = true;
      this.#reader.releaseLock();
    }
  }
  delete StreamIterator.prototype.constructor;
  const asyncIterators = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {}).prototype));
  Object.setPrototypeOf(StreamIterator.prototype, asyncIterators);

  class CountQueuingStrategy {
    #mark;
    constructor(options) { this.#mark = Number(options.highWaterMark); }
    get highWaterMark() { return this.#mark; }
    get size() { return () => 1; }
  }
  class ByteLengthQueuingStrategy {
    #mark;
    constructor(options) { this.#mark = Number(options.highWaterMark); }
    get highWaterMark() { return this.#mark; }
    get size() { return (chunk) => chunk.byteLength; }
  }

  for (const type of [ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, CountQueuingStrategy,
    ByteLengthQueuingStrategy]) internals.webClass(type);
  const iterator = { value: ReadableStream.prototype.values, writable: true, configurable: true };
  Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, iterator);
  internals.showAs(ReadableStream, (stream) => ({ locked: stream.locked, state: coreOf(stream).status }));
  internals.showAs(ReadableStreamDefaultReader, () => ({}));

  /** Bytes as a stream; as long as nobody read from it they can be had without waiting. */
  internals.streamOf = (bytes) => {
    const stream = new ReadableStream({
      pull(controller) {
        if (bytes.length > 0) controller.enqueue(bytes.slice());
        controller.close();
        bytes = null;
      },
    }, { highWaterMark: 0 });
    coreOf(stream).bytes = bytes;
    return stream;
  };
  internals.isDisturbed = (stream) => coreOf(stream).disturbed;
  /** The bytes of a stream made above, which is then read and locked unless this only looks; null for any other. */
  internals.bytesOfStream = (stream, look = false) => {
    const core = coreOf(stream);
    if (core.bytes === undefined || core.disturbed) return null;
    if (!look) {
      core.cancel();
      core.reader = { requests: [], closed: deferred() };
    }
    return core.bytes;
  };
})
