//! The verbs: a file each, with its arguments, its examples and its function, and a line in the table below.

mod api;
mod arguments;
mod audit;
mod browser;
mod child_variables;
mod completions;
mod credential;
mod delivery;
mod destinations;
mod doctor;
mod env;
mod exec;
mod fast_path;
mod first_failure;
mod identity;
mod inventory;
mod keys;
mod lease;
mod login;
mod logout;
mod near_words;
mod place_login;
mod profiles;
mod providers;
mod questions;
mod resolved_profile;
mod root;
mod rotations;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod state;
mod token;
mod trust;
mod unlock;
mod version;
mod whoami;

pub(crate) use fast_path::token_line;
use first_failure::FirstFailure;
pub use lease::WAITING;
pub(crate) use near_words::parse_line;
pub use providers::ProvidersCommand;
pub use resolved_profile::ResolvedProfile;
pub use root::{Cli, ColorWhen, GlobalArgs};
pub(crate) use version::VERSION_LINE;

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;

use jiff::Timestamp;

use crate::api::ApiClient;
use crate::authoring::live::Recorder;
use crate::core::advice::RepeatedFlags;
use crate::core::error::{Error, Result};
use crate::manifest::Manifest;
use crate::platform::Platform;
use crate::profile::session::Session;
use crate::profile::{self, SelectedProfile, SelectionSource, UntrustedPolicy};
use crate::report::log::Log;
use crate::report::output::Reporter;
use crate::rotation::create::SearchSchedule;
use crate::service::Prompter;
use crate::service::transport::DEFAULT_TIMEOUT;
use crate::store::{StoreKind, Stores};

