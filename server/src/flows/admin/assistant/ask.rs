//! `POST …/hooks/{hook}/assistant`

use aerocall_api_types::{AssistantTask, Permission};
use aerocall_contract::errors;
use aerocall_runtime::entry_of;
use serde_json::{Value, json};

use super::{
    context::{self, Known},
    events::{AssistantStream, events},
    input::{self, About, Input},
    verify::Base,
    work::Work,
};
use crate::{
    app::App,
    assistant::{Asker, May, Purpose, Written},
    base::{
        crypto::secret,
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Scope, Slug, new_id},
        input::Fields,
        stored,
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::{
            drafts::{self, at_revision, find},
            hooks::hook_name,
        },
        steps::{
            audited::Audited,
            endpoint::{BodyLimit, Caller, Endpoint, Flow, Method, ProjectAdmin},
        },
    },
    hooks::local,
    outbound::models::Speaker,
    security::access,
};

/// Characters of what the person said that are kept in the audit log.
const MAX_AUDITED_CHARS: usize = 4_000;

/// Asks the assistant about a hook.
pub(crate) struct AskAssistant;

impl Flow for AskAssistant {
    type Who = ProjectAdmin;
    type Input = Input;
    type Output = AssistantStream;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/hooks/{hook}/assistant",
        "Ask the assistant about a hook",
    )
    .about("Server-Sent Events, each with JSON in `data`: `started` (what is sent to the model, by part), then for each round `round`, `text` (pieces of the answer) and `verified` (whether the files can be built, and what came of the test cases), then `proposal` if there are files or test cases, and `done` or `failed` as the last one. A round that is not good enough goes back to the model with its problems, up to `limits.rounds` of the settings. Nothing is changed: a proposal becomes part of the draft when a person applies it. Who ends the request ends the work. Each question is in the audit log.")
    .fields(input::FIELDS)
    .example(r#"{"task":"change","point":"beforeSignup","messages":[{"role":"user","text":"reject free e-mail providers"}]}"#)
    .answers(200, "The stream.", "id: prp_…\nevent: started\ndata: {…}")
    .errors(&[
        errors::ASSISTANT_OFF,
        errors::ASSISTANT_LIMIT,
        errors::SECRET_IN_PROMPT,
        errors::DRAFT_CONFLICT,
        errors::COMPILE_LIMIT,
        errors::TOO_LARGE,
    ]);

    const BODY: BodyLimit = BodyLimit::Bundle;

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        Input::read(fields)
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, input: Input) -> Result<AssistantStream> {
        let hook = hook_name(caller.part("hook")?)?;
        let assistant = app.assistants.of(&caller.scope).await?;
        let scope = scope(app, caller, input.environment.as_ref()).await?;
        let mut base = base(app, caller, &hook, &input.about).await?;
        let entry = entry(&hook, &base);
        let diagnostics = match input.task == AssistantTask::Explain && !input.attach.diagnostics {
            true => None,
            false => {
                let output = base.build(app, &scope, &hook).await?;
                base.may = May::of(&output);
                Some(
                    output
                        .diagnostics
                        .into_iter()
                        .map(drafts::diagnostic)
                        .collect::<Vec<_>>(),
                )
            }
        };
        let known = Known {
            hook: &hook,
            files: &base.content.files,
            entry: &entry,
            diagnostics: diagnostics.as_deref(),
        };
        let prompt = context::prompt(app, caller, &scope, &input, &known).await?;
        let asker = app.assistants.asker(&caller.scope, assistant).await?;
        asker.check(&prompt)?;
        let purpose = match input.task {
            AssistantTask::Change => Purpose::Change,
            AssistantTask::Explain => Purpose::Explain,
            AssistantTask::Cases => Purpose::Cases,
        };
        let written = prompt.write(purpose, hook.as_str(), &entry)?;
        let id = new_id(Kind::Proposal);
        audit(app, caller, &hook, &id, &input, &written, &asker).await?;
        let (to, stream) = events(&id);
        let work = Work {
            app: app
                .shared()
                .ok_or_else(|| Error::unexpected("asking the assistant", "the server is gone"))?,
            scope,
            hook,
            id,
            actor: caller.actor(),
            asker,
            input,
            base,
            entry,
            hidden: prompt.hidden().to_vec(),
            written,
            events: to,
        };
        work.begin();
        Ok(stream)
    }
}

/// The environment that is named, or the first one that the caller may see.
async fn scope(app: &App, caller: &Caller<ProjectAdmin>, named: Option<&Slug>) -> Result<Scope> {
    let (project, admin) = (caller.scope.as_str(), &caller.who.admin);
    if let Some(environment) = named {
        let found = admin.scope(&app.store, project, environment.as_str()).await;
        return found.map_err(|_| Refusal::invalid_field("environment", "is no environment of the project").into());
    }
    for environment in access::environments(&app.store, &caller.scope).await? {
        if let Ok(scope) = admin.scope(&app.store, project, &environment).await {
            return Ok(scope);
        }
    }
    Err(Refusal::not_found().into())
}

/// The files that the question is about.
async fn base(app: &App, caller: &Caller<ProjectAdmin>, hook: &HookName, about: &About) -> Result<Base> {
    match about {
        About::Draft(Some(revision)) => Base::of_draft(&at_revision(app, &caller.scope, hook, *revision).await?),
        About::Draft(None) => {
            let draft = find(app, &caller.scope, hook).await?;
            Base::of_draft(&draft.ok_or_else(Refusal::not_found)?)
        }
        About::Files(content) => Ok(Base {
            content: (**content).clone(),
            packages: match find(app, &caller.scope, hook).await? {
                Some(draft) => stored::json(&draft.packages)?,
                None => Vec::new(),
            },
            revision: None,
            may: None,
        }),
    }
}

/// The file that the hook is, or will be.
fn entry(hook: &HookName, base: &Base) -> String {
    let named = base.content.settings.entry.clone();
    let paths = base.content.files.iter().map(|file| file.0.as_str());
    let found = || entry_of(hook.as_str(), paths).map(str::to_owned);
    named.or_else(found).unwrap_or_else(|| format!("hooks/{hook}.ts"))
}

/// Writes down what is sent: what the person said without addresses and names, and of every part how long it is and what it was.
async fn audit(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    hook: &HookName,
    id: &str,
    input: &Input,
    written: &Written,
    asker: &Asker,
) -> Result<()> {
    let said: Vec<&str> = input
        .messages
        .iter()
        .filter(|turn| turn.speaker == Speaker::Person)
        .map(|turn| turn.text.as_str())
        .collect();
    let said = Value::from(said.last().copied().unwrap_or_default());
    let said = local::without_people(&said);
    let said: String = said
        .as_str()
        .unwrap_or_default()
        .chars()
        .take(MAX_AUDITED_CHARS)
        .collect();
    let whole: Vec<&str> = written.turns.iter().map(|turn| turn.text.as_str()).collect();
    let about = json!({
        "id": id,
        "task": input.task,
        "provider": asker.assistant.server.provider,
        "model": asker.assistant.server.model,
        "message": said,
        "parts": written.parts,
        "digest": format!("sha256:{}", secret::fingerprint(&whole.concat())),
        "case": input.attach.case,
        "invocation": input.attach.invocation,
    });
    let entry = AuditEntry::new(Action::AssistantAsked, hook.as_str()).with(about);
    caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await
}
