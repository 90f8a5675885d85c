//! The host's side of `wit/`: generated bindings.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated from wit/, which carries the documentation"
)]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "hook",
    imports: {
        default: async | trappable,
    },
    exports: { default: async },
    with: {
        "aerocall:hooks/db.transaction": crate::host::OpenTransaction,
        "aerocall:hooks/auth.password": crate::host::PasswordRef,
    },
    require_store_data_send: true,
});
