//! The view of a repair that is only planned.

use super::{NEXT_OF_PLAN, RotationView, view};
use crate::api::ApiClient;
use crate::core::error::Result;
use crate::destination::DestinationSpec;
use crate::rotation::journal::{
    Event, EventLog, Intent, LoggedEvent, RepairedKey, StorageLocation,
};
use crate::store::SecretRef;

/// Tells what a repair would do.
pub(in crate::commands) fn view_repair(
    client: &ApiClient<'_>,
    key: RepairedKey,
    to: &[DestinationSpec],
) -> Result<RotationView> {
    let session = client.session;
    let place = StorageLocation {
        store: session.store,
        shelter: false,
        item: SecretRef::fresh()?,
        spool_key: None,
    };
    let of = (client.profile, client.service.name());
    let intended = LoggedEvent {
        at: session.platform.clock.now(),
        event: Event::Intended(Box::new(Intent::of_repair(of, key, to, place))),
        by: None,
    };
    let mut view = view("", &Ok(EventLog(vec![intended])));
    view.id = None;
    view.state = "planned";
    for step in &mut view.steps {
        step.state = "planned";
        step.at = None;
    }
    NEXT_OF_PLAN.clone_into(&mut view.next);
    Ok(view)
}
