//! The process that builds: started in an empty directory without environment, fed, waited for, and ended when its time is up.

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, time::Duration};

use aerocall_contract::errors;
use tempfile::TempDir;

use super::protocol::{BuildOutput, BuildRequest, read_output};
use crate::{
    CompileCommand, LoadError,
    artifact::{BUNDLE_BYTES, internal},
    child::{self, Ended, Work},
};

/// Wall-clock time of a build; its processor time and memory are limited by [`super::confine`].
const BUILD_TIME: Duration = Duration::from_secs(30);
/// What diagnostics may take besides the bundle.
const REPLY_BYTES: usize = 4 << 20;

/// Builds in a child process.
pub(crate) async fn build_in_child(command: &CompileCommand, request: &BuildRequest) -> Result<BuildOutput, LoadError> {
    let sources = serde_json::to_vec(request).map_err(|error| internal(format!("the sources: {error}")))?;
    let directory = directory()?;
    let most_bytes = BUNDLE_BYTES + REPLY_BYTES;
    let work = Work {
        command,
        name: "building",
        directory: Some(directory.path()),
        most_bytes,
        time: BUILD_TIME,
    };
    let Ended { output, words, code } = child::run(work, &sources).await?.ok_or_else(over_limit)?;
    if output.len() > most_bytes {
        // It was cut off while it wrote, however it ended then.
        return Err(LoadError {
            code: errors::TOO_LARGE,
            message: format!("the bundle has more than {BUNDLE_BYTES} bytes"),
        });
    }
    match code {
        None => Err(over_limit()),
        Some(0) => read_output(output).ok_or_else(|| internal("the building process answered nothing to read".into())),
        Some(_) => Err(internal(format!("the building process failed: {words}"))),
    }
}

/// An empty directory that goes with the value.
pub(super) fn directory() -> Result<TempDir, LoadError> {
    let directory = tempfile::Builder::new()
        .prefix("aerocall-build-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir();
    directory.map_err(|error| internal(format!("no directory for a build: {error}")))
}

fn over_limit() -> LoadError {
    LoadError {
        code: errors::COMPILE_LIMIT,
        message: format!(
            "the build takes more than {} s, or more memory than a build may have: bundle less code",
            BUILD_TIME.as_secs()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BuildSettings, ProjectFile};

    /// What comes of a build by a shell that runs this.
    async fn by(script: &str) -> Result<BuildOutput, LoadError> {
        let command = CompileCommand {
            program: "/bin/sh".into(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
        };
        let request = BuildRequest {
            entry: "hooks/a.ts".to_owned(),
            files: vec![ProjectFile("hooks/a.ts".to_owned(), "x".repeat(1 << 20))],
            settings: BuildSettings::default(),
        };
        build_in_child(&command, &request).await
    }

    #[tokio::test]
    async fn whatever_becomes_of_the_process_is_an_answer() {
        let of = |output: Result<BuildOutput, LoadError>| output.unwrap_err();
        // As the kernel ends it when it has used up its time or cannot have memory.
        assert_eq!(of(by("kill -9 $$").await).code, errors::COMPILE_LIMIT);
        let failed = of(by("echo it broke >&2; exit 1").await);
        assert!(
            failed.code == errors::INTERNAL_ERROR && failed.message.contains("it broke"),
            "{failed:?}"
        );
        assert_eq!(of(by("exit 0").await).code, errors::INTERNAL_ERROR);
        assert_eq!(of(by("exec head -c 30000000 /dev/zero").await).code, errors::TOO_LARGE);
        let missing = CompileCommand {
            program: "/nonexistent".into(),
            arguments: Vec::new(),
        };
        let request = BuildRequest {
            entry: String::new(),
            files: Vec::new(),
            settings: BuildSettings::default(),
        };
        assert_eq!(
            of(build_in_child(&missing, &request).await).code,
            errors::INTERNAL_ERROR
        );
    }

    #[tokio::test]
    async fn it_runs_in_an_empty_directory_without_environment_and_is_fed_to_the_end() {
        let script = r#"here=$(ls -A | wc -l); size=$(wc -c | tr -d ' '); of=$(env | grep -vc -E '^(PWD|SHLVL|_|OLDPWD)='); mkdir left
            printf '{"diagnostics":[{"file":"%s","line":%s,"column":%s,"endLine":1,"endColumn":1,"code":"c","severity":"error","message":"m","hint":null}],"manifest":null}\n' "$PWD" "$size" "$((here + of))""#;
        let output = by(script).await.unwrap();
        let told = &output.diagnostics[0];
        assert_eq!(output.bundle, None);
        assert!(told.line > 1 << 20, "all of the sources: {told:?}");
        assert_eq!(told.column, 0, "{told:?}");
        assert!(
            !std::path::Path::new(&told.file).exists(),
            "its directory is gone: {told:?}"
        );
    }
}
