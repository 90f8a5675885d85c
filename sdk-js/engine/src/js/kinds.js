// The class of a value whatever its prototype says. The engine numbers its classes; samples tell which number is which.
(function (host, internals) {
  const samples = {
    Error: new Error(), Number: Object(0), String: Object(""), Boolean: Object(true), Symbol: Object(Symbol()),
    BigInt: Object(0n), Arguments: (function () { return arguments; })(), Date: new Date(0), RegExp: /a/,
    ArrayBuffer: new ArrayBuffer(0), SharedArrayBuffer: new SharedArrayBuffer(0), DataView: new DataView(new ArrayBuffer(0)),
    Map: new Map(), Set: new Set(), WeakMap: new WeakMap(), WeakSet: new WeakSet(), WeakRef: new WeakRef({}),
    "Map Iterator": new Map().entries(), "Set Iterator": new Set().values(), Promise: Promise.resolve(),
    Generator: (function* () {})(), AsyncGenerator: (async function* () {})(), Proxy: new Proxy({}, {}),
    GeneratorFunction: function* () {}, AsyncFunction: async () => {}, AsyncGeneratorFunction: async function* () {},
    DOMException: new DOMException("", "Error"),
  };
  const names = new Map();
  for (const [name, sample] of Object.entries(samples)) names.set(host.classId(sample), name);
  // Sloppy functions have mapped arguments, which is another class; this file is strict.
  names.set(host.classId(new Function("return arguments")()), "Arguments");
  const typed = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
    Float64Array, BigInt64Array, BigUint64Array, globalThis.Float16Array].filter(Boolean);
  for (const type of typed) names.set(host.classId(new type(0)), "TypedArray");
  const proxy = host.classId(samples.Proxy);

  /** `Map`, `TypedArray`, `Proxy`, …; undefined for plain objects, arrays and plain functions. */
  internals.kindOf = (object) => names.get(host.classId(object));
  internals.isProxy = (object) => host.classId(object) === proxy;

  /** The language's own constructors: `%s` does not call their `toString`. */
  internals.builtIns = new Set(Object.getOwnPropertyNames(globalThis)
    .filter((name) => /^[A-Z]/.test(name) && typeof globalThis[name] === "function").map((name) => globalThis[name]));

  const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), Symbol.toStringTag).get;
  /** `Uint8Array` and so on, for a typed array. */
  internals.typedArrayName = (view) => tag.call(view);
})
