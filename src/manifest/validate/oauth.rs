//! Checks the authorization server.

use std::collections::BTreeSet;

use url::Url;

use super::super::schema::{CredentialKind, Endpoint, GrantType, OAuth};
use super::Validator;
use crate::platform::is_loopback;

impl Validator<'_> {
    pub(super) fn oauth(&mut self) {
        if let Some(oauth) = &self.manifest.oauth {
            self.within(&["oauth"], |validator| {
                validator.authorization_server(oauth);
            });
        }
    }

    fn authorization_server(&mut self, oauth: &OAuth) {
        let manifest = self.manifest;
        if !manifest.servers.contains_key(&oauth.server) {
            let why = format!(
                "there is no [servers.{}]: declare it, or name another",
                oauth.server
            );
            self.problem("server", why);
        }
        self.check_auth(&oauth.auth, "auth");
        if oauth.client_secret.is_some() && !oauth.auth.is_empty() {
            self.problem(
                "client_secret",
                "the client authenticates itself once: leave out `client_secret` or `auth`",
            );
        }
        let is_token = |name: &str| {
            let spec = manifest.credentials.get(name);
            spec.is_some_and(|spec| spec.kind == CredentialKind::Token)
        };
        if !manifest.oauth_yields().is_some_and(is_token) {
            self.problem(
                "yields",
                "name the token that a login yields, of the kind `token`: `yields = \"NAME\"`",
            );
        }
        for (key, template) in [
            ("client_id", Some(&oauth.client_id)),
            ("client_secret", oauth.client_secret.as_ref()),
        ] {
            self.variables_only(key, template);
        }
        self.endpoints(oauth);
        let key = "authorization_parameters";
        self.fields(&oauth.authorization_parameters, key, &BTreeSet::new());
        if let Some(address) = &oauth.redirect_uri
            && !is_redirect(address)
        {
            self.problem(
                "redirect_uri",
                "it is an address on this machine: `http://127.0.0.1/callback` or `http://localhost/callback`, with or without a port",
            );
        }
    }

    fn endpoints(&mut self, oauth: &OAuth) {
        const ALL: [Endpoint; 4] = [
            Endpoint::Token,
            Endpoint::Authorization,
            Endpoint::DeviceAuthorization,
            Endpoint::Revocation,
        ];
        for endpoint in ALL {
            let path = oauth.written(endpoint);
            self.variables_only(endpoint.name(), path);
            if path.is_some_and(|path| !path.as_written().starts_with('/')) {
                self.problem(
                    endpoint.name(),
                    "it is a path below the URL of the server, and starts with `/`",
                );
            }
        }
        for (grant, endpoint) in [
            (GrantType::AuthorizationCode, Endpoint::Authorization),
            (GrantType::DeviceCode, Endpoint::DeviceAuthorization),
        ] {
            if oauth.grant_types.contains(&grant) && !oauth.has(grant) {
                let name = endpoint.name();
                self.problem(
                    "grant_types",
                    format!("this needs `{name}`: write its path, or leave out `token_endpoint`, so that all are discovered"),
                );
            }
        }
        if !oauth.has(GrantType::AuthorizationCode) && !oauth.has(GrantType::DeviceCode) {
            self.problem(
                "",
                "there is no way to log in: add `authorization_endpoint` or `device_authorization_endpoint`",
            );
        }
    }
}

/// Returns whether a browser can be led to this address by a server on this machine alone.
fn is_redirect(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        url.scheme() == "http"
            && is_loopback(&url)
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
