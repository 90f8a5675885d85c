//! The table, second half: replies of the wrong shape, odd things thrown, a world turned upside down. Data only.

use crate::rows::Row;

const fn row(name: &'static str, body: &'static str, expected: &'static [&'static str]) -> Row {
    Row { name, body, expected }
}

/// Replies that are none; each names the field.
pub(crate) const SHAPES: &[Row] = &[
    row("a number", "return 5;", &["hook_bad_reply"]),
    row("a text", "return 'allow';", &["hook_bad_reply"]),
    row("an array", "return [];", &["hook_bad_reply"]),
    row("false", "return false;", &["hook_bad_reply"]),
    row("a function", "return () => {};", &["hook_bad_reply"]),
    row("a symbol", "return Symbol('allow');", &["hook_bad_reply"]),
    row("an error", "return new Error('no');", &["hook_bad_reply"]),
    row("a misspelt allow", "return { alow: true };", &["hook_bad_reply alow"]),
    row("allow: false", "return { allow: false };", &["hook_bad_reply allow"]),
    row(
        "two decisions",
        "return { allow: true, deny: true };",
        &["hook_bad_reply deny"],
    ),
    row("deny: a text", "return { deny: 'no' };", &["hook_bad_reply deny"]),
    row("deny: false", "return { deny: false };", &["hook_bad_reply deny"]),
    row(
        "a status of success",
        "return { deny: { status: 200 } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a status of the server",
        "return { deny: { status: 500 } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a status as text",
        "return { deny: { status: '403' } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a status that is no number",
        "return { deny: { status: NaN } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a status with a fraction",
        "return { deny: { status: 403.5 } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a status past 16 bits",
        "return { deny: { status: 65939 } };",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a code with spaces",
        "return { deny: { code: 'No Way' } };",
        &["hook_bad_reply deny.code"],
    ),
    row(
        "a code with a newline",
        "return { deny: { code: 'a\\nb' } };",
        &["hook_bad_reply deny.code"],
    ),
    row(
        "an empty code",
        "return { deny: { code: '' } };",
        &["hook_bad_reply deny.code"],
    ),
    row(
        "a long code",
        "return { deny: { code: 'x'.repeat(65) } };",
        &["hook_bad_reply deny.code"],
    ),
    row(
        "a message that is none",
        "return { deny: { message: 5 } };",
        &["hook_bad_reply deny.message"],
    ),
    row(
        "a long message",
        "return { deny: { message: 'x'.repeat(501) } };",
        &["hook_bad_reply deny.message"],
    ),
    row(
        "a field that a denial has not",
        "return { deny: { reason: 'no' } };",
        &["hook_bad_reply deny.reason"],
    ),
    row("patch: a number", "return { patch: 5 };", &["hook_bad_reply patch"]),
    row("patch: an array", "return { patch: [] };", &["hook_bad_reply patch"]),
    row("patch: null", "return { patch: null };", &["hook_bad_reply patch"]),
    row(
        "a patch that becomes a number",
        "return { patch: { toJSON: () => 5 } };",
        &["hook_bad_reply patch"],
    ),
    row(
        "a patch that becomes nothing",
        "return { patch: { toJSON: () => undefined } };",
        &["hook_bad_reply patch"],
    ),
    row(
        "a patch with a big integer",
        "return { patch: { a: 1n } };",
        &["hook_bad_reply patch.a"],
    ),
    row(
        "a patch in circles",
        "const a: any = {}; a.a = a; return { patch: a };",
        &["hook_bad_reply patch.a"],
    ),
    row(
        "a thrown denial of the wrong shape",
        "throw new Aerocall.Deny('no', { status: 200 });",
        &["hook_bad_reply deny.status"],
    ),
    row(
        "a patch of 10 MB",
        "return { patch: { a: 'x'.repeat(1e7) } };",
        &["hook_bad_reply patch", "hook_out_of_memory"],
    ),
    row(
        "a patch of 3 MB",
        "return { patch: { a: 'x'.repeat(3e6) } };",
        &["hook_bad_reply patch"],
    ),
    row(
        "a patch of many keys",
        "const patch: any = {}; for (let i = 0; i < 8e4; i++) patch['key' + i] = i; return { patch };",
        &["hook_bad_reply patch", "hook_out_of_fuel", "hook_out_of_memory"],
    ),
    row(
        "a patch of many texts",
        "return { patch: { a: new Array(1e5).fill('x'.repeat(100)) } };",
        &["hook_bad_reply patch", "hook_out_of_memory", "hook_out_of_fuel"],
    ),
    row(
        "a proxy with endless keys",
        "return new Proxy({}, { ownKeys: () => Array.from({ length: 1e5 }, (_, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) });",
        &["hook_bad_reply k0", "hook_out_of_fuel", "hook_out_of_memory"],
    ),
    row(
        "a getter that throws",
        "return { get deny() { throw new TypeError('x'); } };",
        &["hook_failed TypeError"],
    ),
    row(
        "a denial with a getter that throws",
        "return { deny: { get code() { throw new TypeError('x'); } } };",
        &["hook_failed TypeError"],
    ),
    row(
        "a getter that changes its mind",
        "let n = 0; return { deny: { get status() { return [403, 200, 500][n++]; } } };",
        &["deny hook_denied"],
    ),
    row("a lone surrogate", "return { patch: { a: '\\ud800' } };", &["patch"]),
    row(
        "a lone surrogate in a message",
        "return { deny: { message: '\\ud800' } };",
        &["deny hook_denied", "hook_bad_reply deny.message"],
    ),
];

