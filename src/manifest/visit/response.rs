//! The walk over a response and the fields of a key in it.

use super::super::fields::{KeyFields, UsageFields};
use super::super::schema::ResponseSpec;
use super::{Responses, Walk};

impl<'m> Walk<'_, 'm> {
    pub(super) fn response(&mut self, response: &'m ResponseSpec, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, false);
        self.predicates("require", &response.require, Responses::All);
        self.predicates("none_if", &response.none_if, Responses::All);
        self.predicates("absent_if", &response.absent_if, Responses::All);
        self.predicates("hidden_if", &response.hidden_if, Responses::All);
        self.walk_field("items", &response.items, read);
        self.walk_field("record", &response.record, |walk, reads| {
            walk.extractor(reads, from, true);
        });
        self.walk_field("secret", &response.secret, read);
        self.walk_map("secret_parts", &response.secret_parts, read);
        let in_entry = response.entry.is_some();
        let read_entry = |walk: &mut Self, reads| walk.extractor(reads, from, in_entry);
        self.walk_field("entry", &response.entry, read);
        self.walk_field("value", &response.value, read_entry);
        self.walk_field("sha256", &response.sha256, read_entry);
        self.walk_field("container", &response.container, read_entry);
        self.walk_map("capture", &response.capture, read_entry);
        self.walk_map("variables", &response.variables, read);
        self.walk_field("token", &response.token, |walk, token| {
            walk.walk_field("value", &token.value, read);
            walk.walk_map("parts", &token.parts, read);
            walk.walk_field("refresh", &token.refresh, read);
            walk.walk_field("expires", &token.expires, read);
        });
        self.walk_field("identity", &response.identity, read);
        self.walk_field("key_id", &response.key_id, read);
        self.walk_list("results", &response.results, |walk, rule| {
            walk.predicates("when", &rule.when, Responses::All);
        });
        self.walk_field("limit", &response.limit, read);
        self.walk_field("warning", &response.warning, read);
        self.walk_field("key", Some(&response.key), |walk, key| walk.key(key, from));
        self.walk_field("usage", &response.usage, |walk, usage| {
            walk.usage(usage, from);
        });
    }

    pub(super) fn key(&mut self, key: &'m KeyFields, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, true);
        self.walk_field("id", &key.id, read);
        self.walk_field("name", &key.name, read);
        self.walk_field("masked", &key.masked, read);
        self.walk_field("status", &key.status, read);
        self.walk_field("scopes", &key.scopes, read);
        self.walk_field("created_at", &key.created_at, read);
        self.walk_field("expires_at", &key.expires_at, read);
        self.walk_field("rotated_at", &key.rotated_at, read);
        self.walk_field("last_used_at", &key.last_used_at, read);
        self.walk_map("carry_over", &key.carry_over, read);
        self.walk_field("usage", &key.usage, |walk, usage| walk.usage(usage, from));
    }

    pub(super) fn usage(&mut self, usage: &'m UsageFields, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, true);
        self.walk_field("requests", &usage.requests, read);
        self.walk_field("requests_30d", &usage.requests_30d, read);
        self.walk_field("daily", &usage.daily, read);
        self.walk_field("cost", &usage.cost, read);
        self.walk_field("currency", &usage.currency, read);
    }
}
