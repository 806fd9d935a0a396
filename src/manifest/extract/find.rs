//! Selects an element of a list by what it holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::pointer::Pointer;
use super::super::source::{Source, plain_text};
#[cfg(test)]
use crate::manifest::json_schema::one_of;

/// Selects an element of a list.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("oneOf" = one_of(&["equals", "from"]))))]
#[serde(deny_unknown_fields)]
pub struct ElementMatch {
    /// The location in an element that is compared; of a list there, one item must match. Required. Example: `at =
    /// "/name"`.
    pub at: Pointer,
    /// The value that the element must have, as text. Either this or `from` is required.
    pub equals: Option<Value>,
    /// The value that the element must have: an input, a variable or a capture. Example: `from = "name"`.
    pub from: Option<Source>,
    /// The value that the element must have if `from` has none. Default: nothing is found then.
    pub default: Option<Value>,
    /// Further conditions on the element; all must hold. Default: none. Example: `and = [{ at = "/target", from =
    /// "environment" }]`.
    #[serde(default)]
    pub and: Vec<ElementCondition>,
    /// The location in the element to take. Default: the whole element. Example: `then = "/id"`.
    pub then: Option<Pointer>,
}

/// A further condition on an element of a list.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("oneOf" = one_of(&["equals", "from", "exists"]))))]
#[serde(deny_unknown_fields)]
pub struct ElementCondition {
    /// The location in the element; of a list there, one item must match. Required. Example: `at = "/target"`.
    pub at: Pointer,
    /// The value that it must have, as text. This, `from` or `exists` is required.
    pub equals: Option<Value>,
    /// The value that it must have: an input, a variable or a capture. Example: `from = "environment"`.
    pub from: Option<Source>,
    /// The value that it must have if `from` has none. Default: the condition does not hold then.
    pub default: Option<Value>,
    /// Requires it to be there or not; `null` is not there. Example: `exists = false`.
    pub exists: Option<bool>,
}

impl ElementMatch {
    /// Returns the matching element of a list, or the part of it to take.
    pub(super) fn in_list(&self, list: &Value, known: &BTreeMap<String, Value>) -> Option<Value> {
        let wanted = wanted(
            self.equals.as_ref(),
            self.from.as_ref(),
            self.default.as_ref(),
            known,
        )?;
        let element = list.as_array()?.iter().find(|element| {
            has(element, &self.at, &wanted) && self.and.iter().all(|one| one.holds(element, known))
        })?;
        match &self.then {
            Some(pointer) => pointer.find(element).map(Cow::into_owned),
            None => Some(element.clone()),
        }
    }

    /// Returns the objection to it, if any.
    pub(super) fn objection(&self) -> Option<&'static str> {
        if self.equals.is_some() == self.from.is_some() {
            return Some("`find` has either `equals` or `from`");
        }
        let ways = |one: &ElementCondition| {
            let ways = [
                one.equals.is_some(),
                one.from.is_some(),
                one.exists.is_some(),
            ];
            ways.into_iter().filter(|way| *way).count()
        };
        if self.and.iter().any(|one| ways(one) != 1) {
            return Some("a condition in `and` has one of `equals`, `from` and `exists`");
        }
        let lost =
            |default: &Option<Value>, from: &Option<Source>| default.is_some() && from.is_none();
        let mut and = self.and.iter();
        if lost(&self.default, &self.from) || and.any(|one| lost(&one.default, &one.from)) {
            return Some("`default` needs `from`");
        }
        None
    }

    /// Returns the sources that elements are compared with.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let and = self.and.iter().filter_map(|one| one.from.as_ref());
        self.from.iter().chain(and)
    }
}

impl ElementCondition {
    fn holds(&self, element: &Value, known: &BTreeMap<String, Value>) -> bool {
        if let Some(exists) = self.exists {
            let found = self.at.find(element);
            return exists == found.is_some_and(|value| !value.is_null());
        }
        wanted(
            self.equals.as_ref(),
            self.from.as_ref(),
            self.default.as_ref(),
            known,
        )
        .is_some_and(|wanted| has(element, &self.at, &wanted))
    }
}

/// Returns the text that an element is compared with.
fn wanted(
    equals: Option<&Value>,
    from: Option<&Source>,
    default: Option<&Value>,
    known: &BTreeMap<String, Value>,
) -> Option<String> {
    match (equals, from) {
        (Some(value), _) => plain_text(value),
        (None, Some(source)) => match known.get(&source.to_string()) {
            Some(value) => plain_text(value),
            None => plain_text(default?),
        },
        (None, None) => None,
    }
}

/// Returns whether an element has a text at a location, or in a list there.
fn has(element: &Value, at: &Pointer, wanted: &str) -> bool {
    let is = |value: &Value| plain_text(value).as_deref() == Some(wanted);
    at.find(element).is_some_and(|found| match &*found {
        Value::Array(items) => items.iter().any(is),
        value => is(value),
    })
}
