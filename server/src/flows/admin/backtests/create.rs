//! `POST …/backtests`

use aerocall_api_types::{Backtest, BacktestFigures, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{
    MAX_BACKTESTS, backtest, example,
    input::{FILTER, HOOK, Input, LIMIT},
    work::Work,
};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::{Kind, new_id},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
        hook_target::Target,
    },
    storage::store::BacktestRow,
};

/// Begins a backtest.
pub(crate) struct CreateBacktest;

impl Flow for CreateBacktest {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = Backtest;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/backtests"), "Start a backtest")
        .about("Runs one version of a hook on the newest recorded invocations that match, with the results that those got from the SDK, and compares the decisions. It goes on after the response: `GET …/backtests/{backtest}` shows how far it is. One backtest of a project runs at a time; an environment keeps the last 20.")
        .fields(&[HOOK, Target::FIELD, FILTER, LIMIT])
        .example(r#"{"hook":"signup","target":4,"limit":1000}"#)
        .answers(201, "The backtest.", example!())
        .errors(&[errors::UNKNOWN_ENGINE]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let target = fields.optional("target", Target::parse).unwrap_or_default();
        Input::read(fields).map(|input| Input { target, ..input })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<Backtest> {
        let loaded = input.target.load(app, &caller.scope, &input.hook).await?;
        let id = new_id(Kind::Backtest);
        let running = app.hooks.backtests.begin(&caller.scope, &id)?;
        let (scope, filter, limit) = (caller.scope.clone(), input.filter.clone(), input.limit);
        let ids = app
            .store
            .read(move |tx| tx.recorded_ids(&scope, &filter, limit))
            .await?;
        let figures = serde_json::to_string(&BacktestFigures::default());
        let now_ms = app.clock.now_ms();
        let row = BacktestRow {
            id: id.clone(),
            hook: input.hook.to_string(),
            version_number: i32::try_from(loaded.number).unwrap_or(0),
            digest: loaded.hook.digest().to_owned(),
            request: input.document().to_string(),
            state: "running".to_owned(),
            reason: None,
            total: i32::try_from(ids.len()).unwrap_or(i32::MAX),
            done: 0,
            figures: figures.map_err(|error| Error::unexpected("writing a backtest", error))?,
            created_by: caller.actor().actor,
            created_ms: now_ms,
            seen_ms: now_ms,
            finished_ms: None,
        };
        insert(app, caller, row.clone()).await?;
        Work::new(app, caller.scope.clone(), loaded, ids, running, id).begin();
        backtest(app, row)
    }
}

async fn insert(app: &App, caller: &Caller<EnvironmentAdmin>, row: BacktestRow) -> Result<()> {
    let scope = caller.scope.clone();
    let inserted = caller.change(app, move |tx, _| {
        let ended = tx.backtests(&scope)?.into_iter().filter(|old| old.state != "running");
        for old in ended.skip(MAX_BACKTESTS - 1) {
            tx.delete_backtest(&scope, &old.id)?;
        }
        tx.insert_backtest(&scope, &row)?;
        let about = json!({ "hook": row.hook, "version": row.version_number, "calls": row.total });
        Ok(Audited::Changed(
            (),
            AuditEntry::new(Action::BacktestStarted, row.id).with(about),
        ))
    });
    inserted.await
}
