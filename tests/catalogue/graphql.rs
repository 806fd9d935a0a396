//! Queries of `GraphQL`, held against the types that a service publishes, and the answers that they describe.
//!
//! A field is `TYPE (ARGUMENT: TYPE, …)`, a type as `GraphQL` writes it; `+` after it says that the field may be `null`
//! and is part of every key, `is:JSON` what is answered.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::facts::{Answer, FieldFact};

/// The facts of the types that calls use.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GraphQl {
    /// Objects and inputs: their fields by name.
    types: BTreeMap<String, BTreeMap<String, String>>,
    /// Scalars and enums, as fields are written elsewhere.
    scalars: BTreeMap<String, FieldFact>,
}

/// A type with its marks.
#[derive(Clone, PartialEq, Debug)]
enum Type {
    Named(String, bool),
    List(Box<Type>, bool),
}

/// A field of a type.
struct Field {
    kind: Type,
    arguments: Vec<(String, Type)>,
    needed: bool,
    sample: Option<Value>,
}

/// A field that a query asks for.
struct Selected {
    /// The type that an inline fragment is for.
    fragment: Option<String>,
    name: String,
    arguments: Vec<(String, String)>,
    inner: Vec<Selected>,
}

/// An operation.
struct Operation {
    kind: String,
    variables: Vec<(String, Type)>,
    selected: Vec<Selected>,
}

impl Type {
    fn of(text: &str) -> Type {
        let text = text.trim();
        let required = text.ends_with('!');
        let bare = text.trim_end_matches('!');
        match bare
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            Some(inner) => Type::List(Box::new(Type::of(inner)), required),
            None => Type::Named(bare.to_owned(), required),
        }
    }

    fn is_required(&self) -> bool {
        let (Type::Named(_, required) | Type::List(_, required)) = self;
        *required
    }

    fn name(&self) -> &str {
        match self {
            Type::Named(name, _) => name,
            Type::List(inner, _) => inner.name(),
        }
    }

    /// Returns whether a variable of this type may stand where `other` is wanted.
    fn fits(&self, other: &Type) -> bool {
        let same = match (self, other) {
            (Type::Named(one, _), Type::Named(two, _)) => one == two,
            (Type::List(one, _), Type::List(two, _)) => one.fits(two),
            _ => false,
        };
        same && (self.is_required() || !other.is_required())
    }
}

/// The tokens of an operation: names, and the marks that separate them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '$' | '!' | '[' | ']' | '.') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if matches!(c, '{' | '}' | '(' | ')' | ':') {
            tokens.push(c.to_string());
        }
    }
    tokens
}

impl Operation {
    fn of(text: &str) -> Operation {
        let mut rest = tokens(text).into_iter().peekable();
        let kind = rest.next().unwrap_or_default();
        let mut variables = Vec::new();
        if rest.next_if_eq("(").is_some() {
            while let Some(name) = rest.next_if(|one| one != ")") {
                assert_eq!(rest.next().as_deref(), Some(":"), "{text}");
                let kind = Type::of(&rest.next().unwrap_or_default());
                variables.push((name.trim_start_matches('$').to_owned(), kind));
            }
            rest.next();
        }
        let selected = selection(&mut rest);
        assert_eq!(rest.next(), None, "{text}");
        Operation {
            kind,
            variables,
            selected,
        }
    }
}

