//! What is asked of the assistant.

use aerocall_api_types::AssistantTask;
use aerocall_contract as contract;
use serde_json::Value;

use crate::{
    base::{
        ids::{HookName, Slug},
        input::{Fields, Parsed, Toggle, source_path, text, whole},
    },
    flows::{
        admin::{
            drafts::{ABOUT_FILES, ABOUT_SETTINGS, Content, FILES, SETTINGS, revision},
            hook_tests::MIGRATIONS,
            migrations,
        },
        steps::endpoint::{Field, FieldKind},
    },
    outbound::models::{Speaker, Turn},
    storage::tenant::Migration,
};

/// Messages of one question.
const MAX_MESSAGES: usize = 20;
/// Bytes of all messages.
const MAX_MESSAGE_BYTES: usize = 64 << 10;
/// The last line of a file that can be selected.
const MAX_LINE: i64 = 1_000_000;

/// A question.
pub(crate) struct Input {
    pub(super) task: AssistantTask,
    pub(super) environment: Option<Slug>,
    pub(super) about: About,
    pub(super) point: Option<String>,
    pub(super) messages: Vec<Turn>,
    pub(super) selection: Option<Selection>,
    pub(super) attach: Attach,
    pub(super) migrations: Vec<Migration>,
}

/// What the question is about.
pub(super) enum About {
    /// The draft, at this revision if one is named.
    Draft(Option<i64>),
    /// Files that nobody has saved.
    Files(Box<Content>),
}

/// Lines of a file.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub(super) file: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What is sent besides.
#[derive(Clone, Debug, Default)]
pub(super) struct Attach {
    pub(super) diagnostics: bool,
    pub(super) case: Option<String>,
    pub(super) invocation: Option<String>,
}

const MESSAGES: &str = r#"{"type":"array","minItems":1,"maxItems":20,"items":{"type":"object","additionalProperties":false,"required":["role","text"],"properties":{"role":{"type":"string","enum":["user","assistant"]},"text":{"type":"string","minLength":1}}}}"#;
const SELECTION: &str = r#"{"type":"object","additionalProperties":false,"required":["file","startLine","endLine"],"properties":{"file":{"type":"string","maxLength":200},"startLine":{"type":"integer","minimum":1},"endLine":{"type":"integer","minimum":1}}}"#;
const ATTACH: &str = r#"{"type":"object","additionalProperties":false,"properties":{"diagnostics":{"type":"boolean"},"case":{"type":["string","null"]},"invocation":{"type":["string","null"]}}}"#;

pub(super) const FIELDS: &[Field] = &[
    Field::required(
        "task",
        FieldKind::OneOf(&["change", "explain", "cases"]),
        "`change`: write or change the hook. `explain`: the selection, the hook, the diagnostics or the invocation. `cases`: propose test cases.",
    ),
    Field::optional(
        "environment",
        FieldKind::Text(63),
        "The environment whose limits apply to the runs of test cases, and that the invocation is of; the first one if omitted.",
    ),
    Field::optional(
        "revision",
        FieldKind::Number(1, i64::MAX),
        "Revision of the draft that the question is about; the draft as it is if omitted.",
    ),
    Field::optional("files", FieldKind::Json(FILES), ABOUT_FILES),
    Field::optional("settings", FieldKind::Json(SETTINGS), ABOUT_SETTINGS),
    Field::optional(
        "point",
        FieldKind::Text(200),
        "The hook point or event that the hook is for: its payload and samples are sent along.",
    ),
    Field::required(
        "messages",
        FieldKind::Json(MESSAGES),
        "What was said so far, oldest first; the last one is by the person (`user`). At most 20, and 65,536 bytes.",
    ),
    Field::optional(
        "selection",
        FieldKind::Json(SELECTION),
        "Lines that the person has selected.",
    ),
    Field::optional(
        "attach",
        FieldKind::Json(ATTACH),
        "What is sent along: the diagnostics of the files, a test case of the hook by its name, an invocation by its id. Cases and invocations are sent without addresses, names and what is called like a secret. An invocation needs `data:read`, too.",
    ),
    MIGRATIONS,
];

