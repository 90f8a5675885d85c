//! Providers, and whoever stands between, that say what must not log anybody in. Each row changes one thing of a login that is
//! otherwise by the book.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    LOOPBACK,
    shapes::Login,
    test_provider::{Said, TestProvider},
};
use crate::{peers::parameter, site::Site};

type Row = (&'static str, fn(&mut Said));

/// Whom the token is for, from whom, and when.
const CLAIMS: &[Row] = &[
    ("another audience", |said| said.claims["aud"] = "other".into()),
    ("an audience of a prefix", |said| said.claims["aud"] = "client".into()),
    ("no audience", |said| gone(said, "aud")),
    ("an empty list of audiences", |said| said.claims["aud"] = json!([])),
    ("an audience that is a number", |said| said.claims["aud"] = json!(1)),
    ("an audience inside of another", |said| {
        said.claims["aud"] = json!([["{client}"]])
    }),
    ("one audience more, and no azp", |said| {
        said.claims["aud"] = json!(["{client}", "other"])
    }),
    ("one audience more, and its azp", |said| {
        said.claims["aud"] = json!(["{client}", "other"]);
        said.claims["azp"] = "other".into();
    }),
    ("one audience more that is no text", |said| {
        said.claims["aud"] = json!(["{client}", 382])
    }),
    ("another azp", |said| said.claims["azp"] = "other".into()),
    ("an azp that is a list", |said| said.claims["azp"] = json!(["{client}"])),
    ("an empty azp", |said| said.claims["azp"] = "".into()),
    ("another issuer", |said| {
        said.claims["iss"] = "https://evil.example".into()
    }),
    ("the issuer with a slash", |said| {
        said.claims["iss"] = "{issuer}/".into()
    }),
    ("the issuer in a list", |said| said.claims["iss"] = json!(["{issuer}"])),
    ("no issuer", |said| gone(said, "iss")),
    ("expired", |said| said.claims["exp"] = "{now-1}".into()),
    ("expired long ago", |said| said.claims["exp"] = json!(1)),
    ("an end that is text", |said| said.claims["exp"] = json!("4102444800")),
    ("no end", |said| gone(said, "exp")),
    ("issued in the future", |said| {
        said.claims["iat"] = "{now+600}".into();
        said.claims["exp"] = "{now+900}".into();
    }),
    ("issued at no time", |said| gone(said, "iat")),
    ("not to be used yet", |said| said.claims["nbf"] = "{now+600}".into()),
    ("another nonce", |said| said.claims["nonce"] = "x".into()),
    ("no nonce", |said| gone(said, "nonce")),
    ("an empty nonce", |said| said.claims["nonce"] = "".into()),
    ("the nonce in a list", |said| said.claims["nonce"] = json!(["{nonce}"])),
    ("no subject", |said| gone(said, "sub")),
    ("an empty subject", |said| said.claims["sub"] = "".into()),
    ("a subject that is too long", |said| {
        said.claims["sub"] = "x".repeat(256).into()
    }),
    ("a subject that is a list", |said| said.claims["sub"] = json!(["ada-1"])),
    ("a subject that is a fraction", |said| said.claims["sub"] = json!(1.5)),
    ("the hash of another access token", |said| {
        said.claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA".into()
    }),
    ("a hash that is no text", |said| said.claims["at_hash"] = json!(7)),
    ("a hash and no access token", |said| {
        said.claims["at_hash"] = "{at_hash}".into();
        said.token = json!({ "id_token": "{id_token}" });
    }),
    ("no claims but a list", |said| said.claims = json!([1])),
    ("the userinfo of somebody else", |said| {
        gone(said, "email");
        said.userinfo = json!({ "sub": "eve-1", "email": "ada@example.com", "email_verified": true });
    }),
    ("the userinfo of nobody", |said| {
        gone(said, "email");
        said.userinfo = json!({ "email": "ada@example.com", "email_verified": true });
    }),
    ("a userinfo that is no JSON", |said| {
        gone(said, "email");
        said.userinfo = json!("x");
    }),
];

/// Who signed it, and how.
const SIGNATURES: &[Row] = &[
    ("no signature", |said| said.header = json!({ "alg": "none" })),
    ("no signature, in another case", |said| {
        said.header = json!({ "alg": "NonE", "kid": "k1" })
    }),
    ("the client's secret as key", |said| {
        said.header = json!({ "alg": "HS256" })
    }),
    ("the client's secret as key, by the key's name", |said| {
        said.header["alg"] = "HS256".into()
    }),
    ("the public key as a secret", |said| said.header["alg"] = "HS384".into()),
    ("the public key as a secret, in another case", |said| {
        said.header["alg"] = "hs256".into()
    }),
    ("no algorithm", |said| {
        drop(said.header.as_object_mut().unwrap().remove("alg"))
    }),
    ("an algorithm that is a list", |said| {
        said.header["alg"] = json!(["RS256"])
    }),
    ("another algorithm than the key's", |said| {
        said.header["alg"] = "RS512".into()
    }),
    ("a key of another kind", |said| said.header["alg"] = "ES256".into()),
    ("a key that is not there", |said| said.header["kid"] = "k2".into()),
    ("a key for encryption", |said| {
        said.header["kid"] = "k2".into();
        said.keys["keys"][0]["kid"] = "k2".into();
        said.keys["keys"][0]["use"] = "enc".into();
    }),
    ("a key of its own in the header", |said| {
        said.header["kid"] = "k2".into();
        said.header["jwk"] = said.keys["keys"][0].clone();
        said.header["jku"] = "{base}/keys".into();
        said.keys["keys"] = json!([]);
    }),
    ("a secret among the keys", |said| {
        said.keys["keys"] =
            json!([{ "kty": "oct", "kid": "k1", "k": "YS1zZWNyZXQtb2YtdGhlLWNsaWVudA", "alg": "HS256" }]);
        said.header["alg"] = "HS256".into();
    }),
    ("critical extensions", |said| {
        said.header["crit"] = json!(["exp"]);
        said.header["exp"] = json!(1);
    }),
    ("a token for another use", |said| said.header["typ"] = "at+jwt".into()),
    ("a logout token", |said| {
        said.header["typ"] = "application/logout+jwt".into()
    }),
    ("other claims under the signature", |said| {
        said.tampered = |token| {
            let parts: Vec<&str> = token.split('.').collect();
            let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
            claims["sub"] = "eve-1".into();
            format!(
                "{}.{}.{}",
                parts[0],
                URL_SAFE_NO_PAD.encode(claims.to_string()),
                parts[2]
            )
        };
    }),
    ("a signature that was cut", |said| {
        said.tampered = |token| token[..token.len() - 4].to_owned()
    }),
    ("no third part", |said| {
        said.tampered = |token| token.rsplit_once('.').unwrap().0.to_owned()
    }),
    ("four parts", |said| said.tampered = |token| format!("{token}.x")),
    ("five parts, as if encrypted", |said| {
        said.tampered = |token| format!("{token}.x.y")
    }),
    ("an empty token", |said| said.tampered = |_| String::new()),
    ("no token", |said| {
        said.token = json!({ "access_token": "access-1", "token_type": "Bearer" })
    }),
    ("a token that is an object", |said| {
        said.token["id_token"] = json!({ "a": "{id_token}" })
    }),
    ("an error with status 200", |said| {
        said.token = json!({ "ok": false, "error": "invalid_code" })
    }),
    ("an error that has a token all the same", |said| said.token_status = 400),
    ("a failure", |said| said.token_status = 500),
    ("a redirect", |said| said.token_status = 302),
];

fn gone(said: &mut Said, claim: &str) {
    said.claims.as_object_mut().unwrap().remove(claim);
}

fn refused(rows: &[Row], standard: fn() -> Said) {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(standard());
    let login = Login::new(&site, "a", &provider);
    let good = login.session(&login.trip(&[], None));
    assert_eq!(good.status, 200, "the login that is changed: {good:?}");
    for (what, change) in rows {
        let mut said = standard();
        change(&mut said);
        provider.change(|now| *now = said);
        let url = login.trip(&[], None);
        assert_eq!(
            parameter(&url, "error").as_deref(),
            Some("provider_error"),
            "{what}: {url}"
        );
        assert_eq!(parameter(&url, "code"), None, "{what}: {url}");
    }
    provider.change(|now| *now = standard());
    let good = login.session(&login.trip(&[], None));
    assert_eq!(good.status, 200, "and after all of that: {good:?}");
}

#[test]
fn a_token_for_somebody_else_or_another_time_logs_nobody_in() {
    refused(CLAIMS, Said::default);
}

#[test]
fn a_token_that_the_provider_did_not_sign_logs_nobody_in() {
    refused(SIGNATURES, Said::default);
}

/// As Microsoft's are for accounts of every tenant.
fn for_every_tenant() -> Said {
    let mut said = Said {
        path: "/common/v2.0".to_owned(),
        ..Said::default()
    };
    said.document["issuer"] = "{base}/{tenantid}/v2.0".into();
    said.keys["keys"][0]["issuer"] = "{base}/{tenantid}/v2.0".into();
    said.claims["iss"] = "{base}/t-1/v2.0".into();
    said.claims["tid"] = "t-1".into();
    said
}

#[test]
fn a_tenant_speaks_for_its_own_accounts_alone() {
    let rows: &[Row] = &[
        ("the tenant of somebody else", |said| said.claims["tid"] = "t-2".into()),
        ("the issuer of another tenant", |said| {
            said.claims["iss"] = "{base}/t-2/v2.0".into()
        }),
        ("no tenant", |said| gone(said, "tid")),
        ("a tenant that is a path", |said| {
            said.claims["tid"] = "t-1/../t-2".into();
            said.claims["iss"] = "{base}/t-1/../t-2/v2.0".into();
        }),
        ("the pattern itself", |said| {
            said.claims["iss"] = "{base}/{tenantid}/v2.0".into()
        }),
        ("a key of another tenant", |said| {
            said.keys["keys"][0]["issuer"] = "{base}/t-2/v2.0".into()
        }),
    ];
    let site = Site::with(&[LOOPBACK]);
    for (at, (what, change)) in rows.iter().enumerate() {
        let provider = TestProvider::start(for_every_tenant());
        provider.change(change);
        let login = Login::new(&site, &format!("p{at}"), &provider);
        let url = login.trip(&[], None);
        assert_eq!(
            parameter(&url, "error").as_deref(),
            Some("provider_error"),
            "{what}: {url}"
        );
    }
    let provider = TestProvider::start(for_every_tenant());
    let login = Login::new(&site, "a", &provider);
    let issuer = |tenant: &str| format!("{}/{tenant}/v2.0", provider.base);
    let one = login.session(&login.trip(&[("iss", &issuer("t-1"))], None));
    assert_eq!(
        (one.status, &one.json["user"]["emailVerified"]),
        (200, &json!(false)),
        "{one:?}"
    );
    // The same subject in another tenant is somebody else, who owns no address of anybody.
    provider.change(|said| {
        said.claims["tid"] = "t-2".into();
        said.claims["iss"] = "{base}/t-2/v2.0".into();
    });
    let other = login.session(&login.trip(&[], None));
    assert_eq!(other.code(), "account_exists", "{other:?}");
}

#[test]
fn a_response_of_another_provider_is_not_exchanged() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said::default());
    let login = Login::new(&site, "a", &provider);
    for iss in ["https://evil.example", "", &format!("{}/", provider.issuer())] {
        provider.asked();
        let url = login.trip(&[("iss", iss)], None);
        assert_eq!(
            parameter(&url, "error").as_deref(),
            Some("provider_error"),
            "{iss}: {url}"
        );
        let asked = provider.asked();
        assert!(asked.iter().all(|request| request.path != "/token"), "{iss}: {asked:?}");
    }
    let own = provider.issuer();
    assert_eq!(login.session(&login.trip(&[("iss", &own)], None)).status, 200);
    assert_eq!(
        login.session(&login.trip(&[], None)).status,
        200,
        "most providers send none"
    );
}

