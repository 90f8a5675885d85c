//! One file per command.

pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod deploy;
pub(crate) mod doctor;
pub(crate) mod environments;
pub(crate) mod hooks;
pub(crate) mod inspect;
pub(crate) mod keys;
pub(crate) mod logs;
pub(crate) mod migrate;
pub(crate) mod new;
pub(crate) mod projects;
pub(crate) mod restore;
pub(crate) mod run;
pub(crate) mod secrets;
pub(crate) mod serve;
pub(crate) mod test;
pub(crate) mod tokens;
pub(crate) mod types;
pub(crate) mod worker;
