//! Statements of JavaScript: control flow, scopes, names that are read too early, code that never runs.

use super::dice::Dice;
use super::expressions::{expression, literal, plain};

/// One observation: `t(() => …);`.
pub(super) fn statement(dice: &mut Dice, names: &[&str]) -> String {
    match dice.below(11) {
        0..3 => format!("t(() => {});", expression(dice, 3, names)),
        3 => constants(dice),
        4 => too_early(dice),
        5 => switch(dice, names),
        6 => loops(dice, names),
        7 => dead(dice, names),
        8 => destructuring(dice, names),
        9 => functions(dice, names),
        _ => exits(dice, names),
    }
}

/// Constants, and what is computed of them.
fn constants(dice: &mut Dice) -> String {
    let kind = dice.pick(&["const", "let", "var"]);
    let (a, b) = (plain(dice), literal(dice));
    let names = ["a", "b", "c"];
    let more = if kind == "const" { "" } else { "a = b; " };
    let derived = expression(dice, 2, &["a", "b"]);
    let read = expression(dice, 3, &names);
    format!(
        "t(() => {{ {kind} a: any = {a}, b: any = {b}; {more}{kind} c: any = {derived}; return [a, b, c, {read}]; }});"
    )
}

/// Reads of a name before its declaration has run.
fn too_early(dice: &mut Dice) -> String {
    let value = literal(dice);
    let read = expression(dice, 2, &["a"]);
    match dice.below(9) {
        0 => format!("t(() => {{ const r = {read}; const a: any = {value}; return r; }});"),
        1 => format!("t(() => {{ const f = () => {read}; const r = f(); const a: any = {value}; return r; }});"),
        2 => format!("t(() => {{ const f = () => {read}; const a: any = {value}; return f(); }});"),
        3 => format!("t(() => {{ const r = typeof a; let a: any = {value}; return r; }});"),
        4 => format!(
            "t(() => {{ if (\"a\" !== \"b\") {{ f(); }} const a: any = {value}; function f() {{ return {read}; }} return a; }});"
        ),
        5 => format!("t(() => {{ var r: any = {read}; var a: any = {value}; return [r, a]; }});"),
        6 => format!("t(() => {{ const a: any = 1; {{ const r = {read}; const a: any = {value}; return r; }} }});"),
        7 => "t(() => { const r = new A(); class A { b = 1; } return r; });".to_owned(),
        _ => format!("t(() => ((x: any = y, y: any = {value}) => [x, y])());"),
    }
}

fn switch(dice: &mut Dice, names: &[&str]) -> String {
    let on = expression(dice, 1, names);
    let mut cases = String::new();
    for index in 0..2 + dice.below(4) {
        let label = if dice.once_in(5) && !cases.contains("default") {
            "default".to_owned()
        } else {
            format!("case {}", expression(dice, 1, names))
        };
        let end = dice.pick(&["break;", "", "return r;", "{ let r: any = 9; r++; }"]);
        cases.push_str(&format!("{label}: r.push({index}); {end} "));
    }
    format!("t(() => {{ const r: any[] = []; switch ({on}) {{ {cases}}} return r; }});")
}

fn loops(dice: &mut Dice, names: &[&str]) -> String {
    let value = expression(dice, 1, names);
    match dice.below(8) {
        0 => format!(
            "t(() => {{ const f: any[] = []; for (let i = 0; i < 3; i++) {{ f.push(() => [i, {value}]); i += 0; }} return f.map(g => g()); }});"
        ),
        1 => format!(
            "t(() => {{ const f: any[] = []; for (var i = 0; i < 3; i++) f.push(() => i); return [f.map(g => g()), {value}]; }});"
        ),
        2 => format!(
            "t(() => {{ const r: any[] = []; outer: for (const a of [1, 2, 3]) {{ for (const b of [1, 2, 3]) {{ if (b === 2) continue outer; if (a === 3) break outer; r.push([a, b]); }} }} r.push({value}); return r; }});"
        ),
        3 => format!(
            "t(() => {{ const r: any[] = []; for (const [k, {{ x = {value} }}] of Object.entries({{ a: {{}}, b: {{ x: 2 }} }}) as any) r.push([k, x]); return r; }});"
        ),
        4 => format!("t(() => {{ let n = 0; do {{ n++; if (n > 5) break; }} while ({value}); return n; }});"),
        5 => "t(() => { let r = \"\"; block: { r += 1; if (r) break block; r += 2; } return r; });".to_owned(),
        6 => format!(
            "t(() => {{ const r: any[] = []; for (const k in {{ b: 1, a: 2, 1: 3, ...({value} as any) }}) r.push(k); return r; }});"
        ),
        _ => format!(
            "t(() => {{ let n = 0; while (false) {{ var u = 1; }} for (; false;) {{ var v = 1; }} for (n = 3; n > {value} && n > 0; n--); return [n, u, v]; }});"
        ),
    }
}

