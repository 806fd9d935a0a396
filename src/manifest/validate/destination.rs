//! Checks the manifest of a destination: its operations, and the values that they know.

use std::collections::BTreeSet;

use super::super::address::Address;
use super::super::schema::Manifest;
use super::super::source::Source;
use super::super::verb::Verb;
use super::super::visit::{Node, Reader};
use super::Validator;

impl Validator<'_> {
    /// Checks what a destination must have, and what only a destination may have.
    pub(super) fn destination(&mut self) {
        let manifest = self.manifest;
        let is_destination = manifest.address.is_some();
        for verb in manifest.operations.keys() {
            let place = format!("operations.{verb}");
            if is_destination && !verb.is_of_destination() {
                self.problem(
                    &place,
                    "a destination has `probe`, `read`, `add`, `write`, `restore`, `remove` and `discard` alone: remove it",
                );
            } else if !is_destination && verb.is_of_destination() {
                self.problem(
                    &place,
                    "only a destination has it: add `address`, or remove it",
                );
            }
        }
        self.reads_of_destination();
        if let Some(address) = &manifest.address {
            let own = format!("{}-", address.name());
            if manifest.name != address.name() && !manifest.name.starts_with(&own) {
                self.problem(
                    "address",
                    format!(
                        "the word before the `:` must be the name `{}`, or its part before a `-`",
                        manifest.name
                    ),
                );
            }
            if !self.is_native(Verb::Write) {
                self.problem(
                    "operations",
                    "a destination needs [operations.write] with its `request`",
                );
            }
            return;
        }
        let mut places: Vec<String> = Vec::new();
        for (name, server) in &manifest.servers {
            places.extend(
                (!server.environment.is_empty()).then(|| format!("servers.{name}.environment")),
            );
        }
        for (name, variable) in &manifest.variables {
            places.extend(
                (!variable.environment.is_empty()).then(|| format!("variables.{name}.environment")),
            );
        }
        for (name, spec) in &manifest.credentials {
            let in_parts = spec.parts.iter().any(|part| !part.environment.is_empty());
            let reads = in_parts || !spec.environment.is_empty();
            places.extend(reads.then(|| format!("credentials.{name}")));
            places.extend(
                spec.file
                    .is_some()
                    .then(|| format!("credentials.{name}.file")),
            );
        }
        for place in places {
            self.problem(
                &place,
                "only a destination reads the environment of its tools: remove it",
            );
        }
    }

    /// Checks the placeholders of the places that are read, and that only `read` reads a stored value.
    fn reads_of_destination(&mut self) {
        let manifest = self.manifest;
        let mut found = Vec::new();
        manifest.walk(&mut |path, node| {
            if let Node::Read(read) = node
                && let Reader::Extractor(reads) = read.reader
            {
                let pointers = reads.0.iter().filter_map(|rule| rule.at.as_ref());
                let names = pointers.flat_map(|at| at.placeholders().map(str::to_owned));
                let names: Vec<String> = names.collect();
                if !names.is_empty() {
                    found.push((path.join("."), names));
                }
            }
        });
        for (place, names) in found {
            self.placeholders(names.iter().map(String::as_str), &place);
        }
        for (verb, operation) in &manifest.operations {
            let response = &operation.response;
            let has_dry_run = operation
                .request
                .as_ref()
                .is_some_and(|request| !request.dry_run.is_empty());
            if has_dry_run && !matches!(verb, Verb::Add | Verb::Write) {
                self.problem(
                    &format!("operations.{verb}.request.dry_run"),
                    "only `add` and `write` of a destination have it: remove it",
                );
            }
            let reads = response.value.is_some()
                || !response.absent_if.is_empty()
                || response.container.is_some();
            if reads && *verb != Verb::Read {
                self.problem(
                    &format!("operations.{verb}.response"),
                    "`value`, `absent_if` and `container` belong to [operations.read] of a destination: remove them",
                );
            }
        }
    }

    /// Refuses a placeholder in a pointer that is no part of the address.
    pub(super) fn placeholders<'p>(&mut self, names: impl Iterator<Item = &'p str>, place: &str) {
        for name in names {
            if !is_part(self.manifest, name) {
                self.problem(
                    place,
                    format!("`{{{name}}}` in a pointer must be a part of `address`"),
                );
            }
        }
    }

    /// Returns the parts of the address, which servers and signatures may be filled from, too.
    pub(super) fn parts_of_address(&self) -> BTreeSet<Source> {
        let address = self.manifest.address.iter();
        let parts = address.flat_map(Address::parts);
        parts.cloned().map(Source::Input).collect()
    }

    /// Returns the values that an operation of a destination knows.
    pub(super) fn known_at_destination(&self, verb: Option<Verb>) -> BTreeSet<Source> {
        let manifest = self.manifest;
        let mut known = self.parts_of_address();
        let Some(verb) = verb.filter(|_| manifest.address.is_some()) else {
            return known;
        };
        if matches!(verb, Verb::Add | Verb::Write | Verb::Restore) {
            known.insert(Source::Input("secret".to_owned()));
        }
        if verb.changes_destination()
            && let Some(read) = manifest.operation(Verb::Read)
        {
            known.extend(read.response.capture.keys().map(|capture| Source::Step {
                step: Verb::Read.name().to_owned(),
                capture: capture.clone(),
            }));
        }
        known
    }
}

fn is_part(manifest: &Manifest, name: &str) -> bool {
    let address = manifest.address.as_ref();
    address.is_some_and(|address| address.parts().iter().any(|part| part == name))
}
