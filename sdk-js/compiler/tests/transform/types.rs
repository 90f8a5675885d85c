//! What TypeScript adds to the language and leaves traces of in a running program: enums, namespaces, classes.

use super::dice::Dice;
use super::expressions::{expression, literal};

/// Declarations for the top of a file, and observations of them.
pub(super) struct Declared {
    pub(super) code: String,
    pub(super) observed: String,
}

/// An enum, in one or two parts.
pub(super) fn list(dice: &mut Dice, name: &str) -> Declared {
    let kind = dice.pick(&["enum", "enum", "enum", "const enum", "export enum"]);
    let mut code = format!("const outer{name}E = 5, outer{name}T = \"t\";\n");
    let mut members: Vec<String> = Vec::new();
    for part in 0..1 + usize::from(dice.once_in(3)) {
        let mut body = String::new();
        let mut counts = part == 0;
        for index in 0..1 + dice.below(5) {
            let member = format!("{}{part}{index}", dice.pick(&["A", "B", "name", "toString"]));
            let quoted = if dice.once_in(6) {
                format!("\"{member}\"")
            } else {
                member.clone()
            };
            match member_value(dice, name, &members, counts) {
                Some((value, number)) => {
                    body.push_str(&format!(" {quoted} = {value},"));
                    counts = number;
                }
                None => body.push_str(&format!(" {quoted},")),
            }
            members.push(member);
        }
        code.push_str(&format!("{kind} {name} {{{body} }}\n"));
    }
    let mut observed = String::new();
    for member in &members {
        let read = dice.pick(&["NAME.M", "NAME[\"M\"]", "NAME.M!", "(NAME.M as any)"]);
        let read = read.replace("NAME", name).replace('M', member);
        let used = expression(dice, 1, &[&read]);
        observed.push_str(&format!("t(() => [{read}, {used}]);\n"));
    }
    if !kind.starts_with("const") {
        observed.push_str(&format!(
            "t(() => Object.entries({name}));\nt(() => (({name} as any)[0]));\n"
        ));
    }
    if dice.once_in(3) {
        observed.push_str(&format!(
            "t(() => {{ enum {name} {{ A00 = \"inner\", B = 4 }} return [{name}.A00, {name}[4]]; }});\n"
        ));
    }
    Declared { code, observed }
}

/// The value of a member, and whether it is a number from which one can count on.
fn member_value(dice: &mut Dice, name: &str, before: &[String], counts: bool) -> Option<(String, bool)> {
    let other = (!before.is_empty()).then(|| before[dice.below(before.len())].clone());
    let other = other.unwrap_or_else(|| "0".to_owned());
    let constants = [
        "1",
        "-1",
        "0.5",
        "1e3",
        "0x10",
        "1 << 3",
        "1 << 33",
        "-1 >>> 1",
        "~5",
        "7 % 4",
        "2 ** 3",
        "0.1 + 0.2",
        "5 / 2",
    ];
    let texts = [
        "\"x\"",
        "\"7 \"",
        "'it\\'s'",
        "`y`",
        "\"\"",
        "(\"z\")",
        "\"a\" + \"b\"",
        "\"a\" + 1",
        "`a${1 + 1}`",
        "outerT",
        "`${outerT}!`",
        "`${outerE}`",
        "String(1)",
        "outerT + outerE",
        "`${Number(\"7 \")}`",
        "\"b\" + Number(\"8 \")",
    ];
    let computed = [
        "+\"7 \"",
        "-\"3\"",
        "~\"2\"",
        "+\"x\"",
        "\"abc\".length",
        "Math.max(1, 2)",
        "outerE",
        "outerE + 1",
        "Number(\"4 \")",
        "1 / 0",
        "0 / 0",
        "NaN",
        "-Infinity",
        "1 ** NaN",
        "2 ** -1",
        "!0",
        "void 0",
    ];
    let named = |text: &str| text.replace("outer", &format!("outer{name}"));
    // What is computed is nothing from which to count on.
    let value = match dice.below(if counts { 18 } else { 12 }) {
        0 | 1 => return Some((dice.pick(&constants).to_owned(), true)),
        2 => named(dice.pick(&texts)),
        3 => named(dice.pick(&computed)),
        4 => format!("{other} | 4"),
        5 => format!("{name}.{other}").replace(&format!("{name}.0"), "0"),
        6 => format!("({other} as any) + 1"),
        7 => format!("(() => {other})() as any"),
        8 => format!("~{other}"),
        9 => format!("`p${{{other}}}`"),
        _ if counts => return None,
        _ => "3".to_owned(),
    };
    Some((value, false))
}

