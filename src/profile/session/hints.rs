//! Words the errors for a credential that is missing, expired or refused, with the way to a new one.

use super::federation::IDENTITY_VARIABLE;
use super::{Credential, CredentialSource, Session};
use crate::core::error::{Error, Kind};
use crate::core::moment::to_the_minute;
use crate::core::untrusted::shell_argument;
use crate::manifest::{CredentialKind, GrantType, Verb};
use crate::service::CallError;

impl Session<'_> {
    /// Returns the error for an expired credential: by which clock, and how to get another.
    pub(super) fn expired(&self, held: &Credential) -> Error {
        let title = self.title(&held.name);
        let message = match held.from {
            CredentialSource::Environment(variable) => {
                format!("the {title} in {variable} has expired")
            }
            _ => format!("the {title} of the profile `{}` has expired", self.profile),
        };
        Error::new(Kind::Auth, message)
            .hint(self.next_hint(held))
            .hint(self.by_this_clock())
    }

    fn by_this_clock(&self) -> String {
        format!(
            "this machine's clock says {}: if that is wrong, set it (keywright doctor compares it)",
            to_the_minute(self.service.now())
        )
    }

    /// Adds to a refusal of this credential the way to another, unless the service named one that helps.
    pub fn explained(&self, held: &Credential, mut failure: CallError) -> CallError {
        if failure.error.kind() != Kind::Auth {
            return failure;
        }
        if self.is_federated(held) {
            return self.refused_by_identity(held, failure);
        }
        let mut named = !failure.error.hints().is_empty();
        if let Some(variable) = self.deciding_variable(held) {
            // A login has no effect while the variable is set.
            let reword = |hint: String| in_place_of_login(&hint, variable);
            failure.error = failure.error.map_hints(reword);
            let mut hints = failure.error.hints().iter();
            named = hints.any(|hint| hint.contains(variable));
        }
        if !named {
            failure.error = failure.error.hint(self.next_hint(held));
        }
        if self.has_expired(held) {
            failure.error = failure.error.hint(self.by_this_clock());
        }
        failure
    }

    /// Rewords the refusal of a token that was exchanged from the identity of a job: no login helps.
    fn refused_by_identity(&self, held: &Credential, mut failure: CallError) -> CallError {
        let advice = format!(
            "the {} was exchanged from the identity of this job: check what the service allows it",
            self.title(&held.name)
        );
        if failure.error.hints().is_empty() {
            failure.error = failure.error.hint(advice);
            return failure;
        }
        failure.error = failure.error.map_hints(|hint| {
            if hint.contains("keywright login") {
                advice.clone()
            } else {
                hint
            }
        });
        failure
    }

    /// Returns the variable that `held` comes from, directly or through an exchange.
    fn deciding_variable(&self, held: &Credential) -> Option<&'static str> {
        match held.from {
            CredentialSource::Environment(variable) => Some(variable),
            CredentialSource::Ephemeral if self.uses_environment() => {
                [CredentialKind::Key, CredentialKind::Token]
                    .into_iter()
                    .map(CredentialKind::variable)
                    .find(|variable| self.platform.env.get(variable).is_some())
            }
            CredentialSource::Ephemeral | CredentialSource::Store(..) => None,
        }
    }

    /// Returns the hint to replace this credential.
    fn next_hint(&self, held: &Credential) -> String {
        match self.deciding_variable(held) {
            Some(variable) => format!("set another in {variable}"),
            None => self.login_hint(&held.name),
        }
    }

    pub(super) fn title<'n>(&'n self, name: &'n str) -> &'n str {
        self.service
            .manifest
            .credentials
            .get(name)
            .map_or(name, |spec| spec.title.as_str())
    }

    /// Returns the command that logs this profile in.
    pub fn login_command(&self) -> String {
        let provider = self.service.name();
        if self.profile == provider {
            return format!("keywright login {provider}");
        }
        let profile = shell_argument(self.profile);
        format!("keywright login {provider} --profile {profile}")
    }

    fn login_hint(&self, name: &str) -> String {
        let manifest = self.service.manifest;
        let kind = manifest.credentials.get(name).map(|spec| spec.kind);
        if manifest.is_only_federated(name) {
            return format!("in a job with an identity: set {IDENTITY_VARIABLE} to its source");
        }
        let login = self.login_command();
        let by_password = manifest
            .operation(Verb::Login)
            .is_some_and(|login| login.request.is_some() && login.yields.as_deref() == Some(name));
        let oauth = manifest.oauth.as_ref();
        let oauth = oauth.filter(|_| manifest.oauth_yields() == Some(name));
        match kind {
            Some(_) if oauth.is_some_and(|oauth| oauth.has(GrantType::AuthorizationCode)) => {
                format!("log in: {login} --web")
            }
            Some(_) if oauth.is_some() => format!("log in: {login} --device"),
            Some(CredentialKind::Token) if by_password => {
                format!("log in: {login} --email YOU@EXAMPLE.COM")
            }
            Some(kind) => format!("log in: {login} --with-{}", kind.name()),
            None => format!("log in: {login}"),
        }
    }

    pub(super) fn not_logged_in(&self, uses: &[String]) -> Error {
        let titles: Vec<&str> = uses.iter().map(|name| self.title(name)).collect();
        let titles = titles.join(" or ");
        let kinds = uses
            .iter()
            .filter_map(|name| Some(self.service.manifest.credentials.get(name)?.kind.variable()));
        let mut variables: Vec<&str> = kinds.collect();
        variables.dedup();
        let variables = variables.join(" or ");
        let set = self.platform.env.credentials();
        if self.platform.env.get(IDENTITY_VARIABLE).is_some()
            && self.service.manifest.federation().is_none()
        {
            return self.no_federation();
        }
        if !set.is_empty() {
            let empty: Vec<&str> = set
                .iter()
                .copied()
                .filter(|variable| self.holds_nothing(variable))
                .collect();
            let message = if empty.is_empty() {
                format!(
                    "this takes the {titles} of {}, and {} holds none",
                    self.service.name(),
                    set.join(" and ")
                )
            } else {
                format!(
                    "this takes the {titles} of {}, and {} is set but empty",
                    self.service.name(),
                    empty.join(" and ")
                )
            };
            return Error::new(Kind::Auth, message)
                .hint(format!("set {variables}"))
                .hint(format!(
                    "or unset {}: then what is stored is used",
                    set.join(" and ")
                ));
        }
        let error = Error::new(
            Kind::Auth,
            format!(
                "not logged in to {}: this takes its {titles}, and the profile `{}` has none",
                self.service.name(),
                self.profile
            ),
        );
        let mut ways: Vec<String> = Vec::new();
        for way in uses.iter().map(|name| self.login_hint(name)) {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        error.with_hints(ways).hint(format!("or set {variables}"))
    }
}

