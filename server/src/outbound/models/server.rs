//! Where a model is, and the way there: through the one egress, with a key that goes to that one server and appears nowhere else.

use std::{fmt, sync::Arc, time::Duration};

use aerocall_api_types::AssistantProvider;
use serde_json::Value;
use url::{Origin, Url};
use zeroize::Zeroizing;

use super::{Answering, ModelFault, Question, anthropic, events::Events, fault, openai};
use crate::{
    base::{
        config::{Config, EgressConfig},
        error::Result as Setup,
    },
    outbound::egress::{Egress, EgressError, Following, Incoming, Outgoing, Request, Resolver, Rules},
};

/// The most bytes of an answer: a few hundred for each token that it may have.
const MAX_ANSWER_BYTES: u64 = 32 << 20;
/// The most that is read of an error.
const MAX_ERROR_BYTES: usize = 16 << 10;

/// A key for the server of a model: never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ModelKey(Zeroizing<String>);

impl ModelKey {
    pub(crate) fn new(key: String) -> Self {
        Self(Zeroizing::new(key))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ModelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(a secret)")
    }
}

/// A model and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelServer {
    pub(crate) provider: AssistantProvider,
    /// Without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) model: String,
    pub(crate) key: Option<ModelKey>,
}

/// The way to models.
pub(crate) struct Models {
    egress: Arc<Egress>,
}

impl Models {
    /// # Errors
    /// The HTTP library cannot be set up.
    pub(crate) fn new(config: &Config, resolver: Arc<dyn Resolver>) -> Setup<Self> {
        let egress = EgressConfig {
            private_networks: config.assistant.allow_private.clone(),
            ..config.egress.clone()
        };
        Ok(Self::through(Arc::new(Egress::new(&egress, resolver)?)))
    }

    pub(crate) fn through(egress: Arc<Egress>) -> Self {
        Self { egress }
    }

    /// Asks, and answers with what comes as it comes.
    ///
    /// # Errors
    /// There is no answer to be read.
    pub(crate) async fn ask(&self, to: &ModelServer, question: &Question) -> Result<Answering, ModelFault> {
        let (url, body) = to.request(question);
        let mut headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "text/event-stream".to_owned()),
        ];
        if to.provider == AssistantProvider::Anthropic {
            headers.push(("anthropic-version".to_owned(), anthropic::VERSION.to_owned()));
        }
        let request = Request {
            method: "POST".to_owned(),
            url,
            headers,
            body: Some(body.to_string().into_bytes()),
            timeout: None,
            following: Following::Error,
        };
        let rules = ToModel {
            origin: Url::parse(&to.base_url).ok().map(|url| url.origin()),
            provider: to.provider,
            key: to.key.clone(),
            time: question.time,
        };
        let incoming = self.egress.open(request, rules).await?;
        if incoming.status != 200 {
            return Err(refused(incoming, to.key.as_ref()).await);
        }
        let kind = incoming.header("content-type").unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            let kind = fault::shown(kind, to.key.as_ref());
            return Err(ModelFault::Invalid(format!("it is `{kind}` and no stream of events")));
        }
        Ok(Answering::new(Events::of(incoming), to.provider, to.key.clone()))
    }
}

impl ModelServer {
    fn request(&self, question: &Question) -> (String, Value) {
        match self.provider {
            AssistantProvider::Openai => (
                openai::url(&self.base_url),
                openai::body(&self.base_url, &self.model, question),
            ),
            AssistantProvider::Anthropic => (anthropic::url(&self.base_url), anthropic::body(&self.model, question)),
        }
    }
}

async fn refused(mut incoming: Incoming<ToModel>, key: Option<&ModelKey>) -> ModelFault {
    let mut body = Vec::new();
    // Whatever cannot be read of it is left out.
    while body.len() < MAX_ERROR_BYTES
        && let Ok(Some(bytes)) = incoming.next().await
    {
        body.extend_from_slice(&bytes);
    }
    body.truncate(MAX_ERROR_BYTES);
    let said = fault::said_in(&body, key);
    ModelFault::of_status(incoming.status, incoming.header("retry-after"), said)
}

/// What a request to a model may do.
struct ToModel {
    /// The only one that gets the key.
    origin: Option<Origin>,
    provider: AssistantProvider,
    key: Option<ModelKey>,
    time: Duration,
}

impl Rules for ToModel {
    fn admit(&self, url: &Url) -> Result<(), EgressError> {
        match self.origin == Some(url.origin()) {
            true => Ok(()),
            false => Err(EgressError::Refused("the URL is not the model's".to_owned())),
        }
    }

    fn fill(&self, _: &Url, mut outgoing: Outgoing) -> Result<Outgoing, EgressError> {
        if let Some(key) = &self.key {
            let (name, value) = match self.provider {
                AssistantProvider::Openai => ("authorization", format!("Bearer {}", key.reveal())),
                AssistantProvider::Anthropic => ("x-api-key", key.reveal().to_owned()),
            };
            outgoing.headers.push((name.to_owned(), Zeroizing::new(value)));
        }
        Ok(outgoing)
    }

    fn most_bytes(&self) -> u64 {
        MAX_ANSWER_BYTES
    }

    fn received(&self, _: usize) -> Result<(), EgressError> {
        Ok(())
    }

    fn timeout(&self) -> Option<Duration> {
        Some(self.time)
    }
}
