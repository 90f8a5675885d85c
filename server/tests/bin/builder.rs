//! Builds a hook from the sources on standard input, for the runtime of the tests. Its arguments: where compiled engines are kept,
//! and, to check types instead, `--types` and a TypeScript compiler.

use std::path::Path;

fn main() -> std::process::ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let code = match arguments.as_slice() {
        [_, _, tsc] => aerocall_runtime::check_types_from_stdin(Path::new(tsc)),
        [cache, ..] => aerocall_compiler::build_from_stdin(Path::new(cache)),
        [] => aerocall_compiler::build_from_stdin(Path::new("")),
    };
    std::process::ExitCode::from(u8::try_from(code).unwrap_or(1))
}
