//! What a connection is busy with. The stream sees bytes, the handlers see requests; here they share what they know.

use std::{cell::Cell, rc::Rc};

use actix_web::{
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::ConnectionType,
    middleware::Next,
};
use tokio::time::Instant;

use super::admission::Admission;
use crate::{base::error::Refusal, http::wire::answer};

/// The one path that is answered from the reserve.
const ALIVE: &str = "/healthz";

/// What a connection is busy with.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    phase: Rc<Cell<Phase>>,
    origin: Origin,
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was admitted.
    Admission,
    /// There are too many.
    Reserve,
}

/// What the client is waited for, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The rest of a request's head, whose first bytes came at this time.
    Head(Instant),
    /// Nothing: a request is being answered.
    Serving,
    /// Nothing: no request has begun, or an answer is still being sent.
    Between,
}

impl Progress {
    /// Of a connection that has just been made: a first request is expected.
    pub(super) fn new(admission: &Admission) -> Self {
        Self {
            phase: Rc::new(Cell::new(Phase::Head(Instant::now()))),
            origin: match admission {
                Admission::Admitted { .. } => Origin::Admission,
                Admission::Reserve(_) => Origin::Reserve,
            },
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase.get()
    }

    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// Bytes have come: the beginning of a request, if there is none.
    pub(super) fn received(&self) {
        if self.phase.get() == Phase::Between {
            self.phase.set(Phase::Head(Instant::now()));
        }
    }

    /// A request is being answered until what this returns is dropped.
    fn serve(&self) -> Serving {
        self.phase.set(Phase::Serving);
        Serving(Rc::clone(&self.phase))
    }
}

/// A request is being answered.
struct Serving(Rc<Cell<Phase>>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.set(Phase::Between);
    }
}

/// Notes for the connection that its request is complete, as far as its head goes; answers those for which there is no place.
pub(crate) async fn accompany(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let progress = request.conn_data::<Progress>().cloned();
    let _serving = progress.as_ref().map(Progress::serve);
    let is_from_reserve = progress.is_some_and(|progress| progress.origin() == Origin::Reserve);
    if is_from_reserve && request.path() != ALIVE {
        let refusal = Refusal::busy("The server has as many connections as it can have; try again in a moment");
        let answer = answer::refused(request.request(), &refusal);
        return Ok(closing(request.into_response(answer)));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    Ok(match is_from_reserve {
        true => closing(response),
        false => response,
    })
}

/// The last answer of its connection.
fn closing(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    response
        .response_mut()
        .head_mut()
        .set_connection_type(ConnectionType::Close);
    response
}
