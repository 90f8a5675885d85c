//! The child process that compiles uploads in the server's tests. Knows nothing but the runtime's entry point for it.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(u8::try_from(aerocall_runtime::compile_child()).unwrap_or(1))
}
