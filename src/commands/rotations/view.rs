//! The view of a rotation: its steps, the progress of each, and the next step.

mod next;
mod repair;
mod retire;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use self::next::{next, next_unreadable};
pub(in crate::commands) use self::repair::view_repair;
use self::retire::RetireView;
use crate::api::{ApiClient, expiry_as_json};
use crate::core::key::{Change, NewKey};
use crate::core::untrusted::{escape, one_line};
use crate::destination::DestinationSpec;
use crate::manifest::Strategy;
use crate::platform::Actor;
use crate::report::output::{Card, Cell, Column, Tabular};
use crate::rotation::Plan;
use crate::rotation::journal::{
    self, EventKind, EventLog, Intent, OldKey, RecordState, RecordSummary, Step, Unreadable, steps,
};

/// The word for a repair in place of a strategy.
const REPAIR: &str = "repair";

/// The way to do what is only planned.
const NEXT_OF_PLAN: &str = "nothing was changed; to do it, leave `--plan` out";

/// The view of a rotation; the creation of a key is one without an old key.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct RotationView {
    pub id: Option<String>,
    pub state: &'static str,
    pub profile: Option<String>,
    #[serde(skip)]
    pub provider: Option<String>,
    pub old: Option<String>,
    /// The name of the old key, if `old` is its id.
    #[serde(skip)]
    pub old_name: Option<String>,
    pub new: Option<String>,
    pub strategy: &'static str,
    pub steps: Vec<StepView>,
    pub next: String,
    /// The proof of disuse that the old key waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retire: Option<RetireView>,
    /// The request of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<RequestedKey>,
    /// Deviations of the new key from the request, if this run created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<Change>>,
    /// The machine and the user that began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_by: Option<Actor>,
    /// The current holder, if machines share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_by: Option<Actor>,
    /// Set if machines share it.
    #[serde(skip)]
    shared: bool,
}

/// The requested properties of a new key.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct RequestedKey {
    name: Option<String>,
    scopes: Vec<String>,
    expires_at: Value,
    set: BTreeMap<String, String>,
}

impl RequestedKey {
    fn of(new: &NewKey) -> Self {
        RequestedKey {
            name: new.name.clone(),
            scopes: new.scopes.clone(),
            expires_at: new.expires.map_or(Value::Null, expiry_as_json),
            set: new.fields.iter().cloned().collect(),
        }
    }

    /// Adds to a card what is asked for beside the name.
    fn add_to(&self, card: &mut Card) {
        if !self.scopes.is_empty() {
            card.text("scopes", one_line(&self.scopes.join(", ")));
        }
        if let Some(at) = self.expires_at.as_str() {
            card.text("expires", one_line(at));
        }
        for (name, value) in &self.set {
            card.text("set", format!("{}={}", one_line(name), one_line(value)));
        }
    }
}

/// A step of a rotation.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct StepView {
    #[serde(rename = "step")]
    pub name: String,
    pub state: &'static str,
    pub at: Option<Timestamp>,
}

impl StepView {
    /// Returns a step that was completed at that time, if it was.
    fn new(name: &str, completed: Option<Timestamp>) -> Self {
        StepView {
            name: name.to_owned(),
            state: if completed.is_some() {
                "done"
            } else {
                "pending"
            },
            at: completed,
        }
    }

    /// Shows the time at which an incomplete step began, if it did.
    fn begun(mut self, at: Option<Timestamp>) -> Self {
        if self.at.is_none() && at.is_some() {
            self.state = "started";
            self.at = at;
        }
        self
    }
}

#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct RotationList(pub Vec<RotationView>);

impl Tabular<6> for RotationList {
    const COLUMNS: [Column; 6] = [
        Column::id("ID"),
        Column::name("PROFILE"),
        Column::id("OLD KEY"),
        Column::id("NEW KEY"),
        Column::date("SINCE"),
        Column::advice("NEXT"),
    ];

