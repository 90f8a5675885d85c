//! A provider of this machine that says what a test tells it to, well-formed or not, and signs it with real keys.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, LazyLock, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest, hmac,
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use serde_json::{Map, Value, json};

pub(crate) const CLIENT: &str = "client-1";
pub(crate) const ACCESS_TOKEN: &str = "access-1";
pub(crate) const SECRET: &str = "a-secret-of-the-client";

/// The keys of every provider of the tests. RSA keys are not made here: that takes seconds.
static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let ec = EcdsaKeyPair::generate_pkcs8(curve, &random).unwrap();
    let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    Keys {
        rsa: RsaKeyPair::from_pkcs8(include_bytes!("signing-key.der")).unwrap(),
        ec: EcdsaKeyPair::from_pkcs8(curve, ec.as_ref(), &random).unwrap(),
        ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
    }
});

struct Keys {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
}

/// What it says. Texts in all of it may have the placeholders of [`Said::filled`].
#[derive(Clone)]
pub(crate) struct Said {
    /// The path of its issuer.
    pub(crate) path: String,
    pub(crate) document: Value,
    pub(crate) keys: Value,
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) token: Value,
    pub(crate) token_status: u16,
    pub(crate) userinfo: Value,
    pub(crate) userinfo_status: u16,
    /// Changes the ID token after it was signed.
    pub(crate) tampered: fn(String) -> String,
    /// Of the login.
    pub(crate) nonce: String,
}

pub(crate) struct TestProvider {
    pub(crate) base: String,
    said: Arc<Mutex<Said>>,
    asked: Arc<Mutex<Vec<Request>>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

impl Default for Said {
    /// Everything by the book.
    fn default() -> Self {
        Self {
            path: String::new(),
            document: json!({
                "issuer": "{issuer}",
                "authorization_endpoint": "{base}/authorize",
                "token_endpoint": "{base}/token",
                "userinfo_endpoint": "{base}/userinfo",
                "jwks_uri": "{base}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
            keys: json!({ "keys": [{ "kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256", "n": "{rsa.n}", "e": "{rsa.e}" }] }),
            header: json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" }),
            claims: json!({
                "iss": "{issuer}", "aud": "{client}", "sub": "ada-1", "iat": "{now}", "exp": "{now+300}", "nonce": "{nonce}",
                "email": "ada@example.com", "email_verified": true, "name": "Ada of Tests",
            }),
            token: json!({ "access_token": "access-1", "token_type": "Bearer", "expires_in": 3600, "id_token": "{id_token}" }),
            token_status: 200,
            userinfo: json!({ "sub": "ada-1" }),
            userinfo_status: 200,
            tampered: |token| token,
            nonce: String::new(),
        }
    }
}

impl Said {
    /// The document with what is only known now.
    fn filled(&self, document: &Value, base: &str) -> Value {
        let issuer = format!("{base}{}", self.path);
        match document {
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.filled(value, base)));
                Value::Object(members.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.filled(item, base)).collect(),
            Value::String(text) => match text.strip_prefix("{now").and_then(|rest| rest.strip_suffix('}')) {
                Some("") => now().into(),
                Some(later) => (now() + later.parse::<i64>().unwrap()).into(),
                None => {
                    let text = text.replace("{issuer}", &issuer).replace("{base}", base);
                    let text = text.replace("{client}", CLIENT).replace("{nonce}", &self.nonce);
                    with_keys(&text).into()
                }
            },
            other => other.clone(),
        }
    }

