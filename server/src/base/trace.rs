//! Where a request came from and where it goes on to, as far as traces go: W3C `traceparent`. Exporting is up to the
//! embedder, through [`Traces`]; the server itself knows spans alone.

use std::sync::{Arc, OnceLock};

/// Whoever keeps traces: of the process, as the receiver of spans is.
pub trait Traces: Send + Sync {
    /// The span is a part of the trace that a trusted proxy sent with the request; what it sent is well-formed.
    fn adopt(&self, span: &tracing::Span, sent: &str);

    /// The `traceparent` for what the current span sends out, if it is in a trace.
    fn current(&self) -> Option<String>;
}

static TRACES: OnceLock<Arc<dyn Traces>> = OnceLock::new();

/// Says who keeps the traces of this process; the first to say it counts.
pub fn keep_traces(traces: Arc<dyn Traces>) {
    TRACES.set(traces).ok();
}

pub(crate) fn traces() -> Option<&'static dyn Traces> {
    TRACES.get().map(|traces| &**traces)
}

/// The trace of a `traceparent` (W3C Trace Context, 3.2): `00-<trace>-<parent>-<flags>`. A version that is not known is
/// read as far as it is.
pub(crate) fn trace_id(text: &str) -> Option<&str> {
    let is_hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let mut parts = text.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_whole = is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    let is_one = trace.bytes().any(|byte| byte != b'0') && parent.bytes().any(|byte| byte != b'0');
    let ends = version != "00" || parts.next().is_none();
    (is_whole && is_one && ends && version != "ff").then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::trace_id;

    #[test]
    fn a_trace_is_read_only_from_what_is_one() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_id(good), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert!(trace_id(&format!("{}-later", good.replace("00-4", "cc-4"))).is_some());
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-é-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace_id(bad), None, "{bad}");
        }
    }
}
