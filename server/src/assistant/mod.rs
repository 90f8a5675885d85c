//! The assistant: language models that write and explain hooks, and what keeps them to that. A model gets a text and answers a
//! text; nothing here runs, deploys or stores what it wrote. Knows no request.
//!
//! In the order a question goes through it:
//!
//! - `settings`: which model answers in a project, within which limits; `permits`: how many questions at the same time; `background`:
//!   those that nobody waits for
//! - `prompt`: what is sent, part by part, with `instructions`, in `fence`s that say what is data, without what nobody sees
//! - `types`: those of the SDK that a hook needs
//! - `leaks`: whether a secret is in it; then nothing is sent
//! - `meter`: tokens are counted before they are spent, and set right afterwards
//! - `asker`: one question to the model, with everything above; `reasoning`: taken out of what it answers
//! - `answer`: files and test cases out of the text, with `blocks`: where each block belongs; `paths`: which files a model may write
//! - `proposed`: these files, which are no draft, and what a person has to say before they become one
//! - `capabilities`: what they may do that the draft may not, in words; `diff`: what they change, line by line

mod answer;
mod asker;
mod background;
mod blocks;
mod capabilities;
mod diff;
mod fence;
mod instructions;
mod leaks;
mod meter;
mod paths;
mod permits;
mod prompt;
mod proposed;
mod reasoning;
mod settings;
mod types;

use std::sync::Arc;

use aerocall_api_types::{AssistantDayUsage, AssistantSettings, AssistantState};

pub(crate) use answer::{Answer, WrittenCase};
pub(crate) use asker::{Answered, Asker, Listener, Silent};
pub(crate) use background::Background;
pub(crate) use capabilities::{May, change as capability_change};
pub(crate) use diff::unified;
pub(crate) use instructions::Purpose;
pub(crate) use prompt::{Prompt, Written, fenced_data, hidden_in};
pub(crate) use proposed::{Acceptance, Proposed, Unverified};
pub(crate) use settings::{Assistant, Choice, StoredModel, StoredSetting};
pub(crate) use types::needed as needed_types;

use crate::{
    base::{
        clock::{self, Clock},
        config::AssistantConfig,
        crypto::MasterKey,
        error::{Refusal, Result},
        ids::Slug,
    },
    outbound::models::Models,
    storage::store::Store,
};
use meter::Meter;
use permits::Permits;

/// What every question goes through.
pub(crate) struct Assistants {
    models: Arc<Models>,
    store: Store,
    master: Arc<MasterKey>,
    clock: Clock,
    config: AssistantConfig,
    permits: Permits,
    /// Questions that nobody waits for.
    pub(crate) background: Background,
}

impl Assistants {
    pub(crate) fn new(
        models: Models,
        store: Store,
        master: Arc<MasterKey>,
        clock: Clock,
        config: AssistantConfig,
    ) -> Self {
        Self {
            models: Arc::new(models),
            store,
            master,
            clock,
            permits: Permits::new(config.concurrent, config.concurrent_per_project),
            background: Background::default(),
            config,
        }
    }

    /// The assistant of a project, if it has one.
    pub(crate) async fn choice(&self, project: &Slug) -> Result<Choice> {
        let owner = project.clone();
        let row = self.store.read(move |tx| tx.assistant_setting(&owner)).await?;
        let own = row.map(|row| settings::read(&row, &self.master, project)).transpose()?;
        Ok(settings::choose(&self.config, own))
    }

    /// The assistant of a project.
    ///
    /// # Errors
    /// `assistant_off`: it has none.
    pub(crate) async fn of(&self, project: &Slug) -> Result<Assistant> {
        match self.choice(project).await? {
            Choice::On(assistant) => Ok(*assistant),
            Choice::Off(_) => Err(settings::off().into()),
        }
    }

    /// Somebody who may ask the model of a project.
    ///
    /// # Errors
    /// `busy`: as many ask at the same time as may.
    pub(crate) async fn asker(&self, project: &Slug, assistant: Assistant) -> Result<Asker> {
        let permit = self.permits.take(project)?;
        let leaks = leaks::Leaks::of(&self.store, &self.master, project, assistant.server.key.as_ref()).await?;
        let meter = self.meter(project, &assistant);
        Ok(Asker::new(Arc::clone(&self.models), assistant, meter, leaks, permit))
    }

    /// The settings of a project as the admin API shows them.
    pub(crate) async fn document(&self, project: &Slug) -> Result<AssistantSettings> {
        let choice = self.choice(project).await?;
        let shown = choice.shown(&self.config);
        let meter = self.meter(project, &shown);
        let day = clock::day(self.clock.now_ms());
        let (spent, left) = meter.spent(&day).await?;
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        let on = matches!(choice, Choice::On(_)).then_some(&shown.server);
        Ok(AssistantSettings {
            state: match on {
                Some(_) => AssistantState::On,
                None => AssistantState::Off,
            },
            origin: choice.origin(),
            provider: on.map(|server| server.provider),
            base_url: on.map(|server| server.base_url.clone()),
            model: on.map(|server| server.model.clone()),
            has_key: on.is_some_and(|server| server.key.is_some()),
            summaries: shown.summaries,
            usage: AssistantDayUsage {
                day,
                requests: whole(spent.requests),
                input_tokens: whole(spent.input_tokens),
                output_tokens: whole(spent.output_tokens),
                cost: meter.cost(spent.cost_micros),
                tokens_left: whole(left),
            },
            limits: shown.limits,
            prices: shown.prices,
        })
    }

    fn meter(&self, project: &Slug, assistant: &Assistant) -> Meter {
        Meter::new(
            self.store.clone(),
            self.clock.clone(),
            project.clone(),
            assistant,
            self.config.tokens_per_day_of_all,
        )
    }

    /// The key that a project has stored, and for whose server.
    pub(crate) async fn stored(&self, project: &Slug) -> Result<Option<StoredSetting>> {
        let owner = project.clone();
        let row = self.store.read(move |tx| tx.assistant_setting(&owner)).await?;
        row.map(|row| settings::read(&row, &self.master, project)).transpose()
    }
}

/// There are tokens for no further answer.
fn used_up() -> Refusal {
    Refusal::new(
        aerocall_contract::errors::ASSISTANT_LIMIT,
        "The tokens of the day are used up; the next day begins at midnight UTC",
    )
}
