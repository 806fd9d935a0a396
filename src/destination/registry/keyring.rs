//! `keyring:SERVICE/ACCOUNT`: an item of the system's keyring, which a higher layer stores.

use super::{DestinationKind, Names};
use crate::destination::callback::CallbackDestination;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "keyring:SERVICE/ACCOUNT",
    summary: "an item of the system's keyring",
    variables: &[],
    names: Names::KeyringItem(|rest| parse(rest).ok()),
    check: |rest| parse(rest).map(drop),
    open: |request| {
        let (service, account) = request.parse(parse)?;
        let slot = (request.hooks.keyring)(service, account)?;
        let shown = request.shown.clone();
        Ok(Box::new(CallbackDestination::new(shown, slot)))
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
