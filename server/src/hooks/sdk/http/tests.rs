//! Hosts, limits and secrets of one call, against real servers on loopback.

use std::time::{Duration, Instant};

use aerocall_runtime::host::Secrets as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;
use crate::{
    hooks::sdk::ScopedSecrets,
    outbound::egress::testing::{Names, egress, response, serve},
    testing::World,
};

const VALUE: &str = "hunter2/hunter2";

struct Call {
    http: ScopedHttp,
    secrets: ScopedSecrets,
}

fn call(world: &World, hosts: Option<Vec<&str>>, limits: &Limits) -> Call {
    let names = Names::of(&[
        ("api.test", &[&["127.0.0.77"]]),
        ("other.test", &[&["127.0.0.77"]]),
        ("inside.test", &[&["10.0.0.1"]]),
    ]);
    let secrets = world.call_secrets(&world.scope, None);
    let egress = Arc::new(egress(&["127.0.0.77/32"], names));
    Call {
        http: ScopedHttp::new(
            egress,
            world.store.clone(),
            &world.scope,
            Arc::clone(&secrets),
            hosts,
            limits,
        ),
        secrets: ScopedSecrets::new(secrets),
    }
}

fn get(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        url: url.into(),
        headers: Vec::new(),
        body: None,
        timeout_ms: None,
        redirect: Redirect::Follow,
    }
}

impl Call {
    async fn one(&self, request: HttpRequest) -> Result<HttpResponse, SdkError> {
        self.http.send(vec![request]).await.remove(0)
    }

    async fn denied(&self, request: HttpRequest) -> String {
        let error = self.one(request).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied, "{error:?}");
        error.message
    }
}

async fn echo() -> u16 {
    serve("127.0.0.77:0", |request| {
        response("200 OK", "x-echo: yes\r\n", request.as_bytes())
    })
    .await
    .port()
}

#[tokio::test]
async fn a_host_must_be_on_every_list_there_is() {
    let world = World::new().await;
    let port = echo().await;
    let url = format!("http://api.test:{port}/");
    let named = format!("api.test:{port}");
    let limits = Limits::DEFAULT;
    assert_eq!(
        call(&world, Some(vec![&named]), &limits)
            .one(get(&url))
            .await
            .unwrap()
            .status,
        200
    );

    let nobody = call(&world, None, &limits).denied(get(&url)).await;
    assert!(
        nobody.contains(&format!("capabilities: {{ http: [\"{named}\"] }}")),
        "{nobody}"
    );
    let other = call(&world, Some(vec!["other.test", "not a host"]), &limits)
        .denied(get(&url))
        .await;
    assert!(other.contains("may not reach"), "{other}");
    call(&world, Some(vec![]), &limits).denied(get(&url)).await;
    call(&world, Some(vec!["api.test"]), &limits).denied(get(&url)).await;

    world.allow_hosts(&[format!("other.test:{port}")]).await;
    let project = call(&world, Some(vec!["*"]), &limits);
    let refused = project.denied(get(&url)).await;
    assert!(
        refused.contains("/projects/a/environments/production/settings/http"),
        "{refused}"
    );
    assert!(project.one(get(format!("http://other.test:{port}/"))).await.is_ok());
    assert!(
        call(&world, None, &limits)
            .one(get(format!("http://other.test:{port}/")))
            .await
            .is_ok()
    );
    let local = call(&world, None, &limits).denied(get("http://127.0.0.1/")).await;
    assert!(local.contains("not on the public internet"), "{local}");
}