#[test]
fn of_a_provider_that_always_says_who_it_is_a_response_without_that_is_not_exchanged() {
    let site = Site::with(&[LOOPBACK]);
    let mut said = Said::default();
    said.document["authorization_response_iss_parameter_supported"] = true.into();
    let provider = TestProvider::start(said);
    let login = Login::new(&site, "a", &provider);
    let url = login.trip(&[], None);
    assert_eq!(parameter(&url, "error").as_deref(), Some("provider_error"), "{url}");
    let asked = provider.asked();
    assert!(asked.iter().all(|request| request.path != "/token"), "{asked:?}");
    let own = provider.issuer();
    assert_eq!(login.session(&login.trip(&[("iss", &own)], None)).status, 200);
}

#[test]
fn keys_that_were_exchanged_are_asked_for_and_what_userinfo_adds_is_taken() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said::default());
    let login = Login::new(&site, "a", &provider);
    // Its old key is gone, and the new one is of another kind.
    provider.change(|said| {
        said.keys["keys"] = json!([{ "kty": "EC", "kid": "k2", "crv": "P-256", "x": "{ec.x}", "y": "{ec.y}" }]);
        said.header = json!({ "alg": "ES256", "kid": "k2" });
    });
    assert_eq!(login.session(&login.trip(&[], None)).status, 200);
    let came = |sub: &str, email: Value, userinfo: Value, status: u16| {
        provider.change(|said| {
            said.claims["sub"] = sub.into();
            said.claims["email"] = email;
            said.claims.as_object_mut().unwrap().remove("email_verified");
            said.claims.as_object_mut().unwrap().remove("name");
            said.userinfo = userinfo;
            said.userinfo_status = status;
        });
        let url = login.trip(&[], None);
        parameter(&url, "code").map(|_| login.session(&url))
    };
    let of =
        |sub: &str| json!({ "sub": sub, "email": format!("{sub}@example.com"), "email_verified": true, "name": "N" });
    let user = |answer: Option<crate::site::Answer>| {
        let user = answer.unwrap().json["user"].clone();
        (user["emailVerified"].clone(), user["name"].clone())
    };
    // That it is verified is in userinfo alone, as Okta has it; of another address it says nothing.
    assert_eq!(
        user(came("b", json!("b@example.com"), of("b"), 200)),
        (json!(true), json!("N"))
    );
    assert_eq!(
        user(came("c", json!("other@example.com"), of("c"), 200)),
        (json!(false), json!("N"))
    );
    // Signed, as who registered for that gets it.
    assert_eq!(
        user(came("d", json!("d@example.com"), json!("{id_token}"), 200)),
        (json!(false), json!(null))
    );
    // It is worth no login that has an email without it.
    for (sub, status) in [("e", 500), ("f", 403), ("g", 429)] {
        let email = json!(format!("{sub}@example.com"));
        assert_eq!(
            user(came(sub, email, of(sub), status)),
            (json!(false), json!(null)),
            "{status}"
        );
    }
    // Without an email, a failure is one, and a refusal means that there is none.
    assert!(came("h", json!(null), of("h"), 503).is_none());
    assert_eq!(came("i", json!(null), of("i"), 403).unwrap().code(), "email_missing");
    assert_eq!(
        user(came("j", json!(["j@example.com"]), of("j"), 200)),
        (json!(true), json!("N"))
    );
}
