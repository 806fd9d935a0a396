//! The calls of a description, each with its parameters, its body and its response.

use serde_json::Value;

use super::document::{Document, entries, list};
use super::words::words;

/// The most calls that are looked at.
const MAX_CALLS: usize = 20_000;

/// The methods of calls.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A call.
pub(super) struct Call<'d> {
    /// In capitals.
    pub(super) method: String,
    pub(super) path: &'d str,
    pub(super) operation: &'d Value,
    pub(super) parameters: Vec<Parameter<'d>>,
    pub(super) shape: PathShape,
}

/// A parameter in the path, the query or a header.
pub(super) struct Parameter<'d> {
    pub(super) name: &'d str,
    /// `path`, `query`, `header`, `body` or `formData`.
    pub(super) place: &'d str,
    pub(super) required: bool,
    pub(super) schema: &'d Value,
    /// The parameter itself.
    pub(super) whole: &'d Value,
}

/// The body of a request.
pub(super) struct Body<'d> {
    pub(super) schema: BodySchema<'d>,
    pub(super) is_form: bool,
    /// The media type.
    pub(super) kind: &'d str,
}

/// The description of the fields of a body.
pub(super) enum BodySchema<'d> {
    One(&'d Value),
    /// The fields of a form of Swagger 2.
    Parameters(Vec<(&'d str, &'d Value, bool)>),
}

/// A response.
#[derive(Clone, Copy)]
pub(super) struct Response<'d> {
    pub(super) status: u16,
    pub(super) schema: &'d Value,
    /// The response itself, with its headers.
    pub(super) whole: &'d Value,
    /// The media type; an empty one is unknown.
    pub(super) kind: &'d str,
    /// The media type, with its examples.
    pub(super) media: &'d Value,
}

/// The parts of a path: its collection, the parameter that names one item, and an action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PathShape {
    /// The path of the collection.
    pub(super) collection: String,
    /// The parameter that names an item.
    pub(super) item: Option<String>,
    /// The word of an action, such as `rotate`.
    pub(super) action: Option<Action>,
}

/// An action, as the last word of a path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    List,
    Show,
    Rename,
    Revoke,
    Rotate,
    Verify,
}

/// The words of actions.
const ACTIONS: [(&str, Action); 32] = [
    ("create", Action::Create),
    ("generate", Action::Create),
    ("new", Action::Create),
    ("add", Action::Create),
    ("issue", Action::Create),
    ("mint", Action::Create),
    ("list", Action::List),
    ("search", Action::List),
    ("get", Action::Show),
    ("info", Action::Show),
    ("show", Action::Show),
    ("describe", Action::Show),
    ("read", Action::Show),
    ("update", Action::Rename),
    ("rename", Action::Rename),
    ("edit", Action::Rename),
    ("delete", Action::Revoke),
    ("revoke", Action::Revoke),
    ("remove", Action::Revoke),
    ("destroy", Action::Revoke),
    ("expire", Action::Revoke),
    ("invalidate", Action::Revoke),
    ("rotate", Action::Rotate),
    ("regenerate", Action::Rotate),
    ("roll", Action::Rotate),
    ("renew", Action::Rotate),
    ("reset", Action::Rotate),
    ("reroll", Action::Rotate),
    ("rotation", Action::Rotate),
    ("verify", Action::Verify),
    ("validate", Action::Verify),
    ("regenerated", Action::Rotate),
];

