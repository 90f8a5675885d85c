//! `aerocall inspect`: the manifest of a bundle.

use std::{collections::BTreeMap, path::PathBuf};

use aerocall_runtime::{Manifest, Runtime};
use serde_json::{Value, json};

use crate::{
    Failed,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  aerocall inspect dist/signup.wasm\n  aerocall inspect dist/signup.wasm --json")]
pub(crate) struct Arguments {
    /// The bundle
    bundle: PathBuf,
    /// Print the manifest as one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let bytes = std::fs::read(&arguments.bundle).map_err(|error| Failed::file(&arguments.bundle, &error))?;
    match Runtime::inspect(&bytes) {
        Ok(manifest) if arguments.json => terminal::answer_json(&manifest),
        Ok(manifest) => {
            show(&manifest, &bytes);
            Ok(())
        }
        Err(refused) => {
            terminal::say(format!("error[{}]: {refused}", refused.code));
            Err(Failed::Checked)
        }
    }
}

fn show(manifest: &Manifest, bytes: &[u8]) {
    let list = |names: &[String]| match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let engine = match (&manifest.engine, &manifest.language) {
        (Some(engine), _) => format!("{} {}", engine.name, engine.digest),
        (None, Some(_)) => "none".to_owned(),
        (None, None) => "inside".to_owned(),
    };
    let of_scripts = || "JavaScript".to_owned();
    let lines = [
        ("name", manifest.name.clone()),
        ("contract", manifest.contract.clone()),
        ("language", manifest.language.clone().unwrap_or_else(of_scripts)),
        (
            "toolchain",
            manifest.toolchain.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("hooks", list(&manifest.hooks)),
        ("events", list(&manifest.events)),
        ("schedules", schedules(&manifest.schedules)),
        ("capabilities", list(&manifest.capabilities)),
        ("limits", limits(&json!(manifest.limits))),
        ("engine", engine),
        ("source", manifest.source_digest.clone()),
        ("digest", aerocall_runtime::digest(bytes)),
        ("size", format!("{} bytes", bytes.len())),
    ];
    for (title, text) in lines {
        terminal::answer(format!("{title:13} {}", plain(&text)));
    }
}

fn schedules(patterns: &BTreeMap<String, String>) -> String {
    let each: Vec<String> = patterns
        .iter()
        .map(|(name, pattern)| format!("{name} {pattern}"))
        .collect();
    match each.is_empty() {
        true => "none".to_owned(),
        false => each.join(", "),
    }
}

/// Those that the hook asks for.
fn limits(requested: &Value) -> String {
    let each = requested.as_object().into_iter().flatten();
    let each: Vec<String> = each.map(|(name, value)| format!("{name} {value}")).collect();
    match each.is_empty() {
        true => "server defaults".to_owned(),
        false => each.join(", "),
    }
}
