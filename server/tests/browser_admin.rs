//! The admin in the browser: which file is served how, and what its pages may load.

use aerocall_server::PageFile;

use crate::site::Site;

const INDEX: &str = "<!doctype html><meta property=\"csp-nonce\" content=\"__NONCE__\"><script src=\"/admin/assets/main-1a.js\"></script>";

fn file(path: &'static str, content_type: &'static str, plain: &'static [u8]) -> PageFile {
    PageFile {
        path,
        content_type,
        plain,
        brotli: None,
        gzip: None,
    }
}

fn site() -> Site {
    Site::with_pages(vec![
        file("index.html", "text/html; charset=utf-8", INDEX.as_bytes()),
        file("icon.svg", "image/svg+xml", b"<svg/>"),
        PageFile {
            brotli: Some(b"shortest"),
            gzip: Some(b"shorter"),
            ..file("assets/main-1a.js", "text/javascript; charset=utf-8", b"as it is")
        },
    ])
}

/// The nonce of the policy.
fn nonce(policy: &str) -> &str {
    policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''))
        .map(|(nonce, _)| nonce)
        .unwrap()
}

#[test]
fn every_path_is_the_page_with_a_nonce_of_its_own() {
    let site = site();
    let mut nonces = Vec::new();
    for path in [
        "/admin",
        "/admin/",
        "/admin/setup",
        "/admin/p/shop/production/hooks/a%2Fb",
        "/admin/index.html",
        "/admin/apis",
        "/admin/%2e%2e/config",
    ] {
        let (status, headers, text) = site.page(path, &[("accept-encoding", "br")]);
        let header = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap())
                .unwrap_or_default()
        };
        assert_eq!(
            (status, header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        let nonce = nonce(header("content-security-policy"));
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        assert_eq!(text, INDEX.replace("__NONCE__", nonce), "{path}");
        let policy = header("content-security-policy").replace(nonce, "…");
        insta::allow_duplicates! {
            insta::assert_snapshot!(policy, @"default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; style-src-elem 'self' 'nonce-…'; style-src-attr 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
        }
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("content-encoding", ""),
        ] {
            assert_eq!(header(name), value, "{path}: {name}");
        }
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 7, "a nonce is used once");
}

#[test]
fn what_has_a_hash_in_its_name_is_kept_for_ever_and_sent_as_short_as_the_client_takes_it() {
    let site = site();
    for (accepted, encoding, sent) in [
        ("gzip, deflate, br", "br", "shortest"),
        ("gzip", "gzip", "shorter"),
        ("br;q=0", "", "as it is"),
    ] {
        let (status, headers, text) = site.page("/admin/assets/main-1a.js", &[("accept-encoding", accepted)]);
        let header = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap())
                .unwrap_or_default()
        };
        assert_eq!((status, text.as_str()), (200, sent), "{accepted}");
        assert_eq!(header("content-encoding"), encoding, "{accepted}");
        assert_eq!(header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header("vary"), "accept-encoding");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
            "of a worker: it asks this server"
        );
    }
    let (status, headers, text) = site.page("/admin/icon.svg", &[("accept-encoding", "br")]);
    assert_eq!((status, text.as_str()), (200, "<svg/>"));
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(
        headers["content-security-policy"],
        "default-src 'none'; frame-ancestors 'none'"
    );
}

#[test]
fn no_page_stands_where_a_program_expects_something_else() {
    let site = site();
    for path in [
        "/admin/assets/main-0.js",
        "/admin/assets/",
        "/admin/assets/../index.html",
        "/admin/api",
        "/admin/api/",
        "/admin/api/v1",
        "/admin/api/v1/nothing",
        "/admin/api/v2/projects",
        "/administration",
    ] {
        let answer = site.get(path);
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
    }
    assert_eq!(site.send("POST", "/admin/api/v1/nothing", &[], b"").status, 404);
    let posted = site.send("POST", "/admin/setup", &[], b"");
    assert_eq!((posted.status, posted.header("allow")), (405, "GET"));
    assert_eq!(site.get("/admin/api/v1/projects").status, 401, "the API is served");
}

#[test]
fn a_program_without_the_pages_says_how_to_build_them() {
    let site = Site::new();
    for path in ["/admin", "/admin/setup"] {
        let (status, headers, text) = site.page(path, &[]);
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert!(text.contains("make admin"), "{text}");
        assert!(!text.contains("<script") && !text.contains("style"), "{text}");
    }
    assert_eq!(site.get("/admin/assets/main-1a.js").status, 404);
}
