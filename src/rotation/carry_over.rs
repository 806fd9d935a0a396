//! Derives the request for the new key from the old key: its name, scopes, lifetime and further fields.

use jiff::{SignedDuration, Timestamp};

use super::plan::RotateOptions;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::{Expiry, Key};
use crate::core::moment::to_the_minute;
use crate::core::untrusted::one_line;
use crate::manifest::{InputSpec, Span, Strategy, Verb};

/// Carries the properties of the old key over to the key that replaces it.
pub(super) struct CarryOver<'c> {
    /// The service.
    pub client: &'c ApiClient<'c>,
    /// The old key.
    pub old: &'c Key,
    /// The options of the rotation.
    pub options: &'c RotateOptions,
    /// The call that creates the new key.
    pub verb: Verb,
    /// Returns whether that call, or the manual procedure, takes an input.
    pub takes: &'c dyn Fn(&str) -> bool,
    /// The moment from which spans are counted; the same one as in the request.
    pub now: Timestamp,
}

/// A lifetime that is carried over.
#[derive(Default)]
pub(super) struct CarriedExpiry {
    /// The expiry to request.
    pub expires: Option<Expiry>,
    /// The expiry that follows from the old key's lifetime, if the service does not accept it.
    pub uncapped: Option<Expiry>,
}

impl CarryOver<'_> {
    fn spec(&self, input: &str) -> Option<&InputSpec> {
        self.client.input(self.verb, input)
    }

    /// Returns the name of the new key; `only_once` if the service allows a name only once.
    pub(super) fn name(
        &self,
        only_once: bool,
        keys: &[Key],
        drift: &mut Vec<String>,
    ) -> Option<String> {
        let takes = (self.takes)("name");
        let spec = self.spec("name");
        let most = spec.and_then(|spec| spec.max_length);
        match &self.old.name {
            Some(name) if takes && only_once => {
                let free = another_name(name.as_received(), keys, self.now, most);
                drift.push(format!(
                    "no two keys may have one name: the new one is called `{}`",
                    one_line(&free)
                ));
                Some(free)
            }
            Some(name) if takes => {
                let short = shortened(name.as_received(), most);
                if short != name.as_received() {
                    drift.push(format!(
                        "the name `{name}` is longer than the service takes now: the new key is called `{}`",
                        one_line(&short)
                    ));
                }
                Some(short)
            }
            Some(name) => {
                drift.push(format!("the name `{name}` cannot be given to the new key"));
                None
            }
            None => None,
        }
    }

    /// Returns the scopes of the new key.
    pub(super) fn scopes(&self, drift: &mut Vec<String>) -> Result<Vec<String>> {
        let takes = (self.takes)("scopes");
        if !self.options.scopes.is_empty() {
            return if takes {
                Ok(self.options.scopes.clone())
            } else {
                Err(self.cannot_honour("--scope"))
            };
        }
        let held = self.old.scopes.iter().flatten();
        let held: Vec<String> = held.map(|scope| scope.as_received().to_owned()).collect();
        if !takes && !held.is_empty() {
            drift.push(format!(
                "the scopes {} cannot be given to the new key",
                one_line(&held.join(", "))
            ));
            return Ok(Vec::new());
        }
        if takes && self.old.scopes.is_none() {
            drift.push(
                "the service does not say what the old key may do: the new one gets what a new key gets"
                    .to_owned(),
            );
        }
        Ok(held)
    }

    /// Returns the lifetime of the new key.
    pub(super) fn lifetime(
        &self,
        strategy: Strategy,
        drift: &mut Vec<String>,
    ) -> Result<CarriedExpiry> {
        let takes = (self.takes)("expires");
        let exactly = |expires| CarriedExpiry {
            expires,
            uncapped: None,
        };
        if let Some(wanted) = self.options.expires {
            if takes || wanted == Expiry::Never {
                return Ok(exactly(Some(wanted).filter(|_| takes)));
            }
            return Err(self.cannot_honour("--expires"));
        }
        if !takes {
            // A key that stays the same one keeps its expiry; the response shows whether it did.
            if self.old.expires_at.is_some() && strategy != Strategy::Atomic {
                drift.push(
                    "the old key has an expiry, which cannot be given to the new one".to_owned(),
                );
            }
            return Ok(exactly(None));
        }
        if self.old.expires_at.is_none() {
            return Ok(self.unlimited(drift));
        }
        let Some(moment) = self.as_long_as_the_old() else {
            drift.push(
                "the lifetime of the old key is unknown: the new one gets the service's default"
                    .to_owned(),
            );
            return Ok(exactly(None));
        };
        Ok(self.within_bounds(moment, drift))
    }

    /// Returns the expiry that gives the new key, from now, the lifetime the old one was created with.
    pub(super) fn as_long_as_the_old(&self) -> Option<Timestamp> {
        let life = self.old.created_at?.duration_until(self.old.expires_at?);
        let moment = self.now.checked_add(life).ok()?;
        (life > SignedDuration::ZERO).then_some(moment)
    }

    /// Returns the lifetime after a key without an expiry: the longest one if the service requires one.
    fn unlimited(&self, drift: &mut Vec<String>) -> CarriedExpiry {
        let spec = self.spec("expires");
        let required = spec.filter(|spec| spec.must_be_given() && self.old.said.expiry);
        let most = required.and_then(|spec| spec.max);
        let Some((most, moment)) = most.and_then(|most| Some((most, most.after(self.now)?))) else {
            return CarriedExpiry::default();
        };
        drift.push(format!(
            "the old key had no expiry, and the service requires one of at most {most}: the new key expires on {}",
            to_the_minute(moment)
        ));
        CarriedExpiry {
            expires: Some(Expiry::At(moment)),
            uncapped: Some(Expiry::Never),
        }
    }

    /// Returns the lifetime until `moment`, or the nearest one that the service accepts.
    fn within_bounds(&self, moment: Timestamp, drift: &mut Vec<String>) -> CarriedExpiry {
        let bound = |span: Option<Span>| span.and_then(|span| Some((span, span.after(self.now)?)));
        let spec = self.spec("expires");
        let most = bound(spec.and_then(|spec| spec.max)).filter(|(_, most)| moment > *most);
        let least = bound(spec.and_then(|spec| spec.min)).filter(|(_, least)| moment < *least);
        let (words, (span, nearest)) = match (most, least) {
            (Some(most), _) => ("longer than the service allows: at most", most),
            (_, Some(least)) => ("shorter than the service allows: at least", least),
            (None, None) => {
                return CarriedExpiry {
                    expires: Some(Expiry::At(moment)),
                    uncapped: None,
                };
            }
        };
        drift.push(format!(
            "the lifetime of the old key is {words} {span}; the new key expires on {}",
            to_the_minute(nearest)
        ));
        CarriedExpiry {
            expires: Some(Expiry::At(nearest)),
            uncapped: Some(Expiry::At(moment)),
        }
    }

    /// Returns the further fields: those of the old key, overridden by those of the options.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let wished = &self.options.fields;
        let kept = self.old.given.iter().filter(|(name, _)| {
            (self.takes)(name) && !wished.iter().any(|(wished, _)| wished == name)
        });
        kept.chain(wished).cloned().collect()
    }

    fn cannot_honour(&self, flag: &str) -> Error {
        Error::usage(format!(
            "{} cannot honour `{flag}` for a new key",
            self.client.service.name()
        ))
    }
}

