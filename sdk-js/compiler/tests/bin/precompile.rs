//! Compiles one component from standard input to standard output: what the tests' runtime starts for a bundle. The
//! product's own is in `aerocall`.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(aerocall_runtime::compile_child() as u8)
}
