// `error.stack` as npm packages expect it: V8's header line before the frames, from `Error.captureStackTrace` too.
(function (host, internals) {
  const own = Object.getOwnPropertyDescriptor(Error.prototype, "stack");
  const capture = Error.captureStackTrace;
  const toString = Error.prototype.toString;

  function header(error) {
    try {
      return toString.call(error);
    } catch {
      return "Error";
    }
  }

  /** The engine gives bare frames; what `Error.prepareStackTrace` made is left as it is. */
  function withHeader(error, stack) {
    if (typeof stack !== "string" || (stack !== "" && !stack.startsWith("    at "))) return stack;
    return stack === "" ? header(error) : `${header(error)}\n${stack.trimEnd()}`;
  }

  if (own?.get !== undefined) {
    Object.defineProperty(Error.prototype, "stack", {
      get: Object.getOwnPropertyDescriptor({ get stack() { return withHeader(this, own.get.call(this)); } }, "stack").get,
      // In V8 it is a plain property: it takes whatever it is given.
      set: Object.getOwnPropertyDescriptor({
        set stack(value) { Object.defineProperty(this, "stack", { value, writable: true, configurable: true, enumerable: false }); },
      }, "stack").set,
      configurable: true,
      enumerable: false,
    });
  }

  /** The bare frames of an error, for whoever prints name and message apart. */
  internals.stackOf = (error) => {
    const { stack } = error;
    return typeof stack === "string" ? withHeader(error, stack) : "";
  };

  Object.defineProperty(Error, "captureStackTrace", {
    value: function captureStackTrace(target, above) {
      capture.call(Error, target, typeof above === "function" ? above : captureStackTrace);
      const { stack } = target;
      const value = withHeader(target, stack);
      if (value !== stack) Object.defineProperty(target, "stack", { value, writable: true, configurable: true, enumerable: false });
    },
    writable: true, configurable: true, enumerable: false,
  });
})
