//! Checks that types cannot make in a manifest.

mod calls;
mod credentials;
mod destination;
mod fields;
mod names;
mod oauth;
mod pointers;
mod tokens;

pub use pointers::{ReadLocation, places};

use std::collections::BTreeSet;

use url::Url;

use super::Diagnostic;
use super::extract::Extractor;
use super::schema::{
    CredentialEffect, CredentialKind, JwtAlgorithm, KeyPairSpec, Manifest, Operation, Strategy,
};
use super::source::Source;
use super::verb::Verb;
use super::visit::CallOwner;
use crate::platform::is_loopback;

/// Returns every mistake of a manifest whose types are right.
pub fn validate(manifest: &Manifest) -> Vec<Diagnostic> {
    let (mut problems, to_nothing) = validate_with_coverage(manifest);
    problems.extend(to_nothing);
    problems
}

/// Returns the mistakes in the manifest itself, and the reads that no example covers.
pub fn validate_with_coverage(manifest: &Manifest) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut validator = Validator {
        manifest,
        path: Vec::new(),
        problems: Vec::new(),
    };
    validator.top();
    validator.destination();
    for (name, server) in &manifest.servers {
        validator.within(&["servers", name], |validator| {
            let parts = validator.parts_of_address();
            validator.check_auth(&server.auth, "auth");
            validator.fields(&server.headers, "headers", &parts);
            for source in server.url.sources() {
                validator.source(source, &parts);
                validator.no_discovery(source);
            }
            let url = server.url.as_written();
            let is_allowed = url.starts_with("https://")
                || manifest.address.is_some()
                    && Url::parse(&url).is_ok_and(|url| is_loopback(&url));
            if !is_allowed {
                let fix = if manifest.address.is_some() {
                    "name another one in a variable of `environment`"
                } else {
                    "for another one, log in with `--base-url`"
                };
                validator.problem("url", format!("the URL must start with `https://`: {fix}"));
            }
        });
    }
    validator.hosts();
    validator.credentials();
    validator.challenge();
    validator.oauth();
    let calls = manifest.calls();
    for call in &calls {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        validator.within(&path, |validator| {
            validator.call(call.owner, call.operation);
        });
    }
    validator.unsent_credentials(&calls);
    (validator.problems, pointers::unmatched_pointers(manifest))
}

struct Validator<'m> {
    manifest: &'m Manifest,
    path: Vec<String>,
    problems: Vec<Diagnostic>,
}

