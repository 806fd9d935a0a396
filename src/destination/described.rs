//! A destination that a manifest describes, reached over the network.

mod lent;
mod place_state;
mod rehearsal;
mod servers;
mod tool;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

pub use place_state::PlaceState;
pub use servers::{bases, url_variable};

use super::credential::{self, HeldCredential, first_set};
use super::kubeconfig::Cluster;
use super::login::CredentialSource;
use super::{StoredContent, nothing_to_restore};
use crate::core::error::{Error, Kind, Result};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::{DEFAULT_SERVER, Manifest, Operation, Source, Verb};
use crate::platform::{HttpTransport, Platform};
use crate::report::log::Log;
use crate::service::{CallError, CredentialRef, FieldValue, ResponseReader, Service, Values};

/// A destination of a manifest, at one address.
pub struct DescribedDestination {
    manifest: Rc<Manifest>,
    /// The text of the whole address, escaped.
    shown: String,
    /// The parts of the address, by name.
    parts: BTreeMap<String, String>,
    platform: Platform,
    log: Log,
    /// The content as it was read last, which the next write builds on.
    last: RefCell<Option<PlaceState>>,
    /// The cluster that its tool is set up for.
    cluster: OnceCell<Option<Cluster>>,
    /// The transport of its connections, if they have certificates of their own.
    transport: OnceCell<Rc<dyn HttpTransport>>,
    /// The profile that lends it a credential.
    source: Option<Rc<dyn CredentialSource>>,
    /// The token that its credential was exchanged for, or the credential that it was lent.
    token: RefCell<Option<HeldCredential>>,
}

impl DescribedDestination {
    pub(super) fn new(
        manifest: Rc<Manifest>,
        parts: BTreeMap<String, String>,
        shown: String,
        platform: &Platform,
        log: &Log,
    ) -> Self {
        DescribedDestination {
            manifest,
            shown,
            parts,
            platform: platform.clone(),
            log: log.clone(),
            last: RefCell::new(None),
            cluster: OnceCell::new(),
            transport: OnceCell::new(),
            source: None,
            token: RefCell::new(None),
        }
    }

    /// Returns the same destination with credentials of `source`, in place of those of its own tools.
    pub(super) fn lent_by(mut self, source: Option<Rc<dyn CredentialSource>>) -> Self {
        self.source = source;
        self
    }

    pub(super) fn describe(&self) -> String {
        self.shown.clone()
    }

    /// Returns whether a call tells what stands there, or at least whether anything does.
    pub(super) fn can_read(&self) -> bool {
        self.has(Verb::Read)
    }

    /// Returns whether a profile, or the variables or files of its tools, hold a credential to write with.
    pub(super) fn has_credential(&self) -> Result<bool> {
        if self.source.is_some() {
            return Ok(true);
        }
        let operation = self.manifest.operation(Verb::Write);
        let accepted = operation.map_or(&[][..], |write| self.manifest.accepted_credentials(write));
        let held =
            credential::first_held(accepted, &self.manifest, &self.variables(), &self.platform)?;
        Ok(held.is_some())
    }

    /// Reads the entry, and asks whether it may be written.
    pub(super) async fn probe(&self) -> Result<()> {
        let state = if self.has(Verb::Read) {
            Some(self.read_state().await?)
        } else {
            None
        };
        self.rehearse(state.as_ref()).await?;
        if self.has(Verb::Probe) {
            let values = self.values(None);
            let probed = self.call(Verb::Probe, values).await;
            probed.map_err(|failure| self.refused(failure))?;
        }
        if !self.has(Verb::Read) && !self.has(Verb::Probe) {
            // Nothing can be asked, but a credential that is missing is found all the same.
            self.credential(Verb::Write).await?;
        }
        Ok(())
    }

    /// Returns the call that writes a new value.
    fn verb_to_write(&self, state: Option<&PlaceState>) -> Verb {
        let is_absent = state.is_some_and(|state| state.is_absent);
        if is_absent && self.has(Verb::Add) {
            Verb::Add
        } else {
            Verb::Write
        }
    }

