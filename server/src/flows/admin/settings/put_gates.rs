//! `PUT …/settings/gates`

use aerocall_api_types::{BacktestGate, GateSettings, Permission};
use serde_json::Value;

use super::{GATES, keep};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        input::{Fields, Parsed},
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    storage::store::{Setting, SettingName},
};

/// As many as a backtest runs by default; a plan looks at no more records.
const MOST_CALLS: i64 = 1_000;

/// Replaces what a deployment needs.
pub(crate) struct PutGateSettings;

impl Flow for PutGateSettings {
    type Who = EnvironmentAdmin;
    type Input = GateSettings;
    type Output = GateSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/gates"),
        "Replace what a deployment needs",
    )
    .about("Holds for deployments, canaries and promotions from now on: see the gate `backtest` of `POST …/deployments/plan`.")
    .fields(&[Field::optional(
        "backtest",
        FieldKind::Json(
            r#"{"type":["object","null"],"additionalProperties":false,"required":["calls"],"properties":{"calls":{"type":"integer","minimum":1,"maximum":1000},"mostChangedPercent":{"type":"number","minimum":0,"maximum":100}}}"#,
        ),
        "The backtest that a version needs before it takes the place of another: of exactly this version, on all recorded invocations of the hook, at least the newest `calls` of them, with at most `mostChangedPercent` percent decided otherwise, 0 if omitted. A hook without recorded invocations needs none. If omitted, no version needs one.",
    )])
    .example(r#"{"backtest":{"calls":200,"mostChangedPercent":5.0}}"#)
    .answers(200, "The stored settings.", GATES);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<GateSettings> {
        let is_wanted = fields.has("backtest");
        let backtest = fields.object("backtest", |fields| match is_wanted {
            false => Some(None),
            true => {
                let calls = fields.required("calls", calls)?;
                let most_changed_percent = fields.optional("mostChangedPercent", percent).unwrap_or_default();
                Some(Some(BacktestGate {
                    calls,
                    most_changed_percent,
                }))
            }
        });
        Some(GateSettings { backtest: backtest? })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, gates: GateSettings) -> Result<GateSettings> {
        let text = serde_json::to_string(&gates)
            .map_err(|error| Error::unexpected("writing an environment's gates", error))?;
        keep(app, caller, "gates", SettingName::Gates, Setting::Open(text)).await?;
        Ok(gates)
    }
}

fn calls(value: Value) -> Parsed<u32> {
    let calls = value.as_i64().filter(|calls| (1..=MOST_CALLS).contains(calls));
    let calls = calls.and_then(|calls| u32::try_from(calls).ok());
    calls.ok_or_else(|| format!("must be a whole number from 1 to {MOST_CALLS}"))
}

fn percent(value: Value) -> Parsed<f64> {
    let percent = value.as_f64().filter(|percent| (0.0..=100.0).contains(percent));
    percent.ok_or_else(|| "must be a number from 0 to 100".to_owned())
}
