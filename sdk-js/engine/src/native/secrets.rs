//! `wit/secrets.wit` for the prelude.

use crate::{
    binding::{Ctx, Exception, Function, Object, Result, TypedArray},
    contract::secrets::{self, Hash},
    native::{bytes, only_in_call, or_throw},
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("secretPlaceholder", Function::new(ctx.clone(), placeholder)?)?;
    host.set("secretHmac", Function::new(ctx.clone(), hmac)?)
}

fn placeholder(ctx: Ctx<'_>, name: String) -> Result<String> {
    only_in_call(&ctx, "Aerocall.secrets")?;
    or_throw(&ctx, secrets::placeholder(&name))
}

fn hmac<'js>(ctx: Ctx<'js>, name: String, hash: String, data: TypedArray<'js, u8>) -> Result<TypedArray<'js, u8>> {
    only_in_call(&ctx, "Aerocall.secrets")?;
    let hash = match hash.as_str() {
        "SHA-256" => Hash::Sha256,
        "SHA-384" => Hash::Sha384,
        "SHA-512" => Hash::Sha512,
        other => {
            return Err(Exception::throw_type(
                &ctx,
                &format!("hash {other:?} is not SHA-256, SHA-384 or SHA-512"),
            ));
        }
    };
    let mac = or_throw(&ctx, secrets::hmac(&name, hash, &bytes(&data)))?;
    TypedArray::new(ctx, mac)
}
