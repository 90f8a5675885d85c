//! Codes of authenticator apps (RFC 6238): SHA-1, six digits, steps of 30 seconds, one step early or late. The only place
//! that names totp-rs. Which steps were used is the store's to know.

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Result},
        ids::Scope,
    },
};

const STEP_S: u64 = 30;

/// A new secret, as an app takes it.
pub(crate) struct Enrolled {
    pub(crate) sealed: Vec<u8>,
    /// Base32.
    pub(crate) secret: String,
    /// For a QR code.
    pub(crate) url: String,
}

/// A secret of 160 bits, sealed under a name that says whose it is.
pub(crate) fn enroll(app: &App, name: &str, issuer: &str, account: &str) -> Result<Enrolled> {
    let bytes = secret::random::<20>()?;
    let sealed = app.master.seal(bytes.as_slice(), name)?;
    let totp = totp(bytes.to_vec(), issuer, account)?;
    Ok(Enrolled {
        sealed,
        secret: totp.secret().to_base32(),
        url: totp.to_url().map_err(broken)?,
    })
}

/// The time step whose code this is, now, one early or one late.
pub(crate) fn step(app: &App, sealed: &[u8], name: &str, code: &str) -> Result<Option<i64>> {
    let bytes: Zeroizing<Vec<u8>> = app.master.open(sealed, name)?;
    let totp = totp(bytes.to_vec(), "", "")?;
    let seconds = u64::try_from(app.clock.now_ms() / 1_000).unwrap_or(0);
    Ok(totp.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// What the secret of a factor of a user is sealed under.
pub(crate) fn factor_name(scope: &Scope, user_id: &str, factor_id: &str) -> String {
    format!("mfa/{scope}/{user_id}/{factor_id}")
}

/// A colon parts issuer and account in the address.
fn totp(bytes: Vec<u8>, issuer: &str, account: &str) -> Result<Totp> {
    let issuer = Some(issuer.replace(':', " ")).filter(|issuer| !issuer.is_empty());
    Builder::new()
        .with_secret(Secret::new(bytes.into_boxed_slice()))
        .with_step_duration(STEP_S)
        .with_issuer(issuer)
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(broken)
}

fn broken(error: totp_rs::TotpError) -> Error {
    Error::unexpected("setting an authenticator up", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the codes of SHA-1, cut to six digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let totp = totp(b"12345678901234567890".to_vec(), "A: b", "ada@example.com").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, seconds), Some(seconds / 30), "{seconds}");
            assert_eq!(totp.check(code, seconds + 30), Some(seconds / 30));
            assert_eq!(totp.check(code, seconds + 60), None);
        }
        assert_eq!(totp.check("28708", 59), None);
        assert_eq!(totp.check("", 59), None);
    }
}
