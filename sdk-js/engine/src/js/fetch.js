// fetch, Request, Response and `Aerocall.http` over the host's one batched call.
(function (host, internals) {
  const { AerocallError, Body, extractBody, takeBody, typeError, usv, invalid } = internals;
  const NORMALIZED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
  const REDIRECTS = new Set([301, 302, 303, 307, 308]);
  const NULL_BODY = new Set([101, 103, 204, 205, 304]);
  const TIMEOUT_MS = 0xffff_ffff;

  function methodOf(value) {
    const text = `${value}`;
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)) throw typeError(`'${text}' is not a valid HTTP method.`);
    const upper = text.toUpperCase();
    if (["CONNECT", "TRACE", "TRACK"].includes(upper)) throw typeError(`'${text}' HTTP method is unsupported.`);
    return NORMALIZED.has(upper) ? upper : text;
  }

  function urlOf(input) {
    let url;
    try {
      url = new URL(usv(input));
    } catch (cause) {
      throw Object.assign(new TypeError(`Failed to parse URL from ${input}`, { cause }), {});
    }
    if (url.username !== "" || url.password !== "") {
      throw typeError(`Request cannot be constructed from a URL that includes credentials: ${url}`);
    }
    return url.href;
  }

  function dictionary(init) {
    if (init === undefined || init === null) return {};
    if (typeof init === "object" || typeof init === "function") return init;
    throw typeError(`Dictionary: ${internals.received(init)} is not one of: Null, Undefined, Object.`);
  }

  class Request extends Body {
    #url;
    #method;
    #headers;
    #signal;
    #options;

    constructor(input, init = {}) {
      internals.needs(arguments.length, ["input"]);
      const from = input instanceof Request ? input : null;
      const settings = dictionary(init);
      const method = settings.method === undefined ? from?.method ?? "GET" : methodOf(settings.method);
      const given = extractBody(settings.body);
      const hasBody = given.content !== null || (from !== null && internals.hasBody(from));
      if (hasBody && (method === "GET" || method === "HEAD")) throw typeError("Request with GET/HEAD method cannot have body.");
      if (given.content?.stream !== undefined && settings.duplex === undefined) {
        throw typeError("RequestInit: duplex option is required when sending a body.");
      }
      super(given.content ?? (from === null ? null : takeBody(from, "Cannot construct a Request with a Request object that has already been used.")));
      this.#url = from === null ? urlOf(input) : from.url;
      this.#method = method;
      this.#headers = new Headers(settings.headers === undefined ? from?.headers : settings.headers);
      if (given.type !== null && !this.#headers.has("content-type")) this.#headers.set("content-type", given.type);
      this.#signal = settings.signal === undefined ? from?.#signal ?? null : settings.signal;
      if (this.#signal !== null && !(this.#signal instanceof AbortSignal)) {
        throw typeError("Request constructor: signal must be an AbortSignal");
      }
      const { redirect = from?.redirect ?? "follow", timeout = from?.#options.timeout } = settings;
      if (!["follow", "error", "manual"].includes(redirect)) {
        throw typeError(`Request constructor: ${redirect} is not an accepted type. Expected one of follow, error, manual.`);
      }
      this.#options = { redirect, timeout };
    }

    get method() { return this.#method; }
    get url() { return this.#url; }
    get headers() { return this.#headers; }
    get redirect() { return this.#options.redirect; }
    get signal() { return this.#signal ??= new AbortController().signal; }
    get destination() { return ""; }
    get referrer() { return "about:client"; }
    get mode() { return "cors"; }
    get credentials() { return "same-origin"; }
    get cache() { return "default"; }
    get keepalive() { return false; }
    get duplex() { return "half"; }
    get integrity() { return ""; }
    get referrerPolicy() { return ""; }
    clone() {
      const copy = new Request(this.#url, { method: this.#method, headers: this.#headers, signal: this.#signal, ...this.#options });
      internals.copyBody(this, copy, "unusable");
      return copy;
    }

    /** What the host is asked, with the shortest of the deadlines that are known. */
    static toWire(request, body) {
      const deadline = request.#signal === null ? null : internals.deadlineOf(request.#signal);
      const waits = [request.#options.timeout, deadline === null ? undefined : Math.max(1, Math.ceil(deadline - host.now()))]
        .filter((ms) => ms !== undefined);
      return {
        method: request.#method, url: request.#url, headers: internals.wireHeaders(request.#headers),
        redirect: request.#options.redirect,
        ...(body === null ? {} : { body }),
        ...(waits.length === 0 ? {} : { timeoutMs: Math.min(...waits, TIMEOUT_MS) }),
      };
    }
    static abortReason(request) { return request.#signal?.aborted ? { reason: request.#signal.reason } : null; }
    static onAbort(request, callback) { request.#signal?.addEventListener("abort", callback, { once: true }); }
  }
  const { toWire, abortReason, onAbort } = Request;
  for (const name of ["toWire", "abortReason", "onAbort"]) delete Request[name];

  /** Set by the class: a response that came from the network. */
  let fromNetwork;

  class Response extends Body {
    #status;
    #statusText;
    #headers;
    #url = "";
    #redirected = false;
    #type = "default";

    constructor(body = null, init = {}) {
      const { status = 200, statusText = "", headers = undefined } = dictionary(init);
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(`${statusText}`)) throw typeError("Invalid statusText");
      const code = Math.trunc(Number(status));
      if (!(code >= 200 && code <= 599)) throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
      const given = extractBody(body);
      if (given.content !== null && NULL_BODY.has(code)) throw typeError(`Response constructor: Invalid response status code ${code}`);
      super(given.content);
      this.#status = code;
      this.#statusText = `${statusText}`;
      this.#headers = new Headers(headers);
      if (given.type !== null && !this.#headers.has("content-type")) this.#headers.set("content-type", given.type);
    }

    static {
      fromNetwork = (answer, asked) => {
        const response = new Response(NULL_BODY.has(answer.status) ? null : answer.body, { headers: answer.headers });
        response.#status = answer.status;
        response.#url = answer.url;
        response.#redirected = answer.url !== asked.replace(/#.*$/, "");
        response.#type = "basic";
        return response;
      };
    }

    static json(data, init = {}) {
      const text = JSON.stringify(data);
      if (text === undefined) throw typeError("Value is not JSON serializable");
      const response = new Response(text, init);
      if (!new Headers(init?.headers).has("content-type")) response.headers.set("content-type", "application/json");
      return response;
    }

    static error() {
      const response = new Response();
      response.#status = 0;
      response.#type = "error";
      return response;
    }

    static redirect(url, status = 302) {
      if (!REDIRECTS.has(status)) throw new RangeError(`Invalid status code ${status}`);
      return new Response(null, { status, headers: { location: new URL(url).href } });
    }

    get type() { return this.#type; }
    get url() { return this.#url; }
    get redirected() { return this.#redirected; }
    get status() { return this.#status; }
    get ok() { return this.#status >= 200 && this.#status <= 299; }
    get statusText() { return this.#statusText; }
    get headers() { return this.#headers; }

    clone() {
      const copy = new Response(null, { headers: this.#headers, statusText: this.#statusText });
      internals.copyBody(this, copy, "Response.clone: Body has already been consumed.");
      copy.#status = this.#status;
      copy.#url = this.#url;
      copy.#redirected = this.#redirected;
      copy.#type = this.#type;
      return copy;
    }
  }

  /** Requests that wait for the hook to have nothing else to do; then they all go out in one host call. */
  let waiting = [];

  function enqueue(request, body, site) {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) internals.whenIdle(sendWaiting);
      const fail = (error) => reject(internals.standAt(error, site));
      waiting.push({ request, body, resolve, reject, fail });
      // A signal that aborts before the answer is handed out wins, as it would against a real connection.
      onAbort(request, () => reject(abortReason(request).reason));
    });
  }

  function sendWaiting() {
    const batch = waiting.filter(({ request }) => abortReason(request) === null);
    waiting = [];
    if (batch.length === 0) return;
    let answers;
    try {
      answers = host.httpSend(batch.map(({ request, body }) => toWire(request, body)));
    } catch (error) {
      for (const { fail } of batch) fail(error);
      return;
    }
    // Timers that fell due while the host worked come first: one of them may abort a request.
    internals.afterDueTimers(() => {
      for (let i = 0; i < batch.length; i++) settle(batch[i], answers[i]);
    });
  }

  function settle({ request, resolve, reject, fail }, answer) {
    if (answer.error === undefined) {
      try {
        return resolve(fromNetwork(answer, request.url));
      } catch (error) {
        // What a host answers never ends the call from outside of the hook's own code.
        return fail(error);
      }
    }
    const { code, message, retryable } = answer.error;
    const reason = abortReason(request)?.reason;
    const passed = reason === undefined && code === "timeout" && internals.deadlineOf(request.signal) !== null;
    if (passed) return fail(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    if (reason !== undefined) return reject(reason);
    fail(new AerocallError(message, { code, retryable }));
  }

  async function fetch(input, init = undefined) {
    internals.needs(arguments.length, ["input"]);
    // Made now, since only now the call is on the stack: what goes wrong later is reported there.
    const site = new Error();
    const request = new Request(input, init);
    const aborted = abortReason(request);
    if (aborted !== null) throw aborted.reason;
    const content = takeBody(request);
    if (content?.stream === undefined) return enqueue(request, content?.bytes ?? null, site);
    const body = await internals.bytesIn(content);
    const late = abortReason(request);
    if (late !== null) throw late.reason;
    return enqueue(request, body, site);
  }

  internals.bodyClass(Request);
  internals.bodyClass(Response);
  Object.defineProperty(globalThis, "fetch", { value: fetch, writable: true, configurable: true, enumerable: true });

  internals.showAs(Response, ({ status, statusText, headers, bodyUsed, ok, redirected, type, url }) =>
    ({ status, statusText, headers, bodyUsed, ok, redirected, type, url }));
  internals.showAs(Request, ({ method, url, headers, bodyUsed }) => ({ method, url, headers, bodyUsed }));

  function jsonRequest(data, init = {}) {
    const body = JSON.stringify(data);
    if (body === undefined) throw invalid(`the body must be a JSON value, got ${typeof data}`);
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return { ...init, method: "POST", headers, body };
  }

  /** `sendAll` takes what fetch takes first, or `{ url, …init }`, and answers in that order. */
  internals.Aerocall.http = {
    fetch,
    async get(url, init = {}) { return fetch(url, { ...init, method: "GET" }); },
    async post(url, data, init = {}) { return fetch(url, jsonRequest(data, init)); },
    async sendAll(requests) {
      const isInit = (request) => typeof request === "object" && request !== null && !(request instanceof Request) && !(request instanceof URL);
      return Promise.all([...requests].map((request) => (isInit(request) ? fetch(request.url, request) : fetch(request))));
    },
  };
})
