//! The way back: old values where they stood, the new key revoked, the old one left alone.

use super::Rotation;
use crate::api::{Support, support};
use crate::destination::{Content, DestinationSpec};
use crate::error::{Error, Kind, Result};
use crate::journal::{Event, Previous, State, Story};
use crate::key::Key;
use crate::manifest::Verb;
use crate::mint::arrived;
use crate::untrusted::Untrusted;

/// How thoroughly a rotation is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// Every destination holds its old value again, or nothing is begun.
    Whole,
    /// What cannot be put back is named and left.
    AsFarAsPossible,
}

impl Rotation<'_> {
    /// Puts the old value back everywhere and revokes the new key, while the old one lives.
    pub async fn undo(mut self) -> Result<Story> {
        let state = self.record.state();
        if state == State::Undoing {
            return self.finish_undo().await;
        }
        if !self.is_rotation() {
            return Err(
                Error::usage("a creation has nothing to go back to").hint(format!(
                    "to revoke the new key and forget it: keywright rotations abort {}",
                    self.record.id
                )),
            );
        }
        if state == State::Abandoned {
            return self.abort().await;
        }
        if state.awaits_the_secret() {
            if self.secret_is_absent()? {
                return Err(Error::usage(
                    "the new key was put nowhere: there is nothing to go back to",
                )
                .hint(format!(
                    "look whether it was created: keywright rotations resume {}",
                    self.record.id
                )));
            }
            self.look_again().await?;
        }
        self.old_must_live(self.record.state()).await?;
        self.check_way_back(Back::Whole)?;
        self.hands.confirm(
            "the old value goes back to where it stood, and the new key is revoked",
            "Undo?",
        )?;
        self.write(Event::Undoing)?;
        self.finish_undo().await
    }

    /// Gives up: old values go back as far as they can, the new key is revoked, the record forgotten.
    pub async fn abort(mut self) -> Result<Story> {
        let state = self.record.state();
        if state.is_over() {
            let story = self.record.story.clone();
            self.tidy_up()?;
            return Ok(story);
        }
        if state.awaits_the_secret() && self.secret_is_absent()? {
            self.hands.confirm(
                "giving up without looking may leave a key at the service that nobody knows",
                "Give up?",
            )?;
            self.write(Event::Abandoned)?;
            let story = self.record.story.clone();
            let log = self.log();
            self.tidy_up()?;
            log.note("given up; look whether a key is left: keywright keys list");
            return Ok(story);
        }
        if state.awaits_the_secret() {
            self.look_again().await?;
        }
        if self.record.state() != State::Undoing {
            if self.is_rotation() {
                self.old_must_live(self.record.state()).await?;
            }
            self.check_way_back(Back::AsFarAsPossible)?;
            let masked = self.record.kept()?.masked.clone();
            self.hands.confirm(
                &format!("giving up revokes the new key {masked} and forgets it"),
                "Give up?",
            )?;
            self.write(Event::Undoing)?;
        }
        self.finish_undo().await
    }

    fn secret_is_absent(&self) -> Result<bool> {
        let kept = self.store()?.get(&self.place()?.item)?;
        Ok(kept.is_none() && arrived(self.client, &self.record)?.is_none())
    }

    /// Refuses where there is no old key to go back to.
    async fn old_must_live(&self, state: State) -> Result<()> {
        let gone = |why: &str| {
            Err(Error::new(
                Kind::Conflict,
                format!("the old key is gone: {why}; the new one is the only one"),
            )
            .hint(format!(
                "go on: keywright rotations resume {}",
                self.record.id
            )))
        };
        if !self.old_lives_on() {
            return gone("it ended when the new one was made");
        }
        match state {
            State::Revoked | State::Done => gone("it is revoked"),
            State::Revoking if !self.old_is_listed().await? => gone("it was being revoked"),
            _ => Ok(()),
        }
    }

    async fn old_is_listed(&self) -> Result<bool> {
        let id = self.record.story.replaces().and_then(|old| old.id.clone());
        let listable = matches!(
            support(self.client.service.manifest, Verb::List),
            Support::Native(_)
        );
        if !listable || id.is_none() {
            // A person was asked to remove it, and knows.
            return Ok(true);
        }
        let keys = self.client.list().await?;
        Ok(keys.iter().any(|key| {
            key.status.takes_a_slot()
                && key.id.as_ref().map(Untrusted::as_received) == id.as_deref()
        }))
    }

    /// Refuses, before anything is put back, where something could not be.
    fn check_way_back(&self, back: Back) -> Result<()> {
        let old = self.record.story.replaces();
        let known = match old {
            Some(old) => self.old_secret(old)?.is_some(),
            None => false,
        };
        let lost: Vec<String> = self
            .touched()
            .into_iter()
            .filter(|to| {
                let previous = self.record.story.previous(to);
                !known && matches!(previous, None | Some(Previous::Unreadable))
            })
            .map(|to| to.to_string())
            .collect();
        if lost.is_empty() {
            return Ok(());
        }
        let what = format!(
            "nobody knows what stood at `{}` before: it does not tell what it holds",
            lost.join("`, `")
        );
        match back {
            Back::AsFarAsPossible => {
                self.log().warn(&format!(
                    "{what}; it keeps the new key, which is revoked now: put the old one there by hand"
                ));
                Ok(())
            }
            Back::Whole => Err(Error::new(Kind::Store, what)
                .hint("put the old key there by hand")
                .hint(format!(
                    "then give up the new one: keywright rotations abort {}",
                    self.record.id
                ))),
        }
    }

    /// The destinations that may hold the new secret, the last one first.
    fn touched(&self) -> Vec<DestinationSpec> {
        let story = &self.record.story;
        let mut touched: Vec<DestinationSpec> = Vec::new();
        for (to, _) in story.saved().rev() {
            if *to != DestinationSpec::Stdout && !touched.contains(to) {
                touched.push(to.clone());
            }
        }
        touched
    }

    /// Undoes what is begun, and tidies up behind it.
    async fn finish_undo(mut self) -> Result<Story> {
        let id = self.record.id.clone();
        match self.undo_all().await {
            Ok(()) => {
                let story = self.record.story.clone();
                self.tidy_up()?;
                Ok(story)
            }
            Err(error) => Err(super::unfinished(error, &id)),
        }
    }

    /// Puts back what is not put back yet, then revokes the new key.
    pub(super) async fn undo_all(&mut self) -> Result<()> {
        for to in self.touched() {
            if self.record.story.at_destination("restored", &to).is_none() {
                self.restore(&to)?;
                self.write(Event::Restored { to })?;
            }
        }
        self.revoke_new().await?;
        self.write(Event::Abandoned)
    }

    fn restore(&mut self, to: &DestinationSpec) -> Result<()> {
        let secret = self.secret()?;
        let previous = match self.record.story.previous(to) {
            Some(Previous::Value(item)) => match self.store()?.get(item)? {
                Some(value) => Content::Value(value),
                // It was written down and not yet kept: the destination was not touched.
                None => return Ok(()),
            },
            Some(Previous::Absent) => Content::Absent,
            Some(Previous::Unreadable) | None => {
                let old = self.record.story.replaces().cloned();
                match old.and_then(|old| self.old_secret(&old).transpose()) {
                    Some(old) => Content::Value(old?),
                    None => return Ok(()),
                }
            }
        };
        let destination = self.hands.open(to)?;
        if destination.can_read() && destination.read()?.is(&secret) == Some(false) {
            self.log().note(&format!(
                "`{}` does not hold the new key: it stays as it is",
                destination.describe()
            ));
            return Ok(());
        }
        destination.restore(&previous)?;
        self.log().note(&format!(
            "put back what stood at `{}`",
            destination.describe()
        ));
        Ok(())
    }

    async fn revoke_new(&self) -> Result<()> {
        let kept = self.record.kept()?.clone();
        let manifest = self.client.service.manifest;
        let native = matches!(support(manifest, Verb::Revoke), Support::Native(_));
        match &kept.id {
            Some(id) if native => {
                let key = Key {
                    masked: Some(Untrusted::new(kept.masked.clone())),
                    ..crate::mint::key_of(self.client, Some(id.clone()))
                };
                let what = if self.is_lease() {
                    "the leased key"
                } else {
                    "the new key"
                };
                self.revoke(&key, what).await
            }
            None if native && manifest.one_key => {
                let key = crate::mint::key_of(self.client, None);
                self.revoke(&key, "the key").await
            }
            _ => {
                self.log().warn(&format!(
                    "{} has no call to revoke it: revoke the key {} by hand",
                    self.client.service.name(),
                    kept.masked
                ));
                if let Support::Manual(manual) = support(manifest, Verb::Revoke) {
                    self.hands.instruct("open", manual, &[]);
                }
                Ok(())
            }
        }
    }
}
