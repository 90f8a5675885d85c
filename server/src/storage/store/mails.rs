//! Mails: kept by the transaction of the flow that wants them sent, claimed by a worker, marked with what became of them.
//!
//! A claim moves `run_at_ms` to the end of the lease: nobody else sees the mail until then, and only the worker whose
//! lease still stands may mark it.

use diesel::{EscapeExpressionMethods as _, IntoSql as _, TextExpressionMethods as _, dsl::min, sql_types::Bool};

use super::{AFTER_ALL_IDS, StoreError, Tx, access, query::prelude::*, schema::mails, user_list::beginning};
use crate::base::{ids::Scope, request};

/// A mail to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewMail {
    pub(crate) id: String,
    /// One address.
    pub(crate) recipient: String,
    /// The template it was made from.
    pub(crate) template: Option<String>,
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) created_ms: i64,
}

/// No lease and no wait before another attempt is longer. A mail that is due later was claimed, or kept, by a worker whose clock
/// ran ahead: it is due.
const LONGEST_WAIT_MS: i64 = 2 * 3_600_000;

/// A kept mail.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub(crate) struct MailRow {
    pub(crate) id: String,
    pub(crate) recipient: String,
    pub(crate) template: Option<String>,
    pub(crate) subject: String,
    pub(crate) body_text: Option<String>,
    pub(crate) body_html: Option<String>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) run_at_ms: i64,
    pub(crate) error: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) finished_ms: Option<i64>,
}

/// Which mails a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailFilter {
    pub(crate) state: Option<String>,
    /// How the recipient begins.
    pub(crate) to: Option<String>,
    pub(crate) template: Option<String>,
    /// Only those made before this one.
    pub(crate) before: Option<String>,
}

/// What became of a claimed mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MailFate {
    Sent,
    Captured,
    /// Tried again at the given time.
    Waiting {
        run_at_ms: i64,
        error: String,
    },
    Failed {
        error: String,
    },
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_due(now_ms: i64) -> _ {
    let latest_ms: i64 = now_ms + LONGEST_WAIT_MS;
    mails::run_at_ms.le(now_ms).or(mails::run_at_ms.gt(latest_ms))
}

