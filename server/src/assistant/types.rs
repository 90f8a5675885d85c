//! The types of the SDK that a hook needs: those that are reached from its own type. Each token of a question is paid for, and small
//! models take few.

use std::collections::BTreeSet;

use aerocall_contract::{Input, sdk_types};

/// Files whose types are not sent: models know what every JavaScript engine has, and the index only repeats the others.
const LEFT_OUT: [&str; 2] = ["globals.d.ts", "index.d.ts"];

/// An exported type, class or function, with its comment.
struct Declaration {
    name: String,
    text: String,
}

/// The declarations that a hook for this needs; all of them if it is not known what it is for.
pub(crate) fn needed(input: Option<&str>) -> String {
    let input = input.and_then(|name| Input::named(name).map(|input| (name, input)));
    let files = sdk_types::FILES.iter().filter(|(name, _)| !LEFT_OUT.contains(name));
    let all: Vec<Declaration> = files.flat_map(|(_, text)| declarations(text, input)).collect();
    let Some(input) = input else {
        return joined(all.iter());
    };
    let mut kept = BTreeSet::new();
    let mut next = roots(input);
    while let Some(name) = next.pop() {
        let named: Vec<&Declaration> = all.iter().filter(|declaration| declaration.name == name).collect();
        if !named.is_empty() && kept.insert(name) {
            next.extend(named.iter().flat_map(|declaration| mentioned(&declaration.text)));
        }
    }
    joined(all.iter().filter(|declaration| kept.contains(&declaration.name)))
}

fn joined<'d>(declarations: impl Iterator<Item = &'d Declaration>) -> String {
    let texts: Vec<&str> = declarations.map(|declaration| declaration.text.as_str()).collect();
    texts.join("\n\n")
}

/// The types that a hook is written with.
fn roots((name, input): (&str, Input)) -> Vec<String> {
    let roots: &[&str] = match input {
        // The type of a hook is the name of its point with a capital letter.
        Input::Point(_) => return vec![[&name[..1].to_ascii_uppercase(), &name[1..]].concat()],
        Input::Event(_) => &["EventHandlers"],
        Input::Message | Input::Schedule => &["EventHandlers", "defineConfig"],
    };
    roots.iter().map(|&root| root.to_owned()).collect()
}

/// What a file exports. Of what other hook points and events have, nothing.
fn declarations(file: &str, input: Option<(&str, Input)>) -> Vec<Declaration> {
    let mut all: Vec<Declaration> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in file.lines() {
        // A declaration begins with its comment, or without one.
        let begins = line.starts_with("/**") || line.starts_with("export ");
        let has_begun = lines.iter().any(|line| line.starts_with("export "));
        if begins && has_begun {
            all.extend(declaration(&std::mem::take(&mut lines), input));
        }
        if begins || !lines.is_empty() {
            lines.push(line);
        }
    }
    all.extend(declaration(&lines, input));
    all
}

fn declaration(lines: &[&str], input: Option<(&str, Input)>) -> Option<Declaration> {
    let head = lines.iter().find_map(|line| line.strip_prefix("export "))?;
    let mut words = head.split(|c: char| !is_of_name(c)).filter(|word| !word.is_empty());
    let name = words.find(|word| !KEYWORDS.contains(word))?;
    let mut text = Vec::new();
    let mut member = Vec::new();
    for &line in lines {
        let is_member = line.starts_with("  ");
        if !is_member && !line.is_empty() {
            text.append(&mut member);
            text.push(line);
            continue;
        }
        member.push(line);
        let ends = line.ends_with(';') && line.find(|c| c != ' ') == Some(2);
        if ends {
            match is_of_another(&member, input) {
                true => member.clear(),
                false => text.append(&mut member),
            }
        }
    }
    text.append(&mut member);
    Some(Declaration {
        name: name.to_owned(),
        text: text.join("\n").trim_end().to_owned(),
    })
}

