//! What questions cost. Tokens are counted before a request leaves, with the most that it can use, and set right when it has ended:
//! whoever asks at the same time, and a server that stops in between, never go past a limit.

use aerocall_api_types::{AssistantOrigin, AssistantPrices, AssistantUsage};

use super::{Assistant, used_up};
use crate::{
    base::{
        clock::{self, Clock},
        error::{Result, chain},
        ids::Slug,
    },
    outbound::models::{Question, Tokens},
    storage::store::{Spending, SpentRow, Store, UsageOrigin},
};

/// An answer with fewer tokens is of no use.
const LEAST_OUTPUT: i64 = 256;
/// A server of a model that counts more than that for each byte counts wrongly.
const MOST_TOKENS_PER_BYTE: u64 = 1;
/// What a chat template adds to each message.
const TEMPLATE_TOKENS: u64 = 1_000;

/// Counts what a project uses.
#[derive(Clone)]
pub(super) struct Meter {
    store: Store,
    clock: Clock,
    project: Slug,
    origin: UsageOrigin,
    of_project: i64,
    of_all: i64,
    prices: AssistantPrices,
}

/// A question that is counted and has not been answered.
pub(super) struct Reserved {
    spending: Spending,
    /// The most tokens of its answer.
    pub(super) output_tokens: u32,
    sent_bytes: u64,
}

/// What a question has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    cost_micros: i64,
}

impl Used {
    pub(super) fn add(&mut self, more: Self) {
        self.input_tokens = self.input_tokens.saturating_add(more.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(more.output_tokens);
        self.cost_micros = self.cost_micros.saturating_add(more.cost_micros);
    }
}

impl Meter {
    pub(super) fn new(store: Store, clock: Clock, project: Slug, assistant: &Assistant, of_all: u64) -> Self {
        Self {
            store,
            clock,
            project,
            origin: match assistant.origin {
                AssistantOrigin::Installation => UsageOrigin::Installation,
                AssistantOrigin::Project => UsageOrigin::Project,
            },
            of_project: whole(assistant.limits.tokens_per_day),
            of_all: whole(of_all),
            prices: assistant.prices.clone(),
        }
    }

    /// Counts a question with the most that it can use.
    ///
    /// # Errors
    /// `assistant_limit`: there would be no room for an answer.
    pub(super) async fn reserve(&self, question: &Question) -> Result<Reserved> {
        let spending = Spending {
            input_tokens: whole(estimate(question.characters())),
            output_tokens: i64::from(question.output_tokens),
            ..self.spending(clock::day(self.clock.now_ms()))
        };
        let turns = question.turns.iter().map(|turn| turn.text.len());
        let sent_bytes = question.instructions.len() + turns.sum::<usize>();
        let (project, counted) = (self.project.clone(), spending.clone());
        let granted = self
            .store
            .write(move |tx| tx.reserve_tokens(&project, &counted, LEAST_OUTPUT))
            .await?
            .ok_or_else(used_up)?;
        Ok(Reserved {
            output_tokens: u32::try_from(granted).unwrap_or(question.output_tokens),
            spending: Spending {
                output_tokens: granted,
                ..spending
            },
            sent_bytes: sent_bytes as u64,
        })
    }

    /// Sets right what was counted. `said`: what the model's server says it was, and nothing if it did not take the request;
    /// `answered`: what came.
    pub(super) async fn settle(&self, reserved: Reserved, said: Option<Tokens>, answered: &str) -> Used {
        let used = match said {
            Some(said) => self.used(&reserved, said, answered),
            None => Used::default(),
        };
        let difference = SpentRow {
            requests: 0,
            input_tokens: whole(used.input_tokens).saturating_sub(reserved.spending.input_tokens),
            output_tokens: whole(used.output_tokens).saturating_sub(reserved.spending.output_tokens),
            cost_micros: used.cost_micros,
        };
        let (project, spending) = (self.project.clone(), reserved.spending);
        let settled = self
            .store
            .write(move |tx| tx.add_spent(&project, &spending, difference))
            .await;
        if let Err(error) = settled {
            // What was reserved stays counted.
            tracing::warn!(
                error = chain(&error),
                "what the assistant used could not be written down"
            );
        }
        used
    }

    /// What a server of a model says is taken within what can be; where it says nothing, by the length of the texts.
    fn used(&self, reserved: &Reserved, said: Tokens, answered: &str) -> Used {
        let most_input = reserved
            .sent_bytes
            .saturating_mul(MOST_TOKENS_PER_BYTE)
            .saturating_add(TEMPLATE_TOKENS);
        let most_output = u64::from(reserved.output_tokens).saturating_mul(2);
        let by_length = estimate(answered.chars().count());
        let known = |said: Option<u64>, otherwise: u64| said.filter(|said| *said > 0).unwrap_or(otherwise);
        let input_tokens = known(said.input, whole_of(reserved.spending.input_tokens)).min(most_input);
        let output_tokens = match (answered.is_empty(), said.output) {
            (true, said) => said.unwrap_or(0),
            (false, said) => known(said, by_length),
        }
        .min(most_output);
        Used {
            input_tokens,
            output_tokens,
            cost_micros: self.micros(input_tokens, output_tokens),
        }
    }

    /// What was used on a day, and what is left of it.
    pub(super) async fn spent(&self, day: &str) -> Result<(SpentRow, i64)> {
        let (project, spending) = (self.project.clone(), self.spending(day.to_owned()));
        let read = self.store.read(move |tx| {
            let spent = tx.assistant_spent(&project, &spending.day)?;
            Ok((spent, tx.assistant_left(&project, &spending)?))
        });
        Ok(read.await?)
    }

    /// What was used, as the admin API shows it.
    pub(super) async fn document(&self, used: Used) -> AssistantUsage {
        let left = self.spent(&clock::day(self.clock.now_ms())).await;
        AssistantUsage {
            input_tokens: used.input_tokens,
            output_tokens: used.output_tokens,
            cost: self.cost(used.cost_micros),
            tokens_left: left.map_or(0, |(_, left)| whole_of(left)),
        }
    }

    /// In the currency; `None` if a price is missing.
    pub(super) fn cost(&self, micros: i64) -> Option<f64> {
        let is_known = self.prices.input_per_million.is_some() && self.prices.output_per_million.is_some();
        #[expect(clippy::cast_precision_loss, reason = "costs are far below 2^53 millionths")]
        is_known.then(|| micros as f64 / 1e6)
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "tokens and prices are bounded far below 2^53"
    )]
    fn micros(&self, input_tokens: u64, output_tokens: u64) -> i64 {
        // A price of a million tokens is that many millionths for each.
        let input = input_tokens as f64 * self.prices.input_per_million.unwrap_or(0.0);
        let output = output_tokens as f64 * self.prices.output_per_million.unwrap_or(0.0);
        (input + output).round() as i64
    }

    fn spending(&self, day: String) -> Spending {
        Spending {
            day,
            origin: self.origin,
            input_tokens: 0,
            output_tokens: 0,
            of_project: self.of_project,
            of_all: self.of_all,
        }
    }
}

/// Tokens of a text, roughly: three characters each, which is more than sources need and fewer than some scripts do.
fn estimate(characters: usize) -> u64 {
    (characters as u64).div_ceil(3)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn whole_of(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
