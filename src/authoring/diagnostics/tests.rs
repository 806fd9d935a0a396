use super::*;

/// The smallest valid manifest.
const GOOD: &str = r#"manifest = 1
name = "mine"
title = "Mine"
about = "a service"
checked = "2026-11-20"

[servers.api]
url = "https://api.example.com"
auth = ["key"]

[credentials.key]
kind = "key"
title = "key"
in = [{ header = { name = "X-Api-Key" } }]

[operations.list]
request = { method = "GET", path = "/keys" }
"#;

fn said(text: &str) -> Vec<String> {
    let examined = diagnose(text, None);
    assert_eq!(examined.manifest.is_none(), !examined.mistakes.is_empty());
    let mistakes = examined.mistakes.iter();
    mistakes
        .map(|mistake| format!("{}: {}", mistake.place(), mistake.message))
        .collect()
}

#[test]
fn valid_manifest_has_no_diagnostics() {
    assert_eq!(said(GOOD), Vec::<String>::new());
}

#[test]
fn unreadable_address_is_one_mistake() {
    let text = GOOD
        .replace("[servers.api]", "address = \"mine:{a\"\n\n[servers.api]")
        .replace("[operations.list]", "[operations.write]")
        .replace("/keys", "/{a}");
    let said = said(&text);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("7:address: "), "{said:?}");
}
