//! Splits credentials into two halves, for programs that need a name and a secret.

use super::ApiClient;
use crate::core::secret::Secret;
use crate::manifest::{BasicAuthPart, Placement, Source};
use crate::profile::session::Credential;

/// The lengths of access key ids at AWS.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

impl ApiClient<'_> {
    /// Returns the user name and the password, if the service takes the credential as HTTP Basic.
    pub fn basic(&self, held: &Credential) -> Option<(Secret, Secret)> {
        let spec = self.manifest().credentials.get(&held.name)?;
        spec.placements.iter().find_map(|place| {
            let Placement::Basic(basic) = place else {
                return None;
            };
            let mut values = self.service.values();
            values.credential(&held.name, &held.secret);
            let other = basic.other.as_ref();
            let other = other.and_then(|source| values.get(source)?.text());
            let other = other.unwrap_or_else(|| Secret::new(""));
            let own = match &basic.of {
                Some(part) => {
                    let source = Source::Part {
                        credential: held.name.clone(),
                        part: part.clone(),
                    };
                    values.get(&source)?.text()?
                }
                None => held.secret.duplicate(),
            };
            Some(match basic.part {
                BasicAuthPart::User => (own, other),
                BasicAuthPart::Password => (other, own),
            })
        })
    }

    /// Returns the access key id and its secret: the halves of HTTP Basic, or the parts before and after a colon.
    pub fn access_pair(&self, held: &Credential) -> Option<(Secret, Secret)> {
        let pair = self.basic(held).or_else(|| {
            let (id, secret) = held.secret.expose().split_once(':')?;
            Some((Secret::new(id), Secret::new(secret)))
        });
        pair.filter(|(id, secret)| is_access_key_id(id.expose()) && !secret.is_empty())
    }
}

fn is_access_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    ID_LENGTHS.contains(&text.len()) && text.bytes().all(plain)
}
