//! Resources that a draft must not take for keys, and fields that it must not take for a name, an id or scopes.

use super::openapi::{assert_lines, drafted};

const DOCK: &str = include_str!("openapi/dock.yaml");
const REEF: &str = include_str!("openapi/reef.json");

#[track_caller]
fn assert_without(text: &str, absent: &[&str]) {
    for part in absent {
        assert!(!text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn draft_tells_keys_from_logins() {
    let text = drafted(DOCK);
    assert_lines(
        &text,
        &[
            "in = [{ header = { name = \"Authorization\", scheme = \"Token\" } }]",
            "expires_at = { at = \"/deleteAt\", as = \"time\" }",
            "scopes = { at = \"/scope\", as = \"space\" }",
            "request = { method = \"POST\", path = \"/{var.project}/api-clients\", body = [",
            "{ at = \"/scope\", from = \"scopes\", as = \"space\" },",
            "{ at = \"/deleteDaysAfterCreation\", from = \"expires\", as = \"days\" },",
            "request = { method = \"DELETE\", path = \"/{var.project}/api-clients/{id}\" }",
        ],
    );
    assert_without(&text, &["carts", "/id/access-tokens"]);
}

#[test]
fn draft_takes_life_before_name() {
    let text = drafted(REEF);
    assert_lines(
        &text,
        &[
            "in = [{ header = { name = \"Authorization\", scheme = \"Bearer\" } }]",
            "id = \"/uuid\"",
            "response = { identity = \"/username\" }",
            "pagination = { style = \"cursor\", param = \"pagination.page\", size_param = \"pagination.limit\", next = \"/pagination/next_page\" }",
            "{ at = \"/permission\", from = \"permission\" },",
            "permission = { required = true, choices = [\"full\", \"read\"] }",
            "{ at = \"/seconds_until_expiration\", from = \"expires\", as = \"seconds\" },",
            "# Left out: /b5",
            "response = { record = \"/credential\", secret = \"/credential/token\" }",
            "request = { method = \"DELETE\", path = \"/{var.account}/credentials/{id}\" }",
            "request = { method = \"POST\", path = \"/{var.account}/credentials/{id}/generateApiKey\" }",
            "permission = \"/permission\"",
        ],
    );
    // A description is no name, the account stands in the path, and what makes a key this one is not carried over.
    assert_without(
        &text,
        &[
            "operations.rename",
            "at = \"/account\"",
            "uuid = \"/uuid\"",
            "state = \"/state\"",
        ],
    );
}
