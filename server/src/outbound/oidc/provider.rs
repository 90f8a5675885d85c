//! A project's identity providers, as its setting `providers` keeps them: one sealed document.

use std::fmt;

use aerocall_api_types::{IdentityProvider, IdentityProviders};
use serde_json::{Map, Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::{
    dialect::{APPLE, Dialect, GOOGLE, LINKED_IN},
    metadata::DOCUMENT,
};
use crate::{
    base::{
        crypto::MasterKey,
        error::{Error, Problem, Refusal, Result},
        ids::{Scope, Slug},
        input::{Fields, Parsed, short_text, text},
    },
    storage::store::{Setting, SettingName, Store},
};

const MAX_PROVIDERS: usize = 20;
const MAX_SCOPES: usize = 20;
/// Names that say how an account came to be without a provider.
const RESERVED: [&str; 4] = ["password", "otp", "magic-link", "admin"];

/// An identity provider of a project.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    /// As paths and accounts name it.
    pub(crate) name: String,
    /// As the provider writes it, to the letter: it is compared.
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Zeroizing<String>,
    /// Besides `openid`.
    pub(crate) scopes: Vec<String>,
}

/// All of a project's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Providers(Vec<Provider>);

/// All of them as they were sent.
pub(crate) struct SentProviders(Vec<Given>);

/// A provider as it was sent: without a secret, the one that is kept may stay.
struct Given {
    provider: Provider,
    secret: Option<Zeroizing<String>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.name, self.issuer)
    }
}

impl Providers {
    /// `{ providers: [{ name, preset?, issuer?, clientId, clientSecret?, scopes? }] }`, each with its secret.
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let sent = SentProviders::read(&mut fields);
        fields.finish(sent)?.after(&Self::default())
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.name == name)
    }

    pub(super) fn all(&self) -> &[Provider] {
        &self.0
    }

    /// What the project's admin sees: everything but the secrets.
    pub(crate) fn document(&self) -> IdentityProviders {
        IdentityProviders {
            providers: self.0.iter().map(Provider::document).collect(),
        }
    }

    pub(crate) async fn load(store: &Store, master: &MasterKey, scope: &Scope) -> Result<Self> {
        let wanted = scope.clone();
        let broken = |problem: String| Error::unexpected("reading a project's identity providers", problem);
        match store
            .read(move |tx| tx.setting(&wanted, SettingName::Providers))
            .await?
        {
            None => Ok(Self::default()),
            Some(Setting::Open(_)) => Err(broken("they are not sealed".to_owned())),
            Some(Setting::Sealed(sealed)) => {
                let opened = master.open(&sealed, &bound_to(scope))?;
                let body = serde_json::from_slice(&opened).map_err(|error| broken(error.to_string()))?;
                Self::read(body).map_err(|_| broken("they are not what was written".to_owned()))
            }
        }
    }

    /// As they are kept.
    pub(crate) fn sealed(&self, master: &MasterKey, scope: &Scope) -> Result<Setting> {
        let mut document = json!(self.document());
        for (provider, shown) in self
            .0
            .iter()
            .zip(document["providers"].as_array_mut().into_iter().flatten())
        {
            shown["clientSecret"] = json!(*provider.client_secret);
        }
        let document = Zeroizing::new(document.to_string());
        Ok(Setting::Sealed(master.seal(document.as_bytes(), &bound_to(scope))?))
    }
}

