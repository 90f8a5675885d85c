// setTimeout and friends over the host's clock. Rust asks for the next delay, waits, and lets the due ones run.
(function (host, internals) {
  const timers = new Map();
  let lastId = 0;

  function start(callback, delay, args, period) {
    if (typeof callback !== "function") throw new TypeError("The callback of a timer must be a function");
    const ms = Number(delay);
    const wait = ms >= 1 && ms <= 0x7fffffff ? Math.trunc(ms) : 1;
    const timer = { id: ++lastId, callback, args, at: host.now() + wait, period: period ? wait : 0 };
    timers.set(timer.id, timer);
    return timer.id;
  }

  function earliest() {
    let next = null;
    for (const timer of timers.values()) if (next === null || timer.at < next.at) next = timer;
    return next;
  }

  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });

  define("setTimeout", function setTimeout(callback, delay, ...args) { return start(callback, delay, args, false); });
  define("setInterval", function setInterval(callback, delay, ...args) { return start(callback, delay, args, true); });
  define("setImmediate", function setImmediate(callback, ...args) { return start(callback, 0, args, false); });
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
    define(name, { [name](id) { timers.delete(Number(id)); } }[name]);
  }

  /** Milliseconds until the next timer is due; -1 when there is none. */
  internals.nextTimerDelay = () => {
    const next = earliest();
    return next === null ? -1 : Math.max(0, next.at - host.now());
  };

  /** Runs the earliest timer that is due: between two timers, promise jobs run, as in Node. */
  internals.runDueTimers = () => {
    const timer = earliest();
    if (timer === null || timer.at > host.now()) return;
    if (timer.period) timer.at += timer.period;
    else timers.delete(timer.id);
    timer.callback(...timer.args);
  };

  /** How many timers the module left behind at build; none of them reaches a call. */
  internals.dropPendingTimers = () => {
    const count = timers.size;
    timers.clear();
    return count;
  };
})
