//! Splits credentials into two halves, for programs that need a name and a secret.

use super::ApiClient;
use crate::core::secret::Secret;
use crate::manifest::{BasicAuthPart, Placement, Source};
use crate::profile::session::Credential;

/// The lengths of access key ids at AWS.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

/// A credential in the form of AWS.
pub struct AccessKey {
    /// The access key id.
    pub id: Secret,
    /// The secret access key.
    pub secret: Secret,
    /// The session token of a temporary one.
    pub session_token: Option<Secret>,
}

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

    /// Returns the credential in the form of AWS: the parts that sign requests, the halves of HTTP Basic, or the texts
    /// before and after a colon.
    pub fn access_key(&self, held: &Credential) -> Option<AccessKey> {
        let pair = |(id, secret)| AccessKey {
            id,
            secret,
            session_token: None,
        };
        let found = self.signing_key(held);
        let found = found.or_else(|| self.basic(held).map(pair));
        let found = found.or_else(|| {
            let (id, secret) = held.secret.expose().split_once(':')?;
            Some(pair((Secret::new(id), Secret::new(secret))))
        });
        found.filter(|key| is_access_key_id(key.id.expose()) && !key.secret.is_empty())
    }

    /// Returns the parts of a credential that sign requests with AWS Signature Version 4.
    fn signing_key(&self, held: &Credential) -> Option<AccessKey> {
        let spec = self.manifest().credentials.get(&held.name)?;
        let signer = spec.placements.iter().find_map(|place| match place {
            Placement::AwsSigV4(signer) => Some(signer),
            _ => None,
        })?;
        let mut values = self.service.values();
        values.credential(&held.name, &held.secret);
        let part = |part: &str| {
            let source = Source::Part {
                credential: held.name.clone(),
                part: part.to_owned(),
            };
            values.get(&source)?.text()
        };
        let session_token = signer.session_token.as_ref();
        Some(AccessKey {
            id: part(&signer.access_key_id)?,
            secret: part(&signer.secret_access_key)?,
            session_token: session_token.and_then(|source| values.get(source)?.text()),
        })
    }
}

fn is_access_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    ID_LENGTHS.contains(&text.len()) && text.bytes().all(plain)
}