/// Whether a member of a table by hook points or events is that of another one.
fn is_of_another(member: &[&str], input: Option<(&str, Input)>) -> bool {
    let Some((name, _)) = input else { return false };
    let keys = member
        .iter()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'));
    let mut keys = keys.map(|(key, _)| key.trim_matches('"'));
    keys.any(|key| key != name && matches!(Input::named(key), Some(Input::Point(_) | Input::Event(_))))
}

/// The names in a declaration, without its comments.
fn mentioned(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (code, comment) = rest.split_once("/*").unwrap_or((rest, ""));
        let words = code.split(|c: char| !is_of_name(c)).filter(|word| !word.is_empty());
        names.extend(words.map(str::to_owned));
        rest = comment.split_once("*/").map_or("", |(_, code)| code);
    }
    names
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// What may stand before the name of what is exported.
const KEYWORDS: [&str; 6] = ["declare", "interface", "type", "class", "function", "const"];

#[cfg(test)]
mod tests {
    use super::*;

    /// What TypeScript has itself.
    const GLOBALS: [&str; 18] = [
        "ArrayBuffer",
        "ArrayBufferView",
        "Date",
        "Error",
        "Extract",
        "Headers",
        "Iterable",
        "Omit",
        "Partial",
        "Pick",
        "Promise",
        "Readonly",
        "Record",
        "Request",
        "RequestInit",
        "Response",
        "URL",
        "Uint8Array",
    ];

    /// Names that begin like types, without texts, and the parameters of types.
    fn unknown(types: &str) -> BTreeSet<String> {
        let declared: BTreeSet<String> = declarations(types, None).into_iter().map(|one| one.name).collect();
        let code: String = types.lines().map(|line| format!("{}\n", without_texts(line))).collect();
        let named = mentioned(&code)
            .into_iter()
            .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()));
        let is_known = |name: &String| {
            declared.contains(name)
                || GLOBALS.contains(&name.as_str())
                || ["<", "[", "infer "]
                    .iter()
                    .any(|before| types.contains(&format!("{before}{name} extends")))
                || types.contains(&format!("[{name} in keyof"))
                || types.contains(&format!("<{name}>(")) && !declared.contains(name)
                || types.contains(&format!("<{name} = "))
                || ["Queue", "Deny", "AerocallError"].contains(&name.as_str())
        };
        named.filter(|name| !is_known(name)).collect()
    }

    fn without_texts(line: &str) -> String {
        let parts = line.split(['"', '`']).step_by(2);
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_type_that_is_mentioned_is_there() {
        for input in Input::all() {
            let name = input.name();
            let types = needed(Some(&name));
            assert_eq!(unknown(&types), BTreeSet::new(), "{name}:\n{types}");
            assert!(types.contains("export interface Aerocall {"), "{name}");
        }
    }

    #[test]
    fn what_other_hooks_have_is_left_out() {
        let all = needed(None);
        for input in Input::all() {
            let name = input.name();
            let types = needed(Some(&name));
            assert!(
                types.len() * 10 < all.len() * 7,
                "{name}: {} of {}",
                types.len(),
                all.len()
            );
        }
        let signup = needed(Some("beforeSignup"));
        for part in [
            "export type BeforeSignup = ",
            "interface SignupPayload ",
            "  beforeSignup: { user?: UserPatch };",
            "interface PasswordHandle ",
        ] {
            assert!(signup.contains(part), "{part}\n{signup}");
        }
        for part in ["afterSignup", "LoginPayload", "EventHandlers", "import ", "UPDATE_DOCS"] {
            assert!(!signup.contains(part), "{part}\n{signup}");
        }
        let event = needed(Some("auth.login.failed"));
        assert!(
            event.contains("reason: string;") && !event.contains("auth.signup\""),
            "{event}"
        );
        assert!(needed(Some("cron.nightly")).contains("schedules?: Schedules;"));
    }
}
