//! Checks the credentials, and the parts of a manifest around the operations.

use std::collections::BTreeSet;

use super::super::schema::{
    AwsSigV4Placement, CredentialSpec, JwtAlgorithm, JwtPlacement, Manifest, Operation, Placement,
    SecretEncoding,
};
use super::super::source::{PASSWORD, SignerValue, Source, Template};
use super::super::verb::Verb;
use super::super::visit::{Call, CallOwner, Node};
use super::calls::known_inputs;
use super::names::asked_first;
use super::{Diagnostic, Validator};
use crate::core::error::closest_word;

impl Validator<'_> {
    pub(super) fn credentials(&mut self) {
        let manifest = self.manifest;
        for (name, spec) in &manifest.credentials {
            self.within(&["credentials", name], |validator| {
                validator.credential(name, spec);
            });
        }
    }

    fn credential(&mut self, name: &str, spec: &CredentialSpec) {
        let goes = is_used(self.manifest, name) || spec.verify.is_some();
        if goes && spec.placements.is_empty() && !is_named(self.manifest, name) {
            self.problem(
                "in",
                "no request carries it: name the header, query parameter, cookie or body field",
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
                    "the name of a part must be one word, other than `refresh` and the names of the other parts",
                );
            }
        }
        if spec.separator.as_ref().is_some_and(String::is_empty)
            || spec.separator.is_some() && parts.is_empty()
        {
            self.problem(
                "separator",
                "it stands between `parts`: declare them, or leave it out",
            );
        }
        if !spec.parts.is_empty() && spec.parts.iter().all(|part| part.public) {
            self.problem("parts", "one of them is a secret: leave `public` out of it");
        }
        let optional = spec.parts.iter().skip_while(|part| !part.optional);
        if optional.clone().any(|part| !part.optional)
            || spec.parts.first().is_some_and(|part| part.optional)
        {
            self.problem("parts", "an `optional` part comes after those that are not");
        }
        if let Some(verify) = &spec.verify
            && verify.asks_with_other(name)
            && self.manifest.exchange_that_proves(verify, name).is_none()
            && !verify
                .sources()
                .into_iter()
                .any(|source| source.is_of(name))
        {
            self.problem(
                "verify.auth",
                format!("the call does not carry `{name}`, which it verifies: a field has to, with `from = \"credential.{name}\"`, or `exchange` makes the credential of `auth` from it"),
            );
        }
        for (index, place) in spec.placements.iter().enumerate() {
            let key = format!("in.{index}");
            if matches!(place, Placement::Signed(_)) {
                self.problem(&key, "signed requests (HMAC, DPoP, HTTP Digest) are refused on purpose: a signature covers the request as it leaves, and each service has a form of its own; let a step run the service's own program, or describe the manual steps with `manual`");
            }
            match place.part() {
                Some(part) if !parts.contains(&part) => {
                    let near = closest_word(part, parts.iter().copied());
                    let fix = format!("declare it under [[credentials.{name}.parts]]");
                    let fix = asked_first(near, &fix);
                    self.problem(&key, format!("there is no part `{part}`: {fix}"));
                }
                None if !parts.is_empty() && place.takes_one_text() => self.problem(
                    &key,
                    format!("name the part that goes here: `of = \"{}\"`", parts[0]),
                ),
                _ => {}
            }
            if let Placement::Header(header) = place {
                self.header_name(&header.name, &key);
                for source in header.format.iter().flat_map(Template::sources) {
                    if *source != Source::Input("value".to_owned()) {
                        self.field_source(source, &BTreeSet::new());
                    }
                }
            }
            if let Placement::Basic(basic) = place
                && let Some(other) = &basic.other
            {
                self.field_source(other, &BTreeSet::new());
            }
            if let Placement::Body(body) = place {
                self.written_pointer(&body.at, &key);
            }
            if let Placement::AwsSigV4(signer) = place {
                self.aws_sigv4(signer, name, &key);
            }
            if let Placement::Jwt(jwt) = place {
                self.within(&["in", &index.to_string(), "jwt"], |look| look.jwt(jwt));
            }
        }
    }

    fn aws_sigv4(&mut self, signer: &AwsSigV4Placement, name: &str, key: &str) {
        let spec = &self.manifest.credentials[name];
        for (field, part) in [
            ("access_key_id", &signer.access_key_id),
            ("secret_access_key", &signer.secret_access_key),
        ] {
            if !spec.parts.iter().any(|known| known.name == *part) {
                self.problem(
                    &format!("{key}.aws-sigv4"),
                    format!("the credential has no part `{part}`: declare it under [[credentials.{name}.parts]], or name another with `{field}`"),
                );
            }
        }
        let templates = [&signer.service, &signer.region];
        let named = templates.into_iter().flat_map(Template::sources);
        for source in named {
            self.source(source, &self.parts_of_address());
        }
        if let Some(source) = &signer.session_token {
            self.field_source(source, &BTreeSet::new());
        }
    }

    fn jwt(&mut self, jwt: &JwtPlacement) {
        let signer = [SignerValue::Thumbprint, SignerValue::Spki];
        let known: BTreeSet<Source> = match jwt.alg {
            // A secret has no public half.
            JwtAlgorithm::Hs256 => BTreeSet::new(),
            _ => signer.into_iter().map(Source::Signer).collect(),
        };
        for (key, fields) in [("header", &jwt.header), ("claims", &jwt.claims)] {
            self.fields(fields, key, &known);
            for (index, field) in fields.iter().enumerate() {
                let place = format!("{key}.{index}.at");
                if !field.at.starts_with('/') {
                    self.problem(&place, format!("it is a JSON Pointer: `/{}`", field.at));
                }
                self.written_pointer(&field.at, &place);
            }
        }
        if jwt.encoding != SecretEncoding::Text && jwt.alg != JwtAlgorithm::Hs256 {
            self.problem("encoding", "only a secret for `HS256` has one");
        }
        match jwt.place.as_deref() {
            Some(
                Placement::Jwt(_)
                | Placement::AwsSigV4(_)
                | Placement::Tls(_)
                | Placement::Signed(_),
            ) => self.problem(
                "in",
                "it is the place of the token: `header`, `query`, `cookie`, `basic` or `body`",
            ),
            Some(place) if place.part().is_some() => {
                self.problem("in", "the part that signs is named by `of` of the `jwt`");
            }
            Some(Placement::Header(header)) => self.header_name(&header.name, "in"),
            Some(Placement::Body(body)) => self.written_pointer(&body.at, "in"),
            _ => {}
        }
    }

    /// Checks the hosts that programs ask about.
    pub(super) fn hosts(&mut self) {
        let manifest = self.manifest;
        for (index, host) in manifest.hosts.iter().enumerate() {
            let key = index.to_string();
            self.within(&["hosts", &key], |validator| {
                validator.check_auth(&host.auth, "auth");
                if host.names.is_empty() || host.auth.is_empty() {
                    validator.problem("", "a host needs `names`, and the credentials that it accepts in `auth`");
                }
                for (index, name) in host.names.iter().enumerate() {
                    for source in name.sources() {
                        validator.source(source, &BTreeSet::new());
                    }
                    let written = name.as_written();
                    let rest = written.strip_prefix("https://");
                    let odd = |c: char| c.is_whitespace() || c.is_control() || "@\\?#".contains(c);
                    let path = rest.is_none() && written.contains('/');
                    if rest.unwrap_or(&written).is_empty() || written.contains(odd) || path {
                        validator.problem(
                            &format!("names.{index}"),
                            "write `HOST`, `HOST:PORT` or `https://HOST/path`, as programs ask for it",
                        );
                    }
                }
            });
        }
    }

    /// Checks the second factor.
    pub(super) fn challenge(&mut self) {
        let manifest = self.manifest;
        if let Some(challenge) = &manifest.challenge {
            let mut known: BTreeSet<Source> = challenge
                .capture
                .keys()
                .map(|name| Source::Challenge(name.clone()))
                .collect();
            known.insert(Source::Challenge("code".to_owned()));
            // The second call has the inputs of the first.
            known.extend(manifest.operations.values().flat_map(known_inputs));
            self.within(&["challenge"], |validator| {
                validator.fields(&challenge.headers, "headers", &known);
                validator.fields(&challenge.body, "body", &known);
                for (index, field) in challenge.body.iter().enumerate() {
                    validator.written_pointer(&field.at, &format!("body.{index}.at"));
                }
                if let Some(request) = &challenge.request {
                    validator.request(request, &known);
                }
            });
        }
    }

    /// Returns whether an exchange sends one of the credentials that it accepts.
    pub(super) fn carries_credential(&self, exchange: &Operation) -> bool {
        let placed = |name: &str| {
            let spec = self.manifest.credentials.get(name);
            spec.is_none_or(|spec| !spec.placements.is_empty())
        };
        let in_place = exchange
            .request
            .as_ref()
            .is_some_and(|one| one.authenticate);
        let sources = exchange.sources();
        let mut accepted = self.manifest.accepted_credentials(exchange).iter();
        accepted
            .any(|name| in_place && placed(name) || sources.iter().any(|source| source.is_of(name)))
    }

    /// Refuses a credential that is named where no call knows its value, so that it would be left out of the request.
    pub(super) fn unsent_credentials(&mut self, calls: &[Call<'_>]) {
        let manifest = self.manifest;
        let mut problems = Vec::new();
        manifest.walk(&mut |path, node| {
            let Node::Source(source) = node else { return };
            let named = credential_of(source);
            let Some((name, refreshes)) =
                named.filter(|(name, _)| manifest.credentials.contains_key(*name))
            else {
                return;
            };
            let knows = |call: &Call<'_>| self.knows(call, name, refreshes);
            let call = calls.iter().find(|call| {
                let start = path.iter().take(call.path.len());
                start.eq(&call.path)
            });
            let is_sent = match (call, &*path[0]) {
                (Some(call), _) => knows(call),
                (None, "credentials") => path[1] == *name && !refreshes,
                (None, "servers") => {
                    let mut calls = calls.iter().filter(|call| asks(call.operation, &path[1]));
                    !refreshes && manifest.servers[&*path[1]].auth.contains(name)
                        || calls.any(knows)
                }
                (None, _) => calls.iter().any(knows),
            };
            if is_sent {
                return;
            }
            let fix = match call.map(|call| call.owner) {
                _ if refreshes => {
                    "only `refresh` and `revoke` know a refresh token, and only that of their own credential".to_owned()
                }
                Some(CallOwner::Verb(Verb::Login)) => {
                    "a login knows only `credential.password`".to_owned()
                }
                Some(CallOwner::Verb(Verb::Federate)) => {
                    "the exchange of an identity knows only `credential.identity`".to_owned()
                }
                Some(CallOwner::Verb(Verb::Refresh)) => {
                    "a refresh knows only the credential that it yields, and that of the client in `auth`".to_owned()
                }
                Some(CallOwner::Verify(..)) => {
                    "a verification knows the credential that it verifies, and those in its `auth`".to_owned()
                }
                _ => format!("name `{name}` in `auth`, or leave it out"),
            };
            problems.push(Diagnostic::new(
                path.iter().map(ToString::to_string).collect(),
                format!("`{source}` is never sent here: {fix}"),
            ));
        });
        self.problems.extend(problems);
    }

    /// Returns whether a call knows the value of a credential, or of its refresh token.
    fn knows(&self, call: &Call<'_>, name: &String, refreshes: bool) -> bool {
        let uses = self.manifest.accepted_credentials(call.operation);
        match call.owner {
            CallOwner::Verb(Verb::Refresh) if call.operation.yields.as_ref() == Some(name) => true,
            CallOwner::Revoke(revoked, _) if revoked == name => true,
            _ if refreshes => false,
            CallOwner::Verb(Verb::Login | Verb::Federate) => false,
            CallOwner::Verify(verified, _) => {
                verified == name || call.operation.auth.is_some() && uses.contains(name)
            }
            // It knows the credential of the login, whatever that is.
            CallOwner::Discovery(..) if uses.is_empty() => true,
            _ => uses.contains(name),
        }
    }

    /// Refuses a discovered variable in the URL of a server, which must be known before the first call.
    pub(super) fn no_discovery(&mut self, source: &Source) {
        let Source::Variable(name) = source else {
            return;
        };
        let variable = self.manifest.variables.get(name);
        if variable.is_some_and(|spec| spec.discover.is_some()) {
            self.problem(
                "url",
                format!("`{name}` is discovered by a call, and no call can be made before the server's URL is known: use it in the paths"),
            );
        }
    }
}

