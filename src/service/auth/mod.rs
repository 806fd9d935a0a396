//! Authenticates requests: a file for each way in which a request carries a credential.
//!
//! A way that adds a parameter does so before the body is encoded. A way that signs sees the finished request: the
//! method, the URL with its query, the headers and the bytes of the body.

mod header;
mod query;
mod cookie;
pub(super) mod basic;
mod body;
mod aws_sigv4;
mod tls;
pub(super) mod jwt;

use jiff::Timestamp;

use super::encode::{FieldEncoder, missing};
use super::request_builder::RequestParts;
use super::values::parts_of;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::manifest::{Placement, Source};
use crate::platform::HttpRequest;

/// A way in which a request carries a credential.
pub(super) trait Authenticator {
    /// Returns whether the credential is sent as something that is valid at this time alone, so that a wrong clock
    /// matters. Default: it is not.
    fn is_timed(&self) -> bool {
        false
    }

    /// Checks a credential before it is used or kept; `now` is the time of the service. Default: anything is taken.
    fn check(&self, _credential: &Secret, _now: Timestamp) -> Result<()> {
        Ok(())
    }

    /// Adds the credential to a request whose body is not encoded yet; `now` is the time of the service. Default:
    /// nothing is added.
    fn add(
        &self,
        _request: &mut RequestParts,
        _credential: &Secret,
        _values: &FieldEncoder<'_>,
        _now: Timestamp,
    ) -> Result<()> {
        Ok(())
    }

    /// Signs the finished request. A signature has a time, so each attempt is signed anew and a header of an earlier
    /// attempt is replaced. Default: nothing is signed.
    fn sign(
        &self,
        _request: &mut HttpRequest,
        _credential: &Secret,
        _values: &FieldEncoder<'_>,
        _now: Timestamp,
    ) -> Result<()> {
        Ok(())
    }
}

/// Returns the authenticator of a placement.
fn authenticator(placement: &Placement) -> Result<&dyn Authenticator> {
    Ok(match placement {
        Placement::Header(header) => header,
        Placement::Query(query) => query,
        Placement::Cookie(cookie) => cookie,
        Placement::Basic(basic) => basic,
        Placement::Body(body) => body,
        Placement::AwsSigV4(signer) => signer,
        Placement::Jwt(jwt) => jwt,
        Placement::Tls(tls) => tls,
        Placement::Signed(_) => {
            return Err(Error::usage("signed requests are refused on purpose"));
        }
    })
}

/// Says that the credential of a request has no such part.
fn missing_part(part: &str) -> Error {
    missing(&Source::Part {
        credential: "key".to_owned(),
        part: part.to_owned(),
    })
}

/// The ways in which a request carries its credential, each with the part that goes there.
#[derive(Default)]
pub(super) struct Authentication<'a>(Vec<(&'a dyn Authenticator, Secret)>);

impl<'a> Authentication<'a> {
    /// Returns the ways in which `placements` carry `credential`.
    pub(super) fn of(credential: &Secret, placements: &'a [Placement]) -> Result<Self> {
        let ways = placements.iter().map(|placement| {
            let part = match placement.part() {
                None => credential.duplicate(),
                Some(part) => parts_of(credential)
                    .remove(part)
                    .ok_or_else(|| missing_part(part))?,
            };
            Ok((authenticator(placement)?, part))
        });
        ways.collect::<Result<_>>().map(Authentication)
    }

    /// Adds the credential to a request whose body is not encoded yet.
    pub(super) fn add(
        &self,
        request: &mut RequestParts,
        values: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let mut ways = self.0.iter();
        ways.try_for_each(|(way, part)| way.add(request, part, values, now))
    }

    /// Checks the credential before it is used or kept.
    pub(super) fn check(&self, now: Timestamp) -> Result<()> {
        let mut ways = self.0.iter();
        ways.try_for_each(|(way, part)| way.check(part, now))
    }

    /// Returns whether a wrong clock matters.
    pub(super) fn is_timed(&self) -> bool {
        self.0.iter().any(|(way, _)| way.is_timed())
    }

    /// Signs the finished request.
    pub(super) fn sign(
        &self,
        request: &mut HttpRequest,
        values: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let mut ways = self.0.iter();
        ways.try_for_each(|(way, part)| way.sign(request, part, values, now))
    }
}

#[cfg(test)]
mod tests;
