//! The call that would write to a destination, made so that it changes nothing.

use super::{DescribedDestination, PlaceState};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::service::CallError;

/// The value of a call that changes nothing.
const PLACEHOLDER: &str = "keywright-probe";

impl DescribedDestination {
    /// Makes the call that would write, with the parameters that keep it from changing anything, if its manifest names
    /// them.
    pub(super) async fn rehearse(&self, state: Option<&PlaceState>) -> Result<()> {
        let verb = self.verb_to_write(state);
        let operation = self.manifest.operation(verb);
        let request = operation.and_then(|operation| operation.request.as_ref());
        if request.is_none_or(|request| request.dry_run.is_empty()) {
            return Ok(());
        }
        let mut values = self.values_to_write(state, &Secret::new(PLACEHOLDER));
        values.is_dry_run = true;
        let answer = self.call(verb, values).await;
        answer.map(drop).map_err(|failure| {
            let unchanged = CallError {
                may_have_acted: false,
                ..failure
            };
            self.refused(unchanged)
        })
    }
}
