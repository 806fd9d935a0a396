//! `keywright providers check --live`: every call of a manifest, tried at the service with a key that goes again.

use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Context, keys, lease};
use crate::api::{ApiClient, Support, support};
use crate::cli::ProvidersCheck;
use crate::error::{Error, Kind, Result};
use crate::journal::Record;
use crate::key::{Key, Minted, NewKey, Validity};
use crate::manifest::{Manifest, Verb, read_expiry};
use crate::mint::{self, Order, Safe, Shelter};
use crate::output::Report;
use crate::profile;
use crate::service::Carried;
use crate::store::SecretRef;
use crate::untrusted::Untrusted;
use crate::world::{Heard, Signals};

/// How often a new key is verified before nobody believes in it any more, and the pause between two tries.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Serialize)]
struct Step {
    #[serde(rename = "step")]
    name: &'static str,
    result: &'static str,
    why: Option<String>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Steps(Vec<Step>);

impl Report<3> for Steps {
    const COLUMNS: [&'static str; 3] = ["STEP", "RESULT", "WHY"];

    fn rows(&self, _now: Timestamp) -> Vec<[String; 3]> {
        let row = |step: &Step| {
            [
                step.name.to_owned(),
                step.result.to_owned(),
                step.why.clone().unwrap_or_else(|| "-".to_owned()),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

/// What came of a step.
enum Came {
    Well(Option<String>),
    /// It was not taken, and why.
    Not(String),
}

/// Tries every call at the service of the profile in force; 1 where one fails, 10 where the key could not be revoked.
pub(super) async fn walk(
    args: &ProvidersCheck,
    manifest: Manifest,
    context: &Context<'_>,
) -> Result<u8> {
    let chosen = profile::choose(context.world, context.global.profile.as_deref())?;
    if chosen.saved.provider != manifest.name {
        return Err(Error::usage(format!(
            "the profile `{}` is one of `{}`, and the manifest is that of `{}`",
            chosen.name, chosen.saved.provider, manifest.name
        ))
        .hint(format!(
            "name another profile with `-p`, or log in: keywright login {}",
            manifest.name
        )));
    }
    let opened = context.open_with(chosen, Rc::new(manifest))?;
    context
        .with_client(&opened, async |client| {
            let mut walk = Walk {
                client,
                context,
                steps: Vec::new(),
                worst: 0,
            };
            walk.look().await;
            walk.make(args).await?;
            let worst = walk.worst;
            context
                .reporter
                .report(&Steps(walk.steps), "nothing to try")?;
            Ok(worst)
        })
        .await
}

struct Walk<'w> {
    client: &'w ApiClient<'w>,
    context: &'w Context<'w>,
    steps: Vec<Step>,
    worst: u8,
}

impl Walk<'_> {
    /// Notes what came of a step; whether it went well.
    fn came(&mut self, step: &'static str, came: Result<Came>) -> bool {
        let (result, why) = match came {
            Ok(Came::Well(why)) => ("ok", why),
            Ok(Came::Not(why)) => ("skipped", Some(why)),
            Err(error) => {
                // What may be left behind counts more than what did not work.
                let code = match error.kind() {
                    Kind::Uncertain => Kind::Uncertain.exit_code(),
                    _ => Kind::Failed.exit_code(),
                };
                self.worst = self.worst.max(code);
                self.context.reporter.error(&error);
                ("failed", Some(error.message().to_owned()))
            }
        };
        self.steps.push(Step {
            name: step,
            result,
            why,
        });
        result == "ok"
    }

    fn skip(&mut self, steps: &[&'static str], why: &str) {
        for step in steps {
            self.came(step, Ok(Came::Not(why.to_owned())));
        }
    }

    /// What changes nothing.
    async fn look(&mut self) {
        let verdict = keys::verify_own(self.client).await;
        let came = verdict.and_then(|verdict| {
            let identity = verdict.identity.map(|identity| identity.to_string());
            judged(verdict.result, identity)
        });
        self.came("verify", came);
        let listed = self.list().await.map(|listed| match listed {
            Some(keys) if keys.len() == 1 => Came::Well(Some("1 key".to_owned())),
            Some(keys) => Came::Well(Some(format!("{} keys", keys.len()))),
            None => Came::Not(self.client.cannot(Verb::List).message().to_owned()),
        });
        self.came("list", listed);
    }

    /// The keys; `None` where the service has no call for them.
    async fn list(&self) -> Result<Option<Vec<Key>>> {
        match support(self.client.service.manifest, Verb::List) {
            Support::Native(_) | Support::Via(_) => Ok(Some(self.client.list().await?)),
            _ => Ok(None),
        }
    }

    /// A key that is made, tried and revoked.
    async fn make(&mut self, args: &ProvidersCheck) -> Result<()> {
        const REST: [&str; 7] = [
            "create",
            "show",
            "listed",
            "rename",
            "verify new",
            "revoke",
            "gone",
        ];
        if let Some(why) = lease::why_not(self.client) {
            self.skip(&REST, &why);
            return Ok(());
        }
        let new = wanted(args, self.client, self.context)?;
        self.context.confirm(
            &format!(
                "a key is made at {}, tried, and revoked again",
                self.client.service.name()
            ),
            "Go on?",
        )?;
        let before = keys::free_slot(self.client).await?;
        let shelter = Shelter::open(self.client.session)?;
        // From here on nothing but a kill ends this process before the key is revoked.
        let mut signals = lease::listen(self.context.world)?;
        let order = Order {
            new: &new,
            before: before.as_deref(),
            to: &[],
            replaces: None,
        };
        let Safe { minted, record } = match mint::lease(self.client, &shelter, order).await {
            Ok(safe) => safe,
            Err(error) => {
                self.came("create", Err(error));
                self.skip(&REST[1..], "there is no key");
                return Ok(());
            }
        };
        let id = minted.key.id.as_ref().map(ToString::to_string);
        self.came("create", Ok(Came::Well(id)));
        let stopped = self.try_out(&minted, &new, &mut *signals).await;
        self.end(&minted.key, record).await;
        match stopped {
            Some(heard) => Err(Error::new(
                Kind::Cancelled,
                format!("stopped by signal {}; the key was revoked", heard.signal),
            )),
            None => Ok(()),
        }
    }

    /// Tries the new key, until somebody wants the end.
    async fn try_out(
        &mut self,
        minted: &Minted,
        new: &NewKey,
        signals: &mut dyn Signals,
    ) -> Option<Heard> {
        let mut stop = || std::iter::from_fn(|| signals.ready()).find(Heard::is_an_end);
        let key = &minted.key;
        let shown = self.shown(key, new.name.as_deref()).await;
        self.came("show", shown);
        if let Some(heard) = stop() {
            return Some(heard);
        }
        let listed = self.listed(key).await;
        self.came("listed", listed);
        if let Some(heard) = stop() {
            return Some(heard);
        }
        let renamed = self.renamed(key, new.name.as_deref()).await;
        self.came("rename", renamed);
        if let Some(heard) = stop() {
            return Some(heard);
        }
        let verified = self.verified(minted).await;
        self.came("verify new", verified);
        stop()
    }

    async fn shown(&self, key: &Key, name: Option<&str>) -> Result<Came> {
        let support = support(self.client.service.manifest, Verb::Show);
        let (Support::Native(_), Some(id)) = (support, &key.id) else {
            return Ok(Came::Not("there is no call for one key".to_owned()));
        };
        let shown = self.client.show(key.clone()).await?;
        if shown.id.as_ref() != Some(id) {
            return Err(wrong("show", "the id", shown.id.as_ref(), id.as_received()));
        }
        check_name("show", &shown, name)?;
        Ok(Came::Well(None))
    }

    async fn listed(&self, key: &Key) -> Result<Came> {
        let (Some(keys), Some(id)) = (self.list().await?, &key.id) else {
            return Ok(Came::Not(
                "there is no list, or the key has no id".to_owned(),
            ));
        };
        if keys.iter().any(|listed| listed.id.as_ref() == Some(id)) {
            return Ok(Came::Well(None));
        }
        Err(
            Error::failed(format!("the list does not hold the new key `{id}`")).hint(
                "look at `answer.items` and `key.id` of the list, and whether it has further pages",
            ),
        )
    }

    async fn renamed(&self, key: &Key, name: Option<&str>) -> Result<Came> {
        let manifest = self.client.service.manifest;
        let Support::Native(_) = support(manifest, Verb::Rename) else {
            return Ok(Came::Not(
                self.client.cannot(Verb::Rename).message().to_owned(),
            ));
        };
        // Without its id the key is known by its name alone.
        let (Some(_), Some(name)) = (&key.id, name) else {
            return Ok(Came::Not("the key has no id, or no name".to_owned()));
        };
        let other = format!("{name}2");
        self.client.rename(key, &other).await?;
        let after = match support(manifest, Verb::Show) {
            Support::Native(_) => Some(self.client.show(key.clone()).await?),
            _ => self
                .list()
                .await?
                .and_then(|keys| keys.into_iter().find(|listed| listed.id == key.id)),
        };
        if let Some(after) = after {
            check_name("rename", &after, Some(&other))?;
        }
        Ok(Came::Well(None))
    }

    async fn verified(&self, minted: &Minted) -> Result<Came> {
        let Some(name) = self.client.service.manifest.new_key() else {
            return Ok(Came::Not("there are no keys".to_owned()));
        };
        let carried = Carried {
            name,
            secret: &minted.secret,
        };
        for _ in 1..TRIES {
            let verdict = self.client.verify(&carried).await?;
            // Not every server hears of a new key at once.
            if verdict.result != Validity::Invalid {
                return judged(verdict.result, None);
            }
            self.context.world.clock.sleep(PAUSE).await;
        }
        judged(self.client.verify(&carried).await?.result, None)
    }

    /// Revokes the key, whatever came before.
    async fn end(&mut self, key: &Key, record: Record) {
        let given_back = lease::give_back(self.client, self.context, record).await;
        let revoked = self.came("revoke", given_back.map(|()| Came::Well(None)));
        if !revoked {
            self.skip(&["gone"], "it could not be revoked");
            return;
        }
        let gone = self.list().await.and_then(|keys| {
            let (Some(keys), Some(id)) = (keys, &key.id) else {
                return Ok(Came::Not(
                    "there is no list, or the key has no id".to_owned(),
                ));
            };
            let left = keys.iter().find(|listed| listed.id.as_ref() == Some(id));
            match left {
                Some(left) if left.status.takes_a_slot() => Err(Error::failed(format!(
                    "the list still holds the key `{id}` as {}",
                    left.status.name()
                ))
                .hint("look at `key.status`, or say with `until` how one sees that it is gone")),
                _ => Ok(Came::Well(None)),
            }
        });
        self.came("gone", gone);
    }
}

/// What a service says of a credential, as a step.
fn judged(result: Validity, identity: Option<String>) -> Result<Came> {
    match result {
        Validity::Valid => Ok(Came::Well(identity)),
        Validity::Restricted | Validity::Blocked => Ok(Came::Well(Some(result.name().to_owned()))),
        Validity::Unknown => Ok(Came::Not("no call shows whether it works".to_owned())),
        Validity::Invalid | Validity::Expired | Validity::Disabled => Err(Error::new(
            Kind::Auth,
            format!("the service says that it is {}", result.name()),
        )
        .hint("look at `verify` and its `results`")),
    }
}

fn check_name(step: &str, key: &Key, wanted: Option<&str>) -> Result<()> {
    match (wanted, &key.name) {
        (Some(wanted), Some(name)) if name.as_received() != wanted => {
            Err(wrong(step, "the name", Some(name), wanted))
        }
        (Some(wanted), None) => Err(wrong(step, "the name", None, wanted)),
        _ => Ok(()),
    }
}

fn wrong(step: &str, what: &str, found: Option<&Untrusted>, wanted: &str) -> Error {
    let found = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{found}`"));
    Error::failed(format!(
        "after `{step}` {what} is {found}, and not `{wanted}`"
    ))
    .hint("look at the places in `key`, and at `answer.record`")
}

/// The key that is tried: it has a name that nobody else's has, and an end where the service takes one.
fn wanted(args: &ProvidersCheck, client: &ApiClient<'_>, context: &Context<'_>) -> Result<NewKey> {
    let random = SecretRef::fresh()?;
    let random = &random.file_stem()[..6];
    let expires = args.expires.as_deref();
    let expires = expires.map(|text| read_expiry(text, context.started));
    let mut new = NewKey {
        name: client
            .takes(Verb::Create, "name")
            .then(|| format!("kw-check-{random}")),
        scopes: args.scopes.clone(),
        expires: expires.transpose()?,
        fields: args.set.clone(),
    };
    new = lease::with_an_end(new, client, context)?;
    let refused = match client.check_new(&new) {
        Ok(()) => return Ok(new),
        Err(error) => error,
    };
    // Some services take no dash in a name.
    new.name = new.name.map(|name| name.replace('-', "_"));
    match client.check_new(&new) {
        Ok(()) => Ok(new),
        Err(_) => Err(refused),
    }
}