impl Input {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let task = fields.required("task", |value| match value.as_str() {
            Some("change") => Ok(AssistantTask::Change),
            Some("explain") => Ok(AssistantTask::Explain),
            Some("cases") => Ok(AssistantTask::Cases),
            _ => Err("must be change, explain or cases".to_owned()),
        });
        let environment = fields.optional("environment", |value| Slug::parse(&text(value)?));
        let about = about(fields);
        let point = fields.optional("point", point);
        let messages = messages(fields);
        let selection = match fields.has("selection") {
            true => fields.object("selection", selection),
            false => None,
        };
        let attach = fields.object("attach", |attach| Attach {
            diagnostics: attach.optional("diagnostics", Toggle::parse).is_some_and(Toggle::is_on),
            case: attach.optional("case", |value| {
                HookName::parse(&text(value)?).map(|name| name.to_string())
            }),
            invocation: attach.optional("invocation", text),
        });
        let migrations = migrations::read(fields);
        Some(Self {
            task: task?,
            environment,
            about: about?,
            point,
            messages: messages?,
            selection,
            attach,
            migrations: migrations?,
        })
    }
}

fn about(fields: &mut Fields) -> Option<About> {
    let revision = fields.optional("revision", |value| revision(&value));
    match (revision, fields.has("files")) {
        (revision, false) => {
            if fields.has("settings") {
                fields.problem("settings", "is of files that are sent; the draft has its own");
            }
            Some(About::Draft(revision))
        }
        (None, true) => Content::read(fields).map(|content| About::Files(Box::new(content))),
        (Some(_), true) => {
            // Read, so that the one problem is that there are both.
            drop(Content::read(fields));
            fields.problem("revision", "at most one of revision and files is allowed");
            None
        }
    }
}

fn point(value: Value) -> Parsed<String> {
    let point = text(value)?;
    match contract::Input::named(&point) {
        Some(_) => Ok(point),
        None => Err("must be a hook point, an event, or `queue.<name>` or `cron.<name>`".to_owned()),
    }
}

fn messages(fields: &mut Fields) -> Option<Vec<Turn>> {
    let turns = fields.list("messages", MAX_MESSAGES, |message| {
        let speaker = message.required("role", |value| match value.as_str() {
            Some("user") => Ok(Speaker::Person),
            Some("assistant") => Ok(Speaker::Model),
            _ => Err("must be user or assistant".to_owned()),
        });
        let said = message.required("text", |value| match text(value)? {
            said if said.trim().is_empty() => Err("must not be empty".to_owned()),
            said => Ok(said),
        });
        speaker.zip(said).map(|(speaker, text)| Turn { speaker, text })
    })?;
    let bytes: usize = turns.iter().map(|turn| turn.text.len()).sum();
    if bytes > MAX_MESSAGE_BYTES {
        fields.problem("messages", format!("has {bytes} bytes, more than {MAX_MESSAGE_BYTES}"));
    }
    if turns.last().is_none_or(|turn| turn.speaker != Speaker::Person) {
        fields.problem("messages", "must end with what the person says (role user)");
    }
    Some(turns)
}

fn selection(fields: &mut Fields) -> Option<Selection> {
    let file = fields.required("file", |value| source_path(text(value)?));
    let start = fields.required("startLine", whole(1, MAX_LINE));
    let end = fields.required("endLine", whole(1, MAX_LINE));
    let (file, (start, end)) = file.zip(start.zip(end))?;
    if end < start {
        fields.problem("endLine", "must not be before startLine");
    }
    let line = |number: i64| usize::try_from(number).unwrap_or(1);
    Some(Selection {
        file,
        start: line(start),
        end: line(end),
    })
}
