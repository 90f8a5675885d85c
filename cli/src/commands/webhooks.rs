//! `aerocall webhooks`: the webhook endpoints of an environment and their deliveries, over the admin API.

use aerocall_api_types::{
    Deleted, Delivery, DeliveryDetail, DeliveryList, NewWebhookEndpoint, Replayed, WebhookEndpoint,
    WebhookEndpointList, WebhookSecret,
};
use serde_json::{Map, Value, json};

use crate::{
    Failed,
    manage::{Common, Page, Request, confirmed, deleted, given, more, time_or},
    output::{list as listed, pretty, word},
    terminal::{self, plain},
};

const ROOT: &str = "webhooks";

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall webhooks create https://crm.example.com/hook --events auth.signup,auth.mfa.*\n  \
    aerocall webhooks update whk_01… --state disabled\n  \
    aerocall webhooks test whk_01…\n  \
    aerocall webhooks deliveries whk_01… --state failed\n  \
    aerocall webhooks replay whk_01… failed --since 2026-01-31T00:00:00Z")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List webhook endpoints
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Show a webhook endpoint
    Show {
        /// Id of the endpoint
        webhook: String,
        #[command(flatten)]
        common: Common,
    },
    /// Create a webhook endpoint and print its secret
    Create {
        /// URL that events are sent to
        url: String,
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        common: Common,
    },
    /// Change a webhook endpoint; what is not given stays
    Update {
        /// Id of the endpoint
        webhook: String,
        /// New URL
        #[arg(long)]
        url: Option<String>,
        /// enabled or disabled
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a webhook endpoint with its deliveries
    Delete {
        /// Id of the endpoint
        webhook: String,
        /// The id once more, so that nothing is deleted by mistake
        #[arg(long)]
        confirm: String,
        #[command(flatten)]
        common: Common,
    },
    /// Make a new secret; the old one stays valid for a while
    RotateSecret {
        /// Id of the endpoint
        webhook: String,
        /// How long the old secrets stay valid; one day if omitted
        #[arg(long)]
        overlap_seconds: Option<u64>,
        #[command(flatten)]
        common: Common,
    },
    /// Send a test event
    Test {
        /// Id of the endpoint
        webhook: String,
        #[command(flatten)]
        common: Common,
    },
    #[command(flatten)]
    Sent(Sent),
}

