//! Checks the manifest of a destination: its operations, and the values that they know.

use std::collections::BTreeSet;

use super::super::address::Address;
use super::super::pointer::Pointer;
use super::super::schema::{CredentialSpec, FileFormat, Manifest};
use super::super::source::Source;
use super::super::verb::Verb;
use super::super::visit::{Node, Reader};
use super::Validator;
use super::calls::captured_by;

impl Validator<'_> {
    /// Checks what a destination must have, and what only a destination may have.
    pub(super) fn destination(&mut self) {
        let manifest = self.manifest;
        let is_destination = manifest.address.is_some();
        for verb in manifest.operations.keys() {
            let place = format!("operations.{verb}");
            if is_destination && !verb.fits_destination() {
                self.problem(
                    &place,
                    "a destination has `exchange`, `probe`, `read`, `add`, `write`, `restore`, `remove` and `discard` alone: remove it",
                );
            } else if !is_destination && verb.is_of_destination() {
                self.problem(
                    &place,
                    "only a destination has it: add `address`, or remove it",
                );
            }
        }
        self.reads_of_destination();
        self.files_of_credentials();
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
        places.extend(manifest.tool.map(|_| "tool".to_owned()));
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
            places.extend(has_file(spec).then(|| format!("credentials.{name}.file")));
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
                || response.sha256.is_some()
                || !response.absent_if.is_empty()
                || !response.hidden_if.is_empty()
                || response.container.is_some()
                || response.entry.is_some();
            if reads && *verb != Verb::Read {
                self.problem(
                    &format!("operations.{verb}.response"),
                    "`entry`, `value`, `sha256`, `absent_if`, `hidden_if` and `container` belong to [operations.read] of a destination: remove them",
                );
            }
        }
    }

    /// Checks the files that hold credentials, and the locations in them.
    fn files_of_credentials(&mut self) {
        let manifest = self.manifest;
        for (name, spec) in &manifest.credentials {
            let parts = spec.parts.iter().enumerate();
            let parts = parts.filter_map(|(index, part)| {
                let key = format!("credentials.{name}.parts.{index}.in_file");
                Some((key, part.in_file.as_ref()?))
            });
            let whole = spec.in_file.iter();
            let whole = whole.map(|at| (format!("credentials.{name}.in_file"), at));
            let places: Vec<(String, &Pointer)> = whole.chain(parts).collect();
            let is_text = spec.file_format == FileFormat::Text;
            if (!places.is_empty() || !is_text) && !has_file(spec) {
                self.problem(
                    &format!("credentials.{name}"),
                    "it is in no file: add `file`, or remove `file_format` and `in_file`",
                );
            }
            if is_text && has_file(spec) && (!places.is_empty() || !spec.parts.is_empty()) {
                self.problem(
                    &format!("credentials.{name}.file_format"),
                    "a part of a file is found in `json`, `toml`, `yaml` or `ini`: add `file_format`",
                );
            }
            if !is_text && spec.in_file.is_some() != spec.parts.is_empty() {
                self.problem(
                    &format!("credentials.{name}.in_file"),
                    "name the location of the credential in the file, or of each of its parts",
                );
            }
            for (place, at) in places {
                for hole in at.placeholders() {
                    let known = hole.strip_prefix("var.");
                    if !known.is_some_and(|known| manifest.variables.contains_key(known)) {
                        self.problem(
                            &place,
                            format!("`{{{hole}}}` must be a variable, as `{{var.NAME}}`"),
                        );
                    }
                }
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
            known.extend(captured_by(Verb::Read.name(), &read.response));
            for step in &read.before {
                known.extend(captured_by(&step.name, &step.response));
            }
        }
        known
    }
}

fn has_file(spec: &CredentialSpec) -> bool {
    spec.file.is_some() || !spec.file_environment.is_empty()
}

fn is_part(manifest: &Manifest, name: &str) -> bool {
    let address = manifest.address.as_ref();
    address.is_some_and(|address| address.parts().iter().any(|part| part == name))
}
