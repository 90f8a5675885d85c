//! What workers do, each in one transaction.

use super::{ANNOUNCED, Done, Field, Random, new_job, new_mail, now_ms};
use crate::{
    base::{
        ids::{Kind, Scope, new_id},
        places::{PlaceLimits, Places},
    },
    storage::{
        queue::Round,
        store::{
            Afterwards, AttemptRow, DeliveryClaim, DeliveryFate, DeliveryFilter, DeliveryState, DisabledBy, JobClaim,
            JobFilter, JobState, MailFate, Tx,
        },
    },
};

/// Something that one worker of a node does, in one transaction.
pub(super) type Act = fn(&mut Tx<'_>, &Field, &str, &mut Random) -> Done;

pub(super) const ACTS: &[(&str, Act)] = &[
    ("claims jobs", claim_jobs),
    ("claims named jobs", claim_named_jobs),
    ("ends jobs", end_jobs),
    ("extends leases", extend_leases),
    ("announces jobs", announce_jobs),
    ("confirms announcements", confirm_announcements),
    ("announces anew", announce_anew),
    ("hands back", hand_back),
    ("sends webhooks", send_webhooks),
    ("switches endpoints", switch_endpoints),
    ("sends mails", send_mails),
    ("forgets", forget),
];

fn rounds(field: &Field, owner: &str, random: &mut Random) -> Round {
    let limits = PlaceLimits {
        shared: 30,
        shared_per_project: 10,
        per_lane: 10,
        own: 0,
        own_per_project: 0,
    };
    Round {
        after: field.scopes[random.below(field.scopes.len())].project.to_string(),
        owner: owner.into(),
        due_ms: now_ms(),
        until_ms: now_ms() + 50,
        places: Places::new(limits),
    }
}

fn claim_jobs(tx: &mut Tx<'_>, field: &Field, owner: &str, random: &mut Random) -> Done {
    rounds(field, owner, random).claim(tx).map(drop)
}

fn claim_named_jobs(tx: &mut Tx<'_>, field: &Field, owner: &str, random: &mut Random) -> Done {
    let scope = &field.scopes[random.below(field.scopes.len())];
    let due = tx.due_jobs(scope.project.as_str(), now_ms(), 20)?;
    if due.is_empty() {
        return Ok(());
    }
    let claim = JobClaim {
        owner,
        now_ms: now_ms(),
        until_ms: now_ms() + 50,
    };
    let id = &due[random.below(due.len())].id;
    tx.claim_instead_of(scope, id, &claim).map(drop)
}

fn end_jobs(tx: &mut Tx<'_>, field: &Field, owner: &str, random: &mut Random) -> Done {
    let scope = &field.scopes[random.below(field.scopes.len())];
    let claim = JobClaim {
        owner,
        now_ms: now_ms(),
        until_ms: now_ms() + 50,
    };
    for job in tx.due_jobs(scope.project.as_str(), now_ms(), 1)? {
        if tx.claim_job(scope, &job.id, &claim)?.is_none() {
            continue;
        }
        match random.below(2) {
            0 => drop(tx.finish_job(&job.id, owner, now_ms())?),
            _ => tx.fail_job(&job.id, owner, "no", &Afterwards::Retry { run_at_ms: now_ms() })?,
        }
    }
    tx.insert_job(scope, &new_job(random.below(12)))
}

fn extend_leases(tx: &mut Tx<'_>, field: &Field, owner: &str, random: &mut Random) -> Done {
    let mut running = Vec::new();
    for scope in &field.scopes {
        let filter = JobFilter {
            state: Some(JobState::Running),
            ..JobFilter::default()
        };
        running.extend(tx.jobs(scope, &filter, 30)?.into_iter().map(|job| job.id));
    }
    random.order(&mut running);
    tx.extend_leases(owner, &running, now_ms() + 50)?;
    tx.reclaim_jobs(now_ms(), i64::MAX, 1_000_000).map(drop)
}

fn announce_jobs(tx: &mut Tx<'_>, _: &Field, _: &str, _: &mut Random) -> Done {
    tx.announce_jobs(now_ms(), ANNOUNCED, 30).map(drop)
}

fn confirm_announcements(tx: &mut Tx<'_>, field: &Field, _: &str, random: &mut Random) -> Done {
    let mut ids = Vec::new();
    for scope in &field.scopes {
        let jobs = tx.jobs(scope, &JobFilter::default(), 20)?;
        ids.extend(jobs.into_iter().map(|job| job.id));
    }
    random.order(&mut ids);
    let (confirmed, returned) = ids.split_at(ids.len() / 2);
    tx.jobs_confirmed(confirmed, returned, ANNOUNCED, now_ms() + 20)
}

fn announce_anew(tx: &mut Tx<'_>, field: &Field, _: &str, random: &mut Random) -> Done {
    let project = &field.scopes[random.below(field.scopes.len())].project;
    tx.forget_announcements(project.as_str())
}

fn hand_back(tx: &mut Tx<'_>, _: &Field, owner: &str, _: &mut Random) -> Done {
    tx.hand_back_jobs(owner)?;
    tx.hand_back_deliveries(owner).map(drop)
}

fn send_webhooks(tx: &mut Tx<'_>, field: &Field, owner: &str, random: &mut Random) -> Done {
    let mut endpoints = field.endpoints.clone();
    random.order(&mut endpoints);
    // As a round of the sender: the end of what it sent, then what is lost, then what is next.
    let mut noted: Vec<&str> = endpoints.iter().map(String::as_str).collect();
    noted.sort_unstable();
    tx.lock_endpoints(&noted)?;
    let mut held = Vec::new();
    for endpoint in &endpoints {
        let filter = DeliveryFilter {
            state: Some(DeliveryState::Running),
            ..DeliveryFilter::default()
        };
        let found = tx.deliveries(std::slice::from_ref(endpoint), &filter, 5)?;
        held.extend(found.into_iter().map(|listed| listed.row.id));
    }
    held.sort_unstable();
    for delivery_id in held {
        let attempt = AttemptRow {
            headers: None,
            id: new_id(Kind::Attempt),
            delivery_id,
            time_ms: now_ms(),
            duration_ms: 0,
            status: Some(500),
            error: None,
            response: None,
        };
        tx.settle_delivery(owner, &attempt, DeliveryFate::Retry { run_at_ms: now_ms() })?;
    }
    for endpoint in &noted {
        match random.below(2) {
            0 => tx.endpoint_fails(endpoint, now_ms())?,
            _ => tx.endpoint_works(endpoint)?,
        }
    }
    tx.reclaim_deliveries(now_ms(), i64::MAX)?;
    let claim = DeliveryClaim {
        owner,
        now_ms: now_ms(),
        until_ms: now_ms() + 50,
    };
    for (at, endpoint) in endpoints.iter().enumerate() {
        tx.claim_deliveries(endpoint, claim, 8, || at.is_multiple_of(2))?;
    }
    Ok(())
}

fn switch_endpoints(tx: &mut Tx<'_>, field: &Field, _: &str, random: &mut Random) -> Done {
    let endpoint = &field.endpoints[random.below(field.endpoints.len())];
    match random.below(2) {
        0 => tx.disable_endpoint(endpoint, DisabledBy::Admin, now_ms()).map(drop),
        _ => {
            for scope in &field.scopes {
                tx.enable_endpoint(scope, endpoint, now_ms())?;
            }
            tx.replay_failed(endpoint, 0, now_ms()).map(drop)
        }
    }
}

fn send_mails(tx: &mut Tx<'_>, field: &Field, _: &str, random: &mut Random) -> Done {
    let mut scopes: Vec<&Scope> = field.scopes.iter().collect();
    random.order(&mut scopes);
    for scope in scopes {
        for mail in tx.claim_mails(scope, now_ms(), now_ms() + 20, 10)? {
            match random.below(3) {
                0 => drop(tx.mark_mail(&mail, &MailFate::Captured, now_ms())?),
                _ => tx.insert_mail(scope, &new_mail(scope))?,
            }
        }
    }
    Ok(())
}

fn forget(tx: &mut Tx<'_>, _: &Field, _: &str, _: &mut Random) -> Done {
    tx.delete_old_jobs(now_ms() - 100, 0, 50)?;
    tx.delete_old_mails(now_ms() - 100, 50)?;
    tx.delete_old_deliveries(now_ms() - 100, 50).map(drop)
}
