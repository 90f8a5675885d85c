//! Who a provider is: the name that its discovery document has for it, its tokens and its responses through the browser
//! (OpenID Connect Discovery, 4.3; RFC 9207).

use url::Url;

use super::dialect::Dialect;

/// What Microsoft writes where a token has the tenant of the account.
const TENANT: &str = "{tenantid}";
/// Path segments of addresses that are for accounts of every tenant.
const EVERY_TENANT: [&str; 2] = ["common", "organizations"];
/// Of what a provider calls itself, shown to an admin and in the log.
const MAX_SHOWN_CHARS: usize = 200;

/// What a provider is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Issuer {
    /// By one of these, to the letter.
    Named(Vec<String>),
    /// By another name for each tenant: this one, with the tenant's id in it.
    PerTenant(String),
}

impl Issuer {
    /// The issuer of the settings and the one of the discovery document that was found there.
    pub(super) fn agreed(wanted: &str, said: &str) -> Result<Self, String> {
        let others = Dialect::of(wanted).other_names();
        if said == wanted || others.contains(&said) {
            let names = std::iter::once(wanted).chain(others.iter().copied());
            return Ok(Self::Named(names.map(str::to_owned).collect()));
        }
        if is_for_every_tenant(wanted) && said.matches(TENANT).count() == 1 {
            return Ok(Self::PerTenant(said.to_owned()));
        }
        Err(unlike(wanted, said))
    }

    /// Whether tokens with this `iss`, for an account of this tenant, are its own.
    pub(super) fn signs(&self, iss: Option<&str>, tenant: Option<&str>) -> bool {
        match (self, iss, tenant) {
            (Self::Named(names), Some(iss), _) => names.iter().any(|name| name == iss),
            (Self::PerTenant(pattern), Some(iss), Some(tenant)) => pattern.replace(TENANT, tenant) == iss,
            _ => false,
        }
    }

    /// Whether a response that says it is from `iss` may be its own.
    pub(super) fn may_say(&self, iss: &str) -> bool {
        match self {
            Self::Named(names) => names.iter().any(|name| name == iss),
            Self::PerTenant(pattern) => {
                let (before, after) = pattern.split_once(TENANT).unwrap_or((pattern, ""));
                let tenant = iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                tenant.is_some_and(|tenant| tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
            }
        }
    }

    /// Whether a key that the provider has for tokens of `of` may have signed one of `iss`.
    pub(super) fn has_key(&self, of: Option<&str>, iss: Option<&str>) -> bool {
        match (self, of) {
            (Self::PerTenant(pattern), Some(of)) => of == pattern || Some(of) == iss,
            _ => true,
        }
    }
}

fn is_for_every_tenant(wanted: &str) -> bool {
    let url = Url::parse(wanted).ok();
    let first = url.as_ref().and_then(|url| url.path_segments()?.next());
    first.is_some_and(|segment| EVERY_TENANT.contains(&segment))
}

fn unlike(wanted: &str, said: &str) -> String {
    let shown: String = said.chars().filter(|c| !c.is_control()).take(MAX_SHOWN_CHARS).collect();
    let what_differs = match said.trim_end_matches('/') == wanted.trim_end_matches('/') {
        true => " (they differ in the last slash)",
        false => "",
    };
    match said.contains(TENANT) {
        true => format!(
            "the provider at this address calls itself \"{shown}\", with another name for each tenant; set the issuer of one tenant, or https://login.microsoftonline.com/common/v2.0"
        ),
        false => format!(
            "the provider at this address calls itself \"{shown}\"{what_differs}; set that as issuer, to the letter"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: &str = "https://login.microsoftonline.com/common/v2.0";
    const PATTERN: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

    #[test]
    fn a_provider_has_to_call_itself_what_the_settings_call_it() {
        let slash = Issuer::agreed("https://shop.eu.auth0.com", "https://shop.eu.auth0.com/").unwrap_err();
        assert!(
            slash.contains("calls itself \"https://shop.eu.auth0.com/\"") && slash.contains("last slash"),
            "{slash}"
        );
        for (wanted, said) in [
            ("https://a.example", "https://b.example"),
            ("https://a.example", "https://A.example"),
            ("https://a.example", ""),
            ("https://login.microsoftonline.com/contoso.com/v2.0", PATTERN),
            (COMMON, "https://login.microsoftonline.com/{tenantid}/{tenantid}"),
            (
                COMMON,
                "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            ),
        ] {
            assert!(Issuer::agreed(wanted, said).is_err(), "{wanted}, {said}");
        }
        let long = Issuer::agreed("https://a.example", &format!("x\u{1b}[2J{}", "y".repeat(10_000))).unwrap_err();
        assert!(long.len() < 400 && !long.contains('\u{1b}'), "{long}");
    }

    #[test]
    fn names_that_a_provider_has_besides_are_its_own_alone() {
        for (wanted, said, iss) in [
            (
                "https://accounts.google.com",
                "https://accounts.google.com",
                "accounts.google.com",
            ),
            (
                "https://appleid.apple.com",
                "https://account.apple.com",
                "https://appleid.apple.com",
            ),
            (
                "https://www.linkedin.com/oauth",
                "https://www.linkedin.com/oauth",
                "https://www.linkedin.com",
            ),
        ] {
            let issuer = Issuer::agreed(wanted, said).unwrap();
            assert!(
                issuer.signs(Some(iss), None) && issuer.signs(Some(wanted), None),
                "{wanted}"
            );
            assert!(
                issuer.may_say(iss) && issuer.has_key(Some("https://x"), Some(iss)),
                "{wanted}"
            );
            for other in [
                None,
                Some(""),
                Some("https://evil.example"),
                Some("https://accounts.google.com.evil.example"),
            ] {
                assert!(!issuer.signs(other, None), "{wanted}, {other:?}");
            }
        }
        let plain = Issuer::agreed("https://a.example", "https://a.example").unwrap();
        assert!(!plain.signs(Some("a.example"), None) && !plain.may_say("https://account.apple.com"));
    }

    #[test]
    fn a_name_for_each_tenant_fits_the_tenant_of_the_token() {
        let issuer = Issuer::agreed(COMMON, PATTERN).unwrap();
        let of = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
        assert!(issuer.signs(Some(&of("t-1")), Some("t-1")));
        assert!(!issuer.signs(Some(&of("t-1")), Some("t-2")));
        assert!(!issuer.signs(Some(&of("t-1")), None));
        assert!(!issuer.signs(Some(PATTERN), Some("{tenantid}x")));
        assert!(issuer.may_say(&of("t-1")) && !issuer.may_say(&of("a/b")) && !issuer.may_say("https://evil.example"));
        assert!(issuer.has_key(Some(PATTERN), Some(&of("t-1"))));
        assert!(issuer.has_key(Some(&of("t-1")), Some(&of("t-1"))));
        assert!(!issuer.has_key(Some(&of("t-2")), Some(&of("t-1"))));
    }
}
