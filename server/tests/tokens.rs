//! Access tokens, checked by a path that shares nothing with the server but the standard.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde_json::{Value, json};

use crate::{site::Site, snapshots::document};

fn decode(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

#[test]
fn a_token_verifies_with_the_published_keys() {
    let site = Site::with(&[("AEROCALL_PUBLIC_URL", "https://auth.example.com/")]);
    let pk = site.project("a").pk;
    let answer = site.registered(&pk, "ada@example.com");
    let parts: Vec<&str> = answer.token().split('.').collect();
    let header: Value = serde_json::from_slice(&decode(parts[0])).unwrap();
    let claims: Value = serde_json::from_slice(&decode(parts[1])).unwrap();

    let jwks = site.send("GET", "/.well-known/jwks.json", &[("x-aerocall-key", &pk)], b"");
    let key = &jwks.json["keys"][0];
    assert_eq!(key["kid"], header["kid"]);
    // Nothing private is published.
    let mut published = jwks.json.clone();
    published["keys"][0]["x"] = json!("[public key]");
    insta::assert_snapshot!(document(&published), @r#"
    {
      "keys": [
        {
          "kty": "OKP",
          "crv": "Ed25519",
          "use": "sig",
          "alg": "EdDSA",
          "kid": "key_[…]",
          "x": "[public key]"
        }
      ]
    }
    "#);
    let public: [u8; 32] = decode(key["x"].as_str().unwrap()).try_into().unwrap();
    let signature = Signature::from_slice(&decode(parts[2])).unwrap();
    let signed = format!("{}.{}", parts[0], parts[1]);
    VerifyingKey::from_bytes(&public)
        .unwrap()
        .verify(signed.as_bytes(), &signature)
        .unwrap();

    assert_eq!(
        (&claims["sub"], &claims["sid"]),
        (&answer.json["user"]["id"], &answer.json["session"]["id"])
    );
    let mut shown = json!([header, claims]);
    let issued = shown[1]["iat"].as_i64().unwrap();
    for time in ["iat", "exp"] {
        shown[1][time] = json!(shown[1][time].as_i64().unwrap() - issued);
    }
    shown[1]["auth_time"] = json!("[time]");
    insta::assert_snapshot!(document(&shown), @r#"
    [
      {
        "alg": "EdDSA",
        "typ": "JWT",
        "kid": "key_[…]"
      },
      {
        "iss": "https://auth.example.com",
        "aud": "a/production",
        "sub": "usr_[…]",
        "sid": "ses_[…]",
        "amr": [
          "pwd"
        ],
        "auth_time": "[time]",
        "iat": 0,
        "exp": 900
      }
    ]
    "#);
}

#[test]
fn keys_are_found_by_key_or_by_name() {
    let site = Site::new();
    let project = site.project("a");
    let by_key = site.get(&format!("/.well-known/jwks.json?key={}", project.pk));
    let by_name = site.get("/.well-known/jwks.json?project=a&environment=production");
    assert_eq!((by_key.status, &by_key.json), (200, &by_name.json));
    assert_eq!(by_key.header("cache-control"), "public, max-age=300");
    assert_eq!(
        site.get("/.well-known/jwks.json?project=a&environment=nope").status,
        404
    );
    assert_eq!(
        site.get(&format!("/.well-known/jwks.json?key={}", project.sk)).status,
        401
    );
    assert_eq!(site.get("/.well-known/jwks.json").code(), "missing_api_key");
}

#[test]
fn tokens_that_are_not_ours_are_refused() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let token = site.registered(&pk, "ada@example.com").token().to_owned();
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = serde_json::from_slice::<Value>(&decode(header)).unwrap()["kid"].clone();
    let none = encode(json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    let hs256 = encode(json!({ "alg": "HS256", "typ": "JWT", "kid": kid }));
    let mut other: Value = serde_json::from_slice(&decode(claims)).unwrap();
    other["sub"] = json!("usr_other");
    for bad in [
        format!("{none}.{claims}."),
        format!("{hs256}.{claims}.{signature}"),
        format!("{header}.{}.{signature}", encode(other)),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        format!("{header}.{claims}"),
        format!("{token}x"),
        "x".repeat(5_000),
        "..".to_owned(),
        String::new(),
    ] {
        let answer = site.me(&pk, &bad);
        assert_eq!((answer.status, answer.code()), (401, "invalid_token"), "{bad}");
    }
    assert_eq!(site.me(&pk, &token).status, 200);
}

#[test]
fn a_token_expires() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let token = site.registered(&pk, "ada@example.com").token().to_owned();
    site.running().clock().advance_ms(899_000 - 5_000);
    assert_eq!(site.me(&pk, &token).status, 200);
    site.running().clock().advance_ms(10_000);
    assert_eq!(site.me(&pk, &token).code(), "invalid_token");
}

#[test]
fn a_token_ends_with_its_session() {
    let site = Site::with(&[("AEROCALL_TOKEN_SESSION_SECONDS", "60")]);
    let pk = site.project("a").pk;
    let token = site.registered(&pk, "ada@example.com").token().to_owned();
    site.running().clock().advance_ms(50_000);
    assert_eq!(site.me(&pk, &token).status, 200);
    site.running().clock().advance_ms(11_000);
    assert_eq!(
        site.me(&pk, &token).code(),
        "invalid_token",
        "the token has 14 minutes left, its session none"
    );
}
