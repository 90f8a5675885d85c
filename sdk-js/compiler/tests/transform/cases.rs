//! Programs written by hand: constructs of TypeScript that have a meaning in a running program, and what once came out
//! wrong.

use super::program::Program;

/// The programs, by the compiler options that they need.
pub(super) fn by_settings() -> Vec<(&'static str, Vec<Program>)> {
    let legacy = r#"{ "experimentalDecorators": true }"#;
    let assigned = r#"{ "useDefineForClassFields": false }"#;
    let metadata = r#"{ "experimentalDecorators": true, "emitDecoratorMetadata": true }"#;
    [
        ("{}", CASES),
        ("{}", FILES),
        (legacy, DECORATORS),
        (metadata, METADATA),
        (assigned, FIELDS),
    ]
    .into_iter()
    .map(|(settings, cases)| (settings, cases.iter().map(program).collect()))
    .collect()
}

fn program((name, text): &(&str, &str)) -> Program {
    Program::alone((*name).to_owned(), (*text).to_owned())
}

const CASES: &[(&str, &str)] = &[
    (
        "white_space",
        "import { marks } from './show';\nenum Size { Max = \"7\\n\" }\nconst most: any = \"30 \";\n\
         export const run = (t: any) => { const tries = 50;\n\
         t(() => [Number(\"10 \"), Number(\"7\\u00a0\"), (\"6 \" as any) * 1, (\"5 \" as any) == 5, Number(\" 10\"), +Size.Max, tries > (most as any)]);\n\
         t(() => [+\"0x+5\", ~\"7 \", \"8 \" as any >> 1, -\"1 \", \"1 \" as any / 2, \"3 \" as any % 2, \"9 \" as any << 1, 2 > (\"1 \" as any), marks('none')]); };",
    ),
    (
        "too_early",
        "export const run = (t: any) => {\n\
         t(() => { const r = a + 1; const a = 5; return r; });\n\
         t(() => { const f = () => limit; const r = f(); const limit = 5; return r; });\n\
         t(() => late); t(() => typeof late); };\nconst r = (() => { try { return late; } catch (e: any) { return e.name; } })();\n\
         export const late = 5;\nexport const seen = r;",
    ),
    (
        "merged_namespaces",
        "const name = \"outer\";\n\
         namespace Rules { export const most = 5; export function isBlocked(domain: string) { return domain === \"spam.example\"; } }\n\
         namespace Rules { export const twice = () => most * 2; export function check(email: string) { return isBlocked(email.split(\"@\")[1]!); } }\n\
         namespace Conf { export const name = \"inner\"; }\nnamespace Conf { export const read = () => name; }\n\
         namespace Counter { export let n = 0; export function up() { n++; } export const get = () => ({ n }); }\n\
         export const run = (t: any) => { Counter.up(); Counter.up(); Counter.n += 5; Counter.up();\n\
         t(() => [Rules.check(\"jane@spam.example\"), Rules.twice(), Conf.read(), name, Counter.n, Counter.get()]); };",
    ),
    (
        "namespace_variables",
        "namespace N { export let a: any = 1, b: any; export var c: any = a; export const { d, e: [f] } = { d: 2, e: [3] };\n\
         export const set = (o: any) => { ({ a, b = 7, x: c } = o); [a, b] = [b, a]; for (a of [b, 9]); a++; --a; a ??= 1; delete (N as any).b; return { a, c, d, f }; }; }\n\
         namespace N { export const g = () => [a, b, c, d, f, typeof a, typeof N]; export namespace M { export let h = a; export const i = () => h; } }\n\
         namespace N.M { export const j = () => [h, i(), a]; }\nnamespace N { export import k = N.M.i; export const l = k; }\n\
         export const run = (t: any) => { t(() => N.set({ a: 5, x: 6 })); t(() => N.g()); t(() => N.M.j()); t(() => [N.l === N.k, N.k()]); t(() => N); };",
    ),
    (
        "namespaces_of_other_things",
        "function F() { return F.count; }\nnamespace F { export let count = 1; }\nnamespace F { export const more = () => ++count; }\n\
         class C { static s = 1; m() { return C.extra; } }\nnamespace C { export const extra = { s: C.s }; }\n\
         enum E { A, B }\nnamespace E { export function other(e: E) { return e === E.A ? E.B : E.A; } }\n\
         namespace Types { export type T = string; export interface I { a: 1 } }\nnamespace Types { export const v = 1; }\n\
         declare namespace Ambient { const x: number; }\nnamespace Only { export interface O { } }\n\
         export const run = (t: any) => { t(() => [F(), F.more(), F.count, F()]); t(() => [new C().m(), C.extra]); t(() => [E.other(E.A), E]); t(() => [Types.v, typeof Ambient, typeof Only]); };",
    ),
    (
        "namespace_shadows",
        "const v = \"outer\"; namespace A { export const v = 1; export const f = (v: number) => v; export function g() { const v = 3; return [v, (() => v)()]; } namespace Inside { export const w = v; } export const x = Inside.w; }\n\
         namespace A { const v = 4; export const h = () => v; }\nnamespace B { export const k = () => v; }\n\
         export const run = (t: any) => { t(() => [A.v, A.f(2), A.g(), A.h(), B.k(), A.x]); };",
    ),
    (
        "enums",
        "const outer = 3, text = \"t\", make = () => \"m\"; const enum K { A = 1, B = A << 2, C = \"c\" } enum E { A, B = 5, C, D = \"d\", E = A | B, F = \"abc\".length, H = outer, I = +\"7 \", J = -\"3\", L = ~\"2\", M = 1 ** NaN, O = 7 % 4, P = `x${E.B}`, Q = \"a\" + 1, R = (\"r\"), S = text, T = `${text}!`, U = `${make()}`, V = \"v\" + make(), X = make() }\n\
         enum E { Later = 9, Z = Later + B } export enum Out { One = 1 } export enum Out { Two = Out.One + 1 }\n\
         export const run = (t: any) => { t(() => [K.A, K.B, K[\"C\"]]); t(() => E); t(() => [E.A, E.C, E[5], E.I, E.Z]); t(() => Out);\n\
         t(() => { enum Out { One = 7 } return [Out.One, Out[7]]; }); t(() => { (E as any).A = 50; return E.A; }); t(() => typeof E.A); };",
    ),
    (
        "enum_before_its_declaration",
        "const seen = (() => { try { return (E as any).A; } catch (e: any) { return e.name; } })();\nenum E { A = 1 }\nexport const run = (t: any) => { t(() => [seen, E.A]); };",
    ),
    (
        "classes",
        "const log: any[] = []; abstract class Base { abstract a: number; declare b: string; c!: number; d?: string; [key: string]: any; #p = log.push(\"p\"); static #q = 1; static { log.push(\"static\", this.#q); this.s = 2; } static s: number; readonly e = log.push(\"e\"); get p() { return this.#p; } has(o: any) { return #p in o; } constructor(public x = 1, protected readonly y: any = [x], z?: number) { log.push(\"new\", x, z ?? \"none\"); } over(a: string): void; over(a: any) { return a; } }\n\
         class Sub extends Base { a = this.x + 1; constructor(private w: number) { log.push(\"before\"); super(5, undefined, 6); log.push(this.a, this.w); } override over(a: any) { return [super.over(a)]; } }\n\
         export const run = (t: any) => { t(() => { const s: any = new Sub(9); return [s, Object.keys(s), s.p, s.has(s), s.has({}), s.over(1), Base.s, log]; }); t(() => class { static x = 1; static y = this.x + 1; }.y); t(() => [Sub.name, Sub.length, (class { static name = \"n\"; }).name]); };",
    ),
    (
        "erased",
        "type T = 1; interface I { a: T } declare const ghost: number; declare function phantom(): void; declare global { interface Window { a: 1 } }\n\
         const id = <X,>(x: X) => x; function isText(x: unknown): x is string { return typeof x === \"string\"; } function check(x: unknown): asserts x { if (!x) throw new RangeError(\"no\"); }\n\
         function bound(this: { a: number }, b: number) { return this.a + b; } let sure!: number; const o = { a: { b: () => [1] } } as any; const frozen = [1, \"a\"] as const;\n\
         export const run = (t: any) => { t(() => [id<number>(1), isText(\"\"), bound.call({ a: 1 }, 2), sure, frozen, frozen satisfies readonly unknown[]]); t(() => [o.a!.b!()[0]!, o?.a!.b?.(), o.x?.y!.z, o.x?.y!.z.w(), (o.x?.y)!?.z, <any>o.a.b()]); t(() => check(0)); t(() => typeof ghost); t(() => { let n = 1; (n as any) = 2; (n as any)++; [(n as any)] = [n + 1]; return n!; }); t(() => { for (const x of <any>[1]) if (x!) return x as number; }); };",
    ),
    (
        "branches",
        "declare const process: any;\nconst x = process.env.NODE_ENV === \"production\" ? \"prod\" : \"dev\";\n\
         export const run = (t: any) => { t(() => { if (process.env.NODE_ENV !== 'production') { var a: any = 1, { b }: any = { b: 2 }; return \"dev\"; } return [a, b, x]; }); t(() => { const o = { f(this: any) { return this === o; } }; return [(true && o.f)(), (false || o.f)(), (true ? o.f : 0 as any)(), (0, o.f)()]; }); t(() => { const f = true && (() => {}); return (f as any).name; }); };",
    ),
    (
        "resources",
        "export const run = (t: any) => { t(() => { const log: any[] = []; const make = (n: number) => ({ n, [Symbol.dispose]() { log.push(n); } }); { using a = make(1), b = make(2); log.push(a.n + b.n); } try { using c = make(4); throw new RangeError(\"x\"); } catch (e: any) { log.push(e.name); } for (using d of [make(5), make(6)]) log.push(\"in\"); return log; }); };",
    ),
];

