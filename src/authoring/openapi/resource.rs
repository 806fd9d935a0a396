//! The resources that look like keys, and the verbs of their calls.

use super::calls::{Action, Call, PathShape, hole};
use super::document::Document;
use super::inputs;
use super::named::key_parameter;
use super::nouns::{KEY_NOUN, NOUNS, OTHERS, SURE_NOUN, noun};
use super::secrets::secret;
use super::words::{has, has_any, is, words};
use crate::manifest::Verb;

/// A collection that may be one of keys.
pub(super) struct Resource {
    /// The path of the collection.
    pub(super) path: String,
    /// Its likeness to a collection of keys.
    pub(super) score: i32,
    /// The calls, as places in the list of all calls.
    pub(super) calls: Vec<(Verb, usize)>,
}

impl Resource {
    /// Returns whether its name is that of keys.
    pub(super) fn is_named(&self) -> bool {
        noun(&self.path) > 0
    }
}

/// The likeness from which on a resource is one of keys by its name.
const SURE: i32 = 12;

/// Returns the resources that look like keys, the best first, and the one at the path that the user names.
pub(super) fn resources(
    document: &Document,
    calls: &[Call<'_>],
    wanted: Option<&str>,
) -> Vec<Resource> {
    let wanted = wanted.map(|path| PathShape::of(path).collection);
    let is_wanted = |path: &str| wanted.as_deref() == Some(path);
    let named = collected(document, calls, &is_wanted, &|path| noun(path) > 0);
    if named.iter().any(|one| one.score >= SURE) {
        return named;
    }
    // Robots, clients and apps are keys by what their creation brings.
    let issuing: Vec<&str> = calls
        .iter()
        .filter(|call| issues(document, calls, call))
        .map(|call| call.shape.collection.as_str())
        .collect();
    collected(document, calls, &is_wanted, &|path| {
        noun(path) > 0 || issuing.contains(&path)
    })
}

/// The names of what acts with a secret of its own, without being called a key.
const AGENTS: [&str; 14] = [
    "robot",
    "bot",
    "client",
    "app",
    "application",
    "service account",
    "service user",
    "machine",
    "machine user",
    "principal",
    "service principal",
    "consumer",
    "agent",
    "identity",
];

/// Returns whether a call creates an agent with a secret that can be listed and deleted.
fn issues(document: &Document, calls: &[Call<'_>], call: &Call<'_>) -> bool {
    let path = call.shape.collection.as_str();
    let name = words(path.rsplit('/').next().unwrap_or_default());
    let has_verb = |verb: Verb| {
        let mut own = calls.iter().filter(|one| one.shape.collection == path);
        own.any(|one| verb_of(document, one) == Some(verb))
    };
    call.method == "POST"
        && verb_of(document, call) == Some(Verb::Create)
        && AGENTS.iter().any(|agent| has(&name, agent))
        && !has_any(&name, &OTHERS)
        && brings_secret(document, call)
        && !takes_secret(document, call)
        && has_verb(Verb::List)
        && has_verb(Verb::Revoke)
}

fn collected(
    document: &Document,
    calls: &[Call<'_>],
    is_wanted: &dyn Fn(&str) -> bool,
    is_likely: &dyn Fn(&str) -> bool,
) -> Vec<Resource> {
    let mut found: Vec<Resource> = Vec::new();
    let mut places: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for (index, call) in calls.iter().enumerate() {
        if !is_likely(&call.shape.collection) && !is_wanted(&call.shape.collection) {
            continue;
        }
        let place = *places.entry(&call.shape.collection).or_insert_with(|| {
            found.push(Resource {
                path: call.shape.collection.clone(),
                score: 0,
                calls: Vec::new(),
            });
            found.len() - 1
        });
        if let Some(verb) = verb_of(document, call) {
            let known = &mut found[place].calls;
            match known.iter_mut().find(|(other, _)| *other == verb) {
                Some(other) if is_better(call, &calls[other.1], verb) => other.1 = index,
                Some(_) => {}
                None => known.push((verb, index)),
            }
        }
    }
    for resource in &mut found {
        resource.score = score(document, calls, resource);
    }
    found.retain(|one| (one.score > 0 || is_wanted(&one.path)) && !one.calls.is_empty());
    found.sort_by_key(|one| (-one.score, one.path.len()));
    found
}

/// Returns the place of the resource at a path that the user names.
pub(super) fn position(found: &[Resource], path: &str) -> Option<usize> {
    let path = PathShape::of(path).collection;
    found.iter().position(|one| one.path == path)
}

/// Returns the verb that a call is.
fn verb_of(document: &Document, call: &Call<'_>) -> Option<Verb> {
    let method = call.method.as_str();
    let has_item = call.shape.item.is_some();
    // A token endpoint is a login.
    if has_field(document, call, "grant_type") {
        return None;
    }
    let by_method = match (method, has_item) {
        ("GET", false) => Some(Verb::List),
        ("POST" | "PUT", false) => Some(Verb::Create),
        ("GET", true) => Some(Verb::Show),
        ("PATCH" | "PUT" | "POST", true) => Some(Verb::Rename),
        ("DELETE", _) => Some(Verb::Revoke),
        _ => None,
    };
    match call.shape.action {
        None if by_method == Some(Verb::Revoke) && !has_item => {
            names_one(document, call).then_some(Verb::Revoke)
        }
        None if by_method == Some(Verb::Rename) && said_change(call).is_some() => said_change(call),
        None if by_method == Some(Verb::Rename) && is_secret_alone(document, call) => {
            Some(Verb::Rotate)
        }
        None if by_method == Some(Verb::Rename)
            && method != "PATCH"
            && brings_secret(document, call) =>
        {
            // `PUT /tokens/{name}` makes a key, `POST /keys/{id}` a new secret; `PUT /keys/{id}` shows what it changes.
            let item = words(call.shape.item.as_deref().unwrap_or_default());
            Some(match method {
                _ if has(&item, "name") => Verb::Create,
                "POST" => Verb::Rotate,
                _ => Verb::Rename,
            })
        }
        None => by_method,
        // `POST /keys/{id}/generateKey` makes a new secret of the same key.
        Some(Action::Create)
            if has_item && method == "POST" && noun(&call.shape.collection) > 0 =>
        {
            brings_secret(document, call).then_some(Verb::Rotate)
        }
        Some(Action::Create) if method != "GET" && method != "DELETE" => Some(Verb::Create),
        Some(Action::List) => Some(Verb::List),
        Some(Action::Show) => Some(if has_item || names_one(document, call) {
            Verb::Show
        } else {
            Verb::List
        }),
        Some(Action::Rename) if method != "GET" => Some(Verb::Rename),
        Some(Action::Revoke) if method != "GET" => Some(Verb::Revoke),
        Some(Action::Rotate) if method != "GET" => Some(Verb::Rotate),
        _ => None,
    }
}

/// Returns the change of a key that only the name of a call says.
fn said_change(call: &Call<'_>) -> Option<Verb> {
    let said = words(call.operation["operationId"].as_str().unwrap_or_default());
    if has_any(&said, &["revoke", "delete", "remove", "invalidate"]) {
        return Some(Verb::Revoke);
    }
    has_any(&said, &["rotate", "regenerate", "reroll"]).then_some(Verb::Rotate)
}

/// Returns whether a query parameter or the body names one key.
fn names_one(document: &Document, call: &Call<'_>) -> bool {
    key_parameter(document, call).is_some()
}

fn has_field(document: &Document, call: &Call<'_>, name: &str) -> bool {
    let body = call.body(document);
    body.is_some_and(|body| {
        let all = inputs::of_body(document, &body);
        all.iter().any(|field| field.name == name)
    })
}

fn brings_secret(document: &Document, call: &Call<'_>) -> bool {
    let response = call.success(document);
    response.is_some_and(|response| secret(document, response.schema, None).is_some())
}

/// Returns whether a response has nothing but a secret: that of a rotation, whatever its method.
fn is_secret_alone(document: &Document, call: &Call<'_>) -> bool {
    let response = call.success(document);
    response.is_some_and(|one| {
        let place = secret(document, one.schema, None);
        // The only field of an envelope holds the whole key.
        document.properties(one.schema).len() == 1
            && place.is_some_and(|place| place.matches('/').count() == 1)
    })
}

/// Returns whether the request must hold the secret that the response shows: it is kept, not issued.
fn takes_secret(document: &Document, call: &Call<'_>) -> bool {
    let response = call.success(document);
    let place = response.and_then(|one| secret(document, one.schema, None));
    let (Some(place), Some(body)) = (place, call.body(document)) else {
        return false;
    };
    inputs::of_body(document, &body)
        .iter()
        .any(|field| field.required && field.at == place)
}

/// Returns whether a call is the better one of two for a verb.
fn is_better(call: &Call<'_>, other: &Call<'_>, verb: Verb) -> bool {
    let rank = |call: &Call<'_>| {
        let method = match (verb, call.method.as_str()) {
            (Verb::Create | Verb::Rotate, "POST")
            | (Verb::Rename, "PATCH")
            | (Verb::Revoke, "DELETE") => 0,
            (Verb::Rename, "PUT") => 1,
            _ => 2,
        };
        (
            call.is_deprecated(),
            method,
            call.shape.action.is_some(),
            // `DELETE /keys/{id}` names one key, `DELETE /keys` any number.
            verb == Verb::Revoke && call.shape.item.is_none(),
            call.path.len(),
        )
    };
    rank(call) < rank(other)
}

fn score(document: &Document, calls: &[Call<'_>], resource: &Resource) -> i32 {
    let weight = noun(&resource.path);
    let mut score = weight;
    let call = |verb: Verb| {
        let found = resource.calls.iter().find(|(known, _)| *known == verb);
        found.map(|(_, index)| &calls[*index])
    };
    if let Some(create) = call(Verb::Create) {
        score += 4;
        if brings_secret(document, create) {
            score += 8;
        } else if weight < SURE_NOUN {
            // `/authorizations`, `/credentials`: the secret is what makes them keys.
            score -= 20;
        }
        let label = words(&create.label());
        let known = NOUNS
            .iter()
            .filter(|(noun, weight)| *weight > 11 && has(&label, noun));
        score += known.map(|(_, weight)| weight / 4).max().unwrap_or(0);
        if has_any(&label, &OTHERS) {
            score -= 4;
        }
        if create.is_deprecated() {
            score -= 10;
        }
        if takes_secret(document, create) {
            score -= 40;
        }
    } else if call(Verb::Rotate).is_none() || weight < KEY_NOUN {
        // A secret that is only rotated belongs to something else: it signs webhooks.
        score -= 8;
    }
    if [Verb::List, Verb::Show, Verb::Revoke]
        .into_iter()
        .all(|verb| call(verb).is_none())
    {
        // A token that is neither listed nor revoked is that of a login.
        score -= 12;
    }
    score += 3 * i32::from(call(Verb::List).is_some());
    score += 3 * i32::from(call(Verb::Revoke).is_some());
    score += i32::from(call(Verb::Rename).is_some()) + i32::from(call(Verb::Rotate).is_some());
    let parts = resource.path.split('/').count();
    let holes = resource.path.matches('{').count();
    score
        - i32::try_from(parts.min(20)).unwrap_or(20) / 3
        - 2 * i32::try_from(holes.min(10)).unwrap_or(10)
}

/// Returns whether two collections may be of the same keys: all names in the path of one stand in that of the other.
fn is_same_thing(one: &str, other: &str) -> bool {
    let names = |path: &str| -> Vec<Vec<String>> {
        let parts = path.split('/').filter(|part| hole(part).is_none());
        let all = parts.map(words).filter(|words| !words.is_empty());
        all.filter(|words| !is(words, &["api", "auth", "rest", "iam", "v1", "v2", "v3"]))
            .collect()
    };
    let (one, other) = (names(one), names(other));
    let stands_in = |short: &[Vec<String>], long: &[Vec<String>]| {
        let mut long = long.iter();
        short.iter().all(|name| long.any(|known| known == name))
    };
    stands_in(&one, &other) || stands_in(&other, &one)
}

/// Returns the call that creates a key of a kind that its path names: `POST /keys/{type}/{owner}`.
fn created_below(document: &Document, calls: &[Call<'_>], path: &str) -> Option<usize> {
    calls.iter().position(|call| {
        let below = call
            .path
            .strip_prefix(path)
            .and_then(|rest| rest.strip_prefix('/'));
        let mut holes = below.into_iter().flat_map(|rest| rest.split('/'));
        call.method == "POST"
            && below.is_some_and(|rest| rest.contains('/'))
            && holes.all(|part| hole(part).is_some())
            && brings_secret(document, call)
    })
}

/// Returns the call for the owner of the keys, whose record lists them: `GET /robots/{id}` for `/robots/{id}/secrets`.
fn listed_above(document: &Document, calls: &[Call<'_>], path: &str) -> Option<usize> {
    let (above, name) = path.rsplit_once('/')?;
    let noun = words(name);
    calls.iter().position(|call| {
        let lists = |schema| {
            let fields = document.properties(schema);
            fields.iter().any(|field| {
                words(field.name) == noun
                    && document
                        .items(field.schema)
                        .is_some_and(|item| !document.properties(item).is_empty())
            })
        };
        call.method == "GET"
            && call.path == above
            && call.success(document).is_some_and(|one| lists(one.schema))
    })
}

/// Adds calls that a resource lacks from others with the same last name: keys may be created below a user and listed
/// at the top.
pub(super) fn complete(
    document: &Document,
    found: &mut [Resource],
    index: usize,
    calls: &[Call<'_>],
) {
    let last = |path: &str| {
        path.rsplit('/')
            .find(|part| !part.starts_with('{'))
            .map(words)
    };
    let name = last(&found[index].path);
    let missing = [
        Verb::List,
        Verb::Create,
        Verb::Show,
        Verb::Rename,
        Verb::Revoke,
        Verb::Rotate,
    ];
    for verb in missing {
        if found[index].calls.iter().any(|(known, _)| *known == verb) {
            continue;
        }
        let mut others: Vec<usize> = found
            .iter()
            .enumerate()
            .filter(|(other, one)| {
                *other != index
                    && last(&one.path) == name
                    && is_same_thing(&found[index].path, &one.path)
            })
            .flat_map(|(_, one)| &one.calls)
            .filter(|(known, _)| *known == verb)
            .map(|(_, call)| *call)
            .filter(|call| !calls[*call].is_deprecated())
            .collect();
        others.sort_by_key(|call| {
            (
                calls[*call].path.matches('{').count(),
                calls[*call].path.len(),
            )
        });
        let path = &found[index].path;
        let near = match verb {
            Verb::List => listed_above(document, calls, path),
            Verb::Create => created_below(document, calls, path),
            _ => None,
        };
        if let Some(call) = near {
            found[index].calls.push((verb, call));
            continue;
        }
        // A rotation of another resource is another thing; a list or a revocation by id is not.
        if let Some(call) = others.first().filter(|_| verb != Verb::Rotate) {
            found[index].calls.push((verb, *call));
        }
    }
}
