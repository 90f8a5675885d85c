//! What a hook sends with `fetch` and what it reads from a response, beyond text: forms, blobs, streams, a request as the
//! settings of another, and a `Host` header.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    http_server,
    site::{PASSWORD, Site},
};

/// Each case sends to `echo`, whose answer is the request as text.
const CASES: &str = r#"
  const enc = (text) => new TextEncoder().encode(text);
  const send = async (init, path = "/") => (await (await fetch(`http://${host}${path}`, { method: "POST", ...init })).json()).echo;
  const type = (echo) => /^content-type: (.*?)\r?$/im.exec(echo)?.[1] ?? null;
  const body = (echo) => echo.slice(echo.indexOf("\r\n\r\n") + 4);
  const both = (echo) => [type(echo), body(echo)];
  const failed = async (work) => { try { return await work(); } catch (error) { return error.code ?? error.name; } };
  const form = new FormData();
  form.append("a", "1\n2");
  form.append("f", new File([new Uint8Array([65, 66])], "x \"y\".txt", { type: "text/plain" }));
  const sent = await send({ body: form });
  const boundary = /boundary=(.*)/.exec(type(sent))[1];
  const original = new Request(`http://${host}/first`, { method: "PUT", body: "keep", headers: { "x-a": "b" } });
  const again = new Request(`http://${host}/second`, original);
  const copied = (await (await fetch(again)).json()).echo;
  const streamed = await fetch(`http://${host}/`);
  const chunks = [];
  for await (const chunk of streamed.body) chunks.push(chunk.length);
  const read = await failed(() => streamed.text());
  const kept = await fetch(`http://${host}/`);
  const twin = kept.clone();
  const retried = new Request(`http://${host}/`, { method: "POST", body: "once" });
  await fetch(retried);
  return {
    form: body(sent).replaceAll(boundary, "B"),
    read: (await (await new Response(body(sent), { headers: { "content-type": type(sent) } })).formData()).get("f").name,
    params: both(await send({ body: new URLSearchParams({ a: "1 2" }) })),
    blob: both(await send({ body: new Blob(["x"], { type: "a/b" }) })),
    stream: both(await send({ body: ReadableStream.from([enc("s1"), enc("s2")]), duplex: "half" })),
    generator: both(await send({ body: (async function* () { yield enc("g"); })(), duplex: "half" })),
    failing: await failed(() => send({ body: new ReadableStream({ pull() { throw new RangeError("x"); } }), duplex: "half" })),
    text: await failed(() => send({ body: ReadableStream.from(["text"]), duplex: "half" })),
    copied: [copied.split(" ")[0], copied.split(" ")[1], /^x-a: b\r?$/m.test(copied), ...both(copied)],
    chunks: [chunks.length, read],
    clones: (await kept.text()) === (await twin.text()),
    again: [retried.bodyUsed, await failed(() => fetch(retried))],
    answerAsBlob: (await (await fetch(`http://${host}/`)).blob()).type,
    host: await Promise.all([host, "other.example", "", `${host}, other.example`].map((value) =>
      failed(async () => (await fetch(`http://${host}/`, { headers: { Host: value } })).status))),
  };
"#;

#[test]
fn bodies_of_every_kind_are_sent_and_read() {
    let got: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&got);
    let address = http_server::answering(move |request| {
        kept.lock().unwrap().push(request.text());
        let body = json!({ "echo": request.text() });
        ("content-type: application/json\r\n", body.to_string())
    });
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")]);
    let project = site.project("a");
    let body = format!(
        "const host = '{address}'; const run = async () => {{ {CASES} }}; return {{ patch: {{ user: {{ metadata: {{ seen: await run() }} }} }} }};"
    );
    let config = format!(
        "export const config = {{ capabilities: {{ http: ['{address}'] }}, limits: {{ httpRequests: 40 }} }};\n"
    );
    site.live(
        &project.id,
        &[("probe", &format!("{config}{}", hook("beforeSignup", &body)))],
    );
    let answer = site.register(
        &project.pk,
        json!({ "email": "probe@work.example", "password": PASSWORD }),
    );
    let seen: &Value = &answer.json["user"]["metadata"]["seen"];
    let multipart = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n\
         --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x %22y%22.txt\"\r\nContent-Type: text/plain\r\n\r\nAB\r\n--B--\r\n";
    let expected = json!({
        "form": multipart,
        "read": "x \"y\".txt",
        "params": ["application/x-www-form-urlencoded;charset=UTF-8", "a=1+2"],
        "blob": ["a/b", "x"],
        "stream": [null, "s1s2"],
        "generator": [null, "g"],
        "failing": "RangeError",
        "text": "TypeError",
        "copied": ["PUT", "/second", true, "text/plain;charset=UTF-8", "keep"],
        "chunks": [1, "TypeError"],
        "clones": true,
        "again": [true, "TypeError"],
        "answerAsBlob": "application/json",
        "host": [200, "invalid_argument", "invalid_argument", "invalid_argument"],
    });
    assert_eq!(*seen, expected, "{answer:?}");
    let requests = got.lock().unwrap();
    assert!(
        requests
            .iter()
            .all(|request| request.contains(&format!("host: {address}"))),
        "{requests:#?}"
    );
}
