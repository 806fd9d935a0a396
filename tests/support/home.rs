//! A user's machine for one test: folders that go away, a keyring in memory, a clock that stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use keywright::core::secret::Secret;
use keywright::platform::{
    BlockingHttp, Clock, Env, HttpTransport, Platform, SharedState, Terminal,
};
use keywright::profile::credential_index::CredentialIndex;
use keywright::profile::session::{CredentialMetadata, Session};
use keywright::profile::{self, Config, ProfileConfig};
use keywright::providers;
use keywright::report::log::Log;
use keywright::service::Service;
use keywright::store::{StoreKind, Stores};

use super::clock::FakeClock;
use super::doubles;
use super::engine::{FakeEngine, variables};
use super::kernel_keys::FakeKernelKeys;
use super::keychain::FakeKeychain;
use super::run::Run;

/// Where everything of one test is.
#[derive(Clone)]
pub(crate) struct TestEnv {
    folder: Rc<tempfile::TempDir>,
    pub(crate) keychain: Arc<FakeKeychain>,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) kernel_keys: Rc<FakeKernelKeys>,
    /// The engine whose state the machine shares.
    engine: Option<Arc<FakeEngine>>,
}

/// A credential that is there from the start.
pub(crate) struct StoredCredential<'g> {
    /// `key` or `token`.
    pub(crate) credential: &'g str,
    pub(crate) secret: &'g str,
    /// The refresh token.
    pub(crate) refresh: Option<&'g str>,
    /// Its lifetime from now, in seconds.
    pub(crate) lasts: Option<i64>,
}

/// A key that is there from the start.
pub(crate) fn key(secret: &str) -> StoredCredential<'_> {
    StoredCredential {
        credential: "key",
        secret,
        refresh: None,
        lasts: None,
    }
}

/// A token that is there from the start, with as many seconds left.
pub(crate) fn token(secret: &str, lasts: i64) -> StoredCredential<'_> {
    StoredCredential {
        credential: "token",
        secret,
        refresh: None,
        lasts: Some(lasts),
    }
}

impl<'g> StoredCredential<'g> {
    /// With what gets the next one.
    pub(crate) fn refreshed_by(self, refresh: &'g str) -> Self {
        StoredCredential {
            refresh: Some(refresh),
            ..self
        }
    }
}

