//! The kinds of credential, and their placements in a request.

use clap::ValueEnum;
use serde::Deserialize;
use serde_json::Value;

use super::operation::{Manual, Operation};
use super::request::Field;
use crate::manifest::pattern::Pattern;
use crate::manifest::pointer::Pointer;
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// A kind of credential.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CredentialSpec {
    /// Long-lived `key` or short-lived `token`. Required. If several credentials have one kind, a login takes the one
    /// whose `prefixes` and `pattern` match the value (of several, the first that the service accepts), and an
    /// environment variable the one whose `prefixes` match.
    pub kind: CredentialKind,
    /// The display name. Required.
    pub title: String,
    /// Known prefixes; a value without one causes a warning. Default: any.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// A regular expression for its values; a mismatch causes a warning. Default: anything.
    pub pattern: Option<Pattern>,
    /// The placement in a request; several are filled at once. Required of one that calls take, unless only fields
    /// name it or its parts. Example: `in = [{ header = { name = "Authorization", scheme = "Bearer" } }]`.
    #[serde(default, rename = "in")]
    pub placements: Vec<Placement>,
    /// The parts of a credential that has several values, such as an id and a secret. It is then stored, printed and
    /// passed on as one JSON object; at a terminal each part is asked for, on stdin each may have a line. A field
    /// names a part as `credential.NAME.PART`. Default: it is one text.
    #[serde(default)]
    pub parts: Vec<PartSpec>,
    /// The text between the parts of a credential that is handed over as one line; only the last part may contain it.
    /// Default: a line has one part. Example: `separator = ":"`.
    pub separator: Option<String>,
    /// The manual steps to get one. Default: nothing is said.
    pub manual: Option<Manual>,
    /// Environment variables that hold it, as the destination's own tools read them; the first that is set counts. Of a
    /// credential in parts, each part has its own. Only a destination has them. Default: none. Example: `environment =
    /// ["VAULT_TOKEN"]`.
    #[serde(default)]
    pub environment: Vec<String>,
    /// A file that holds it if no variable does; `~/` is the home folder. Only a destination has one. Default: none.
    /// Example: `file = "~/.vault-token"`.
    pub file: Option<String>,
    /// Environment variables that hold the path of that file in place of `file`; the first that is set counts. Default:
    /// none. Example: `file_environment = ["AWS_SHARED_CREDENTIALS_FILE"]`.
    #[serde(default)]
    pub file_environment: Vec<String>,
    /// The format of that file: `text`, `json`, `toml`, `yaml` or `ini`. Default: `text`, and all of it is the credential.
    #[serde(default)]
    pub file_format: FileFormat,
    /// The location of the credential in a file that is not `text`, with variables as placeholders; of a credential in
    /// parts, each part has its own. Default: the whole. Example: `in_file = "/credentials/{var.host}/token"`.
    pub in_file: Option<Pointer>,
    /// The lifetime if the service does not state it: a span such as `"15m"`. Default: unknown.
    pub lifetime: Option<Span>,
    /// The cheapest call that shows whether it works. It carries the credential; with an `auth` of other credentials, a
    /// field names it (`from = "credential.NAME"`), as in the introspection of a token (RFC 7662). Default: there is none,
    /// and the result is `unknown`.
    pub verify: Option<Operation>,
    /// The call that revokes it at the service (RFC 7009), for `logout --revoke`; its refresh token is
    /// `credential.NAME.refresh`. Default: of a key [operations.revoke]; a token is only forgotten here.
    pub revoke: Option<Operation>,
}

impl CredentialSpec {
    /// Returns whether a value looks like one of this kind. Services change the form of theirs, so this alone decides
    /// nothing.
    pub fn looks_like(&self, value: &str) -> bool {
        let starts = self.prefixes.is_empty()
            || self.prefixes.iter().any(|prefix| value.starts_with(prefix));
        let fits = self
            .pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(value));
        starts && fits
    }
}

/// One of the values that a credential consists of.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartSpec {
    /// Its name in placements and fields. Required; not `refresh`.
    pub name: String,
    /// The display name in a prompt. Default: its name.
    pub title: Option<String>,
    /// Environment variables that hold it; the first that is set counts. Only a destination has them. Default: none.
    /// Example: `environment = ["AWS_ACCESS_KEY_ID"]`.
    #[serde(default)]
    pub environment: Vec<String>,
    /// Its location in the file of the credential, with variables as placeholders. Default: the member of its name.
    /// Example: `in_file = "/{var.profile}/aws_access_key_id"`.
    pub in_file: Option<Pointer>,
    /// Says that a credential may lack it, as a key that is not temporary lacks a session token. Such parts are the
    /// last ones. Default: `false`.
    #[serde(default)]
    pub optional: bool,
    /// Says that it is no secret, as the id of an access key: messages and lists may show it. Default: `false`.
    #[serde(default)]
    pub public: bool,
}

/// The format of a file with credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Text, all of which is the credential.
    #[default]
    Text,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML, one document.
    Yaml,
    /// Sections, `[name]`, with lines `name = value`: an object with a member for each section, and in it one for each
    /// line, by its name in small letters.
    Ini,
}