impl Tx<'_> {
    /// Keeps a mail that a worker will send once this transaction is committed.
    pub(crate) fn insert_mail(&mut self, scope: &Scope, mail: &NewMail) -> Result<(), StoreError> {
        diesel::insert_into(mails::table)
            .values((
                mails::id.eq(&mail.id),
                mails::project_id.eq(scope.project.as_str()),
                mails::environment.eq(scope.environment.as_str()),
                mails::recipient.eq(&mail.recipient),
                mails::template.eq(&mail.template),
                mails::subject.eq(&mail.subject),
                (mails::body_text.eq(&mail.text), mails::body_html.eq(&mail.html)),
                mails::state.eq("waiting"),
                mails::attempts.eq(0),
                mails::run_at_ms.eq(mail.created_ms),
                mails::created_ms.eq(mail.created_ms),
                mails::request_id.eq(request::current()),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The last mails of the scope, newest first.
    pub(crate) fn mails(&mut self, scope: &Scope, filter: &MailFilter, most: i64) -> Result<Vec<MailRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let text = |wanted: &Option<String>| wanted.clone().unwrap_or_default();
        Ok(mails::table
            .filter(mails::project_id.eq(scope.project.as_str()))
            .filter(mails::environment.eq(scope.environment.as_str()))
            .filter(any(filter.state.is_none()).or(mails::state.eq(text(&filter.state))))
            .filter(any(filter.to.is_none()).or(mails::recipient.like(beginning(&text(&filter.to))).escape('\\')))
            .filter(
                any(filter.template.is_none()).or(mails::template
                    .is_not_null()
                    .and(mails::template.assume_not_null().eq(text(&filter.template)))),
            )
            .filter(mails::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(mails::id.desc())
            .limit(most)
            .select(MailRow::columns())
            .load(self)?)
    }

    pub(crate) fn mail(&mut self, scope: &Scope, id: &str) -> Result<Option<MailRow>, StoreError> {
        Ok(mails::table
            .filter(mails::project_id.eq(scope.project.as_str()))
            .filter(mails::environment.eq(scope.environment.as_str()))
            .filter(mails::id.eq(id))
            .select(MailRow::columns())
            .first(self)
            .optional()?)
    }

    /// The scopes that have mails to send, those that wait longest first.
    pub(crate) fn scopes_with_mail(&mut self, now_ms: i64, most: i64) -> Result<Vec<Scope>, StoreError> {
        let rows: Vec<(String, String)> = mails::table
            .filter(mails::state.eq("waiting"))
            .filter(is_due(now_ms))
            .group_by((mails::project_id, mails::environment))
            .order(min(mails::run_at_ms))
            .limit(most)
            .select((mails::project_id, mails::environment))
            .load(self)?;
        let scopes = rows
            .iter()
            .map(|(project, environment)| access::scope(project, environment));
        scopes
            .collect::<Option<_>>()
            .ok_or(StoreError::Inconsistent("a mail is of a scope that cannot be"))
    }

    /// Takes the mails of the scope that are due, for this worker alone until the lease ends. A claim counts as an
    /// attempt: a mail that takes its worker down with it comes to an end, too.
    pub(crate) fn claim_mails(
        &mut self,
        scope: &Scope,
        now_ms: i64,
        lease_until_ms: i64,
        most: i64,
    ) -> Result<Vec<MailRow>, StoreError> {
        let mut claimed: Vec<MailRow> = mails::table
            .filter(mails::project_id.eq(scope.project.as_str()))
            .filter(mails::environment.eq(scope.environment.as_str()))
            .filter(mails::state.eq("waiting"))
            .filter(is_due(now_ms))
            .order((mails::run_at_ms, mails::id))
            .limit(most)
            .select(MailRow::columns())
            .lock_free()
            .load(self)?;
        for mail in &mut claimed {
            (mail.run_at_ms, mail.attempts) = (lease_until_ms, mail.attempts + 1);
        }
        let ids: Vec<&str> = claimed.iter().map(|mail| mail.id.as_str()).collect();
        diesel::update(mails::table.filter(mails::id.eq_any(ids)))
            .set((
                mails::run_at_ms.eq(lease_until_ms),
                mails::attempts.eq(mails::attempts + 1),
            ))
            .execute(self)?;
        Ok(claimed)
    }

    /// Keeps what became of a mail, and its subject as it is to be kept; false if the lease under which it was sent is over.
    /// The text of one that has left, or never will, is forgotten: links and codes in it are for who got it. A captured one
    /// has left for nobody, and is there to be read.
    pub(crate) fn mark_mail(&mut self, mail: &MailRow, fate: &MailFate, now_ms: i64) -> Result<bool, StoreError> {
        let (state, run_at_ms, error, finished_ms) = match fate {
            MailFate::Sent => ("sent", mail.run_at_ms, None, Some(now_ms)),
            MailFate::Captured => ("captured", mail.run_at_ms, None, Some(now_ms)),
            MailFate::Waiting { run_at_ms, error } => ("waiting", *run_at_ms, Some(error), None),
            MailFate::Failed { error } => ("failed", mail.run_at_ms, Some(error), Some(now_ms)),
        };
        let claimed = mails::table
            .filter(mails::id.eq(&mail.id))
            .filter(mails::state.eq("waiting"))
            .filter(mails::run_at_ms.eq(mail.run_at_ms));
        let forgotten = matches!(fate, MailFate::Sent | MailFate::Failed { .. });
        let marked = diesel::update(claimed)
            .set((
                mails::subject.eq(&mail.subject),
                forgotten.then(|| (mails::body_text.eq(None::<String>), mails::body_html.eq(None::<String>))),
                mails::state.eq(state),
                mails::run_at_ms.eq(run_at_ms),
                mails::error.eq(error),
                mails::finished_ms.eq(finished_ms),
            ))
            .execute(self)?;
        Ok(marked > 0)
    }

    /// Deletes mails that ended before then, at most so many.
    pub(crate) fn delete_old_mails(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = mails::table
            .filter(mails::state.ne("waiting"))
            .filter(mails::finished_ms.lt(before_ms));
        let ids: Vec<String> = old.select(mails::id).limit(max_rows).lock_free().load(self)?;
        Ok(diesel::delete(mails::table.filter(mails::id.eq_any(ids))).execute(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::ids::{Kind, new_id},
        testing::World,
    };

    fn new(scope: &Scope) -> NewMail {
        NewMail {
            id: new_id(Kind::Mail),
            recipient: format!("x@{}.example", scope.project),
            template: None,
            subject: "s".to_owned(),
            text: Some("t".to_owned()),
            html: None,
            created_ms: 1,
        }
    }

    #[tokio::test]
    async fn pages_follow_each_other_and_projects_do_not_mix() {
        let world = World::new().await;
        let (scope, other) = (world.scope.clone(), world.other.clone());
        let written = world.store.write(move |tx| {
            let mails: Vec<NewMail> = (0..5).map(|_| new(&scope)).collect();
            for mail in &mails {
                tx.insert_mail(&scope, mail)?;
            }
            let foreign = new(&other);
            tx.insert_mail(&other, &foreign)?;
            assert!(tx.mail(&scope, &foreign.id)?.is_none());
            let page = |rows: Vec<MailRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
            let first = page(tx.mails(&scope, &MailFilter::default(), 3)?);
            let after = MailFilter {
                before: first.last().cloned(),
                ..MailFilter::default()
            };
            let second = page(tx.mails(&scope, &after, 3)?);
            Ok((mails, first, second))
        });
        let (mails, first, second) = written.await.unwrap();
        let newest_first: Vec<String> = mails.into_iter().rev().map(|mail| mail.id).collect();
        assert_eq!([first, second].concat(), newest_first);
    }

    #[tokio::test]
    async fn a_mail_is_kept_with_its_transaction_or_not_at_all() {
        let world = World::new().await;
        let scope = world.scope.clone();
        let failed: Result<(), StoreError> = world
            .store
            .write(move |tx| {
                tx.insert_mail(&scope, &new(&scope))?;
                Err(StoreError::EmailTaken)
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(world.store.read(|tx| tx.scopes_with_mail(10, 10)).await.unwrap(), []);
    }
}