/// Code that a literal condition turns off, and what is left of it.
fn dead(dice: &mut Dice, names: &[&str]) -> String {
    let value = expression(dice, 1, names);
    let test = dice.pick(&[
        "false",
        "true",
        "\"a\" === \"b\"",
        "\"a\" !== \"b\"",
        "!1",
        "0",
        "\"\"",
        "process.env.NODE_ENV !== \"production\"",
        "process.env.NODE_ENV === 'production'",
        "\"7 \" == (7 as any)",
        "!(false || \"\")",
        "null",
        "1 / 0",
    ]);
    match dice.below(7) {
        0 => format!(
            "t(() => {{ if ({test}) {{ var a: any = 1, {{ b, c: [d] }}: any = {{ b: 2, c: [3] }}; }} return [a, b, d, {value}]; }});"
        ),
        1 => format!(
            "t(() => {{ if ({test}) {{ return 1; }} else if ({value}) {{ return 2; }} else {{ return 3; }} }});"
        ),
        2 => format!(
            "t(() => {{ if ({test}) for (var i = 0, k = 2; i < 2; i++) var j = i; else {{ let j = 5; return j; }} return [i, j, k]; }});"
        ),
        3 => {
            format!("t(() => [({test}) ? {value} : 1, ({test}) && {value}, ({test}) || {value}, ({test}) ?? {value}]);")
        }
        4 => format!(
            "t(() => {{ const o = {{ v: 1, f(this: any) {{ return this === o; }} }}; return [(({test}) && o.f) ? (({test}) && o.f)() : 0, (({test}) ? o.f : o.f)(), (0, o.f)()]; }});"
        ),
        5 => format!(
            "t(() => {{ const f = ({test}) && (() => 1), g = ({test}) ? class {{}} : function () {{}}; return [f && f.name, g.name]; }});"
        ),
        _ => format!("t(() => {{ return {value}; var a = 1; function b() {{ return a; }} return b(); }});"),
    }
}

fn destructuring(dice: &mut Dice, names: &[&str]) -> String {
    let (value, other) = (expression(dice, 1, names), literal(dice));
    match dice.below(6) {
        0 => format!(
            "t(() => {{ const {{ a = {value}, b: {{ c = {other} }} = {{}}, ...r }}: any = {{ d: 1, e: 2 }}; return [a, c, r]; }});"
        ),
        1 => format!(
            "t(() => {{ let a: any, b: any; [a = {value}, b = a] = [undefined, {other}] as any; [a, b] = [b, a]; return [a, b]; }});"
        ),
        2 => format!(
            "t(() => {{ const a: any = {{}}; ({{ x: a.y, z: a[\"w\"] = {value} }} = {{ x: {other} }} as any); return a; }});"
        ),
        3 => format!(
            "t(() => (({{ a, ...b }}: any, [c, , ...d]: any, e = {value}) => [a, b, c, d, e])({{ a: 1, b: {other} }}, \"xyz\"));"
        ),
        4 => format!(
            "t(() => {{ const a: any = {{ n: {other}, get g() {{ return this.n; }}, set g(v) {{ this.n = [v]; }}, [\"c\" + 1]: 1 }}; a.g = {value}; return [a.g, Object.keys(a)]; }});"
        ),
        _ => format!(
            "t(() => {{ let a: any = {other}; a ??= {value}; a ||= 1; a &&= [a]; let b: any = 1; b += a; b **= 2; return [a, b]; }});"
        ),
    }
}

fn functions(dice: &mut Dice, names: &[&str]) -> String {
    let value = expression(dice, 1, names);
    match dice.below(7) {
        0 => format!("t(() => {{ function* g(): any {{ const x = yield {value}; yield* [x, 2]; return 3; }} const i = g(); return [i.next(), i.next(7), i.next(), i.next(), [...g()]]; }});"),
        1 => "t(() => { const a = () => {}, b = function () {}, c = class {}, d = { e() {}, f: () => {}, [\"g\" + 1]: () => {} } as any; return [a.name, b.name, c.name, d.e.name, d.f.name, d.g1.name, (() => {}).name]; });".to_owned(),
        2 => format!("t(() => {{ function f(this: any) {{ return typeof this; }} return [f(), f.call({value}), (function () {{ return arguments.length; }} as any)(1, 2)]; }});"),
        3 => format!("t(() => {{ const id = <T,>(x: T): T => x; const two = <T extends unknown>(x: T, ...r: T[]) => [x, r.length]; return [id({value}), two<any>(1, 2)]; }});"),
        4 => format!("t(() => {{ function over(a: string): string; function over(a: number): number; function over(a: any) {{ return [a, {value}]; }} return (over as any)(1); }});"),
        5 => format!("t(() => {{ function empty() {{}} const unused = empty(); empty(); ({value}); return [empty(), unused]; }});"),
        _ => format!("t(() => {{ const tag = (s: any, ...v: any[]) => [s.raw, [...s], v]; return tag`a\\n${{{value}}}\\u0041${{1}}`; }});"),
    }
}

fn exits(dice: &mut Dice, names: &[&str]) -> String {
    let value = expression(dice, 1, names);
    match dice.below(5) {
        0 => format!("t(() => {{ try {{ throw {value}; }} catch (e) {{ return [e]; }} finally {{ }} }});"),
        1 => format!("t(() => {{ for (;;) {{ try {{ return 1; }} finally {{ if ({value}) break; }} }} return 2; }});"),
        2 => format!("t(() => {{ try {{ null!.x; }} catch {{ return {value}; }} return 0; }});"),
        3 => format!(
            "t(() => {{ const r: any[] = []; try {{ try {{ r.push({value}); throw new RangeError(\"x\"); }} finally {{ r.push(1); }} }} catch (e: any) {{ r.push(e.name, e instanceof Error); }} return r; }});"
        ),
        _ => format!(
            "t(() => {{ const r: any[] = []; const make = (n: number) => ({{ [Symbol.dispose]() {{ r.push(n); }} }}); {{ using a = make(1); using b = make(2); r.push({value}); }} return r; }});"
        ),
    }
}
