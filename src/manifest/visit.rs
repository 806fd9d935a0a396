//! The one walk over a manifest: its calls, its requests, and every place that writes into a request or reads from a
//! response, each with its path.

mod credential;
mod errors;
mod oauth;
mod response;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::extract::Extractor;
use super::pagination::Pagination;
use super::predicate::{Predicate, StatusSet};
use super::schema::{
    CredentialSpec, Discovery, Field, Manifest, Operation, RequestSpec, ResponseSpec, StepSpec,
    VariableSpec,
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
    /// It revokes the credential of that name.
    Revoke(&'m str, &'m CredentialSpec),
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
    pub fn uses_source(&self, source: &Source) -> bool {
        sources(|walk| walk.manifest(self)).contains(&source)
    }
}

impl Operation {
    /// Returns every source of the operation.
    pub fn sources(&self) -> Vec<&Source> {
        sources(|walk| walk.operation(self))
    }

    /// Returns whether one of its responses holds the secret of a new key.
    pub fn brings_secret(&self) -> bool {
        let after = self.after.iter().map(|step| &step.response);
        let mut responses = after.chain([&self.response]);
        responses.any(|response| response.secret.is_some() || !response.secret_parts.is_empty())
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

    fn walk_field<T: 'm>(
        &mut self,
        key: &'m str,
        part: impl IntoIterator<Item = &'m T>,
        go: impl Fn(&mut Self, &'m T),
    ) {
        for part in part {
            self.within(key, |walk| go(walk, part));
        }
    }

    fn walk_list<T>(&mut self, key: &'m str, parts: &'m [T], go: impl Fn(&mut Self, &'m T)) {
        for (index, part) in parts.iter().enumerate() {
            self.within(key, |walk| {
                walk.within(index.to_string(), |walk| go(walk, part));
            });
        }
    }

    fn walk_map<T>(
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
        self.walk_map("servers", &manifest.servers, |walk, server| {
            walk.walk_field("url", Some(&server.url), Self::address);
            walk.walk_list("headers", &server.headers, Self::field);
        });
        self.walk_list("hosts", &manifest.hosts, |walk, host| {
            walk.walk_list("names", &host.names, Self::address);
        });
        for (name, spec) in &manifest.credentials {
            self.within("credentials", |walk| {
                walk.within(name.as_str(), |walk| walk.credential(name, spec));
            });
        }
        self.walk_map("variables", &manifest.variables, |walk, spec| {
            walk.walk_field("discover", &spec.discover, |walk, discovery| {
                walk.discovery(spec, discovery);
            });
        });
        self.walk_field("oauth", &manifest.oauth, Self::oauth);
        self.within("operations", |walk| {
            for (verb, operation) in &manifest.operations {
                walk.within(verb.name(), |walk| {
                    walk.call(CallOwner::Verb(*verb), operation);
                });
            }
        });
        self.walk_field("key", Some(&manifest.key), |walk, key| {
            walk.key(key, Responses::Success);
        });
        self.walk_field("errors", Some(&manifest.errors), Self::errors);
        self.walk_field("challenge", &manifest.challenge, Self::challenge);
    }

    fn discovery(&mut self, spec: &'m VariableSpec, discovery: &'m Discovery) {
        let call = &*discovery.call;
        self.within("call", |walk| {
            walk.call(CallOwner::Discovery(spec, discovery), call);
        });
        self.operation = Some(call);
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Success, true);
        self.walk_field("value", Some(&discovery.value), read);
        self.walk_field("title", &discovery.title, read);
        self.operation = None;
    }

    fn call(&mut self, owner: CallOwner<'m>, operation: &'m Operation) {
        self.see(Node::Call(owner, operation));
        self.operation(operation);
    }

    fn operation(&mut self, operation: &'m Operation) {
        self.operation = Some(operation);
        self.walk_field("audience", &operation.audience, Self::template);
        self.walk_list("before", &operation.before, Self::step);
        self.walk_field("request", &operation.request, Self::request);
        self.walk_field("response", Some(&operation.response), |walk, response| {
            walk.response(response, Responses::Success);
        });
        self.walk_list("after", &operation.after, Self::step);
        self.walk_field("pagination", &operation.pagination, Self::pagination);
        self.walk_field("details", &operation.details, |walk, details| {
            walk.walk_field("request", Some(&details.request), Self::request);
            walk.further_response(&details.response);
        });
        self.walk_field("poll", &operation.poll, |walk, poll| {
            walk.walk_field("request", Some(&poll.request), Self::request);
            walk.predicates("when", &poll.when, Responses::All);
        });
        self.operation = None;
    }

    fn step(&mut self, step: &'m StepSpec) {
        self.walk_field("request", &step.request, Self::request);
        self.walk_field("program", &step.program, |walk, program| {
            walk.walk_list("words", &program.words, Self::template);
            walk.walk_field("stdin", &program.stdin, Self::source);
        });
        self.walk_list("only_if", &step.only_if, |walk, guard| {
            walk.walk_field("from", Some(&guard.from), Self::source);
        });
        self.further_response(&step.response);
    }

    fn request(&mut self, request: &'m RequestSpec) {
        self.see(Node::Request(request));
        self.walk_field("path", Some(&request.path), Self::template);
        self.walk_list("query", &request.query, Self::field);
        self.walk_list("dry_run", &request.dry_run, Self::field);
        self.walk_list("headers", &request.headers, Self::field);
        self.walk_list("cookies", &request.cookies, Self::field);
        self.walk_field("body", &request.body, |walk, fields| {
            for (index, field) in fields.iter().enumerate() {
                walk.within(index.to_string(), |walk| walk.field(field));
            }
        });
        self.walk_field("basic", &request.basic, |walk, pair| {
            walk.walk_field("user", Some(&pair.user), Self::source);
            walk.walk_field("password", &pair.password, Self::source);
        });
    }

    fn further_response(&mut self, response: &'m ResponseSpec) {
        self.walk_field("response", Some(response), |walk, response| {
            walk.response(response, Responses::Further(&response.status));
        });
    }

    fn pagination(&mut self, pagination: &'m Pagination) {
        let read = |walk: &mut Self, reads| walk.extractor(reads, Responses::Success, false);
        self.walk_field("next", &pagination.next, read);
        self.walk_field("last_item", &pagination.last_item, |walk, reads| {
            walk.extractor(reads, Responses::Success, true);
        });
        self.walk_field("more", &pagination.more, read);
        self.walk_field("total", &pagination.total, read);
        self.walk_field("pages", &pagination.pages, read);
    }

    fn predicates(&mut self, key: &'m str, all: &'m [Predicate], from: Responses<'m>) {
        self.walk_list(key, all, |walk, one| {
            walk.read(Reader::Predicate(one), from, false);
        });
    }

    fn extractor(&mut self, reads: &'m Extractor, from: Responses<'m>, in_items: bool) {
        self.read(Reader::Extractor(reads), from, in_items);
        for find in reads.0.iter().filter_map(|rule| rule.find.as_ref()) {
            self.walk_field("find", find.sources(), Self::source);
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
        self.walk_field("from", &field.from, Self::source);
        self.walk_field("recipient", &field.recipient, Self::source);
        self.walk_field("format", &field.format, Self::format);
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
