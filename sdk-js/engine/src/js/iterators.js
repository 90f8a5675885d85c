// The iterator objects of web collections: `next` on a prototype that inherits from %IteratorPrototype%.
(function (host, internals) {
  const base = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

  internals.iteratorClass = (name) => {
    class Iterator {
      #step;
      constructor(step) { this.#step = step; }
      next() { return this.#step(); }
    }
    delete Iterator.prototype.constructor;
    Object.setPrototypeOf(Iterator.prototype, base);
    Object.defineProperty(Iterator.prototype, "next", { enumerable: true });
    Object.defineProperty(Iterator.prototype, Symbol.toStringTag, { value: name, configurable: true });
    return Iterator;
  };
})
