//! Checks the operations that issue a token.

use super::super::schema::{CredentialSpec, Operation, TokenFields};
use super::super::source::{IDENTITY, Source};
use super::Validator;

impl Validator<'_> {
    /// Checks the token in a response, and the credential that it becomes.
    pub(super) fn token(&mut self, operation: &Operation) {
        let manifest = self.manifest;
        let yields = operation.yields.as_ref();
        let spec = yields.and_then(|name| manifest.credentials.get(name));
        if spec.is_none() {
            self.problem(
                "yields",
                match yields {
                    Some(name) => self.undeclared_credential(name),
                    None => "name the credential that the response holds: `yields = \"NAME\"`"
                        .to_owned(),
                },
            );
        }
        match (&operation.response.token, spec) {
            (None, _) => self.problem(
                "response.token",
                "the pointer to the token is missing: add `token = { value = \"/…\" }`",
            ),
            (Some(token), _) if token.value.is_some() != token.parts.is_empty() => self.problem(
                "response.token",
                "a token is read as a whole or in parts: write `value` or `parts`",
            ),
            (Some(token), Some(spec)) => self.parts_of_token(token, spec),
            _ => {}
        }
    }

    fn parts_of_token(&mut self, token: &TokenFields, spec: &CredentialSpec) {
        if token.parts.is_empty() {
            return;
        }
        for name in token.parts.keys() {
            if !spec.parts.iter().any(|part| part.name == *name) {
                self.problem(
                    &format!("response.token.parts.{name}"),
                    "the credential that it yields has no such part: declare it under its `parts`",
                );
            }
        }
        for part in spec.parts.iter().filter(|part| !part.optional) {
            if !token.parts.contains_key(&part.name) {
                self.problem(
                    "response.token.parts",
                    format!("the part `{}` is missing: add its pointer", part.name),
                );
            }
        }
    }

    /// Checks the call that revokes a credential.
    pub(super) fn revocation(&mut self, name: &str, operation: &Operation) {
        if operation.request.is_none() {
            self.problem("request", "a revocation is a call: add its `request`");
            return;
        }
        let sources = operation.sources();
        let sends = |source: &Source| sources.contains(&source);
        let named = sources.iter().any(|source| source.is_of(name))
            || sends(&Source::Refresh(name.to_owned()));
        let uses = self.manifest.accepted_credentials(operation);
        if !named && !uses.iter().any(|used| used == name) {
            self.problem(
                "request",
                format!(
                    "the request does not name what it revokes: add `from = \"credential.{name}\"`"
                ),
            );
        }
    }

    /// Checks the exchange of a job's identity.
    pub(super) fn federation(&mut self, operation: &Operation) {
        let identity = Source::Credential(IDENTITY.to_owned());
        if !operation.sources().contains(&&identity) {
            self.problem(
                "request",
                "no field sends the identity of the job: add `from = \"credential.identity\"`",
            );
        }
        if operation.auth.as_ref().is_some_and(|auth| !auth.is_empty()) {
            self.problem(
                "auth",
                "the identity takes the place of a credential: write `auth = []`, or leave it out",
            );
        }
        if self.manifest.credentials.contains_key(IDENTITY) {
            self.problem(
                "",
                "`credential.identity` is the identity of the job: give [credentials.identity] another name",
            );
        }
        self.variables_only("audience", operation.audience.as_ref());
    }
}