    fn values_to_write(&self, state: Option<&PlaceState>, secret: &Secret) -> Values {
        let mut values = self.values(state);
        let source = Source::Input("secret".to_owned());
        values.set(&source, FieldValue::Secret(secret.duplicate()));
        values
    }

    pub(super) async fn read(&self) -> Result<StoredContent> {
        let state = self.read_state().await?;
        let content = state.content.duplicate();
        self.last.replace(Some(state));
        Ok(content)
    }

    /// Returns the content as it was read last, so that the same state is saved that the next write replaces.
    pub(super) async fn snapshot(&self) -> Result<StoredContent> {
        if let Some(state) = &*self.last.borrow() {
            return Ok(state.content.duplicate());
        }
        self.read().await
    }

    pub(super) async fn deliver(&self, secret: &Secret) -> Result<()> {
        let state = self.state_to_change().await?;
        self.put(secret, state.as_ref(), false).await
    }

    pub(super) async fn restore(&self, previous: &StoredContent) -> Result<()> {
        let state = self.state_to_change().await?;
        match previous {
            StoredContent::Value(value) => self.put(value, state.as_ref(), true).await,
            StoredContent::Absent => self.remove(state.as_ref()).await,
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                Err(nothing_to_restore(&self.shown))
            }
        }
    }

    async fn put(
        &self,
        secret: &Secret,
        state: Option<&PlaceState>,
        is_earlier: bool,
    ) -> Result<()> {
        let verb = if is_earlier && self.has(Verb::Restore) {
            Verb::Restore
        } else {
            self.verb_to_write(state)
        };
        let values = self.values_to_write(state, secret);
        self.log.register_secret(secret);
        match self.call(verb, values).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.may_have_acted => {
                if self.holds(&StoredContent::Value(secret.duplicate())).await {
                    return Ok(());
                }
                Err(self.refused(failure))
            }
            Err(failure) => Err(self.refused(failure)),
        }
    }

    async fn remove(&self, state: Option<&PlaceState>) -> Result<()> {
        let is_nothing = |state: &PlaceState| matches!(state.content, StoredContent::Absent);
        if state.is_some_and(is_nothing) {
            return Ok(());
        }
        let is_alone = state.is_some_and(|state| state.is_alone);
        let verb = if self.has(Verb::Discard) && (is_alone || !self.has(Verb::Remove)) {
            Verb::Discard
        } else if self.has(Verb::Remove) {
            Verb::Remove
        } else {
            return Err(Error::new(
                Kind::Store,
                format!(
                    "cannot empty `{}`: its manifest has no operation for that",
                    self.shown
                ),
            )
            .hint("remove the value there by hand"));
        };
        match self.call(verb, self.values(state)).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.may_have_acted && self.holds(&StoredContent::Absent).await => {
                Ok(())
            }
            Err(failure) => Err(self.refused(failure)),
        }
    }

    /// Returns whether the place is seen to hold `wanted`, after a call whose answer was lost.
    async fn holds(&self, wanted: &StoredContent) -> bool {
        if !self.can_read() {
            return false;
        }
        match (self.read_state().await.map(|state| state.content), wanted) {
            (Ok(content), StoredContent::Value(wanted)) => content.is(wanted) == Some(true),
            (Ok(StoredContent::Absent), StoredContent::Absent) => true,
            _ => false,
        }
    }

    fn has(&self, verb: Verb) -> bool {
        let operation = self.manifest.operation(verb);
        operation.is_some_and(|operation| operation.request.is_some())
    }

    /// Returns the state that the next call changes: as it was read last, else as it is now.
    async fn state_to_change(&self) -> Result<Option<PlaceState>> {
        if let Some(state) = self.last.take() {
            return Ok(Some(state));
        }
        if self.has(Verb::Read) {
            return self.read_state().await.map(Some);
        }
        Ok(None)
    }

    async fn read_state(&self) -> Result<PlaceState> {
        let read = self.call(Verb::Read, self.values(None)).await;
        let state = read.map_err(|failure| self.refused(failure))?;
        if let StoredContent::Value(value) = &state.content {
            self.log.register_secret(value);
        }
        state.captured.values().for_each(|value| self.hide(value));
        Ok(state)
    }

    /// Keeps what an entry holds beside the value out of the log.
    fn hide(&self, captured: &Value) {
        match captured {
            Value::Object(members) => members.values().for_each(|member| self.hide(member)),
            Value::Array(items) => items.iter().for_each(|item| self.hide(item)),
            Value::String(text) => self.log.register_secret(&Secret::new(text.as_str())),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn values(&self, state: Option<&PlaceState>) -> Values {
        let mut values = Values::at(self.platform.clock.now());
        for (name, part) in &self.parts {
            values.input(name, part.as_str());
        }
        for (name, value) in self.variables() {
            values.set(&Source::Variable(name), FieldValue::Plain(value.into()));
        }
        for (name, value) in state.iter().flat_map(|state| &state.steps) {
            if let Ok(source @ Source::Step { .. }) = name.parse() {
                values.set(&source, FieldValue::Plain(value.clone()));
            }
        }
        for (capture, value) in state.iter().flat_map(|state| &state.captured) {
            let source = Source::Step {
                step: Verb::Read.name().to_owned(),
                capture: capture.clone(),
            };
            values.set(&source, FieldValue::Plain(value.clone()));
        }
        values
    }

    /// Makes a call, and reads its answer.
    async fn call(&self, verb: Verb, values: Values) -> Result<PlaceState, CallError> {
        let Some(operation) = self.manifest.operation(verb) else {
            return Err(Error::failed(format!("{} has no `{verb}`", self.manifest.name)).into());
        };
        let held = self.credential(verb).await?;
        let answer = self.execute(verb, operation, values, held.as_ref()).await?;
        Ok(PlaceState::of(&answer, verb))
    }

    async fn execute<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        mut values: Values,
        held: Option<&HeldCredential>,
    ) -> Result<ResponseReader<'o>, CallError> {
        let carried = held.map(|held| CredentialRef {
            name: &held.name,
            secret: &held.secret,
        });
        if let Some(carried) = &carried {
            values.credential(carried.name, carried.secret);
            self.log.register_secret(carried.secret);
        }
        let variables = self.variables();
        for (name, value) in &variables {
            let spec = self.manifest.variables.get(name);
            if let Some(why) = spec.and_then(|spec| spec.objection(value)) {
                return Err(Error::usage(format!("`{name}` {why}")).into());
            }
        }
        let bases = self.bases()?;
        let platform = self.connected()?;
        let service = Service::new(&platform, &self.log, &self.manifest, bases, variables);
        Box::pin(service.execute(verb, operation, values, carried.as_ref())).await
    }

    fn variables(&self) -> BTreeMap<String, String> {
        let env = &self.platform.env;
        let variables = self.manifest.variables.iter();
        let known = variables.filter_map(|(name, spec)| {
            let value = first_set(env, &spec.environment).or_else(|| spec.default.clone())?;
            Some((name.clone(), value))
        });
        map_of(known)
    }

    fn bases(&self) -> Result<BTreeMap<String, Url>> {
        let values = self.values(None);
        let mut bases = servers::bases(&self.manifest, &values, &self.platform.env, &self.shown)?;
        if let Some(cluster) = self.cluster()?
            && let Some(api) = bases.get_mut(DEFAULT_SERVER)
        {
            *api = cluster.server.clone();
        }
        Ok(bases)
    }

    /// Returns the credential of a call: the one that a profile lends, else from where the destination's own tools find it,
    /// or the token that it is exchanged for.
    async fn credential(&self, verb: Verb) -> Result<Option<HeldCredential>> {
        let Some(operation) = self.manifest.operation(verb) else {
            return Ok(None);
        };
        let accepted = self.manifest.accepted_credentials(operation);
        let held = |names| {
            credential::first_held(names, &self.manifest, &self.variables(), &self.platform)
        };
        if accepted.is_empty() {
            return Ok(None);
        }
        if let Some(source) = &self.source {
            return Box::pin(self.lent(&**source, operation, accepted))
                .await
                .map(Some);
        }
        if let Some(login) = self.login_of_tool(accepted)? {
            return Ok(login.token.map(|secret| HeldCredential {
                name: accepted[0].clone(),
                secret,
                expires_at: None,
            }));
        }
        if let Some(known) = held(accepted)? {
            return Ok(Some(known));
        }
        if let Some(exchange) = credential::exchange_for(&self.manifest, accepted)
            && let Some(key) = held(self.manifest.accepted_credentials(exchange))?
        {
            return Box::pin(self.exchanged(exchange, &key)).await.map(Some);
        }
        Err(credential::missing(accepted, &self.manifest))
    }

    /// Returns the token that a key is exchanged for, once for all calls.
    async fn exchanged(
        &self,
        exchange: &Operation,
        key: &HeldCredential,
    ) -> Result<HeldCredential> {
        if let Some(token) = self.known_token() {
            return Ok(token);
        }
        let answer = self
            .execute(Verb::Exchange, exchange, self.values(None), Some(key))
            .await;
        let answer = answer.map_err(|failure| match failure.error.kind() {
            // A token that was issued and lost changes nothing at the place.
            Kind::Uncertain => failure.error.with_kind(Kind::Unreachable),
            _ => failure.error,
        })?;
        let name = exchange.yields.clone().unwrap_or_default();
        let issued = answer
            .token()
            .ok_or_else(|| CallError::incomplete(&self.manifest.name, Verb::Exchange, "the token"));
        let issued = issued.map_err(|failure| failure.error.with_kind(Kind::Store))?;
        self.log.register_secret(&issued.value);
        Ok(self.remembered(HeldCredential {
            name,
            secret: issued.value,
            expires_at: issued.expires_at,
        }))
    }

    /// Returns the token of an earlier call, while it is valid.
    fn known_token(&self) -> Option<HeldCredential> {
        let now = self.platform.clock.now();
        let known = self.token.borrow();
        known.as_ref().and_then(|token| token.while_valid(now))
    }

    /// Keeps a token for the calls that follow.
    fn remembered(&self, token: HeldCredential) -> HeldCredential {
        self.token.replace(token.while_valid(Timestamp::MIN));
        token
    }

    /// Returns the error of a call: the place holds what it held, unless the call may have changed it.
    fn refused(&self, failure: CallError) -> Error {
        let may_have_acted = failure.may_have_acted;
        let is_stale = matches!(failure.error.http_status(), Some(409 | 412))
            || failure.reason == Some(crate::manifest::ErrorReason::Conflict);
        let kind = match failure.error.kind() {
            _ if may_have_acted => Kind::Uncertain,
            kind @ (Kind::Usage | Kind::Unreachable | Kind::RateLimited | Kind::Cancelled) => kind,
            // The login of a profile is missing; a refusal of the place has a status.
            Kind::Auth if failure.error.http_status().is_none() => Kind::Auth,
            _ => Kind::Store,
        };
        let is_lost = kind == Kind::Unreachable && failure.reason.is_none();
        let error = failure.error.context(&format!("`{}`", self.shown));
        let error = if is_lost {
            // The base URL of no profile leads there.
            Error::new(kind, error.message()).hint(servers::way_to_reach(&self.manifest))
        } else {
            error.with_kind(kind)
        };
        if may_have_acted {
            return error.append("it may hold the new value");
        }
        if is_stale {
            return error.append("it was changed since it was read, and nothing was written");
        }
        error
    }
}
