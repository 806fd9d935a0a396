//! `keywright providers check --live`: every operation once at the real service, with a key that does not stay.

use super::super::delivery::{self, CliCallbacks, NewKeyInfo};
use super::super::{Context, ResolvedProfile, keys, lease};
use super::check::ProvidersCheckArgs;
use super::record::Tape;
use crate::api::{ApiClient, KeyUpdate, Support, support};
use crate::authoring::live::recording::Recording;
use crate::authoring::live::step::{
    can, failed, gone, judged, listed, native, rename, set, settable, show, update, verify_new,
    wrong,
};
use crate::authoring::live::{LiveReport, LiveStep, Recorder, StepOutcome, skipped};
use crate::core::error::{Error, Result};
use crate::core::key::{CreatedKey, Key, NewKey};
use crate::core::secret::Secret;
use crate::manifest::{CredentialEffect, Verb, read_expiry};
use crate::platform::{ReceivedSignal, SignalStream};
use crate::rotation::Rotation;
use crate::rotation::create::{self, CreateRequest, StagedKey, StagingStore};
use crate::rotation::journal::{self, EventLog, Record};
use crate::store::SecretRef;

/// The reason to skip the steps after a key that was not created.
const NO_KEY: &str = "there is no key to try it with";

/// Walks through everything that the manifest says the service can do.
pub(super) async fn walk(
    args: &ProvidersCheckArgs,
    opened: &ResolvedProfile,
    context: &Context<'_>,
    recorder: Option<&Recorder>,
) -> Result<(LiveReport, Option<Recording>)> {
    context
        .with_recorded_client(opened, recorder, async |client| {
            let new = wanted(args, context, client)?;
            let refused = refusal(client, args.replace);
            if refused.is_none() {
                consent(context, client, &new)?;
            }
            let signals = lease::listen(context.platform)?;
            let mut walk = LiveCheck {
                context,
                client,
                signals,
                report: LiveReport::of(&opened.manifest, client.profile, new.name.clone()),
                tape: recorder.map(|recorder| Tape::new(recorder, opened, context.started)),
            };
            Box::pin(walk.all(&new, refused)).await;
            let recording = walk.tape.map(|tape| tape.finish(client));
            Ok((walk.report, recording))
        })
        .await
}

/// Returns the request for the temporary key; fails before any request if the service could not honour it.
fn wanted(
    args: &ProvidersCheckArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
) -> Result<NewKey> {
    let end = args.expires.as_deref();
    let end = end
        .map(|text| read_expiry(text, context.started))
        .transpose()?;
    let mut new = NewKey {
        name: None,
        scopes: args.scopes.clone(),
        expires: end,
        fields: args.set.clone(),
    };
    if !matches!(
        support(client.service.manifest, Verb::Create),
        Support::Native(_)
    ) {
        return Ok(new);
    }
    if client.takes(Verb::Create, "name") {
        let random = SecretRef::fresh()?;
        new.name = Some(format!("keywright-check-{}", &random.file_stem()[..8]));
    }
    let said = new.expires;
    new = lease::with_default_expiry(new, client, context)?;
    if said.is_none() && client.check_new(&new).is_err() {
        // A day may be too short for it, and it is revoked at once anyway.
        new.expires = None;
    }
    let Err(refused) = client.check_new(&new) else {
        return Ok(new);
    };
    // Some services take no dash in a name.
    new.name = new.name.map(|name| name.replace('-', "_"));
    client.check_new(&new).map(|()| new).map_err(|_| {
        refused.hint("describe the temporary key: `--scope`, `--expires`, `--set FIELD=VALUE`")
    })
}

/// Returns the reason why no key may be created, if there is one.
fn refusal(client: &ApiClient<'_>, may_replace: bool) -> Option<String> {
    let manifest = client.service.manifest;
    let create = match native(client, Verb::Create) {
        Ok(operation) => operation,
        Err(why) => return Some(why),
    };
    if create.effect == CredentialEffect::ReplacesOwn || manifest.one_key {
        let why = "a new key invalidates the profile's login key; to allow that, use `--replace`";
        return (!may_replace).then(|| why.to_owned());
    }
    match native(client, Verb::Revoke) {
        Ok(revoke) if revoke.effect == CredentialEffect::RevokesOwn => Some(
            "`revoke` revokes the profile's login key, so that a new key would remain".to_owned(),
        ),
        Ok(_) => None,
        Err(why) => Some(format!("it could not be revoked again: {why}")),
    }
}

fn consent(context: &Context<'_>, client: &ApiClient<'_>, new: &NewKey) -> Result<()> {
    let name = new.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" `{name}`"));
    let service = client.service.name();
    let what = if replaces(client) {
        format!(
            "this creates a key at {service}, which invalidates the login key of the profile `{}`",
            client.profile
        )
    } else {
        format!(
            "this creates the key{name} at {service} with the login of the profile `{}`, and revokes it again",
            client.profile
        )
    };
    context.confirm(&what, "Go on?")
}

