//! What a model proposes: verified round by round, shown with what it changes, and applied by a person.

use serde_json::{Value, json};

use super::{GATE, Heard, Model, PROVIDERS, apply, ask, begun, put_draft, question};
use crate::site::Site;

const CASES: &str = "/projects/a/hooks/gate/cases";

fn draft(site: &Site) -> Value {
    site.admin("GET", "/projects/a/hooks/gate/draft", None).json
}

fn audited(site: &Site, action: &str) -> Vec<Value> {
    let log = site.admin("GET", &format!("/audit?action={action}"), None).json;
    log["audit"].as_array().unwrap().clone()
}

fn proposal(heard: &Heard) -> (&Value, &str) {
    let proposal = heard.one("proposal");
    (proposal, proposal["id"].as_str().unwrap())
}

#[test]
fn a_good_answer_is_verified_shown_and_applied_by_a_person_in_both_protocols() {
    let model = Model::start();
    for provider in PROVIDERS {
        let site = begun(&model, provider, "good");
        let mut body = question("change", "reject free e-mail providers");
        body["point"] = json!("beforeSignup");
        let heard = ask(&site, &body);
        let names = heard.names();
        assert_eq!((names[0], names[1]), ("started", "round"), "{heard:#?}");
        assert_eq!(names[names.len() - 3..], ["verified", "proposal", "done"]);
        assert!(heard.text(1).contains("größer"), "{}", heard.text(1));
        let parts = heard.one("started")["parts"].to_string();
        for part in [
            "instructions",
            "hook point beforeSignup",
            "types of @aerocall/hooks",
            "file hooks/gate.ts",
            "message 1",
        ] {
            assert!(parts.contains(part), "{part}: {parts}");
        }
        let (proposal, id) = proposal(&heard);
        assert_eq!(
            (&proposal["verified"], &proposal["revision"], &proposal["problems"]),
            (&json!(true), &json!(2), &json!([]))
        );
        assert_eq!(proposal["files"][0]["before"], GATE);
        assert!(
            proposal["diff"]
                .as_str()
                .unwrap()
                .contains("+    return { deny: { code: \"free_provider\"")
        );
        assert_eq!(proposal["text"], "Denies sign-ups with addresses of Gmail — größer.");
        assert!(heard.one("done")["usage"]["inputTokens"].as_u64().unwrap() > 0);
        assert_eq!(draft(&site)["files"][0]["text"], GATE, "nothing has changed yet");
        let kept = site.admin("GET", &format!("/projects/a/hooks/gate/proposals/{id}"), None);
        assert_eq!((kept.status, &kept.json), (200, proposal));

        let stale = apply(&site, id, 1, &json!({}));
        assert_eq!((stale.status, stale.code()), (412, "draft_conflict"));
        let applied = apply(&site, id, 2, &json!({}));
        assert_eq!(
            (applied.status, &applied.json["revision"], applied.header("etag")),
            (200, &json!(3), "\"3\""),
            "{applied:?}"
        );
        assert!(
            draft(&site)["files"][0]["text"]
                .as_str()
                .unwrap()
                .contains("free_provider")
        );
        assert_eq!(apply(&site, id, 3, &json!({})).code(), "proposal_applied");
        let kept = site
            .admin("GET", &format!("/projects/a/hooks/gate/proposals/{id}"), None)
            .json;
        assert_eq!(kept["appliedRevision"], 3);

        let asked = audited(&site, "assistant.asked");
        assert_eq!(asked[0]["data"]["message"], "reject free e-mail providers");
        assert!(asked[0]["data"]["digest"].as_str().unwrap().starts_with("sha256:"));
        assert_eq!(audited(&site, "assistant.proposed")[0]["data"]["verified"], true);
        assert_eq!(audited(&site, "hook_proposal.applied")[0]["data"]["proposal"], id);
        let deployments = site
            .admin("GET", "/projects/a/environments/production/deployments", None)
            .json;
        assert_eq!(deployments["deployments"], json!([]));
    }
}