/// Rewords the advice to log in as advice to set a variable: the one of the kind that the login needs, else
/// `variable`.
fn in_place_of_login(hint: &str, variable: &'static str) -> String {
    let Some((advice, command)) = hint.split_once("keywright login") else {
        return hint.to_owned();
    };
    let kinds = [CredentialKind::Key, CredentialKind::Token];
    let kind = kinds
        .into_iter()
        .find(|kind| command.contains(&format!("--with-{}", kind.name())));
    let variable = kind.map_or(variable, CredentialKind::variable);
    let advice = advice.trim_end_matches([' ', ':', ',']);
    let set = format!("set {variable} to");
    if advice.contains("log in with") {
        return advice.replace("log in with", &set);
    }
    match advice.trim_end_matches(" or").trim_end_matches(',') {
        advice if advice.is_empty() || advice.starts_with("log in") => {
            format!("{set} another one")
        }
        advice => format!("{advice}, and {set} it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_hint_becomes_variable_hint() {
        for (hint, reworded) in [
            (
                "create a new key in the dashboard and log in with it: keywright login siati --with-key",
                "create a new key in the dashboard and set KEYWRIGHT_API_KEY to it",
            ),
            (
                "paste a new one: keywright login schatzi --with-token",
                "paste a new one, and set KEYWRIGHT_TOKEN to it",
            ),
            (
                "log in: keywright login acme --email YOU@EXAMPLE.COM",
                "set KEYWRIGHT_TOKEN to another one",
            ),
            ("look at https://example.com", "look at https://example.com"),
        ] {
            assert_eq!(in_place_of_login(hint, "KEYWRIGHT_TOKEN"), reworded);
        }
    }
}
