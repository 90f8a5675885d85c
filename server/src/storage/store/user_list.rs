//! The users of a scope as admins look for them.

use diesel::{
    EscapeExpressionMethods as _, IntoSql as _, TextExpressionMethods as _, define_sql_function,
    sql_types::{Bool, Nullable, Text},
};

use super::{AFTER_ALL_IDS, StoreError, Tx, UserRow, query::prelude::*, schema::users};
use crate::base::ids::{Kind, Scope, first_id};

define_sql_function! {
    /// In small letters; SQLite does it for ASCII.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserFilter {
    pub(crate) sought: Sought,
    /// Whether they are banned at a time.
    pub(crate) banned: Option<(bool, i64)>,
    /// How they signed up.
    pub(crate) provider: Option<String>,
    /// Whether their address is verified.
    pub(crate) verified: Option<bool>,
    /// Only those made at this time or later.
    pub(crate) from_ms: Option<i64>,
    /// Only those made before this time.
    pub(crate) to_ms: Option<i64>,
    /// Only those made before this one.
    pub(crate) before: Option<String>,
}

/// What somebody looks for. Ids, addresses and numbers are found by an index, names are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sought {
    #[default]
    Everybody,
    Id(String),
    /// How the address begins, whatever the case of the letters.
    Email(String),
    /// How the number begins.
    Phone(String),
    /// How the address or the name begins, whatever the case of the letters.
    EmailOrName(String),
}

/// Clocks differ by less.
const DAY_MS: i64 = 86_400_000;

/// Where the ids of about this time begin: the index of the list has no other time.
fn first_of(at_ms: Option<i64>, by_ms: i64) -> Option<String> {
    Some(first_id(Kind::User, at_ms?.saturating_add(by_ms)))
}

/// The users that a filter leaves of a scope, whatever is sought.
macro_rules! filtered {
    ($scope:expr, $filter:expr, $most:expr) => {{
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (banned, at_ms) = $filter.banned.unwrap_or_default();
        let is_out = users::banned_until_ms
            .is_not_null()
            .and(users::banned_until_ms.assume_not_null().gt(at_ms));
        let is_in = users::banned_until_ms
            .is_null()
            .or(users::banned_until_ms.assume_not_null().le(at_ms));
        let verified = $filter.verified;
        users::table
            .filter(users::project_id.eq($scope.project.as_str()))
            .filter(users::environment.eq($scope.environment.as_str()))
            .filter(
                any($filter.banned.is_none())
                    .or(any(banned).and(is_out))
                    .or(any(!banned).and(is_in)),
            )
            .filter(
                any(verified.is_none())
                    .or(any(verified == Some(true)).and(users::email_verified_ms.is_not_null()))
                    .or(any(verified == Some(false)).and(users::email_verified_ms.is_null())),
            )
            .filter(
                any($filter.provider.is_none()).or(users::provider.eq($filter.provider.as_deref().unwrap_or_default())),
            )
            .filter(users::id.ge(first_of($filter.from_ms, -DAY_MS).unwrap_or_default()))
            .filter(users::id.lt(first_of($filter.to_ms, DAY_MS).unwrap_or_else(|| AFTER_ALL_IDS.to_owned())))
            .filter(users::created_ms.ge($filter.from_ms.unwrap_or(i64::MIN)))
            .filter(users::created_ms.lt($filter.to_ms.unwrap_or(i64::MAX)))
            .filter(users::id.lt($filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(users::id.desc())
            .limit($most)
            .select(UserRow::columns())
    }};
}

impl Tx<'_> {
    /// Newest first.
    pub(crate) fn users(&mut self, scope: &Scope, filter: &UserFilter, most: i64) -> Result<Vec<UserRow>, StoreError> {
        let begins = |text: &str| beginning(&text.to_lowercase());
        Ok(match &filter.sought {
            Sought::Everybody => filtered!(scope, filter, most).load(self)?,
            Sought::Id(id) => filtered!(scope, filter, most).filter(users::id.eq(id)).load(self)?,
            Sought::Email(email) => filtered!(scope, filter, most)
                .filter(users::email_normal.like(begins(email)).escape('\\'))
                .load(self)?,
            Sought::Phone(phone) => filtered!(scope, filter, most)
                .filter(users::phone.is_not_null())
                .filter(users::phone.assume_not_null().like(beginning(phone)).escape('\\'))
                .load(self)?,
            Sought::EmailOrName(text) => {
                // SQLite knows no capitals beyond ASCII: what is typed as it is kept is found all the same.
                let (begins, typed) = (begins(text), beginning(text));
                let by_name = users::name.is_not_null().and(
                    users::name
                        .assume_not_null()
                        .like(typed)
                        .escape('\\')
                        .or(lower(users::name).assume_not_null().like(begins.clone()).escape('\\')),
                );
                filtered!(scope, filter, most)
                    .filter(users::email_normal.like(begins).escape('\\').or(by_name))
                    .load(self)?
            }
        })
    }
}

/// For LIKE: what begins with the text, whose own signs mean themselves.
pub(super) fn beginning(text: &str) -> String {
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
