// AbortController and AbortSignal (WHATWG DOM).
(function (host, internals) {
  const { typeError } = internals;
  const KEY = Symbol("AbortSignal");

  /** Set by the class: aborts a signal, and makes one. */
  let abort;
  let follow;

  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason = undefined;
    #dependents = new Set();
    /** When `AbortSignal.timeout` ends it: requests pass it to the host as their deadline. */
    #deadline = null;

    constructor(key) {
      if (key !== KEY) throw typeError("Illegal constructor", "ERR_ILLEGAL_CONSTRUCTOR");
      super();
    }

    static {
      abort = (signal, reason) => {
        if (signal.#aborted) return;
        signal.#aborted = true;
        signal.#reason = reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
        signal.dispatchEvent(new Event("abort"));
        for (const dependent of signal.#dependents) abort(dependent, signal.#reason);
        signal.#dependents.clear();
      };
      follow = (source, dependent) => { source.#dependents.add(dependent); };
      internals.deadlineOf = (signal) => signal.#deadline;
    }

    static abort(reason = undefined) {
      const signal = new AbortSignal(KEY);
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
      return signal;
    }

    static timeout(delay) {
      if (typeof delay !== "number") {
        throw typeError(`The "delay" argument must be of type number. Received ${internals.received(delay)}`, "ERR_INVALID_ARG_TYPE");
      }
      if (!(Number.isInteger(delay) && delay >= 0 && delay <= Number.MAX_SAFE_INTEGER)) {
        const message = `The value of "delay" is out of range. It must be >= 0 && <= 4294967295. Received ${delay}`;
        throw Object.assign(new RangeError(message), { code: "ERR_OUT_OF_RANGE" });
      }
      const signal = new AbortSignal(KEY);
      signal.#deadline = host.now() + delay;
      setTimeout(() => abort(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError")), delay);
      return signal;
    }

    static any(signals) {
      const sources = [...signals];
      if (!sources.every((source) => source instanceof AbortSignal)) {
        throw typeError('The "signals" argument must be an instance of AbortSignal', "ERR_INVALID_ARG_TYPE");
      }
      const aborted = sources.find((source) => source.aborted);
      if (aborted !== undefined) return AbortSignal.abort(aborted.reason);
      const signal = new AbortSignal(KEY);
      const deadlines = sources.map((source) => source.#deadline).filter((deadline) => deadline !== null);
      if (deadlines.length > 0) signal.#deadline = Math.min(...deadlines);
      for (const source of sources) follow(source, signal);
      return signal;
    }

    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
  }

  class AbortController {
    #signal = new AbortSignal(KEY);
    get signal() { return this.#signal; }
    abort(reason = undefined) { abort(this.#signal, reason); }
  }

  internals.webClass(AbortSignal);
  internals.webClass(AbortController);
  internals.showAs(AbortSignal, ({ aborted }) => ({ aborted }));
  internals.showAs(AbortController, ({ signal }) => ({ signal }));
  internals.handlerAttribute(AbortSignal, "abort");
})
