//! Statements at the top of a file that do something although nothing that they declare is used: what a bundler may not
//! leave out.

use super::dice::Dice;

/// Bundlers take comparisons and `String(value)` to have no effect, whatever an object's own `valueOf` and `toString` do:
/// `docs/hooks.md` says so, and neither is here. With `$` for the effect, an expression, and `@` for a number that makes names unique.
const EFFECTS: &[&str] = &[
    "$;",
    "void $;",
    "const a@ = $;",
    "let a@: any; a@ = $;",
    "var a@ = [1, { b: [$] }];",
    "const { b@ = $ } = {} as any;",
    "const [c@]: any = [$];",
    "class A@ { static x = $; }",
    "class A@ { static { $; } }",
    "class A@ { [$ as any]() {} }",
    "class A@ { static #x = $; }",
    "class A@ extends ($, Object) {}",
    "const a@ = class { static x = $; };",
    "const o@ = { get g() { return $; } }; o@.g;",
    "const o@ = { get g() { return $; } }; const { g: g@ } = o@;",
    "const o@ = { set g(v: any) { $; } }; o@.g = 1;",
    "const o@: any = { [$ as any]: 1 };",
    "const { ...r@ } = { get a() { $; return 1; } };",
    "const s@ = { ...{ get a() { $; return 1; } } };",
    "`${{ toString() { $; return \"\"; } }}`;",
    "const t@ = `a${{ toString() { $; return \"\"; } }}`;",
    "+({ valueOf() { $; return 1; } } as any);",
    "const n@ = -({ valueOf() { $; return 1; } } as any);",
    "const n@ = ({ toString() { $; return \"k\"; } } as any) in {};",
    "const i@ = 1 as any instanceof ({ [Symbol.hasInstance]() { $; return true; } } as any);",
    "[...({ *[Symbol.iterator]() { $; } } as any)];",
    "const l@ = [...({ *[Symbol.iterator]() { $; } } as any)];",
    "enum E@ { A = $ as any }",
    "enum E@ { A = 1 + ($ as any), B = 2 }",
    "enum E@ { A = (() => { $; return 1; })() }",
    "const enum E@ { A = `${$}`.length }",
    "namespace N@ { $; }",
    "namespace N@ { export const a = $; }",
    "namespace N@ { const a = $; export type T = 1; }",
    "function f@() { $; } f@();",
    "const f@ = () => $; f@();",
    "const f@ = (a = $) => a; f@();",
    "const f@ = function () { return $; }; new (f@ as any)();",
    "new (class { constructor() { $; } })();",
    "new (class { x = $; })();",
    "(() => $)();",
    "(function () { $; })();",
    "const r@ = (() => { $; return 1; })();",
    "[1].forEach(() => $);",
    "[1].map(() => $);",
    "for (const x of [1]) $;",
    "for (const x in { a: 1 }) { $; }",
    "for (let i = 0; i < 1; i++, $);",
    "do $; while (false);",
    "if (true) $; else $;",
    "if (\"a\" === \"a\") { $; }",
    "\"a\" !== \"a\" || $;",
    "null ?? $;",
    "switch ($ as any) { default: }",
    "try { throw 1; } catch { $; }",
    "try { } finally { $; }",
    "label@: { $; break label@; }",
    "{ let x = $; }",
    "delete ({} as any)[$ as any];",
    "const tag@ = (..._: any[]) => $; tag@`x`;",
    "typeof $;",
    "!$;",
    "($, 1);",
    "let u@: any = null; u@ ??= $;",
    "let v@: any = 1; v@ &&= $;",
    "export const e@ = $;",
    "export default $;",
    "export class C@ { static x = $; }",
    "export function never@() { $; }",
    "export enum X@ { A = $ as any }",
    "Object.defineProperty({}, \"x\", { get: () => 1, value: undefined && $ } as any && { value: $ });",
    "JSON.stringify({ toJSON() { $; } });",
    "const d@ = Number({ valueOf() { $; return 1; } } as any);",
    "Object.keys(new Proxy({}, { ownKeys() { $; return []; } }));",
    "const k@ = Object.keys(new Proxy({}, { ownKeys() { $; return []; } }));",
    "const p@ = new Proxy({}, { get() { $; return 1; } }) as any; p@.x;",
    "const p@ = new Proxy({}, { get() { $; return 1; } }) as any; const q@ = p@.x;",
    "const m@ = new Map([[1, $]]); const w@ = new Set([$]);",
    "const z@ = Symbol(({ toString() { $; return \"\"; } }) as any);",
    "const big@ = BigInt(({ valueOf() { $; return 1; } }) as any);",
    "Array.from({ length: 1 }, () => $);",
    "const y@ = Array.from({ length: 1 }, () => $);",
    "const re@ = \"a\".replace(/a/, () => { $; return \"\"; });",
    "const dt@ = new Date(({ valueOf() { $; return 1; } }) as any);",
    "using res@ = { [Symbol.dispose]() { $; } };",
];

/// Some of them, each of which marks its number under the name of its file.
pub(super) fn effects(dice: &mut Dice, file: &str) -> String {
    let mut text = String::new();
    for number in 0..4 + dice.below(8) {
        let effect = dice.pick(EFFECTS);
        if effect.starts_with("export default") && text.contains("export default") {
            continue;
        }
        let mark = format!("mark(\"{file}.{number}\")");
        text.push_str(
            &effect
                .replace('$', "\u{0}")
                .replace("\u{0}{", "${")
                .replace('\u{0}', &mark)
                .replace('@', &number.to_string()),
        );
        text.push('\n');
    }
    text
}