impl PathShape {
    /// Reads a path.
    pub(super) fn of(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        // `/keys.json` and `/keys/{id}.json` are one resource.
        let path = path.strip_suffix(".json").unwrap_or(path);
        let (head, last) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some(item) = hole(last) {
            let (before, action) = named(head);
            return PathShape {
                collection: before,
                item: Some(item),
                action,
            };
        }
        // `/keys/{id}:rotate`, `/keys.create`, `/keys/{id}/rotate`, `/key/createKey`.
        let divided = last
            .split_once([':', '.'])
            .filter(|(before, _)| !before.is_empty());
        if let Some((before, word)) = divided
            && let Some(action) = action_of(word)
        {
            let collection = if hole(before).is_some() {
                head.to_owned()
            } else {
                format!("{head}/{before}")
            };
            return PathShape {
                collection,
                item: hole(before),
                action: Some(action),
            };
        }
        let (before, action) = named(path);
        let Some(action) = action else {
            return PathShape {
                collection: before,
                item: None,
                action: None,
            };
        };
        let (parent, name) = before.rsplit_once('/').unwrap_or(("", &before));
        match hole(name) {
            Some(item) => PathShape {
                collection: parent.to_owned(),
                item: Some(item),
                action: Some(action),
            },
            None => PathShape {
                collection: before,
                item: None,
                action: Some(action),
            },
        }
    }
}

/// Splits the word of an action off a path.
fn named(path: &str) -> (String, Option<Action>) {
    let (head, last) = path.rsplit_once('/').unwrap_or(("", path));
    match action_of(last) {
        Some(action) if !head.is_empty() => (head.to_owned(), Some(action)),
        _ => (path.to_owned(), None),
    }
}

fn action_of(name: &str) -> Option<Action> {
    let words = words(name);
    let known = |word: &String| {
        ACTIONS
            .iter()
            .find(|(name, _)| name == word)
            .map(|(_, action)| *action)
    };
    match words.as_slice() {
        [only] => known(only),
        // `createKey`; but `list-items` may be a name.
        [first, .., last] if matches!(last.as_str(), "key" | "token" | "secret" | "credential") => {
            known(first)
        }
        _ => None,
    }
}

/// Returns the name of the parameter that a part of a path is.
pub(super) fn hole(part: &str) -> Option<String> {
    let inside = part.strip_prefix('{')?.strip_suffix('}')?;
    (!inside.is_empty() && !inside.contains(['{', '}'])).then(|| inside.to_owned())
}

/// Returns every call of a description.
pub(super) fn calls(document: &Document) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    for (path, item) in entries(&document.root["paths"]) {
        let item = document.resolve(item);
        for method in METHODS {
            let operation = document.resolve(&item[method]);
            if !operation.is_object() || found.len() >= MAX_CALLS || !path.starts_with('/') {
                continue;
            }
            let mut parameters: Vec<Parameter<'_>> = Vec::new();
            for whole in list(&operation["parameters"]).chain(list(&item["parameters"])) {
                let whole = document.resolve(whole);
                let (Some(name), Some(place)) = (whole["name"].as_str(), whole["in"].as_str())
                else {
                    continue;
                };
                if parameters
                    .iter()
                    .any(|one| one.name == name && one.place == place)
                {
                    continue;
                }
                // A parameter of Swagger 2 is its own schema.
                let described = [
                    &whole["schema"],
                    &whole["content"]["application/json"]["schema"],
                ];
                let schema = described
                    .into_iter()
                    .find(|schema| !schema.is_null())
                    .unwrap_or(whole);
                let required = whole["required"] == true;
                parameters.push(Parameter {
                    name,
                    place,
                    required,
                    schema,
                    whole,
                });
            }
            let method = method.to_ascii_uppercase();
            let shape = PathShape::of(path);
            found.push(Call {
                method,
                path,
                operation,
                parameters,
                shape,
            });
        }
    }
    found
}

impl<'d> Call<'d> {
    /// Returns the words that describe the call beside its path.
    pub(super) fn label(&self) -> String {
        let tags: Vec<&str> = list(&self.operation["tags"])
            .filter_map(Value::as_str)
            .collect();
        let text = |key: &str| self.operation[key].as_str().unwrap_or_default();
        format!(
            "{} {} {}",
            text("operationId"),
            text("summary"),
            tags.join(" ")
        )
    }

    /// Returns whether the description advises against it.
    pub(super) fn is_deprecated(&self) -> bool {
        self.operation["deprecated"] == true
    }