/// A namespace, in one or two parts, with names that are also declared around it.
pub(super) fn namespace(dice: &mut Dice, name: &str) -> Declared {
    let merged = dice.pick(&[
        "",
        "",
        "function NAME() { return 1; }\n",
        "class NAME { static s = 1; }\n",
        "enum NAME { Q }\n",
    ]);
    let mut code = format!("const x{name} = \"outer\";\n{}", merged.replace("NAME", name));
    for part in 0..1 + dice.below(3) {
        let body = block(dice, name, part, 2);
        code.push_str(&format!("namespace {name} {{\n{body}}}\n"));
    }
    let observed = format!(
        "t(() => {name});\nt(() => Object.keys({name} as any).map(k => {{ const f = ({name} as any)[k]; return typeof f === \"function\" && k.startsWith(\"f\") ? [k, f(), f()] : k; }}));\nt(() => {name});\nt(() => {{ const n = {name} as any; n.v0 = [1]; return [n.r0 && n.r0(), n.r1 && n.r1(), n.r2 && n.r2()]; }});\n"
    );
    Declared { code, observed }
}

fn block(dice: &mut Dice, name: &str, part: usize, depth: usize) -> String {
    let known = [format!("x{name}"), "v0".to_owned(), "v1".to_owned(), "k".to_owned()];
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut body = format!(
        "export function r{part}(): any {{ const got: any[] = []; for (const f of [() => x{name}, () => v0, () => v1, () => k, () => f0()]) try {{ got.push(f()); }} catch (e: any) {{ got.push(e.name); }} return got; }}\n"
    );
    for _ in 0..1 + dice.below(5) {
        let export = dice.pick(&["export ", "export ", ""]);
        let value = literal(dice);
        let number = dice.below(2);
        let line = match dice.below(12) {
            0 if !body.contains(&format!(" x{name}:")) => format!("{export}const x{name}: any = {value};"),
            1 | 2 if !body.contains(&format!(" v{number}:")) => format!("{export}let v{number}: any = {value};"),
            3 if !body.contains(" v1:") => format!("{export}var v1: any, w{part}: any = {value};"),
            4 if !body.contains("function f0") => format!(
                "{export}function f0() {{ try {{ return [{}, {}]; }} catch (e: any) {{ return e.name; }} }}",
                expression(dice, 1, &known),
                dice.pick(&known)
            ),
            5 if !body.contains("function f1") => format!(
                "{export}function f1() {{ try {{ v0++; v1 += 1; [v0] = [[v0]]; ({{ v1 }} = {{ v1: [v1] }}); for (v0 of [v0, 2]) ; return {{ v0, v1, k }}; }} catch (e: any) {{ return e.name; }} }}"
            ),
            6 if !body.contains("class C") => {
                format!("{export}class C{part} {{ static s = {value}; m() {{ return v0; }} }}")
            }
            7 if !body.contains("enum E") => format!("{export}enum E{part} {{ A = {part}, B = \"b\" }}"),
            8 if depth > 0 && !body.contains("namespace In") => {
                format!("{export}namespace In {{\n{}}}", block(dice, name, part, depth - 1))
            }
            9 if !body.contains("pattern") => {
                format!("export const {{ pattern{part}, ...rest{part} }}: any = {{ pattern{part}: {value}, q: 1 }};")
            }
            10 if !body.contains(" k:") => format!("{export}const k: any = () => {value};"),
            _ => format!("export type T{part} = string; export interface I{part} {{ a: 1 }}"),
        };
        if !body.contains(&line) {
            body.push_str(&line);
            body.push('\n');
        }
    }
    body
}

