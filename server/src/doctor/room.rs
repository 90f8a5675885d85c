//! Whether there is room for what the settings ask for: a Redis that keeps the counters, file descriptors for the connections.

use super::{Finding, State, answered_or};
use crate::{
    base::{config::Config, descriptors, error::chain},
    storage::cache::{self, Eviction},
};

/// Where the counters of rate limits are, and whether they stay there.
pub(super) async fn limits(config: &Config) -> Finding {
    const NAME: &str = "limits";
    let Some(service) = config.limits.redis.as_ref().or(config.redis.as_ref()) else {
        return Finding::new(
            NAME,
            State::Unused,
            "no Redis: each process counts rate limits separately",
        );
    };
    match cache::eviction(service).await {
        Ok(Eviction::Never) => Finding::ok(NAME, "counters are kept in a Redis that drops no keys"),
        Ok(Eviction::By(policy)) => drops(config, &policy),
        Err(error) => answered_or(
            NAME,
            Err(chain(&error)),
            "Check that Redis is running, and check AEROCALL_LIMITS_REDIS_URL or AEROCALL_REDIS_URL",
        ),
    }
}

fn drops(config: &Config, policy: &str) -> Finding {
    let whose = match config.limits.redis {
        Some(_) => "the Redis of the counters",
        None => "the Redis that the counters share with the cache of hooks",
    };
    Finding::new(
        "limits",
        State::Note,
        format!("{whose} drops keys when its memory is used up ({policy}): counters and lockouts can be lost"),
    )
    .fix("Set its maxmemory-policy to noeviction, or set AEROCALL_LIMITS_REDIS_URL to a Redis that has it")
}

/// Whether the process may open as many files as its connections take.
pub(super) fn connections(config: &Config) -> Finding {
    const NAME: &str = "connections";
    let wanted = config.http.connections;
    let most = descriptors::for_connections(wanted);
    match most < wanted {
        false => Finding::ok(NAME, format!("at most {most}")),
        true => Finding::new(
            NAME,
            State::Note,
            format!("at most {most} of the {wanted} that are set: half of the file descriptors of a process"),
        )
        .fix("Raise the limit of open files (ulimit -n, LimitNOFILE, nofile), or lower AEROCALL_HTTP_CONNECTIONS"),
    }
}
