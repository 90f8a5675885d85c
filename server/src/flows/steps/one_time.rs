//! Links and codes that work once: made here, kept as hashes, taken in one statement. Each belongs to one purpose of one
//! project and environment; shown anywhere else it is nothing.

use serde_json::Value;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Refusal, Result},
        ids::Scope,
    },
    security::limits,
    storage::store::{NewOneTimeToken, OneTimeTokenRow, StoreError, Tx},
};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenPurpose {
    EmailVerify,
    /// The same, for a later sign-up with an address that was not verified: each link stands for its own.
    SignUpVerify,
    EmailChange,
    PasswordReset,
    MagicLink,
    OtpEmail,
    OtpSms,
    PhoneVerify,
    /// Between the first factor and the second.
    MfaChallenge,
    /// Between the first factor and the enrolment of a second, where a project wants one.
    MfaEnrollment,
    /// Guesses at a second factor that an account has left, whatever they are made for.
    MfaGuesses,
    /// On the way to an identity provider and back.
    OidcState,
    /// From who is signed in to the way to an identity provider.
    OidcLink,
    /// From the way back to the session.
    OidcGrant,
}

/// A link's token or a challenge: 256 random bits. A code has fewer, so it has few attempts.
const LINK_ATTEMPTS: i32 = 1;
/// Wrong guesses of a code of six digits: five of a million.
const CODE_ATTEMPTS: i32 = 5;

/// In the data of a code: where it is for the address that asked for it.
const AT_SENDER: &str = "at_sender";

/// A token to be sent, and the row to be kept in the transaction of the flow.
pub(crate) struct Made {
    /// For its owner alone; never kept.
    pub(crate) text: String,
    pub(crate) row: NewOneTimeToken,
}

impl TokenPurpose {
    pub(crate) const ALL: &[Self] = &[
        Self::EmailVerify,
        Self::SignUpVerify,
        Self::EmailChange,
        Self::PasswordReset,
        Self::MagicLink,
        Self::OtpEmail,
        Self::OtpSms,
        Self::PhoneVerify,
        Self::MfaChallenge,
        Self::MfaEnrollment,
        Self::MfaGuesses,
        Self::OidcState,
        Self::OidcLink,
        Self::OidcGrant,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::EmailVerify => "email_verify",
            Self::SignUpVerify => "sign_up_verify",
            Self::EmailChange => "email_change",
            Self::PasswordReset => "password_reset",
            Self::MagicLink => "magic_link",
            Self::OtpEmail => "otp_email",
            Self::OtpSms => "otp_sms",
            Self::PhoneVerify => "phone_verify",
            Self::MfaChallenge => "mfa_challenge",
            Self::MfaEnrollment => "mfa_enrollment",
            Self::MfaGuesses => "mfa_guesses",
            Self::OidcState => "oidc_state",
            Self::OidcLink => "oidc_link",
            Self::OidcGrant => "oidc_grant",
        }
    }

    /// What a link of 256 bits leads to is taken or not; a challenge outlives wrong guesses of what is shown with it.
    fn link_attempts(self) -> i32 {
        match self {
            Self::MfaChallenge | Self::MfaEnrollment => CODE_ATTEMPTS,
            _ => LINK_ATTEMPTS,
        }
    }

    /// How long it works, in seconds.
    pub(crate) fn life_s(self) -> i64 {
        match self {
            Self::EmailVerify | Self::SignUpVerify | Self::EmailChange => 86_400,
            Self::PasswordReset => 3_600,
            Self::MagicLink | Self::MfaEnrollment | Self::MfaGuesses => 900,
            Self::OtpEmail | Self::OtpSms | Self::PhoneVerify | Self::OidcState => 600,
            Self::MfaChallenge | Self::OidcLink => 300,
            Self::OidcGrant => 60,
        }
    }
}

/// A token of 256 random bits: for links and challenges. `data`: what the flow that takes it needs.
pub(crate) fn link(app: &App, purpose: TokenPurpose, user_id: Option<String>, data: &Value) -> Result<Made> {
    let text = secret::new_key("ot")?;
    let hash = secret::fingerprint(&text);
    let created_ms = app.clock.now_ms();
    let row = NewOneTimeToken {
        purpose: purpose.as_str(),
        lookup: hash.clone(),
        proof: hash,
        user_id,
        data: data.to_string(),
        attempts: purpose.link_attempts(),
        created_ms,
        expires_ms: created_ms + purpose.life_s() * 1_000,
    };
    Ok(Made { text, row })
}