fn replaces(client: &ApiClient<'_>) -> bool {
    let manifest = client.service.manifest;
    let create = native(client, Verb::Create);
    manifest.one_key || create.is_ok_and(|create| create.effect == CredentialEffect::ReplacesOwn)
}

/// The steps under way.
struct LiveCheck<'w> {
    context: &'w Context<'w>,
    client: &'w ApiClient<'w>,
    signals: Box<dyn SignalStream>,
    report: LiveReport,
    /// The calls so far, if they are recorded.
    tape: Option<Tape<'w>>,
}

impl LiveCheck<'_> {
    /// Takes every step.
    async fn all(&mut self, new: &NewKey, refused: Option<String>) {
        let client = self.client;
        self.take(LiveStep::Verify, verify_own(client)).await;
        let mut before = None;
        self.take(LiveStep::List, async {
            can(client, Verb::List)?;
            before = Some(client.list().await.map_err(failed)?);
            Ok(())
        })
        .await;
        let refused = match refused {
            Some(why) => Some(why),
            None if self.report.has_failed() => {
                Some("a step before it failed, so nothing was created".to_owned())
            }
            None => None,
        };
        if let Some(why) = refused {
            self.report.skip(LiveStep::Create, why);
            self.report.skip_rest(NO_KEY);
            return;
        }
        if replaces(client) {
            Box::pin(self.replace(new)).await;
        } else {
            Box::pin(self.make(new, before.as_deref())).await;
        }
    }

    /// Runs a step unless a signal to stop arrives; not for the steps that create and revoke.
    async fn take(&mut self, step: LiveStep, deed: impl Future<Output = Result<(), StepOutcome>>) {
        if self.was_told_to_end() {
            self.report.skip(step, "it was cancelled".to_owned());
            return;
        }
        let signals = &mut self.signals;
        let outcome = tokio::select! {
            biased;
            () = wait_for_end_signal(&mut **signals) => {
                self.report.cancelled = true;
                skipped("it was cancelled")
            }
            outcome = deed => outcome.err().unwrap_or(StepOutcome::Ok),
        };
        self.note(step, outcome);
    }

    /// Reports the result of a step, and keeps its calls if it went well.
    fn note(&mut self, step: LiveStep, outcome: StepOutcome) {
        if let (Some(tape), StepOutcome::Ok) = (&mut self.tape, &outcome) {
            tape.keep(step);
        }
        self.report.note(step, outcome);
    }

    fn was_told_to_end(&mut self) -> bool {
        let mut early = std::iter::from_fn(|| self.signals.ready());
        self.report.cancelled |= early.any(|heard| heard.ends_programs());
        self.report.cancelled
    }

    /// Creates a key, tries everything with it, and revokes it, whatever came of the rest.
    async fn make(&mut self, new: &NewKey, before: Option<&[Key]>) {
        if self.was_told_to_end() {
            self.report
                .skip(LiveStep::Create, "it was cancelled".to_owned());
            self.report.skip_rest(NO_KEY);
            return;
        }
        let (client, context) = (self.client, self.context);
        let made = async {
            keys::check_room_for_another(client, before.unwrap_or_default())?;
            let staging = StagingStore::open(client.session)?;
            let request = CreateRequest {
                new,
                before,
                to: &[],
                replaces: None,
                asked: None,
                search_schedule: context.search_schedule(),
                lock: None,
            };
            create::lease(client, &staging, request).await
        };
        let (made, heard) =
            lease::wait_for_answer(made, &mut *self.signals, self.context.log).await;
        self.report.cancelled |= heard.is_some();
        let StagedKey {
            created,
            record,
            id_from_list,
        } = match made {
            Ok(safe) => safe,
            Err(error) => {
                self.resume_check(new).await;
                self.report
                    .note(LiveStep::Create, StepOutcome::Failed(error));
                self.report.skip_rest(NO_KEY);
                return;
            }
        };
        let CreatedKey { key, secret } = created;
        let has_id = key.id.is_some();
        let outcome = if has_id && !id_from_list {
            StepOutcome::Ok
        } else {
            wrong("the response to `create` holds no id: check `response.key.id`")
        };
        if let Some(tape) = &mut self.tape {
            tape.created(&key, new, &secret);
        }
        self.note(LiveStep::Create, outcome);
        self.try_all(&key, new, &secret).await;
        self.revoke(record).await;
        self.confirm_revoked(&key).await;
    }

    /// Looks for the key whose answer was lost, and revokes it.
    async fn resume_check(&mut self, new: &NewKey) {
        let platform = self.context.platform;
        let ours = |seen: &journal::RecordSummary| {
            let intent = seen.events.as_ref().ok().and_then(EventLog::intent);
            intent.is_some_and(|intent| {
                intent.lease && intent.name.is_some() && intent.name == new.name
            })
        };
        let left = journal::all(platform)
            .unwrap_or_default()
            .into_iter()
            .find(ours);
        let Some(seen) = left else {
            return;
        };
        let ended = match Record::open(platform, &seen.id) {
            Ok(record) => lease::revoke_lease(self.client, self.context, record).await,
            Err(error) => Err(error),
        };
        if ended.is_err() {
            self.report.left_behind = Some(seen.id);
        }
    }

    async fn try_all(&mut self, key: &Key, new: &NewKey, secret: &Secret) {
        let client = self.client;
        self.take(LiveStep::Show, show(client, key)).await;
        self.take(LiveStep::Listed, listed(client, key, new.name.as_deref()))
            .await;
        let other = new.name.as_deref().map(renamed);
        self.take(LiveStep::Rename, rename(client, key, other))
            .await;
        self.take(LiveStep::VerifyNew, verify_new(client, secret))
            .await;
        if self.report.has(LiveStep::Set) {
            let asked = settable(client, new);
            if let (Some(tape), Some(asked)) = (&mut self.tape, &asked) {
                tape.will_set(asked);
            }
            let deed = set(client, key, asked.as_ref());
            self.take(LiveStep::Set, deed).await;
        }
        for (step, change) in [
            (LiveStep::Disable, KeyUpdate::Disable),
            (LiveStep::Enable, KeyUpdate::Enable),
        ] {
            if self.report.has(step) {
                self.take(step, update(client, key, &change)).await;
            }
        }
    }

    async fn revoke(&mut self, record: Record) {
        let id = record.id.clone();
        let outcome = match lease::revoke_lease(self.client, self.context, record).await {
            Ok(()) => StepOutcome::Ok,
            Err(error) => {
                self.report.left_behind = Some(id);
                StepOutcome::Failed(error)
            }
        };
        self.note(LiveStep::Revoke, outcome);
    }

    async fn confirm_revoked(&mut self, key: &Key) {
        if self.report.left_behind.is_some() {
            self.report
                .skip(LiveStep::Gone, "it was not revoked".to_owned());
            return;
        }
        let client = self.client;
        self.take(LiveStep::Gone, gone(client, key)).await;
    }

    /// Creates a key in the place of the one that the profile logs in with; the login follows it.
    async fn replace(&mut self, new: &NewKey) {
        let replaced = self.replaced(new).await;
        let outcome = replaced.err().map_or(StepOutcome::Ok, StepOutcome::Failed);
        let good = matches!(outcome, StepOutcome::Ok);
        self.note(LiveStep::Create, outcome);
        if good {
            let client = self.client;
            self.take(LiveStep::VerifyNew, verify_own(client)).await;
            self.report
                .skip_rest("the new key is the one that the profile logs in with now");
        } else {
            self.report.skip_rest(NO_KEY);
        }
    }

    async fn replaced(&mut self, new: &NewKey) -> Result<()> {
        let client = self.client;
        let own = delivery::login_destination(client, None).await?.ok_or_else(|| {
            Error::usage("the login of this profile is not stored here, so it could not be updated to the new key")
                .hint("log in with the key: keywright login --with-key")
        })?;
        let staging = StagingStore::open(client.session)?;
        let request = CreateRequest {
            new,
            before: None,
            to: &[own],
            replaces: None,
            asked: None,
            search_schedule: self.context.search_schedule(),
            lock: None,
        };
        let StagedKey {
            created, record, ..
        } = create::create(client, &staging, request).await?;
        if let Some(tape) = &mut self.tape {
            tape.created(&created.key, new, &created.secret);
        }
        let show = |_: &Record, _: &Secret| Ok(());
        let person = CliCallbacks {
            context: self.context,
            about: NewKeyInfo::of(&created.key),
            show: &show,
            subject: delivery::subject_of(client, &record),
            places: delivery::places_of(&record),
        };
        let rotation = Rotation::new(client, &person, record, Some(created.secret));
        rotation.run().await.map(drop)
    }
}

/// Returns the name that a key is given in place of `name`.
pub(super) fn renamed(name: &str) -> String {
    format!("{name}-renamed")
}

async fn verify_own(client: &ApiClient<'_>) -> Result<(), StepOutcome> {
    judged(&keys::verify_own(client).await.map_err(failed)?)
}

async fn wait_for_end_signal(signals: &mut dyn SignalStream) {
    while !ReceivedSignal::ends_programs(&signals.next().await) {}
}
