//! The table: hooks that nobody would write for good, and what must come of each. Data only.

/// A hostile hook.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Body of `beforeSignup`.
    pub(crate) body: &'static str,
    /// What may come of it, as `main::reported` writes it; several where the machine's speed or the allocator decides.
    pub(crate) expected: &'static [&'static str],
}

pub(crate) const fn row(name: &'static str, body: &'static str, expected: &'static [&'static str]) -> Row {
    Row { name, body, expected }
}

pub(crate) const FUEL: &[&str] = &["hook_out_of_fuel"];
pub(crate) const MEMORY: &[&str] = &["hook_out_of_memory"];
pub(crate) const FUEL_OR_MEMORY: &[&str] = &["hook_out_of_fuel", "hook_out_of_memory"];
pub(crate) const NEVER: &[&str] = &["hook_failed never settles"];
pub(crate) const TIME: &[&str] = &["hook_timeout"];

/// Work without end.
pub(crate) const ENDLESS: &[Row] = &[
    row("endless loop", "for (;;) {}", FUEL),
    row("endless work", "let x = 1; while (x) x = Math.sqrt(x * 3) + 1;", FUEL),
    row(
        "endless loop in finally",
        "try { return {}; } finally { for (;;) {} }",
        FUEL,
    ),
    row(
        "endless loop after catch",
        "for (;;) { try { for (;;) {} } catch {} }",
        FUEL,
    ),
    row(
        "endless microtasks",
        "const f = (): any => Promise.resolve().then(f); f(); await new Promise(() => {});",
        FUEL,
    ),
    row("endless await", "for (;;) await null;", FUEL),
    row(
        "endless async recursion",
        "const f = async (): Promise<any> => { await null; return f(); }; await f();",
        FUEL_OR_MEMORY,
    ),
    row(
        "endless generator",
        "function* g() { for (;;) yield 1; } for (const _ of g()) {}",
        FUEL,
    ),
    row(
        "endless async generator",
        "async function* g() { for (;;) yield 1; } for await (const _ of g()) {}",
        FUEL,
    ),
    row(
        "endless thenable",
        "const t: any = { then(r: any) { r(t); } }; await t;",
        FUEL,
    ),
    row(
        "endless iterator",
        "new Set({ [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) } as any);",
        FUEL,
    ),
    row("endless sort", "[3, 2, 1].sort(() => { for (;;) {} });", FUEL),
    row(
        "endless getter in the reply",
        "return { get patch() { for (;;) {} } };",
        FUEL,
    ),
    row(
        "endless toJSON in the reply",
        "return { patch: { toJSON() { for (;;) {} } } };",
        FUEL,
    ),
    row("endless eval", "(0, eval)('for (;;) {}');", FUEL),
    row("endless function", "new Function('for (;;) {}')();", FUEL),
    row(
        "endless replace",
        "'a'.repeat(1e6).replace(/a/g, () => { for (;;) {} });",
        FUEL,
    ),
    row("catastrophic regex", "/^(a+)+$/.test('a'.repeat(50) + '!');", FUEL),
    row("catastrophic regex, nested", "/(x+x+)+y/.test('x'.repeat(60));", FUEL),
    row(
        "catastrophic regex, backreference",
        "/^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60));",
        FUEL,
    ),
    row(
        "regex over a long text",
        "return { deny: /(?:a|ab)*c/.test('ab'.repeat(2e5)) };",
        &[
            "hook_bad_reply deny",
            "hook_out_of_fuel",
            "hook_out_of_memory",
            "hook_failed InternalError",
        ],
    ),
    row("waiting for ever", "await new Promise(() => {});", NEVER),
    row("a thenable that never answers", "await { then() {} };", NEVER),
    row(
        "waiting for oneself",
        "let p: any; p = (async () => { await null; await p; })(); await p;",
        NEVER,
    ),
    row(
        "sleeping too long",
        "await new Promise((done) => setTimeout(done, 60000));",
        TIME,
    ),
    row(
        "sleeping without end",
        "for (;;) await new Promise((done) => setTimeout(done, 1));",
        TIME,
    ),
    row(
        "an interval without end",
        "setInterval(() => {}, 1); await new Promise(() => {});",
        TIME,
    ),
    row(
        "waiting for the clock",
        "const from = Date.now(); while (Date.now() - from < 60000) {}",
        &["hook_timeout", "hook_out_of_fuel"],
    ),
    row(
        "a flood of timers",
        "for (;;) setTimeout(() => {}, 1e6);",
        FUEL_OR_MEMORY,
    ),
    row(
        "timers that start timers",
        "const f = () => { setTimeout(f, 0); setTimeout(f, 0); }; f(); await new Promise(() => {});",
        &["hook_out_of_fuel", "hook_out_of_memory", "hook_timeout"],
    ),
    row(
        "a flood of randomness",
        "for (;;) crypto.getRandomValues(new Uint8Array(65536));",
        &["hook_out_of_fuel", "hook_timeout", "hook_out_of_memory"],
    ),
    row(
        "a flood of hashes",
        "for (;;) await crypto.subtle.digest('SHA-256', new Uint8Array(65536));",
        &["hook_out_of_fuel", "hook_timeout", "hook_out_of_memory"],
    ),
];

