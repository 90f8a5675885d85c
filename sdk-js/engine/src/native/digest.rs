//! SHA-1, SHA-2 and HMAC for `crypto.subtle`; the arguments are checked in `js/crypto.js`.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{
    binding::{Ctx, Function, Object, Result, TypedArray},
    native::bytes,
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("digest", Function::new(ctx.clone(), digest)?)?;
    host.set("hmacSign", Function::new(ctx.clone(), sign)?)?;
    host.set("hmacVerify", Function::new(ctx.clone(), verify)?)
}

fn digest<'js>(ctx: Ctx<'js>, hash: String, data: TypedArray<'js, u8>) -> Result<TypedArray<'js, u8>> {
    let data = bytes(&data);
    let sum = match hash.as_str() {
        "SHA-1" => Sha1::digest(&data).to_vec(),
        "SHA-384" => Sha384::digest(&data).to_vec(),
        "SHA-512" => Sha512::digest(&data).to_vec(),
        _ => Sha256::digest(&data).to_vec(),
    };
    TypedArray::new(ctx, sum)
}

fn sign<'js>(
    ctx: Ctx<'js>,
    hash: String,
    key: TypedArray<'js, u8>,
    data: TypedArray<'js, u8>,
) -> Result<TypedArray<'js, u8>> {
    let (key, data) = (bytes(&key), bytes(&data));
    let code = match hash.as_str() {
        "SHA-1" => keyed::<Hmac<Sha1>>(&key, &data).finalize().into_bytes().to_vec(),
        "SHA-384" => keyed::<Hmac<Sha384>>(&key, &data).finalize().into_bytes().to_vec(),
        "SHA-512" => keyed::<Hmac<Sha512>>(&key, &data).finalize().into_bytes().to_vec(),
        _ => keyed::<Hmac<Sha256>>(&key, &data).finalize().into_bytes().to_vec(),
    };
    TypedArray::new(ctx, code)
}

/// Compares in constant time.
fn verify(hash: String, key: TypedArray<'_, u8>, signature: TypedArray<'_, u8>, data: TypedArray<'_, u8>) -> bool {
    let (key, signature, data) = (bytes(&key), bytes(&signature), bytes(&data));
    match hash.as_str() {
        "SHA-1" => keyed::<Hmac<Sha1>>(&key, &data).verify_slice(&signature).is_ok(),
        "SHA-384" => keyed::<Hmac<Sha384>>(&key, &data).verify_slice(&signature).is_ok(),
        "SHA-512" => keyed::<Hmac<Sha512>>(&key, &data).verify_slice(&signature).is_ok(),
        _ => keyed::<Hmac<Sha256>>(&key, &data).verify_slice(&signature).is_ok(),
    }
}

fn keyed<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> M {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(data);
    mac
}