#[tokio::test]
async fn a_redirect_is_as_allowed_as_the_first_address() {
    let world = World::new().await;
    world.secret("token", VALUE, &[]).await;
    let port = echo().await;
    let to = move |url: &str| format!("location: {}\r\n", url.replace("PORT", &port.to_string()));
    for (location, word) in [
        ("http://other.test:PORT/", "may not reach other.test"),
        ("http://inside.test/", "may not reach inside.test"),
        ("http://127.0.0.1/", "not on the public internet"),
        ("file:///etc/passwd", "is not allowed"),
    ] {
        let headers = to(location);
        let first = serve("127.0.0.77:0", move |_| response("302 Found", &headers, b""))
            .await
            .port();
        let named = format!("api.test:{first}");
        let refused = call(&world, Some(vec![&named]), &Limits::DEFAULT)
            .denied(get(format!("http://{named}/")))
            .await;
        assert!(refused.contains(word), "{location}: {refused}");
    }
    let lists = call(&world, Some(vec!["inside.test"]), &Limits::DEFAULT);
    let refused = lists.denied(get("http://inside.test/")).await;
    assert!(
        refused.contains("not on the public internet") && !refused.contains("10.0.0.1"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_secret_goes_to_its_hosts_and_never_comes_back() {
    let world = World::new().await;
    let port = echo().await;
    world.secret("token", VALUE, &[format!("api.test:{port}")]).await;
    let call = call(&world, Some(vec!["*"]), &Limits::DEFAULT);
    let placeholder = call.secrets.placeholder("token").await.unwrap();
    let with = |url: &str| HttpRequest {
        method: "POST".to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {placeholder}"))],
        body: Some(format!("{{\"key\":\"{placeholder}\"}}").into_bytes()),
        ..get(url)
    };
    let answer = call.one(with(&format!("http://api.test:{port}/"))).await.unwrap();
    let seen = String::from_utf8(answer.body).unwrap();
    assert!(seen.contains("authorization: Bearer [secret token]\r\n"), "{seen}");
    assert!(seen.ends_with("{\"key\":\"[secret token]\"}"), "{seen}");
    // The length is the one of the real value: it did leave.
    assert!(
        seen.contains(&format!("content-length: {}", VALUE.len() + 10)),
        "{seen}"
    );
    assert!(!seen.contains(&placeholder) && !seen.contains(VALUE));

    let refused = call.denied(with(&format!("http://other.test:{port}/"))).await;
    let line = format!("/secrets/token and \"hosts\": [\"other.test:{port}\"]");
    assert!(
        refused.contains("the secret token is not approved for other.test") && refused.contains(&line),
        "{refused}"
    );
    let in_url = call
        .denied(get(format!("http://api.test:{port}/?k={placeholder}")))
        .await;
    assert!(in_url.contains("not in the URL"), "{in_url}");
    // Of another call it is a text like any other.
    let foreign = super::tests::call(&world, Some(vec!["*"]), &Limits::DEFAULT);
    let answer = foreign.one(with(&format!("http://other.test:{port}/"))).await.unwrap();
    assert!(String::from_utf8(answer.body).unwrap().contains(&placeholder));
}

#[tokio::test]
async fn a_redirect_does_not_take_a_secret_along() {
    let world = World::new().await;
    let port = echo().await;
    let location = format!("location: http://other.test:{port}/\r\n");
    let kept = location.clone();
    let first = serve("127.0.0.77:0", move |_| response("302 Found", &location, b""))
        .await
        .port();
    let same_body = serve("127.0.0.77:0", move |_| response("307 Temporary Redirect", &kept, b""))
        .await
        .port();
    world
        .secret(
            "token",
            VALUE,
            &[format!("api.test:{first}"), format!("api.test:{same_body}")],
        )
        .await;
    let call = call(&world, Some(vec!["*"]), &Limits::DEFAULT);
    let placeholder = call.secrets.placeholder("token").await.unwrap();
    let header = HttpRequest {
        headers: vec![
            ("x-hidden".to_owned(), placeholder.clone()),
            ("x-open".to_owned(), "1".to_owned()),
        ],
        ..get(format!("http://api.test:{first}/"))
    };
    let seen = String::from_utf8(call.one(header).await.unwrap().body).unwrap();
    assert!(seen.contains("x-open: 1") && !seen.contains("x-hidden"), "{seen}");
    let body = HttpRequest {
        method: "POST".to_owned(),
        body: Some(placeholder.into_bytes()),
        ..get(format!("http://api.test:{same_body}/"))
    };
    assert!(call.denied(body).await.contains("not approved for other.test"));
}

#[tokio::test]
async fn what_a_server_says_of_a_secret_is_taken_out_everywhere() {
    let world = World::new().await;
    let evil = move |_: &str| {
        let headers = format!(
            "x-leak: {VALUE}\r\nx-base64: {}\r\nlocation: http://{}.test/\r\n",
            STANDARD.encode(VALUE),
            VALUE.replace('/', "-")
        );
        response(
            "302 Found",
            &headers,
            STANDARD.encode(format!("user:{VALUE}")).as_bytes(),
        )
    };
    let port = serve("127.0.0.77:0", evil).await.port();
    world.secret("token", VALUE, &[format!("api.test:{port}")]).await;
    world
        .secret("multi", "line\nbreak", &[format!("api.test:{port}")])
        .await;
    let call = call(&world, Some(vec![&format!("api.test:{port}")]), &Limits::DEFAULT);
    let token = call.secrets.placeholder("token").await.unwrap();
    let mut request = HttpRequest {
        headers: vec![("x".to_owned(), token)],
        redirect: Redirect::Manual,
        ..get(format!("http://api.test:{port}/"))
    };
    let answer = call.one(request.clone()).await.unwrap();
    let all = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
    assert!(!all.contains(VALUE) && !all.contains(&STANDARD.encode(VALUE)), "{all}");
    assert_eq!(all.matches("[secret token]").count(), 3, "{all}");

    // A value that would end its header's line does not leave, and the error does not repeat it.
    let multi = call.secrets.placeholder("multi").await.unwrap();
    request.headers = vec![("x".to_owned(), multi)];
    let refused = call.one(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidArgument);
    assert!(!refused.message.contains("break"), "{refused}");
}

#[tokio::test]
async fn requests_run_together_and_their_number_and_bytes_are_limited() {
    let world = World::new().await;
    let slow = |_: &str| {
        std::thread::sleep(Duration::from_millis(150));
        response("200 OK", "", &[b'x'; 1_000])
    };
    let mut ports = Vec::new();
    for _ in 0..4 {
        ports.push(
            serve("127.0.0.77:0", |_| response("200 OK", "", &[b'x'; 1_000]))
                .await
                .port(),
        );
    }
    let list = |ports: &[u16]| {
        ports
            .iter()
            .map(|port| get(format!("http://api.test:{port}/{port}")))
            .collect::<Vec<_>>()
    };
    let limits = Limits {
        http_requests: 3,
        ..Limits::DEFAULT
    };
    let answers = call(&world, Some(vec!["*"]), &limits).http.send(list(&ports)).await;
    for (answer, port) in answers.iter().zip(&ports).take(3) {
        assert!(
            answer.as_ref().unwrap().url.ends_with(&format!("/{port}")),
            "in the order of the requests"
        );
    }
    assert_eq!(answers[3].as_ref().unwrap_err().code, ErrorCode::LimitExceeded);

    let small = Limits {
        http_response_bytes: 999,
        ..Limits::DEFAULT
    };
    let answer = call(&world, Some(vec!["*"]), &small).one(list(&ports).remove(0)).await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::TooLarge);
    let together = Limits {
        host_bytes: 2_500,
        ..Limits::DEFAULT
    };
    let answers = call(&world, Some(vec!["*"]), &together).http.send(list(&ports)).await;
    let over: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert!(
        over.len() == 2 && over.iter().all(|error| error.code == ErrorCode::LimitExceeded),
        "{over:?}"
    );

    let port = serve("127.0.0.77:0", slow).await.port();
    let mut late = get(format!("http://api.test:{port}/"));
    late.timeout_ms = Some(50);
    let started = Instant::now();
    let error = call(&world, Some(vec!["*"]), &Limits::DEFAULT)
        .one(late)
        .await
        .unwrap_err();
    assert_eq!((error.code, error.retryable), (ErrorCode::Timeout, true));
    assert!(started.elapsed() < Duration::from_secs(5));
}
