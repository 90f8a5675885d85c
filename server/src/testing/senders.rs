//! Every row of `outbound/egress/attacks.json` through every sender of the server, names that lead where they must not among them.
//! What a test cannot say to a running server, it says here: what a name leads to.

use std::{sync::Arc, time::Duration};

use aerocall_api_types::AssistantProvider;
use aerocall_runtime::{
    Limits,
    host::{ErrorCode, Http as _, HttpRequest, Redirect},
};
use zeroize::Zeroizing;

use crate::{
    hooks::sdk::ScopedHttp,
    outbound::{
        egress::{
            Egress,
            attacks::{self, EXCEPTED},
            testing::{self, Canary, Names},
        },
        models::{ModelFault, ModelServer, Models, Question},
        oidc::{Ask, Oidc, OidcError, Provider},
        webhooks::{EndpointSecret, Message, post},
    },
    testing::World,
};

/// What each sender needs. Each answers what it says of an address; `None` is a refusal.
struct Senders {
    world: World,
    egress: Arc<Egress>,
}

impl Senders {
    async fn webhook(&self, url: &str) -> Option<String> {
        let message = Message {
            url,
            id: "evt_1",
            body: "{}",
            time_ms: 1,
            timeout: Duration::from_secs(2),
        };
        let reply = post(&self.egress, &message, &[EndpointSecret::random().unwrap()])
            .await
            .unwrap();
        match (reply.status, &reply.error) {
            // It goes nowhere else, so a redirect is reported as one.
            (Some(302), Some(error)) if error.contains("redirect") => None,
            (None, Some(error)) if is_refusal(error) => None,
            _ => Some(format!("{reply:?}")),
        }
    }

    async fn hook(&self, url: &str) -> Option<String> {
        let World { store, scope, .. } = &self.world;
        let secrets = self.world.call_secrets(scope, None);
        let http = ScopedHttp::new(
            Arc::clone(&self.egress),
            store.clone(),
            scope,
            secrets,
            Some(vec!["*"]),
            &Limits::DEFAULT,
        );
        let request = HttpRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
            timeout_ms: None,
            redirect: Redirect::Follow,
        };
        match http.send(vec![request]).await.remove(0) {
            Err(error) if matches!(error.code, ErrorCode::Denied | ErrorCode::InvalidArgument) => None,
            other => Some(format!("{other:?}")),
        }
    }

    async fn provider(&self, url: &str) -> Option<String> {
        let provider = Provider {
            name: "p".to_owned(),
            issuer: url.to_owned(),
            client_id: "x".to_owned(),
            client_secret: Zeroizing::default(),
            scopes: Vec::new(),
        };
        let ask = Ask {
            provider: &provider,
            callback: "https://auth.example.com/back",
            state: "s",
            nonce: "n",
            verifier: "v",
        };
        match Oidc::new(Arc::clone(&self.egress)).authorize_url(ask).await {
            Err(OidcError::Unavailable(_)) => None,
            other => Some(format!("{other:?}")),
        }
    }
}

impl Senders {
    async fn model(&self, url: &str) -> Option<String> {
        let server = ModelServer {
            provider: AssistantProvider::Openai,
            base_url: url.to_owned(),
            model: "m".to_owned(),
            key: None,
        };
        let question = Question {
            instructions: String::new(),
            turns: Vec::new(),
            output_tokens: 1,
            time: Duration::from_secs(2),
        };
        match Models::through(Arc::clone(&self.egress)).ask(&server, &question).await {
            // It goes nowhere else, so a redirect is an error.
            Err(ModelFault::Unreachable(said)) if is_refusal(&said) || said.contains("redirect") => None,
            Err(fault) => Some(format!("{fault:?}")),
            Ok(_) => Some("an answer".to_owned()),
        }
    }
}

fn is_refusal(error: &str) -> bool {
    [
        "public internet",
        "not allowed",
        "cannot be read",
        "has no host",
        "redirects",
    ]
    .iter()
    .any(|words| error.contains(words))
}

#[tokio::test]
async fn no_sender_reaches_what_a_name_a_spelling_or_a_redirect_leads_to() {
    let canary = Canary::open().await;
    let senders = Senders {
        world: World::new().await,
        egress: Arc::new(testing::egress(EXCEPTED, attacks::names())),
    };
    let mut passed = Vec::new();
    for url in attacks::urls(canary.port).await {
        for (sender, problem) in [
            ("webhook", senders.webhook(&url).await),
            ("hook", senders.hook(&url).await),
            ("provider", senders.provider(&url).await),
            ("model", senders.model(&url).await),
        ] {
            passed.extend(problem.map(|problem| format!("{sender}, {url:?}: {problem}")));
        }
    }
    assert_eq!(passed, Vec::<String>::new());
    assert_eq!(canary.hits(), 0);
}

/// The loop can tell a wall from none.
#[tokio::test]
async fn a_name_that_leads_to_what_is_open_is_reached_by_every_sender() {
    let canary = Canary::open().await;
    let names = Names::of(&[("open.test", &[&["127.0.0.77"]]), ("localhost", &[&["127.0.0.77"]])]);
    let senders = Senders {
        world: World::new().await,
        egress: Arc::new(testing::egress(EXCEPTED, names)),
    };
    let url = format!("http://open.test:{}/", canary.port);
    assert!(senders.webhook(&url).await.is_some());
    assert!(senders.hook(&url).await.is_some());
    assert!(senders.model(&url).await.is_some());
    // Without TLS a provider has to be on this machine by name, too.
    senders.provider(&format!("http://localhost:{}/", canary.port)).await;
    assert_eq!(canary.hits(), 4);
}