/// A command, which its arguments describe.
trait Run {
    /// Runs it; the number is the exit code of a command that did not fail.
    async fn run(&self, context: &Context<'_>) -> Result<u8>;
}

/// Declares the commands: each with a line of help, its arguments, and another name if it has one.
macro_rules! commands {
    ($(#[doc = $about:literal] $(#[cfg($condition:meta)])? $name:ident($arguments:ty) $(as $alias:literal)?,)*) => {
        /// The commands.
        #[derive(Debug, clap::Subcommand)]
        #[command(defer = true)]
        pub enum Command {
            $(#[doc = $about] $(#[cfg($condition)])? $(#[command(visible_alias = $alias)])? $name($arguments),)*
        }

        /// Runs a command; the number is the exit code of a command that did not fail.
        pub async fn run(command: &Command, context: &Context<'_>) -> Result<u8> {
            match command {
                $($(#[cfg($condition)])? Command::$name(arguments) => arguments.run(context).await,)*
            }
        }
    };
}

commands! {
    /// Log in: with a key, a token, email and password, a browser or a code
    Login(login::LoginArgs),
    /// Delete the stored credentials; revokes nothing at the service
    Logout(logout::LogoutArgs),
    /// Show who you are logged in as, with what, and until when
    Whoami(whoami::WhoamiArgs),
    /// List, show, select, move and remove profiles
    Profiles(profiles::ProfilesArgs) as "profile",
    /// Check the credential store, paths, proxy and clock
    Doctor(doctor::DoctorArgs),
    /// Create, list, show, rename, verify, rotate and revoke keys
    Keys(keys::KeysArgs),
    /// Replace a key; short for `keys rotate`
    Rotate(keys::KeysRotateArgs),
    /// List, resume, abort or undo unfinished rotations
    Rotations(rotations::RotationsArgs),
    /// Exchange the long-lived key for a short-lived token, and store it
    Exchange(token::ExchangeArgs),
    /// Get a new access token, and store it
    Refresh(token::RefreshArgs),
    /// Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)
    Token(token::TokenArgs),
    /// Run a command with a valid credential or a temporary key in its environment
    Exec(exec::ExecArgs),
    /// Print the environment variables that `exec` would set, for a shell to read
    Env(env::EnvArgs),
    /// Serve credentials to git, AWS tools, kubectl or docker
    Credential(credential::CredentialArgs),
    /// Send a request with the profile's credential and print the response unchanged
    Api(api::ApiArgs),
    /// Audit all profiles for old, unused, over-privileged, expiring or exposed keys
    Audit(audit::AuditArgs),
    /// Trust a project file or the programs of a manifest, and list what it may do
    Trust(trust::TrustArgs),
    /// List, show, add and check service providers
    Providers(providers::ProvidersArgs),
    /// List, show and check the places that keys are delivered to
    Destinations(destinations::DestinationsArgs),
    /// Show where journal, locks and staged secrets are kept, or move them
    State(state::StateArgs),
    /// Open the encrypted file for a time: commands then ask for no passphrase
    Unlock(unlock::UnlockArgs),
    /// Forget what `keywright unlock` keeps
    Lock(unlock::LockArgs),
    /// Make an age identity, which opens the encrypted file without a passphrase
    Identity(identity::IdentityArgs),
    /// Print a shell completion script for commands, flags, keys and profiles
    Completions(completions::CompletionsArgs),
    /// Show the manual page, or write every page to a folder
    Man(completions::ManArgs),
    /// Print the version
    Version(version::VersionArgs),
    /// Serve the embedded copy of the services and print its URLs
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArgs),
}

/// The context of every command.
pub struct Context<'a> {
    /// Files, network, clock, terminal and other outside things.
    pub platform: &'a Platform,
    /// Writes the results.
    pub reporter: Reporter<'a>,
    /// The side channel.
    pub log: &'a Log,
    /// Flags of every command.
    pub global: &'a GlobalArgs,
    /// The store of secrets.
    pub stores: Stores,
    /// Prompts are allowed and possible.
    pub may_ask: bool,
    /// The time at which the command started.
    pub started: Timestamp,
}

impl Context<'_> {
    /// Returns the profile in force, opened.
    pub fn open(&self) -> Result<ResolvedProfile> {
        self.open_chosen(self.choose()?)
    }

    /// As [`Context::open`], for a command that neither changes anything nor hands out a secret: a project file that is
    /// not trusted is passed over.
    pub fn open_to_read(&self) -> Result<ResolvedProfile> {
        self.open_chosen(self.choose_to_read()?)
    }

    /// Returns the profile in force; refuses where only a project file that is not trusted could say which.
    pub fn choose(&self) -> Result<SelectedProfile> {
        self.choose_if(UntrustedPolicy::Refuse)
    }

    /// Returns the profile in force as if a project file that is not trusted were absent.
    pub fn choose_to_read(&self) -> Result<SelectedProfile> {
        self.choose_if(UntrustedPolicy::Ignore(Some(self.log)))
    }

    /// Refuses a project file that is not trusted, where nothing decides the profile before it.
    pub fn refuse_untrusted(&self) -> Result<()> {
        self.project_if_unnamed(UntrustedPolicy::Refuse)
    }

    /// Says that a project file is not trusted, where nothing decides the profile before it.
    pub fn warn_of_untrusted(&self) -> Result<()> {
        self.project_if_unnamed(UntrustedPolicy::Ignore(Some(self.log)))
    }

    fn project_if_unnamed(&self, if_untrusted: UntrustedPolicy<'_>) -> Result<()> {
        if profile::is_named(self.platform, self.global.profile.as_deref()) {
            return Ok(());
        }
        profile::project(self.platform, if_untrusted).map(drop)
    }

    fn choose_if(&self, if_untrusted: UntrustedPolicy<'_>) -> Result<SelectedProfile> {
        profile::select(self.platform, self.global.profile.as_deref(), if_untrusted)
    }

    /// Returns a profile, opened.
    pub fn open_chosen(&self, chosen: SelectedProfile) -> Result<ResolvedProfile> {
        let manifest = crate::providers::manifest(&chosen.saved.provider, self.platform)?;
        self.open_with(chosen, manifest)
    }

    /// Returns a profile with a manifest that was read.
    pub fn open_with(
        &self,
        chosen: SelectedProfile,
        manifest: Rc<Manifest>,
    ) -> Result<ResolvedProfile> {
        let bare = self.without_variables_of_others(&chosen.name);
        ResolvedProfile::new(bare.as_ref().unwrap_or(self.platform), chosen, manifest)
    }

    /// Acts as a profile.
    pub async fn with_client<T>(
        &self,
        opened: &ResolvedProfile,
        act: impl AsyncFnOnce(&ApiClient<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_recorded_client(opened, None, act).await
    }

    /// As [`Context::with_client`], with every call recorded.
    pub async fn with_recorded_client<T>(
        &self,
        opened: &ResolvedProfile,
        recorder: Option<&Recorder>,
        act: impl AsyncFnOnce(&ApiClient<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut service = opened.service(self.platform, self.log);
        if let Some(recorder) = recorder {
            service.transport.http = recorder;
            service.observer = Some(recorder);
        }
        service.transport.timeout = self.timeout();
        service.started = self.started;
        if self.may_ask {
            service.aside.person = Prompter::Terminal(&*self.platform.terminal);
        }
        let bare = self.without_variables_of_others(&opened.chosen.name);
        let session = Session::new(
            bare.as_ref().unwrap_or(self.platform),
            &service,
            &opened.chosen.name,
            &self.stores,
            self.store_of(opened)?,
        );
        let acted = act(&ApiClient::new(&session)).await;
        acted.map_err(|error| self.with_runnable_hints(error, &opened.chosen))
    }

    /// Makes the commands in hints mean this profile, if they would mean another one.
    fn with_runnable_hints(&self, error: Error, chosen: &SelectedProfile) -> Error {
        let provider = &chosen.saved.provider;
        if chosen.decided == SelectionSource::Each && !self.is_in_force(&chosen.name) {
            let flags = RepeatedFlags::of_profile(&chosen.name);
            return error.map_hints(|hint| flags.repeat(&hint));
        }
        if chosen.name == *provider {
            return error;
        }
        let flags = RepeatedFlags::of_login(provider, &chosen.name);
        error.map_hints(|hint| flags.repeat(&hint))
    }

    /// Returns the variables for credentials that are set, where they are for the profile `name`: they serve the one in
    /// force alone.
    pub fn variables_for(&self, name: &str) -> Vec<&'static str> {
        let set = self.platform.env.credentials();
        if set.is_empty() || self.is_in_force(name) {
            return set;
        }
        Vec::new()
    }

    /// Returns whether `name` is the current profile.
    fn is_in_force(&self, name: &str) -> bool {
        let chosen = self.choose_if(UntrustedPolicy::Ignore(None));
        chosen.is_ok_and(|chosen| chosen.name == name)
    }

    /// Returns the world as the profile `name` sees it, where what the environment says of a profile is for another
    /// one.
    fn without_variables_of_others(&self, name: &str) -> Option<Platform> {
        let env = &self.platform.env;
        let foreign = env.describes_a_profile() && !self.is_in_force(name);
        foreign.then(|| Platform {
            env: env.without_a_profile(),
            ..self.platform.clone()
        })
    }

    /// Runs `each` concurrently, shows the progress, and returns the results in their order.
    pub async fn side_by_side<F: Future>(
        &self,
        what: &str,
        each: impl IntoIterator<Item = F>,
    ) -> Vec<F::Output> {
        let each: Vec<F> = each.into_iter().collect();
        let work = self.log.progress_of(what, each.len());
        let counted = each.into_iter().map(async |one| {
            let outcome = one.await;
            work.step();
            outcome
        });
        join_all(counted).await
    }

    /// Returns the store of a profile: the one it was logged in with, `KEYWRIGHT_STORE`, or the usual one.
    pub fn store_of(&self, opened: &ResolvedProfile) -> Result<StoreKind> {
        self.store_in_force(Some(&opened.chosen))
            .map(|(kind, _)| kind)
    }

    /// Returns the store that secrets go to, and what decides it.
    pub fn store_in_force(&self, chosen: Option<&SelectedProfile>) -> Result<(StoreKind, String)> {
        let of_profile = chosen.and_then(|chosen| Some((chosen.saved.store?, &chosen.name)));
        if let Some((kind, name)) = of_profile {
            return Ok((kind, format!("of the profile `{name}`")));
        }
        if let Some(name) = self.platform.env.get("KEYWRIGHT_STORE") {
            let kind = name
                .parse()
                .map_err(|error: Error| error.context("KEYWRIGHT_STORE"))?;
            return Ok((kind, "by KEYWRIGHT_STORE".to_owned()));
        }
        // A key for a store selects that store; a keyring that fails does not.
        Ok(match StoreKind::set_up(self.platform) {
            Some(kind) => (kind, "because a variable says how to open it".to_owned()),
            None => (StoreKind::USUAL, "the usual one".to_owned()),
        })
    }

    /// Returns the schedule on which a command that lost a response looks for its key.
    pub fn search_schedule(&self) -> SearchSchedule {
        if self.reporter.json {
            SearchSchedule::WaitSilently
        } else {
            SearchSchedule::Wait
        }
    }

    fn timeout(&self) -> Duration {
        self.global
            .timeout
            .map_or(DEFAULT_TIMEOUT, crate::manifest::Span::duration)
    }
}
