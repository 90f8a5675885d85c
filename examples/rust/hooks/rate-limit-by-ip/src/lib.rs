//! Limits sign-ups and logins from one network.

use std::{net::IpAddr, time::Duration};

use aerocall_hooks::{Denial, RequestContext, Result, before_login, before_signup, cache, log};

const WINDOW: Duration = Duration::from_secs(600);

/// IPv4 addresses as they are; of an IPv6 address the network, its first 64 bits.
fn network_of(ip: &str) -> String {
    let Ok(IpAddr::V6(address)) = ip.parse() else {
        return ip.to_owned();
    };
    let [a, b, c, d, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
}

/// Counts in fixed windows: the first request makes the counter, and it goes when its time is over.
fn limit(context: &RequestContext, most: i64) -> Result<()> {
    let (hook, network) = (&context.hook, network_of(&context.request.ip));
    let count = cache::increment(&format!("rate:{hook}:{network}"), 1, WINDOW)?;
    if count <= most {
        return Ok(());
    }
    log::warn!("{hook}: request {count} from {network}");
    Err(
        Denial::new("too_many_requests", "Too many attempts. Please try again later.")
            .status(429)
            .into(),
    )
}

#[before_signup]
fn sign_ups(context: &RequestContext, _payload: before_signup::Payload) -> Result<()> {
    limit(context, 5)
}

#[before_login]
fn logins(context: &RequestContext, _payload: before_login::Payload) -> Result<()> {
    limit(context, 20)
}
