// console over the host's log.
(function (host, internals) {
  const text = (value) => (typeof value === "string" ? value : typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));
  internals.logValues = (level, values) => host.log(level, values.map(text).join(" ").toWellFormed());
  const line = (level) => (...values) => internals.logValues(level, values);
  const console = { debug: line(0), log: line(1), info: line(1), warn: line(2), error: line(3), trace: line(0) };
  Object.defineProperty(globalThis, "console", { value: console, writable: true, configurable: true });
})