/// Long-lived key or short-lived token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// Valid until it is revoked; `--with-key`, `KEYWRIGHT_API_KEY`.
    Key,
    /// Valid for a limited time; `--with-token`, `KEYWRIGHT_TOKEN`.
    Token,
}

impl CredentialKind {
    /// Returns the name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            CredentialKind::Key => "key",
            CredentialKind::Token => "token",
        }
    }

    /// Returns the environment variable that carries one.
    pub fn variable(self) -> &'static str {
        match self {
            CredentialKind::Key => "KEYWRIGHT_API_KEY",
            CredentialKind::Token => "KEYWRIGHT_TOKEN",
        }
    }
}

/// The placement of a credential in a request.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Placement {
    /// `NAME: VALUE`, or `NAME: SCHEME VALUE`. Example: `{ header = { name = "Authorization", scheme = "Token" } }`.
    Header(HeaderPlacement),
    /// `?NAME=VALUE`. Example: `{ query = { name = "api_key" } }`.
    Query(QueryPlacement),
    /// `Cookie: NAME=VALUE`; several cookies are sent in one header. Example: `{ cookie = { name = "session" } }`.
    Cookie(CookiePlacement),
    /// HTTP Basic. Example: `{ basic = { part = "user" } }` for a key as user name without a password.
    Basic(BasicPlacement),
    /// A location in the body of every request that has one. Example: `{ body = { at = "/api_key" } }`.
    Body(BodyPlacement),
    /// AWS Signature Version 4 in the `Authorization` header, of each request anew. Example: `{ aws-sigv4 = { service =
    /// "iam", region = "us-east-1" } }`.
    #[serde(rename = "aws-sigv4")]
    AwsSigV4(AwsSigV4Placement),
    /// A JSON Web Token (RFC 7519) that the credential signs, made for each request anew: a bearer, or the assertion of
    /// RFC 7523 in a body. Example: `{ jwt = { alg = "RS256", claims = [{ at = "/iss", from = "var.app" }, { at =
    /// "/exp", from = "now + 10m" }] } }`.
    Jwt(JwtPlacement),
    /// The certificate that this side shows in the TLS handshake (mTLS): the credential is the certificate and its private
    /// key in PEM, one after the other. Example: `{ tls = {} }`.
    Tls(TlsPlacement),
    /// Signatures that no file of `service/auth` makes: HMAC in a form of its own, `DPoP`, HTTP Digest. A manifest that asks for one
    /// is refused with the reason.
    #[serde(alias = "hmac", alias = "dpop", alias = "digest")]
    #[cfg_attr(test, schemars(skip))]
    Signed(Value),
}

/// A credential in a header.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct HeaderPlacement {
    /// The header's name. Required.
    pub name: String,
    /// The word before the value. Default: none.
    pub scheme: Option<String>,
    /// The whole value, with `{value}` for the credential and other placeholders for variables. Default: scheme and
    /// value. Example: `format = 'Token token="{value}"'`.
    pub format: Option<Template>,
    /// The part of the credential that goes here. Default: all of it.
    pub of: Option<String>,
}

/// A credential in the query.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct QueryPlacement {
    /// The parameter's name. Required.
    pub name: String,
    /// The part of the credential that goes here. Default: all of it.
    pub of: Option<String>,
}

/// A credential in a cookie.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct CookiePlacement {
    /// The cookie's name. Required.
    pub name: String,
    /// The part of the credential that goes here. Default: all of it.
    pub of: Option<String>,
}

/// A credential as one half of HTTP Basic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct BasicPlacement {
    /// The half that the credential is: `user` or `password`. Required.
    pub part: BasicAuthPart,
    /// The source of the other half. Default: it is empty. Example: `other = "var.account"`.
    pub other: Option<Source>,
    /// The encoding of both halves before they are joined: `plain` or `form`. Default: `plain`; the id and the secret of
    /// an OAuth client are encoded as in a form (`client_secret_basic`, RFC 6749, section 2.3.1).
    #[serde(default)]
    pub encoding: BasicAuthEncoding,
    /// The part of the credential that goes here. Default: all of it.
    pub of: Option<String>,
}

/// A credential in the body.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct BodyPlacement {
    /// A JSON Pointer in a JSON body, a name in a form. Required.
    pub at: String,
    /// The part of the credential that goes here. Default: all of it.
    pub of: Option<String>,
}

/// A certificate of the client, with its private key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct TlsPlacement {
    /// The part of the credential that is certificate and key. Default: all of it.
    pub of: Option<String>,
}