/// A class and one that extends it, with decorators of the older kind where the settings allow them.
pub(super) fn class(dice: &mut Dice, name: &str, decorated: bool) -> Declared {
    let mut parameters = "a: any = 1".to_owned();
    let mut constructor = "seen.push(\"new\");".to_owned();
    let (body, before) = members(dice, decorated);
    if dice.once_in(2) {
        parameters = "public p: any = 3, private readonly q: any = [p], o = 1".to_owned();
        constructor.push_str(" seen.push((this as any).m0 ? 1 : 0, this.p, q, o);");
    }
    let abstracted = dice.pick(&["", "", "abstract "]);
    let extra = if abstracted.is_empty() {
        ""
    } else {
        "abstract todo(): void; abstract t: number;\n"
    };
    let order = dice.pick(&[
        "super(5); seen.push(\"sub\");",
        "seen.push(\"before\"); super(6);",
        "const z = super(7); seen.push(z === this);",
    ]);
    let sub_parameters = dice.pick(&["x?: any", "public x: any = 8", "protected override p: any = 9"]);
    let code = format!(
        "{before}{abstracted}class {name} {{\n{body}{extra}constructor({parameters}) {{ {constructor} }}\n}}\n\
         class Sub{name} extends {name} {{ f = [seen.length, (this as any).p]; todo() {{}} t = 1; constructor({sub_parameters}) {{ {order} }} override toString() {{ return \"sub\" + super.toString(); }} }}\n"
    );
    let observed = format!(
        "t(() => {{ const c = new (Sub{name} as any)(4); return [c, Object.keys(c), String(c), Object.getOwnPropertyNames({name}).sort(), c instanceof {name}, seen]; }});\n\
         t(() => {{ const c = new ({name} as any)(); return [Object.getOwnPropertyNames(Object.getPrototypeOf(c)).sort(), Object.entries(c).length, {name}.name, {name}.length, seen.length]; }});\n"
    );
    let code = format!(
        "const seen{name}: any[] = [];\nconst note = (what: string): any => (t: any, k: any, d: any) => {{ seen{name}.push([what, typeof t, k, typeof d]); }};\n{}",
        code.replace("seen", &format!("seen{name}"))
    );
    Declared {
        code,
        observed: observed.replace("seen", &format!("seen{name}")),
    }
}

/// What stands in a class, and before it.
fn members(dice: &mut Dice, decorated: bool) -> (String, &'static str) {
    let mut body = String::new();
    for index in 0..2 + dice.below(6) {
        let value = expression(dice, 1, &["this.p", "0"]).replace("this.p", "(this as any).p");
        let seen = format!("seen.push(\"{index}\")");
        let line = match dice.below(16) {
            0 => format!("m{index} = [{seen}, {value}];\n"),
            1 => format!("static s{index}: any = [{seen}, this.name];\n"),
            2 => format!("declare d{index}: string;\n"),
            3 => format!("u{index}?: number;\n"),
            4 => format!("n{index}!: number;\n"),
            5 => format!(
                "#q{index} = {value}; get g{index}() {{ return this.#q{index}; }} set g{index}(v: any) {{ this.#q{index} = [v]; }}\n"
            ),
            6 => format!("static {{ {seen}; (this as any).b{index} = 1; }}\n"),
            7 => format!("readonly r{index} = () => this.constructor.name;\n"),
            8 => format!("[({seen}, \"c{index}\")] = {seen};\n"),
            9 => format!(
                "static #h{index} = 2; static has{index}(o: any) {{ return #z in o || this.#h{index}; }} #z = 1;\n"
            )
            .replace("#z", &format!("#z{index}")),
            10 => format!("over{index}(a: string): void; over{index}(a: any) {{ return [a, {value}]; }}\n"),
            11 => format!("[key: `x${{number}}`]: any; static readonly k{index} = \"k\" as const;\n"),
            12 => format!(
                "async *gen{index}() {{ yield 1; }} get [\"get{index}\"]() {{ return super.toString === this.toString; }}\n"
            ),
            _ => format!("private o{index}: any = [{seen}, (this as any).p];\n"),
        };
        // Not on blocks, signatures and private names.
        if decorated && dice.once_in(2) && line.matches(';').count() == 1 && !line.contains(['#', '{', '}']) {
            body.push_str(&format!("@note(\"{index}\") "));
        }
        body.push_str(&line);
    }
    let mut before = "";
    if decorated {
        let parameter = dice.pick(&["", "@note(\"parameter\") "]);
        body.push_str(&format!("@note(\"method\") method({parameter}x?: any) {{ return x; }} @note(\"get\") static get got() {{ return 1; }}\n"));
        body.push_str("@note(\"static\") static late = 1; @note(\"field\") field = 2;\n");
        before = dice.pick(&[
            "",
            "@note(\"class\") ",
            "@((c: any) => class extends c { replaced = 1; } as any) ",
        ]);
    }
    (body, before)
}
