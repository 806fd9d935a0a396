//! Checks the credentials, and the parts of a manifest around the operations.

use std::collections::BTreeSet;

use super::super::schema::{CredentialSpec, Manifest, Operation, Placement};
use super::super::source::{Source, Template};
use super::Validator;

impl Validator<'_> {
    pub(super) fn credentials(&mut self) {
        let manifest = self.manifest;
        for (name, spec) in &manifest.credentials {
            self.within(&["credentials", name], |look| look.credential(name, spec));
        }
    }

    fn credential(&mut self, name: &str, spec: &CredentialSpec) {
        let goes = is_used(self.manifest, name) || spec.verify.is_some();
        if goes && spec.placements.is_empty() && !is_named(self.manifest, name) {
            self.problem(
                "in",
                "it goes nowhere: say in which header, query, cookie or body a request carries it",
            );
        }
        let parts: Vec<&str> = spec.parts.iter().map(|part| part.name.as_str()).collect();
        for (index, part) in parts.iter().enumerate() {
            let word = part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            if part.is_empty() || !word || *part == "refresh" || parts[..index].contains(part) {
                self.problem(
                    &format!("parts.{index}.name"),
                    "the name of a part is one word, not `refresh` and not that of another part",
                );
            }
        }
        for (index, place) in spec.placements.iter().enumerate() {
            let key = format!("in.{index}");
            if matches!(place, Placement::Signed(_)) {
                self.problem(&key, "signed requests (AWS Signature Version 4, HMAC, DPoP) are refused on purpose: a signature covers the request as it leaves; let a step run the service's own program, or describe the manual steps with `manual`");
            }
            match place.part() {
                Some(part) if !parts.contains(&part) => self.problem(
                    &key,
                    format!(
                        "there is no part `{part}`: declare it under [[credentials.{name}.parts]]"
                    ),
                ),
                None if !parts.is_empty() && !matches!(place, Placement::Signed(_)) => self
                    .problem(
                        &key,
                        format!("say which part goes here: `of = \"{}\"`", parts[0]),
                    ),
                _ => {}
            }
            if let Placement::Header { name, format, .. } = place {
                self.header_name(name, &key);
                for source in format.iter().flat_map(Template::sources) {
                    if *source != Source::Input("value".to_owned()) {
                        self.source(source, &BTreeSet::new());
                    }
                }
            }
            if let Placement::Basic {
                other: Some(other), ..
            } = place
            {
                self.source(other, &BTreeSet::new());
            }
        }
        if let Some(verify) = &spec.verify {
            self.within(&["verify"], |look| look.calls(verify, None));
        }
    }

    /// Checks the hosts that programs ask about.
    pub(super) fn hosts(&mut self) {
        let manifest = self.manifest;
        for (index, host) in manifest.hosts.iter().enumerate() {
            let key = index.to_string();
            self.within(&["hosts", &key], |look| {
                look.uses(&host.auth, "auth");
                if host.names.is_empty() || host.auth.is_empty() {
                    look.problem("", "say its `names`, and which credentials it takes: `uses`");
                }
                for (index, name) in host.names.iter().enumerate() {
                    for source in name.sources() {
                        look.source(source, &BTreeSet::new());
                    }
                    let written = name.as_written();
                    let rest = written.strip_prefix("https://");
                    let odd = |c: char| c.is_whitespace() || c.is_control() || "@\\?#".contains(c);
                    let path = rest.is_none() && written.contains('/');
                    if rest.unwrap_or(&written).is_empty() || written.contains(odd) || path {
                        look.problem(
                            &format!("names.{index}"),
                            "write `HOST`, `HOST:PORT` or `https://HOST/path`, as programs ask with it",
                        );
                    }
                }
            });
        }
    }

    /// Checks discoveries and the second factor.
    pub(super) fn validate_top_level(&mut self) {
        let manifest = self.manifest;
        for (name, spec) in &manifest.variables {
            let Some(discover) = &spec.discover else {
                continue;
            };
            self.within(&["variables", name, "discover", "call"], |look| {
                if discover.call.request.is_none() {
                    look.problem("request", "a discovery is a call: say its `request`");
                }
                look.calls(&discover.call, None);
            });
        }
        if let Some(challenge) = &manifest.challenge {
            let mut known: BTreeSet<Source> = challenge
                .capture
                .keys()
                .map(|name| Source::Challenge(name.clone()))
                .collect();
            known.insert(Source::Challenge("code".to_owned()));
            self.within(&["challenge"], |look| {
                look.fields(&challenge.headers, "headers", &known);
                look.fields(&challenge.body, "body", &known);
                if let Some(request) = &challenge.request {
                    look.request(request, &known);
                }
            });
        }
    }

    /// Refuses a discovered variable in a base, which must be known before the first call.
    pub(super) fn no_discovery(&mut self, source: &Source) {
        let Source::Variable(name) = source else {
            return;
        };
        let variable = self.manifest.variables.get(name);
        if variable.is_some_and(|spec| spec.discover.is_some()) {
            self.problem(
                "url",
                format!("`{name}` is discovered by a call, and no call can be made before the base is known: put it into the paths"),
            );
        }
    }
}

/// Returns whether any call takes the credential. One that is only created and handed over goes nowhere.
fn is_used(manifest: &Manifest, name: &str) -> bool {
    let bases = manifest.servers.values().map(|base| &base.auth);
    let operations = manifest.operations.values();
    let own = operations.filter_map(|operation| operation.auth.as_ref());
    let hosts = manifest.hosts.iter().map(|host| &host.auth);
    bases
        .chain(own)
        .chain(hosts)
        .flatten()
        .any(|used| used == name)
}

/// Returns whether a field of any call carries the credential.
fn is_named(manifest: &Manifest, name: &str) -> bool {
    let verifications = manifest
        .credentials
        .values()
        .filter_map(|spec| spec.verify.as_ref());
    let carries = |operation: &Operation| {
        operation.sources().any(|source| {
            matches!(source, Source::Credential(found) | Source::Part { credential: found, .. } if found == name)
        })
    };
    manifest
        .operations
        .values()
        .chain(verifications)
        .any(carries)
}
