// How console shows a value: Node's `util.inspect` with its defaults. Bounded, and nothing it meets makes it throw.
(function (host, internals) {
  const { kindOf, typedArrayName } = internals;
  const CUSTOM = Symbol.for("nodejs.util.inspect.custom");
  const WIDTH = 80;
  const ITEMS = 100;
  const STRING_CHARS = 10_000;
  /** Characters after which nothing more is looked at: a line in the log holds less. */
  const BUDGET = 32_768;
  const ESCAPE = /[\u0000-\u001f'\\\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const ESCAPE_BUT_QUOTE = new RegExp(ESCAPE.source.replace("'", ""), "g");
  const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\", "'": "\\'" };
  const plural = (count, what) => `${count} ${what}${count > 1 ? "s" : ""}`;
  const more = (count) => `... ${count} more item${count > 1 ? "s" : ""}`;

  function escape(character) {
    const code = character.charCodeAt(0);
    if (SHORT[character] !== undefined) return SHORT[character];
    return code > 255 ? `\\u${code.toString(16)}` : `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
  }

  function quote(text) {
    if (!text.includes("'")) return `'${text.replace(ESCAPE, escape)}'`;
    if (!text.includes('"')) return `"${text.replace(ESCAPE_BUT_QUOTE, escape)}"`;
    if (!text.includes("`") && !text.includes("${")) return `\`${text.replace(ESCAPE_BUT_QUOTE, escape)}\``;
    return `'${text.replace(ESCAPE, escape)}'`;
  }

  const number = (value) => (Object.is(value, -0) ? "-0" : `${value}`);

  function primitive(value, state) {
    switch (typeof value) {
      case "string": return string(value, state);
      case "number": return number(value);
      case "bigint": return `${value}n`;
      case "symbol": return Symbol.prototype.toString.call(value);
      default: return String(value);
    }
  }

  function string(value, state) {
    const cut = value.length - STRING_CHARS;
    const text = cut > 0 ? value.slice(0, STRING_CHARS) : value;
    const trailer = cut > 0 ? `... ${cut} more character${cut > 1 ? "s" : ""}` : "";
    if (text.length <= 16 || text.length <= WIDTH - state.indent - 4) return quote(text) + trailer;
    return text.split(/(?<=\n)/).map(quote).join(` +\n${" ".repeat(state.indent + 2)}`) + trailer;
  }

  function inspect(value, { depth = 2, showHidden = false, bare = false } = {}) {
    const state = { depth, showHidden, bare, indent: 0, current: 0, seen: [], circular: null, left: BUDGET };
    try {
      return format(state, value, 0);
    } catch {
      return "[value that cannot be shown]";
    }
  }

  function format(state, value, level) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      const text = primitive(value, state);
      state.left -= text.length;
      return text;
    }
    if (state.left <= 0) return "…";
    const context = value;
    while (internals.isProxy(value)) {
      value = host.proxyTarget(value);
      if (value === null) return "<Revoked Proxy>";
    }
    const shown = custom(state, value, context, level);
    if (shown !== null) return shown;
    if (state.seen.includes(value)) {
      state.circular ??= new Map();
      if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
      return `[Circular *${state.circular.get(value)}]`;
    }
    return object(state, value, level);
  }

  /** `[Symbol.for("nodejs.util.inspect.custom")]`, which npm packages define; null where there is none. */
  function custom(state, value, context, level) {
    let method;
    try { method = value[CUSTOM]; } catch { return null; }
    if (typeof method !== "function") return null;
    const answer = method.call(context, state.depth - level, { depth: state.depth - level, stylize: String }, inspect);
    if (answer === context) return null;
    return typeof answer === "string" ? answer.replaceAll("\n", `\n${" ".repeat(state.indent)}`) : format(state, answer, level);
  }

  const isInstance = (value, type) => { try { return value instanceof type; } catch { return false; } };

  /** The name of the nearest constructor, null for a null prototype. */
  function constructorName(value) {
    let at = value;
    let depth = 0;
    while (at !== null && depth++ < 100) {
      const { value: type } = Object.getOwnPropertyDescriptor(at, "constructor") ?? {};
      if (typeof type === "function" && !internals.isProxy(type) && type.name !== "" && isInstance(value, type)) return String(type.name);
      at = Object.getPrototypeOf(at);
    }
    const proto = Object.getPrototypeOf(value);
    return proto === null ? null : `${kindOf(value) ?? "Object"} <Complex prototype>`;
  }

  function tagOf(value) {
    try {
      const tag = value[Symbol.toStringTag];
      if (typeof tag !== "string" || tag === "") return "";
      return Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag) ? "" : tag;
    } catch {
      return "";
    }
  }

  function prefix(name, tag, fallback, count = "") {
    if (name === null) {
      return tag !== "" && fallback !== tag ? `[${fallback}${count}: null prototype] [${tag}] ` : `[${fallback}${count}: null prototype] `;
    }
    return tag !== "" && name !== tag ? `${name}${count} [${tag}] ` : `${name}${count} `;
  }

  function keysOf(state, value, indexed) {
    const names = state.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
    const enumerable = (key) => state.showHidden || Object.prototype.propertyIsEnumerable.call(value, key);
    const symbols = Object.getOwnPropertySymbols(value).filter(enumerable);
    const isIndex = (name) => /^(0|[1-9][0-9]{0,9})$/.test(name) && Number(name) < 4_294_967_295;
    return [...(indexed ? names.filter((name) => !isIndex(name)) : names), ...symbols];
  }

  /** An array's own names past its indexes: they come last, so most arrays need no list of a million indexes. */
  function arrayKeys(state, value) {
    if (value.length > 10_000) return Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
    return keysOf(state, value, true);
  }

  const none = () => [];

  /** `{ base, open, close, entries, keys, list }` of each kind. */
  function shape(state, value) {
    const name = constructorName(value);
    const tag = tagOf(value);
    const kind = kindOf(value);
    const plain = { base: "", open: "{", close: "}", entries: none, list: false };
    if (Array.isArray(value)) {
      const open = name !== "Array" || tag !== "" ? prefix(name, tag, "Array", `(${value.length})`) : "";
      return { ...plain, name, tag, open: `${open}[`, close: "]", list: true, keys: arrayKeys(state, value), entries: array };
    }
    if (kind === "TypedArray") {
      const open = `${prefix(name, tag, typedArrayName(value), `(${value.length})`)}[`;
      return { ...plain, name, tag, open, close: "]", list: true, keys: arrayKeys(state, value), entries: typedArray };
    }
    const keys = keysOf(state, value, kind === "String");
    const made = { ...plain, name, tag, keys };
    if (typeof value === "function") return { ...made, base: functionBase(value, kind, name, tag), alone: true };
    const opened = (fallback, count) => `${prefix(name, tag, fallback, count)}{`;
    switch (kind) {
      case "Set": {
        const count = Object.getOwnPropertyDescriptor(Set.prototype, "size").get.call(value);
        return { ...made, open: opened("Set", `(${count})`), entries: set, count };
      }
      case "Map": {
        const count = Object.getOwnPropertyDescriptor(Map.prototype, "size").get.call(value);
        return { ...made, open: opened("Map", `(${count})`), entries: map, count };
      }
      case "Map Iterator": case "Set Iterator": return { ...made, open: `[${tag || kind}] {`, entries: () => ["<items unknown>"] };
      case "Arguments":
        return { ...made, open: "[Arguments] {" };
      case "RegExp": return alone(made, RegExp.prototype.toString.call(value), "RegExp");
      case "Date": {
        const time = Date.prototype.getTime.call(value);
        return alone(made, Number.isNaN(time) ? "Invalid Date" : Date.prototype.toISOString.call(value), "Date");
      }
      case "Error": case "DOMException": return { ...made, base: error(state, value, name, tag, keys), alone: true };
      case "ArrayBuffer": case "SharedArrayBuffer":
        return { ...made, open: opened(kind), keys: ["byteLength", ...keys], entries: buffer };
      case "DataView": return { ...made, open: opened(kind), keys: ["byteLength", "byteOffset", "buffer", ...keys] };
      case "Promise": return { ...made, open: opened(kind), entries: promise };
      case "WeakSet": case "WeakMap": return { ...made, open: opened(kind), entries: () => ["<items unknown>"] };
      case "WeakRef": return { ...made, open: opened(kind), entries: (inner, ref, deeper) => [nested(inner, ref.deref(), deeper)] };
      case "Generator": case "AsyncGenerator": return { ...made, open: `Object [${kind}] {` };
      case "Number": case "String": case "Boolean": case "BigInt": case "Symbol": return { ...made, base: box(state, value, kind, name, tag), alone: true };
    }
    if (isInstance(value, Error)) return { ...made, base: error(state, value, name, tag, keys), alone: true };
    return { ...made, open: name === "Object" && tag === "" ? "{" : opened("Object") };
  }

  function alone(made, text, kind) {
    const before = prefix(made.name, made.tag, kind);
    return { ...made, base: before === `${kind} ` ? text : `${before}${text}`, alone: true };
  }

  function object(state, value, level) {
    const made = shape(state, value);
    const { base, open, close, keys, list } = made;
    if (made.alone && keys.length === 0) return spend(state, base);
    if (keys.length === 0 && isEmpty(value, made)) return spend(state, `${open}${close}`);
    if (level > state.depth) {
      if (made.alone && ["RegExp", "Error"].includes(kindOf(value))) return spend(state, base);
      const shown = prefix(made.name, made.tag, "Object").slice(0, -1);
      return spend(state, Array.isArray(value) ? "[Array]" : made.name === null ? shown : `[${shown}]`);
    }
    return members(state, value, level + 1, base, open, close, keys, list, made.entries);
  }

  function isEmpty(value, made) {
    if (made.list) return value.length === 0;
    return made.count === 0 || (made.base === "" && made.entries === none);
  }

  function spend(state, text) {
    state.left -= text.length;
    return text;
  }

  function members(state, value, level, base, open, close, keys, list, entries) {
    state.seen.push(value);
    state.current = level;
    const output = entries(state, value, level);
    for (let i = 0; i < keys.length; i++) {
      if (state.left <= 0) {
        output.push(`... ${keys.length - i} more`);
        break;
      }
      output.push(property(state, value, level, keys[i], false));
    }
    state.seen.pop();
    const reference = state.circular?.get(value);
    const start = reference === undefined ? base : base === "" ? `<ref *${reference}>` : `<ref *${reference}> ${base}`;
    return lineUp(state, output, start, open, close, list, level, value);
  }

  function property(state, value, level, key, bare) {
    const found = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
    let text;
    if (found.get !== undefined) text = found.set === undefined ? "[Getter]" : "[Getter/Setter]";
    else if (found.set !== undefined) text = "[Setter]";
    else text = nested(state, found.value, level);
    return bare ? text : `${nameOf(key, found)}: ${text}`;
  }

  function nameOf(key, { enumerable }) {
    if (typeof key === "symbol") return `[${Symbol.prototype.toString.call(key).replace(ESCAPE, escape)}]`;
    if (key === "__proto__") return "['__proto__']";
    if (!enumerable) return `[${key.replace(ESCAPE, escape)}]`;
    return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quote(key);
  }

  function nested(state, value, level) {
    state.indent += 2;
    const text = format(state, value, level);
    state.indent -= 2;
    return text;
  }

  function array(state, value, level) {
    const output = [];
    const { length } = value;
    let index = 0;
    while (index < length && output.length < ITEMS && state.left > 0) {
      if (Object.hasOwn(value, index)) {
        output.push(property(state, value, level, String(index), true));
        index += 1;
        continue;
      }
      const next = nextIndex(value, index, length);
      output.push(`<${plural(next - index, "empty item")}>`);
      index = next;
    }
    if (index < length) output.push(more(length - index));
    return output;
  }

  /** Where the hole at `from` ends; a long one is measured over the keys instead of one by one. */
  function nextIndex(value, from, length) {
    for (let index = from; index < length && index < from + 1000; index++) if (Object.hasOwn(value, index)) return index;
    if (length <= from + 1000) return length;
    const next = Object.keys(value).find((key) => Number(key) >= from && /^\d+$/.test(key));
    return next === undefined ? length : Number(next);
  }

  function typedArray(state, value) {
    const output = [];
    const { length } = value;
    for (let i = 0; i < Math.min(length, ITEMS); i++) output.push(spend(state, primitive(value[i], state)));
    if (length > ITEMS) output.push(more(length - ITEMS));
    return output;
  }

  function collect(state, items, count, show) {
    const output = [];
    state.indent += 2;
    for (const item of items) {
      if (output.length >= ITEMS || state.left <= 0) break;
      output.push(show(item));
    }
    state.indent -= 2;
    if (count > output.length) output.push(more(count - output.length));
    return output;
  }

  const set = (state, value, level) =>
    collect(state, Set.prototype.values.call(value), value.size, (item) => format(state, item, level));
  const map = (state, value, level) =>
    collect(state, Map.prototype.entries.call(value), value.size, ([key, item]) => `${format(state, key, level)} => ${format(state, item, level)}`);

  function buffer(state, value) {
    if (value.detached) return ["(detached)"];
    const bytes = new Uint8Array(value);
    const shown = Array.from(bytes.subarray(0, ITEMS), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const rest = bytes.length - ITEMS;
    return [spend(state, `[Uint8Contents]: <${shown}${rest > 0 ? ` ... ${plural(rest, "more byte")}` : ""}>`)];
  }

  function promise(state, value, level) {
    const [settled, result] = host.promiseState(value);
    if (settled === 0) return ["<pending>"];
    return [settled === 2 ? `<rejected> ${nested(state, result, level)}` : nested(state, result, level)];
  }

  function box(state, value, kind, name, tag) {
    const inner = globalThis[kind].prototype.valueOf.call(value);
    const type = kind === name ? "" : name === null ? " (null prototype)" : ` (${name})`;
    return `[${kind}${type}: ${primitive(inner, { ...state, indent: 0 })}]${tag !== "" && tag !== name ? ` [${tag}]` : ""}`;
  }

  function functionBase(value, kind, name, tag) {
    const source = Function.prototype.toString.call(value);
    const own = typeof value.name === "string" ? value.name : "";
    if (/^class[\s{]/.test(source)) {
      const parent = Object.getPrototypeOf(value)?.name;
      return `[class ${own || "(anonymous)"}${name !== "Function" && name !== null ? ` [${name}]` : ""}` +
        `${name === null ? " extends [null prototype]" : parent ? ` extends ${parent}` : ""}]`;
    }
    const type = kind?.endsWith("Function") ? kind : "Function";
    const base = `[${type}${name === null ? " (null prototype)" : ""}${own === "" ? " (anonymous)" : `: ${own}`}]`;
    return base + (name !== type && name !== null ? ` ${name}` : "") + (tag !== "" && tag !== name ? ` [${tag}]` : "");
  }

  function error(state, value, name, tag, keys) {
    let stack = stackText(value);
    const label = value.name !== undefined && value.name !== null ? String(value.name) : "Error";
    for (const key of ["name", "message", "stack"]) {
      const at = keys.indexOf(key);
      if (at >= 0 && stack.includes(value[key])) keys.splice(at, 1);
    }
    if ("cause" in value && !keys.includes("cause")) keys.push("cause");
    if (Array.isArray(value.errors) && !keys.includes("errors")) keys.push("errors");
    const regular = label.endsWith("Error") && stack.startsWith(label) && ["", ":", "\n"].includes(stack.charAt(label.length));
    if (name === null || regular) {
      const shown = prefix(name, tag, "Error").slice(0, -1);
      if (label !== shown) {
        const rest = stack.slice(label.length);
        stack = shown.includes(label) ? `${shown}${rest}` : `${shown} [${label}]${rest}`;
      }
    }
    if (state.bare && state.seen.length === 0) return "";
    if (!stack.includes("\n    at")) stack = `[${stack}]`;
    return state.indent === 0 ? stack : stack.replaceAll("\n", `\n${" ".repeat(state.indent)}`);
  }

  function stackText(value) {
    const { stack } = value;
    if (typeof stack !== "string" || stack === "") return Error.prototype.toString.call(value);
    return stack.startsWith("    at ") ? `${Error.prototype.toString.call(value)}\n${stack.trimEnd()}` : stack;
  }

  /** Seven and more items of a list stand in columns. */
  function columns(state, output, value) {
    const extra = output.length > ITEMS ? 1 : 0;
    const count = output.length - extra;
    const lengths = output.slice(0, count).map((text) => text.length);
    const total = lengths.reduce((sum, length) => sum + length + 2, 0);
    const longest = Math.max(...lengths);
    const widest = longest + 2;
    if (widest * 3 + state.indent >= WIDTH || !(total / widest > 5 || longest <= 6)) return output;
    const biased = Math.max(widest - 3 - Math.sqrt(widest - total / output.length), 1);
    const across = Math.min(Math.round(Math.sqrt(2.5 * biased * count) / biased), Math.floor((WIDTH - state.indent) / widest), 12);
    if (across <= 1) return output;
    const widths = Array.from({ length: across }, (_, column) =>
      lengths.reduce((most, length, i) => (i % across === column ? Math.max(most, length) : most), 0) + 2);
    const numeric = value !== undefined && output.every((_, i) => typeof value[i] === "number" || typeof value[i] === "bigint");
    const rows = [];
    for (let row = 0; row < count; row += across) {
      const last = Math.min(row + across, count) - 1;
      let line = "";
      for (let i = row; i < last; i++) {
        line += numeric ? `${output[i]}, `.padStart(widths[i - row]) : `${output[i]}, `.padEnd(widths[i - row]);
      }
      rows.push(line + (numeric ? output[last].padStart(widths[last - row] - 2) : output[last]));
    }
    if (extra === 1) rows.push(output[count]);
    return rows;
  }

  function lineUp(state, output, base, open, close, list, level, value) {
    const grouped = list && output.length > 6 ? columns(state, output, value) : output;
    const start = base === "" ? open : `${base} ${open}`;
    if (state.current - level < 3 && grouped === output) {
      const room = output.length + state.indent + open.length + base.length + 10 + output.length;
      const length = output.reduce((sum, text) => sum + text.length, room);
      const joined = output.join(", ");
      if (length <= WIDTH && !base.includes("\n") && !joined.includes("\n")) return `${start} ${joined} ${close}`;
    }
    const indent = `\n${" ".repeat(state.indent)}`;
    return `${start}${indent}  ${grouped.join(`,${indent}  `)}${indent}${close}`;
  }

  /** Web classes keep their state private; this is what they show, as in Node. */
  internals.showAs = (type, parts) => {
    const show = function (depth, options) {
      if (depth < 0) return `[${type.name}]`;
      const shown = parts(this);
      return typeof shown === "string" ? shown : `${type.name} ${inspect(shown, options)}`;
    };
    Object.defineProperty(type.prototype, CUSTOM, { value: show, writable: true, configurable: true, enumerable: false });
  };

  internals.inspect = inspect;
  internals.formatNumber = number;
})
