//! Parses and displays the hooks of a project file.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::core::error::{Error, Result};
use crate::core::untrusted;
use crate::destination::{DestinationSpec, program_words};

/// The forms of a hook.
const FORMS: &str =
    "exec:COMMAND…, http:VARIABLE, http:keyring:SERVICE/ACCOUNT, k8s-restart:NAMESPACE/KIND/NAME";

/// The kinds of workload that can be restarted, with their short names.
const WORKLOADS: [(&str, &[&str]); 3] = [
    ("deployment", &["deployment", "deployments", "deploy"]),
    ("statefulset", &["statefulset", "statefulsets", "sts"]),
    ("daemonset", &["daemonset", "daemonsets", "ds"]),
];

/// A hook as the project file gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SerializedHook", into = "SerializedHook")]
pub struct HookSpec {
    text: String,
    action: HookAction,
    /// The folder that a program runs in.
    folder: Option<String>,
}

/// The action of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HookAction {
    /// A program and its arguments.
    Program(Vec<String>),
    /// A call of a deploy hook.
    Call(AddressSource),
    /// A restart of the pods of a workload.
    Restart(Workload),
}

/// The source of the address of a deploy hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AddressSource {
    /// An environment variable.
    Variable(String),
    /// An item of the keyring.
    Keyring {
        /// Its service.
        service: String,
        /// Its account.
        account: String,
    },
}

impl fmt::Display for AddressSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressSource::Variable(name) => f.write_str(name),
            AddressSource::Keyring { service, account } => {
                write!(f, "the item {service}/{account} of the keyring")
            }
        }
    }
}

/// A workload of a Kubernetes cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Workload {
    namespace: String,
    kind: &'static str,
    name: String,
}

impl Workload {
    /// Returns the command that restarts its pods.
    pub(super) fn command(&self) -> Vec<String> {
        let target = format!("{}/{}", self.kind, self.name);
        let words = ["kubectl", "--namespace", &self.namespace, "rollout"];
        let words = words.into_iter().chain(["restart", &target]);
        words.map(str::to_owned).collect()
    }
}

/// A hook in its recorded form: its text, and the folder of a program beside it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SerializedHook {
    Text(String),
    InFolder { hook: String, folder: String },
}

impl HookSpec {
    pub(super) fn action(&self) -> &HookAction {
        &self.action
    }

    pub(super) fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }

    /// Returns whether it is a program, which can answer by its exit code.
    pub fn is_program(&self) -> bool {
        matches!(self.action, HookAction::Program(_))
    }

    pub(super) fn reaches_cluster(&self) -> bool {
        matches!(self.action, HookAction::Restart(_))
    }

    /// Returns the variable that holds its address.
    pub(super) fn variable(&self) -> Option<&str> {
        match &self.action {
            HookAction::Call(AddressSource::Variable(name)) => Some(name),
            _ => None,
        }
    }

    /// Returns the same hook with its program run in `folder`, whose links are resolved; fails if its program lies
    /// outside.
    pub fn confined(&self, folder: &Path) -> Result<Self> {
        let mut confined = self.clone();
        if self.is_program() {
            // The limits of a program are those of an `exec:` destination.
            self.text.parse::<DestinationSpec>()?.confined(folder)?;
            let folder = folder
                .to_str()
                .ok_or_else(|| Error::usage("the folder of the project file is not UTF-8 text"))?;
            confined.folder = Some(folder.to_owned());
        }
        Ok(confined)
    }
}

impl fmt::Display for HookSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for HookSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let Some((kind, rest)) = text.split_once(':') else {
            return Err(unknown("a hook needs its kind before a `:`".to_owned()));
        };
        let is_program = kind == "exec";
        let is_odd = |c: char| c.is_control() && !(is_program && c.is_whitespace());
        let action = if rest.contains(is_odd) {
            Err("it holds a control character".to_owned())
        } else {
            match kind {
                "exec" => program_words(rest).map(HookAction::Program),
                "http" => address(rest).map(HookAction::Call),
                // The text may be the address itself, which is a secret.
                "https" => Err(NOT_IN_CLEAR.to_owned()),
                "k8s-restart" => workload(rest).map(HookAction::Restart),
                _ if kind.len() > 16 => {
                    return Err(unknown("a hook needs its kind before a `:`".to_owned()));
                }
                _ => {
                    let kind = untrusted::one_line(kind);
                    return Err(unknown(format!("`{kind}:` is not a kind of hook")));
                }
            }
        };
        let action = action.map_err(|why| {
            let shown = match kind {
                "http" | "https" => format!("{kind}:"),
                _ => untrusted::one_line(text),
            };
            unknown(format!("`{shown}` is not a hook: {why}"))
        })?;
        Ok(HookSpec {
            text: text.to_owned(),
            action,
            folder: None,
        })
    }
}

/// The reason why an address is refused.
const NOT_IN_CLEAR: &str = "the address of a deploy hook is a secret: name the variable that holds it, http:DEPLOY_HOOK_URL";

fn unknown(message: String) -> Error {
    Error::usage(message).hint(format!("hooks are {FORMS}"))
}

