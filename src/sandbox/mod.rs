//! An embedded copy of five services on loopback, so that every command can be tried without an account.
//!
//! The services are written by hand from their public documents and know nothing of this tool's manifests: a mistake in
//! a manifest meets a server that does not share it. Where a document is silent, the service's file says what was assumed.
//!
//! Two services keep state that their clients change (Schatzi, Sieve), and Siati remembers the tokens it issued. Each
//! of them has one JSON file, so that what one run creates, the next one lists. Siesta and the generic service offer no
//! key management and need none.

mod test_credentials;
mod generic;
mod http;
mod schatzi;
mod siati;
mod siesta;
mod sieve;
mod state;
mod token;

pub use test_credentials::{Behavior, EMAIL, PASSWORD, TestCredential, test_credentials};

use crate::core::error::{Error, Kind};
use crate::platform::files;
use http::SandboxService;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The time as the services see it.
pub(crate) type SandboxClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The address of one base URL of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAddress {
    /// The service's name, such as `siati`.
    pub provider: &'static str,
    /// The name of the base URL, such as `api`.
    pub base: &'static str,
    /// The base URL, without a slash at the end.
    pub url: String,
}

/// A credential the sandbox hands out so that a profile is logged in from the start.
///
/// It has no `Debug`, so that no habit of printing credentials is formed here.
#[derive(Clone, PartialEq, Eq)]
pub struct SandboxLogin {
    /// The service's name.
    pub provider: &'static str,
    /// `key` for a long-lived key, `token` for a JWT.
    pub kind: &'static str,
    /// The credential itself; it opens nothing outside the sandbox.
    pub secret: String,
    /// Further variables that a request needs, such as `org_id`.
    pub variables: &'static [(&'static str, &'static str)],
}

/// The five services, answering until this is dropped.
pub struct Sandbox {
    addresses: Vec<ServiceAddress>,
    siati: Arc<siati::Siati>,
    schatzi: Arc<schatzi::Schatzi>,
    sieve: Arc<sieve::Sieve>,
    listeners: Vec<AbortHandle>,
}

impl Sandbox {
    /// Binds one loopback listener per service and serves them as tasks of the current runtime.
    ///
    /// `folder` keeps the state and is created (private to the user) when absent; several sandboxes, in one process or
    /// in many, may share it. `now` is asked for the time at each request.
    ///
    /// # Errors
    /// When the folder cannot be created, when its state cannot be read or written, or when no port can be bound.
    pub async fn start(
        folder: &Path,
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Result<Sandbox, Error> {
        files::create_private_folder(folder)?;
        let mut sandbox = Sandbox {
            addresses: Vec::new(),
            siati: Arc::new(siati::Siati::open(folder, Arc::clone(&now))?),
            schatzi: Arc::new(schatzi::Schatzi::open(folder, Arc::clone(&now))?),
            sieve: Arc::new(sieve::Sieve::open(folder, Arc::clone(&now))?),
            listeners: Vec::new(),
        };
        let siati = Arc::clone(&sandbox.siati);
        sandbox
            .serve("siati", &[("api", ""), ("app", "/api/v1")], siati)
            .await?;
        let siesta = Arc::new(siesta::Siesta::new());
        sandbox.serve("siesta", &[("api", "")], siesta).await?;
        let schatzi = Arc::clone(&sandbox.schatzi);
        sandbox.serve("schatzi", &[("api", "")], schatzi).await?;
        let generic = Arc::new(generic::Generic::new(now));
        sandbox.serve("generic", &[("api", "")], generic).await?;
        let sieve = Arc::clone(&sandbox.sieve);
        sandbox.serve("sieve", &[("api", "")], sieve).await?;
        Ok(sandbox)
    }

    async fn serve(
        &mut self,
        provider: &'static str,
        bases: &[(&'static str, &str)],
        service: Arc<dyn SandboxService>,
    ) -> Result<(), Error> {
        let refused = |error: std::io::Error| {
            let what =
                format!("cannot listen on 127.0.0.1 for the sandbox's `{provider}`: {error}");
            Error::new(Kind::Failed, what)
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        for (base, path) in bases {
            let url = format!("http://127.0.0.1:{port}{path}");
            self.addresses.push(ServiceAddress {
                provider,
                base,
                url,
            });
        }
        let accepting = tokio::spawn(http::accept(listener, service));
        self.listeners.push(accepting.abort_handle());
        Ok(())
    }

    /// Returns every base of every service.
    #[must_use]
    pub fn addresses(&self) -> &[ServiceAddress] {
        &self.addresses
    }

    /// Returns the credentials that are good at this moment, at most one of each kind per service.
    ///
    /// They follow what earlier runs did: at Sieve the key that replaced the first one, or none once it was revoked.
    ///
    /// # Errors
    /// When the state cannot be read or written.
    pub fn logins(&self) -> Result<Vec<SandboxLogin>, Error> {
        let plain = |provider, kind, secret: String| SandboxLogin {
            provider,
            kind,
            secret,
            variables: &[],
        };
        let mut logins = vec![
            plain("siati", "key", siati::KEY.to_owned()),
            plain("siati", "token", self.siati.token()?),
            SandboxLogin {
                provider: "siesta",
                kind: "key",
                secret: siesta::KEY.to_owned(),
                variables: &[("org_id", siesta::ORGANIZATION)],
            },
            plain("schatzi", "token", self.schatzi.token()?),
            plain("generic", "key", generic::KEY.to_owned()),
        ];
        logins.extend(self.sieve.live_key()?.map(|key| plain("sieve", "key", key)));
        Ok(logins)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}