const FILES: &[(&str, &str)] = &[(
    "resources_of_a_file",
    "import { mark, marks } from './show'; mark('u0'); using a = { [Symbol.dispose]() { mark('u9'); } }; mark('u1'); export enum E { A = mark('u2') as any } export const b = mark('u3'); enum F { A = (mark('u4'), 1) } export namespace N { mark('u5'); } export class C { static x = mark('u6'); }\nexport let c = [E, F, N, C].length; mark('u7'); export default mark('u8');\n\
     export const run = (t: any) => { t(() => [marks('u'), c]); };",
)];

const DECORATORS: &[(&str, &str)] = &[(
    "legacy_decorators",
    "const log: any[] = []; const note = (what: string) => { log.push(\"evaluate \" + what); return (...args: any[]) => { log.push([what, typeof args[0], args[1], args.length, typeof args[2]]); }; };\n\
     const twice = (_t: any, _k: string, d: any) => { const f = d.value; d.value = function (this: any) { return f.call(this) * 2; }; }; const replaced = <T extends new (...a: any[]) => any>(c: T) => class extends c { extra = 1; };\n\
     @replaced @note(\"class\") class A { @note(\"field\") a = 1; @note(\"static\") static s = 2; @note(\"method\") m(@note(\"parameter\") _p?: any) {} @twice n() { return 21; } @note(\"get\") get g() { return 1; } constructor(@note(\"constructor\") public q = 4) {} static self = () => A; }\n\
     export const run = (t: any) => { t(() => log); t(() => { const a: any = new A(); return [a.n(), a.extra, a.q, a.g, A.name, A.self() === A]; }); };",
)];

