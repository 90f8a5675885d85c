// Aerocall: the SDK object that hooks receive, over the host's native functions.
(function (host, internals) {
  const { AerocallError, Deny } = internals;

  function invalid(message) {
    return new AerocallError(message, { code: "invalid_argument" });
  }

  function text(value, what) {
    if (typeof value !== "string") throw invalid(`${what} must be a string, got ${value === null ? "null" : typeof value}`);
    return value.toWellFormed();
  }

  function wholeNumber(value, what, least, most) {
    if (value === undefined || value === null) return null;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      throw invalid(`${what} must be a whole number from ${least} to ${most}, got ${typeof value === "string" ? JSON.stringify(value) : String(value)}`);
    }
    return value;
  }

  function toJson(value, what) {
    const json = JSON.stringify(value);
    if (json === undefined) throw invalid(`${what} must be a JSON value, got ${typeof value}`);
    return json;
  }

  const ttlSeconds = (options) => wholeNumber(options?.ttl, "ttl (seconds)", 1, 2_592_000);

  const cache = {
    async get(key) {
      const json = host.cacheGet(text(key, "the cache key"));
      return json === null || json === undefined ? null : JSON.parse(json);
    },
    async set(key, value, options) {
      host.cacheSet(text(key, "the cache key"), toJson(value, "the cached value"), ttlSeconds(options));
    },
    async delete(key) {
      return host.cacheDelete(text(key, "the cache key"));
    },
    async increment(key, by = 1, options) {
      const step = wholeNumber(by, "the increment", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ?? 1;
      return host.cacheIncrement(text(key, "the cache key"), step, ttlSeconds(options));
    },
    async setIfAbsent(key, value, options) {
      return host.cacheSetIfAbsent(text(key, "the cache key"), toJson(value, "the cached value"), ttlSeconds(options));
    },
  };

  const INT64 = 1n << 63n;

  function parameter(value, index) {
    const refuse = (problem) => invalid(`parameter ${index + 1} ${problem}`);
    switch (typeof value) {
      case "string": return value.toWellFormed();
      case "boolean": case "undefined": return value;
      case "bigint":
        if (value < -INT64 || value >= INT64) throw refuse("is a bigint of more than 64 bits");
        return value;
      case "number":
        if (!Number.isFinite(value)) throw refuse(`is ${value}, which SQL has no value for`);
        return value;
      case "object": break;
      default: throw refuse(`is a ${typeof value}, which SQL has no type for`);
    }
    if (value === null) return null;
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw refuse("is an invalid date");
      return { timestamp: value.toISOString() };
    }
    return internals.bytesOf(value) ?? { json: toJson(value, `parameter ${index + 1}`) };
  }

  function parameters(params) {
    if (params === undefined || params === null) return [];
    if (!Array.isArray(params)) throw invalid("the parameters of a statement must be an array");
    return params.map(parameter);
  }

  const isJson = (value) => typeof value === "object" && value !== null && typeof value.json === "string";

  function statements(transaction) {
    return {
      async query(sql, params) {
        const { columns, rows } = host.dbQuery(transaction, text(sql, "the SQL"), parameters(params));
        return rows.map((row) =>
          Object.fromEntries(columns.map((name, i) => [name, isJson(row[i]) ? JSON.parse(row[i].json) : row[i]])));
      },
      async execute(sql, params) {
        return { rowsAffected: host.dbExecute(transaction, text(sql, "the SQL"), parameters(params)) };
      },
    };
  }

  const db = {
    ...statements(null),
    async transaction(work) {
      const site = new Error();
      const number = host.dbBegin();
      const end = (how) => {
        try {
          host.dbEnd(number, how);
        } catch (error) {
          throw internals.standAt(error, site);
        }
      };
      let result;
      try {
        result = await work(statements(number));
      } catch (error) {
        end("rollback");
        throw error;
      }
      end("commit");
      return result;
    },
  };

  const queue = {
    async enqueue(name, message, options = {}) {
      const delay = wholeNumber(options.delaySeconds, "delaySeconds", 0, 604_800) ?? 0;
      const key = options.idempotencyKey === undefined ? null : text(options.idempotencyKey, "idempotencyKey");
      return { id: host.queueEnqueue(text(name, "the queue's name"), toJson(message, "the message"), delay, key) };
    },
  };

  const auth = {
    async getUser(user) {
      const byEmail = typeof user === "object" && user !== null;
      const id = byEmail ? null : text(user, "the user's id");
      const json = host.authGetUser(id, byEmail ? text(user.email, "email") : null);
      return json === null || json === undefined ? null : JSON.parse(json);
    },
    async updateUser(id, patch) {
      return JSON.parse(host.authUpdateUser(text(id, "the user's id"), toJson(patch, "the patch")));
    },
    async listSessions(userId) {
      return host.authListSessions(text(userId, "the user's id"));
    },
    async revokeSessions(userId) {
      return host.authRevokeSessions(text(userId, "the user's id"));
    },
    async sendEmail({ to, template, subject, text: plain, html, data = {} } = {}) {
      const address = text(to, "to");
      if (template !== undefined) return { id: host.authSendTemplate(address, text(template, "template"), toJson(data, "data")) };
      const body = plain === undefined ? null : text(plain, "text");
      return { id: host.authSendContent(address, text(subject, "subject"), body, html === undefined ? null : text(html, "html")) };
    },
  };

  function macBytes(value, what) {
    if (typeof value === "string") return new TextEncoder().encode(value.toWellFormed());
    const bytes = internals.bytesOf(value);
    if (bytes === null) throw invalid(`${what} must be a string or bytes, got ${value === null ? "null" : typeof value}`);
    return bytes;
  }

  /** As text it is a placeholder, which the host replaces when a request leaves for a host the secret is approved for. */
  class SecretHandle {
    #name;
    #placeholder;
    constructor(name, placeholder) {
      this.#name = name;
      this.#placeholder = placeholder;
    }
    get name() { return this.#name; }
    async hmac(hash, data) { return host.secretHmac(this.#name, text(hash, "the hash"), macBytes(data, "the data")); }
    /** Compares in a time that does not depend on where the two differ. */
    async verify(hash, data, signature) {
      const [right, given] = [await this.hmac(hash, data), macBytes(signature, "the signature")];
      let difference = right.length ^ given.length;
      for (let i = 0; i < right.length; i++) difference |= right[i] ^ given[i];
      return difference === 0;
    }
    toString() { return this.#placeholder; }
    toJSON() { return this.#placeholder; }
  }

  const secrets = {
    async get(name) {
      const known = text(name, "the secret's name");
      return new SecretHandle(known, host.secretPlaceholder(known));
    },
  };

  class PasswordHandle {
    #handle;
    constructor(handle) { this.#handle = handle; }
    async verify(userId) { return host.passwordVerify(this.#handle, text(userId, "the user's id")); }
    async strength() { return host.passwordStrength(this.#handle); }
    toString() { return "[password]"; }
    toJSON() { return this.toString(); }
  }

  const line = (level) => (...values) => internals.logValues(level, values);
  const log = { debug: line(0), info: line(1), warn: line(2), error: line(3) };

  const Aerocall = { auth, db, cache, queue, Queue: queue, secrets, log, Deny, AerocallError };
  Object.defineProperty(globalThis, "Aerocall", { value: Aerocall, writable: true, configurable: true });
  internals.Aerocall = Aerocall;
  internals.invalid = invalid;
  internals.text = text;
  internals.showAs(SecretHandle, ({ name }) => `[secret ${name}]`);
  internals.showAs(PasswordHandle, () => "[password]");

  /** Puts the handle object where the payload carries its number. */
  internals.revivePayload = (payload) => {
    const { password } = payload;
    if (typeof password?.handle === "number") payload.password = new PasswordHandle(password.handle);
    return payload;
  };

  const generators = [function* () {}, async function* () {}].map(Object.getPrototypeOf);

  /** A function that runs when it is called: a class throws, and a generator function runs nothing of it. */
  const runs = (value) =>
    typeof value === "function" &&
    Object.getOwnPropertyDescriptor(value, "prototype")?.writable !== false &&
    !generators.includes(Object.getPrototypeOf(value));

  /** Pairs of name and function: exported functions, and the handlers in `on`. */
  internals.collectHooks = (exported) => {
    const found = new Map();
    const members = { ...exported.default, ...exported };
    for (const [name, value] of Object.entries(members)) {
      if (runs(value) && name !== "default") found.set(name, value);
    }
    for (const [event, handler] of Object.entries(members.on ?? {})) {
      if (runs(handler)) found.set(event, handler);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  };
})
