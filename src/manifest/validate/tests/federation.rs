//! The exchange of a job's identity.

use super::*;

#[test]
fn federation_without_identity_is_refused() {
    let federate = |field: &str, rest: &str| {
        format!(
            "credentials.token = {{ kind = \"token\", title = \"t\", parts = [{{ name = \"id\" }}, {{ name = \"extra\", optional = true }}] }}\n\
             operations.federate = {{ {rest}, request = {{ method = \"POST\", path = \"/x\", body = [{{ at = \"/a\", {field} }}] }} }}\n"
        )
    };
    let sent = "from = \"credential.identity\"";
    let parts =
        |inside: &str| format!("yields = \"token\", response = {{ token = {{ {inside} }} }}");
    let good = parts("parts = { id = \"/id\" }");
    for (field, rest, place, fix) in [
        ("value = 1", good.clone(), "request", "credential.identity"),
        (
            sent,
            format!("auth = [\"key\"], {good}"),
            "auth",
            "takes the place",
        ),
        (
            sent,
            format!("audience = \"{{var.none}}\", {good}"),
            "audience",
            "declared variables",
        ),
        (
            sent,
            "response = { token = { value = \"/t\" } }".to_owned(),
            "yields",
            "yields",
        ),
        (
            sent,
            "yields = \"token\"".to_owned(),
            "response.token",
            "pointer to the token",
        ),
        (
            sent,
            parts("expires = \"/e\""),
            "response.token",
            "`value` or `parts`",
        ),
        (
            sent,
            parts("parts = { extra = \"/e\" }"),
            "response.token.parts",
            "`id` is missing",
        ),
        (
            sent,
            parts("parts = { id = \"/id\", other = \"/o\" }"),
            "response.token.parts.other",
            "no such part",
        ),
    ] {
        let place = format!("operations.federate.{place}");
        has(
            |text| format!("{text}\n{}", federate(field, &rest)),
            &place,
            fix,
        );
    }
    let rest = format!("audience = \"https://{{var.org}}.example.com\", {good}");
    assert_eq!(
        problems(|text| format!("{text}\n{}", federate(sent, &rest))),
        []
    );
    for change in [
        r#"path = "/keys", query = [{ at = "a", from = "credential.identity" }]"#,
        r#"path = "/keys" }, audience = "x", response = { text = false"#,
    ] {
        let found = problems(|text| text.replace(r#"path = "/keys""#, change));
        assert!(
            found
                .iter()
                .any(|(_, message)| message.contains("only [operations.federate]"))
        );
    }
}
