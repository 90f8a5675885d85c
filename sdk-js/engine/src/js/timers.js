// setTimeout and friends over the host's clock. Rust asks for the next delay, waits, and lets the due ones run.
(function (host, internals) {
  const active = new Map();
  let lastId = 0;

  /** What Node's timer functions answer: an object that is a number where one is needed. */
  class Timeout {
    #id = ++lastId;
    #state;
    #ref = true;

    constructor(callback, wait, args, repeats) {
      this.#state = { callback, args, wait, repeats, at: host.now() + wait };
      active.set(this.#id, this.#state);
    }

    /** A call ends with the hook's answer, so nothing has to be kept alive or let go: only the answer to hasRef changes. */
    ref() { this.#ref = true; return this; }
    unref() { this.#ref = false; return this; }
    hasRef() { return this.#ref; }

    refresh() {
      this.#state.at = host.now() + this.#state.wait;
      active.delete(this.#id);
      if (!this.#state.cleared) active.set(this.#id, this.#state);
      return this;
    }

    close() { clear(this); return this; }
    [Symbol.toPrimitive]() { return this.#id; }
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { clear(this); }
  }

  class Immediate extends Timeout {}

  function start(Kind, callback, delay, args, repeats) {
    if (typeof callback !== "function") {
      throw internals.typeError(
        `The "callback" argument must be of type function. Received ${internals.received(callback)}`, "ERR_INVALID_ARG_TYPE");
    }
    const ms = Number(delay);
    const wait = ms >= 1 && ms <= 0x7fffffff ? Math.trunc(ms) : 1;
    return new Kind(callback, Kind === Immediate ? 0 : wait, args, repeats);
  }

  function clear(handle) {
    if (handle === null || handle === undefined) return;
    const id = typeof handle === "object" && !(handle instanceof Timeout) ? NaN : Number(handle);
    const state = active.get(id);
    if (state === undefined) return;
    state.cleared = true;
    active.delete(id);
  }

  function earliest() {
    let next = null;
    for (const timer of active.values()) if (next === null || timer.at < next.at) next = timer;
    return next;
  }

  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });

  define("setTimeout", function setTimeout(callback, delay, ...args) { return start(Timeout, callback, delay, args, false); });
  define("setInterval", function setInterval(callback, delay, ...args) { return start(Timeout, callback, delay, args, true); });
  define("setImmediate", function setImmediate(callback, ...args) { return start(Immediate, callback, 0, args, false); });
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
    define(name, { [name](handle) { clear(handle); } }[name]);
  }

  /** Work for when no promise job is left, before any later timer: requests are sent together there. */
  internals.whenIdle = (callback) => {
    active.set(++lastId, { callback, args: [], wait: 0, repeats: false, at: -Infinity });
  };

  /** Runs after the timers that are due by now. */
  internals.afterDueTimers = (callback) => {
    active.set(++lastId, { callback, args: [], wait: 0, repeats: false, at: host.now() });
  };

  /** Milliseconds until the next timer is due; -1 when there is none. */
  internals.nextTimerDelay = () => {
    internals.letGo();
    const next = earliest();
    if (next === null) return -1;
    return next.at === -Infinity ? 0 : Math.max(0, next.at - host.now());
  };

  /** Runs the earliest timer that is due: between two timers, promise jobs run, as in Node. */
  internals.runDueTimers = () => {
    const timer = earliest();
    if (timer === null || timer.at > host.now()) return;
    if (!timer.repeats) {
      for (const [id, state] of active) if (state === timer) active.delete(id);
    }
    try {
      timer.callback(...timer.args);
    } finally {
      // From the end of the callback, as Node counts: a slow callback does not pile up.
      if (timer.repeats) timer.at = host.now() + timer.wait;
    }
  };

  /** How many timers the module left behind at build; none of them reaches a call. */
  internals.dropPendingTimers = () => {
    const count = active.size;
    active.clear();
    internals.forgetTimeOrigin();
    return count;
  };
})
