//! `profile:NAME`: the stored key of a profile, which a higher layer stores.

use super::{DestinationKind, Names};
use crate::destination::callback::CallbackDestination;

pub(in crate::destination) const KIND: DestinationKind = DestinationKind {
    syntax: "profile:NAME",
    summary: "the stored key of a profile",
    variables: &[],
    names: Names::Profile,
    check: |rest| match rest {
        "" => Err("it names no profile".to_owned()),
        _ => Ok(()),
    },
    open: |request| {
        let slot = (request.hooks.profile)(request.rest)?;
        let shown = request.shown.clone();
        Ok(Box::new(CallbackDestination::new(shown, slot)))
    },
};
