//! Checks the operation that changes the fields of a key.

use super::super::schema::Operation;
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
}
