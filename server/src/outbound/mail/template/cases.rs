//! Templates that work, and templates that want to reach or to grow further than they may.

use serde_json::json;

use super::*;

fn html(source: &str) -> Parts {
    Parts {
        subject: "s".to_owned(),
        text: None,
        html: Some(source.to_owned()),
    }
}

fn rendered(source: &str, data: Json) -> Result<String, TemplateProblem> {
    html(source).render(&data).map(|parts| parts.html.unwrap())
}

#[test]
fn values_conditions_and_loops() {
    let data = json!({ "user": { "name": "Ada <b>", "age": 36.5 }, "items": [{ "n": 1 }, { "n": 2 }], "no": null });
    let cases = [
        ("Hi {{ user.name }}", "Hi Ada &lt;b&gt;"),
        ("{{ user['name'] | upper }}", "ADA &lt;B&gt;"),
        (
            "{% for item in items %}{{ item.n }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1, 2",
        ),
        (
            "{%- if nick is defined %}x{% elif user.age > 30 %}old{% else %}y{% endif -%}",
            "old",
        ),
        (
            "{{ nick | default('you') }} {{ items|length }} {# {{ nick }} #}{{ '~ + *' }}",
            "you 2 ~ + *",
        ),
        ("a { b } 1 + 1 = 2 * 1 ~ |", "a { b } 1 + 1 = 2 * 1 ~ |"),
    ];
    for (source, expected) in cases {
        assert_eq!(rendered(source, data.clone()).as_deref(), Ok(expected), "{source}");
    }
    let parts = Parts {
        subject: "{{ user.name }}".to_owned(),
        text: Some("{{ user.name }}".to_owned()),
        html: None,
    };
    let rendered = parts.render(&data).unwrap();
    assert_eq!(
        (rendered.subject.as_str(), rendered.text.as_deref()),
        ("Ada <b>", Some("Ada <b>"))
    );
}

#[test]
fn what_is_missing_is_named() {
    let problem = rendered("a\nb {{ user.nick }} {{ town }}", json!({ "user": {} })).unwrap_err();
    assert_eq!(problem.problem, "line 2: not in the data: town, user.nick");
    let problem = rendered("{% for x in list %}{{ x.a }}{% endfor %}", json!({ "list": [{}] })).unwrap_err();
    assert_eq!((problem.part, problem.kind), ("html", ProblemKind::Invalid));
}

#[test]
fn a_template_reaches_nothing_and_joins_nothing() {
    for (source, line) in [
        ("{% include 'x' %}", 1),
        ("\n{% extends \"x\" %}", 2),
        ("{% import 'x' as y %}", 1),
        ("{% macro a() %}{% endmacro %}", 1),
        ("{% set x = 1 %}", 1),
        ("{%set x %}a{%endset%}", 1),
        ("{%- with x = 1 %}{% endwith %}", 1),
        ("{% filter upper %}a{% endfilter %}", 1),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", 1),
        ("{% call a() %}{% endcall %}", 1),
        ("{% do x() %}", 1),
        ("{% raw %}{{ x }}{% endraw %}", 1),
        ("{% block x %}{% endblock %}", 1),
        ("{{ x ~ x }}", 1),
        ("\n\n{{ 'a' + 'b' }}", 3),
        ("{{ 'a' * 9 }}", 1),
        ("{% if x ~ x %}{% endif %}", 1),
        ("{{ x | safe }}", 1),
        ("{{ x|join(x) }}", 1),
        ("{{ x | replace('a', x) }}", 1),
        ("{{ x | tojson }}", 1),
        ("{{ \"a\\\"}}\" ~ x }}", 1),
        ("{% for x in y %}", 1),
        ("{% if %}{% endif %}", 1),
        ("{{ x", 1),
        ("{{ }}", 1),
        ("{{ a b }}", 1),
    ] {
        let problems = html(source).check();
        assert_eq!(problems.len(), 1, "{source:?}");
        assert!(
            problems[0].problem.starts_with(&format!("line {line}: ")),
            "{source:?}: {problems:?}"
        );
    }
    // Allowed to be written, refused when it runs: there is nothing to call.
    for source in [
        "{{ range(9) }}",
        "{{ x.upper() }}",
        "{{ debug() }}",
        "{{ x.__class__.y }}",
        "{{ [x, x] | upper }}",
    ] {
        assert!(rendered(source, json!({ "x": "a" })).is_err(), "{source}");
    }
    assert!(!html(&"x".repeat(65 << 10)).check().is_empty());
}

#[test]
fn loops_and_output_end() {
    let list = json!({ "l": vec![0; 1_000], "x": "y".repeat(20_000) });
    let long = "{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}";
    assert_eq!(rendered(long, list.clone()).unwrap_err().kind, ProblemKind::OutOfSteps);
    let large = "{% for a in l %}{{ x }}{% endfor %}";
    assert_eq!(rendered(large, list.clone()).unwrap_err().kind, ProblemKind::TooLarge);
    assert_eq!(rendered("{{ x }}", list.clone()).as_deref().map(str::len), Ok(20_000));
    let nested = format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(rendered(&nested, list).is_err());
}

#[test]
fn names_of_the_server_are_its_own() {
    for good in ["welcome", "a", "reset-password_2"] {
        assert!(TemplateName::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "Welcome",
        "1a",
        "a/b",
        "../a",
        "a.b",
        "aerocall",
        "aerocall-otp",
        "ü",
        &"a".repeat(65),
    ] {
        assert!(TemplateName::parse(bad).is_err(), "{bad}");
    }
}