fn selection(rest: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> Vec<Selected> {
    let mut all = Vec::new();
    if rest.next_if_eq("{").is_none() {
        return all;
    }
    while let Some(name) = rest.next_if(|one| one != "}") {
        let mut fragment = None;
        if name == "..." {
            assert_eq!(rest.next().as_deref(), Some("on"));
            fragment = rest.next();
        }
        let mut arguments = Vec::new();
        if rest.next_if_eq("(").is_some() {
            while let Some(name) = rest.next_if(|one| one != ")") {
                assert_eq!(rest.next().as_deref(), Some(":"));
                let value = rest.next().unwrap_or_default();
                arguments.push((name, value.trim_start_matches('$').to_owned()));
            }
            rest.next();
        }
        all.push(Selected {
            fragment,
            name,
            arguments,
            inner: selection(rest),
        });
    }
    rest.next();
    all
}

impl GraphQl {
    fn field(&self, kind: &str, name: &str) -> Option<Field> {
        let text = self.types.get(kind)?.get(name)?;
        let (text, sample) = match text.split_once(" is:") {
            Some((text, sample)) => (text, Some(serde_json::from_str(sample).expect("JSON"))),
            None => (text.as_str(), None),
        };
        let (kind, arguments) = text.split_once(" (").unwrap_or((text, ""));
        let arguments = arguments.trim_end_matches(')').split(", ");
        Some(Field {
            kind: Type::of(kind.trim_end_matches('+')),
            arguments: arguments
                .filter_map(|one| one.split_once(": "))
                .map(|(name, kind)| (name.to_owned(), Type::of(kind)))
                .collect(),
            needed: kind.ends_with('+'),
            sample,
        })
    }

    /// Returns everything in a request that the service does not have, or not so.
    pub(super) fn objections(&self, body: &Value) -> Vec<String> {
        let operation = Operation::of(body["query"].as_str().unwrap_or_default());
        let mut wrong = Vec::new();
        self.selected(
            root(&operation.kind),
            &operation.selected,
            &operation.variables,
            &mut wrong,
        );
        for (name, kind) in &operation.variables {
            self.value(&body["variables"][name], kind, name, &mut wrong);
        }
        let sent = body["variables"].as_object().into_iter().flatten();
        for (name, _) in sent {
            if !operation.variables.iter().any(|(known, _)| known == name) {
                wrong.push(format!("the variable `{name}` is not declared"));
            }
        }
        wrong
    }

    fn selected(
        &self,
        kind: &str,
        selected: &[Selected],
        variables: &[(String, Type)],
        wrong: &mut Vec<String>,
    ) {
        for one in selected {
            if let Some(fragment) = &one.fragment {
                self.selected(fragment, &one.inner, variables, wrong);
                continue;
            }
            let place = format!("{kind}.{}", one.name);
            let Some(field) = self.field(kind, &one.name) else {
                wrong.push(format!("`{place}` is not documented"));
                continue;
            };
            for (name, variable) in &one.arguments {
                let wanted = field.arguments.iter().find(|(known, _)| known == name);
                let given = variables.iter().find(|(known, _)| known == variable);
                match (wanted, given) {
                    (Some((_, wanted)), Some((_, given))) if given.fits(wanted) => {}
                    _ => wrong.push(format!("`{place}` does not take `{name}: ${variable}`")),
                }
            }
            let missing = field.arguments.iter().filter(|(name, kind)| {
                kind.is_required() && !one.arguments.iter().any(|(given, _)| given == name)
            });
            wrong.extend(missing.map(|(name, _)| format!("`{place}` needs `{name}`")));
            let is_leaf = self.scalars.contains_key(field.kind.name());
            if is_leaf != one.inner.is_empty() {
                wrong.push(format!("`{place}` has another depth"));
            }
            self.selected(field.kind.name(), &one.inner, variables, wrong);
        }
    }

    /// Holds the value of a variable against its type.
    fn value(&self, value: &Value, kind: &Type, place: &str, wrong: &mut Vec<String>) {
        if value.is_null() {
            if kind.is_required() {
                wrong.push(format!("`{place}` is required"));
            }
            return;
        }
        match kind {
            Type::List(inner, _) => match value.as_array() {
                Some(items) => items
                    .iter()
                    .for_each(|item| self.value(item, inner, place, wrong)),
                None => wrong.push(format!("`{place}` is not a list")),
            },
            Type::Named(name, _) => {
                if let Some(fact) = self.scalars.get(name) {
                    wrong.extend(fact.objection(value).map(|why| format!("`{place}`: {why}")));
                    return;
                }
                let known = self.types.get(name).cloned().unwrap_or_default();
                for name in value.as_object().into_iter().flat_map(Map::keys) {
                    if !known.contains_key(name) {
                        wrong.push(format!("`{place}.{name}` is not documented"));
                    }
                }
                for (field, kind) in &known {
                    self.value(
                        &value[field],
                        &Type::of(kind),
                        &format!("{place}.{field}"),
                        wrong,
                    );
                }
            }
        }
    }

    /// Returns the response to a query.
    pub(super) fn answer(&self, body: &Value, answer: Answer) -> Value {
        let operation = Operation::of(body["query"].as_str().unwrap_or_default());
        let mut data = Map::new();
        self.fill(
            root(&operation.kind),
            &operation.selected,
            answer,
            &mut data,
        );
        json!({ "data": data })
    }

    fn fill(
        &self,
        kind: &str,
        selected: &[Selected],
        answer: Answer,
        into: &mut Map<String, Value>,
    ) {
        for one in selected {
            if let Some(fragment) = &one.fragment {
                self.fill(fragment, &one.inner, answer, into);
                continue;
            }
            let Some(field) = self.field(kind, &one.name) else {
                continue;
            };
            let name = field.kind.name();
            let may_be_null = answer == Answer::Nulls && !field.kind.is_required() && !field.needed;
            let value = match (self.scalars.get(name), field.sample) {
                (_, Some(sample)) => sample,
                (Some(_), None) if may_be_null => Value::Null,
                (Some(fact), None) => fact.sample().expect("a sample"),
                (None, None) => {
                    let mut inner = Map::new();
                    self.fill(name, &one.inner, answer, &mut inner);
                    Value::Object(inner)
                }
            };
            let is_list = matches!(field.kind, Type::List(..)) && !value.is_array();
            into.insert(
                one.name.clone(),
                if is_list && !value.is_null() {
                    json!([value])
                } else {
                    value
                },
            );
        }
    }
}

fn root(kind: &str) -> &'static str {
    if kind == "mutation" {
        "Mutation"
    } else {
        "Query"
    }
}
