//! Whether what is kept can be changed, is whole, and is each project's own: the databases themselves, past whether they answer.

use std::sync::Arc;

use super::{Finding, PATIENCE, State};
use crate::{
    base::{config::Config, crypto::MasterKey, error::chain},
    storage::{
        soundness::Soundness,
        store::{Store, StoreError},
        tenant,
        write_fault::WriteFault,
    },
};

/// Why the core database takes no changes, if it does not.
pub(super) async fn refuses(store: &Store) -> Option<Finding> {
    let problem = |message: String| Finding::new("database", State::Problem, message);
    Some(match tokio::time::timeout(PATIENCE, store.beat()).await {
        Ok(Ok(())) => return None,
        Ok(Err(StoreError::Refuses(fault, _))) => problem(fault.words().to_owned()).fix(fault.fix()),
        Ok(Err(error)) => problem(chain(&error)).fix("See the log of the database"),
        Err(_) => problem("a change was not done in time".to_owned()).fix("See the log of the database"),
    })
}

/// Damage in the core and in the projects' databases, and the rights of each project. What cannot be looked at without the core
/// or the master key is left out: that it is missing has been said.
pub(super) async fn examine(config: &Config, opened: Option<(Store, Option<MasterKey>)>) -> Vec<Finding> {
    let Some((store, key)) = opened else { return Vec::new() };
    let core = store.soundness().await.map_err(|error| chain(&error));
    let mut found = vec![soundness("database_content", core)];
    let Some(key) = key.map(Arc::new) else { return found };
    found.extend(tenants_refuse(config, &key).await);
    let tenants = tenant::soundness(&config.tenant, &key).await;
    found.push(soundness("tenant_content", tenants.map_err(|error| error.described())));
    found.extend(rights(config, &store, &key).await);
    found
}

/// Why the projects' databases take no changes, if they answer and do not.
async fn tenants_refuse(config: &Config, key: &Arc<MasterKey>) -> Option<Finding> {
    let asked = tokio::time::timeout(PATIENCE, tenant::refusal(&config.tenant, key)).await;
    let unready = asked.ok()?.ok()??;
    let fault = WriteFault::ALL
        .into_iter()
        .find(|fault| fault.words() == unready.words)?;
    Some(Finding::new("tenant_writes", State::Problem, fault.words()).fix(fault.fix()))
}

fn soundness(name: &'static str, looked: Result<Soundness, String>) -> Finding {
    match looked {
        Ok(Soundness { damage, looked }) if damage.is_empty() => {
            Finding::ok(name, format!("no damage found ({looked})"))
        }
        Ok(Soundness { damage, .. }) => {
            Finding::new(name, State::Problem, damage.join("; ")).fix(WriteFault::Damaged.fix())
        }
        Err(why) => Finding::new(name, State::Problem, format!("could not be looked at: {why}"))
            .fix("Check that the database is running and that its user may read all of it"),
    }
}

/// Files have no rights of their own.
async fn rights(config: &Config, store: &Store, key: &Arc<MasterKey>) -> Option<Finding> {
    const NAME: &str = "tenant_roles";
    const REPAIR: &str = "Run aerocall doctor --repair, which makes roles, owners and grants anew";
    let scopes = match store.read(|tx| tx.scopes()).await {
        Ok(scopes) => scopes,
        Err(error) => {
            return Some(Finding::new(NAME, State::Problem, chain(&error)).fix("See the log of the database"));
        }
    };
    let looked = match tenant::look(&config.tenant, key, &scopes).await {
        Ok(looked) => looked?,
        Err(error) => {
            let fix = "Check that the projects' database is running, and check AEROCALL_TENANT_DATABASE_URL";
            return Some(Finding::new(NAME, State::Problem, error.described()).fix(fix));
        }
    };
    let tenant::Looked {
        made,
        problems,
        strangers,
    } = looked;
    Some(if !problems.is_empty() {
        Finding::new(NAME, State::Problem, shortened(&problems)).fix(REPAIR)
    } else if made == 0 && strangers > 0 {
        Finding::new(
            NAME,
            State::Problem,
            format!("the database has {strangers} schemas, and none is of a project of this server"),
        )
        .fix(
            "Schemas are called after the name of their database: if it was restored under another name, rename it \
             (ALTER DATABASE … RENAME TO …); otherwise check AEROCALL_TENANT_DATABASE_URL",
        )
    } else if strangers > 0 {
        let message = format!("those of {made} projects are right; {strangers} schemas are no project's");
        Finding::new(NAME, State::Note, message).fix("Drop them if nobody needs them: they take space and nothing else")
    } else {
        Finding::ok(NAME, format!("roles, owners and grants of {made} projects are right"))
    })
}

/// A lost cluster has the same problem for each project.
fn shortened(problems: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = problems.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    match problems.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{shown}; and {more} more"),
        _ => shown,
    }
}
