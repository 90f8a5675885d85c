//! The demo project is seeded once: what somebody did with it since then is not put back.

use aerocall_server::{Demo, Seeding, Server};
use serde_json::json;

use crate::{
    bundles::{bundle, hook},
    services::Postgres,
    site::{Data, PASSWORD, Site, config, runtime},
};

const HOOKS: &str = "/projects/demo/environments/development/hooks";

/// A start with `--demo`.
fn seed(data: &Data) -> Demo {
    let gate = bundle(
        "signup",
        &hook("beforeSignup", "throw new Aerocall.Deny('no', { code: 'seeded' });"),
    );
    let core = data.core().map(|core| core.url(Postgres::ADDRESS));
    let env: Vec<_> = core.iter().map(|url| ("AEROCALL_DATABASE_URL", url.as_str())).collect();
    let config = config(data.path(), &env);
    let tokio = tokio::runtime::Runtime::new().unwrap();
    tokio.block_on(async {
        let server = Server::open(config, runtime().await).await.unwrap();
        server
            .seed_demo(vec![("signup".to_owned(), gate.to_vec())])
            .await
            .unwrap()
    })
}

#[test]
fn what_was_deployed_to_the_demo_stays() {
    let data = Data::from(tempfile::tempdir().unwrap());
    let first = seed(&data);
    assert_eq!(first.seeding, Seeding::Done);
    let demo = first.info;
    let site = Site::on(data, &[]);
    let sign_up = |site: &Site| {
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        site.register(&demo.publishable_key, body).json["error"]["code"].clone()
    };
    assert_eq!(sign_up(&site), "seeded");
    let account = demo.account.as_ref().unwrap();
    let signing_in = json!({ "email": account.email, "password": account.password });
    let json = [("content-type", "application/json")];
    let signed_in = site.send(
        "POST",
        "/admin/api/v1/session",
        &json,
        signing_in.to_string().as_bytes(),
    );
    assert_eq!(signed_in.json["state"], "signed_in");
    let own = hook("beforeSignup", "throw new Aerocall.Deny('no', { code: 'own' });");
    let number = site.version("demo", "signup", &own);
    let deployment = json!({ "hooks": [{ "name": "signup", "number": number }] });
    let path = "/projects/demo/environments/development/deployments";
    assert_eq!(
        site.admin_as(&demo.secret_key, "POST", path, Some(deployment)).status,
        201
    );
    let keys = site
        .admin("GET", "/projects/demo/environments/development/keys", None)
        .json;
    let secret = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kind"] == "secret")
        .unwrap();
    let path = format!(
        "/projects/demo/environments/development/keys/{}",
        secret["id"].as_str().unwrap()
    );
    assert_eq!(site.admin("DELETE", &path, None).status, 200);

    let data = site.stop();
    let again = seed(&data);
    assert_eq!((again.seeding, &again.info), (Seeding::Found, &demo));
    assert_eq!(
        again.ended,
        std::slice::from_ref(&demo.secret_key),
        "it says which keys do not work any more"
    );
    let site = Site::on(data, &[]);
    assert_eq!(sign_up(&site), "own");
    assert_eq!(
        site.admin("GET", HOOKS, None).json["number"],
        2,
        "no deployment was added"
    );
    assert_eq!(site.admin_as(&demo.secret_key, "GET", "/projects", None).status, 401);
}
