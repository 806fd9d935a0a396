//! Credentials in two halves, for programs that want a name beside a secret.

use super::ApiClient;
use crate::core::secret::Secret;
use crate::manifest::{BasicAuthPart, Placement, Source};
use crate::profile::session::Credential;

/// The shortest and the longest access key id, as AWS has them.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

impl ApiClient<'_> {
    /// The user name and the password, where the service takes the credential as HTTP Basic.
    pub fn basic(&self, held: &Credential) -> Option<(Secret, Secret)> {
        let spec = self.manifest().credentials.get(&held.name)?;
        spec.placements.iter().find_map(|place| {
            let Placement::Basic { part, other, of } = place else {
                return None;
            };
            let mut values = self.service.values();
            values.credential(&held.name, &held.secret);
            let other = other.as_ref().and_then(|source| values.get(source)?.text());
            let other = other.unwrap_or_else(|| Secret::new(""));
            let own = match of {
                Some(part) => {
                    let source = Source::Part {
                        credential: held.name.clone(),
                        part: part.clone(),
                    };
                    values.get(&source)?.text()?
                }
                None => held.secret.duplicate(),
            };
            Some(match part {
                BasicAuthPart::User => (own, other),
                BasicAuthPart::Password => (other, own),
            })
        })
    }

    /// The access key id and its secret: the halves of HTTP Basic, or what stands before and behind a colon.
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
