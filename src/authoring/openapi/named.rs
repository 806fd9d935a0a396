//! The parameter of a request that names the key, and the call that returns the owner of a key.

use serde_json::Value;

use super::calls::{BodySchema, Call};
use super::document::Document;
use super::words::{rank, words};
use crate::manifest::escaped_part;

/// Returns the parameter that names the key in a request without `{id}` in its path, and whether it is a field of the
/// body; else it is a query parameter.
pub(super) fn key_parameter(document: &Document, call: &Call<'_>) -> Option<(bool, String)> {
    const IDS: [&str; 16] = [
        "id",
        "key id",
        "token id",
        "api key id",
        "key",
        "token",
        "api key",
        "uuid",
        "credential id",
        "access key id",
        "token ids",
        "key ids",
        "name",
        "api token id",
        "hash",
        "uid",
    ];
    let rank = |name: &str| rank(&words(name), &IDS);
    let query = call.parameters.iter().filter(|one| one.place == "query");
    let query = query
        .filter_map(|one| Some((rank(one.name)?, one.name)))
        .min();
    if let Some((_, name)) = query.filter(|_| call.method != "POST") {
        return Some((false, name.to_owned()));
    }
    let body = call.body(document)?;
    let fields: Vec<(&str, &Value)> = match &body.schema {
        BodySchema::One(schema) => {
            let all = document.properties(schema).into_iter();
            all.map(|one| (one.name, one.schema)).collect()
        }
        BodySchema::Parameters(all) => all
            .iter()
            .map(|(name, schema, _)| (*name, *schema))
            .collect(),
    };
    let known = fields
        .into_iter()
        .filter_map(|(name, schema)| Some((rank(name)?, name, schema)));
    let (_, name, schema) = known.min_by_key(|(rank, ..)| *rank)?;
    let at = format!("/{}", escaped_part(name));
    let is_list = !body.is_form && document.kind(schema) == "array";
    Some((true, if is_list { format!("{at}/0") } else { at }))
}

/// The ends of the paths that return the owner of a key, the best first.
const SELVES: [&str; 25] = [
    "/whoami",
    "/authenticate",
    "/me",
    "/users/me",
    "/user",
    "/user/me",
    "/auth/validate",
    "/auth/me",
    "/users/self",
    "/auth/whoami",
    "/key",
    "/token",
    "/api-key",
    "/account",
    "/self",
    "/users/current",
    "/current_user",
    "/current-user",
    "/auth/test",
    "/validate",
    "/profile",
    "/user/self",
    "/account/me",
    "/userinfo",
    "/session/userinfo",
];

/// Returns the call that returns the owner of a key.
pub(super) fn verification<'c, 'd>(
    document: &Document,
    calls: &'c [Call<'d>],
) -> Option<&'c Call<'d>> {
    let rank = |call: &Call<'_>| {
        let path = call.path.trim_end_matches('/').to_ascii_lowercase();
        // `/_security/_authenticate`.
        let path = path.replace("/_", "/");
        // Before it stand only versions: `/models/user` is something else.
        let is_prefix = |start: &str| {
            start.split('/').all(|part| {
                let versioned =
                    part.starts_with('v') && part[1..].starts_with(|c: char| c.is_ascii_digit());
                versioned
                    || matches!(
                        part,
                        "" | "api" | "rest" | "public" | "rest-api" | "security"
                    )
                    || part.starts_with(|c: char| c.is_ascii_digit())
            })
        };
        SELVES
            .iter()
            .position(|end| path.strip_suffix(end).is_some_and(is_prefix))
    };
    let fits = |call: &&Call<'_>| {
        let needs = call
            .parameters
            .iter()
            .any(|one| one.required && matches!(one.place, "query" | "path" | "body"));
        let is_open = call.operation["security"]
            .as_array()
            .is_some_and(Vec::is_empty);
        // `{"users": […]}` is the list of all of them.
        let is_list = |schema: &Value| {
            document.kind(schema) == "array"
                || matches!(document.properties(schema).as_slice(), [only] if document.kind(only.schema) == "array")
        };
        let answers = call
            .success(document)
            .is_some_and(|one| one.schema != &Value::Null && !is_list(one.schema));
        call.method == "GET"
            && !needs
            && !is_open
            && answers
            && !call.is_deprecated()
            && rank(call).is_some()
    };
    calls
        .iter()
        .filter(fits)
        .min_by_key(|call| (rank(call), call.path.len()))
}
