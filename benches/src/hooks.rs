//! The four hooks that the platform and its peers are measured with. `hooks/h*.js` are the common sources; what is added
//! here makes each one a hook: named exports, and for H4 the SDK's cache in place of two globals.

use aerocall_runtime::{Call, Context, RequestInfo};
use serde_json::Value;

/// One of the four.
#[derive(Clone, Debug)]
pub struct Case {
    /// `H1 validate`, …
    pub name: &'static str,
    /// The common source.
    pub common: &'static str,
    /// As the hook a project would deploy.
    pub hook: String,
    /// `{ctx, payload}` as the common source takes it.
    pub input: &'static str,
    /// What the common source answers.
    pub output: &'static str,
}

macro_rules! case {
    ($name:literal, $number:literal, $export:literal) => {
        Case {
            name: $name,
            common: include_str!(concat!("../hooks/h", $number, ".js")),
            hook: concat!(include_str!(concat!("../hooks/h", $number, ".js")), "\n", $export).to_owned(),
            input: include_str!(concat!("../hooks/p", $number, ".json")),
            output: include_str!(concat!("../hooks/o", $number, ".json")),
        }
    };
}

/// All four.
#[must_use]
pub fn all() -> Vec<Case> {
    vec![
        case!(
            "H1 validate",
            "1",
            "const hook = (context, payload) => ({ patch: beforeSignup(context, payload) });\nexport { hook as beforeSignup };\n"
        ),
        case!(
            "H2 enrich",
            "2",
            "export const beforeSignup = (context, payload) => ({ patch: enrich(context, payload) });\n"
        ),
        case!(
            "H3 compute",
            "3",
            "export const beforeSignup = (context, payload) => ({ patch: { decision: \"allow\", digest: sha256hex(payload.data), requestId: context.requestId } });\n"
        ),
        Case {
            hook: H4.to_owned(),
            ..case!("H4 sdk", "4", "")
        },
    ]
}

/// H4 with the SDK: its common source calls two synchronous globals.
const H4: &str = r#"export const beforeSignup = async (context, payload, Aerocall) => {
  const key = "attempts:" + payload.user.email.toLowerCase();
  const prev = await Aerocall.cache.get(key);
  const n = prev ? (parseInt(prev, 10) + 1) % 100000 : 1;
  await Aerocall.cache.set(key, String(n));
  return { patch: { decision: "allow", attempts: n >= 0, requestId: context.requestId } };
};
"#;

impl Case {
    /// The call that a server would make.
    ///
    /// # Panics
    /// When the committed payload is damaged.
    #[must_use]
    pub fn call(&self) -> Call {
        let input: Value = serde_json::from_str(self.input).expect("hooks/p*.json are JSON");
        let text = |name: &str| input["ctx"][name].as_str().unwrap_or_default().to_owned();
        Call {
            context: Context {
                project_id: text("projectId"),
                environment: "production".to_owned(),
                request_id: text("requestId"),
                invocation_id: "inv_01HZX3V4K2M8Q9R7T6W5Y4B3N2".to_owned(),
                hook: "beforeSignup".to_owned(),
                endpoint: "POST /auth/register".to_owned(),
                time_ms: 1_795_464_000_000,
                attempt: 1,
                request: Some(RequestInfo {
                    ip: text("ip"),
                    user_agent: text("userAgent"),
                    method: "POST".to_owned(),
                    path: "/auth/register".to_owned(),
                    locale: text("locale"),
                    headers: Vec::new(),
                }),
                version_number: 1,
            },
            payload: input["payload"].to_string(),
        }
    }

    /// The patch that the hook must answer.
    ///
    /// # Panics
    /// When the committed answer is damaged.
    #[must_use]
    pub fn expected(&self) -> Value {
        serde_json::from_str(self.output).expect("hooks/o*.json are JSON")
    }
}
