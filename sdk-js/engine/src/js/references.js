// WeakRef: what a reference was made of or has answered stays until no promise job is left, as the language says
// (ECMA-262, KeepDuringJob). QuickJS counts references and would let go of it in the middle of an expression.
(function (host, internals) {
  const Native = WeakRef;
  const deref = Native.prototype.deref;
  const kept = new Set();

  function WeakReference(target) {
    if (new.target === undefined) throw new TypeError("Constructor WeakRef requires 'new'");
    const reference = Reflect.construct(Native, [target], new.target);
    kept.add(target);
    return reference;
  }
  Object.defineProperty(WeakReference, "name", { value: "WeakRef", configurable: true });
  Object.defineProperty(WeakReference, "prototype", { value: Native.prototype, writable: false });
  const method = { deref() {
    const target = deref.call(this);
    if (target !== undefined) kept.add(target);
    return target;
  } }.deref;
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(Native.prototype, "constructor", { value: WeakReference, ...hidden });
  Object.defineProperty(Native.prototype, "deref", { value: method, ...hidden });
  internals.global("WeakRef", WeakReference);

  internals.letGo = () => kept.clear();
})
