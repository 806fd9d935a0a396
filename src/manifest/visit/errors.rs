//! The walk over refusals: what is read of them, and the answer to a second factor.

use super::{Responses, Walk};
use crate::manifest::errors::ErrorSpec;
use crate::manifest::schema::Challenge;

impl<'m> Walk<'_, 'm> {
    pub(super) fn errors(&mut self, errors: &'m ErrorSpec) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Refusals, false);
        self.walk_field("message", &errors.message, read);
        self.walk_field("code", &errors.code, read);
        self.walk_field("details", &errors.details, read);
        self.walk_field("request_id", &errors.request_id, read);
        self.walk_field("docs", &errors.docs, read);
        self.walk_field("retry_after", &errors.retry_after, |walk, wait| {
            walk.walk_field("at", Some(&wait.at), read);
        });
        self.walk_list("rules", &errors.rules, |walk, rule| {
            walk.predicates("when", &rule.when, Responses::All);
        });
    }

    pub(super) fn challenge(&mut self, challenge: &'m Challenge) {
        self.walk_map("capture", &challenge.capture, |walk, reads| {
            walk.extractor(reads, Responses::Refusals, false);
        });
        self.walk_list("headers", &challenge.headers, Self::field);
        self.walk_list("body", &challenge.body, Self::field);
        self.walk_field("request", &challenge.request, Self::request);
    }
}
