//! Loading and calling components: those of `fixtures/`, made into bundles, and hosts for them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_runtime::{
    Call, CompileCommand, Conditions, Context, Hook, Host, Invocation, Limits, LoadError, Outcome, RecordedCall,
    Recording, Replayed, Runtime, RuntimeConfig, SdkError,
    host::{Auth, Cache, EmailBody, Session, UserRef},
};
use async_trait::async_trait;
use serde_json::{Value, json};
use wit_component::ComponentEncoder;

/// The guest without WASI: a core module.
pub(crate) const PLAIN: &str = "guest.wasm";
/// The same with WASI: a component.
pub(crate) const WASI: &str = "guest-wasi.wasm";

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = fixtures().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// What a manifest of the guest has.
pub(crate) fn manifest() -> Value {
    json!({
        "format": 1, "name": "guest", "contract": "aerocall:hooks@0.1.0", "language": "rust", "hooks": ["beforeSignup"],
        "events": [], "capabilities": ["auth", "cache"], "sourceDigest": "sha256:0",
    })
}

/// A component of the fixture, with a manifest.
pub(crate) fn bundle_of(name: &str) -> Vec<u8> {
    bundle(&component(&fixture(name)), &manifest())
}

/// What others do with a core module.
pub(crate) fn component(bytes: &[u8]) -> Vec<u8> {
    match bytes.get(4..8) {
        Some([1, 0, 0, 0]) => {
            let encoder = ComponentEncoder::default().module(bytes).unwrap();
            encoder.validate(true).encode().unwrap()
        }
        _ => bytes.to_vec(),
    }
}

/// A component with a manifest behind it.
pub(crate) fn bundle(component: &[u8], manifest: &Value) -> Vec<u8> {
    section(component, "aerocall:manifest", manifest.to_string().as_bytes())
}

/// The same with one more custom section.
pub(crate) fn section(component: &[u8], name: &str, data: &[u8]) -> Vec<u8> {
    use wasm_encoder::ComponentSection as _;
    let mut bytes = component.to_vec();
    let section = wasm_encoder::CustomSection {
        name: name.into(),
        data: data.into(),
    };
    section.append_to_component(&mut bytes);
    bytes
}

pub(crate) async fn runtime() -> Arc<Runtime> {
    let config = RuntimeConfig {
        cache_dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join("runtime-cache"),
        artifact_bytes: 1 << 30,
        compile: CompileCommand {
            program: env!("CARGO_BIN_EXE_aerocall-precompile").into(),
            arguments: Vec::new(),
        },
        // Nothing here builds sources in another process.
        build: CompileCommand {
            program: "/nonexistent".into(),
            arguments: Vec::new(),
        },
        engines: Vec::new(),
        max_instances: 4,
    };
    Runtime::new(config).await.unwrap()
}

pub(crate) async fn load(name: &str) -> Arc<Hook> {
    runtime().await.load(&bundle_of(name)).await.unwrap()
}

/// Why a bundle is refused.
pub(crate) async fn refusal(bundle: &[u8]) -> LoadError {
    match runtime().await.load(bundle).await {
        Ok(hook) => panic!("{hook:?} was loaded"),
        Err(error) => error,
    }
}

pub(crate) fn call(what: &str) -> Call {
    Call {
        context: Context {
            hook: "beforeSignup".to_owned(),
            ..Context::default()
        },
        payload: Value::from(what).to_string(),
    }
}

/// Runs the guest with what it finds in a project.
pub(crate) async fn run(hook: &Hook, what: &str, limits: &Limits) -> Invocation {
    hook.call(call(what), limits, host()).await
}

/// Runs it again with what an earlier run got from outside.
pub(crate) async fn again(hook: &Hook, what: &str, earlier: &Invocation) -> Replayed {
    let calls = earlier.records.calls.iter().map(|call| RecordedCall {
        name: call.name.clone(),
        arguments: call.arguments.as_str().to_owned(),
        answer: call.answer.as_str().to_owned(),
    });
    let conditions = Conditions {
        recording: Some(Arc::new(Recording {
            calls: calls.collect(),
            clock_ms: earlier.records.clock_ms.clone(),
            seed: earlier.records.seed,
        })),
        ..Conditions::default()
    };
    hook.call_under(conditions, call(what), &Limits::DEFAULT, Host::default())
        .await
}

/// What the guest says in a patch.
pub(crate) fn said(invocation: &Invocation) -> &str {
    match &invocation.outcome {
        Outcome::Patch(patch) => patch["says"].as_str().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// An outcome in the words of a table: the kind, or the code and the message of a failure.
pub(crate) fn reported(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Allow => "allow".to_owned(),
        Outcome::Deny(denial) => format!("deny {}: {}", denial.code, denial.message),
        Outcome::Patch(patch) => format!("patch {}", patch["says"]),
        Outcome::Failed(failure) => format!("{}: {failure}", failure.code()),
    }
}

pub(crate) fn host() -> Host {
    Host {
        cache: Some(Arc::new(Empty)),
        auth: Some(Arc::new(Empty)),
        ..Host::default()
    }
}

/// A project without anything in it.
struct Empty;

#[async_trait]
impl Cache for Empty {
    async fn get(&self, _key: &str) -> Result<Option<String>, SdkError> {
        Ok(None)
    }

    async fn set(&self, _key: &str, _value: &str, _ttl_seconds: Option<u32>) -> Result<(), SdkError> {
        Ok(())
    }

    async fn delete(&self, _key: &str) -> Result<bool, SdkError> {
        Ok(false)
    }

    async fn increment(&self, _key: &str, by: i64, _ttl_seconds: Option<u32>) -> Result<i64, SdkError> {
        Ok(by)
    }

    async fn set_if_absent(&self, _key: &str, _value: &str, _ttl_seconds: Option<u32>) -> Result<bool, SdkError> {
        Ok(true)
    }
}

#[async_trait]
impl Auth for Empty {
    async fn get_user(&self, _user: UserRef) -> Result<Option<String>, SdkError> {
        Ok(None)
    }

    async fn update_user(&self, _id: &str, patch: &str) -> Result<String, SdkError> {
        Ok(patch.to_owned())
    }

    async fn list_sessions(&self, _user_id: &str) -> Result<Vec<Session>, SdkError> {
        Ok(Vec::new())
    }

    async fn revoke_sessions(&self, _user_id: &str) -> Result<u32, SdkError> {
        Ok(0)
    }

    async fn send_email(&self, _to: &str, _body: EmailBody) -> Result<String, SdkError> {
        Ok("m".to_owned())
    }

    async fn verify_password(&self, _handle: u32, _user_id: &str) -> Result<bool, SdkError> {
        Ok(false)
    }

    async fn password_strength(&self, _handle: u32) -> Result<u8, SdkError> {
        Ok(0)
    }
}