    fn rows(&self, now: Timestamp) -> Vec<[Cell; 6]> {
        let row = |view: &RotationView| {
            let id = view.id.clone().unwrap_or_default();
            [
                // It is typed as it is: no command takes the beginning of it.
                Cell::from(id),
                Cell::from(or_dash(view.profile.as_ref())),
                Cell::from(or_dash(view.old.as_ref())),
                Cell::from(or_dash(view.new.as_ref())),
                Cell::moment(view.steps.first().and_then(|step| step.at), now),
                Cell::from(view.next.as_str()),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

fn or_dash(text: Option<&String>) -> String {
    text.map_or_else(|| "-".to_owned(), |text| escape(text))
}

/// Tells what was written down under the name `id`.
pub(in crate::commands) fn view(id: &str, events: &Result<EventLog, Unreadable>) -> RotationView {
    let empty = EventLog::default();
    let read = events.as_ref().unwrap_or(&empty);
    let state = match events {
        Ok(events) => events.state().ok(),
        Err(_) => None,
    };
    let intent = read.intent();
    let replaces = read.replaces();
    let to = intent.map(|intent| intent.to.as_slice());
    let repairs = read.repairs();
    let kept = read.staged();
    RotationView {
        id: Some(id.to_owned()),
        state: match events {
            Ok(_) => state.map_or("damaged", RecordState::name),
            Err(unreadable) => unreadable.name(),
        },
        profile: intent.map(|intent| intent.profile.clone()),
        provider: intent.map(|intent| intent.provider.clone()),
        old: replaces.and_then(OldKey::label),
        old_name: replaces.and_then(name_beside_id),
        new: kept
            .map(|kept| kept.id.clone().unwrap_or_else(|| kept.masked.clone()))
            .or_else(|| repairs.and_then(|key| key.id.clone()))
            .or_else(|| {
                let intent = intent.filter(|_| replaces.is_none());
                intent.and_then(|intent| intent.name.clone())
            }),
        strategy: if read.is_lease() {
            "lease"
        } else if repairs.is_some() {
            REPAIR
        } else {
            strategy(replaces)
        },
        steps: step_views(replaces, to.unwrap_or_default(), read, state),
        next: match events {
            Ok(events) => next(id, events, state),
            Err(unreadable) => next_unreadable(id, unreadable),
        },
        retire: replaces.and_then(|old| RetireView::of(old, read)),
        asked: None,
        changed: None,
        began_by: None,
        held_by: None,
        shared: false,
    }
}

/// Tells what a rotation would do.
pub(in crate::commands) fn view_plan(
    plan: &Plan,
    client: &ApiClient<'_>,
    to: &[DestinationSpec],
) -> RotationView {
    let replaces = Some(&plan.replaces);
    let mut steps = step_views(
        replaces,
        to,
        &EventLog::default(),
        Some(RecordState::Nothing),
    );
    for step in &mut steps {
        step.state = "planned";
    }
    RotationView {
        id: None,
        state: "planned",
        profile: Some(client.profile.to_owned()),
        provider: Some(client.service.name().to_owned()),
        old: plan.replaces.label(),
        old_name: name_beside_id(&plan.replaces),
        new: plan.replaces.slot.clone(),
        strategy: strategy(replaces),
        steps,
        next: match &plan.full {
            Some(full) => format!("{full}: revoke an unused one first"),
            None => NEXT_OF_PLAN.to_owned(),
        },
        retire: RetireView::of(&plan.replaces, &EventLog::default()),
        asked: Some(RequestedKey::of(&plan.new)),
        changed: None,
        began_by: None,
        held_by: None,
        shared: false,
    }
}

/// Returns the name of a key that is shown by its id.
fn name_beside_id(replaced: &OldKey) -> Option<String> {
    replaced.id.as_ref().and(replaced.name.clone())
}

fn strategy(replaces: Option<&OldKey>) -> &'static str {
    replaces.map_or("create", |replaced| replaced.strategy.name())
}

/// Returns every step, in order, with how far it has come.
fn step_views(
    replaces: Option<&OldKey>,
    to: &[DestinationSpec],
    events: &EventLog,
    state: Option<RecordState>,
) -> Vec<StepView> {
    let mut views = Vec::new();
    for step in steps(replaces, events) {
        let completed = step.completed_by().iter();
        let completed = completed.copied().find_map(|kind| events.at(kind));
        let view = |name: &str| StepView::new(name, completed);
        match step {
            Step::Intend => views.push(view("intend")),
            Step::Create => views.push(creation(view(created_by(replaces)), events, state)),
            Step::RevokeUnstored => {}
            Step::Stage => views.push(view("keep")),
            Step::Verify => views.push(view("verify")),
            Step::Deliver => views.extend(to.iter().map(|to| delivery(to, events))),
            Step::LeaveOldKey => {
                let grace = replaces.and_then(|replaced| replaced.grace);
                let grace = grace.map_or_else(String::new, |grace| grace.to_string());
                let wait = view(&format!("leave the old key for {grace}"));
                views.push(wait.begun(events.at(EventKind::DeliveredAll)));
            }
            Step::Watch => views.push(retire::watch(
                view(&retire::until_unused(replaces)),
                replaces,
                events,
            )),
            Step::DisableOld => {
                let begun = events.at(EventKind::Disabling);
                views.push(view("disable the old key").begun(begun));
            }
            Step::RunHooks => views.extend(hooks(replaces, events)),
            // Irreversible steps begin only after that.
            Step::VerifyAgain => views.push(view("verify the new key once more")),
            Step::RevokeOld => {
                let begun = events.at(EventKind::Revoking);
                let begun = begun.filter(|_| state == Some(RecordState::Revoking));
                views.push(view("revoke the old key").begun(begun));
            }
            Step::RollBack => views.extend(rollback(events, completed)),
            Step::CleanUp => views.push(view("clean up")),
        }
    }
    views
}

fn created_by(replaces: Option<&OldKey>) -> &'static str {
    match replaces.map(|replaced| replaced.strategy) {
        None | Some(Strategy::Overlap) => "create",
        Some(Strategy::Replace) => "replace",
        Some(Strategy::Atomic | Strategy::Slots) => "rotate",
        Some(Strategy::Manual) => "paste",
    }
}

fn creation(mut view: StepView, events: &EventLog, state: Option<RecordState>) -> StepView {
    match state {
        Some(RecordState::Intended) if events.intent().is_some_and(Intent::records_sending) => {}
        Some(RecordState::Intended | RecordState::Sending | RecordState::RevokingNew) => {
            view.state = "started";
        }
        Some(RecordState::ResponseLost) => view.state = "lost",
        _ => {}
    }
    view
}

fn delivery(to: &DestinationSpec, events: &EventLog) -> StepView {
    let at = events.at_destination(EventKind::Delivered, to);
    let mut view = StepView::new(&format!("deliver to {to}"), at);
    let begun = events.at_destination(EventKind::BackedUp, to).is_some()
        || *to == DestinationSpec::STDOUT && events.at(EventKind::Printing).is_some();
    if at.is_none() && begun {
        view.state = "started";
    }
    view
}

/// Returns the hooks that follow the delivery.
fn hooks(replaces: Option<&OldKey>, events: &EventLog) -> Vec<StepView> {
    let (hooks, after) = match replaces {
        Some(old) => (old.hooks().cloned().collect(), old.after.len()),
        None => events.hooks(),
    };
    let views = hooks.iter().enumerate().map(|(number, hook)| {
        let role = if number < after { "run" } else { "check with" };
        let view = StepView::new(
            &format!("{role} {hook}"),
            events.at_hook(EventKind::HookDone, number),
        );
        view.begun(events.at_hook(EventKind::HookStarted, number))
    });
    views.collect()
}

fn rollback(events: &EventLog, completed: Option<Timestamp>) -> Vec<StepView> {
    let revoke = if events.is_lease() {
        "revoke the leased key"
    } else {
        "revoke the new key"
    };
    let Some(begun) = events.at(EventKind::RollbackStarted) else {
        return vec![StepView::new(revoke, None)];
    };
    let mut places: Vec<&DestinationSpec> = Vec::new();
    for (to, _) in events.backups() {
        if !places.contains(&to) {
            places.push(to);
        }
    }
    let restored = places.into_iter().map(|to| {
        let at = events.at_destination(EventKind::Restored, to);
        StepView::new(&format!("restore {to}"), at)
    });
    let revoke = StepView::new(revoke, completed).begun(Some(begun));
    let revoke = events.repairs().is_none().then_some(revoke);
    restored.chain(revoke).collect()
}

impl RotationView {
    /// Of something that is over: nothing is left to do.
    pub(in crate::commands) fn over(mut self) -> Self {
        "nothing".clone_into(&mut self.next);
        self
    }

    /// As it is at a moment: a new key that has expired is not waited with.
    pub(super) fn at(mut self, events: &EventLog, now: Timestamp) -> Self {
        if let (Some(expired), Some(id)) = (events.expired_in_place(now), &self.id) {
            self.next = format!(
                "{}; go back to the old one: {}",
                journal::expired_notice(expired),
                journal::way_back(id)
            );
        }
        self
    }

    /// With who began the record, and who holds it.
    pub(in crate::commands) fn held_by(mut self, seen: &RecordSummary) -> Self {
        let first = seen
            .events
            .as_ref()
            .ok()
            .and_then(|events| events.0.first());
        self.began_by = first.and_then(|entry| entry.by.clone());
        self.held_by.clone_from(&seen.held_by);
        self.shared = seen.is_shared;
        self
    }

    /// With what the new key was given otherwise than asked.
    pub(in crate::commands) fn with_changes(mut self, changed: Vec<Change>) -> Self {
        self.changed = Some(changed);
        self
    }

    /// Returns the view as a card.
    pub(in crate::commands) fn card(&self) -> Card {
        let mut card = Card::new(10);
        card.whole("id", self.id.as_deref().unwrap_or("-"));
        card.text("profile", or_dash(self.profile.as_ref()));
        card.text("service", or_dash(self.provider.as_ref()));
        if self.strategy == REPAIR {
            card.text("strategy", self.strategy);
            card.whole("key", or_dash(self.new.as_ref()));
        } else if self.strategy != "create" {
            card.text("strategy", self.strategy);
            let name = self.old_name.as_ref();
            let name = name.map_or_else(String::new, |name| format!(" (`{}`)", escape(name)));
            card.text("old key", format!("{}{name}", or_dash(self.old.as_ref())));
        }
        if self.strategy != REPAIR {
            card.whole("new key", or_dash(self.new.as_ref()));
        }
        if let Some(asked) = &self.asked {
            asked.add_to(&mut card);
        }
        if self.shared {
            let known = |actor: Option<&Actor>| or_dash(actor.map(ToString::to_string).as_ref());
            card.text("begun by", known(self.began_by.as_ref()));
            card.text("held by", known(self.held_by.as_ref()));
        }
        card.status("state", self.state);
        for step in &self.steps {
            let at = step.at.map_or_else(
                || " ".repeat("2026-01-01 00:00:00 UTC".len()),
                |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            );
            card.step(at, step.state, &escape(&step.name));
        }
        card.text("next", one_line(&self.next));
        card
    }
}
