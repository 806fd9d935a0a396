//! Begins a rotation of a key whose last rotation was being rolled back.

use super::super::{Context, delivery};
use super::rotate::{RotateRequest, destinations};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::shell_argument;
use crate::destination::DestinationSpec;

/// Says that finishing the rotation `id` has rotated nothing.
pub(super) fn nothing_rotated(id: &str) -> Error {
    let what = format!("the rotation {id} was aborted: nothing was rotated");
    Error::new(Kind::Uncertain, what)
}

/// Refuses to begin another rotation whose destinations would differ from those of the one that was rolled back.
pub(super) async fn check(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
    old: &Key,
    (id, went_to): (&str, &[DestinationSpec]),
) -> Result<()> {
    let own = delivery::login_destination(client, Some(old)).await?;
    let to = destinations(context, &request.to, own.as_ref())?;
    let error = nothing_rotated(id);
    if to.len() == went_to.len() && to.iter().all(|spec| went_to.contains(spec)) {
        let what = error.message();
        context.log.note(&format!("{what}; it is rotated anew"));
        return Ok(());
    }
    Err(error.hint(format!(
        "to rotate it now, say where the new key goes: keywright keys rotate {} --to file:PATH",
        shell_argument(request.key.unwrap_or("KEY"))
    )))
}
