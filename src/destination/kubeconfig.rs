//! The configuration of `kubectl`: the server, the login and the certificates of its current context; inside a cluster
//! those of the service account of the pod.

use std::collections::BTreeMap;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::core::encoding::from_base64;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::core::yaml;
use crate::platform::{HOME_VARIABLE, Platform, TlsCertificates, client_identity, files};
use crate::service::check_url;

/// The largest configuration, certificate or token that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The folder with what a pod knows of its service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The way out of a configuration that cannot be used.
const BY_VARIABLES: &str = "or set KUBE_HOST and KUBE_TOKEN";

/// A cluster, and what its user logs in with.
pub(super) struct Cluster {
    /// The URL of its API.
    pub(super) server: Url,
    /// The certificates that its server is trusted by, in PEM, in place of the system's.
    roots: Option<String>,
    user: User,
}

/// The login of a cluster.
enum User {
    /// The token of a pod.
    Pod(Secret),
    /// An entry of the configuration.
    Entry { name: String, entry: Entry },
}

/// The login that is sent.
pub(super) struct ClusterLogin {
    /// A bearer token.
    pub(super) token: Option<Secret>,
    /// The certificates of the connection.
    pub(super) certificates: TlsCertificates,
}

/// A part of a configuration, and the folder that its paths count from.
#[derive(Clone)]
struct Entry {
    value: Value,
    folder: PathBuf,
}

/// The files of a configuration as one: the first that names a thing counts.
#[derive(Default)]
struct Configuration {
    current: Option<String>,
    contexts: BTreeMap<String, Entry>,
    clusters: BTreeMap<String, Entry>,
    users: BTreeMap<String, Entry>,
}

/// Returns the cluster of the current context, else that of the pod; `None` outside of both.
pub(super) fn cluster(platform: &Platform) -> Result<Option<Cluster>> {
    let mut whole = Configuration::default();
    for path in paths(platform) {
        if let Some(text) = files::read_text_within(&path, MAX_BYTES)? {
            whole.add(&text, &path)?;
        }
    }
    match whole.current.clone() {
        Some(current) => whole.cluster(&current).map(Some),
        None => in_cluster(platform, Path::new(SERVICE_ACCOUNT)),
    }
}

/// Returns the files of the configuration.
fn paths(platform: &Platform) -> Vec<PathBuf> {
    let env = &platform.env;
    if let Some(listed) = env.get("KUBECONFIG") {
        let separator = if MAIN_SEPARATOR == '/' { ':' } else { ';' };
        let paths = listed.split(separator).filter(|path| !path.is_empty());
        return paths.map(|path| platform.folder.join(path)).collect();
    }
    let home = env.get(HOME_VARIABLE);
    home.map(|home| Path::new(home).join(".kube/config"))
        .into_iter()
        .collect()
}

/// Returns the cluster that a pod runs in.
fn in_cluster(platform: &Platform, account: &Path) -> Result<Option<Cluster>> {
    let env = &platform.env;
    let (Some(host), Some(port)) = (
        env.get("KUBERNETES_SERVICE_HOST"),
        env.get("KUBERNETES_SERVICE_PORT"),
    ) else {
        return Ok(None);
    };
    let Some(token) = files::read_text_within(&account.join("token"), MAX_BYTES)? else {
        return Ok(None);
    };
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let server = check_url(&format!("https://{host}:{port}"))
        .map_err(|error| error.context("KUBERNETES_SERVICE_HOST"))?;
    let roots = files::read_text_within(&account.join("ca.crt"), MAX_BYTES)?;
    Ok(Some(Cluster {
        server,
        roots: roots.map(|roots| in_pem(roots, "ca.crt")).transpose()?,
        user: User::Pod(Secret::new(token.trim())),
    }))
}

/// Returns a text that has to hold certificates or a key.
fn in_pem(text: String, name: &str) -> Result<String> {
    if text.contains("-----BEGIN ") {
        return Ok(text);
    }
    Err(refused(format!("`{name}` holds no PEM")))
}

fn refused(why: impl Into<String>) -> Error {
    Error::new(Kind::Store, why)
}

impl Entry {
    fn member<'e>(&'e self, name: &str) -> Option<&'e Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Returns the text of `NAME-data`, in base64, or of the file that `NAME` names.
    fn pem(&self, name: &str) -> Result<Option<String>> {
        let data = format!("{name}-data");
        if let Some(digits) = self.text(&data) {
            let bytes = from_base64(digits).map(|bytes| bytes.to_vec());
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            let text = text.ok_or_else(|| refused(format!("`{data}` is not base64 of PEM")))?;
            return in_pem(text, &data).map(Some);
        }
        let text = self.text(name).map(|path| self.file(path)).transpose()?;
        text.map(|text| in_pem(text, name)).transpose()
    }

    fn file(&self, path: &str) -> Result<String> {
        let path = self.folder.join(path);
        files::read_text_within(&path, MAX_BYTES)?
            .ok_or_else(|| refused(format!("there is no file `{}`", path.display())))
    }
}

