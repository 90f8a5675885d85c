//! Spans: every line that a flow logs says which request it was, also after the flow has moved to another thread.

use crate::{logbook, site::Site};

const DENIES: &str = "
export const afterSignup = async (_c: any, _p: any, { Deny }: any) => { throw new Deny('too late', { code: 'too_late' }); };
";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn a_line_of_a_flow_is_in_the_span_of_its_request() {
    let site = Site::new();
    let project = site.project("traced");
    site.live("traced", &[("late", DENIES)]);
    let answer = site.registered(&project.pk, "a@example.com");
    let id = answer.header("x-request-id");
    let lines = logbook::spanned_lines_with("too_late");
    let line = lines
        .iter()
        .find(|line| line.contains(id))
        .unwrap_or_else(|| panic!("{id} is not in {lines:#?}"));
    assert!(line.contains("scope=traced/production"), "{line}");
}

#[test]
fn a_trace_is_taken_from_a_trusted_proxy_alone() {
    let open = Site::new();
    let (_, headers, _) = open.page("/healthz", &[("traceparent", PARENT)]);
    let id = headers["x-request-id"].to_str().unwrap();
    let lines = logbook::spanned_lines_with(id);
    assert!(
        !lines.is_empty() && !lines.iter().any(|line| line.contains(TRACE)),
        "{lines:#?}"
    );
    let proxied = Site::with(&[("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1")]);
    let (_, headers, _) = proxied.page("/healthz", &[("traceparent", PARENT), ("x-forwarded-for", "192.0.2.1")]);
    let id = headers["x-request-id"].to_str().unwrap();
    let lines = logbook::spanned_lines_with(id);
    assert!(lines.iter().any(|line| line.contains(TRACE)), "{lines:#?}");
    let (_, headers, _) = proxied.page("/healthz", &[("traceparent", "00-x")]);
    let id = headers["x-request-id"].to_str().unwrap();
    assert!(
        !logbook::spanned_lines_with(id)
            .iter()
            .any(|line| line.contains("trace_id"))
    );
}
