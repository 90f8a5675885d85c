//! How a hook wants what it gets: which of it one after the other, and how urgently.

use aerocall_contract::EventKind;
use aerocall_runtime::{Manifest, Priority};
use serde_json::Value;

/// Longer ones are cut: what shares so long a beginning is run one after the other as well.
const MAX_BYTES: usize = 200;

/// Of one event or queue, by one hook.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handling {
    /// To what tells which follow one another.
    path: Option<String>,
    pub(crate) priority: Priority,
}

impl Handling {
    /// What the hook says of it, or what goes without saying: somebody waits for a code.
    pub(crate) fn of(manifest: &Manifest, event: &str) -> Self {
        let usual = match EventKind::named(event) {
            Some(EventKind::OtpSend) => Priority::High,
            _ => Priority::Normal,
        };
        Self {
            path: manifest.order.get(event).cloned(),
            priority: manifest.priority.get(event).copied().unwrap_or(usual),
        }
    }

    /// Of a message or of an event's data, as JSON: jobs with the same one are handled one after the other.
    pub(crate) fn order_key(&self, data: &str) -> Option<String> {
        order_key(self.path.as_ref()?, data)
    }
}

/// The value that a path of names leads to. `None`: nothing is there, or nothing that tells one from another.
fn order_key(path: &str, data: &str) -> Option<String> {
    let data: Value = serde_json::from_str(data).ok()?;
    let found = path.split('.').try_fold(&data, |value, name| value.get(name))?;
    let mut key = match found {
        Value::String(text) => text.replace('\0', ""),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    while key.len() > MAX_BYTES {
        key.pop();
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_text_or_a_number() {
        let data = r#"{ "user": { "id": "usr_1", "nul": "a\u0000b" }, "n": 7, "list": ["x"] }"#;
        let key = |path: &str| order_key(path, data);
        assert_eq!(key("user.id").as_deref(), Some("usr_1"));
        assert_eq!(key("user.nul").as_deref(), Some("ab"));
        assert_eq!(key("n").as_deref(), Some("7"));
        for path in ["user", "list", "list.0", "none", "n.x", "", "user..id"] {
            assert_eq!(key(path), None, "{path}");
        }
        assert_eq!(order_key("a", "{"), None);
        let long = format!(r#"{{ "a": "{}" }}"#, "ü".repeat(150));
        assert_eq!(order_key("a", &long).map(|key| key.len()), Some(200));
    }
}