    /// Returns its body.
    pub(super) fn body(&self, document: &'d Document) -> Option<Body<'d>> {
        if document.is_swagger {
            if let Some(body) = self.parameters.iter().find(|one| one.place == "body") {
                return Some(Body {
                    schema: BodySchema::One(body.schema),
                    is_form: false,
                    kind: "application/json",
                });
            }
            let fields = self.parameters.iter().filter(|one| one.place == "formData");
            let fields: Vec<_> = fields
                .map(|one| (one.name, one.schema, one.required))
                .collect();
            return (!fields.is_empty()).then_some(Body {
                schema: BodySchema::Parameters(fields),
                is_form: true,
                kind: "application/x-www-form-urlencoded",
            });
        }
        let body = document.resolve(&self.operation["requestBody"]);
        let (kind, media) = media(&body["content"])?;
        let is_form =
            kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/");
        Some(Body {
            schema: BodySchema::One(&media["schema"]),
            is_form,
            kind,
        })
    }

    /// Returns its first response that is a success.
    pub(super) fn success(&self, document: &'d Document) -> Option<Response<'d>> {
        let mut found: Vec<Response<'d>> = entries(&self.operation["responses"])
            .filter(|(status, _)| status.starts_with('2') || *status == "default")
            .map(|(status, whole)| response(document, status, whole))
            .collect();
        found.sort_by_key(|one| (one.schema.is_null(), one.status));
        found.into_iter().next()
    }

    /// Returns its refusals.
    pub(super) fn refusals(&self, document: &'d Document) -> Vec<Response<'d>> {
        entries(&self.operation["responses"])
            .filter(|(status, _)| status.starts_with(['4', '5']) || *status == "default")
            .map(|(status, whole)| response(document, status, whole))
            .collect()
    }
}

fn response<'d>(document: &'d Document, status: &str, whole: &'d Value) -> Response<'d> {
    let whole = document.resolve(whole);
    let (kind, media, schema) = if document.is_swagger {
        ("", whole, &whole["schema"])
    } else {
        let (kind, media) = media(&whole["content"]).unwrap_or(("", &Value::Null));
        (kind, media, &media["schema"])
    };
    Response {
        status: status.parse().unwrap_or(299),
        schema,
        whole,
        kind,
        media,
    }
}

/// Returns whether a media type is a JSON of its own, which a service may not send unasked.
pub(super) fn is_own_json(kind: &str) -> bool {
    let bare = kind.split(';').next().unwrap_or_default().trim();
    bare.ends_with("+json") && !bare.contains('*')
}

/// Returns the media type that is read: JSON if there is one.
fn media(content: &Value) -> Option<(&str, &Value)> {
    let all = || entries(content).map(|(kind, media)| (kind.as_str(), media));
    all()
        .find(|(kind, _)| kind.split(';').next().unwrap_or_default().trim() == "application/json")
        .or_else(|| all().find(|(kind, _)| kind.contains("json")))
        .or_else(|| all().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_collection_item_action() {
        for (path, collection, item, action) in [
            ("/v1/keys", "/v1/keys", None, None),
            ("/v1/keys/{id}", "/v1/keys", Some("id"), None),
            (
                "/v1/keys/{id}/rotate",
                "/v1/keys",
                Some("id"),
                Some(Action::Rotate),
            ),
            (
                "/v1/keys/{id}:rotate",
                "/v1/keys",
                Some("id"),
                Some(Action::Rotate),
            ),
            ("/v1/keys.createKey", "/v1/keys", None, Some(Action::Create)),
            ("/key/generate", "/key", None, Some(Action::Create)),
            ("/orgs/{org}/tokens/", "/orgs/{org}/tokens", None, None),
            (
                "/keys/revoke/{id}",
                "/keys",
                Some("id"),
                Some(Action::Revoke),
            ),
            ("/list", "/list", None, None),
            ("/keys.json", "/keys", None, None),
            ("/keys/{id}.json", "/keys", Some("id"), None),
        ] {
            let found = PathShape::of(path);
            assert_eq!(found.collection, collection, "{path}");
            assert_eq!(found.item.as_deref(), item, "{path}");
            assert_eq!(found.action, action, "{path}");
        }
    }
}