/// A credential that signs requests with AWS Signature Version 4.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct AwsSigV4Placement {
    /// The service's name in the scope of the signature. Required. Example: `service = "execute-api"`.
    pub service: Template,
    /// The region in the scope of the signature. Required. Example: `region = "{var.region}"`.
    pub region: Template,
    /// The part of the credential that is the access key id. Default: `id`.
    #[serde(default = "id_part")]
    pub access_key_id: String,
    /// The part of the credential that is the secret access key. Default: `secret`.
    #[serde(default = "secret_part")]
    pub secret_access_key: String,
    /// The source of the session token of temporary credentials; without a value nothing is sent. Default: there is
    /// none. Example: `session_token = "credential.key.token"`.
    pub session_token: Option<Source>,
    /// Signs the path encoded once more than it is sent, as all services but S3 do. Default: `true`.
    #[serde(default = "yes")]
    pub double_uri_encode: bool,
    /// Signs the path without empty segments, `.` and `..`, as all services but S3 do. Default: `true`.
    #[serde(default = "yes")]
    pub normalize_uri_path: bool,
    /// The `X-Amz-Content-Sha256` header: `omit`, `hash` or `unsigned`. Default: `omit`; S3 requires one of the others.
    #[serde(default)]
    pub content_sha256: ContentSha256,
}

fn id_part() -> String {
    "id".to_owned()
}

fn secret_part() -> String {
    "secret".to_owned()
}

fn yes() -> bool {
    true
}

/// The `X-Amz-Content-Sha256` header of a signed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContentSha256 {
    /// It is not sent; the body is signed all the same.
    #[default]
    Omit,
    /// The hash of the body.
    Hash,
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body.
    Unsigned,
}

/// A credential that signs a JSON Web Token.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline, description = ""))]
#[serde(deny_unknown_fields)]
pub struct JwtPlacement {
    /// The algorithm of the signature (RFC 7518, RFC 8037): `RS256`, `ES256`, `EdDSA` or `HS256`. Required. The
    /// credential is a private key in PEM (PKCS#8, PKCS#1 or SEC1, not encrypted) or a JWK; for `HS256` a secret.
    pub alg: JwtAlgorithm,
    /// The encoding of a secret for `HS256`: `text`, `base64` or `hex`. Default: `text`.
    #[serde(default)]
    pub encoding: SecretEncoding,
    /// Further members of the header; `alg` and `typ` are there. Default: none. Example: `header = [{ at = "/kid", from
    /// = "var.key_id" }]`.
    #[serde(default)]
    pub header: Vec<Field>,
    /// The claims. A time, such as `now + 10m`, is written in seconds since 1970 if `as` says nothing else;
    /// `random.uuid` is new in each token. Required. Example: `claims = [{ at = "/sub", from = "var.client_id" }, { at =
    /// "/exp", from = "now + 5m" }, { at = "/jti", from = "random.uuid" }]`.
    pub claims: Vec<Field>,
    /// The place of the token: a table like an entry of `in`. Default: `{ header = { name = "Authorization", scheme =
    /// "Bearer" } }`. Example: `in = { body = { at = "client_assertion" } }`.
    #[serde(rename = "in")]
    pub place: Option<Box<Placement>>,
    /// The part of the credential that is the key. Default: all of it.
    pub of: Option<String>,
}

/// The algorithm of a signature, by its name in JOSE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum JwtAlgorithm {
    /// RSA with SHA-256; a key of 2048 to 4096 bits.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC with SHA-256; a secret of at least 32 bytes.
    #[serde(rename = "HS256")]
    Hs256,
}

impl JwtAlgorithm {
    /// Returns its name in JOSE.
    pub fn name(self) -> &'static str {
        match self {
            JwtAlgorithm::Rs256 => "RS256",
            JwtAlgorithm::Es256 => "ES256",
            JwtAlgorithm::EdDsa => "EdDSA",
            JwtAlgorithm::Hs256 => "HS256",
        }
    }
}

/// The encoding of the bytes of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SecretEncoding {
    /// The text itself.
    #[default]
    Text,
    /// Base64, in its standard or its URL alphabet, with or without padding.
    Base64,
    /// Hexadecimal digits.
    Hex,
}

/// The words for [`Placement::Signed`], which no list of allowed words offers.
pub const UNSUPPORTED_SIGNATURES: [&str; 4] = ["signed", "hmac", "dpop", "digest"];

impl Placement {
    /// Returns the part of the credential that goes there; `None` for all of it.
    pub fn part(&self) -> Option<&str> {
        match self {
            Placement::Header(header) => header.of.as_deref(),
            Placement::Query(query) => query.of.as_deref(),
            Placement::Cookie(cookie) => cookie.of.as_deref(),
            Placement::Basic(basic) => basic.of.as_deref(),
            Placement::Body(body) => body.of.as_deref(),
            Placement::Jwt(jwt) => jwt.of.as_deref(),
            Placement::Tls(tls) => tls.of.as_deref(),
            Placement::AwsSigV4(_) | Placement::Signed(_) => None,
        }
    }

    /// Returns whether one text goes there; a signature may be made from all parts of a credential.
    pub fn takes_one_text(&self) -> bool {
        !matches!(self, Placement::AwsSigV4(_) | Placement::Signed(_))
    }
}

/// A half of HTTP Basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BasicAuthPart {
    /// Before the colon.
    User,
    /// After the colon.
    Password,
}

/// The encoding of the halves of HTTP Basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BasicAuthEncoding {
    /// As they are.
    #[default]
    Plain,
    /// `application/x-www-form-urlencoded`.
    Form,
}