#[test]
fn what_cannot_be_built_goes_back_with_its_problems_and_is_corrected() {
    for provider in PROVIDERS {
        // Its answers come one after the other, whoever asks.
        let model = Model::start();
        let site = begun(&model, provider, "fixed");
        let heard = ask(&site, &question("change", "reject free e-mail providers"));
        let (proposal, _) = proposal(&heard);
        assert_eq!(proposal["verified"], true, "{heard:#?}");
        let rounds = proposal["rounds"].as_array().unwrap();
        assert_eq!(rounds.len(), 2);
        assert_eq!(
            (&rounds[0]["compiles"], &rounds[1]["compiles"]),
            (&json!(false), &json!(true))
        );
        assert!(!rounds[0]["diagnostics"].as_array().unwrap().is_empty());
        let requests = model.requests();
        let second = requests.last().unwrap()["body"]["messages"].to_string();
        assert!(
            second.contains("hooks/gate.ts:1:") && second.contains("it cannot be built"),
            "{second}"
        );
    }
}

#[test]
fn rounds_have_an_end_and_what_is_not_verified_is_applied_only_by_saying_so() {
    let model = Model::start();
    let site = begun(&model, "openai", "never-good");
    let heard = ask(&site, &question("change", "reject free e-mail providers"));
    let (proposal, id) = proposal(&heard);
    assert_eq!(proposal["rounds"].as_array().unwrap().len(), 3);
    assert_eq!(model.requests().len(), 3);
    assert_eq!(
        (&proposal["verified"], &proposal["problems"]),
        (&json!(false), &json!(["it cannot be built: 1 error"]))
    );
    let refused = apply(&site, id, 2, &json!({}));
    assert_eq!(
        (refused.status, refused.code(), refused.fields()),
        (409, "proposal_unverified", vec!["problems"])
    );
    assert_eq!(draft(&site)["revision"], 2);
    let applied = apply(&site, id, 2, &json!({ "acceptUnverified": true }));
    assert_eq!(applied.status, 200, "{applied:?}");
    assert_eq!(
        audited(&site, "hook_proposal.applied")[0]["data"]["acceptUnverified"],
        true
    );
}

#[test]
fn test_cases_of_the_hook_decide_and_their_failures_go_back() {
    let model = Model::start();
    let site = begun(&model, "anthropic", "good");
    let payload = json!({ "user": { "email": "ada@work.example", "metadata": {}, "publicMetadata": {} }, "provider": "password", "client": {} });
    let case = json!({ "hook": "beforeSignup", "payload": payload, "expect": { "replyIncludes": { "kind": "deny" } } });
    let made = site.admin("POST", CASES, Some(json!({ "name": "work", "document": case })));
    assert_eq!(made.status, 201, "{made:?}");
    let heard = ask(&site, &question("change", "reject free e-mail providers"));
    let (proposal, _) = proposal(&heard);
    assert_eq!(
        (&proposal["verified"], &proposal["problems"]),
        (&json!(false), &json!(["1 of 1 test cases fail"]))
    );
    let failed = &proposal["rounds"][0]["cases"]["failed"][0];
    assert_eq!(failed["name"], "work");
    let second = model.requests()[1]["body"]["messages"].to_string();
    assert!(
        second.contains("Test case \\\"work\\\" fails") && second.contains("reply.kind"),
        "{second}"
    );
}

#[test]
fn cases_are_run_before_they_are_offered_and_can_be_added() {
    let model = Model::start();
    let site = begun(&model, "openai", "cases");
    let denies = "export const beforeSignup = async (context, payload) => { if (payload.user.email.endsWith('@gmail.com')) return { deny: { code: 'free_provider' } }; };\n";
    assert_eq!(put_draft(&site, "a", 2, denies).status, 200);
    let heard = ask(&site, &question("cases", "what should be tested?"));
    assert_eq!(heard.one("done")["result"], "cases", "{heard:#?}");
    let (proposal, _) = proposal(&heard);
    let rounds = proposal["rounds"].as_array().unwrap();
    assert_eq!(
        (
            rounds.len(),
            &rounds[0]["cases"]["passed"],
            &rounds[0]["cases"]["total"]
        ),
        (2, &json!(1), &json!(2))
    );
    let cases = proposal["cases"].as_array().unwrap();
    assert_eq!(
        (cases.len(), &cases[0]["name"], &cases[0]["passed"]),
        (1, &json!("denies-a-free-provider"), &json!(true))
    );
    assert_eq!((&proposal["files"], &proposal["diff"]), (&json!([]), &json!("")));
    let added = site.admin(
        "POST",
        CASES,
        Some(json!({ "name": cases[0]["name"], "document": cases[0]["case"] })),
    );
    assert_eq!(added.status, 201, "{added:?}");
}

