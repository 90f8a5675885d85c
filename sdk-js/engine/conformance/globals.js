// Which globals there are and how they look.
const flags = (name) => { const d = Object.getOwnPropertyDescriptor(globalThis, name); return d === undefined ? "absent" : [d.enumerable, d.configurable, typeof globalThis[name]]; };
const tag = (value) => Object.prototype.toString.call(value);
export const cases = {
  classes: () => ["URL", "URLSearchParams", "TextEncoder", "TextDecoder", "Event", "EventTarget", "AbortController", "AbortSignal", "DOMException", "Headers", "Request", "Response", "CustomEvent", "CryptoKey", "SubtleCrypto", "Crypto"].map((n) => [n, flags(n)]),
  functions: () => ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate", "queueMicrotask", "structuredClone", "atob", "btoa", "fetch"].map((n) => [n, flags(n)]),
  objects: () => ["console", "performance", "globalThis"].map((n) => [n, flags(n)]),
  standard: () => ["Object", "Promise", "WeakRef", "FinalizationRegistry", "Atomics", "SharedArrayBuffer", "AggregateError", "BigInt"].map((n) => [n, flags(n)]),
  tags: () => [tag(console), tag(globalThis.performance), tag(new Headers()), tag(new Response()), tag(new AbortController()), tag(new Event("x")), tag(new EventTarget()), tag(Math), tag(JSON), tag(Reflect)],
  lengths: () => [URL.length, URLSearchParams.length, atob.length, EventTarget.prototype.addEventListener.length],
  names: () => [URL.name, fetch.name, setTimeout.name, atob.name, structuredClone.name, queueMicrotask.name, console.log.name],
  thisIsUndefined: () => { function f() { return this; } return f() === undefined; },
  globalThisSelf: () => globalThis.globalThis === globalThis,
  performance: () => { const a = performance.now(); const b = performance.now(); return [typeof a, b >= a, a >= 0 && a < 1e7, typeof performance.timeOrigin, performance.timeOrigin > 1.6e12]; },
  noRequire: () => [typeof window, typeof document, typeof XMLHttpRequest, typeof importScripts],
  callWithoutNew: () => TextEncoder(),
  consoleMethods: () => ["log", "info", "debug", "warn", "error", "trace", "assert", "count", "countReset", "group", "groupEnd", "groupCollapsed", "table", "dir", "time", "timeEnd", "timeLog"].map((n) => typeof console[n]),
  extracted: () => { const { now } = Date; return typeof now(); },
};
