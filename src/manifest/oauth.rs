//! The requests that a login at an authorization server implies.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::schema::{
    BodyFormat, CredentialKind, Encode, Endpoint, Field, GrantType, Guard, Manifest, OAuth,
    Operation, RequestSpec, ResponseSpec, StepSpec, WhenMissing,
};
use super::source::{Source, Template};
use super::verb::Verb;

/// The code that a device polls with.
pub const DEVICE_CODE: &str = "device_code";
/// The code that a browser brings back.
pub const AUTHORIZATION_CODE: &str = "code";
/// The secret of PKCE.
pub const CODE_VERIFIER: &str = "code_verifier";
/// The address that the browser returned to.
pub const REDIRECT_URI: &str = "redirect_uri";

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl OAuth {
    /// Returns whether the endpoints that are not written are discovered.
    pub fn is_discovered(&self) -> bool {
        self.token_endpoint.is_none()
    }

    /// Returns the path of an endpoint that is written.
    pub fn written(&self, endpoint: Endpoint) -> Option<&Template> {
        match endpoint {
            Endpoint::Token => self.token_endpoint.as_ref(),
            Endpoint::Authorization => self.authorization_endpoint.as_ref(),
            Endpoint::DeviceAuthorization => self.device_authorization_endpoint.as_ref(),
            Endpoint::Revocation => self.revocation_endpoint.as_ref(),
        }
    }

    /// Returns whether the service may have an endpoint.
    fn may_have(&self, endpoint: Endpoint) -> bool {
        self.is_discovered() || self.written(endpoint).is_some()
    }

    /// Returns whether there is a login of that kind.
    pub fn has(&self, grant: GrantType) -> bool {
        let endpoint = match grant {
            GrantType::AuthorizationCode => Endpoint::Authorization,
            GrantType::DeviceCode => Endpoint::DeviceAuthorization,
            GrantType::RefreshToken => Endpoint::Token,
        };
        let only_refresh = |grants: &[GrantType]| {
            let mut grants = grants.iter();
            grants.all(|grant| *grant == GrantType::RefreshToken)
        };
        let is_named = only_refresh(&self.grant_types) || self.grant_types.contains(&grant);
        is_named && self.may_have(endpoint)
    }

    /// Returns a request to an endpoint.
    fn request(&self, endpoint: Endpoint, body: Vec<Field>) -> RequestSpec {
        let written = self.written(endpoint);
        let client = [
            Some(Field::filled("client_id", &self.client_id)),
            self.client_secret
                .as_ref()
                .map(|secret| Field::filled("client_secret", secret)),
        ];
        let mut all = body;
        all.extend(client.into_iter().flatten());
        RequestSpec {
            endpoint: written.is_none().then_some(endpoint),
            body: Some(all),
            format: BodyFormat::Form,
            ..RequestSpec::bare("POST", &self.server, written.cloned().unwrap_or_default())
        }
    }

    fn token_operation(&self, name: &str, body: Vec<Field>) -> Operation {
        let read = json!({
            "value": "/access_token",
            "refresh": "/refresh_token",
            "expires": { "at": "/expires_in", "as": "seconds" },
        });
        Operation {
            auth: Some(self.auth.clone()),
            yields: Some(name.to_owned()),
            request: Some(self.request(Endpoint::Token, body)),
            response: ResponseSpec {
                token: serde_json::from_value(read).ok(),
                ..ResponseSpec::default()
            },
            is_implied: true,
            ..Operation::default()
        }
    }

    /// Returns the request for a code for a device.
    pub fn device_authorization(&self) -> Operation {
        let mut body: Vec<Field> = self.scope().into_iter().collect();
        body.extend(self.authorization_parameters.iter().cloned());
        Operation {
            auth: Some(self.auth.clone()),
            request: Some(self.request(Endpoint::DeviceAuthorization, body)),
            is_implied: true,
            ..Operation::default()
        }
    }

    /// Returns the request for the token of a device.
    pub fn device_token(&self, name: &str) -> Operation {
        let body = vec![
            Field::constant("grant_type", DEVICE_GRANT),
            Field::input(DEVICE_CODE),
        ];
        self.token_operation(name, body)
    }

    /// Returns the request for the token of a browser.
    pub fn code_token(&self, name: &str) -> Operation {
        let body = vec![
            Field::constant("grant_type", "authorization_code"),
            Field::input(AUTHORIZATION_CODE),
            Field::input(REDIRECT_URI),
            Field::input(CODE_VERIFIER),
        ];
        self.token_operation(name, body)
    }

    /// Returns the refresh of the credential `name`.
    fn refresh(&self, name: &str) -> Operation {
        let body = vec![
            Field::constant("grant_type", "refresh_token"),
            Field::sent("refresh_token", Source::Refresh(name.to_owned())),
        ];
        self.token_operation(name, body)
    }

    /// Returns the revocation of the credential `name`: of its refresh token first, which ends what was issued for it.
    fn revocation(&self, name: &str) -> Operation {
        let refresh = Source::Refresh(name.to_owned());
        let request = |source: Source, hint: &str| {
            let body = vec![
                Field::sent("token", source),
                Field::constant("token_type_hint", hint),
            ];
            Some(self.request(Endpoint::Revocation, body))
        };
        Operation {
            auth: Some(self.auth.clone()),
            before: vec![StepSpec {
                name: "refresh_token".to_owned(),
                request: request(refresh.clone(), "refresh_token"),
                program: None,
                only_if: vec![Guard {
                    from: refresh,
                    exists: Some(true),
                    equals: None,
                }],
                response: ResponseSpec::default(),
                repeatable: None,
                leaves: None,
            }],
            request: request(Source::Credential(name.to_owned()), "access_token"),
            is_implied: true,
            ..Operation::default()
        }
    }

    /// Returns the scopes as they are asked for.
    pub fn scope(&self) -> Option<Field> {
        let scopes = self.scopes.join(" ");
        (!scopes.is_empty()).then(|| Field::constant("scope", &scopes))
    }
}

