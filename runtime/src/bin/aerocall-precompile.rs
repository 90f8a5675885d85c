//! Compiles one component from standard input to standard output, within limits: what [`aerocall_runtime::CompileCommand`]
//! starts when the embedder has no such command of its own.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(aerocall_runtime::compile_child() as u8)
}
