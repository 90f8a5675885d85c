// The two error classes of the SDK, and how a thrown denial is recognised.
(function (host, internals) {
  class AerocallError extends Error {
    constructor(message, { code = "internal", retryable = false, cause } = {}) {
      super(message, cause === undefined ? undefined : { cause });
      this.code = code;
      this.retryable = retryable;
    }
  }

  class Deny extends Error {
    constructor(message, { code, status } = {}) {
      super(message);
      this.code = code;
      this.status = status;
    }
  }

  for (const type of [AerocallError, Deny]) {
    Object.defineProperty(type.prototype, "name", { value: type.name, writable: true, configurable: true });
  }

  internals.AerocallError = AerocallError;
  internals.Deny = Deny;

  /** The reply that a thrown value stands for, or null. */
  internals.denyOf = (thrown) => {
    if (!(thrown instanceof Deny)) return null;
    const { code, status, message } = thrown;
    return { deny: { code, status, message: message === "" ? undefined : message } };
  };
})
