//! `aerocall build`: source to bundle.

use std::path::{Path, PathBuf};

use aerocall_compiler::{EngineName, Packaging};

use crate::{
    Failed,
    bundles::{self, Builder, Bundle, NotBuilt},
    project::{self, Project},
    terminal,
};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall build\n  aerocall build hooks/signup.ts -o signup.wasm\n  aerocall build hooks/fraud        # a Rust crate"
)]
pub(crate) struct Arguments {
    /// A hook file, the folder of a Rust hook, or a project directory for all of its hooks
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output file [default: dist/<name>.wasm]; for a project, the output directory
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// The JavaScript engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
    /// Include the engine in the bundle, for hosts that do not have it
    #[arg(long)]
    standalone: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let packaging = match arguments.standalone {
        true => Packaging::Standalone,
        false => Packaging::Shared,
    };
    let builder = Builder::packaging(arguments.engine, packaging);
    if !project::is_project(&arguments.path) {
        let built = bundles::built_file(&arguments.path, &builder).await;
        let bundle = built.map_err(bundles::said)?;
        let default = || PathBuf::from(format!("dist/{}.wasm", bundle.name));
        return write(&bundle, &arguments.output.unwrap_or_else(default));
    }
    let project = Project::open(&arguments.path)?;
    let directory = match arguments.output {
        Some(output) => output,
        None if arguments.path == Path::new(".") => PathBuf::from("dist"),
        None => arguments.path.join("dist"),
    };
    let mut ended = Ok(());
    for hook in &project.hooks {
        match builder.build(&project, hook).await {
            Ok(bundle) => write(&bundle, &directory.join(format!("{}.wasm", hook.name)))?,
            Err(NotBuilt::Failed(failed)) => return Err(failed),
            Err(problem) => ended = Err(bundles::said(problem)),
        }
    }
    ended
}

fn write(bundle: &Bundle, output: &Path) -> Result<(), Failed> {
    bundle.warnings.iter().for_each(terminal::show);
    if let Some(directory) = output.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        std::fs::create_dir_all(directory).map_err(|error| Failed::file(directory, &error))?;
    }
    std::fs::write(output, &bundle.component).map_err(|error| Failed::file(output, &error))?;
    let kib = bundle.component.len() / 1024;
    terminal::answer(format!(
        "{} ({kib} KiB): {}",
        output.display(),
        bundle.points().join(", ")
    ));
    Ok(())
}
