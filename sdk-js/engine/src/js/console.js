// console over the host's log: Node's formats, one log line for each call.
(function (host, internals) {
  const { inspect, formatNumber } = internals;
  const LINE_CHARS = 16_384;
  const [DEBUG, INFO, WARN, ERROR] = [0, 1, 2, 3];

  let indent = "";
  const counts = new Map();
  const timers = new Map();

  const quietly = (show) => { try { return show(); } catch { return "[value that cannot be shown]"; } };

  /** `%s`: what has a toString of its own is asked, other objects are inspected flat. */
  function asString(value) {
    if (typeof value === "number") return formatNumber(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return String(value);
    return hasOwnToString(value) ? String(value) : inspect(value, { depth: 0 });
  }

  function hasOwnToString(value) {
    if (internals.isProxy(value) || typeof value.toString !== "function") return false;
    if (Object.hasOwn(value, "toString")) return true;
    let at = value;
    do at = Object.getPrototypeOf(at); while (at !== null && !Object.hasOwn(at, "toString"));
    const type = at?.constructor;
    return !(typeof type === "function" && internals.builtIns.has(type));
  }

  function json(value) {
    try {
      return JSON.stringify(value);
    } catch (error) {
      if (error instanceof TypeError && /circular/i.test(error.message)) return "[Circular]";
      throw error;
    }
  }

  const integer = (value, read) =>
    typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : formatNumber(read(value));

  const FORMATS = {
    s: asString,
    d: (value) => integer(value, Number),
    i: (value) => integer(value, parseInt),
    f: (value) => (typeof value === "symbol" ? "NaN" : formatNumber(parseFloat(value))),
    j: json,
    o: (value) => inspect(value, { depth: 4, showHidden: true }),
    O: (value) => inspect(value),
    c: () => "",
  };

  function format(values) {
    const [first] = values;
    if (typeof first !== "string") return values.map(plain).join(" ");
    if (values.length === 1) return first;
    let next = 1;
    const text = first.replace(/%([sdifjoOc%])/g, (placeholder, letter) => {
      if (letter === "%") return "%";
      return next < values.length ? quietly(() => `${FORMATS[letter](values[next++])}`) : placeholder;
    });
    return [text, ...values.slice(next).map(plain)].join(" ");
  }

  const plain = (value) => (typeof value === "string" ? value : inspect(value));

  function write(level, text) {
    const indented = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
    const line = indented.length > LINE_CHARS ? `${indented.slice(0, LINE_CHARS - 1)}…` : indented;
    host.log(level, line.toWellFormed());
  }

  internals.logValues = (level, values) => write(level, quietly(() => format(values)));

  const log = (level, values) => internals.logValues(level, values);
  const label = (value) => (value === undefined ? "default" : quietly(() => `${value}`));

  function elapsed(name) {
    const ms = host.now() - timers.get(name);
    if (ms >= 1000) return `${(ms / 1000).toFixed(3)}s`;
    return `${Number(ms.toFixed(3))}ms`;
  }

  function time(name, values, ends) {
    if (!timers.has(name)) return log(WARN, [`No such label '${name}' for console.time${ends ? "End" : "Log"}()`]);
    log(INFO, [`${name}: ${elapsed(name)}`, ...values]);
    if (ends) timers.delete(name);
  }

  function trace(values) {
    const frames = internals.stackOf(new Error()).split("\n").slice(1);
    const text = format(values);
    log(ERROR, [[`Trace${text === "" ? "" : `: ${text}`}`, ...frames].join("\n")]);
  }

  function table(data, columns) {
    if (typeof data !== "object" || data === null) return log(INFO, [data]);
    internals.logTable(data, columns, (text) => write(INFO, text));
  }

  const methods = {
    log(...values) { log(INFO, values); },
    warn(...values) { log(WARN, values); },
    dir(value, options) { write(INFO, inspect(value, { depth: options?.depth === null ? Infinity : options?.depth ?? 2 })); },
    time(name) {
      const key = label(name);
      if (timers.has(key)) log(WARN, [`Label '${key}' already exists for console.time()`]);
      else timers.set(key, host.now());
    },
    timeEnd(name) { time(label(name), [], true); },
    timeLog(name, ...values) { time(label(name), values, false); },
    trace(...values) { quietly(() => trace(values)); },
    assert(condition, ...values) {
      if (condition) return;
      if (typeof values[0] === "string") log(ERROR, [`Assertion failed: ${values[0]}`, ...values.slice(1)]);
      else log(ERROR, values.length === 0 ? ["Assertion failed"] : ["Assertion failed:", ...values]);
    },
    clear() {},
    count(name) {
      const key = label(name);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      log(INFO, [`${key}: ${counts.get(key)}`]);
    },
    countReset(name) {
      const key = label(name);
      if (!counts.delete(key)) log(WARN, [`Count for '${key}' does not exist`]);
    },
    group(...values) {
      if (values.length > 0) log(INFO, values);
      if (indent.length < 200) indent += "  ";
    },
    groupEnd() { indent = indent.slice(0, -2); },
    table(data, columns) { quietly(() => table(data, columns)); },
    debug(...values) { log(DEBUG, values); },
    info(...values) { log(INFO, values); },
    dirxml(...values) { log(INFO, values); },
    error(...values) { log(ERROR, values); },
    groupCollapsed(...values) { methods.group(...values); },
  };
  const console = Object.assign(Object.create({}), methods);
  Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
  // What a line would be, for the conformance cases, which cannot read the log.
  Object.defineProperty(console, Symbol.for("aerocall.format"), { value: (...values) => format(values) });
  internals.global("console", console);
})