impl TestEnv {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        keywright::platform::files::create_private_folder(&folder.path().join("work")).unwrap();
        TestEnv {
            folder: Rc::new(folder),
            keychain: Arc::default(),
            clock: Arc::new(FakeClock::new()),
            kernel_keys: Rc::default(),
            engine: None,
        }
    }

    /// The same machine, when it shares the state in an engine.
    pub(crate) fn with_engine(mut self, engine: &Arc<FakeEngine>) -> Self {
        self.engine = Some(Arc::clone(engine));
        self
    }

    /// Another machine that shares the state in an engine.
    pub(crate) fn sharing(engine: &Arc<FakeEngine>) -> Self {
        TestEnv {
            engine: Some(Arc::clone(engine)),
            ..TestEnv::new()
        }
    }

    /// Another machine with the same files and the same keyring.
    pub(crate) fn copy(&self) -> Self {
        let copy = TestEnv {
            keychain: Arc::new(self.keychain.copy()),
            ..TestEnv::new()
        };
        for (path, bytes) in self.files() {
            copy.write(path.to_str().unwrap(), bytes);
        }
        copy
    }

    /// The folder of all folders.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// A command line, its program name left out.
    pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        Run::at(self.clone()).args(args)
    }

    /// Writes a file below the folder of all folders.
    #[expect(clippy::disallowed_methods, reason = "a file as a person writes it")]
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes a project file and says that it is trusted.
    #[track_caller]
    pub(crate) fn project(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.write(name, text);
        self.trust(&path);
        path
    }

    /// Says that a project file is trusted.
    #[track_caller]
    pub(crate) fn trust(&self, path: &Path) {
        self.run(["trust".as_ref(), path.as_os_str()])
            .stdout_has("state    trusted\n")
            .stderr_has("` is trusted\n")
            .exit(0);
    }

    /// A file's text; `None` where there is none.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        keywright::platform::files::read_text(&self.path().join(name)).unwrap()
    }

    /// Every file below the folder of all folders, with what is in it.
    #[expect(clippy::disallowed_methods, reason = "no file is passed over")]
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert(path.strip_prefix(self.path()).unwrap().to_owned(), bytes);
                }
            }
        }
        found
    }

    /// The world as a command finds it here.
    pub(crate) fn platform(
        &self,
        env: Env,
        terminal: Rc<dyn Terminal>,
        http: Rc<dyn HttpTransport>,
    ) -> Platform {
        let folder = self.path().join("work");
        let (env, shared_state) = self.shared_state(env, &terminal);
        Platform {
            shared_state,
            programs: keywright::platform::native::programs(&env, &folder),
            folder,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            terminal,
            http,
            keychain: Arc::clone(&self.keychain) as Arc<dyn keywright::platform::Keychain>,
            kernel_keys: Rc::clone(&self.kernel_keys) as Rc<dyn keywright::platform::KernelKeys>,
            ..doubles::platform(self.path(), env)
        }
    }

    /// The state that the machine shares, and the environment that leads to it.
    fn shared_state(
        &self,
        env: Env,
        terminal: &Rc<dyn Terminal>,
    ) -> (Env, Option<Rc<dyn SharedState>>) {
        let Some(engine) = &self.engine else {
            return (env, None);
        };
        let variables = variables();
        let env = variables
            .iter()
            .fold(env, |env, (name, value)| env.with(name, *value));
        let platform = Platform {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            ..doubles::platform(self.path(), env.clone())
        };
        let log = Log::new(Rc::clone(terminal), true, false);
        let http = Arc::clone(engine) as Arc<dyn BlockingHttp>;
        let state = keywright::engine::open_over(&platform, &log, http).unwrap();
        (env, state)
    }

    fn bare_platform(&self) -> Platform {
        let terminal = Rc::new(Run::at(self.clone()).terminal());
        self.platform(
            Env::default(),
            terminal,
            keywright::platform::native::http(),
        )
    }

    /// The credential of a profile in the store, as a command would find it.
    pub(crate) fn kept(&self, profile: &str, credential: &str) -> Option<String> {
        let platform = self.bare_platform();
        let holdings = CredentialIndex::load(&platform).unwrap();
        let holding = holdings.get(profile, credential)?;
        let store = Stores::new(&platform, false).of(holding.store).unwrap();
        Some(store.get(&holding.item).unwrap()?.expose().to_owned())
    }

    /// The item that keeps a credential of a profile.
    pub(crate) fn item(&self, profile: &str, credential: &str) -> keywright::store::SecretRef {
        let holdings = CredentialIndex::load(&self.bare_platform()).unwrap();
        holdings.get(profile, credential).unwrap().item.clone()
    }

    /// Saves a profile named like its provider, logged in with these credentials.
    pub(crate) fn log_in(&self, provider: &str, url: &str, given: &[StoredCredential<'_>]) {
        self.log_in_as(provider, provider, url, &[], given);
    }

    /// Saves a profile, logged in with these credentials; the first profile becomes the default.
    pub(crate) fn log_in_as(
        &self,
        name: &str,
        provider: &str,
        url: &str,
        variables: &[(&str, &str)],
        given: &[StoredCredential<'_>],
    ) {
        let platform = self.bare_platform();
        save(
            &platform,
            StoreKind::KEYRING,
            (name, provider, url),
            variables,
            given,
        );
    }

    /// Saves a profile named like its provider whose credential is in the encrypted file that `identity` opens.
    pub(crate) fn log_in_to_file(
        &self,
        identity: &str,
        provider: &str,
        url: &str,
        given: &[StoredCredential<'_>],
    ) {
        self.log_in_to_file_of(("KEYWRIGHT_STORE_KEY", identity), provider, url, given);
    }

    /// As [`TestEnv::log_in_to_file`], with a variable and what it says of how the file is opened.
    pub(crate) fn log_in_to_file_of(
        &self,
        (variable, value): (&str, &str),
        provider: &str,
        url: &str,
        given: &[StoredCredential<'_>],
    ) {
        let mut platform = self.bare_platform();
        platform.env = platform.env.with(variable, value);
        save(
            &platform,
            StoreKind::FILE,
            (provider, provider, url),
            &[],
            given,
        );
    }
}

fn save(
    platform: &Platform,
    store: StoreKind,
    (name, provider, url): (&str, &str, &str),
    variables: &[(&str, &str)],
    given: &[StoredCredential<'_>],
) {
    let manifest = providers::manifest(provider, platform).unwrap();
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let saved = ProfileConfig {
        provider: provider.to_owned(),
        store: Some(store),
        base_urls: keywright::service::parse_bases(&manifest, [url]).unwrap(),
        variables: variables.iter().map(pair).collect(),
    };
    let known = profile::variables(platform, &saved, &manifest).unwrap();
    let bases = profile::bases(platform, &saved, &manifest, &known).unwrap();
    let log = Log::new(Rc::clone(&platform.terminal), true, false);
    let bases = bases.into_iter().map(|(name, (url, _))| (name, url));
    let service = Service::new(platform, &log, &manifest, bases, []);
    let stores = Stores::new(platform, false);
    let session = Session::new(platform, &service, name, &stores, store);
    for one in given {
        let ends = one.lasts.map(jiff::SignedDuration::from_secs);
        let facts = CredentialMetadata {
            refresh: one.refresh.map(Secret::new),
            expires_at: ends.map(|ends| platform.clock.now().checked_add(ends).unwrap()),
            ..CredentialMetadata::default()
        };
        session
            .keep(one.credential, &Secret::new(one.secret), facts)
            .unwrap();
    }
    Config::save_profile(platform, name, &saved).unwrap();
}
