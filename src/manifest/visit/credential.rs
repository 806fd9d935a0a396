//! The walk over a credential and its places in a request.

use super::super::schema::{CredentialSpec, Placement};
use super::{CallOwner, Walk};

impl<'m> Walk<'_, 'm> {
    pub(super) fn credential(&mut self, name: &'m str, spec: &'m CredentialSpec) {
        self.walk_list("in", &spec.placements, Self::placement);
        self.walk_field("verify", &spec.verify, |walk, operation| {
            walk.call(CallOwner::Verify(name, spec), operation);
        });
        self.walk_field("revoke", &spec.revoke, |walk, operation| {
            walk.call(CallOwner::Revoke(name, spec), operation);
        });
    }

    fn placement(&mut self, place: &'m Placement) {
        match place {
            Placement::Header(header) => self.within("header", |walk| {
                walk.walk_field("format", &header.format, Self::format);
            }),
            Placement::Basic(basic) => self.within("basic", |walk| {
                walk.walk_field("other", &basic.other, Self::source);
            }),
            Placement::AwsSigV4(signer) => self.within("aws-sigv4", |walk| {
                walk.walk_field("service", Some(&signer.service), Self::template);
                walk.walk_field("region", Some(&signer.region), Self::template);
                walk.walk_field("session_token", &signer.session_token, Self::source);
            }),
            Placement::Jwt(jwt) => self.within("jwt", |walk| {
                walk.walk_list("header", &jwt.header, Self::field);
                walk.walk_list("claims", &jwt.claims, Self::field);
                walk.walk_field("in", jwt.place.as_deref(), Self::placement);
            }),
            _ => {}
        }
    }
}
