//! `profile:NAME`: the stored key of a profile, which a higher layer stores.

use super::{DestinationKind, Names};
use crate::destination::callback::CallbackDestination;
#[cfg(all(test, unix))]
use crate::destination::{
    conformance::{Fixture, Restores},
    test_world::Scene,
};

pub(in crate::destination) const KIND: DestinationKind = DestinationKind {
    syntax: "profile:NAME",
    summary: "the stored key of a profile",
    variables: &[],
    names: Names::Profile,
    reads_back: true,
    check: |rest| match rest {
        "" => Err("it names no profile".to_owned()),
        _ => Ok(()),
    },
    open: |request| {
        let slot = (request.openers.profile)(request.rest)?;
        let shown = request.shown.clone();
        Ok(Box::new(CallbackDestination::new(shown, slot)))
    },
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "profile:work",
        prepare: |scene| scene,
        content: |scene| scene.memory.get("profile work"),
        delivered: "{}",
        restores: Restores::Exactly {
            put: |scene, text| scene.memory.put("profile work", text),
            contents: &["sk-fake-old"],
        },
        refusals: &[(
            Scene::with_locked_slots,
            "cannot write to `profile:work`: it is locked",
        )],
        late_failures: &[],
        further: &[],
        malformed: &[("profile:", "it names no profile")],
        anchored: &[],
    },
};
