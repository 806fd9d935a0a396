//! The end of the old key: by a call, or by hand and then looked at.

use super::Rotation;
use crate::api::{Support, support};
use crate::destination::DestinationSpec;
use crate::error::{Error, Kind, Result};
use crate::journal::{Previous, Replaced};
use crate::key::{Key, Validity};
use crate::manifest::{Manual, Strategy, Verb};
use crate::secret::Secret;
use crate::service::Carried;
use crate::untrusted::{Untrusted, clean};

impl Rotation<'_> {
    /// Revokes the old key; one that is gone already counts as revoked.
    pub(super) async fn retire(&mut self) -> Result<()> {
        let old = self.record.story.replaces().cloned();
        let old = old.ok_or_else(|| Error::failed("the record names no old key"))?;
        let manifest = self.client.service.manifest;
        match support(manifest, Verb::Revoke) {
            Support::Native(_) if old.id.is_some() => {
                self.revoke(&self.old_key(&old), "the old key").await
            }
            Support::Manual(manual) => self.retire_by_hand(&old, Some(manual)).await,
            _ => self.retire_by_hand(&old, None).await,
        }
    }

    /// Revokes a key, or finds it gone.
    pub(super) async fn revoke(&self, key: &Key, what: &str) -> Result<()> {
        match self.client.revoke(key).await {
            Ok(()) => {
                self.log().note(&format!("revoked {what} {}", key.label()));
                Ok(())
            }
            Err(trouble) if trouble.error.kind() == Kind::NotFound => {
                self.log()
                    .note(&format!("{what} {} was gone already", key.label()));
                Ok(())
            }
            Err(trouble) => Err(trouble
                .error
                .context(&format!("{what} {} was not revoked", key.label()))),
        }
    }

    pub(super) fn old_key(&self, old: &Replaced) -> Key {
        Key {
            name: old.name.clone().map(Untrusted::new),
            masked: old.masked.clone().map(Untrusted::new),
            ..crate::mint::key_of(self.client, old.id.clone())
        }
    }

    async fn retire_by_hand(&self, old: &Replaced, manual: Option<&Manual>) -> Result<()> {
        let label = old.label();
        let label = label.map_or_else(|| "the old key".to_owned(), |label| clean(&label));
        let secret = self.old_secret(old)?;
        if let Some(secret) = &secret
            && self.is_refused(secret).await? == Some(true)
        {
            self.log().note(&format!("the old key `{label}` is gone"));
            return Ok(());
        }
        let dashboard = self.client.service.manifest.dashboard.as_deref();
        match manual {
            Some(manual) => {
                let further = [format!("The key to remove is `{label}`")];
                let title = "now remove the old key: open";
                self.hands.instruct(title, manual, &further);
            }
            None => self.log().line(&format!(
                "now remove the old key `{label}` by hand{}",
                dashboard.map_or_else(String::new, |page| format!(": {page}"))
            )),
        }
        let question = "Is it removed?";
        let unfinished = |why: String| {
            Error::new(Kind::Uncertain, why).hint("remove it in the dashboard, then go on")
        };
        if self.hands.may_ask() && !self.hands.yes() {
            self.hands.confirm("the new key is in place", question)?;
        }
        let verdict = match &secret {
            Some(secret) => self.is_refused(secret).await?,
            None => None,
        };
        match verdict {
            Some(true) => Ok(()),
            Some(false) => Err(unfinished(format!("the old key `{label}` still works"))),
            None if self.hands.may_ask() || self.hands.yes() => Ok(()),
            None => Err(unfinished(format!(
                "nobody can say whether the old key `{label}` is removed"
            ))
            .hint("if it is, say so with `--yes`")),
        }
    }

    /// The old secret, where it stood at the profile that is rotated.
    pub(super) fn old_secret(&self, old: &Replaced) -> Result<Option<Secret>> {
        let Some(own) = &old.own else {
            return Ok(None);
        };
        let Some(Previous::Value(item)) = self.record.story.previous(own) else {
            return Ok(None);
        };
        let saved = self.store()?.get(item)?;
        let found = saved.map(|saved| crate::destination::saved_value(&saved));
        if let Some(secret) = &found {
            self.log().learn(secret);
        }
        Ok(found)
    }

    /// Lets the login follow where one call has ended the key that it used: a list does not always tell whose key is
    /// whose, but the service no longer accepts ours.
    pub(super) async fn follow_where_it_was_ours(&mut self) -> Result<()> {
        let old = self.record.story.replaces().cloned();
        let atomic = old.filter(|old| old.strategy == Strategy::Atomic && old.own.is_none());
        let session = self.client.session;
        let name = session.service.manifest.new_key();
        let (Some(_), Some(name)) = (atomic, name) else {
            return Ok(());
        };
        let own = DestinationSpec::Profile {
            name: self.client.profile.to_owned(),
        };
        let goes_there = self.record.intent()?.to.contains(&own);
        if goes_there || session.environment_rules() || !session.holds(name)? {
            return Ok(());
        }
        let Some(present) = session.kept(name)? else {
            return Ok(());
        };
        if self.is_refused(&present).await? != Some(true) {
            return Ok(());
        }
        let secret = self.secret()?;
        self.hands.open(&own)?.deliver(&secret)?;
        self.log().note(&format!(
            "it was the key of the profile `{}`, which logs in with the new one from now on",
            self.client.profile
        ));
        Ok(())
    }

    /// Whether the service refuses a secret; `None` where it has no way to say.
    async fn is_refused(&self, secret: &Secret) -> Result<Option<bool>> {
        let manifest = self.client.service.manifest;
        let Some(name) = manifest.new_key() else {
            return Ok(None);
        };
        let verdict = self.client.verify(&Carried { name, secret }).await?;
        Ok(match verdict.result {
            Validity::Unknown => None,
            Validity::Invalid | Validity::Expired | Validity::Disabled => Some(true),
            Validity::Valid | Validity::Restricted | Validity::Blocked => Some(false),
        })
    }
}
