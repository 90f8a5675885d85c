//! Which folder of the server may name which: edges over flows over the assistant over hooks over (outbound, security, domain,
//! observability) over storage over base.

use crate::{Tree, text::rust_code};

/// The folders of `server/src`, from the edges down to the base. A folder may name those below it, and the shared parts of the
/// server ([`APP`]) if it stands on or above the flows.
const LAYERS: &[&[&str]] = &[
    &["http", "worker"],
    &["flows"],
    &["assistant"],
    &["hooks"],
    &["outbound", "security", "domain", "observability"],
    &["storage"],
    &["base"],
];

/// Beside each other, one way only.
const SIDEWAYS: &[(&str, &str)] = &[("outbound", "observability"), ("security", "domain")];

/// Below it, and still not for it: the edge over HTTP leaves what is stored to the flows.
const NOT: &[(&str, &str)] = &[("http", "storage")];

/// What is put together once per process from all folders.
const APP: &str = "app";
/// The lowest layer that may name it.
const APP_LAYER: usize = 1;

/// Parts of a file at the root of the crate, which may name everything and which nothing below names.
const OF_THE_ROOT: &[&str] = &["backup", "doctor"];

/// For tests alone; the compiler holds that.
const TESTING: &str = "testing";

/// Edges over flows over the assistant over hooks over (outbound, security, domain, observability) over storage over base: no
/// folder of the server names one above it.
#[must_use]
pub fn folders(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let Some((folder, _)) = path
            .strip_prefix("server/src/")
            .and_then(|inside| inside.split_once('/'))
        else {
            continue;
        };
        if folder == TESTING || OF_THE_ROOT.contains(&folder) {
            continue;
        }
        let Some(own) = layer(folder) else {
            broken.push(format!(
                "{path}: {folder} is not in the list of folders in tests/src/folders.rs"
            ));
            continue;
        };
        for (number, named) in named_folders(&rust_code(text)) {
            let allowed = match layer(&named) {
                Some(_) if NOT.contains(&(folder, named.as_str())) => false,
                Some(other) => named == folder || own < other || SIDEWAYS.contains(&(folder, named.as_str())),
                None => named == TESTING || named == APP && own <= APP_LAYER,
            };
            if !allowed {
                broken.push(format!("{path}:{number}: {folder} may not name {named}"));
            }
        }
    }
    broken
}

fn layer(folder: &str) -> Option<usize> {
    LAYERS.iter().position(|folders| folders.contains(&folder))
}

/// The modules at the root of the crate that code names: `crate::name…`, and each of `crate::{name…, name…}`.
fn named_folders(code: &str) -> Vec<(usize, String)> {
    const ROOT: &str = "crate::";
    let mut found = Vec::new();
    for (at, _) in code.match_indices(ROOT) {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &code[at + ROOT.len()..];
        let (mut depth, mut is_start) = (0_usize, true);
        for (place, sign) in rest.char_indices() {
            if is_start && (sign.is_alphabetic() || sign == '_') {
                let name: String = rest[place..]
                    .chars()
                    .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
                    .collect();
                let line = code[..at + ROOT.len() + place].matches('\n').count() + 1;
                found.push((line, name));
                is_start = false;
            }
            match sign {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 1 => is_start = true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::folders;
    use crate::{assert_found, assert_kept};

    #[test]
    fn folders_of_the_server_name_only_what_is_below_them() {
        assert_kept(folders);
    }

    #[test]
    fn a_folder_that_names_one_above_it_is_found() {
        let files = [
            (
                "server/src/storage/store/a.rs",
                "use crate::{\n    base::error::{Error, flows},\n    flows::auth,\n};\n// crate::http\nlet s = \"crate::http\";\n",
            ),
            (
                "server/src/base/a.rs",
                "fn a() { crate::hooks::b(); crate::base::c(); my_crate::http::d(); }\n",
            ),
            (
                "server/src/hooks/a.rs",
                "use crate::{app::App, domain::user, testing::World};\n",
            ),
            ("server/src/flows/a.rs", "use crate::{app::App, security::access};\n"),
            ("server/src/security/a.rs", "use crate::domain::x;\n"),
            ("server/src/domain/a.rs", "use crate::security::x;\n"),
            (
                "server/src/http/a.rs",
                "use crate::worker::x;\nuse crate::storage::store::Tx;\n",
            ),
            ("server/src/tools/a.rs", "use crate::base::x;\n"),
            ("server/src/server.rs", "use crate::{http, worker};\n"),
            ("server/src/doctor/a.rs", "use crate::{security::x, storage::y};\n"),
            ("server/src/outbound/a.rs", "use crate::doctor::x;\n"),
            (
                "server/src/assistant/a.rs",
                "use crate::{flows::x, hooks::y, outbound::z};\n",
            ),
            ("server/src/hooks/b.rs", "use crate::assistant::x;\n"),
        ];
        let expected = [
            "server/src/storage/store/a.rs:3: storage may not name flows",
            "server/src/base/a.rs:1: base may not name hooks",
            "server/src/hooks/a.rs:1: hooks may not name app",
            "server/src/domain/a.rs:1: domain may not name security",
            "server/src/http/a.rs:1: http may not name worker",
            "server/src/http/a.rs:2: http may not name storage",
            "server/src/tools/a.rs: tools is not in the list of folders",
            "server/src/outbound/a.rs:1: outbound may not name doctor",
            "server/src/assistant/a.rs:1: assistant may not name flows",
            "server/src/hooks/b.rs:1: hooks may not name assistant",
        ];
        assert_found(folders, &files, &expected);
    }
}