impl Configuration {
    /// Adds a file behind those that were read.
    fn add(&mut self, text: &str, path: &Path) -> Result<()> {
        let wrong = |why: &str| {
            refused(format!("`{}` cannot be read: {why}", path.display())).hint(BY_VARIABLES)
        };
        let value = yaml::parse(text).map_err(|why| wrong(&why))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let current = value.get("current-context").and_then(Value::as_str);
        if self.current.is_none() {
            self.current = current.filter(|name| !name.is_empty()).map(str::to_owned);
        }
        for (list, part, known) in [
            ("contexts", "context", &mut self.contexts),
            ("clusters", "cluster", &mut self.clusters),
            ("users", "user", &mut self.users),
        ] {
            for item in value
                .get(list)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let name = item.get("name").and_then(Value::as_str);
                let name =
                    name.ok_or_else(|| wrong(&format!("an item of `{list}` has no name")))?;
                known.entry(name.to_owned()).or_insert_with(|| Entry {
                    value: item.get(part).cloned().unwrap_or_default(),
                    folder: folder.clone(),
                });
            }
        }
        Ok(())
    }

    fn cluster(&self, current: &str) -> Result<Cluster> {
        let wrong = |why: String| {
            refused(format!(
                "the configuration of kubectl cannot be used: {why}"
            ))
            .hint(format!(
                "choose another context: kubectl config use-context NAME, {BY_VARIABLES}"
            ))
        };
        let missing =
            |kind: &str, name: &str| wrong(format!("it has no {kind} `{}`", one_line(name)));
        let context = self
            .contexts
            .get(current)
            .ok_or_else(|| missing("context", current))?;
        let name = context.text("cluster").unwrap_or_default();
        let cluster = self
            .clusters
            .get(name)
            .ok_or_else(|| missing("cluster", name))?;
        for key in ["insecure-skip-tls-verify", "proxy-url", "tls-server-name"] {
            if cluster
                .member(key)
                .is_some_and(|value| *value != Value::Bool(false))
            {
                let name = one_line(name);
                return Err(wrong(format!(
                    "the cluster `{name}` has `{key}`, which is not followed"
                )));
            }
        }
        let server = cluster.text("server").unwrap_or_default();
        let server = check_url(server).map_err(|error| {
            error
                .with_kind(Kind::Store)
                .context(&format!("the cluster `{}`", one_line(name)))
        })?;
        let user = context.text("user").unwrap_or_default();
        let entry = self.users.get(user).ok_or_else(|| missing("user", user))?;
        Ok(Cluster {
            server,
            roots: cluster.pem("certificate-authority")?,
            user: User::Entry {
                name: one_line(user),
                entry: entry.clone(),
            },
        })
    }
}

impl Cluster {
    /// Returns the certificates of the connection, without a login.
    pub(super) fn certificates(&self) -> TlsCertificates {
        TlsCertificates {
            roots: self.roots.clone().map(String::into_bytes),
            identity: None,
        }
    }

    /// Returns what its user logs in with at `now`.
    pub(super) fn login(&self, now: Timestamp) -> Result<ClusterLogin> {
        let mut certificates = self.certificates();
        let (name, entry) = match &self.user {
            User::Pod(token) => {
                return Ok(ClusterLogin {
                    token: Some(token.duplicate()),
                    certificates,
                });
            }
            User::Entry { name, entry } => (name, entry),
        };
        let by_token = "set KUBE_TOKEN: a token of a service account, as `kubectl create token NAME` prints it";
        for (key, what) in [
            (
                "exec",
                "starts a program for its token, and keywright starts none",
            ),
            (
                "auth-provider",
                "has `auth-provider`, which kubectl no longer knows",
            ),
            (
                "username",
                "has a user name and a password, which no cluster takes any more",
            ),
            ("as", "acts as another user, which is not followed"),
        ] {
            if entry.member(key).is_some() {
                return Err(refused(format!(
                    "the user `{name}` of the configuration of kubectl {what}"
                ))
                .hint(by_token));
            }
        }
        let token = match entry.text("tokenFile") {
            Some(path) => Some(entry.file(path)?),
            None => entry.text("token").map(str::to_owned),
        };
        let token = token.map(|token| Secret::new(token.trim()));
        if let (Some(chain), Some(key)) =
            (entry.pem("client-certificate")?, entry.pem("client-key")?)
        {
            let identity = Secret::new(format!("{}\n{chain}", key.trim_end()));
            let identity = client_identity(&identity, now).map_err(|error| {
                error.with_kind(Kind::Store).context(&format!(
                    "the user `{name}` of the configuration of kubectl"
                ))
            })?;
            certificates.identity = Some(identity);
        }
        if token.is_none() && certificates.identity.is_none() {
            return Err(refused(format!(
                "the user `{name}` of the configuration of kubectl has neither a token nor a client certificate"
            ))
            .hint(by_token));
        }
        Ok(ClusterLogin {
            token,
            certificates,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles;
    use crate::platform::Env;

    fn now() -> Timestamp {
        "2026-11-28T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn pod_account_gives_server_and_token() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::default()
            .with("KUBERNETES_SERVICE_HOST", "fd00::1")
            .with("KUBERNETES_SERVICE_PORT", "443");
        let platform = doubles::platform(folder.path(), env);
        let in_pod = || in_cluster(&platform, folder.path());
        assert!(in_pod().unwrap().is_none());
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            files::write_public(&path, text.as_bytes()).unwrap();
        };
        write("token", "fake-pod-token\n");
        write("ca.crt", "-----BEGIN CERTIFICATE-----\n");
        let cluster = in_pod().unwrap().unwrap();
        assert_eq!(cluster.server.as_str(), "https://[fd00::1]/");
        assert_eq!(
            cluster.certificates().roots.as_deref(),
            Some(&b"-----BEGIN CERTIFICATE-----\n"[..])
        );
        let token = cluster.login(now()).unwrap().token.unwrap();
        assert!(token.eq_secret(&Secret::new("fake-pod-token")));
        write("ca.crt", "no certificate");
        assert!(in_pod().is_err());
    }
}
