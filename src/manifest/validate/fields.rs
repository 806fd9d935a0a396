//! Checks the operation that changes the fields of a key, and the recipient of a field that is sealed.

use std::collections::BTreeSet;

use super::super::schema::{Encode, Field, Operation};
use super::super::source::Source;
use super::Validator;

impl Validator<'_> {
    /// Checks that `set` sends fields, and only those that are given.
    pub(super) fn set(&mut self, operation: &Operation) {
        if operation.settable().is_empty() {
            self.problem(
                "request",
                "the request sends no field of the key: use one, such as `from = \"name\"`",
            );
        }
        for (name, spec) in &operation.parameters {
            if spec.default.is_some() {
                self.problem(
                    &format!("parameters.{name}.default"),
                    "a default would change a field that is not given: remove it",
                );
            }
        }
    }

    /// Checks that a sealed box has a recipient, and nothing else has one.
    pub(super) fn recipient(&mut self, field: &Field, place: &str, known: &BTreeSet<Source>) {
        match (&field.recipient, field.form == Encode::SealedBox) {
            (Some(source), true) => self.field_source(source, known),
            (None, true) => self.problem(
                &format!("{place}.as"),
                "`sealed-box` needs `recipient`, the public key that it is sealed for",
            ),
            (Some(_), false) => self.problem(
                &format!("{place}.recipient"),
                "only a value that is sealed has a recipient: add `as = \"sealed-box\"`, or remove it",
            ),
            (None, false) => {}
        }
    }
}
