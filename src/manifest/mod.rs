//! The manifest language: a service described as data, so that a new one needs no recompilation.

mod address;
mod validate;
#[cfg(test)]
mod json_schema;
mod errors;
mod diagnostic;
mod expiry;
mod fields;
mod headers_read;
mod http_date;
mod extends;
mod merge;
mod oauth;
mod jwt;
mod link;
mod span;
mod pagination;
mod pattern;
mod pointer;
mod predicate;
mod extract;
mod schema;
mod source;
mod retirement;
mod times;
mod typed;
mod verb;
mod visit;
mod xml;

pub use address::Address;
pub use diagnostic::Diagnostic;
pub use errors::{
    ErrorReason, ErrorSpec, RetryAfter, RetryAfterUnit, ServiceError, looks_like_html,
};
pub use expiry::read_expiry;
use extends::report;
pub use extends::{PartialManifest, merged};
pub use extract::{
    Decode, ElementCondition, ElementMatch, ExtractRule, Extractor, ParsedResponse, StatedTime,
    is_masked,
};
pub use fields::{KeyFields, UsageFields};
pub use headers_read::SET_COOKIE;
pub use http_date::read_http_date;
pub use jwt::{jwt_claims, jwt_expiry, jwt_subject};
pub use link::next_link;
pub use oauth::{AUTHORIZATION_CODE, CODE_VERIFIER, DEVICE_CODE, REDIRECT_URI};
pub use pagination::{LastPage, Pagination, PaginationParameterIn, PaginationStyle, says_more};
pub use pointer::{Pointer, escaped_part, placeholder, unescaped_part};
pub use predicate::{Predicate, StatusSet};
pub use retirement::Retirement;
pub use schema::{
    AwsSigV4Placement, BasicAuthEncoding, BasicAuthPart, BasicPlacement, BodyFormat, BodyPlacement,
    Challenge, ContentSha256, CookiePlacement, CredentialEffect, CredentialKind, CredentialSpec,
    DEFAULT_SERVER, DetailCall, Discovery, Encode, Endpoint, Example, Field, FileFormat, GrantType,
    Guard, HeaderPlacement, HostSpec, InputSpec, JwtAlgorithm, JwtPlacement, KeyPairSpec,
    LANGUAGE_VERSION, Manifest, Manual, OAuth, Operation, PartSpec, Placement, Poll, ProgramSpec,
    QueryPlacement, RecordedExchange, RequestSpec, ResponseSpec, SecretEncoding, Server, StepSpec,
    Strategy, TlsPlacement, TokenFields, Tool, UNSUPPORTED_SIGNATURES, VariableSpec, WhenMissing,
};
pub use source::{
    IDENTITY, PASSWORD, Piece, PublicKeyForm, SignerValue, Source, Template, into_text, plain_text,
};
pub use times::{Span, read_moment, read_span};
pub use typed::{expected_words, parse_toml, part_mut, read_typed, unknown_key, unknown_word};
pub use validate::{ReadLocation, places, validate, validate_with_coverage};
pub use verb::Verb;
pub use visit::{Call, CallOwner};
pub use xml::from_xml;

use crate::core::error::{Error, Result};

/// Returns the line of an offset of a text, from 1.
pub use span::line_of;

/// The hint for a manifest that cannot be read.
const REFERENCE_HINT: &str =
    "a manifest to learn from: keywright providers show schatzi --manifest";

fn check_version(manifest: &Manifest, text: &str, file: &str) -> Result<()> {
    if manifest.manifest == LANGUAGE_VERSION {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{file}:{}: this keywright reads version {LANGUAGE_VERSION} of the manifest language, not {}",
        span::place_of(text, &["manifest".to_owned()]),
        manifest.manifest
    )))
}

/// Returns `LINE:KEY` of an entry of a TOML text, or of the nearest one around it.
pub fn place_of(text: &str, path: &[&str]) -> String {
    let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
    span::place_of(text, &path)
}

impl Manifest {
    /// Reads a manifest; `file` precedes line and key in its errors.
    pub fn parse(text: &str, file: &str) -> Result<Manifest> {
        let manifest: Manifest =
            parse_toml(text, file).map_err(|error| error.hint(REFERENCE_HINT))?;
        check_version(&manifest, text, file)?;
        Ok(manifest)
    }

    /// Reads a manifest that the build script validated and wrote as JSON.
    pub fn prepared(json: &str, file: &str) -> Result<Manifest> {
        let manifest: Manifest = serde_json::from_str(json)
            .map_err(|error| Error::failed(format!("{file} cannot be read")).caused_by(error))?;
        Ok(manifest.with_implied_operations())
    }

    /// Reads and validates a manifest.
    pub fn parse_checked(text: &str, file: &str) -> Result<Manifest> {
        let mut manifest = Manifest::parse(text, file)?;
        report(&validate(&manifest), text, file)?;
        if !manifest.programs.is_empty() {
            manifest.digest = Some(PartialManifest::read(text, file)?.digest());
        }
        Ok(manifest.with_implied_operations())
    }

    /// Returns the operation `verb`, if the manifest describes it.
    pub fn operation(&self, verb: Verb) -> Option<&Operation> {
        self.operations.get(&verb)
    }

    /// Returns the operation that exchanges the identity of a job, if the service has one.
    pub fn federation(&self) -> Option<&Operation> {
        self.operation(Verb::Federate)
            .filter(|operation| operation.request.is_some())
    }