impl Validator<'_> {
    fn within(&mut self, parts: &[&str], check: impl FnOnce(&mut Self)) {
        let depth = self.path.len();
        self.path
            .extend(parts.iter().map(|part| (*part).to_owned()));
        check(self);
        self.path.truncate(depth);
    }

    fn problem(&mut self, key: &str, message: impl Into<String>) {
        let mut path = self.path.clone();
        if !key.is_empty() {
            path.extend(key.split('.').map(str::to_owned));
        }
        self.problems.push(Diagnostic::new(path, message));
    }

    fn top(&mut self) {
        let manifest = self.manifest;
        if manifest.servers.is_empty() {
            self.problem(
                "servers",
                "no server is defined: write [servers.api] with its `url`",
            );
        }
        if manifest.credentials.is_empty() && manifest.address.is_none() {
            self.problem(
                "credentials",
                "no credential is defined: write [credentials.key]",
            );
        }
        if manifest.checked.parse::<jiff::civil::Date>().is_err() {
            self.problem("checked", "write the date as `2026-11-20`");
        }
        if manifest.one_key && manifest.limits.max_keys != Some(1) {
            self.problem("limits.max_keys", "with `one_key = true` it must be 1");
        }
        let replaces = manifest
            .operation(Verb::Create)
            .is_some_and(|create| create.effect == CredentialEffect::ReplacesOwn);
        match manifest.rotation.strategy {
            Strategy::Replace if !replaces => {
                self.problem(
                    "rotation.strategy",
                    "`replace` needs `effect = \"replaces-own\"` in [operations.create]",
                );
            }
            Strategy::Atomic if !self.is_native(Verb::Rotate) => {
                self.problem(
                    "rotation.strategy",
                    "`atomic` needs `request` in [operations.rotate]",
                );
            }
            Strategy::Slots => self.slots(),
            Strategy::Overlap if !self.is_native(Verb::Create) => {
                self.problem(
                    "rotation.strategy",
                    "`overlap` needs `request` in [operations.create]",
                );
            }
            _ => {}
        }
        let create = manifest.operation(Verb::Create);
        for input in manifest.key.carry_over.keys() {
            let set = manifest.operation(Verb::Set);
            let set = set.is_some_and(|set| set.parameters.contains_key(input));
            if !set && create.is_some_and(|create| !create.parameters.contains_key(input)) {
                let path = format!("key.carry_over.{input}");
                self.problem(
                    &path,
                    "`create` has no parameter of this name: declare it in `operations.create.parameters`",
                );
            }
        }
        for key in &manifest.programs {
            if key.is_empty() {
                self.problem("programs", "a program must have a name");
            }
        }
        for (index, rule) in manifest.errors.rules.iter().enumerate() {
            let says_nothing = rule.status.is_none()
                && rule.code.is_empty()
                && rule.message.is_none()
                && rule.when.is_empty();
            if says_nothing {
                self.problem(
                    &format!("errors.rules.{index}"),
                    "it fits every error: add `status`, `code`, `message` or `when`",
                );
            }
        }
    }

    /// Checks the two slots that are renewed in turn.
    fn slots(&mut self) {
        let two = matches!(self.manifest.rotation.slots.as_slice(), [one, other] if one != other);
        if !two {
            self.problem(
                "rotation.slots",
                "name the two slots by their ids: slots = [\"key1\", \"key2\"]",
            );
        }
        let id = Source::Input("id".to_owned());
        let rotate = self.manifest.operation(Verb::Rotate);
        let names_slot = rotate
            .is_some_and(|rotate| rotate.request.is_some() && rotate.sources().contains(&&id));
        if !names_slot {
            self.problem(
                "rotation.strategy",
                "`slots` needs a `request` in [operations.rotate] that names the slot as `id`",
            );
        }
    }

    fn is_native(&self, verb: Verb) -> bool {
        self.manifest
            .operation(verb)
            .is_some_and(|operation| operation.request.is_some())
    }

    fn call(&mut self, owner: CallOwner<'_>, operation: &Operation) {
        match owner {
            CallOwner::Verb(verb) => self.operation(verb, operation),
            CallOwner::Verify(..) => self.calls(operation, None),
            CallOwner::Revoke(name, _) => {
                self.calls(operation, None);
                self.revocation(name, operation);
            }
            CallOwner::Discovery(..) => {
                if operation.request.is_none() {
                    self.problem("request", "a discovery is a call: add its `request`");
                }
                self.calls(operation, None);
            }
        }
    }

    fn operation(&mut self, verb: Verb, operation: &Operation) {
        let ways = [
            operation.request.is_some(),
            operation.via.is_some(),
            operation.manual.is_some(),
            operation.unsupported.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() != 1 {
            self.problem(
                "",
                "write exactly one of `request`, `via`, `manual` and `unsupported`",
            );
        }
        if let Some(other) = operation.via
            && !self.is_native(other)
        {
            self.problem("via", format!("[operations.{other}] has no `request`"));
        }
        if operation.audience.is_some() && verb != Verb::Federate {
            self.problem(
                "audience",
                "only [operations.federate] requests an identity token: remove it",
            );
        }
        self.calls(operation, Some(verb));
        if let Some(pair) = operation.key_pair {
            self.key_pair(verb, operation, pair);
        }
        if operation.request.is_some() {
            self.answers(verb, operation);
        }
    }

    /// Checks a key pair that is made here.
    fn key_pair(&mut self, verb: Verb, operation: &Operation, pair: KeyPairSpec) {
        if !matches!(verb, Verb::Create | Verb::Rotate) {
            self.problem(
                "key_pair",
                "only `create` and `rotate` make a key pair: remove it",
            );
        }
        if operation.brings_secret() {
            self.problem(
                "key_pair",
                "the private key is the secret: remove `secret` from the response",
            );
        }
        let sources = operation.sources();
        let mut sources = sources.iter();
        if !sources.any(|source| matches!(source, Source::PublicKey(_))) {
            self.problem(
                "key_pair",
                "no request sends the public key: add a field with `from = \"public_key.pem\"`, or another form",
            );
        }
        match (pair.alg, pair.bits) {
            (JwtAlgorithm::Hs256, _) => {
                self.problem(
                    "key_pair.alg",
                    "`HS256` has no key pair: write `EdDSA`, `ES256` or `RS256`",
                );
            }
            (JwtAlgorithm::Rs256, None | Some(2048 | 3072 | 4096)) | (_, None) => {}
            (JwtAlgorithm::Rs256, Some(_)) => {
                self.problem("key_pair.bits", "write 2048, 3072 or 4096");
            }
            (_, Some(_)) => self.problem("key_pair.bits", "only a key for `RS256` has a size"),
        }
    }

    /// Checks what a verb requires of its response and of its request.
    fn answers(&mut self, verb: Verb, operation: &Operation) {
        let answer = &operation.response;
        if let (Verb::Create | Verb::Rotate, Some(name)) = (verb, &operation.yields)
            && !self
                .manifest
                .credentials_of(CredentialKind::Key)
                .any(|key| key == name)
        {
            self.problem("yields", "a new key must be a credential of the kind `key`");
        }
        match verb {
            Verb::Create | Verb::Rotate
                if !operation.brings_secret() && operation.key_pair.is_none() =>
            {
                self.problem(
                    "response.secret",
                    "the pointer to the new secret is missing: add `secret = \"/…\"`",
                );
            }
            Verb::Login | Verb::Refresh | Verb::Exchange | Verb::Federate => {
                self.token(operation);
                if verb == Verb::Federate {
                    self.federation(operation);
                }
                if verb == Verb::Exchange && !self.carries_credential(operation) {
                    self.problem(
                        "auth",
                        "an exchange sends a credential, and this request carries none: name the key in `auth`",
                    );
                }
            }
            _ => {}
        }
        let id = Source::Input("id".to_owned());
        let names_key = matches!(
            verb,
            Verb::Show | Verb::Rename | Verb::Revoke | Verb::Set | Verb::Enable | Verb::Disable
        );
        let needs_id = names_key && !self.manifest.one_key;
        if needs_id && !operation.sources().contains(&&id) {
            self.problem(
                "request",
                "the request does not name the key: use `{id}` in the path, or `from = \"id\"`",
            );
        }
        if verb == Verb::Set {
            self.set(operation);
        }
        let secret = answer.secret.as_ref();
        let shows = |reads: &Option<Extractor>| {
            let pointers = |reads: &Extractor| -> BTreeSet<String> {
                reads
                    .0
                    .iter()
                    .filter_map(|read| Some(read.at.as_ref()?.to_string()))
                    .collect()
            };
            match (secret, reads) {
                (Some(secret), Some(reads)) => !pointers(secret).is_disjoint(&pointers(reads)),
                _ => false,
            }
        };
        for (key, reads) in [("name", &answer.key.name), ("id", &answer.key.id)] {
            if shows(reads) {
                self.problem(
                    &format!("response.key.{key}"),
                    "this pointer reads the secret: use another one, or remove this line",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
