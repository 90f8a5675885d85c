//! Figures and health for whoever watches the server.

pub(crate) mod metrics;
pub(crate) mod readiness;
