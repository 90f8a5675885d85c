//! Builds a hook from the sources on standard input, for the runtime of the tests. Its argument: where compiled engines are kept.

fn main() -> std::process::ExitCode {
    let cache = std::env::args_os().nth(1).unwrap_or_default();
    let code = aerocall_compiler::build_from_stdin(std::path::Path::new(&cache));
    std::process::ExitCode::from(u8::try_from(code).unwrap_or(1))
}