#[test]
fn explanations_and_questions_are_text_and_reasoning_is_taken_out() {
    let model = Model::start();
    for (script, task, text) in [
        ("explain", "explain", "It lets everybody in."),
        ("question", "change", "Which providers do you mean?"),
    ] {
        let site = begun(&model, "openai", script);
        let mut body = question(task, "what does it do?");
        body["selection"] = json!({ "file": "hooks/gate.ts", "startLine": 1, "endLine": 1 });
        let heard = ask(&site, &body);
        assert_eq!(
            (heard.text(1).as_str(), &heard.one("done")["result"]),
            (text, &json!("text"))
        );
        assert!(!heard.names().contains(&"proposal"));
    }
    for provider in PROVIDERS {
        let site = begun(&model, provider, "thinking");
        let heard = ask(&site, &question("change", "reject free e-mail providers"));
        let (proposal, _) = proposal(&heard);
        assert_eq!(
            (&proposal["verified"], &proposal["text"]),
            (&json!(true), &json!("Done."))
        );
        let all = format!("{heard:?}");
        assert!(
            !all.contains("deploy it myself") && !all.contains("hidden thoughts") && !all.contains("evil"),
            "{all}"
        );
    }
}

#[test]
fn what_is_new_is_said_in_words_and_named_again_before_it_is_applied() {
    let model = Model::start();
    let site = begun(&model, "openai", "wider");
    let code = "export const config = { capabilities: { http: [\"api.example.com\"], secrets: [\"crm_token\"], queue: true } };\nexport const beforeSignup = async (c, p, { http, secrets, queue }) => { await http.get(`https://api.example.com/?k=${await secrets.get(\"crm_token\")}`); await queue.enqueue(\"mails\", {}); };\nexport const beforeLogin = async () => {};\n";
    model.script(
        "wider",
        &json!([{ "text": format!("```ts path=hooks/gate.ts\n{code}```\n") }]),
    );
    let mut body = question("change", "ask the CRM");
    body["point"] = json!("beforeSignup");
    let heard = ask(&site, &body);
    let (proposal, id) = proposal(&heard);
    let added = json!([
        "http:api.example.com",
        "secrets:crm_token",
        "queue:mails",
        "point:beforeLogin"
    ]);
    assert_eq!(proposal["capabilities"]["added"], added, "{heard:#?}");
    let words = proposal["capabilities"]["words"].to_string();
    assert!(
        words.contains("may send requests to api.example.com") && words.contains("may use the secret crm_token"),
        "{words}"
    );
    let refused = apply(
        &site,
        id,
        2,
        &json!({ "acceptCapabilities": ["http:api.example.com", "http", "secrets"] }),
    );
    assert_eq!((refused.status, refused.code()), (409, "proposal_widens_capabilities"));
    assert_eq!(
        refused.fields(),
        ["secrets:crm_token", "queue:mails", "point:beforeLogin"]
    );
    let applied = apply(&site, id, 2, &json!({ "acceptCapabilities": added }));
    assert_eq!(applied.status, 200, "{applied:?}");
}

#[test]
fn a_draft_that_has_gone_on_and_files_that_nobody_saved_take_no_proposal() {
    let model = Model::start();
    let site = begun(&model, "openai", "good");
    let heard = ask(&site, &question("change", "reject free e-mail providers"));
    let (_, id) = proposal(&heard);
    assert_eq!(
        put_draft(&site, "a", 2, "export const beforeSignup = async () => { return; };\n").status,
        200
    );
    assert_eq!(apply(&site, id, 3, &json!({})).code(), "draft_conflict");
    let mut body = question("change", "reject free e-mail providers");
    body["files"] = json!([{ "path": "hooks/gate.ts", "text": GATE }]);
    let heard = ask(&site, &body);
    let (proposal, id) = proposal(&heard);
    assert_eq!(
        (&proposal["revision"], &proposal["verified"]),
        (&json!(null), &json!(true))
    );
    assert_eq!(apply(&site, id, 3, &json!({})).code(), "draft_conflict");
    let other = site.admin("GET", &format!("/projects/a/hooks/other/proposals/{id}"), None);
    assert_eq!(other.status, 404);
}