/// Things thrown that are no errors, or hardly.
pub(crate) const THROWN: &[Row] = &[
    row("null", "throw null;", &["hook_failed thrown null"]),
    row("undefined", "throw undefined;", &["hook_failed thrown undefined"]),
    row("a symbol", "throw Symbol('x');", &["hook_failed thrown symbol"]),
    row("a number", "throw 5;", &["hook_failed thrown int"]),
    row("a function", "throw () => {};", &["hook_failed thrown function"]),
    row("a big integer", "throw 10n;", &["hook_failed thrown big_int"]),
    row(
        "a proxy",
        "throw new Proxy({}, { get() { throw 1; }, has() { throw 2; }, getPrototypeOf() { throw 3; } });",
        &["hook_failed thrown object", "hook_failed thrown proxy"],
    ),
    row(
        "a proxy of an error",
        "throw new Proxy(new Error('x'), { get() { throw 1; } });",
        &[
            "hook_failed Error",
            "hook_failed thrown object",
            "hook_failed thrown proxy",
        ],
    ),
    row(
        "a revoked proxy",
        "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;",
        &["hook_failed thrown object", "hook_failed thrown proxy"],
    ),
    row(
        "an object in circles",
        "const a: any = {}; a.a = a; throw a;",
        &["hook_failed thrown object"],
    ),
    row(
        "an error whose fields throw",
        "const e = new Error('x'); for (const k of ['name', 'message', 'stack', 'code']) Object.defineProperty(e, k, { get() { throw e; } }); throw e;",
        &["hook_failed Error"],
    ),
    row(
        "an error whose name loops",
        "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for (;;) {} } }); throw e;",
        &["hook_out_of_fuel"],
    ),
    row(
        "an error with a number for a name",
        "const e: any = new Error('x'); e.name = 5; e.message = {}; throw e;",
        &["hook_failed Error"],
    ),
    row(
        "a class that looks like a denial",
        "class Deny extends Error { status = 403; code = 'x'; } throw new Deny('no');",
        &["hook_failed Error", "hook_failed Deny"],
    ),
    row(
        "a denial whose fields throw",
        "const d = new Aerocall.Deny('no'); Object.defineProperty(d, 'code', { get() { throw new TypeError('x'); } }); throw d;",
        &["hook_failed Deny", "hook_failed TypeError"],
    ),
    row(
        "in a rejected promise",
        "return Promise.reject(new RangeError('x'));",
        &["hook_failed RangeError"],
    ),
    row(
        "in a timer",
        "setTimeout(() => { throw new RangeError('x'); }, 0); await new Promise((done) => setTimeout(done, 5));",
        &["hook_failed RangeError", "allow"],
    ),
    row(
        "in a toString",
        "throw { toString() { throw 1; }, toJSON() { throw 2; } };",
        &["hook_failed thrown object"],
    ),
];

