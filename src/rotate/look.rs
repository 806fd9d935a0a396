//! After a lost answer: is there a key that nobody knows, and is it ours?

use jiff::SignedDuration;

use super::Rotation;
use crate::api::{Support, support};
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Event, Kept, State};
use crate::key::{Key, Minted};
use crate::manifest::{Strategy, Verb};
use crate::mint::{Found, arrived, label, look};
use crate::secret::Secret;
use crate::untrusted::Untrusted;

/// How far the clocks of a service and of this machine may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

impl Rotation<'_> {
    /// Takes up a record whose answer never arrived. The request is never sent again: where the secret was kept all
    /// the same it goes on with it, else a stranger is revoked when somebody says so.
    pub(super) async fn look_again(&mut self) -> Result<()> {
        if self.record.state() == State::Intended
            && let Some(secret) = self.kept_all_the_same()?
        {
            return self.adopt(secret).await;
        }
        if let Some(minted) = arrived(self.client, &self.record)? {
            return self.take_in(minted);
        }
        if self.is_pasted() {
            self.log()
                .note("the key that was pasted had not been kept: begin again, and paste it again");
            return self.write(Event::Abandoned);
        }
        let before = self.record.intent()?.before.clone();
        match look(self.client, before.as_deref(), self.ends_old()).await {
            Found::Nothing if self.is_atomic() => return Err(self.perhaps_dead()),
            Found::Nothing => {
                let old = if self.is_rotation() {
                    "; the old one was not touched"
                } else {
                    ""
                };
                self.log().note(&format!(
                    "no key was created: the list shows none that is new{old}"
                ));
            }
            Found::Strangers(keys) => {
                let keys = self.without_known(keys)?;
                for key in &keys {
                    self.revoke_stranger(key, keys.len() == 1).await?;
                }
            }
            Found::Replaced => {
                return Err(Error::new(
                    Kind::Uncertain,
                    format!(
                        "{} no longer accepts the present key: it was replaced, and the new one is lost",
                        self.client.service.name()
                    ),
                )
                .hint("create a key in the dashboard and log in with it: keywright login --with-key")
                .hint(format!("then: keywright rotations abort {}", self.record.id)));
            }
            Found::NobodyKnows => {
                return Err(Error::new(
                    Kind::Uncertain,
                    format!(
                        "nobody can say whether {} created a key",
                        self.client.service.name()
                    ),
                )
                .hint("look in the dashboard, and revoke what nobody uses")
                .hint(format!(
                    "then: keywright rotations abort {}",
                    self.record.id
                )));
            }
        }
        self.write(Event::Abandoned)
    }

    /// Whether nothing was ever asked of the service: a person made the key.
    fn is_pasted(&self) -> bool {
        let create = support(self.client.service.manifest, Verb::Create);
        self.by_hand() || !self.is_rotation() && matches!(create, Support::Manual(_))
    }

    fn ends_old(&self) -> bool {
        self.is_rotation() && !self.old_lives_on()
    }

    fn is_atomic(&self) -> bool {
        let replaces = self.record.story.replaces();
        replaces.is_some_and(|replaced| replaced.strategy == Strategy::Atomic)
    }

    fn perhaps_dead(&self) -> Error {
        Error::new(
            Kind::Uncertain,
            format!(
                "nobody can say whether {} gave the key a new secret",
                self.client.service.name()
            ),
        )
        .hint("if the old secret still works, nothing happened: see keywright keys verify")
        .hint("if it does not, its new secret is lost: revoke the key and create another")
        .hint(format!(
            "then: keywright rotations abort {}",
            self.record.id
        ))
    }

    /// The new secret, where the process died between keeping it and writing that down.
    fn kept_all_the_same(&self) -> Result<Option<Secret>> {
        Ok(self.store()?.get(&self.place()?.item)?)
    }

    /// Goes on with the key in an answer that had arrived.
    fn take_in(&mut self, minted: Minted) -> Result<()> {
        let place = self.place()?;
        self.store()?
            .put(&place.item, &label(&minted), &minted.secret)?;
        let kept = Kept::new(place, &minted);
        self.secret = Some(minted.secret);
        self.write(Event::Kept(kept))
    }

    async fn adopt(&mut self, secret: Secret) -> Result<()> {
        self.log().learn(&secret);
        let before = self.record.intent()?.before.clone();
        // Its id was not written down; where exactly one key is new, it is that one.
        let id = match look(self.client, before.as_deref(), self.ends_old()).await {
            Found::Strangers(keys) => match self.without_known(keys)?.as_slice() {
                [only] => only.id.as_ref().map(|id| id.as_received().to_owned()),
                // The name of a lease is nobody else's.
                several if self.is_lease() => self.own_id(several)?,
                _ => None,
            },
            _ if self.is_atomic() => {
                let replaces = self.record.story.replaces();
                replaces.and_then(|old| old.id.clone())
            }
            _ => None,
        };
        let kept = Kept {
            place: self.place()?,
            id,
            masked: secret.masked(),
        };
        self.secret = Some(secret);
        self.write(Event::Kept(kept))
    }

    /// The id of the key among `keys` that has the name that was asked for.
    fn own_id(&self, keys: &[Key]) -> Result<Option<String>> {
        for key in keys {
            if self.is_ours(key)? {
                return Ok(key.id.as_ref().map(|id| id.as_received().to_owned()));
            }
        }
        Ok(None)
    }

    /// The keys that no other record knows: another creation may have been under way at the same time.
    fn without_known(&self, keys: Vec<Key>) -> Result<Vec<Key>> {
        let mut known: Vec<String> = Vec::new();
        for seen in journal::all(self.world())? {
            // A record that cannot be read might know the key: nothing is revoked for the sake of another.
            known.extend(seen.story?.kept().and_then(|kept| kept.id.clone()));
        }
        let is_known = |key: &Key| {
            let id = key.id.as_ref().map(Untrusted::as_received);
            id.is_some_and(|id| known.iter().any(|known| known == id))
        };
        Ok(keys.into_iter().filter(|key| !is_known(key)).collect())
    }

    async fn revoke_stranger(&self, key: &Key, only: bool) -> Result<()> {
        if self.is_lease() {
            // Its name is nobody else's; a key of another name is none of ours.
            if self.is_ours(key)? {
                self.revoke(key, "the leased key").await?;
            }
            return Ok(());
        }
        let what = format!("{} is new, and nobody has its secret", key.label());
        if self.hands.yes() && !(only && self.is_ours(key)?) {
            return Err(Error::new(
                Kind::Uncertain,
                format!("{what}; it may be somebody else's"),
            )
            .hint("`--yes` counts only for a single new key that has the name and the time of the one that was asked for")
            .hint(format!(
                "if it is yours: keywright keys revoke {}",
                key.id
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string)
            )));
        }
        self.hands.confirm(&what, "Revoke it?")?;
        self.revoke(key, "the stranger").await
    }

    /// Whether a new key has the name that was asked for and was made no earlier than it was asked for.
    fn is_ours(&self, key: &Key) -> Result<bool> {
        let intent = self.record.intent()?;
        let asked = self.record.story.at("intended");
        let same_name = intent.name.is_some()
            && key.name.as_ref().map(Untrusted::as_received) == intent.name.as_deref();
        let in_time = match (key.created_at, asked) {
            (Some(created), Some(asked)) => asked.duration_until(created) >= -SKEW,
            _ => true,
        };
        Ok(same_name && in_time)
    }
}
