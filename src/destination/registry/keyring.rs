//! `keyring:SERVICE/ACCOUNT`: an item of the system's keyring, which a higher layer stores.

use super::{DestinationKind, Names};
use crate::destination::callback::CallbackDestination;
#[cfg(all(test, unix))]
use crate::destination::{
    conformance::{Fixture, Restores},
    test_world::Scene,
};

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "keyring:SERVICE/ACCOUNT",
    summary: "an item of the system's keyring",
    variables: &[],
    names: Names::KeyringItem(|rest| parse(rest).ok()),
    reads_back: true,
    check: |rest| parse(rest).map(drop),
    open: |request| {
        let (service, account) = request.parse(parse)?;
        let slot = (request.openers.keyring)(service, account)?;
        let shown = request.shown.clone();
        Ok(Box::new(CallbackDestination::new(shown, slot)))
    },
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "keyring:app/sub/me",
        prepare: |scene| scene,
        content: |scene| scene.memory.get("keyring app/sub me"),
        delivered: "{}",
        restores: Restores::Exactly {
            put: |scene, text| scene.memory.put("keyring app/sub me", text),
            contents: &["sk-fake-old"],
        },
        refusals: &[(
            Scene::with_locked_slots,
            "cannot write to `keyring:app/sub/me`: it is locked",
        )],
        late_failures: &[],
        further: &[
            "keyring:app/ci",
            "keyring:https://host.example/path/me@host",
        ],
        malformed: &[
            ("keyring:app", "a service and an account"),
            ("keyring:/a", "a service and an account"),
            ("keyring:a/", "a service and an account"),
        ],
        anchored: &[],
    },
};

fn parse(rest: &str) -> Result<(&str, &str), String> {
    // The last `/` separates: services are often addresses, accounts hardly ever.
    match rest.rsplit_once('/') {
        Some((service, account)) if !service.is_empty() && !account.is_empty() => {
            Ok((service, account))
        }
        _ => Err("it needs a service and an account".to_owned()),
    }
}