/// Shortens a name to at most `most` characters.
fn shortened(name: &str, most: Option<usize>) -> String {
    name.chars().take(most.unwrap_or(usize::MAX)).collect()
}

/// Returns an unused name of at most `most` characters: the old one with the day appended, replacing an earlier day.
fn another_name(name: &str, keys: &[Key], now: Timestamp, most: Option<usize>) -> String {
    let base = match name.rsplit_once('_') {
        Some((base, day)) if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) => {
            base
        }
        _ => name,
    };
    let day = now.strftime("%Y%m%d");
    let taken = |wanted: &str| {
        let mut names = keys.iter().filter_map(|key| key.name.as_ref());
        wanted == name || names.any(|name| name.as_received() == wanted)
    };
    let with = |behind: String| {
        let room = most.map(|most| most.saturating_sub(behind.len()));
        format!("{}{behind}", shortened(base, room))
    };
    let first = with(format!("_{day}"));
    let further = (2u32..).map(|number| with(format!("_{number}_{day}")));
    let mut names = std::iter::once(first.clone()).chain(further);
    names.find(|wanted| !taken(wanted)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_is_unused_and_fits() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let named = |name: &str, keys: &[&str], most| {
            let keys: Vec<Key> = keys
                .iter()
                .map(|name| Key {
                    name: Some(crate::core::untrusted::Untrusted::new(*name)),
                    ..Key::unknown("acme", "acme")
                })
                .collect();
            another_name(name, &keys, now, most)
        };
        assert_eq!(named("ci", &[], None), "ci_20261120");
        assert_eq!(named("ci_20260101", &[], None), "ci_20261120");
        assert_eq!(named("ci", &["ci_20261120"], None), "ci_2_20261120");
        assert_eq!(named("a-long-name", &[], Some(12)), "a-l_20261120");
        assert_eq!(
            named("a-long-name", &["a-l_20261120"], Some(12)),
            "a_2_20261120"
        );
    }
}
