//! Where people are sent, by provider.

use serde_json::json;

use super::*;

/// The address that somebody is sent to, and what the provider's document says besides.
fn sent_to(given: &Value, said: &Value) -> (HashMap<String, String>, Metadata) {
    let mut given = given.clone();
    given["name"] = "p".into();
    given["clientId"] = "c".into();
    given["clientSecret"] = "s".into();
    let body = json!({ "providers": [given] });
    let providers = Providers::read(body.as_object().unwrap().clone()).unwrap();
    let provider = providers.named("p").unwrap();
    let mut document = json!({
        "issuer": provider.issuer,
        "authorization_endpoint": "https://example.com/authorize?p=b2c_1_signin#part",
        "token_endpoint": "https://example.com/token",
        "jwks_uri": "https://example.com/keys",
    });
    for (name, value) in said.as_object().unwrap() {
        document[name] = value.clone();
    }
    let about = Metadata::read(&provider.issuer, document.as_object().unwrap()).unwrap();
    let ask = Ask {
        provider,
        callback: "https://auth.example.com/auth/oauth/callback",
        state: "state",
        nonce: "nonce",
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    };
    let address = url::Url::parse(&address(&about, ask)).unwrap();
    assert_eq!(address.fragment(), None);
    (address.query_pairs().into_owned().collect(), about)
}

#[test]
fn every_provider_is_asked_as_it_wants_to_be() {
    let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let (header, body) = (SecretIn::Header, SecretIn::Body);
    let post = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] });
    let issuer = |issuer: &str| json!({ "issuer": issuer });
    let preset = |preset: &str| json!({ "preset": preset });
    let none = json!({});
    for (given, said, scope, mode, pkce, secret) in [
        (preset("google"), &none, "openid email profile", None, challenge, header),
        (preset("gitlab"), &none, "openid email profile", None, challenge, header),
        (
            preset("apple"),
            &post,
            "openid email name",
            Some("form_post"),
            challenge,
            body,
        ),
        (preset("linkedin"), &none, "openid email profile", None, None, body),
        (
            issuer("https://id.twitch.tv/oauth2"),
            &post,
            "openid user:read:email",
            None,
            challenge,
            body,
        ),
        (
            issuer("https://discord.com"),
            &none,
            "openid email identify",
            None,
            challenge,
            header,
        ),
        (
            issuer("https://slack.com"),
            &none,
            "openid email profile",
            None,
            None,
            header,
        ),
        (
            issuer("https://api.login.yahoo.com"),
            &none,
            "openid email profile",
            None,
            None,
            header,
        ),
    ] {
        let (asked, about) = sent_to(&given, said);
        let of = |name: &str| asked.get(name).map(String::as_str);
        assert_eq!(of("scope"), Some(scope), "{given}");
        assert_eq!(of("response_mode"), mode, "{given}");
        assert_eq!(of("code_challenge"), pkce, "{given}");
        assert_eq!((of("state"), of("nonce")), (Some("state"), Some("nonce")), "{given}");
        assert_eq!(
            (of("response_type"), of("client_id")),
            (Some("code"), Some("c")),
            "{given}"
        );
        assert_eq!(
            of("p"),
            Some("b2c_1_signin"),
            "what the endpoint's own query says stays: {given}"
        );
        assert_eq!(of("claims").is_some(), scope.contains("user:read"), "{given}");
        assert_eq!(about.secret_in, secret, "{given}");
    }
}

#[test]
fn what_a_document_says_of_methods_decides_only_where_it_can() {
    let given = json!({ "issuer": "https://login.example.com" });
    let both = json!(["client_secret_post", "client_secret_basic"]);
    for (said, pkce, secret) in [
        (json!({}), true, SecretIn::Header),
        (
            json!({ "code_challenge_methods_supported": ["plain", "S256"] }),
            true,
            SecretIn::Header,
        ),
        (
            json!({ "code_challenge_methods_supported": ["plain"] }),
            false,
            SecretIn::Header,
        ),
        (
            json!({ "code_challenge_methods_supported": "S256" }),
            true,
            SecretIn::Header,
        ),
        (
            json!({ "code_challenge_methods_supported": [7, null] }),
            false,
            SecretIn::Header,
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": both }),
            true,
            SecretIn::Header,
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": ["client_secret_post", 5] }),
            true,
            SecretIn::Body,
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": "client_secret_post" }),
            true,
            SecretIn::Header,
        ),
    ] {
        let (asked, about) = sent_to(&given, &said);
        assert_eq!(asked.contains_key("code_challenge"), pkce, "{said}");
        assert_eq!(about.secret_in, secret, "{said}");
    }
}

#[test]
fn a_client_s_name_and_secret_are_encoded_before_they_are_joined() {
    // RFC 6749, 2.3.1: with a colon in the name, they could not be told apart.
    let header = basic("a:b c", "s%+é");
    let text = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), "a%3Ab+c:s%25%2B%C3%A9");
}

#[test]
fn what_a_token_endpoint_says_is_wrong_is_repeated_as_a_code_alone() {
    let said = |error: Value| refusal(400, json!({ "error": error, "code": "hush" }).as_object().unwrap());
    assert!(said(json!("invalid_grant")).ends_with("the error invalid_grant"));
    for odd in [json!(null), json!(7), json!(""), json!("\u{1b}\n ")] {
        assert!(said(odd.clone()).ends_with("without an ID token"), "{odd}");
    }
    assert!(said(json!("x".repeat(5_000))).len() < 150);
}