/// A hook may break its own world; the decision is still the one it returned, or a failure.
pub(crate) const UPSIDE_DOWN: &[Row] = &[
    row(
        "Object.prototype gets a decision",
        "(Object.prototype as any).deny = { code: 'polluted' }; return {};",
        &["allow"],
    ),
    row(
        "Object.prototype gets a status",
        "(Object.prototype as any).code = 'polluted'; return { deny: { status: 402 } };",
        &["deny hook_denied", "deny polluted"],
    ),
    row(
        "Object.prototype gets then",
        "(Object.prototype as any).then = function () {}; return { deny: true };",
        &["hook_failed never settles"],
    ),
    row(
        "JSON is replaced",
        "(JSON as any).stringify = () => '5'; (JSON as any).parse = () => { throw 1; }; return { patch: { a: 1 } };",
        &["patch"],
    ),
    row(
        "JSON is gone",
        "delete (globalThis as any).JSON; return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "Promise is gone",
        "(globalThis as any).Promise = null; await null; return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "Promise.prototype.then is replaced",
        "Promise.prototype.then = function () { return 5 as any; }; return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "arrays are broken",
        "for (const k of ['push', 'map', 'forEach', 'join', 'slice']) (Array.prototype as any)[k] = () => { throw 1; }; (Array.prototype as any)[Symbol.iterator] = null; return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "arrays swallow their entries",
        "Object.defineProperty(Array.prototype, 0, { set() { throw 1; } }); console.log('a', [1]); return { deny: { code: 'mine' } };",
        &["deny mine", "hook_failed thrown int"],
    ),
    row(
        "everything is gone",
        "for (const k of Object.getOwnPropertyNames(globalThis)) { try { delete (globalThis as any)[k]; } catch {} } return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "the SDK is replaced",
        "(globalThis as any).Aerocall = { Deny: class { } }; throw new Aerocall.Deny('no', { code: 'mine' });",
        &["deny mine"],
    ),
    row(
        "the SDK is emptied",
        "for (const k of Object.keys(Aerocall)) delete Aerocall[k]; return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "Deny is another class",
        "const { Deny } = Aerocall; Object.defineProperty(Deny, Symbol.hasInstance, { value: () => true }); throw new TypeError('x');",
        &["hook_failed TypeError", "deny hook_denied", "hook_bad_reply deny.code"],
    ),
    row(
        "the console is broken",
        "(console as any).log = null; String.prototype.toWellFormed = () => { throw 1; }; console.warn('x'); return { deny: { code: 'mine' } };",
        &["deny mine", "hook_failed thrown int"],
    ),
    row(
        "the global object is frozen",
        "Object.freeze(globalThis); Object.freeze(Object.prototype); return { deny: { code: 'mine' } };",
        &["deny mine"],
    ),
    row(
        "the way out of the sandbox",
        "const g: any = new Function('return this')(); return { patch: { seen: ['process', 'require', 'Deno', 'std', 'os', 'WebAssembly', 'SharedArrayBuffer'].filter((k) => typeof g[k] === 'object' || typeof g[k] === 'function').filter((k) => k !== 'process') } };",
        &["patch"],
    ),
    row(
        "an import while it runs",
        "await (0, eval)(\"import('fs')\");",
        &[
            "hook_failed TypeError",
            "hook_failed ReferenceError",
            "hook_failed SyntaxError",
            "hook_failed Error",
        ],
    ),
    row(
        "a flood of lines",
        "for (let i = 0; i < 2e4; i++) console.log('line', i);",
        &["allow"],
    ),
    row(
        "a flood of bytes",
        "for (let i = 0; i < 5; i++) console.log('x'.repeat(5e5));",
        &["allow"],
    ),
    row(
        "a proxy in the log",
        "console.log(new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; } }), { get a() { throw 3; } });",
        &["allow"],
    ),
    row(
        "a line that never ends",
        "console.log({ toString() { for (;;) {} }, get x() { for (;;) {} } }, new Proxy({}, { ownKeys() { for (;;) {} } }));",
        &["allow", "hook_out_of_fuel"],
    ),
    row(
        "a capability that nobody declared",
        "const q = 'qu' + 'eue'; try { await (Aerocall as any)[q].enqueue('a', 1); } catch (e: any) { return { deny: { code: e.code } }; }",
        &["deny capability_not_declared", "deny unavailable"],
    ),
    row(
        "a flood of host calls",
        "for (;;) { try { await Aerocall.cache.get('k'); } catch (e: any) { if (e.code === 'limit_exceeded') return { deny: { code: e.code } }; } }",
        &["deny limit_exceeded"],
    ),
    row(
        "a flood of host bytes",
        "const v = 'x'.repeat(1e6); for (;;) { try { await Aerocall.cache.set('k', v); } catch (e: any) { if (e.code === 'limit_exceeded') return { deny: { code: e.code } }; } }",
        &["deny limit_exceeded", "hook_out_of_fuel"],
    ),
    row(
        "one host call of 8 MB",
        "try { await Aerocall.cache.set('k', 'x'.repeat(8e6)); } catch (e: any) { return { deny: { code: e.code } }; }",
        &[
            "deny limit_exceeded",
            "deny too_large",
            "hook_failed trapped",
            "hook_out_of_memory",
        ],
    ),
    row(
        "a hoard of handles",
        "for (let i = 0; i < 1000; i++) { try { await payload.password.strength(); } catch (e: any) { if (i === 999) return { deny: { code: e.code } }; } }",
        &["deny unavailable", "deny capability_not_declared"],
    ),
    row(
        "a query of many parameters",
        "try { await Aerocall.db.query('select 1', new Array(2e5).fill('x')); } catch (e: any) { return { deny: { code: e.code } }; }",
        &[
            "deny unavailable",
            "deny limit_exceeded",
            "hook_failed trapped",
            "hook_out_of_memory",
        ],
    ),
];