/// Returns whether any call takes the credential. One that is only created and handed over goes nowhere.
fn is_used(manifest: &Manifest, name: &str) -> bool {
    let servers = manifest.servers.values().map(|server| &server.auth);
    let hosts = manifest.hosts.iter().map(|host| &host.auth);
    let calls = manifest.calls().into_iter();
    let own = calls.filter_map(|call| call.operation.auth.as_ref());
    let clients = manifest.oauth.iter().map(|oauth| &oauth.auth);
    servers
        .chain(clients)
        .chain(hosts)
        .chain(own)
        .flatten()
        .any(|used| used == name)
}

/// Returns whether a field of any call carries the credential.
fn is_named(manifest: &Manifest, name: &str) -> bool {
    let mut calls = manifest.calls().into_iter();
    calls.any(|call| call.operation.sources().iter().any(|one| one.is_of(name)))
}

/// Returns whether an operation makes a request of a server.
fn asks(operation: &Operation, server: &str) -> bool {
    let mut requests = operation.requests().into_iter();
    requests.any(|request| request.server == server)
}

/// Returns the name of the credential that a source is of, and whether it is the refresh token.
fn credential_of(source: &Source) -> Option<(&String, bool)> {
    match source {
        Source::Credential(name) if name == PASSWORD => None,
        Source::Credential(name)
        | Source::Part {
            credential: name, ..
        } => Some((name, false)),
        Source::Refresh(name) => Some((name, true)),
        _ => None,
    }
}