/// About what was sent to an endpoint.
#[derive(clap::Subcommand)]
enum Sent {
    /// List deliveries, newest first
    Deliveries {
        /// Id of the endpoint
        webhook: String,
        /// Only in this state: waiting, running, delivered, failed or canceled
        #[arg(long)]
        state: Option<String>,
        /// Only of this event (id)
        #[arg(long)]
        event: Option<String>,
        #[command(flatten)]
        page: Page,
        #[command(flatten)]
        common: Common,
    },
    /// Show a delivery with its request and attempts
    Delivery {
        /// Id of the endpoint
        webhook: String,
        /// Id of the delivery
        delivery: String,
        #[command(flatten)]
        common: Common,
    },
    /// Send a delivery again
    Resend {
        /// Id of the endpoint
        webhook: String,
        /// Id of the delivery
        delivery: String,
        #[command(flatten)]
        common: Common,
    },
    /// Send failed deliveries again, or events that have no delivery
    Replay {
        /// Id of the endpoint
        webhook: String,
        /// failed or missing
        what: String,
        /// Only events and deliveries since this time (RFC 3339)
        #[arg(long)]
        since: String,
        /// Number of missing deliveries to create in this request
        #[arg(long)]
        limit: Option<u32>,
        /// Continue after the last request: `next` of its JSON
        #[arg(long)]
        after: Option<String>,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Settings {
    /// Event types such as auth.signup, groups such as auth.mfa.*, or * for all
    #[arg(long, value_delimiter = ',')]
    events: Option<Vec<String>>,
    /// Conditions on the event as a JSON array, such as '[{"path":"/data/user/email","endsWith":"@example.com"}]'
    #[arg(long)]
    filter: Option<String>,
    /// Description for admins
    #[arg(long)]
    description: Option<String>,
    /// none, or subject: events about one user in order
    #[arg(long)]
    order: Option<String>,
    /// withheld, or included: one-time codes for text messages are sent to this endpoint
    #[arg(long)]
    codes: Option<String>,
    /// Address that gets a mail when the endpoint is disabled automatically
    #[arg(long)]
    owner_email: Option<String>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { common } => common.of_environment(Request::new("GET", &[ROOT]), list).await,
        Action::Show { webhook, common } => {
            let request = Request::new("GET", &[ROOT, &webhook]);
            common.of_environment(request, show).await
        }
        Action::Create { url, settings, common } => {
            let body = settings.members([("url", Some(url))])?;
            let request = Request::new("POST", &[ROOT]).with(body);
            common.of_environment(request, made).await
        }
        Action::Update {
            webhook,
            url,
            state,
            settings,
            common,
        } => {
            let body = settings.members([("url", url), ("state", state)])?;
            let request = Request::new("PATCH", &[ROOT, &webhook]).with(body);
            common.of_environment(request, show).await
        }
        Action::Delete {
            webhook,
            confirm,
            common,
        } => {
            confirmed(&webhook, &confirm)?;
            let request = Request::new("DELETE", &[ROOT, &webhook]);
            common.of_environment::<Deleted>(request, deleted).await
        }
        Action::RotateSecret {
            webhook,
            overlap_seconds,
            common,
        } => {
            let body = given([("overlapSeconds", overlap_seconds)]).collect();
            let request = Request::new("POST", &[ROOT, &webhook, "rotate-secret"]).with(Value::Object(body));
            common.of_environment(request, rotated).await
        }
        Action::Test { webhook, common } => {
            let request = Request::new("POST", &[ROOT, &webhook, "test"]);
            common.of_environment(request, delivery).await
        }
        Action::Sent(action) => action.run().await,
    }
}

impl Sent {
    async fn run(self) -> Result<(), Failed> {
        match self {
            Self::Deliveries {
                webhook,
                state,
                event,
                page,
                common,
            } => {
                let request = Request::new("GET", &[ROOT, &webhook, "deliveries"]).query("state", state);
                common
                    .of_environment(request.query("event", event).page(page), deliveries)
                    .await
            }
            Self::Delivery {
                webhook,
                delivery,
                common,
            } => {
                let request = Request::new("GET", &[ROOT, &webhook, "deliveries", &delivery]);
                common.of_environment(request, whole).await
            }
            Self::Resend {
                webhook,
                delivery: id,
                common,
            } => {
                let request = Request::new("POST", &[ROOT, &webhook, "deliveries", &id, "replay"]);
                common.of_environment(request, delivery).await
            }
            Self::Replay {
                webhook,
                what,
                since,
                limit,
                after,
                common,
            } => {
                let mut body: Map<String, Value> = given([("after", after)]).chain(given([("limit", limit)])).collect();
                body.extend([("what".to_owned(), json!(what)), ("since".to_owned(), json!(since))]);
                let request = Request::new("POST", &[ROOT, &webhook, "replay"]).with(Value::Object(body));
                common.of_environment(request, replayed).await
            }
        }
    }
}

impl Settings {
    /// The document of an endpoint, as far as it is given.
    fn members<const N: usize>(self, more: [(&'static str, Option<String>); N]) -> Result<Value, Failed> {
        let filter = self.filter.as_deref().map(serde_json::from_str::<Value>).transpose();
        let filter = filter.map_err(|error| Failed::Usage(format!("--filter is not valid JSON: {error}")))?;
        let texts = [
            ("description", self.description),
            ("order", self.order),
            ("codes", self.codes),
            ("ownerEmail", self.owner_email),
        ];
        let mut members: Map<String, Value> = given(more).chain(given(texts)).collect();
        members.extend(given([("events", self.events.map(Value::from)), ("filter", filter)]));
        match members.is_empty() {
            true => Err(Failed::Usage(
                "nothing to change: give --url, --events, --state or another".to_owned(),
            )),
            false => Ok(Value::Object(members)),
        }
    }
}

fn list(list: &WebhookEndpointList) {
    list.webhooks.iter().for_each(show);
}

fn show(webhook: &WebhookEndpoint) {
    let failing = webhook.failing_since.as_ref();
    let failing = failing.map(|since| format!("  failing since {}", plain(since.as_str())));
    terminal::answer(format!(
        "{}  {}  {}  {}{}",
        plain(&webhook.id),
        word(&webhook.state),
        plain(&webhook.url),
        listed(&webhook.events),
        failing.unwrap_or_default()
    ));
}

fn made(new: &NewWebhookEndpoint) {
    terminal::say("the secret is shown only here");
    show(&new.endpoint);
    terminal::answer(format!("secret  {}", plain(&new.secret)));
}

fn rotated(secret: &WebhookSecret) {
    let until = plain(secret.older_until.as_str());
    terminal::say(format!(
        "the secret is shown only here; older ones are valid until {until}"
    ));
    terminal::answer(plain(&secret.secret));
}

fn deliveries(list: &DeliveryList) {
    list.deliveries.iter().for_each(|listed| delivery(&listed.delivery));
    more(list.next.as_deref());
}

fn delivery(delivery: &Delivery) {
    terminal::answer(format!(
        "{}  {}  {}  {}  attempts {}  next {}",
        plain(&delivery.id),
        plain(&delivery.kind),
        plain(&delivery.event),
        word(&delivery.state),
        delivery.attempts,
        time_or(delivery.next_attempt_at.as_ref(), "-")
    ));
}

fn whole(shown: &DeliveryDetail) {
    delivery(&shown.delivery);
    terminal::answer(pretty(&shown.request));
    for attempt in &shown.log {
        let status = attempt.status.map_or("-".to_owned(), |status| status.to_string());
        let error = attempt.error.as_deref().unwrap_or_default();
        terminal::answer(format!(
            "  {}  {status}  {} ms  {}",
            plain(attempt.at.as_str()),
            attempt.duration_ms,
            plain(error)
        ));
    }
}

fn replayed(replayed: &Replayed) {
    terminal::answer(format!("{} deliveries are sent", replayed.replayed));
    if let Some(next) = &replayed.next {
        terminal::say(format!("more: --after {}", plain(next)));
    }
}