    fn id_token(&self, base: &str) -> String {
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(self.filled(value, base).to_string());
        let text = format!("{}.{}", encoded(&self.header), encoded(&self.claims));
        let signature = signature(self.header["alg"].as_str().unwrap_or_default(), text.as_bytes());
        (self.tampered)(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn response(&self, path: &str, base: &str) -> (u16, String) {
        let at = |name: &str| {
            let address = self.filled(&self.document[name], base);
            let address = address.as_str().and_then(|text| text.strip_prefix(base));
            address.map(|text| text.split(['?', '#']).next().unwrap().to_owned())
        };
        let discovery = format!("{}/.well-known/openid-configuration", self.path.trim_end_matches('/'));
        let is_at = |name: &str| at(name).as_deref() == Some(path);
        if path == discovery {
            (200, self.filled(&self.document, base).to_string())
        } else if is_at("jwks_uri") {
            (200, self.filled(&self.keys, base).to_string())
        } else if is_at("token_endpoint") {
            let token = self.filled(&self.token, base).to_string();
            (self.token_status, token.replace("{id_token}", &self.id_token(base)))
        } else if is_at("userinfo_endpoint") {
            match &self.userinfo {
                Value::String(signed) if signed == "{id_token}" => (self.userinfo_status, self.id_token(base)),
                other => (self.userinfo_status, self.filled(other, base).to_string()),
            }
        } else {
            (404, "{}".to_owned())
        }
    }
}

impl TestProvider {
    pub(crate) fn start(said: Said) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            said: Arc::new(Mutex::new(said)),
            asked: Arc::default(),
        };
        let (base, said, asked) = (
            provider.base.clone(),
            Arc::clone(&provider.said),
            Arc::clone(&provider.asked),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &base, &said, &asked).ok();
            }
        });
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}{}", self.base, self.said.lock().unwrap().path)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap());
    }

    /// The requests since the last time.
    pub(crate) fn asked(&self) -> Vec<Request> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(stream: TcpStream, base: &str, said: &Mutex<Said>, asked: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut head) = (String::new(), Map::new());
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        head.insert(name.to_ascii_lowercase(), value.into());
    }
    let text = |name: &str| head.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut body = vec![0; text("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let (status, answer) = said.lock().unwrap().response(&path, base);
    asked.lock().unwrap().push(Request {
        path,
        authorization: text("authorization"),
        body: String::from_utf8(body).unwrap(),
    });
    // No provider is believed for its media type.
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: text/plain\r\nconnection: close\r\n");
    write!(&stream, "{head}content-length: {}\r\n\r\n{answer}", answer.len())
}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The public halves of the keys.
fn with_keys(text: &str) -> String {
    if !text.starts_with('{') {
        return text.to_owned();
    }
    let rsa = PublicKeyComponents::<Vec<u8>>::from(KEYS.rsa.public());
    let point = KEYS.ec.public_key().as_ref();
    let padded = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    match text {
        "{rsa.n}" => URL_SAFE_NO_PAD.encode(&rsa.n),
        "{rsa.n.padded}" => padded(&[&[0], rsa.n.as_slice()].concat()),
        "{rsa.e}" => URL_SAFE_NO_PAD.encode(&rsa.e),
        "{ec.x}" => URL_SAFE_NO_PAD.encode(&point[1..33]),
        "{ec.y}" => URL_SAFE_NO_PAD.encode(&point[33..]),
        "{ed.x}" => URL_SAFE_NO_PAD.encode(KEYS.ed.public_key()),
        // Of the access token, for algorithms with SHA-256 (OpenID Connect Core, 3.1.3.6).
        "{at_hash}" => {
            let hash = digest::digest(&digest::SHA256, ACCESS_TOKEN.as_bytes());
            URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
        }
        other => other.to_owned(),
    }
}

/// By the algorithm of the header. What is secret to nobody can be a key as well.
fn signature(algorithm: &str, text: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    let rsa = |padding| {
        let mut signature = vec![0; KEYS.rsa.public().modulus_len()];
        KEYS.rsa.sign(padding, &random, text, &mut signature).unwrap();
        signature
    };
    let mac = |key: &[u8]| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text)
            .as_ref()
            .to_vec()
    };
    match algorithm {
        "RS256" => rsa(&RSA_PKCS1_SHA256),
        "RS512" => rsa(&RSA_PKCS1_SHA512),
        "PS256" => rsa(&RSA_PSS_SHA256),
        "ES256" => KEYS.ec.sign(&random, text).unwrap().as_ref().to_vec(),
        "EdDSA" => KEYS.ed.sign(text).as_ref().to_vec(),
        // With the client's secret, as the standard has it; and with the public key, for those who mix the two up.
        "HS256" => mac(SECRET.as_bytes()),
        "hs256" | "HS384" => mac(&PublicKeyComponents::<Vec<u8>>::from(KEYS.rsa.public()).n),
        _ => Vec::new(),
    }
}
