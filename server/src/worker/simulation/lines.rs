//! Jobs and mails as the simulation sees them.

use std::collections::{HashMap, HashSet};

use aerocall_runtime::Priority;

use super::{Claim, Done, End, Line, Taken};
use crate::{
    base::{
        ids::{Kind, Scope, Slug, new_id},
        places::PlaceLimits,
    },
    outbound::mail::{claim_all, due_scopes},
    storage::{
        queue::Round,
        store::{Afterwards, MailFate, MailRow, NewJob, NewMail, StoreError, Tx},
    },
};

/// Attempts are not what this is about.
const ATTEMPTS: i32 = 1_000_000;

/// Projects with environments that no other story has.
fn scopes(tx: &mut Tx<'_>, seed: u64, projects: usize, environments: usize) -> Result<Vec<Scope>, StoreError> {
    let slug = |text: String| Slug::parse(&text).unwrap();
    let mut scopes = Vec::new();
    for project in 0..projects {
        let project = slug(format!("p{seed}-{project}"));
        tx.insert_project(&project, "P", 1)?;
        for environment in 0..environments {
            let scope = Scope {
                project: project.clone(),
                environment: slug(format!("e{environment}")),
            };
            tx.insert_environment(&scope, 1)?;
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// A project is a lane.
pub(super) struct Jobs {
    scopes: Vec<Scope>,
    lanes: Vec<(String, String)>,
    last: String,
}

impl Line for Jobs {
    const LAPSES: bool = false;

    fn begin(tx: &mut Tx<'_>, seed: u64) -> Result<Self, StoreError> {
        let scopes = scopes(tx, seed, 4, 1)?;
        let lane = |scope: &Scope| (scope.project.to_string(), scope.project.to_string());
        Ok(Self {
            lanes: scopes.iter().map(lane).collect(),
            scopes,
            last: String::new(),
        })
    }

    fn limits() -> PlaceLimits {
        PlaceLimits {
            shared: 5,
            shared_per_project: 2,
            per_lane: 2,
            own: 0,
            own_per_project: 0,
        }
    }

    fn lanes(&self) -> &[(String, String)] {
        &self.lanes
    }

    fn make(&mut self, tx: &mut Tx<'_>, lane: usize, now_ms: i64) -> Result<String, StoreError> {
        let job = NewJob {
            id: new_id(Kind::Job),
            queue: "q".to_owned(),
            message: "1".to_owned(),
            idempotency_key: None,
            order_key: None,
            priority: Priority::Normal,
            hops: 0,
            run_at_ms: now_ms,
            created_ms: now_ms,
        };
        tx.insert_job(&self.scopes[lane], &job)?;
        Ok(job.id)
    }

    fn claim(&mut self, tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Taken>, StoreError> {
        let round = Round {
            after: self.last.clone(),
            owner: claim.worker.into(),
            due_ms: claim.now_ms,
            until_ms: claim.until_ms,
            places: claim.places.clone(),
        };
        let (jobs, last) = round.claim(tx)?;
        self.last = last;
        let taken = |id: String, scope: Scope| Taken {
            project: scope.project.to_string(),
            lane: scope.project.to_string(),
            ids: vec![id],
        };
        jobs.into_iter()
            .map(|job| Ok(taken(job.id.clone(), job.scope()?)))
            .collect()
    }

    fn end(&mut self, tx: &mut Tx<'_>, end: &End<'_>) -> Result<bool, StoreError> {
        let Some(run_at_ms) = end.again_ms else {
            return tx.finish_job(end.id, end.worker, end.now_ms);
        };
        // A failure does not say whose the job was.
        let is_own = tx.extend_leases(end.worker, &[end.id.to_owned()], end.now_ms)? == 1;
        tx.fail_job(end.id, end.worker, "no", &Afterwards::Retry { run_at_ms })?;
        Ok(is_own)
    }

    fn reclaim(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Done {
        tx.reclaim_jobs(now_ms, i64::MAX, ATTEMPTS).map(drop)
    }

    fn hand_back(&mut self, tx: &mut Tx<'_>, worker: &str) -> Result<bool, StoreError> {
        tx.hand_back_jobs(worker).map(|_| true)
    }
}

/// A scope is a lane, and up to four mails of it take its one place.
pub(super) struct Mails {
    scopes: Vec<Scope>,
    lanes: Vec<(String, String)>,
    /// As each worker has claimed them.
    rows: HashMap<(String, String), MailRow>,
}

impl Line for Mails {
    const LAPSES: bool = true;

    fn begin(tx: &mut Tx<'_>, seed: u64) -> Result<Self, StoreError> {
        let scopes = scopes(tx, seed, 2, 3)?;
        let lane = |scope: &Scope| (scope.project.to_string(), scope.to_string());
        Ok(Self {
            lanes: scopes.iter().map(lane).collect(),
            scopes,
            rows: HashMap::new(),
        })
    }

    fn limits() -> PlaceLimits {
        PlaceLimits {
            shared: 0,
            shared_per_project: 0,
            per_lane: 1,
            own: 16,
            own_per_project: 8,
        }
    }

    fn lanes(&self) -> &[(String, String)] {
        &self.lanes
    }

    fn make(&mut self, tx: &mut Tx<'_>, lane: usize, now_ms: i64) -> Result<String, StoreError> {
        let mail = NewMail {
            id: new_id(Kind::Mail),
            recipient: "x@work.example".to_owned(),
            template: None,
            subject: "s".to_owned(),
            text: Some("t".to_owned()),
            html: None,
            created_ms: now_ms,
        };
        tx.insert_mail(&self.scopes[lane], &mail)?;
        Ok(mail.id)
    }

    fn claim(&mut self, tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Taken>, StoreError> {
        let full: HashSet<String> = claim.places.full_lanes().map(str::to_owned).collect();
        let scopes = due_scopes(tx, &full, claim.now_ms)?;
        let batches = claim_all(tx, scopes, claim.places.clone(), claim.now_ms, claim.until_ms)?;
        let mut taken = Vec::new();
        for batch in batches {
            let ids = batch.mails.iter().map(|mail| mail.id.clone()).collect();
            for mail in batch.mails {
                self.rows.insert((claim.worker.to_owned(), mail.id.clone()), mail);
            }
            taken.push(Taken {
                project: batch.scope.project.to_string(),
                lane: batch.scope.to_string(),
                ids,
            });
        }
        Ok(taken)
    }

    fn end(&mut self, tx: &mut Tx<'_>, end: &End<'_>) -> Result<bool, StoreError> {
        let row = &self.rows[&(end.worker.to_owned(), end.id.to_owned())];
        let fate = match end.again_ms {
            None => MailFate::Sent,
            Some(run_at_ms) => MailFate::Waiting {
                run_at_ms,
                error: "no".to_owned(),
            },
        };
        tx.mark_mail(row, &fate, end.now_ms)
    }

    fn reclaim(&mut self, _: &mut Tx<'_>, _: i64) -> Done {
        Ok(())
    }

    fn hand_back(&mut self, _: &mut Tx<'_>, _: &str) -> Result<bool, StoreError> {
        Ok(false)
    }
}
