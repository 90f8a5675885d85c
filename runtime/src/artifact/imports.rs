//! What a component may import: interfaces of the contract, in a release that this host has, parts of WASI, and the engine that
//! JavaScript shares. Everything else is refused by its name, with what to do instead.

use std::collections::BTreeSet;

use aerocall_contract::errors::{self, Code};
use wasmparser::ComponentTypeRef;

use super::check::ENGINE_IMPORT;
use crate::{
    LoadError,
    wasi::{self, Wasi},
};

/// The namespace and package of the contract.
const PACKAGE: &str = "aerocall:hooks/";
/// The interfaces of the world.
const INTERFACES: &[&str] = &[
    "types", "log", "clock", "random", "cache", "db", "queue", "auth", "http", "secrets", "hooks",
];
/// The release of the contract that this host has, as in `wit/`. Releases with the same first two numbers only add.
pub(crate) const RELEASE: (u32, u32, u32) = (0, 1, 0);

/// What a component imports.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// Whether it shares an engine or brings its own code.
    pub(crate) engine: bool,
    /// Whether it needs WASI.
    pub(crate) wasi: bool,
    /// The interfaces of the world, by name.
    pub(crate) interfaces: BTreeSet<&'static str>,
}

impl Imports {
    /// Takes one import, if hooks may have it.
    pub(crate) fn take(&mut self, name: &str, ty: &ComponentTypeRef) -> Result<(), LoadError> {
        if name == ENGINE_IMPORT && matches!(ty, ComponentTypeRef::Module(_)) {
            self.engine = true;
            return Ok(());
        }
        // A type that is equal to one of an interface gives the component nothing to call.
        if matches!(ty, ComponentTypeRef::Type(_)) {
            return Ok(());
        }
        if let Some(rest) = name.strip_prefix(PACKAGE) {
            return self.of_contract(name, rest);
        }
        match wasi::wasi(name) {
            Some(Wasi::Linked) => {
                self.wasi = true;
                Ok(())
            }
            Some(Wasi::Refused(reason)) => Err(forbidden(name, &reason)),
            None => Err(forbidden(
                name,
                &format!("only interfaces of `{PACKAGE}…` and parts of WASI 0.2 can be imported"),
            )),
        }
    }

    fn of_contract(&mut self, name: &str, rest: &str) -> Result<(), LoadError> {
        let (interface, version) = rest.split_once('@').unwrap_or((rest, ""));
        let Some(known) = INTERFACES.iter().find(|known| **known == interface) else {
            let all = INTERFACES.join(", ");
            return Err(forbidden(name, &format!("the contract has the interfaces {all}")));
        };
        check_release(name, version)?;
        self.interfaces.insert(known);
        Ok(())
    }
}

/// Whether this host has the release that something of the contract is of.
pub(crate) fn check_release(name: &str, version: &str) -> Result<(), LoadError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor, patch) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
    let wanted = major.zip(minor).zip(patch).filter(|_| parts.next().is_none());
    let own = release();
    let advice = match wanted {
        Some(((major, minor), patch)) if (major, minor) == (RELEASE.0, RELEASE.1) && patch <= RELEASE.2 => {
            return Ok(());
        }
        Some(((major, minor), patch)) if (major, minor, patch) > RELEASE => {
            "update the server, or build the hook against the release that the server has"
        }
        _ => "build the hook again; `aerocall upgrade` says what has changed since",
    };
    Err(LoadError {
        code: errors::WRONG_WORLD,
        message: format!(
            "the component was built for `{name}`, and this server has release {own} of the contract: {advice}"
        ),
    })
}

/// The release of the contract that this host has, as text.
pub(crate) fn release() -> String {
    format!("{}.{}.{}", RELEASE.0, RELEASE.1, RELEASE.2)
}

fn forbidden(name: &str, reason: &str) -> LoadError {
    const CODE: Code = errors::FORBIDDEN_IMPORT;
    LoadError {
        code: CODE,
        message: format!("the component imports `{name:.200}`, which hooks cannot use: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: ComponentTypeRef = ComponentTypeRef::Instance(0);

    #[test]
    fn the_release_is_that_of_the_contract() {
        let world = include_str!("../../../wit/world.wit");
        assert!(world.starts_with(&format!("package aerocall:hooks@{};\n", release())));
        for interface in INTERFACES {
            assert_eq!(
                Imports::default().take(&format!("{PACKAGE}{interface}@{}", release()), &INSTANCE),
                Ok(())
            );
        }
    }

    #[test]
    fn what_is_not_there_is_refused_by_name_with_what_to_do() {
        for (name, code, says) in [
            ("aerocall:hooks/cachet@0.1.0", "forbidden_import", "log, clock, random"),
            ("aerocall:hooks/cache@0.1.1", "wrong_world", "update the server"),
            ("aerocall:hooks/cache@9.9.9", "wrong_world", "update the server"),
            ("aerocall:hooks/cache@0.0.9", "wrong_world", "`aerocall upgrade`"),
            ("aerocall:hooks/cache@0.1", "wrong_world", "`aerocall upgrade`"),
            ("aerocall:hooks/cache", "wrong_world", "`aerocall upgrade`"),
            ("aerocall:hooks/cache@0.1.0.0", "wrong_world", "`aerocall upgrade`"),
            (
                "wasi:sockets/tcp@0.2.0",
                "forbidden_import",
                "hooks open no connections",
            ),
            ("wasi:cli/environment@0.3.0", "forbidden_import", "wasm32-wasip2"),
            ("acme:files/open@1.0.0", "forbidden_import", "parts of WASI 0.2"),
            ("engine", "forbidden_import", "parts of WASI 0.2"),
        ] {
            let refused = Imports::default().take(name, &INSTANCE).unwrap_err();
            assert_eq!(refused.code.name, code, "{refused}");
            assert!(
                refused.message.contains(says) && refused.message.contains(name),
                "{refused}"
            );
        }
    }
}
