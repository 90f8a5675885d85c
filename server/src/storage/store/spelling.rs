//! Addresses that earlier versions kept in another spelling: their domains as they were typed. Each becomes the one that is
//! kept today, so that every spelling finds its account.

use diesel::{
    QueryableByName,
    result::{DatabaseErrorKind, Error as DatabaseError},
    sql_types::{BigInt, Text},
};

use super::{Store, StoreError, Tx, pool::Connection, query::prelude::*, schema::users};
use crate::base::input::Email;

/// Accounts that one transaction looks at.
const BATCH: i64 = 200;

/// The conditions are those of the index `users_other_spelling`.
const ON_SQLITE: &str = "SELECT id, project_id, environment, email FROM users \
    WHERE substr(email, instr(email, '@') + 1) GLOB '*[^a-z0-9.-]*' AND id > ? ORDER BY id LIMIT ?";
const ON_POSTGRES: &str = "SELECT id, project_id, environment, email FROM users \
    WHERE split_part(email, '@', 2) COLLATE \"C\" !~ '^[a-z0-9.-]*$' AND id > $1 ORDER BY id LIMIT $2";

/// An account with such an address.
#[derive(QueryableByName)]
struct Spelled {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    project_id: String,
    #[diesel(sql_type = Text)]
    environment: String,
    #[diesel(sql_type = Text)]
    email: String,
}

impl Store {
    /// Rewrites them. An account stays as it is if another one of its environment has the address already: it is found by
    /// its own spelling, and the log names it at every start. So does one whose address is none today.
    pub(super) async fn respell(&self) -> Result<(), StoreError> {
        let mut last = String::new();
        loop {
            let after = last.clone();
            let batch = self.read(move |tx| tx.spelled_otherwise(&after)).await?;
            let Some(end) = batch.last() else { return Ok(()) };
            last.clone_from(&end.id);
            let respell = self.write_again(move |tx| batch.iter().try_for_each(|account| tx.respell(account)));
            respell.await?;
        }
    }
}

