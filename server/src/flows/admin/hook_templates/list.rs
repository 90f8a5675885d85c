//! `GET /admin/api/v1/hook-templates`

use aerocall_api_types::{HookTemplate, HookTemplateCase, HookTemplateList, Permission, TemplateMigration};

use super::{Template, catalogue};
use crate::{
    app::App,
    base::error::Result,
    flows::{
        admin::drafts::{settings_document, source_files},
        steps::endpoint::{AnyAdmin, Caller, Endpoint, Flow},
    },
};

/// Lists the templates of hooks.
pub(crate) struct ListHookTemplates;

impl Flow for ListHookTemplates {
    type Who = AnyAdmin;
    type Input = ();
    type Output = HookTemplateList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/hook-templates", "List templates of hooks")
        .about("What a new hook can begin as (`template` of `POST …/hooks`, which creates the draft with these files and settings, and the test cases). A template with `migrations` needs them in the deployment that makes the hook live. The same for every project.")
        .answers(
            200,
            "The templates, in the order in which they are offered.",
            r#"{"templates": [{"name": "before-signup", "title": "Before a sign-up", "description": "The smallest hook that decides something: it refuses one domain.", "points": ["beforeSignup"], "files": [{"path": "hooks/before-signup.ts", "text": "export const beforeSignup = async () => {};\n"}], "settings": {"entry": null, "capabilities": null, "limits": {}, "schedules": {}}, "migrations": [], "cases": [{"name": "free-mail", "document": {"hook": "beforeSignup", "payload": {}, "expect": {}}}]}]}"#,
        );

    async fn run(_: &App, _: &Caller<AnyAdmin>, (): ()) -> Result<HookTemplateList> {
        let templates = catalogue::ALL.iter().map(document);
        Ok(HookTemplateList {
            templates: templates.collect::<Result<_>>()?,
        })
    }
}

fn document(template: &Template) -> Result<HookTemplate> {
    let cases = template.cases()?.into_iter().map(|case| HookTemplateCase {
        name: case.name,
        document: case.document,
    });
    let migrations = template.migrations.iter().map(|(name, sql)| TemplateMigration {
        name: (*name).to_owned(),
        sql: (*sql).to_owned(),
    });
    Ok(HookTemplate {
        name: template.name.to_owned(),
        title: template.title.to_owned(),
        description: template.description.to_owned(),
        points: template.points()?,
        files: source_files(template.files(template.name)),
        settings: settings_document(&template.settings()?)?,
        migrations: migrations.collect(),
        cases: cases.collect(),
    })
}