    /// Returns whether the credential `name` comes from the identity of a job alone.
    pub fn is_only_federated(&self, name: &str) -> bool {
        let yields = |operation: &Operation| operation.yields.as_deref() == Some(name);
        let mut others = self.operations.iter();
        self.federation().is_some_and(yields)
            && !others.any(|(verb, one)| *verb != Verb::Federate && yields(one))
            && self
                .credentials
                .get(name)
                .is_some_and(|spec| spec.manual.is_none())
    }

    /// Returns whether a server takes the identities of jobs and no stored credential.
    pub fn takes_identities_alone(&self, server: &str) -> bool {
        let asks = |operation: &Operation| {
            let mut requests = operation.requests().into_iter();
            requests.any(|request| request.server == server)
        };
        let is_bare = self
            .servers
            .get(server)
            .is_some_and(|one| one.auth.is_empty());
        let mut calls = self.calls().into_iter();
        is_bare
            && self.federation().is_some_and(asks)
            && !calls.any(|call| {
                !matches!(call.owner, CallOwner::Verb(Verb::Federate)) && asks(call.operation)
            })
    }

    /// Returns whether the token that the identity of a job is exchanged for is accepted in the place of a key: by the
    /// same server or call, or because the key is exchanged for the same token.
    pub fn can_do_without(&self, key: &str) -> bool {
        let Some(token) = self.federation().and_then(|one| one.yields.as_deref()) else {
            return false;
        };
        let both = |auth: &[String]| {
            let has = |name: &str| auth.iter().any(|one| one == name);
            has(key) && has(token)
        };
        let exchange = self.operation(Verb::Exchange).filter(|one| {
            let uses = self.accepted_credentials(one);
            one.yields.as_deref() == Some(token) && uses.iter().any(|one| one == key)
        });
        let mut calls = self.operations.values();
        exchange.is_some()
            || self.servers.values().any(|server| both(&server.auth))
            || calls.any(|one| both(self.accepted_credentials(one)))
    }

    /// Returns the name of the login that goes with a password: an email, unless the parameter `email` says otherwise.
    pub fn login_name_label(&self) -> &str {
        let login = self.operation(Verb::Login);
        let input = login.and_then(|login| login.parameters.get("email"));
        input
            .and_then(|input| input.about.as_deref())
            .unwrap_or("email")
    }

    /// Returns the name of the first credential of that kind.
    pub fn credential_of(&self, kind: CredentialKind) -> Option<&str> {
        self.credentials_of(kind).next()
    }

    /// Returns whether the id of a key is as secret as the key: some operation declares its input `id` a secret.
    pub fn hides_ids(&self) -> bool {
        self.operations
            .values()
            .any(|operation| operation.parameters.get("id").is_some_and(|id| id.secret))
    }

    /// Returns the name of the credential that a new key is: the one that `create` or `rotate` yields, else the first
    /// of the keys.
    pub fn new_key(&self) -> Option<&str> {
        let yields = |verb| self.operation(verb)?.yields.as_deref();
        yields(Verb::Create)
            .or_else(|| yields(Verb::Rotate))
            .or_else(|| self.credential_of(CredentialKind::Key))
    }

    /// Returns the names of all credentials of that kind.
    pub fn credentials_of(&self, kind: CredentialKind) -> impl Iterator<Item = &str> {
        self.credentials
            .iter()
            .filter(move |(_, spec)| spec.kind == kind)
            .map(|(name, _)| name.as_str())
    }

    /// Returns the name of the credential of that kind whose prefix `value` has; else the first without a prefix,
    /// else the first of all.
    pub fn credential_like(&self, kind: CredentialKind, value: &str) -> Option<&str> {
        let starts = |name: &&str| {
            let mut prefixes = self.credentials[*name].prefixes.iter();
            prefixes.any(|prefix| value.starts_with(prefix))
        };
        let any = |name: &&str| self.credentials[*name].prefixes.is_empty();
        self.credentials_of(kind)
            .find(starts)
            .or_else(|| self.credentials_of(kind).find(any))
            .or_else(|| self.credential_of(kind))
    }

    /// Returns the credentials that `operation` accepts, the preferred one first.
    pub fn accepted_credentials<'a>(&'a self, operation: &'a Operation) -> &'a [String] {
        if let Some(uses) = &operation.auth {
            return uses;
        }
        operation
            .request
            .as_ref()
            .and_then(|request| self.servers.get(&request.server))
            .map_or(&[], |server| server.auth.as_slice())
    }

    /// Returns the exchange that proves the credential `verified`, and the token that it yields: `verify` accepts the
    /// token alone, and no field names the credential itself.
    pub fn exchange_that_proves<'a>(
        &'a self,
        verify: &Operation,
        verified: &str,
    ) -> Option<(&'a Operation, &'a str)> {
        let exchange = self.operation(Verb::Exchange)?;
        let token = exchange.yields.as_deref()?;
        let takes = |name: &str| {
            self.accepted_credentials(exchange)
                .iter()
                .any(|one| one == name)
        };
        let accepts = |name: &str| verify.auth.iter().flatten().any(|one| one == name);
        let is_proof = exchange.request.is_some()
            && verify.asks_with_other(verified)
            && takes(verified)
            && accepts(token)
            && !verify
                .sources()
                .into_iter()
                .any(|source| source.is_of(verified));
        is_proof.then_some((exchange, token))
    }
}
