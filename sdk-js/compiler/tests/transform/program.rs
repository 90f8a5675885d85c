//! A made-up program: one file or a few, whose `run` makes observations.

use super::dice::Dice;
use super::effects::effects;
use super::expressions::{expression, literal, plain};
use super::statements::statement;
use super::types::{self, Declared};

/// A program. Its first file exports `run(t)`, which calls `t` with each thing that is to be observed.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) files: Vec<(String, String)>,
}

impl Program {
    /// The program of a seed; `decorated` where decorators of the older kind are allowed.
    pub(super) fn of(seed: u64, decorated: bool) -> Self {
        let mut dice = Dice::new(seed);
        let name = format!("p{seed}");
        let dice = &mut dice;
        match dice.below(9) {
            8 => Self::with_effects(dice, name),
            0..3 => Self::alone(name, statements(dice)),
            3 => {
                let declared = types::list(dice, "E");
                Self::declaring(dice, name, declared)
            }
            4 => {
                let declared = types::namespace(dice, "N");
                Self::declaring(dice, name, declared)
            }
            5 => {
                let declared = types::class(dice, "C", decorated);
                Self::declaring(dice, name, declared)
            }
            _ => Self::of_files(dice, name),
        }
    }

    /// A program of one file, from what stands in it.
    pub(super) fn alone(name: String, text: String) -> Self {
        let files = vec![(format!("{name}.ts"), text)];
        Self { name, files }
    }

    /// Files that act when they are loaded, of which little or nothing is used.
    fn with_effects(dice: &mut Dice, name: String) -> Self {
        let (first, second) = (format!("{name}_a"), format!("{name}_b"));
        let import = dice.pick(&[
            "import \"./FIRST\";",
            "import { used } from \"./FIRST\";\nused;",
            "import { used } from \"./FIRST\";\nexport const more = used;",
            "import * as all from \"./FIRST\";\nexport { all };",
            "import * as all from \"./FIRST\";",
            "export * from \"./FIRST\";",
            "export { used } from \"./FIRST\";",
            "import { type T } from \"./FIRST\";\nlet t: T;",
        ]);
        let own = effects(dice, &name);
        let entry = format!(
            "import {{ mark, marks }} from \"./show\";\n{}\n{own}export const run = (t: any) => {{\nt(() => marks(\"{name}.\"));\nt(() => marks(\"{name}_\"));\n}};\n",
            import.replace("FIRST", &first)
        );
        let of = |dice: &mut Dice, file: &str, import: &str| {
            let effects = effects(dice, file);
            format!("import {{ mark }} from \"./show\";\n{import}{effects}export const used = 1;\nexport type T = 1;\n")
        };
        let files = vec![
            (format!("{name}.ts"), entry),
            (
                format!("{first}.ts"),
                of(dice, &first, &format!("import \"./{second}\";\n")),
            ),
            (format!("{second}.ts"), of(dice, &second, "")),
        ];
        Self { name, files }
    }

    fn declaring(dice: &mut Dice, name: String, declared: Declared) -> Self {
        let more = if dice.once_in(2) {
            statement(dice, &[])
        } else {
            String::new()
        };
        let text = format!(
            "{}export const run = (t: any) => {{\n{}{more}\n}};\n",
            declared.code, declared.observed
        );
        Self::alone(name, text)
    }

    /// Constants, enums and data of other files; imports that leave no trace, and such that do.
    fn of_files(dice: &mut Dice, name: String) -> Self {
        let (first, second, data) = (format!("{name}_a"), format!("{name}_b"), format!("{name}_d.json"));
        let text = plain(dice);
        let value = literal(dice);
        let derived = expression(dice, 2, &["text", "value"]);
        let safe = format!("(() => {{ try {{ return {derived}; }} catch (e: any) {{ return e.name; }} }})()");
        let exports = format!(
            "import {{ mark }} from \"./show\";\nmark(\"{first}\");\nexport const text: any = {text};\nexport const value: any = {value};\n\
             export const derived: any = {safe};\nexport let count = 0;\nexport const up = () => ++count;\n\
             export enum Level {{ Low = 1, High = \"7 \" }}\nfunction scoped() {{ enum Level {{ Low = 9, High = 3 }} return [Level.Low, Level.High]; }}\n\
             export const inner = scoped();\nexport const enum Size {{ A = 2, B }}\nexport interface Shape {{ a: 1 }}\nexport type {{ Shape as Other }};\n\
             export namespace Rules {{ export let most: any = {text}; export const raise = () => most = [most]; }}\n\
             export const early = () => text;\nexport default class {{ static s = text; }}\n"
        );
        let again = format!(
            "import {{ mark }} from \"./show\";\nmark(\"{second}\");\nexport * from \"./{first}\";\nexport {{ text as renamed, default as Klass }} from \"./{first}\";\n\
             export * as all from \"./{first}\";\nexport interface Only {{ b: 1 }}\n"
        );
        let json = format!(
            "{{ \"limit\": {}, \"n\": 10, \"list\": [\"7 \", null, true] }}",
            json_text(dice)
        );
        let from = dice.pick(&[&first as &str, &second]).to_owned();
        let side = dice.pick(&[
            "import type { Only } from \"./SECOND\";\nlet o: Only;",
            "import { Only } from \"./SECOND\";\nlet o: Only;",
            "import { type Only } from \"./SECOND\";\nlet o: Only;",
            "import \"./SECOND\";",
            "export type { Only } from \"./SECOND\";",
            "",
        ]);
        let side = side.replace("SECOND", &second);
        let names = [
            "text",
            "value",
            "derived",
            "Level.High",
            "Level.Low",
            "Size.B",
            "data.limit",
            "data.n",
            "Rules.most",
            "count",
        ];
        let mut observed = String::new();
        for _ in 0..3 + dice.below(4) {
            observed.push_str(&format!("t(() => {});\n", expression(dice, 3, &names)));
        }
        observed.push_str(&statement(dice, &names));
        let entry = format!(
            "import {{ marks }} from \"./show\";\nimport {{ text, value, derived, count, up, Level, Size, Rules, inner, early }} from \"./{from}\";\n\
             import * as everything from \"./{from}\";\nimport data from \"./{data}\";\n{side}\n\
             export const run = (t: any) => {{\nt(() => [text, value, derived, Level.High, Size.A, inner, early()]);\n\
             t(() => [up(), count, everything.count, Rules.raise(), Rules.most, Object.keys(everything).sort()]);\nt(() => marks(\"{name}_\"));\n{observed}\n}};\n"
        );
        let files = vec![
            (format!("{name}.ts"), entry),
            (format!("{first}.ts"), exports),
            (format!("{second}.ts"), again),
            (data, json),
        ];
        Self { name, files }
    }
}

fn json_text(dice: &mut Dice) -> &str {
    dice.pick(&["\"25\\n\"", "\"10 \"", "\" 7\"", "30", "\"\"", "\"0x10 \"", "-0.5"])
}

/// A `run` of statements, with names around it.
fn statements(dice: &mut Dice) -> String {
    let mut text = format!("const k: any = {};\nlet v: any = {};\n", literal(dice), plain(dice));
    text.push_str("export const run = (t: any) => {\n");
    for _ in 0..3 + dice.below(5) {
        text.push_str(&statement(dice, &["k", "v"]));
        text.push('\n');
    }
    // Read before its declaration, at the top of the file.
    if dice.once_in(4) {
        text.push_str("t(() => late);\n");
        text.push_str("};\nexport const late: any = k;\n");
        return text;
    }
    text.push_str("v = [v];\nt(() => v);\n};\n");
    text
}