/// A code of six digits for what it is sent to: an address or a number, in its normal form.
pub(crate) fn code(
    app: &App,
    scope: &Scope,
    purpose: TokenPurpose,
    subject: &str,
    user_id: Option<String>,
    data: &Value,
) -> Result<Made> {
    let text = six_digits()?;
    let created_ms = app.clock.now_ms();
    let row = NewOneTimeToken {
        purpose: purpose.as_str(),
        lookup: lookup(app, scope, purpose, subject),
        proof: proof(app, scope, purpose, subject, &text),
        user_id,
        data: data.to_string(),
        attempts: CODE_ATTEMPTS,
        created_ms,
        expires_ms: created_ms + purpose.life_s() * 1_000,
    };
    Ok(Made { text, row })
}

/// The code twice: for whoever shows it, and for the address that asked for it. Strangers who ask for codes of their own, or
/// guess at this one, leave the second alone.
pub(crate) fn at_sender(
    app: &App,
    scope: &Scope,
    code: NewOneTimeToken,
    subject: &str,
    ip: &str,
) -> Result<[NewOneTimeToken; 2]> {
    let lookup = lookup_at(app, scope, code.purpose, subject, ip);
    let mut data: Value = parsed(&code.data)?;
    data[AT_SENDER] = lookup.as_str().into();
    let own = NewOneTimeToken { lookup, ..code.clone() };
    let data = data.to_string();
    Ok([NewOneTimeToken { data, ..code }, own])
}

/// Takes a link's token. Whoever comes second gets `None`.
pub(crate) fn take_link(
    tx: &mut Tx<'_>,
    scope: &Scope,
    purpose: TokenPurpose,
    text: &str,
    now_ms: i64,
) -> std::result::Result<Option<OneTimeTokenRow>, StoreError> {
    let hash = secret::fingerprint(text);
    tx.take_one_time_token(scope, purpose.as_str(), &hash, &hash, now_ms)
}

/// The token of a link that was not taken yet: for what comes before the transaction that takes it.
pub(crate) async fn found(app: &App, scope: &Scope, purpose: TokenPurpose, text: &str) -> Result<OneTimeTokenRow> {
    let (scope, hash, now_ms) = (scope.clone(), secret::fingerprint(text), app.clock.now_ms());
    let found = app
        .store
        .read(move |tx| tx.one_time_token(&scope, purpose.as_str(), &hash, now_ms));
    Ok(found.await?.ok_or_else(Refusal::invalid_code)?)
}

/// A challenge that was not taken yet, and one attempt less: committed before what is shown with it is looked at.
pub(crate) async fn challenged(app: &App, scope: &Scope, purpose: TokenPurpose, text: &str) -> Result<OneTimeTokenRow> {
    let (scope, hash, now_ms) = (scope.clone(), secret::fingerprint(text), app.clock.now_ms());
    let purpose = purpose.as_str();
    let challenged = app
        .store
        .write(move |tx| match tx.try_one_time_token(&scope, purpose, &hash, now_ms)? {
            true => tx.one_time_token(&scope, purpose, &hash, now_ms),
            false => Ok(None),
        });
    Ok(challenged.await?.ok_or_else(Refusal::invalid_code)?)
}

/// The code as it was made, if this is it. An attempt is spent and committed whether it is or not.
pub(crate) async fn tried(app: &App, scope: &Scope, typed: &Typed) -> Result<OneTimeTokenRow> {
    let (scope, typed, now_ms) = (scope.clone(), typed.clone(), app.clock.now_ms());
    let tried = app.store.write(move |tx| typed.attempt(tx, &scope, now_ms));
    Ok(tried.await?.ok_or_else(Refusal::invalid_code)?)
}

/// What a flow kept with its token.
pub(crate) fn data(row: &OneTimeTokenRow) -> Result<Value> {
    parsed(&row.data)
}

fn parsed(data: &str) -> Result<Value> {
    serde_json::from_str(data).map_err(|error| Error::unexpected("reading a one-time token", error))
}

