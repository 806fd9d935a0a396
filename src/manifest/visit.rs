//! The one walk over a manifest: its calls, its requests, and every place that writes into a request or reads from a
//! response, each with its path.

mod credential;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::errors::ErrorSpec;
use super::extract::Extractor;
use super::fields::{KeyFields, UsageFields};
use super::pagination::Pagination;
use super::predicate::{Predicate, StatusSet};
use super::schema::{
    Challenge, CredentialSpec, Discovery, Field, Manifest, Operation, RequestSpec, ResponseSpec,
    StepSpec, VariableSpec,
};
use super::source::{Source, Template};
use super::verb::Verb;

/// The keys from the top of a manifest to a node.
pub(super) type NodePath<'m> = [Cow<'m, str>];

/// A part of a manifest that a walk meets.
#[derive(Clone, Copy)]
pub enum Node<'m> {
    /// An operation; its parts follow.
    Call(CallOwner<'m>, &'m Operation),
    /// A request; its sources follow.
    Request(&'m RequestSpec),
    /// An address that is filled from variables.
    Address(&'m Template),
    /// The source of a value that is sent or compared.
    Source(&'m Source),
    /// A place that reads from responses.
    Read(Read<'m>),
}

/// The part of a manifest that an operation belongs to.
#[derive(Clone, Copy)]
pub enum CallOwner<'m> {
    /// It carries out a verb.
    Verb(Verb),
    /// It verifies the credential of that name.
    Verify(&'m str, &'m CredentialSpec),
    /// It finds the values of a variable.
    Discovery(&'m VariableSpec, &'m Discovery),
}

/// An operation with its path and its owner.
pub struct Call<'m> {
    /// The path from the top.
    pub path: Vec<String>,
    /// The part that it belongs to.
    pub owner: CallOwner<'m>,
    /// The operation.
    pub operation: &'m Operation,
}

/// A place that reads, and the responses that it reads from.
#[derive(Clone, Copy)]
pub struct Read<'m> {
    /// The reading part.
    pub reader: Reader<'m>,
    /// The responses.
    pub from: Responses<'m>,
    /// The operation whose responses they are; `None` for those of all.
    pub operation: Option<&'m Operation>,
    /// Says that it may read from a part of the response, such as an item.
    pub in_items: bool,
}

/// A part of the language that reads from a response.
#[derive(Clone, Copy)]
pub enum Reader<'m> {
    /// It takes a value.
    Extractor(&'m Extractor),
    /// It tests a value.
    Predicate(&'m Predicate),
}

/// The responses that a place is read from.
#[derive(Clone, Copy)]
pub enum Responses<'m> {
    /// The successes of the operation's own call.
    Success,
    /// Those of a further call with these statuses.
    Further(&'m StatusSet),
    /// All of the operation.
    All,
    /// The refusals.
    Refusals,
}

impl Manifest {
    /// Shows every node to `see`.
    pub fn walk<'m>(&'m self, see: &mut dyn FnMut(&NodePath<'m>, Node<'m>)) {
        Walk::new(see).manifest(self);
    }

    /// Returns every operation: verifications, discoveries, verbs.
    pub fn calls(&self) -> Vec<Call<'_>> {
        let mut calls = Vec::new();
        self.walk(&mut |path, node| {
            if let Node::Call(owner, operation) = node {
                calls.push(Call {
                    path: path.iter().map(|part| part.clone().into_owned()).collect(),
                    owner,
                    operation,
                });
            }
        });
        calls
    }

    /// Returns whether anything but an address names a source.
    pub fn names(&self, source: &Source) -> bool {
        sources(|walk| walk.manifest(self)).contains(&source)
    }
}

impl Operation {
    /// Returns every source of the operation.
    pub fn sources(&self) -> Vec<&Source> {
        sources(|walk| walk.operation(self))
    }