impl Field {
    /// Returns a field with this text.
    pub fn constant(at: &str, text: &str) -> Self {
        Field {
            value: Some(Value::from(text)),
            ..Field::blank(at)
        }
    }

    /// Returns a field that is filled like a template.
    pub fn filled(at: &str, template: &Template) -> Self {
        Field {
            format: Some(template.clone()),
            ..Field::blank(at)
        }
    }

    /// Returns a field with the input of its name.
    pub fn input(at: &str) -> Self {
        Field::sent(at, Source::Input(at.to_owned()))
    }

    /// Returns a field with the value of a source.
    fn sent(at: &str, source: Source) -> Self {
        Field {
            from: Some(source),
            ..Field::blank(at)
        }
    }

    /// Returns a field whose value must be there.
    fn blank(at: &str) -> Self {
        Field {
            at: at.to_owned(),
            value: None,
            from: None,
            form: Encode::Plain,
            map: BTreeMap::new(),
            when_single: BTreeMap::new(),
            wrap_in: None,
            wrap_each: None,
            recipient: None,
            format: None,
            default: None,
            null: false,
            stringify: false,
            remove: false,
            when_missing: WhenMissing::Refuse,
            when_unlimited: None,
        }
    }
}

impl Manifest {
    /// Returns the name of the credential that a login at the authorization server yields.
    pub fn oauth_yields(&self) -> Option<&str> {
        let oauth = self.oauth.as_ref()?;
        let mut tokens = self.credentials_of(CredentialKind::Token);
        match &oauth.yields {
            Some(name) => Some(name),
            None => tokens.next().filter(|_| tokens.next().is_none()),
        }
    }

    /// Returns the manifest with the operations that its authorization server implies and that it does not write.
    pub(super) fn with_implied_operations(mut self) -> Self {
        let Some(name) = self.oauth_yields().map(str::to_owned) else {
            return self;
        };
        let Some(oauth) = self.oauth.take() else {
            return self;
        };
        let refresh = self.operations.entry(Verb::Refresh);
        refresh.or_insert_with(|| oauth.refresh(&name));
        if let Some(spec) = self.credentials.get_mut(&name)
            && spec.revoke.is_none()
            && oauth.may_have(Endpoint::Revocation)
        {
            spec.revoke = Some(oauth.revocation(&name));
        }
        self.oauth = Some(oauth);
        self
    }
}
