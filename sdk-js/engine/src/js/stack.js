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

  /** Frames as the engine writes them, without a header. */
  function framesOf(error) {
    const { stack } = error;
    if (typeof stack !== "string") return "";
    const head = header(error);
    const rest = stack.startsWith(head) ? stack.slice(head.length) : stack;
    const start = `\n${rest}`.indexOf("\n    at ");
    return start === -1 ? "" : rest.slice(start).trimEnd();
  }

  /** The frames of an error, and what else it carries (causes, errors, properties) as console shows it. */
  internals.stackAndMore = (error) => {
    const frames = framesOf(error);
    const more = internals.inspect(error, { depth: 4, bare: true });
    return frames === "" || more === "" ? `${frames}${more}` : `${frames} ${more}`;
  };

  /** An error that is made after its call has ended gets the frames of another, which was made in the call. */
  internals.standAt = (error, site) => {
    const frames = framesOf(site);
    if (frames === "") return error;
    const value = `${header(error)}\n${frames}`;
    return Object.defineProperty(error, "stack", { value, writable: true, configurable: true, enumerable: false });
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