/// Memory without end.
pub(crate) const GREEDY: &[Row] = &[
    row(
        "typed arrays",
        "const a: any[] = []; for (;;) a.push(new Uint8Array(1e6));",
        MEMORY,
    ),
    row("numbers", "const a: any[] = []; for (;;) a.push(1.5);", MEMORY),
    row("objects", "let o: any = null; for (;;) o = { o };", MEMORY),
    row(
        "closures",
        "const a: any[] = []; for (;;) { const b = [a]; a.push(() => b); }",
        MEMORY,
    ),
    row(
        "a map",
        "const m = new Map(); for (let i = 0; ; i++) m.set({}, i);",
        MEMORY,
    ),
    row(
        "a set of texts",
        "const s = new Set(); for (let i = 0; ; i++) s.add('k' + i);",
        MEMORY,
    ),
    row(
        "keys",
        "const o: any = {}; for (let i = 0; ; i++) o['k' + i] = i;",
        FUEL_OR_MEMORY,
    ),
    row("symbols", "const a: any[] = []; for (;;) a.push(Symbol('x'));", MEMORY),
    row(
        "weak references",
        "const a: any[] = []; for (;;) a.push(new WeakRef({}));",
        MEMORY,
    ),
    row(
        "a text that doubles",
        "let s = 'x'; for (;;) s = s + s + '';",
        &[
            "hook_out_of_memory",
            "hook_failed RangeError",
            "hook_failed InternalError",
        ],
    ),
    row(
        "a text that doubles, caught",
        "for (;;) { try { let s = 'x'; for (;;) s = `${s}${s}y`; } catch {} }",
        FUEL_OR_MEMORY,
    ),
    row(
        "a repeated text",
        "return { deny: { message: 'x'.repeat(2 ** 29) } };",
        &[
            "hook_out_of_memory",
            "hook_failed RangeError",
            "hook_failed InternalError",
        ],
    ),
    row(
        "a typed array of 2 GiB",
        "return { deny: { code: `n${new Uint8Array(2 ** 31 - 1).length}` } };",
        &[
            "hook_out_of_memory",
            "hook_failed RangeError",
            "hook_failed InternalError",
        ],
    ),
    row(
        "a buffer of 1 GB",
        "return { deny: { code: `n${new ArrayBuffer(1e9).byteLength}` } };",
        &[
            "hook_out_of_memory",
            "hook_failed RangeError",
            "hook_failed InternalError",
        ],
    ),
    row(
        "an array filled to the brim",
        "new Array(2 ** 32 - 1).fill(0);",
        FUEL_OR_MEMORY,
    ),
    row(
        "an array joined",
        "new Array(1e8).join('x'.repeat(100));",
        FUEL_OR_MEMORY,
    ),
    row(
        "padding",
        "'x'.padEnd(2 ** 28, 'abc');",
        &["hook_out_of_memory", "hook_out_of_fuel", "hook_failed RangeError"],
    ),
    row(
        "a spread without end",
        "function* g() { for (;;) yield 1; } [...g()];",
        MEMORY,
    ),
    row(
        "a JSON text that doubles",
        "let o: any = {}; for (let i = 0; i < 40; i++) o = [o, o]; JSON.stringify(o);",
        FUEL_OR_MEMORY,
    ),
    row(
        "a number that squares",
        "let b = 3n; for (;;) b *= b;",
        &["hook_out_of_memory", "hook_out_of_fuel", "hook_failed RangeError"],
    ),
    row(
        "a bomb that is caught",
        "try { const a: any[] = []; for (;;) a.push(new Uint8Array(1e6)); } catch { return {}; }",
        MEMORY,
    ),
    row(
        "an error with a long message",
        "throw new Error('x'.repeat(5e6));",
        &["hook_failed Error"],
    ),
    row(
        "a long text thrown",
        "throw 'x'.repeat(5e6);",
        &["hook_failed thrown string"],
    ),
    row(
        "promises",
        "const a: any[] = []; for (;;) a.push(new Promise(() => {}));",
        FUEL_OR_MEMORY,
    ),
    row(
        "unhandled rejections",
        "for (let i = 0; i < 2e4; i++) Promise.reject(new Error('x'));",
        &["allow", "hook_out_of_fuel", "hook_out_of_memory"],
    ),
];
