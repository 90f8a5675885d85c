// Promises that are rejected and never awaited end as a line in the log.
(function (host, internals) {
  internals.reportUnhandledRejections = () => {};
})
