//! H2 enrich: 10 KB of JSON, filtered, mapped and summed up.

use std::collections::BTreeMap;

use aerocall_hooks::{Reply, RequestContext, hook, points::Point};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct User {
    id: String,
    first: String,
    last: String,
    email: String,
}

#[derive(Deserialize)]
struct Order {
    id: String,
    sku: String,
    qty: u32,
    total: f64,
    currency: String,
    status: String,
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Payload {
    user: User,
    orders: Vec<Order>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    label: String,
    tags: Vec<String>,
    bucket: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    sub: String,
    display: String,
    total: f64,
    roles: Vec<String>,
    by_bucket: BTreeMap<&'static str, Vec<String>>,
    lines: Vec<Line>,
    request_id: String,
}

#[derive(Serialize)]
struct Patch {
    decision: &'static str,
    claims: Claims,
}

enum Signup {}

impl Point for Signup {
    const NAME: &'static str = "beforeSignup";
    type Payload = Payload;
    type Patch = Patch;
}

fn line(order: &Order) -> Line {
    let Order {
        id,
        sku,
        qty,
        total,
        currency,
        tags,
        ..
    } = order;
    Line {
        id: id.clone(),
        label: format!("{} x{qty} @ {total:.2} {currency}", sku.to_uppercase()),
        tags: tags.iter().map(|tag| format!("t:{tag}")).collect(),
        bucket: match *total {
            total if total > 500.0 => "high",
            total if total > 100.0 => "mid",
            _ => "low",
        },
    }
}

fn enrich(context: &RequestContext, payload: Payload) -> Reply<Signup> {
    let is_active = |order: &&Order| order.status != "cancelled" && order.total > 10.0;
    let active: Vec<&Order> = payload.orders.iter().filter(is_active).collect();
    let lines: Vec<Line> = active.iter().map(|order| line(order)).collect();
    let mut by_bucket = BTreeMap::<_, Vec<String>>::new();
    for line in &lines {
        by_bucket.entry(line.bucket).or_default().push(line.id.clone());
    }
    let total: f64 = active.iter().map(|order| order.total * f64::from(order.qty)).sum();
    let User { id, first, last, email } = payload.user;
    let claims = Claims {
        sub: id,
        display: format!("{first} {last} <{}>", email.to_lowercase()),
        total: (total * 100.0).round() / 100.0,
        roles: by_bucket
            .iter()
            .map(|(bucket, ids)| format!("{bucket}:{}", ids.len()))
            .collect(),
        by_bucket,
        lines,
        request_id: context.request_id.clone(),
    };
    Reply::patch(Patch {
        decision: "allow",
        claims,
    })
}

hook!("beforeSignup", Signup, enrich);
