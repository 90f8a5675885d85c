//! Placeholders, HMACs, and the separation of the projects' secrets.

use super::*;
use crate::testing::World;

async fn world() -> World {
    let world = World::new().await;
    world
        .secret("crm_token", "hunter2-hunter2", &["api.example.com".to_owned()])
        .await;
    world.secret("other", "not-declared", &[]).await;
    world
}

#[tokio::test]
async fn a_placeholder_is_of_one_call_and_tells_nothing() {
    let world = world().await;
    let all = world.call_secrets(&world.scope, None);
    let one = ScopedSecrets::new(Arc::clone(&all));
    let first = one.placeholder("crm_token").await.unwrap();
    assert_eq!(first, one.placeholder("crm_token").await.unwrap());
    let random = first.strip_prefix("aerocall-secret-crm_token-").unwrap();
    assert!(random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let another = ScopedSecrets::new(world.call_secrets(&world.scope, None));
    assert_ne!(first, another.placeholder("crm_token").await.unwrap());
    let (a, b) = tokio::join!(another.placeholder("other"), another.placeholder("other"));
    assert_eq!(a.unwrap(), b.unwrap());
}

#[tokio::test]
async fn names_are_limited_by_the_declaration_and_the_project() {
    let world = world().await;
    let code = async |scope, declared, name| {
        let secrets = ScopedSecrets::new(world.call_secrets(scope, declared));
        secrets
            .placeholder(name)
            .await
            .map(drop)
            .map_err(|error| (error.code, error.message))
    };
    assert_eq!(code(&world.scope, Some(vec!["crm_token"]), "crm_token").await, Ok(()));
    // The same answer whether the name exists or not.
    let there = code(&world.scope, Some(vec!["crm_token"]), "other").await.unwrap_err();
    let gone = code(&world.scope, Some(vec!["crm_token"]), "gone").await.unwrap_err();
    assert_eq!(there.0, ErrorCode::NotFound);
    assert!(
        there.1.contains(r#"capabilities: { secrets: ["other"] }"#),
        "{}",
        there.1
    );
    assert_eq!(there.1.replace("other", "gone"), gone.1);
    let unknown = code(&world.scope, None, "gone").await.unwrap_err();
    assert_eq!(unknown.0, ErrorCode::NotFound);
    assert!(
        unknown
            .1
            .contains("PUT /admin/api/v1/projects/a/environments/production/secrets/gone")
    );
    assert_eq!(
        code(&world.other, None, "crm_token").await.unwrap_err().0,
        ErrorCode::NotFound
    );
    for bad in ["", "1a", "a-b", "../a", "a\0", "a b", "ü", &"a".repeat(65)] {
        assert_eq!(
            code(&world.scope, None, bad).await.unwrap_err().0,
            ErrorCode::InvalidArgument,
            "{bad:?}"
        );
    }
}

#[tokio::test]
async fn a_sealed_value_moved_to_another_row_does_not_open() {
    let world = world().await;
    let (scope, other) = (world.scope.clone(), world.other.clone());
    let moved = world.store.write(move |tx| {
        let kept = tx.sealed_secret(&scope, "crm_token")?.unwrap();
        let new = crate::storage::store::NewSecret {
            name: "crm_token".to_owned(),
            sealed: kept.sealed,
            hosts: kept.hosts,
            by: "server".to_owned(),
            now_ms: 1,
        };
        tx.insert_secret(&other, &new)
    });
    moved.await.unwrap();
    let refused = ScopedSecrets::new(world.call_secrets(&world.other, None))
        .placeholder("crm_token")
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Internal);
}

/// RFC 4231, test case 2.
#[tokio::test]
async fn hmacs_are_those_of_the_rfc() {
    let world = world().await;
    world.secret("jefe", "Jefe", &[]).await;
    let secrets = ScopedSecrets::new(world.call_secrets(&world.scope, None));
    let mac = async |hash| {
        let bytes = secrets
            .hmac("jefe", hash, b"what do ya want for nothing?")
            .await
            .unwrap();
        secret::hex(&bytes)
    };
    assert_eq!(
        mac(HmacHash::Sha256).await,
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    assert!(
        mac(HmacHash::Sha384)
            .await
            .starts_with("af45d2e376484031617f78d2b58a6b1b")
    );
    assert!(
        mac(HmacHash::Sha512)
            .await
            .starts_with("164b7a7bfcf819e2e395fbe73b56e0a3")
    );
}