fn address(rest: &str) -> Result<AddressSource, String> {
    if let Some(item) = rest.strip_prefix("keyring:") {
        return match item.split_once('/') {
            Some((service, account)) if !service.is_empty() && !account.is_empty() => {
                Ok(AddressSource::Keyring {
                    service: service.to_owned(),
                    account: account.to_owned(),
                })
            }
            _ => Err("write it as http:keyring:SERVICE/ACCOUNT".to_owned()),
        };
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
    if rest.starts_with(begins) && rest.chars().all(is_name) {
        return Ok(AddressSource::Variable(rest.to_owned()));
    }
    Err(NOT_IN_CLEAR.to_owned())
}

fn workload(rest: &str) -> Result<Workload, String> {
    let parts: Vec<&str> = rest.split('/').collect();
    let (namespace, kind, name) = match parts.as_slice() {
        [namespace, name] => (*namespace, "deployment", *name),
        [namespace, kind, name] => (*namespace, *kind, *name),
        _ => return Err("write it as k8s-restart:NAMESPACE/KIND/NAME".to_owned()),
    };
    let known = WORKLOADS.iter().find(|(_, names)| {
        let mut names = names.iter();
        names.any(|known| known.eq_ignore_ascii_case(kind))
    });
    let Some((kind, _)) = known else {
        return Err("KIND is deployment, statefulset or daemonset".to_owned());
    };
    for part in [namespace, name] {
        if !is_object_name(part) {
            let part = untrusted::one_line(part);
            return Err(format!("`{part}` is not the name of an object"));
        }
    }
    Ok(Workload {
        namespace: namespace.to_owned(),
        kind,
        name: name.to_owned(),
    })
}

/// Returns whether a text may name an object of a cluster (RFC 1123).
fn is_object_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= 253
        && text.starts_with(is_plain)
        && text.ends_with(is_plain)
        && text.chars().all(|c| is_plain(c) || c == '-' || c == '.')
}

impl TryFrom<SerializedHook> for HookSpec {
    type Error = Error;

    fn try_from(written: SerializedHook) -> Result<Self> {
        match written {
            SerializedHook::Text(text) => text.parse(),
            SerializedHook::InFolder { hook, folder } => Ok(HookSpec {
                folder: Some(folder),
                ..hook.parse()?
            }),
        }
    }
}

impl From<HookSpec> for SerializedHook {
    fn from(spec: HookSpec) -> Self {
        match spec.folder {
            Some(folder) => SerializedHook::InFolder {
                hook: spec.text,
                folder,
            },
            None => SerializedHook::Text(spec.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<HookSpec>().unwrap_err().message().to_owned()
    }

    #[test]
    fn hook_text_is_read_and_shown() {
        for text in [
            "exec:./deploy.sh 'a b'",
            "http:DEPLOY_HOOK_URL",
            "http:keyring:deploy/shop",
            "k8s-restart:prod/deployment/shop",
            "k8s-restart:prod/shop",
        ] {
            let hook: HookSpec = text.parse().unwrap();
            assert_eq!(hook.to_string(), text);
            let written = serde_json::to_string(&hook).unwrap();
            assert_eq!(serde_json::from_str::<HookSpec>(&written).unwrap(), hook);
        }
    }

    #[test]
    fn restart_short_names_become_kubectl_command() {
        for (text, target) in [
            ("k8s-restart:prod/shop", "deployment/shop"),
            ("k8s-restart:prod/sts/db", "statefulset/db"),
            ("k8s-restart:prod/DaemonSet/log", "daemonset/log"),
        ] {
            let hook: HookSpec = text.parse().unwrap();
            let HookAction::Restart(workload) = hook.action() else {
                panic!("{text}");
            };
            let words = workload.command().join(" ");
            assert_eq!(
                words,
                format!("kubectl --namespace prod rollout restart {target}")
            );
        }
    }

    #[test]
    fn hook_with_clear_address_is_refused() {
        for text in [
            "https://deploy.example/fake-secret-path",
            "http://127.0.0.1:1/fake-secret-path",
            "http:deploy.example/fake-secret-path",
        ] {
            let said = refusal(text);
            assert!(said.contains("is a secret"), "{said}");
            assert!(!said.contains("fake-secret"), "{said}");
        }
    }

    #[test]
    fn malformed_hook_is_refused() {
        for (text, why) in [
            ("deploy", "a hook needs its kind"),
            ("ftp:x", "`ftp:` is not a kind of hook"),
            ("exec:", "it names no program"),
            ("exec:a 'b", "a quote in it is not closed"),
            ("http:", "is a secret"),
            ("http:keyring:shop", "http:keyring:SERVICE/ACCOUNT"),
            ("k8s-restart:prod", "k8s-restart:NAMESPACE/KIND/NAME"),
            ("k8s-restart:prod/job/x", "KIND is deployment"),
            (
                "k8s-restart:--all/deployment/x",
                "not the name of an object",
            ),
            ("k8s-restart:prod/deployment/", "not the name of an object"),
        ] {
            let said = refusal(text);
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