impl Tx<'_> {
    fn spelled_otherwise(&mut self, after: &str) -> Result<Vec<Spelled>, StoreError> {
        let query = match &self.connection {
            Connection::Sqlite(_) => ON_SQLITE,
            Connection::Postgres(_) => ON_POSTGRES,
        };
        let query = diesel::sql_query(query).bind::<Text, _>(after).bind::<BigInt, _>(BATCH);
        Ok(query.load(self)?)
    }

    fn respell(&mut self, account: &Spelled) -> Result<(), StoreError> {
        let email = Email::stored(&account.email);
        let of_scope = users::table
            .filter(users::project_id.eq(&account.project_id))
            .filter(users::environment.eq(&account.environment));
        let other = of_scope
            .filter(users::email_normal.eq(email.normal()))
            .filter(users::id.ne(&account.id))
            .select(users::id)
            .first::<String>(self)
            .optional()?;
        if let Some(other) = other {
            account.stays(&other);
            return Ok(());
        }
        let one = of_scope
            .filter(users::id.eq(&account.id))
            .filter(users::email.eq(&account.email));
        // Somebody may sign up with it at another node right now.
        self.run("SAVEPOINT respelled")?;
        let done = diesel::update(one)
            .set((users::email.eq(email.as_str()), users::email_normal.eq(email.normal())))
            .execute(self);
        match done {
            Ok(_) => self.run("RELEASE SAVEPOINT respelled"),
            Err(DatabaseError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                account.stays("one that has just signed up");
                self.run("ROLLBACK TO SAVEPOINT respelled")
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Spelled {
    fn stays(&self, other: &str) {
        tracing::warn!(
            project = self.project_id,
            environment = self.environment,
            user = self.id,
            other,
            "two users have one email address in two spellings; each logs in with its own. Delete or change one of them"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::{
        base::{
            config::{DatabaseUrl, StoreConfig},
            ids::{Scope, Slug},
            input::{Email, Metadata},
        },
        storage::{
            store::{NewUser, Store},
            tenant::testing::Database,
        },
    };

    fn user(id: &str) -> NewUser {
        NewUser {
            id: id.to_owned(),
            email: Email::parse(json!(format!("{id}@example.com"))).unwrap(),
            email_verified_ms: None,
            phone: None,
            name: None,
            password_hash: None,
            provider: "password".to_owned(),
            metadata: Metadata::default(),
            public_metadata: Metadata::default(),
            created_ms: 1,
        }
    }

    /// Address and key as they were kept; what finds the account; what it is shown with.
    const KEPT: [[&str; 5]; 8] = [
        [
            "u1",
            "Jane@Bücher.example",
            "jane@bücher.example",
            "jane@XN--bcher-kva.example",
            "Jane@xn--bcher-kva.example",
        ],
        [
            "u2",
            "joe@ｍａｉｌ.com",
            "joe@ｍａｉｌ.com",
            "joe@mail.com",
            "joe@mail.com",
        ],
        [
            "u3",
            "Ann@Example.COM",
            "ann@example.com",
            "ann@example.com",
            "Ann@example.com",
        ],
        // One mailbox with two accounts: each is found by its own spelling.
        [
            "u4",
            "kim@xn--bcher-kva.example",
            "kim@xn--bcher-kva.example",
            "kim@xn--bcher-kva.example",
            "kim@xn--bcher-kva.example",
        ],
        [
            "u5",
            "kim@bücher.example",
            "kim@bücher.example",
            "kim@bücher.example",
            "kim@xn--bcher-kva.example",
        ],
        // No address any more.
        ["u6", "Lee@10.0.0.1", "lee@10.0.0.1", "LEE@10.0.0.1", "Lee@10.0.0.1"],
        // Neither is as it is kept today, and both would be the same: the older one is rewritten.
        [
            "u7",
            "Zoë@Ｍａｉｌ.example",
            "zoë@ｍａｉｌ.example",
            "zoë@mail.example",
            "Zoë@mail.example",
        ],
        [
            "u8",
            "zoë@ｍail.example",
            "zoë@ｍail.example",
            "zoë@ｍail.example",
            "zoë@mail.example",
        ],
    ];

    fn scope() -> Scope {
        Scope {
            project: Slug::parse("a").unwrap(),
            environment: Slug::production(),
        }
    }

    async fn opened(url: &DatabaseUrl) -> Store {
        Store::open(url, &StoreConfig { connections: 2 }).await.unwrap()
    }

    /// Accounts as an earlier version kept them.
    async fn keep(url: &DatabaseUrl, kept: &'static [[&str; 5]]) {
        let store = opened(url).await;
        let insert = store.write(move |tx| {
            let scope = scope();
            tx.insert_project(&scope.project, "A", 1)?;
            tx.insert_environment(&scope, 1)?;
            for [id, email, normal, ..] in kept {
                tx.insert_user(&scope, &user(id))?;
                tx.run(&format!(
                    "UPDATE users SET email = '{email}', email_normal = '{normal}' WHERE id = '{id}'"
                ))?;
            }
            Ok(())
        });
        insert.await.unwrap();
    }

    /// Opened twice, each is found.
    async fn are_found(url: &DatabaseUrl, kept: &[[&'static str; 5]]) {
        for _ in 0..2 {
            let store = opened(url).await;
            for [id, _, _, typed, shown] in kept.iter().copied() {
                let email = Email::of_account(json!(typed)).unwrap();
                let found = store.read(move |tx| tx.user_by_email(&scope(), &email)).await.unwrap();
                let found = found.unwrap_or_else(|| panic!("{typed}"));
                assert_eq!(
                    (found.id.as_str(), Email::stored(&found.email).as_str()),
                    (id, shown),
                    "{typed}"
                );
            }
        }
    }

    #[tokio::test]
    async fn accounts_of_earlier_versions_are_found_by_every_spelling_of_their_address() {
        let dir = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(dir.path().join("db"));
        keep(&url, &KEPT).await;
        are_found(&url, &KEPT).await;
    }

    #[tokio::test]
    async fn and_on_postgresql() {
        let Some(database) = Database::new().await else { return };
        keep(&database.core(), &KEPT).await;
        are_found(&database.core(), &KEPT).await;
    }

    /// Two nodes start at the same time, and at a third one somebody signs up with the address that an account is about to get.
    #[tokio::test]
    async fn and_while_somebody_takes_the_address() {
        const FIRST: &[[&str; 5]] = &[KEPT[0], KEPT[1]];
        let Some(database) = Database::new().await else { return };
        let url = database.core();
        keep(&url, FIRST).await;
        let takes = opened(&url).await;
        // What the store has rewritten meanwhile is as it was.
        let taken = takes.write(move |tx| {
            for [id, email, normal, ..] in FIRST {
                tx.run(&format!(
                    "UPDATE users SET email = '{email}', email_normal = '{normal}' WHERE id = '{id}'"
                ))?;
            }
            tx.insert_user(&scope(), &user("joe"))?;
            tx.run("UPDATE users SET email = 'joe@mail.com', email_normal = 'joe@mail.com' WHERE id = 'joe'")
        });
        taken.await.unwrap();
        let holds = takes.write(|tx| {
            tx.insert_user(&scope(), &user("jane"))?;
            let own = Email::parse(json!("jane@xn--bcher-kva.example")).unwrap();
            tx.run(&format!(
                "UPDATE users SET email = '{0}', email_normal = '{0}' WHERE id = 'jane'",
                own.normal()
            ))?;
            std::thread::sleep(Duration::from_millis(700));
            Ok(())
        });
        let starts = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            tokio::join!(opened(&url), opened(&url))
        };
        let (held, stores) = tokio::join!(holds, starts);
        held.unwrap();
        for store in [stores.0, stores.1] {
            for (typed, id) in [
                ("jane@bücher.example", "u1"),
                ("jane@xn--bcher-kva.example", "jane"),
                ("joe@ｍａｉｌ.com", "u2"),
                ("joe@mail.com", "joe"),
            ] {
                let email = Email::of_account(json!(typed)).unwrap();
                let found = store.read(move |tx| tx.user_by_email(&scope(), &email)).await.unwrap();
                assert_eq!(found.map(|row| row.id).as_deref(), Some(id), "{typed}");
            }
        }
    }
}
