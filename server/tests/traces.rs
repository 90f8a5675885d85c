//! Spans: every line that a flow logs says which request it was, also after the flow has moved to another thread.

use serde_json::json;

use crate::{
    logbook,
    site::{PASSWORD, Site},
};

const DENIES: &str = "
export const afterSignup = async (_c: any, _p: any, { Deny }: any) => { throw new Deny('too late', { code: 'too_late' }); };
";
const GATE: &str = "
export const beforeSignup = (_c: any, { user }: any, { Deny }: any) => {
  if (user.email.startsWith('refused')) throw new Deny('not you', { code: 'not_you', status: 422 });
  if (user.email.startsWith('broken')) throw new TypeError('broken');
  return { patch: { user: { metadata: { seen: true } } } };
};
export const afterSignup = () => {};
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

#[test]
fn a_request_has_one_line_with_what_its_hooks_did_and_nothing_that_the_client_wrote() {
    let site = Site::new();
    let project = site.project("lined");
    site.live("lined", &[("gate", GATE)]);
    let line = |id: &str| {
        let lines = logbook::lines_with(id);
        let mut lines: Vec<&String> = lines.iter().filter(|line| line.contains("answered")).collect();
        assert_eq!(lines.len(), 1, "{lines:#?}");
        lines.remove(0).clone()
    };
    for (name, parts) in [
        (
            "ada",
            [
                "INFO ",
                "status=201",
                "hooks=\"beforeSignup/gate=patch afterSignup/gate=allow\"",
            ],
        ),
        (
            "refused",
            [
                "INFO ",
                "status=422 ",
                "code=\"not_you\" hooks=\"beforeSignup/gate=deny\"",
            ],
        ),
        (
            "broken",
            [
                "WARN ",
                "status=502 ",
                "code=\"hook_failed\" hooks=\"beforeSignup/gate=hook_failed\"",
            ],
        ),
    ] {
        let body = json!({ "email": format!("{name}@lined.example"), "password": PASSWORD });
        let line = line(site.register(&project.pk, body).header("x-request-id"));
        let common = [
            "method=\"POST\" path=\"/auth/register\"",
            " ms=",
            "project=\"lined\" environment=\"production\"",
        ];
        for part in parts.iter().chain(&common) {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
    let headers = [
        ("authorization", "Bearer hunter2"),
        ("x-aerocall-key", "pk_hunter2"),
        ("user-agent", "hunter2"),
    ];
    for (path, shown) in [
        ("/auth/hunter2-path?token=hunter2-query", "/auth/…"),
        ("/auth/me?access_token=hunter2-query", "/auth/me"),
        ("/admin/api/v1/projects/hunter2/keys/hunter2", "/admin"),
        ("/%00hunter2", "/…"),
    ] {
        let (_, answer, _) = site.page(path, &headers);
        let line = line(answer["x-request-id"].to_str().unwrap());
        assert!(line.contains(&format!("path=\"{shown}")), "{path}: {line}");
    }
    assert_eq!(logbook::spanned_lines_with("hunter2"), Vec::<String>::new());
}
