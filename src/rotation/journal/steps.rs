//! Defines the order of a creation or rotation, in one table: the journal allows what stands in it, the engine takes its
//! next step from it, and the view shows its steps.

use super::event::{EventKind, EventLog, OldKey};
use super::state::RecordState;

/// A step of a creation or rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The intent is recorded.
    Intend,
    /// The request that creates the key is sent, or you paste a key.
    Create,
    /// A key whose secret no store took is revoked again.
    RevokeUnstored,
    /// The secret is stored.
    Stage,
    /// The service accepts the new key.
    Verify,
    /// Each destination gets the new key.
    Deliver,
    /// The hooks are run that follow the delivery.
    RunHooks,
    /// The old key is left until its grace is over.
    LeaveOldKey,
    /// The old key is left until it is unused.
    Watch,
    /// The old key is disabled.
    DisableOld,
    /// The new key is proved to work, before the old one is revoked.
    VerifyAgain,
    /// The old key is revoked.
    RevokeOld,
    /// The previous values are restored, and the new key is revoked.
    RollBack,
    /// The copies and the record are deleted.
    CleanUp,
}

/// An event of a step: it may be recorded in the states `from` and leads to the state `to`; `None` keeps the state.
struct Rule {
    step: Step,
    event: EventKind,
    from: &'static [RecordState],
    to: Option<RecordState>,
}

macro_rules! order {
    (@to) => { None };
    (@to $to:ident) => { Some(RecordState::$to) };
    ($($step:ident: [$($from:ident)+] $event:ident $(=> $to:ident)?;)+) => {
        &[$(Rule {
            step: Step::$step,
            event: EventKind::$event,
            from: &[$(RecordState::$from),+],
            to: order!(@to $($to)?),
        }),+]
    };
}

/// The order of the steps, and of the events in each; nothing else holds it. A line reads: in this step, in one of these
/// states, this event may be recorded, and leads to that state.
const ORDER: &[Rule] = order! {
    Intend: [Nothing] Intended => Intended;
    Create: [Intended Sending] Sending => Sending;
    Create: [Sending] Refused => Intended;
    // Also when a later run finds the key whose response was lost, before it revokes it.
    Create: [Intended Sending ResponseLost] Created;
    Create: [Intended Sending] ResponseLost => ResponseLost;
    Create: [Intended Sending] RevokingNew => RevokingNew;
    Create: [Intended Sending ResponseLost] Staged => Staged;
    RevokeUnstored: [RevokingNew] ResponseLost => ResponseLost;
    RevokeUnstored: [RevokingNew] Staged => Staged;
    RevokeUnstored: [RevokingNew] Abandoned => Abandoned;
    // Once more when the id of the key is found.
    Stage: [Staged] Staged;
    Verify: [Staged] Verified => Verified;
    Deliver: [Staged Verified Printing] BackedUp;
    Deliver: [Staged Verified Printing] Printing => Printing;
    Deliver: [Staged Verified Printing] Delivered;
    // A place that cannot be read refused the new key, and holds what it held.
    Deliver: [Staged Verified Printing] Restored;
    Deliver: [Staged Verified Printing] DeliveredAll => DeliveredAll;
    // In a later run the check is made once more; after a rollback the programs read the old key again.
    RunHooks: [DeliveredAll HooksDone Watching Disabled RollingBack] HookStarted;
    RunHooks: [DeliveredAll HooksDone Watching Disabled RollingBack] HookDone;
    RunHooks: [DeliveredAll] HooksDone => HooksDone;
    LeaveOldKey: [DeliveredAll HooksDone] Revoking => Revoking;
    Watch: [DeliveredAll HooksDone Watching] UseSeen => Watching;
    Watch: [Watching] Disabling => Disabling;
    Watch: [Watching] Revoking => Revoking;
    DisableOld: [Disabling] Disabled => Disabled;
    // It was used after its end was announced.
    DisableOld: [Disabling] UseSeen => Watching;
    VerifyAgain: [DeliveredAll HooksDone Disabled Revoking] Revoking => Revoking;
    RevokeOld: [Revoking] Revoked => Revoked;
    RevokeOld: [Disabled Revoking] UseSeen => Watching;
    RollBack: [Disabling Disabled Revoking] Enabled => Watching;
    RollBack: [Staged Verified Printing DeliveredAll HooksDone Watching Disabling Disabled Revoking RollingBack] RollbackStarted => RollingBack;
    RollBack: [RollingBack] Restored;
    RollBack: [RollingBack] Created;
    // A rollback that leads to no working key is abandoned again.
    RollBack: [RollingBack] Staged => Staged;
    RollBack: [RollingBack] Abandoned => Abandoned;
    CleanUp: [DeliveredAll HooksDone Revoked] Done => Done;
    CleanUp: [Intended Sending ResponseLost Staged Verified Printing] Abandoned => Abandoned;
};

