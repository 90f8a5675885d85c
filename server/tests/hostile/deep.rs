//! The part of the table that goes deep: recursion and nesting, by every entry there is. Data only.

use crate::rows::{Row, row};

const ALLOW: &[&str] = &["allow"];
const RANGE: &[&str] = &["hook_failed RangeError"];
/// Comparing with everything above at each level takes the square of the depth.
const RANGE_OR_FUEL: &[&str] = &["hook_failed RangeError", "hook_out_of_fuel"];
/// QuickJS's own parser of sources does not notice in time: then the machine stops the hook.
const SOURCE: &[&str] = &[
    "hook_failed RangeError",
    "hook_failed SyntaxError",
    "hook_failed trapped",
];

/// Depth without end.
pub(crate) const DEEP: &[Row] = &[
    row("recursion", "const f = (): any => f() + 1; f();", RANGE),
    row(
        "recursion with many arguments",
        "const f = (...a: any[]): any => f(...a, 1); f();",
        &["hook_failed RangeError", "hook_out_of_memory"],
    ),
    row(
        "toString",
        "const o: any = { toString() { return '' + o; } }; '' + o;",
        RANGE,
    ),
    row("valueOf", "const o: any = { valueOf() { return +o; } }; +o;", RANGE),
    row("a getter", "const o: any = { get a() { return o.a; } }; o.a;", RANGE),
    row(
        "a setter",
        "const o: any = { set a(v: any) { o.a = v; } }; o.a = 1;",
        RANGE,
    ),
    row(
        "a proxy",
        "const p: any = new Proxy({}, { get: (t, k, r) => r[k] }); p.x;",
        RANGE,
    ),
    row(
        "a proxy of proxies",
        "let p: any = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x;",
        &["hook_failed RangeError", "hook_out_of_memory"],
    ),
    row(
        "a proxy as its own prototype",
        "const p: any = new Proxy({}, {}); Object.setPrototypeOf(p, p); p.x;",
        RANGE,
    ),
    row(
        "toJSON",
        "const o: any = { toJSON() { return JSON.stringify(o); } }; JSON.stringify(o);",
        RANGE,
    ),
    row(
        "a replacer",
        "const f = (k: any, v: any): any => JSON.stringify({ a: 1 }, f); JSON.stringify({}, f);",
        RANGE,
    ),
    row("a reviver", "const f = (): any => JSON.parse('[1]', f); f();", RANGE),
    row("a comparator", "const f = (): any => [1, 2].sort(f); f();", RANGE),
    row("a replacement", "const f = (): any => 'a'.replace(/a/, f); f();", RANGE),
    row(
        "a bound function",
        "let f: any = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); f();",
        &["hook_failed RangeError", "hook_out_of_memory", "allow"],
    ),
    row(
        "instanceof",
        "const C: any = { [Symbol.hasInstance]: (x: any) => x instanceof C }; ({}) instanceof C;",
        RANGE,
    ),
    row(
        "a constructor",
        "class A { constructor() { new A(); } } new A();",
        RANGE,
    ),
    row(
        "eval",
        "(globalThis as any).f = () => (0, eval)('f()'); (globalThis as any).f();",
        RANGE,
    ),
    row(
        "an array in itself",
        "const a: any[] = []; a[0] = a; a.flat(Infinity);",
        RANGE,
    ),
    row(
        "an array joined with itself",
        "const a: any[] = []; for (let i = 0, b: any = a; i < 1e5; i++) { const c: any[] = []; b.push(c); b = c; } String(a);",
        &["hook_failed RangeError", "allow"],
    ),
    row(
        "JSON that is as deep as it may be",
        "return JSON.parse('['.repeat(8e3) + ']'.repeat(8e3)).length === 1 ? undefined : { deny: true };",
        ALLOW,
    ),
    row(
        "JSON that is deep, with brackets in strings",
        r#"try { JSON.parse('["]]]]\"]",'.repeat(1e4) + ']'.repeat(1e4)); } catch (e: any) { throw new Error(e.name); }"#,
        &["hook_failed Error"],
    ),
    row(
        "JSON that is deep",
        "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5));",
        RANGE,
    ),
    row(
        "a deep document as JSON",
        "let o: any = 1; for (let i = 0; i < 1e5; i++) o = { o }; JSON.stringify(o);",
        RANGE_OR_FUEL,
    ),
    row(
        "a deep document cloned",
        "let o: any = 1; for (let i = 0; i < 1e5; i++) o = { o }; structuredClone(o);",
        RANGE_OR_FUEL,
    ),
    row(
        "a deep reply",
        "let o: any = {}; for (let i = 0; i < 1e5; i++) o = { o }; return { patch: o };",
        RANGE_OR_FUEL,
    ),
    row(
        "a deep document in the log",
        "let o: any = {}; for (let i = 0; i < 1e4; i++) o = { o }; console.log(o);",
        ALLOW,
    ),
    row(
        "a deep source",
        "new Function('['.repeat(1e5) + ']'.repeat(1e5));",
        SOURCE,
    ),
    row(
        "a deep source of groups",
        "(0, eval)('('.repeat(1e5) + '1' + ')'.repeat(1e5));",
        SOURCE,
    ),
    row(
        "a deep regex",
        "new RegExp('('.repeat(1e5) + ')'.repeat(1e5));",
        &[
            "hook_failed RangeError",
            "hook_failed SyntaxError",
            "hook_failed InternalError",
        ],
    ),
    row(
        "a chain of prototypes",
        "let o: any = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o); o.x;",
        ALLOW,
    ),
    row(
        "a chain of causes",
        "let e: any = new Error('0'); for (let i = 0; i < 2e3; i++) e = new Error('x', { cause: e }); throw e;",
        &["hook_failed Error"],
    ),
    row(
        "recursion that is caught",
        "let n = 0; const f = (): any => { n++; try { f(); } finally { n--; } }; try { f(); } catch { return { deny: { code: 'caught' } }; }",
        &["deny caught"],
    ),
];
