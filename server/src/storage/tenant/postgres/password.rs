//! Passwords of the roles: made from the master key, and given to the database as the verifier (RFC 5802,
//! RFC 7677), so that no log of the database ever holds one.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::base::{
    crypto::{MasterKey, secret},
    error::Result,
};

/// PostgreSQL's own number.
const ITERATIONS: u32 = 4_096;

/// A role's password: 64 hex digits.
pub(super) fn of(role: &str, master: &MasterKey) -> String {
    let key = master.derive(&format!("tenant role {role}"));
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`
pub(super) fn verifier(password: &str) -> Result<String> {
    let salt = secret::random::<16>()?;
    let salted = salted(password, salt.as_slice());
    let stored = Sha256::digest(hmac(&salted, b"Client Key"));
    let server = hmac(&salted, b"Server Key");
    Ok(format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        STANDARD.encode(salt.as_slice()),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    ))
}

/// PBKDF2 for one block. The password is hex digits, so preparing it (SASLprep) changes nothing.
fn salted(password: &str, salt: &[u8]) -> [u8; 32] {
    let mut block = hmac(password.as_bytes(), &[salt, &[0, 0, 0, 1]].concat());
    let mut sum = block;
    for _ in 1..ITERATIONS {
        block = hmac(password.as_bytes(), &block);
        for (sum, byte) in sum.iter_mut().zip(block) {
            *sum ^= byte;
        }
    }
    sum
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // As HMAC has it: a long key is hashed, a short one is filled with zeros.
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salted_password_is_that_of_the_rfc() {
        // RFC 7677, section 3: user, pencil; its server signature is made of this.
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let server = hmac(&salted("pencil", &salt), b"Server Key");
        let message = b"n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
            s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        assert_eq!(
            STANDARD.encode(hmac(&server, message)),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        );
    }
}