    /// Returns every request of the operation.
    pub fn requests(&self) -> Vec<&RequestSpec> {
        collect(
            |walk| walk.operation(self),
            |node| match node {
                Node::Request(request) => Some(request),
                _ => None,
            },
        )
    }
}

impl RequestSpec {
    /// Returns every source of the request.
    pub fn sources(&self) -> Vec<&Source> {
        sources(|walk| walk.request(self))
    }
}

impl ResponseSpec {
    /// Returns whether nothing that the operation depends on is read of the response.
    pub fn is_empty(&self) -> bool {
        const DESCRIPTIVE: [&str; 4] = ["key", "usage", "limit", "warning"];
        let mut needed = false;
        Walk::new(&mut |path, _| needed |= !DESCRIPTIVE.contains(&&*path[0]))
            .response(self, Responses::Success);
        !needed
    }

    /// Returns every source that a place of the response is compared with.
    pub fn sources(&self) -> Vec<&Source> {
        sources(|walk| walk.response(self, Responses::Success))
    }
}

/// Returns what `pick` takes of the nodes of a walk.
fn collect<'m, T>(
    go: impl FnOnce(&mut Walk<'_, 'm>),
    pick: impl Fn(Node<'m>) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    go(&mut Walk::new(&mut |_, node| found.extend(pick(node))));
    found
}

fn sources<'m>(go: impl FnOnce(&mut Walk<'_, 'm>)) -> Vec<&'m Source> {
    collect(go, |node| match node {
        Node::Source(source) => Some(source),
        _ => None,
    })
}

/// A walk under way.
struct Walk<'s, 'm> {
    path: Vec<Cow<'m, str>>,
    /// The operation that it is in.
    operation: Option<&'m Operation>,
    see: &'s mut dyn FnMut(&NodePath<'m>, Node<'m>),
}

impl<'s, 'm> Walk<'s, 'm> {
    fn new(see: &'s mut dyn FnMut(&NodePath<'m>, Node<'m>)) -> Self {
        Walk {
            path: Vec::new(),
            operation: None,
            see,
        }
    }

    fn see(&mut self, node: Node<'m>) {
        (self.see)(&self.path, node);
    }

    fn within(&mut self, key: impl Into<Cow<'m, str>>, go: impl FnOnce(&mut Self)) {
        self.path.push(key.into());
        go(self);
        self.path.pop();
    }

    fn one<T: 'm>(
        &mut self,
        key: &'m str,
        part: impl IntoIterator<Item = &'m T>,
        go: impl Fn(&mut Self, &'m T),
    ) {
        for part in part {
            self.within(key, |walk| go(walk, part));
        }
    }

