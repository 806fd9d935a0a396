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
    /// Proof that a destination takes a secret.
    Probe,
    /// The content of a destination.
    Read,
    /// A secret at a destination where nothing stands.
    Add,
    /// A secret at a destination in place of another.
    Write,
    /// The earlier secret at a destination.
    Restore,
    /// The removal of a secret from a destination.
    Remove,
    /// The removal of an entry of a destination that has no other secret.
    Discard,
}

impl Verb {
    /// The operations of a service, in the order in which `providers show` prints them.
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

    /// The operations of a destination.
    pub const OF_DESTINATION: [Verb; 7] = [
        Verb::Probe,
        Verb::Read,
        Verb::Add,
        Verb::Write,
        Verb::Restore,
        Verb::Remove,
        Verb::Discard,
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
            Verb::Probe => "probe",
            Verb::Read => "read",
            Verb::Add => "add",
            Verb::Write => "write",
            Verb::Restore => "restore",
            Verb::Remove => "remove",
            Verb::Discard => "discard",
        }
    }

    /// Returns whether it is an operation of a destination, not of a service.
    pub fn is_of_destination(self) -> bool {
        Verb::OF_DESTINATION.contains(&self)
    }

    /// Returns whether the manifest of a destination may have it: an operation of a destination, or the exchange that
    /// brings the token for them.
    pub fn fits_destination(self) -> bool {
        self.is_of_destination() || self == Verb::Exchange
    }

    /// Returns whether it changes a destination.
    pub fn changes_destination(self) -> bool {
        self.is_of_destination() && !matches!(self, Verb::Probe | Verb::Read)
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
            Verb::Probe => "check the place",
            Verb::Read => "read the place",
            Verb::Add | Verb::Write => "store the secret",
            Verb::Restore => "restore the earlier secret",
            Verb::Remove => "remove the secret",
            Verb::Discard => "remove the entry",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
