//! A line ends with a line feed, in diagnostics, stacks and frames alike, as editors count: U+2028, U+2029 and a lone carriage
//! return, which end one in the language and in the bundler's source maps, end none.

use crate::support::{SIGNUP, project, run, run_signup};

/// What may stand before a mistake on the same or an earlier line.
const BEFORE: &[&str] = &[
    "const a = 'x\u{2028}y';",
    "const a = 'x\u{2029}y', b = `t\u{2028}`;",
    "const a = `😀\u{2028}${context.hook}\u{2029}`; console.log(a);",
    "// a comment\u{2028}const a = 1; console.log(a);",
    "/* a comment\u{2029} */ const a = 1;",
    "const a = 1;\rconst b = 2;\rconsole.log(a + b);",
    "console.log(1);\r",
    "const a = /[\\u2028]/; console.log(`é\u{2028}`, a);",
];

fn hook(before: &str, mistake: &str) -> String {
    format!("export const beforeSignup = (context: any) => {{\n  {before}\n  {mistake}\n}};\n")
}

#[test]
fn an_exception_is_reported_at_the_line_of_the_editor() {
    let project = project(&[("in.json", SIGNUP)]);
    for before in BEFORE {
        for file in ["hook.ts", "hook.js"] {
            let source = hook(before, "throw new Error('here');");
            let source = match file {
                "hook.js" => source.replace(": any", ""),
                _ => source,
            };
            std::fs::write(project.path().join(file), &source).unwrap();
            let reply = run_signup(project.path(), file).json()["reply"].clone();
            let error = &reply["error"];
            assert_eq!(
                (&error["line"], &error["column"]),
                (&3.into(), &9.into()),
                "{before:?}: {reply}"
            );
            let frame = error["frame"].as_str().unwrap();
            assert!(
                frame.contains(">    3 |   throw new Error('here');"),
                "{before:?}: {frame}"
            );
            assert!(
                error["stack"].as_str().unwrap().contains(":3:9)"),
                "{before:?}: {reply}"
            );
        }
    }
}

#[test]
fn so_is_what_the_build_finds() {
    for before in BEFORE {
        let source = hook(before, "new Intl.NumberFormat();");
        let project = project(&[("hooks/a.ts", &source)]);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let found = &checked["diagnostics"][0];
        assert_eq!(found["code"], "no-intl", "{before:?}: {checked}");
        assert_eq!(
            (&found["line"], &found["column"]),
            (&3.into(), &7.into()),
            "{before:?}: {checked}"
        );
    }
}
