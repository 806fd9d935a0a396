//! The address of the engine and the path in it, from the environment.

use url::Url;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{HOME_VARIABLE, Platform, Variable, may_carry_secrets};

/// The variable that names the state that machines share.
pub const PLACE_VARIABLE: &str = "KEYWRIGHT_STATE";

/// The address of an engine on this machine, as its own program assumes it.
const USUAL_ADDRESS: &str = "https://127.0.0.1:8200";

/// The variables of the engine.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "VAULT_ADDR",
        purpose: "the address of the OpenBao or Vault server that `KEYWRIGHT_STATE` means",
    },
    Variable {
        name: "VAULT_NAMESPACE",
        purpose: "the namespace of that server",
    },
    Variable {
        name: "VAULT_CACERT",
        purpose: "a file of certificates to trust for that server instead of the system's",
    },
    Variable {
        name: "VAULT_TOKEN",
        purpose: "the token for that server; without it and the variables below, `~/.vault-token` is read",
    },
    Variable {
        name: "VAULT_ROLE_ID",
        purpose: "the AppRole to log in to that server with (also `VAULT_SECRET_ID`)",
    },
    Variable {
        name: "VAULT_AUTH_ROLE",
        purpose: "the role to log in to that server with, by the identity of the job",
    },
    Variable {
        name: "VAULT_AUTH_PATH",
        purpose: "the path of the auth method there, instead of `approle`, `jwt` or `kubernetes`",
    },
    Variable {
        name: "VAULT_AUTH_AUDIENCE",
        purpose: "the audience of the identity token for that server, at platforms that issue one on request",
    },
    Variable {
        name: "KEYWRIGHT_STATE_IDENTITY",
        purpose: "the source of the identity token for that server, as for `KEYWRIGHT_IDENTITY`; by default that of GitHub Actions, else of Kubernetes",
    },
];

/// The place of the shared state.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EnginePath {
    /// The mount of the KV engine.
    mount: String,
    /// The path below it.
    path: String,
}

/// An engine, and the way to reach it.
pub(super) struct Settings {
    pub(super) address: Url,
    pub(super) mount: String,
    pub(super) path: String,
    pub(super) namespace: Option<String>,
    /// The file of certificates to trust.
    pub(super) roots: Option<String>,
}

/// Checks the text of a place: `vault:MOUNT/PATH`.
pub fn check_place(text: &str) -> Result<()> {
    parse(text).map(drop)
}

fn parse(text: &str) -> Result<EnginePath> {
    let is_segment = |segment: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !matches!(segment, "" | "." | "..") && segment.chars().all(allowed)
    };
    let rest = text.strip_prefix("vault:");
    let rest = rest.map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let parts = rest.and_then(|rest| rest.split_once('/'));
    match parts {
        Some((mount, path)) if is_segment(mount) && path.split('/').all(is_segment) => {
            Ok(EnginePath {
                mount: mount.to_owned(),
                path: path.to_owned(),
            })
        }
        _ => Err(Error::usage(format!(
            "`{}` names no state that machines share",
            crate::core::untrusted::mask_typed_secret(text)
        ))
        .hint("write it as vault:MOUNT/PATH, where MOUNT is that of a KV engine, version 2")),
    }
}

impl Settings {
    /// Returns what the environment says; `None` if the state is in the state folder.
    pub(super) fn of(platform: &Platform) -> Result<Option<Settings>> {
        let env = &platform.env;
        let Some(text) = env.get(PLACE_VARIABLE).filter(|text| *text != "folder") else {
            return Ok(None);
        };
        let EnginePath { mount, path } =
            parse(text).map_err(|error| error.context(PLACE_VARIABLE))?;
        let address = env.get("VAULT_ADDR").unwrap_or(USUAL_ADDRESS);
        let address: Url = address
            .parse()
            .map_err(|_| Error::usage("VAULT_ADDR is not a URL"))?;
        if !may_carry_secrets(&address) {
            return Err(Error::usage(
                "VAULT_ADDR is not an `https` address, and no secret is sent to it",
            ));
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(Error::usage("VAULT_ADDR holds a user or a password"));
        }
        Ok(Some(Settings {
            address,
            mount,
            path,
            namespace: env.get("VAULT_NAMESPACE").map(str::to_owned),
            roots: env.get("VAULT_CACERT").map(str::to_owned),
        }))
    }

    /// Returns the name of the engine, for messages.
    pub(super) fn name(&self) -> String {
        let address = self.address.as_str().trim_end_matches('/');
        format!("OpenBao/Vault at `{address}`")
    }

    /// Returns the URL of an API path below `/v1`.
    pub(super) fn url(&self, segments: &[&str]) -> Result<Url> {
        let mut url = self.address.clone();
        let parts = segments.iter().flat_map(|part| part.split('/'));
        let Ok(mut path) = url.path_segments_mut() else {
            return Err(Error::usage("VAULT_ADDR is not an address of a server"));
        };
        path.pop_if_empty().push("v1").extend(parts);
        drop(path);
        Ok(url)
    }
}

/// Reads the file that `VAULT_CACERT` names.
pub(super) fn certificates(platform: &Platform, path: &str) -> Result<Vec<u8>> {
    let text = super::read_text(platform, path)?;
    let text = text.ok_or_else(|| {
        Error::new(Kind::Store, format!("there is no file `{path}`"))
            .hint("VAULT_CACERT names it: unset it to trust the system's certificates")
    })?;
    if !text.contains("BEGIN CERTIFICATE") {
        return Err(
            Error::new(Kind::Store, format!("`{path}` holds no certificate"))
                .hint("VAULT_CACERT names it; it has to be a file in PEM"),
        );
    }
    Ok(text.into_bytes())
}

/// Reads the token that the engine's own program keeps.
pub(super) fn token_file(platform: &Platform) -> Result<Option<Secret>> {
    let Some(home) = platform.env.get(HOME_VARIABLE) else {
        return Ok(None);
    };
    let text = super::read_text(platform, &format!("{home}/.vault-token"))?;
    let token = text.map(|text| Secret::pasted(&text));
    Ok(token.filter(|token| !token.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_needs_mount_and_path() {
        let place = parse("vault:kv/team/keys/").unwrap();
        assert_eq!(
            (place.mount.as_str(), place.path.as_str()),
            ("kv", "team/keys")
        );
        for text in [
            "vault:kv",
            "vault:kv/",
            "kv/team",
            "vault:/team",
            "vault:kv/../x",
            "vault:kv/a?b",
        ] {
            assert!(check_place(text).is_err(), "{text}");
        }
    }
}
