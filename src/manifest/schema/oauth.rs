//! Logins at an authorization server.

use serde::Deserialize;

use super::request::{DEFAULT_SERVER, Field};
use crate::manifest::source::Template;

/// A login at an authorization server (OAuth 2.0): in a browser, with PKCE and a redirect to this machine (RFC 8252), or
/// with a code that you enter on any device (RFC 8628). The refresh token that it issues is used and, at `logout
/// --revoke`, revoked without further calls in the manifest.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// The server that issues tokens. The endpoints are paths below its URL; if they are discovered, its URL is the
    /// issuer. Default: `api`. Example: `server = "id"`.
    #[serde(default = "default_server")]
    pub server: String,
    /// The id under which this client is registered; may be filled from variables. Required. Example: `client_id =
    /// "acme-cli"`.
    pub client_id: Template,
    /// The secret of an installed application, which is none (RFC 8252, section 8.5), sent in the body. Default: none.
    /// A client that can keep a secret is named in `auth` instead.
    pub client_secret: Option<Template>,
    /// The credentials with which the client authenticates itself: a secret in `basic` or `body`, or a key that signs a
    /// `jwt`. They are logged in with `--with-key` first. Default: none, as of any client that others can install.
    #[serde(default)]
    pub auth: Vec<String>,
    /// The ways to log in: `authorization_code`, in a browser, and `device_code`. Default: those whose endpoint is
    /// written, or both if the endpoints are discovered. A refresh token needs no word: one that is issued is used.
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
    /// The scopes to ask for. Default: those that the service chooses. Example: `scopes = ["keys:write",
    /// "offline_access"]`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The credential that the access token is. Default: the only one of the kind `token`.
    pub yields: Option<String>,
    /// The path of the token endpoint. Default: all endpoints that are not written are discovered, from
    /// `/.well-known/openid-configuration` or as RFC 8414 says.
    pub token_endpoint: Option<Template>,
    /// The path of the authorization endpoint, which a browser opens. Default: discovered, or there is none.
    pub authorization_endpoint: Option<Template>,
    /// The path of the device authorization endpoint. Default: discovered, or there is none.
    pub device_authorization_endpoint: Option<Template>,
    /// The path of the revocation endpoint (RFC 7009). Default: discovered, or there is none.
    pub revocation_endpoint: Option<Template>,
    /// The address on this machine to which a browser returns: `http`, with `127.0.0.1` or `localhost`. Without a port,
    /// a free one is taken. Default: `http://127.0.0.1/callback`. Example: `redirect_uri =
    /// "http://localhost:8976/oauth/callback"`.
    pub redirect_uri: Option<String>,
    /// Further parameters of the authorization request, of both kinds. Default: none. Example: `authorization_parameters
    /// = [{ at = "audience", value = "https://api.acme.example.com" }]`.
    #[serde(default)]
    pub authorization_parameters: Vec<Field>,
}

fn default_server() -> String {
    DEFAULT_SERVER.to_owned()
}

/// A way to get a token (RFC 7591).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A login in a browser; `login --web`.
    AuthorizationCode,
    /// A code that is entered on any device; `login --device`.
    DeviceCode,
    /// A refresh token; it needs no word here, and changes nothing.
    RefreshToken,
}

/// An endpoint of an authorization server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Issues tokens.
    Token,
    /// Is opened in a browser.
    Authorization,
    /// Issues codes for a device.
    DeviceAuthorization,
    /// Revokes tokens.
    Revocation,
}

impl Endpoint {
    /// Returns the member of the metadata that names it (RFC 8414), which is its key in a manifest, too.
    pub fn name(self) -> &'static str {
        match self {
            Endpoint::Token => "token_endpoint",
            Endpoint::Authorization => "authorization_endpoint",
            Endpoint::DeviceAuthorization => "device_authorization_endpoint",
            Endpoint::Revocation => "revocation_endpoint",
        }
    }
}
