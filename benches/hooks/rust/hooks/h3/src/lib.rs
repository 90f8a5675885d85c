//! H3 compute: SHA-256 over 4 KB, written out, with constants that are computed in each call.

mod sha256;

use aerocall_hooks::{Reply, RequestContext, hook, points::Point};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Payload {
    data: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Patch {
    decision: &'static str,
    digest: String,
    request_id: String,
}

enum Signup {}

impl Point for Signup {
    const NAME: &'static str = "beforeSignup";
    type Payload = Payload;
    type Patch = Patch;
}

fn compute(context: &RequestContext, payload: Payload) -> Reply<Signup> {
    Reply::patch(Patch {
        decision: "allow",
        digest: sha256::sha256(payload.data.as_bytes()),
        request_id: context.request_id.clone(),
    })
}

hook!("beforeSignup", Signup, compute);