    fn each<T>(&mut self, key: &'m str, parts: &'m [T], go: impl Fn(&mut Self, &'m T)) {
        for (index, part) in parts.iter().enumerate() {
            self.within(key, |walk| {
                walk.within(index.to_string(), |walk| go(walk, part));
            });
        }
    }

    fn named<T>(
        &mut self,
        key: &'m str,
        parts: &'m BTreeMap<String, T>,
        go: impl Fn(&mut Self, &'m T),
    ) {
        for (name, part) in parts {
            self.within(key, |walk| {
                walk.within(name.as_str(), |walk| go(walk, part));
            });
        }
    }

    fn manifest(&mut self, manifest: &'m Manifest) {
        self.named("servers", &manifest.servers, |walk, server| {
            walk.one("url", Some(&server.url), Self::address);
            walk.each("headers", &server.headers, Self::field);
        });
        self.each("hosts", &manifest.hosts, |walk, host| {
            walk.each("names", &host.names, Self::address);
        });
        for (name, spec) in &manifest.credentials {
            self.within("credentials", |walk| {
                walk.within(name.as_str(), |walk| walk.credential(name, spec));
            });
        }
        self.named("variables", &manifest.variables, |walk, spec| {
            walk.one("discover", &spec.discover, |walk, discovery| {
                walk.discovery(spec, discovery);
            });
        });
        self.within("operations", |walk| {
            for (verb, operation) in &manifest.operations {
                walk.within(verb.name(), |walk| {
                    walk.call(CallOwner::Verb(*verb), operation);
                });
            }
        });
        self.one("key", Some(&manifest.key), |walk, key| {
            walk.key(key, Responses::Success);
        });
        self.one("errors", Some(&manifest.errors), Self::errors);
        self.one("challenge", &manifest.challenge, Self::challenge);
    }

    fn discovery(&mut self, spec: &'m VariableSpec, discovery: &'m Discovery) {
        let call = &*discovery.call;
        self.within("call", |walk| {
            walk.call(CallOwner::Discovery(spec, discovery), call);
        });
        self.operation = Some(call);
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Success, true);
        self.one("value", Some(&discovery.value), read);
        self.one("title", &discovery.title, read);
        self.operation = None;
    }

    fn errors(&mut self, errors: &'m ErrorSpec) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Refusals, false);
        self.one("message", &errors.message, read);
        self.one("code", &errors.code, read);
        self.one("details", &errors.details, read);
        self.one("request_id", &errors.request_id, read);
        self.one("docs", &errors.docs, read);
        self.one("retry_after", &errors.retry_after, |walk, wait| {
            walk.one("at", Some(&wait.at), read);
        });
        self.each("rules", &errors.rules, |walk, rule| {
            walk.predicates("when", &rule.when, Responses::All);
        });
    }

    fn challenge(&mut self, challenge: &'m Challenge) {
        self.named("capture", &challenge.capture, |walk, reads| {
            walk.extractor(reads, Responses::Refusals, false);
        });
        self.each("headers", &challenge.headers, Self::field);
        self.each("body", &challenge.body, Self::field);
        self.one("request", &challenge.request, Self::request);
    }

    fn call(&mut self, owner: CallOwner<'m>, operation: &'m Operation) {
        self.see(Node::Call(owner, operation));
        self.operation(operation);
    }

    fn operation(&mut self, operation: &'m Operation) {
        self.operation = Some(operation);
        self.each("before", &operation.before, Self::step);
        self.one("request", &operation.request, Self::request);
        self.one("response", Some(&operation.response), |walk, response| {
            walk.response(response, Responses::Success);
        });
        self.one("pagination", &operation.pagination, Self::pagination);
        self.one("details", &operation.details, |walk, details| {
            walk.one("request", Some(&details.request), Self::request);
            walk.further_response(&details.response);
        });
        self.one("poll", &operation.poll, |walk, poll| {
            walk.one("request", Some(&poll.request), Self::request);
            walk.predicates("when", &poll.when, Responses::All);
        });
        self.operation = None;
    }

    fn step(&mut self, step: &'m StepSpec) {
        self.one("request", &step.request, Self::request);
        self.one("program", &step.program, |walk, program| {
            walk.each("words", &program.words, Self::template);
            walk.one("stdin", &program.stdin, Self::source);
        });
        self.each("only_if", &step.only_if, |walk, guard| {
            walk.one("from", Some(&guard.from), Self::source);
        });
        self.further_response(&step.response);
    }

    fn request(&mut self, request: &'m RequestSpec) {
        self.see(Node::Request(request));
        self.one("path", Some(&request.path), Self::template);
        self.each("query", &request.query, Self::field);
        self.each("headers", &request.headers, Self::field);
        self.each("cookies", &request.cookies, Self::field);
        self.one("body", &request.body, |walk, fields| {
            for (index, field) in fields.iter().enumerate() {
                walk.within(index.to_string(), |walk| walk.field(field));
            }
        });
        self.one("basic", &request.basic, |walk, pair| {
            walk.one("user", Some(&pair.user), Self::source);
            walk.one("password", &pair.password, Self::source);
        });
    }

    fn further_response(&mut self, response: &'m ResponseSpec) {
        self.one("response", Some(response), |walk, response| {
            walk.response(response, Responses::Further(&response.status));
        });
    }

    fn response(&mut self, response: &'m ResponseSpec, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, false);
        self.predicates("require", &response.require, Responses::All);
        self.predicates("none_if", &response.none_if, Responses::All);
        self.one("items", &response.items, read);
        self.one("record", &response.record, |walk, reads| {
            walk.extractor(reads, from, true);
        });
        self.one("secret", &response.secret, read);
        self.named("secret_parts", &response.secret_parts, read);
        self.named("capture", &response.capture, read);
        self.named("variables", &response.variables, read);
        self.one("token", &response.token, |walk, token| {
            walk.one("value", Some(&token.value), read);
            walk.one("refresh", &token.refresh, read);
            walk.one("expires", &token.expires, read);
        });
        self.one("identity", &response.identity, read);
        self.one("key_id", &response.key_id, read);
        self.each("results", &response.results, |walk, rule| {
            walk.predicates("when", &rule.when, Responses::All);
        });
        self.one("limit", &response.limit, read);
        self.one("warning", &response.warning, read);
        self.one("key", Some(&response.key), |walk, key| walk.key(key, from));
        self.one("usage", &response.usage, |walk, usage| {
            walk.usage(usage, from);
        });
    }

    fn key(&mut self, key: &'m KeyFields, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, true);
        self.one("id", &key.id, read);
        self.one("name", &key.name, read);
        self.one("masked", &key.masked, read);
        self.one("status", &key.status, read);
        self.one("scopes", &key.scopes, read);
        self.one("created_at", &key.created_at, read);
        self.one("expires_at", &key.expires_at, read);
        self.one("last_used_at", &key.last_used_at, read);
        self.named("carry_over", &key.carry_over, read);
        self.one("usage", &key.usage, |walk, usage| walk.usage(usage, from));
    }

    fn usage(&mut self, usage: &'m UsageFields, from: Responses<'m>) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, from, true);
        self.one("requests", &usage.requests, read);
        self.one("requests_30d", &usage.requests_30d, read);
        self.one("daily", &usage.daily, read);
        self.one("cost", &usage.cost, read);
        self.one("currency", &usage.currency, read);
    }

    fn pagination(&mut self, pagination: &'m Pagination) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Success, false);
        self.one("next", &pagination.next, read);
        self.one("last_item", &pagination.last_item, |walk, reads| {
            walk.extractor(reads, Responses::Success, true);
        });
        self.one("more", &pagination.more, read);
        self.one("total", &pagination.total, read);
        self.one("pages", &pagination.pages, read);
    }

    fn predicates(&mut self, key: &'m str, all: &'m [Predicate], from: Responses<'m>) {
        self.each(key, all, |walk, one| {
            walk.read(Reader::Predicate(one), from, false);
        });
    }

    fn extractor(&mut self, reads: &'m Extractor, from: Responses<'m>, in_items: bool) {
        self.read(Reader::Extractor(reads), from, in_items);
        for find in reads.0.iter().filter_map(|rule| rule.find.as_ref()) {
            self.one("find", &find.from, Self::source);
        }
    }

    fn read(&mut self, reader: Reader<'m>, from: Responses<'m>, in_items: bool) {
        self.see(Node::Read(Read {
            reader,
            from,
            operation: self.operation,
            in_items,
        }));
    }

    fn field(&mut self, field: &'m Field) {
        self.one("from", &field.from, Self::source);
        self.one("format", &field.format, Self::format);
    }

    fn template(&mut self, template: &'m Template) {
        for source in template.sources() {
            self.source(source);
        }
    }

    /// Walks text around a value; its `{value}` is no source.
    fn format(&mut self, format: &'m Template) {
        let whole = Source::Input("value".to_owned());
        for source in format.sources().filter(|source| **source != whole) {
            self.source(source);
        }
    }

    fn address(&mut self, template: &'m Template) {
        self.see(Node::Address(template));
    }

    fn source(&mut self, source: &'m Source) {
        self.see(Node::Source(source));
    }
}

#[cfg(test)]
mod tests;