impl SentProviders {
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let sent = fields.list("providers", MAX_PROVIDERS, read)?;
        for (index, given) in sent.iter().enumerate() {
            let name = &given.provider.name;
            if sent.iter().take(index).any(|other| other.provider.name == *name) {
                fields.problem(&format!("providers[{index}].name"), "is a duplicate");
            }
        }
        Some(Self(sent))
    }

    /// Put in place of `before`. Without a secret, the one that is there stays, as long as it goes to the same client of the
    /// same issuer.
    pub(crate) fn after(self, before: &Providers) -> std::result::Result<Providers, Refusal> {
        let (mut all, mut problems) = (Vec::new(), Vec::new());
        for (index, Given { provider, secret }) in self.0.into_iter().enumerate() {
            let kept = before.0.iter().find(|kept| {
                kept.name == provider.name && kept.issuer == provider.issuer && kept.client_id == provider.client_id
            });
            match secret.or_else(|| kept.map(|kept| kept.client_secret.clone())) {
                Some(client_secret) => all.push(Provider {
                    client_secret,
                    ..provider
                }),
                None => problems.push(Problem {
                    field: format!("providers[{index}].clientSecret"),
                    problem: "is missing".to_owned(),
                }),
            }
        }
        match problems.is_empty() {
            true => Ok(Providers(all)),
            false => Err(Refusal::invalid_input(problems)),
        }
    }
}

impl Provider {
    pub(super) fn dialect(&self) -> Dialect {
        Dialect::of(&self.issuer)
    }

    fn document(&self) -> IdentityProvider {
        IdentityProvider {
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            scopes: self.scopes.clone(),
        }
    }
}

fn read(fields: &mut Fields) -> Option<Given> {
    let name = fields.required("name", |value| {
        let name = Slug::parse(&text(value)?)?;
        match RESERVED.contains(&name.as_str()) {
            true => Err("is reserved for another login method".to_owned()),
            false => Ok(name.to_string()),
        }
    });
    let preset = fields.optional("preset", preset);
    let issuer = fields.optional("issuer", issuer).or(preset);
    if issuer.is_none() {
        fields.missing(&["issuer", "preset"], "set issuer or preset");
    }
    let client_id = fields.required("clientId", short_text(500));
    // A client's secret may be a signed token.
    let secret = fields.optional("clientSecret", short_text(4_000)).map(Zeroizing::new);
    let scopes = fields.optional("scopes", scopes);
    let ((name, issuer), client_id) = name.zip(issuer).zip(client_id)?;
    let scopes = scopes.unwrap_or_else(|| Dialect::of(&issuer).default_scopes());
    Some(Given {
        provider: Provider {
            name,
            issuer,
            client_id,
            client_secret: Zeroizing::default(),
            scopes,
        },
        secret,
    })
}

/// Issuers that are the same for everybody.
fn preset(value: Value) -> Parsed<String> {
    let issuer = match text(value)?.as_str() {
        "google" => GOOGLE,
        "gitlab" => "https://gitlab.com",
        "apple" => APPLE,
        "linkedin" => LINKED_IN,
        _ => {
            return Err(
                "must be \"google\", \"gitlab\", \"apple\" or \"linkedin\"; give the issuer of any other provider"
                    .to_owned(),
            );
        }
    };
    Ok(issuer.to_owned())
}

fn issuer(value: Value) -> Parsed<String> {
    let text = short_text(500)(value)?;
    let unlike = || "must be a URL like https://login.example.com, without query or user name".to_owned();
    let url = Url::parse(&text).map_err(|_| unlike())?;
    if url.path().ends_with(DOCUMENT) {
        return Err(format!(
            "is the address of the discovery document: leave {DOCUMENT} out"
        ));
    }
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    match matches!(url.scheme(), "https" | "http") && url.has_host() && url.password().is_none() && is_plain {
        true => Ok(text),
        false => Err(unlike()),
    }
}

/// Words of RFC 6749, 3.3.
fn scopes(value: Value) -> Parsed<Vec<String>> {
    let Value::Array(items) = value else {
        return Err("must be an array".to_owned());
    };
    if items.len() > MAX_SCOPES {
        return Err(format!("must have at most {MAX_SCOPES} entries"));
    }
    let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let word = |item: Value| match text(item)? {
        word if (1..=200).contains(&word.len()) && word.bytes().all(legal) => Ok(word),
        _ => Err("must contain words without spaces".to_owned()),
    };
    let read: Parsed<Vec<String>> = items.into_iter().map(word).collect();
    // The library asks for it by itself.
    Ok(read?.into_iter().filter(|scope| scope != "openid").collect())
}

fn bound_to(scope: &Scope) -> String {
    format!("providers of {scope}")
}
