// Event, CustomEvent and EventTarget (WHATWG DOM), without a tree: a target is its whole path.
(function (host, internals) {
  const { needs, typeError } = internals;
  const NONE = 0, AT_TARGET = 2;

  /** The state only dispatch may touch; set by the class below. */
  let dispatchState;

  class Event {
    #type;
    #options;
    #state = { target: null, phase: NONE, stopped: false, stoppedNow: false, canceled: false, passive: false, dispatching: false };
    #timeStamp = performance.now();

    constructor(type, options = undefined) {
      needs(arguments.length, ["type"]);
      if (options !== undefined && options !== null && typeof options !== "object" && typeof options !== "function") {
        throw typeError(`The "options" argument must be of type object. Received ${internals.received(options)}`, "ERR_INVALID_ARG_TYPE");
      }
      this.#type = `${type}`;
      this.#options = { bubbles: Boolean(options?.bubbles), cancelable: Boolean(options?.cancelable), composed: Boolean(options?.composed) };
    }

    static { dispatchState = (event) => event.#state; }

    get type() { return this.#type; }
    get target() { return this.#state.target; }
    get srcElement() { return this.#state.target; }
    get currentTarget() { return this.#state.phase === NONE ? null : this.#state.target; }
    get eventPhase() { return this.#state.phase; }
    get bubbles() { return this.#options.bubbles; }
    get cancelable() { return this.#options.cancelable; }
    get composed() { return this.#options.composed; }
    get timeStamp() { return this.#timeStamp; }
    get isTrusted() { return false; }
    get defaultPrevented() { return this.#options.cancelable && this.#state.canceled; }
    get returnValue() { return !this.defaultPrevented; }
    get cancelBubble() { return this.#state.stopped; }
    set cancelBubble(value) { if (value) this.stopPropagation(); }
    composedPath() { return this.#state.phase === NONE ? [] : [this.#state.target]; }
    preventDefault() { if (!this.#state.passive) this.#state.canceled = true; }
    stopPropagation() { this.#state.stopped = true; }
    stopImmediatePropagation() { this.#state.stopped = this.#state.stoppedNow = true; }
  }
  internals.constants(Event, { NONE, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3 });

  class CustomEvent extends Event {
    #detail;
    constructor(type, options = undefined) {
      super(...arguments);
      this.#detail = options?.detail ?? null;
    }
    get detail() { return this.#detail; }
  }

  const isListener = (listener) =>
    typeof listener === "function" || (typeof listener === "object" && listener !== null);

  class EventTarget {
    /** By type: `{ listener, capture, once, passive, removed }`, made when the first listener comes. */
    #listeners = null;

    addEventListener(type, listener, options = undefined) {
      needs(arguments.length, ["type", "listener"]);
      if (listener === null || listener === undefined) return;
      if (!isListener(listener)) {
        throw typeError(`The "listener" argument must be an instance of EventListener. Received ${internals.received(listener)}`,
          "ERR_INVALID_ARG_TYPE");
      }
      const settings = typeof options === "boolean" ? { capture: options } : options ?? {};
      const { signal } = settings;
      if (signal?.aborted) return;
      const capture = Boolean(settings.capture);
      this.#listeners ??= new Map();
      const list = this.#listeners.get(`${type}`) ?? [];
      this.#listeners.set(`${type}`, list);
      if (list.some((entry) => entry.listener === listener && entry.capture === capture)) return;
      list.push({ listener, capture, once: Boolean(settings.once), passive: Boolean(settings.passive), removed: false });
      signal?.addEventListener("abort", () => this.removeEventListener(type, listener, { capture }), { once: true });
    }

    removeEventListener(type, listener, options = undefined) {
      needs(arguments.length, ["type", "listener"]);
      const list = this.#listeners?.get(`${type}`);
      const capture = Boolean(typeof options === "boolean" ? options : options?.capture);
      const at = list?.findIndex((entry) => entry.listener === listener && entry.capture === capture) ?? -1;
      if (at >= 0) list.splice(at, 1)[0].removed = true;
    }

    dispatchEvent(event) {
      if (!(event instanceof Event)) {
        throw typeError(`The "event" argument must be an instance of Event. Received ${internals.received(event)}`, "ERR_INVALID_ARG_TYPE");
      }
      const state = dispatchState(event);
      if (state.dispatching) throw Object.assign(new Error("The event is already being dispatched"), { code: "ERR_EVENT_RECURSION" });
      Object.assign(state, { target: this, phase: AT_TARGET, dispatching: true });
      for (const entry of [...(this.#listeners?.get(event.type) ?? [])]) {
        if (entry.removed) continue;
        if (entry.once) this.removeEventListener(event.type, entry.listener, entry.capture);
        state.passive = entry.passive;
        this.#call(entry.listener, event);
        state.passive = false;
        if (state.stoppedNow) break;
      }
      Object.assign(state, { phase: NONE, dispatching: false, stopped: false, stoppedNow: false });
      return !event.defaultPrevented;
    }

    /** A listener that throws does not keep the others from running; what it threw is reported like a lost rejection. */
    #call(listener, event) {
      try {
        if (typeof listener === "function") listener.call(this, event);
        else listener.handleEvent(event);
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
    }
  }

  for (const type of [Event, CustomEvent, EventTarget]) internals.webClass(type);
  internals.showAs(Event, ({ type, defaultPrevented, cancelable, timeStamp }) => ({ type, defaultPrevented, cancelable, timeStamp }));

  /** `target.on<type>`: one listener that assignment replaces. */
  internals.handlerAttribute = (type, name) => {
    const handlers = new WeakMap();
    Object.defineProperty(type.prototype, `on${name}`, {
      get() { return handlers.get(this)?.handler ?? null; },
      set(handler) {
        const known = handlers.get(this);
        if (known === undefined) {
          const slot = { handler: null };
          handlers.set(this, slot);
          this.addEventListener(name, (event) => slot.handler?.call(this, event));
        }
        handlers.get(this).handler = typeof handler === "function" ? handler : null;
      },
      configurable: true, enumerable: true,
    });
  };
})
