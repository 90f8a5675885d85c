//! The commands as people and scripts use them: the binary, its output, its exit codes.

mod hostile;
