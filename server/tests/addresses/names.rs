//! Names, phone numbers and metadata of every script, as they come through a sign-up: what is kept, in which form, and what is
//! refused.

use serde_json::{Value, json};

use crate::site::{Answer, PASSWORD, Project, Site};

struct SignUps {
    site: Site,
    project: Project,
    count: u32,
}

impl SignUps {
    fn new() -> Self {
        let site = Site::new();
        let project = site.project("a");
        Self {
            site,
            project,
            count: 0,
        }
    }

    fn with(&mut self, field: &str, value: Value) -> Answer {
        self.count += 1;
        let mut body = json!({ "email": format!("u{}@example.com", self.count), "password": PASSWORD });
        body[field] = value;
        self.site.register(&self.project.pk, body)
    }

    fn keeps(&mut self, field: &str, sent: &Value, kept: &Value) {
        let answer = self.with(field, sent.clone());
        assert_eq!(
            (answer.status, &answer.json["user"][field]),
            (201, kept),
            "{sent:?}: {answer:?}"
        );
    }

    fn refuses(&mut self, field: &str, sent: &str) {
        let answer = self.with(field, json!(sent));
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec![field]),
            "{sent:?}: {answer:?}"
        );
    }
}

#[test]
fn names_of_every_script_are_kept_and_what_hides_is_refused() {
    let mut sign_ups = SignUps::new();
    for name in [
        "Nguyễn Thị Minh Khai",
        "Владимир Семёнович",
        "Αλέξανδρος",
        "王小明",
        "山田 太郎",
        "김철수",
        "สมชาย ใจดี",
        "अमिताभ बच्चन",
        "தமிழ்ச்செல்வி",
        "محمد صلاح",
        "علی\u{200c}رضا",
        "שָׂרָה",
        "ကျော်စွာ",
        "ཀརྨ་པ",
        "O’Connor-Smith, Jr.",
        "X Æ A-12",
        "👩\u{200d}🚀 Sally",
        "Beyoncé \u{2764}\u{fe0f}",
        "ｱﾆﾒ",
        "N/A 😀",
    ] {
        sign_ups.keeps("name", &json!(name), &json!(name));
    }
    // One form of what can be written in several, and lengths in characters of that form.
    sign_ups.keeps("name", &json!(" Ame\u{301}lie "), &json!("Amélie"));
    sign_ups.keeps("name", &json!("\u{3000}王\u{3000}"), &json!("王"));
    sign_ups.keeps("name", &json!("e\u{301}".repeat(200)), &json!("é".repeat(200)));
    sign_ups.keeps("name", &json!("王".repeat(200)), &json!("王".repeat(200)));
    let buried = format!("Z{}lgo", "\u{335}\u{336}\u{337}".repeat(20));
    let (long, nothing) = ("王".repeat(201), "\u{3164}".repeat(3));
    for name in [
        "",
        " ",
        "\u{3000}",
        "\u{200b}",
        "\u{2060}",
        "\u{feff}Ada",
        nothing.as_str(),
        "\u{2800}",
        "\u{115f}\u{1160}",
        "Ada\u{202e}",
        "\u{202d}Ada\u{202c}",
        "\u{2067}Ada\u{2069}",
        "Ada\u{200f}",
        "Ada\u{61c}",
        "A\u{ad}da",
        "Ada\u{0}",
        "Ada\tLovelace",
        "Ada\nLovelace",
        "Ada\u{2028}Lovelace",
        "Ada\u{85}Lovelace",
        "Ada\u{1b}[31m",
        "Ad\u{200d}a",
        "Ada\u{200c}",
        "\u{200d}Ada",
        "Ada\u{e0041}\u{e0042}",
        "\u{301}Ada",
        "Ada \u{20dd}",
        buried.as_str(),
        long.as_str(),
    ] {
        sign_ups.refuses("name", name);
    }
}

#[test]
fn phone_numbers_are_read_in_every_script_into_one_form() {
    let mut sign_ups = SignUps::new();
    for (sent, kept) in [
        ("+49 (30) 123-456", "+4930123456"),
        ("+33 1.42.68.53.00", "+33142685300"),
        ("+49/30/123456", "+4930123456"),
        ("+33\u{a0}1\u{202f}42\u{2009}68", "+3314268"),
        ("+1\u{2011}212\u{2013}555\u{2010}0100", "+12125550100"),
        ("\u{202a}+1 212 555 0100\u{202c}", "+12125550100"),
        ("\u{200e}+12125550100", "+12125550100"),
        ("＋８１ ９０ １２３４ ５６７８", "+819012345678"),
        ("+٩٦٦٥٠١٢٣٤٥٦٧", "+966501234567"),
        ("+۹۸۹۱۲۳۴۵۶۷۸۹", "+989123456789"),
        ("+९१९८७६५४३२१०", "+919876543210"),
    ] {
        sign_ups.keeps("phone", &json!(sent), &json!(kept));
    }
    for phone in [
        "",
        "+",
        "030 123456",
        "0049 30 123456",
        "+0301234567",
        "+49 30 12a456",
        "+121255",
        "+１２３",
        "++4930123456",
        "4930123456+",
        "+49\n30123456",
        "+49\u{0}30123456",
        "+1234567890123456",
        "+²¹²⁵⁵⁵⁰¹⁰⁰",
        "+①②③④⑤⑥⑦",
        "☎+4930123456",
    ] {
        sign_ups.refuses("phone", phone);
    }
}

/// Metadata is a document of the project: it is kept as it was sent, character for character.
#[test]
fn metadata_is_kept_as_it_was_sent() {
    let mut sign_ups = SignUps::new();
    for metadata in [
        json!({ "नाम": "ई-मेल", "名": ["王", "\u{1f600}"] }),
        json!({ "e\u{301}": "nfd", "é": "nfc" }),
        json!({ "rtl": "\u{202e}abc\u{202c}", "zero": "\u{200b}", "line": "a\u{2028}b\nc" }),
        json!({ "": { "__proto__": "x", "constructor": null } }),
        json!({ "x": "王".repeat((16 << 10) / 3 - 4) }),
    ] {
        sign_ups.keeps("metadata", &metadata, &metadata);
    }
    for metadata in [
        json!({ "x": "\u{0}" }),
        json!({ "\u{0}": 1 }),
        json!({ "x": "王".repeat(16 << 10) }),
    ] {
        let answer = sign_ups.with("metadata", metadata);
        assert_eq!((answer.status, answer.fields()), (422, vec!["metadata"]));
    }
    // Half of a character is none.
    let body = format!(r#"{{"email":"x@example.com","password":"{PASSWORD}","metadata":{{"x":"\ud800"}}}}"#);
    let headers = [
        ("x-aerocall-key", sign_ups.project.pk.as_str()),
        ("content-type", "application/json"),
    ];
    let answer = sign_ups.site.send("POST", "/auth/register", &headers, body.as_bytes());
    assert_eq!((answer.status, answer.code()), (400, "malformed_body"));
}