/// Returns the state after an event; `None` if the event may not be recorded in `state`.
pub(super) fn after(state: RecordState, event: EventKind) -> Option<RecordState> {
    let mut rules = ORDER.iter();
    let rule = rules.find(|rule| rule.event == event && rule.from.contains(&state))?;
    Some(rule.to.unwrap_or(state))
}

impl Step {
    /// Returns the kinds of event that complete the step; the first one that is recorded counts.
    pub fn completed_by(self) -> &'static [EventKind] {
        use EventKind as E;
        match self {
            Step::Intend => &[E::Intended],
            Step::Create | Step::Stage => &[E::Staged],
            Step::Verify => &[E::Verified],
            Step::Deliver => &[E::DeliveredAll],
            Step::RunHooks => &[E::HooksDone],
            Step::LeaveOldKey | Step::VerifyAgain => &[E::Revoking, E::Revoked],
            Step::Watch => &[E::Disabling, E::Revoking, E::Revoked],
            Step::DisableOld => &[E::Disabled],
            Step::RevokeOld => &[E::Revoked],
            Step::RevokeUnstored | Step::RollBack => &[E::Abandoned],
            Step::CleanUp => &[E::Done, E::Abandoned],
        }
    }

    /// Returns whether an event of the step leads on from `state`.
    fn leads_on_from(self, state: RecordState) -> bool {
        ORDER.iter().any(|rule| {
            let moves = rule.to.is_some_and(|to| to != state);
            rule.step == self && rule.from.contains(&state) && moves
        })
    }
}

/// Returns the steps, in order, of a creation or of a rotation that replaces `replaces`, with those that its events add.
pub fn steps(replaces: Option<&OldKey>, log: &EventLog) -> Vec<Step> {
    let mut steps: Vec<Step> = ORDER.iter().map(|rule| rule.step).collect();
    steps.dedup();
    let survives = replaces.is_some_and(OldKey::survives);
    let repairs = log.repairs();
    steps.retain(|step| match step {
        // The key that a repair writes is there.
        Step::Create | Step::RevokeUnstored => repairs.is_none(),
        Step::Verify => replaces.is_some() || repairs.is_some(),
        Step::Deliver => !log.is_lease(),
        Step::RunHooks => {
            let repaired = repairs.is_some_and(|key| key.hooks().next().is_some());
            repaired || replaces.is_some_and(OldKey::has_hooks)
        }
        Step::LeaveOldKey => {
            let waits = |old: &OldKey| old.grace.is_some() && old.retire.is_none();
            survives && replaces.is_some_and(waits)
        }
        Step::Watch => survives && replaces.is_some_and(|old| old.retire.is_some()),
        Step::DisableOld => replaces.is_some_and(|old| old.disable),
        Step::VerifyAgain | Step::RevokeOld => survives,
        Step::RollBack => log.is_lease() || log.at(EventKind::RollbackStarted).is_some(),
        _ => true,
    });
    steps
}

impl EventLog {
    /// Returns the step whose turn it is in `state`; `None` if none is left.
    pub fn next_step(&self, state: RecordState) -> Option<Step> {
        let steps = steps(self.replaces(), self);
        steps.into_iter().find(|step| step.leads_on_from(state))
    }
}
