//! The verbs: all operations at a service.

use std::fmt;

use serde::Deserialize;

/// An operation at a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Account name and password → token.
    Login,
    /// A new token from an old one.
    Refresh,
    /// A token from a key.
    Exchange,
    /// A token from the identity of a job.
    Federate,
    /// The existence of a key.
    Status,
    /// All keys.
    List,
    /// One key.
    Show,
    /// A new key.
    Create,
    /// Another name for a key.
    Rename,
    /// Other values for the fields of a key.
    Set,
    /// A disabled key that works again.
    Enable,
    /// A key that works no longer, until it is enabled.
    Disable,
    /// The revocation of a key.
    Revoke,
    /// A new secret for a key, in one call.
    Rotate,
}

impl Verb {
    /// Every verb, in the order in which `providers show` prints them.
    pub const ALL: [Verb; 14] = [
        Verb::Login,
        Verb::Refresh,
        Verb::Exchange,
        Verb::Federate,
        Verb::Status,
        Verb::List,
        Verb::Show,
        Verb::Create,
        Verb::Rename,
        Verb::Set,
        Verb::Enable,
        Verb::Disable,
        Verb::Revoke,
        Verb::Rotate,
    ];

    /// Returns the name of the verb.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Login => "login",
            Verb::Refresh => "refresh",
            Verb::Exchange => "exchange",
            Verb::Federate => "federate",
            Verb::Status => "status",
            Verb::List => "list",
            Verb::Show => "show",
            Verb::Create => "create",
            Verb::Rename => "rename",
            Verb::Set => "set",
            Verb::Enable => "enable",
            Verb::Disable => "disable",
            Verb::Revoke => "revoke",
            Verb::Rotate => "rotate",
        }
    }

    /// Returns whether its response holds a token.
    pub fn issues_token(self) -> bool {
        matches!(
            self,
            Verb::Login | Verb::Refresh | Verb::Exchange | Verb::Federate
        )
    }

    /// Returns the verb as it follows "refused to …".
    pub fn infinitive(self) -> &'static str {
        match self {
            Verb::Login => "log in",
            Verb::Refresh => "refresh the token",
            Verb::Exchange => "exchange the key for a token",
            Verb::Federate => "exchange the identity for a token",
            Verb::Status => "say whether there is a key",
            Verb::List => "list keys",
            Verb::Show => "show a key",
            Verb::Create => "create a key",
            Verb::Rename => "rename a key",
            Verb::Set => "change the fields of a key",
            Verb::Enable => "enable a key",
            Verb::Disable => "disable a key",
            Verb::Revoke => "revoke a key",
            Verb::Rotate => "rotate a key",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