/// A code that somebody typed.
#[derive(Clone)]
pub(crate) struct Typed {
    purpose: TokenPurpose,
    /// Where it may be: what this client asked for first, then what anybody did.
    lookups: Vec<String>,
    proof: String,
}

impl Typed {
    pub(crate) fn new(app: &App, scope: &Scope, purpose: TokenPurpose, subject: &str, code: &str) -> Self {
        Self {
            purpose,
            lookups: vec![lookup(app, scope, purpose, subject)],
            proof: proof(app, scope, purpose, subject, code),
        }
    }

    /// The same at an address; see [`at_sender`].
    pub(crate) fn at(app: &App, scope: &Scope, purpose: TokenPurpose, subject: &str, code: &str, ip: &str) -> Self {
        let mut typed = Self::new(app, scope, purpose, subject, code);
        typed
            .lookups
            .insert(0, lookup_at(app, scope, purpose.as_str(), subject, ip));
        typed
    }

    /// Spends an attempt; the code if it is the right one, which stays. To be committed before anything is made of it: a
    /// wrong guess counts whatever happens next.
    fn attempt(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        now_ms: i64,
    ) -> std::result::Result<Option<OneTimeTokenRow>, StoreError> {
        let purpose = self.purpose.as_str();
        for lookup in &self.lookups {
            if tx.try_one_time_token(scope, purpose, lookup, now_ms)?
                && let Some(right) = tx.proved_one_time_token(scope, purpose, lookup, &self.proof, now_ms)?
            {
                return Ok(Some(right));
            }
        }
        Ok(None)
    }

    /// Takes the code, wherever it is, if it is the right one.
    pub(crate) fn take(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        now_ms: i64,
    ) -> std::result::Result<Option<OneTimeTokenRow>, StoreError> {
        let purpose = self.purpose.as_str();
        let mut taken = None;
        for lookup in &self.lookups {
            let Some(found) = tx.take_one_time_token(scope, purpose, lookup, &self.proof, now_ms)? else {
                continue;
            };
            let at_sender = data(&found)
                .ok()
                .and_then(|data| Some(data[AT_SENDER].as_str()?.to_owned()));
            if let Some(lookup) = at_sender {
                tx.take_one_time_token(scope, purpose, &lookup, &self.proof, now_ms)?;
            }
            taken = taken.or(Some(found));
        }
        Ok(taken)
    }
}

/// Uniform over all codes: what would make the first ones likelier is drawn again.
fn six_digits() -> Result<String> {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    for _ in 0..64 {
        let drawn = u32::from_le_bytes(*secret::random::<4>()?);
        if drawn < FAIR {
            return Ok(format!("{:06}", drawn % CODES));
        }
    }
    Err(Error::unexpected("drawing a code", "no fair number in 64 draws"))
}

pub(crate) fn lookup(app: &App, scope: &Scope, purpose: TokenPurpose, subject: &str) -> String {
    mac(app, &[&scope.to_string(), purpose.as_str(), subject])
}

/// What of an address counts as one client is part of it.
fn lookup_at(app: &App, scope: &Scope, purpose: &str, subject: &str, ip: &str) -> String {
    mac(
        app,
        &[
            &scope.to_string(),
            purpose,
            subject,
            "asked for by",
            &limits::client(ip),
        ],
    )
}

/// Where what is kept for a subject may be, whatever it is for.
pub(crate) fn lookups_of(app: &App, scope: &Scope, subject: &str, ip: &str) -> Vec<String> {
    let of = |purpose: &TokenPurpose| {
        [
            lookup(app, scope, *purpose, subject),
            lookup_at(app, scope, purpose.as_str(), subject, ip),
        ]
    };
    TokenPurpose::ALL.iter().flat_map(of).collect()
}

fn proof(app: &App, scope: &Scope, purpose: TokenPurpose, subject: &str, code: &str) -> String {
    mac(app, &[&scope.to_string(), purpose.as_str(), subject, code])
}

/// Keyed, because a million codes are hashed in a second by whoever has the table.
pub(crate) fn mac(app: &App, parts: &[&str]) -> String {
    app.master.tag("one-time codes", parts)
}
