// performance.now() over the host's clock. The origin is the first look at the clock in a call: a snapshot has none.
(function (host, internals) {
  let origin = null;

  class Performance {
    get timeOrigin() { return origin ??= host.now(); }
    now() { return host.now() - this.timeOrigin; }
    mark() {}
    measure() {}
    toJSON() { return { timeOrigin: this.timeOrigin }; }
  }
  internals.webClass(Performance);

  const performance = Object.create(Performance.prototype);
  Object.defineProperty(globalThis, "performance", {
    value: performance, writable: true, configurable: true, enumerable: true,
  });

  /** At the end of the build: what the module measured there must not count in a call. */
  internals.forgetTimeOrigin = () => { origin = null; };
})
