//! Email addresses of every script: one spelling for comparison, hooks, mail and storage, and what is refused.

mod names;
mod relays;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    proofs::{as_user, code, settings, token},
    site::{PASSWORD, Site},
};

const USERS: &str = "/projects/a/environments/production/users";

/// Spellings of one mailbox; the first is the one that is kept.
const SPELLINGS: [&[&str]; 4] = [
    &[
        "jane@xn--bcher-kva.example",
        "jane@bücher.example",
        "JANE@BÜCHER.example",
        "jane@bu\u{308}cher.example",
        "jane@XN--BCHER-KVA.EXAMPLE",
    ],
    &[
        "jane@mailinator.com",
        "jane@ｍａｉｌｉｎａｔｏｒ.com",
        "jane@mailinator\u{3002}com",
        "jane@mail\u{ad}inator.com",
        "Jane@MAILINATOR.COM",
    ],
    &[
        "ई-मेल-परीक्षण@xn-----lnfbb8fe3cvkui0de0bcg5hxagsg7d5lwail.xn--i1b6b1a6a2e",
        "ई-मेल-परीक्षण@सार्वभौमिक-स्वीकृति-परीक्षण.संगठन",
    ],
    &["taro..yamada@docomo.example", "Taro..Yamada@Docomo.example"],
];

#[test]
fn every_spelling_of_a_mailbox_is_one_account() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "otpEmail": true, "magicLink": true }));
    for spellings in SPELLINGS {
        for (index, first) in spellings.iter().enumerate() {
            let made = site.registered(&project.pk, first);
            let kept = made.json["user"]["email"].as_str().unwrap().to_owned();
            for other in spellings {
                let body = json!({ "email": other, "password": PASSWORD });
                assert_eq!(
                    site.register(&project.pk, body).code(),
                    "email_taken",
                    "{first} {other}"
                );
                let entered = site.login(&project.pk, other, PASSWORD);
                assert_eq!(entered.json["user"]["email"], kept, "{first} {other}");
                let path = format!("{USERS}?q={}", escaped(other));
                let found = site.admin("GET", &path, None).json["users"].clone();
                assert_eq!(found[0]["email"], kept, "{path}");
            }
            // With the local part as it was typed, and the domain in ASCII.
            let domain = |address: &str| address.rsplit_once('@').unwrap().1.to_owned();
            assert!(kept.rsplit_once('@').unwrap().1.is_ascii(), "{kept}");
            assert_eq!(
                domain(&kept),
                domain(
                    site.login(&project.pk, spellings[0], PASSWORD).json["user"]["email"]
                        .as_str()
                        .unwrap()
                )
            );
            if index == 0 {
                by_mail(&site, &project, spellings, &kept);
            }
            let user = made.json["user"]["id"].as_str().unwrap();
            assert_eq!(site.admin("DELETE", &format!("{USERS}/{user}"), None).status, 200);
        }
    }
}

/// A code that was asked for with one spelling is good with another.
fn by_mail(site: &Site, project: &crate::site::Project, spellings: &[&str], kept: &str) {
    let (asked, typed) = (spellings[spellings.len() - 1], spellings[0]);
    let body = json!({ "channel": "email", "email": asked });
    assert_eq!(site.post("/auth/otp/send", &project.pk, body).status, 202);
    let body = json!({ "channel": "email", "email": typed, "code": code(site, project, kept) });
    let entered = site.post("/auth/otp/verify", &project.pk, body);
    assert_eq!(entered.status, 200, "{asked} {entered:?}");
    let sent = site.post("/auth/magic-link/send", &project.pk, json!({ "email": asked }));
    assert_eq!(sent.status, 202);
    let body = json!({ "token": token(site, project, kept, "magic-link") });
    assert_eq!(site.post("/auth/magic-link/verify", &project.pk, body).status, 200);
    let body = json!({ "email": asked });
    let same = as_user(site, project, entered.token(), "POST", "/auth/email/change", Some(body));
    assert_eq!(same.fields(), ["email"], "is the account's address already: {same:?}");
}

