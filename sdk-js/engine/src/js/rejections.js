// Promises that are rejected and never awaited end as a line in the log.
(function (host, internals) {
  /** Reasons remembered in one call; past that a count is enough to find the bug. */
  const KEPT = 20;
  const unhandled = new Map();
  let dropped = 0;

  /** Rust calls this when a promise is rejected without a handler, and again when it gets one after all. */
  internals.trackRejection = (promise, reason, handled) => {
    if (handled) unhandled.delete(promise);
    else if (unhandled.size < KEPT) unhandled.set(promise, reason);
    else dropped += 1;
  };

  internals.reportUnhandledRejections = () => {
    for (const reason of unhandled.values()) {
      const text = `Unhandled promise rejection: ${internals.inspect(reason)}\n${host.thrownTrace(reason)}`;
      internals.logValues(3, [text.trimEnd()]);
    }
    if (dropped > 0) internals.logValues(3, [`Unhandled promise rejections: ${dropped} more`]);
    unhandled.clear();
    dropped = 0;
  };
})