const METADATA: &[(&str, &str)] = &[(
    "decorator_metadata",
    "const log: any[] = []; (Reflect as any).metadata = (k: string, v: any) => () => { log.push([k, Array.isArray(v) ? v.map(x => x?.name) : v?.name]); }; const d = (..._: any[]) => {};\n\
     enum E { A } class Other {} interface I {}\n\
     @d class A { @d a!: string; @d b?: number; @d c!: Other; @d e!: E; @d f!: I; @d g!: string[]; @d h!: () => void; @d i!: \"x\" | \"y\"; @d j!: Promise<void>; @d k!: unknown; @d m(x: string, y: Other): boolean { return !!x && !!y; } @d async n() {} constructor(public z: Date, @d w: I) { log.push(w); } @d get p(): number { return 1; } }\n\
     export const run = (t: any) => { t(() => log); t(() => A.length); };",
)];

const FIELDS: &[(&str, &str)] = &[(
    "fields_that_are_assigned",
    "const log: any[] = []; class Base { set f(v: any) { log.push([\"set\", v]); } get f() { return \"got\"; } constructor(public x = 1) { log.push(Object.keys(this)); } }\n\
     class Sub extends Base { f: any = 2; g?: number; static s = 1; static t: any; y = this.z; ['c' + 1] = 3; constructor(public z = 5, public override x = 6) { super(7); log.push(\"after\"); } }\n\
     export const run = (t: any) => { t(() => { const s: any = new Sub(); return [s, s.f, Object.keys(s), 'g' in s, Object.keys(Sub), log]; }); };",
)];
