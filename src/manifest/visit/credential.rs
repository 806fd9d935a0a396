//! The walk over a credential and its places in a request.

use super::super::schema::{CredentialSpec, Placement};
use super::{CallOwner, Walk};

impl<'m> Walk<'_, 'm> {
    pub(super) fn credential(&mut self, name: &'m str, spec: &'m CredentialSpec) {
        self.each("in", &spec.placements, Self::placement);
        self.one("verify", &spec.verify, |walk, operation| {
            walk.call(CallOwner::Verify(name, spec), operation);
        });
    }

    fn placement(&mut self, place: &'m Placement) {
        match place {
            Placement::Header(header) => self.within("header", |walk| {
                walk.one("format", &header.format, Self::format);
            }),
            Placement::Basic(basic) => self.within("basic", |walk| {
                walk.one("other", &basic.other, Self::source);
            }),
            Placement::AwsSigV4(signer) => self.within("aws-sigv4", |walk| {
                walk.one("service", Some(&signer.service), Self::template);
                walk.one("region", Some(&signer.region), Self::template);
                walk.one("session_token", &signer.session_token, Self::source);
            }),
            Placement::Jwt(jwt) => self.within("jwt", |walk| {
                walk.each("header", &jwt.header, Self::field);
                walk.each("claims", &jwt.claims, Self::field);
                walk.one("in", jwt.place.as_deref(), Self::placement);
            }),
            _ => {}
        }
    }
}
