//! The users of a scope as admins look for them.

use diesel::{
    EscapeExpressionMethods as _, IntoSql as _, TextExpressionMethods as _, define_sql_function,
    sql_types::{Bool, Nullable, Text},
};

use super::{AFTER_ALL_IDS, StoreError, Tx, UserRow, query::prelude::*, schema::users};
use crate::base::ids::Scope;

define_sql_function! {
    /// In small letters; SQLite does it for ASCII.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserFilter {
    /// How the email or the name begins, whatever the case of the letters.
    pub(crate) begins: Option<String>,
    /// Only those made before this one.
    pub(crate) before: Option<String>,
}

impl Tx<'_> {
    /// Newest first.
    pub(crate) fn users(&mut self, scope: &Scope, filter: &UserFilter, most: i64) -> Result<Vec<UserRow>, StoreError> {
        let every = filter.begins.is_none().into_sql::<Bool>();
        let begins = filter.begins.as_deref().unwrap_or_default();
        // SQLite knows no capitals beyond ASCII: what is typed as it is kept is found all the same.
        let (begins, typed) = (pattern(&begins.to_lowercase()), pattern(begins));
        Ok(users::table
            .filter(users::project_id.eq(scope.project.as_str()))
            .filter(users::environment.eq(scope.environment.as_str()))
            .filter(
                every
                    .or(users::email_normal.like(begins.as_str()).escape('\\'))
                    .or(users::name
                        .is_not_null()
                        .and(users::name.assume_not_null().like(typed.as_str()).escape('\\')))
                    .or(users::name
                        .is_not_null()
                        .and(lower(users::name).assume_not_null().like(begins.as_str()).escape('\\'))),
            )
            .filter(users::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(users::id.desc())
            .limit(most)
            .select(UserRow::columns())
            .load(self)?)
    }
}

/// For LIKE: what begins with the text, whose own signs mean themselves.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