/// For a query.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn hooks_see_and_write_the_one_spelling() {
    let site = Site::new();
    let project = site.project("a");
    let gate = hook(
        "beforeSignup",
        "const domain = payload.user.email.split('@')[1];
         if (domain === 'mailinator.com') return { deny: { code: 'disposable' } };
         if (domain === 'rewritten.example') return { patch: { user: { email: 'jane@Bücher.example' } } };",
    );
    let changes = hook(
        "beforeUserUpdate",
        "return { patch: { user: { publicMetadata: { email: payload.user.email, changes: payload.changes } } } };",
    );
    site.live("a", &[("gate", &gate), ("changes", &changes)]);
    for spelling in SPELLINGS[1] {
        let body = json!({ "email": spelling, "password": PASSWORD });
        assert_eq!(site.register(&project.pk, body).code(), "disposable", "{spelling}");
    }
    let made = site.registered(&project.pk, "x@rewritten.example").json["user"].clone();
    assert_eq!(made["email"], "jane@xn--bcher-kva.example");
    let path = format!("{USERS}/{}", made["id"].as_str().unwrap());
    let asked = json!({ "email": "Jane@ｍａｉｌ.example", "name": " Jane\u{20}Doe ", "phone": "+49 30 12-34-56" });
    let changed = site.admin("PATCH", &path, Some(asked)).json["user"].clone();
    let changes = json!({ "email": "Jane@mail.example", "name": "Jane Doe", "phone": "+4930123456" });
    assert_eq!(
        changed["publicMetadata"],
        json!({ "email": "Jane@mail.example", "changes": changes })
    );
}

#[test]
fn what_cannot_be_mailed_is_refused_at_sign_up() {
    let site = Site::new();
    let project = site.project("a");
    let refused = [
        // No domain of the DNS.
        "jane@127.0.0.1",
        "jane@[127.0.0.1]",
        "jane@１２７.０.０.１",
        "jane@bücher..example",
        "jane@bücher.example.",
        "jane@-bücher.example",
        "jane@bü_cher.example",
        "jane@xn--a.example",
        "jane@xn--.example",
        "jane@a\u{200d}b.example",
        "jane@\u{301}a.example",
        "jane@אa.example",
        &format!("jane@{}.example", "ü".repeat(60)),
        &format!("jane@{}example", "ü.".repeat(40)),
        // No local part that a mail server could tell from another one.
        "ｊａｎｅ@bücher.example",
        "ﬁona@bücher.example",
        "ja\u{200b}ne@bücher.example",
        "ja\u{202e}ne@bücher.example",
        "ja\u{2066}ne@bücher.example",
        "ja\u{ad}ne@bücher.example",
        "ja\u{fe0f}ne@bücher.example",
        "\u{3164}@bücher.example",
        "\u{301}jane@bücher.example",
        "jane.\u{301}@bücher.example",
        "\"jane\"@bücher.example",
        "jane doe@bücher.example",
        "jane\u{a0}doe@bücher.example",
        "jane@doe@bücher.example",
        "jane＠bücher.example",
        "🦀@bücher.example",
        &format!("{}@bücher.example", "ü".repeat(33)),
        &format!("j{}@bücher.example", "\u{335}".repeat(9)),
    ];
    for email in refused {
        let answer = site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec!["email"]),
            "{email:?}: {answer:?}"
        );
        let admin = site.admin("POST", USERS, Some(json!({ "email": email })));
        assert_eq!((admin.status, admin.fields()), (422, vec!["email"]), "{email:?}");
    }
    let accepted = [
        "पंडित@उदाहरण.भारत",
        "สำราญ@ตัวอย่าง.ไทย",
        "пользователь@пример.рф",
        "用户@例子.中国",
        "かがく@例え.jp",
        "홍길동@예시.한국",
        "مستخدم@مثال.السعودية",
        "משתמש@דוגמה.קום",
        "χρήστης@παράδειγμα.ελ",
        "մարդ@օրինակ.հայ",
        "Nguyễn@vídụ.vn",
        "jane+tag@faß.example",
        "o'neil.@x.example",
        "jane@i\u{2764}.example",
    ];
    for email in accepted {
        let answer = site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
        assert_eq!(answer.status, 201, "{email}: {answer:?}");
        assert_eq!(site.login(&project.pk, email, PASSWORD).status, 200, "{email}");
    }
    assert_eq!(
        site.admin("GET", &format!("{USERS}?limit=100"), None).json["users"]
            .as_array()
            .map(Vec::len),
        Some(accepted.len()),
        "nothing of what was refused was kept"
    );
}

/// What the server writes to people has the domain in their letters; what machines read has it in ASCII.
#[test]
fn a_mail_shows_the_address_as_people_read_it() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "confirmEmail": true }));
    let body = json!({ "email": "jane@Bücher.example", "password": PASSWORD });
    assert_eq!(site.register(&project.pk, body).status, 202);
    token(&site, &project, "jane@xn--bcher-kva.example", "confirm-email");
    let mails = "/projects/a/environments/production/mails";
    let id = site.admin("GET", mails, None).json["mails"][0]["id"].clone();
    let mail = site
        .admin("GET", &format!("{mails}/{}", id.as_str().unwrap()), None)
        .json;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("jane@bücher.example") && !text.contains("xn--"), "{text}");
    assert_eq!(mail["to"], Value::from("jane@xn--bcher-kva.example"));
}
