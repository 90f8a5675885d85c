//! Templates of mails, as their project wrote them.

use super::{StoreError, Tx, query::prelude::*, schema::mail_templates};
use crate::base::ids::Scope;

/// A template, kept or to keep.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = mail_templates)]
pub(crate) struct MailTemplateRow {
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) body_text: Option<String>,
    pub(crate) body_html: Option<String>,
    pub(crate) updated_ms: i64,
}

impl Tx<'_> {
    /// Replaces the template; false if there is none of that name.
    pub(crate) fn update_mail_template(&mut self, scope: &Scope, row: &MailTemplateRow) -> Result<bool, StoreError> {
        let named = mail_templates::table
            .filter(mail_templates::project_id.eq(scope.project.as_str()))
            .filter(mail_templates::environment.eq(scope.environment.as_str()))
            .filter(mail_templates::name.eq(&row.name));
        let changed = diesel::update(named)
            .set((
                mail_templates::subject.eq(&row.subject),
                mail_templates::body_text.eq(&row.body_text),
                mail_templates::body_html.eq(&row.body_html),
                mail_templates::updated_ms.eq(row.updated_ms),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    pub(crate) fn insert_mail_template(&mut self, scope: &Scope, row: &MailTemplateRow) -> Result<(), StoreError> {
        diesel::insert_into(mail_templates::table)
            .values((
                mail_templates::project_id.eq(scope.project.as_str()),
                mail_templates::environment.eq(scope.environment.as_str()),
                mail_templates::name.eq(&row.name),
                mail_templates::subject.eq(&row.subject),
                mail_templates::body_text.eq(&row.body_text),
                mail_templates::body_html.eq(&row.body_html),
                mail_templates::updated_ms.eq(row.updated_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The templates of the scope, by name.
    pub(crate) fn mail_templates(&mut self, scope: &Scope) -> Result<Vec<MailTemplateRow>, StoreError> {
        Ok(mail_templates::table
            .filter(mail_templates::project_id.eq(scope.project.as_str()))
            .filter(mail_templates::environment.eq(scope.environment.as_str()))
            .order(mail_templates::name)
            .select(MailTemplateRow::columns())
            .load(self)?)
    }

    pub(crate) fn mail_template(&mut self, scope: &Scope, name: &str) -> Result<Option<MailTemplateRow>, StoreError> {
        Ok(mail_templates::table
            .filter(mail_templates::project_id.eq(scope.project.as_str()))
            .filter(mail_templates::environment.eq(scope.environment.as_str()))
            .filter(mail_templates::name.eq(name))
            .select(MailTemplateRow::columns())
            .first(self)
            .optional()?)
    }

    /// Whether there was one.
    pub(crate) fn delete_mail_template(&mut self, scope: &Scope, name: &str) -> Result<bool, StoreError> {
        let named = mail_templates::table
            .filter(mail_templates::project_id.eq(scope.project.as_str()))
            .filter(mail_templates::environment.eq(scope.environment.as_str()))
            .filter(mail_templates::name.eq(name));
        Ok(diesel::delete(named).execute(self)? > 0)
    }
}
