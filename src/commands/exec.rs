//! `keywright exec`: a command with a credential in its environment, or with a key that lives as long as it runs.

use clap::{Args, ValueHint};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use super::child_variables::ChildVariables;
use super::{Context, ResolvedProfile, Run, keys, lease};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{CreatedKey, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::destination;
use crate::manifest::{Verb, read_expiry};
use crate::platform::{
    ChildProcess, Clock, ForegroundCommand, LocalBoxFuture, Platform, ReceivedSignal, SignalStream,
    SpawnError,
};
use crate::rotation::create::{self, CreateRequest, StagedKey, StagingStore};
use crate::rotation::journal::Record;
use crate::store::SecretRef;

/// Run a command with a valid credential or a temporary key in its environment
#[derive(Debug, Args)]
#[command(after_help = "\
The credential is the one that `keywright token` prints. The command runs in keywright's place: same streams, same
signals, same exit code; 127 if there is no such command, 126 if it cannot be executed. Variables that hold
keywright's own secrets are not passed on.

--env NAME=PROFILE adds the credential of another profile; all are there before the command starts.

With --lease the command gets a new key of the profile in force. It is revoked when the command exits for any reason, or five seconds after
keywright receives a signal to stop. If keywright itself is killed, `keywright rotations resume` revokes the key.

Examples:
  keywright exec -- ./deploy.sh
  keywright exec --env SOURCE_KEY=staging --env TARGET_KEY=production -- ./copy.sh
  keywright exec --env OPENAI_API_KEY --lease --scope read --expires 1h -- pytest -q")]
pub struct ExecArgs {
    /// Environment variable for the credential, and the profile that it is of [default: `API_KEY`] (can be repeated)
    #[arg(long, value_name = "NAME[=PROFILE]")]
    pub env: Vec<String>,
    /// Create a key for this command only, and revoke it afterwards
    #[arg(long)]
    pub lease: bool,
    /// Scope to grant to the leased key (can be repeated)
    #[arg(long = "scope", value_name = "S", requires = "lease")]
    pub scopes: Vec<String>,
    /// Expiry of the leased key: 1h or 2027-01-31 [default: one day, if the service supports it]
    #[arg(long, value_name = "D", requires = "lease")]
    pub expires: Option<String>,
    /// Command to run, with its arguments
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        value_hint = ValueHint::CommandWithArguments,
        value_parser = clap::value_parser!(OsString)
    )]
    pub command: Vec<OsString>,
}

/// The time a command may still use its leased key after a signal to stop: CI runners kill after ten seconds.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

impl Run for ExecArgs {
    /// Runs the command.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let variables = ChildVariables::open(&self.env, context)?;
        let lease = if self.lease {
            let Some(opened) = &variables.in_force else {
                return Err(
                    Error::usage("with `--lease` no variable gets the leased key")
                        .hint("name one without a profile: --env API_KEY"),
                );
            };
            Some((opened, lease_request(self, context, opened).await?))
        } else {
            None
        };
        if let Err(error) = context.platform.programs.find(&self.command[0]) {
            return Ok(cannot_run(context, &self.command[0], &error));
        }
        let others = variables.of_others(context).await?;
        let Some((opened, new)) = lease else {
            return run_with_credentials(self, context, &variables, &others).await;
        };
        let place = LeaseEnvironment {
            variables: &variables,
            others: &others,
            extra: addresses(context.platform, opened),
        };
        context
            .with_client(opened, async |client| {
                Box::pin(lease_key(self, context, &place, client, &new)).await
            })
            .await
    }
}

/// The environment of a command with a leased key.
struct LeaseEnvironment<'e> {
    variables: &'e ChildVariables,
    others: &'e BTreeMap<&'e str, Secret>,
    extra: Vec<(&'static str, Secret)>,
}

/// Runs the command with the credentials of the profiles.
async fn run_with_credentials(
    args: &ExecArgs,
    context: &Context<'_>,
    variables: &ChildVariables,
    others: &BTreeMap<&str, Secret>,
) -> Result<u8> {
    let own = variables.of_own(context).await?;
    let programs = &context.platform.programs;
    let opened = variables.in_force.as_ref();
    let extra = opened.map_or_else(Vec::new, |opened| addresses(context.platform, opened));
    let env = environment(variables.filled(own.as_ref(), others), &extra);
    let guest = ForegroundCommand {
        words: &args.command,
        env: &env,
    };
    // The services of a sandbox live in this process, which therefore has to stay.
    if context.platform.addresses.is_empty()
        && let Some(error) = programs.replace(&guest)
    {
        return Ok(cannot_run(context, &args.command[0], &error));
    }
    let mut signals = lease::listen(context.platform)?;
    let mut running = match programs.spawn(&guest) {
        Ok(running) => running,
        Err(error) => return Ok(cannot_run(context, &args.command[0], &error)),
    };
    wait_for_exit(&mut *running, &mut *signals).await
}

/// Returns the request for a leased key; fails if the service cannot create and revoke one by API.
async fn lease_request(
    args: &ExecArgs,
    context: &Context<'_>,
    opened: &ResolvedProfile,
) -> Result<NewKey> {
    context
        .with_client(opened, async |client| {
            check_native(client)?;
            let end = args.expires.as_deref();
            let expires = end.map(|text| read_expiry(text, context.started));
            let new = NewKey {
                name: if client.takes(Verb::Create, "name") {
                    Some(name(context.platform)?)
                } else {
                    None
                },
                scopes: args.scopes.clone(),
                expires: expires.transpose()?,
                fields: Vec::new(),
            };
            let new = lease::with_default_expiry(new, client, context)?;
            client.check_new(&new)?;
            Ok(new)
        })
        .await
}

fn check_native(client: &ApiClient<'_>) -> Result<()> {
    let Some(why) = lease::unsupported_reason(client) else {
        return Ok(());
    };
    let name = client.service.name();
    Err(Error::usage(format!("{name} cannot lease a key: {why}"))
        .hint("without `--lease` the command gets the profile's own credential"))
}

/// Returns a name that no other key has, and that says where it was made.
fn name(platform: &Platform) -> Result<String> {
    let random = SecretRef::fresh()?;
    let random = &random.file_stem()[..8];
    let job = [("GITHUB_RUN_ID", "github"), ("CI_JOB_ID", "gitlab")];
    let job = job.into_iter().find_map(|(variable, place)| {
        let id = platform.env.get(variable)?;
        let plain = id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| format!("{place}-{id}-"))
    });
    Ok(format!("lease-{}{random}", job.unwrap_or_default()))
}

/// Creates a key, runs the command with it, and revokes it.
async fn lease_key(
    args: &ExecArgs,
    context: &Context<'_>,
    place: &LeaseEnvironment<'_>,
    client: &ApiClient<'_>,
    new: &NewKey,
) -> Result<u8> {
    let in_job = destination::is_github_job(context.platform);
    if in_job {
        context.platform.terminal.probe_stdout().map_err(unmasked)?;
    }
    let before = keys::check_quota(client).await?;
    let staging = StagingStore::open(client.session)?;
    // From here on nothing but a kill ends this process before the key is revoked.
    let mut signals = lease::listen(context.platform)?;
    let request = CreateRequest {
        new,
        before: before.as_deref(),
        to: &[],
        replaces: None,
        asked: None,
        search_schedule: context.search_schedule(),
        lock: None,
    };
    let call = Box::pin(create::lease(client, &staging, request));
    let (staged, early) = lease::wait_for_answer(call, &mut *signals, context.log).await;
    let StagedKey {
        created, record, ..
    } = staged?;
    let masked = if in_job {
        destination::mask_in_log(context.platform, &created.secret).map_err(unmasked)
    } else {
        Ok(())
    };
    // An assumption is not worth another call.
    let look = args.expires.is_some() || !args.scopes.is_empty();
    let key = created.key.clone();
    let (_, changed) = client.compare(Verb::Create, new, key, look).await;
    for change in changed.iter().filter(|change| look || change.certain) {
        context.log.warn(&change.words);
    }
    context.log.note(&format!(
        "leased the key {} for this command",
        created.key.label()
    ));
    let mut leased = LeasedKey {
        context,
        client,
        record: Some(record),
        failed: false,
    };
    let early = early.or_else(|| {
        let mut early = std::iter::from_fn(|| signals.ready());
        early.find(ReceivedSignal::ends_programs)
    });
    let code = match (masked, early) {
        (Err(error), _) => Err(error.append("the command was not run")),
        (Ok(()), Some(heard)) => Ok(exit_code_of_signal(heard.signal)),
        (Ok(()), None) => match leased.wait_until_live(&created, args, &mut *signals).await {
            Ok(None) => {
                leased
                    .run(args, place, &created.secret, &mut *signals)
                    .await
            }
            Ok(Some(heard)) => Ok(exit_code_of_signal(heard.signal)),
            Err(error) => Err(error.append("the command was not run")),
        },
    };
    leased.revoke().await;
    match code {
        Ok(0) if leased.failed => Ok(Kind::Uncertain.exit_code()),
        other => other,
    }
}

/// Returns the error where the runner of a job cannot be told to mask the leased key.
fn unmasked(error: std::io::Error) -> Error {
    let what = "the leased key cannot be masked in the log of this job";
    Error::new(Kind::Store, what)
        .caused_by(error)
        .hint("the runner reads it from stdout: leave stdout open")
}

fn exit_code_of_signal(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(128)
}

/// A key that is revoked once, when its command has exited or must stop.
struct LeasedKey<'l> {
    context: &'l Context<'l>,
    client: &'l ApiClient<'l>,
    record: Option<Record>,
    failed: bool,
}

impl LeasedKey<'_> {
    /// Waits until the key works, or until a signal to stop arrives.
    async fn wait_until_live(
        &self,
        created: &CreatedKey,
        args: &ExecArgs,
        signals: &mut dyn SignalStream,
    ) -> Result<Option<ReceivedSignal>> {
        let mut live = std::pin::pin!(lease::wait_until_live(self.client, created, &args.scopes));
        loop {
            tokio::select! {
                biased;
                live = &mut live => return live.map(|()| None),
                heard = signals.next() => if heard.ends_programs() {
                    return Ok(Some(heard));
                },
            }
        }
    }

    async fn run(
        &mut self,
        args: &ExecArgs,
        place: &LeaseEnvironment<'_>,
        secret: &Secret,
        signals: &mut dyn SignalStream,
    ) -> Result<u8> {
        let context = self.context;
        let filled = place.variables.filled(Some(secret), place.others);
        let env = environment(filled, &place.extra);
        let guest = ForegroundCommand {
            words: &args.command,
            env: &env,
        };
        let mut running = match context.platform.programs.spawn(&guest) {
            Ok(running) => running,
            Err(error) => return Ok(cannot_run(context, &args.command[0], &error)),
        };
        let clock = &*context.platform.clock;
        if let Some(code) = forward_signals_until_exit(&mut *running, signals, Some(clock)).await? {
            return Ok(code);
        }
        context
            .log
            .warn("the command was asked to stop and still runs: its key is revoked now");
        self.revoke().await;
        wait_for_exit(&mut *running, signals).await
    }

    /// Revokes the key. Reports a failure itself, because the command's exit code takes precedence.
    async fn revoke(&mut self) {
        let Some(record) = self.record.take() else {
            return;
        };
        let outcome = lease::revoke_lease(self.client, self.context, record);
        if let Err(error) = outcome.await {
            self.failed = true;
            self.context.reporter.error(&error);
        }
    }
}

/// Waits for the command's end and passes signals on; `None` where one of them meant the end, and the command goes on
/// all the same, by the `clock` for longer than it may.
async fn forward_signals_until_exit(
    running: &mut dyn ChildProcess,
    signals: &mut dyn SignalStream,
    mut clock: Option<&dyn Clock>,
) -> Result<Option<u8>> {
    let mut late: LocalBoxFuture<'_, ()> = Box::pin(std::future::pending());
    loop {
        tokio::select! {
            biased;
            ended = running.end() => return ended.map(Some).map_err(|error| {
                Error::failed("the command could not be waited for").caused_by(error)
            }),
            heard = signals.next() => {
                if heard.sent {
                    running.forward_signal(heard.signal);
                }
                if heard.ends && let Some(clock) = clock.take() {
                    late = clock.sleep(SHUTDOWN_GRACE);
                }
            }
            () = &mut late => return Ok(None),
        }
    }
}

/// Waits for the command's end, however long it takes.
async fn wait_for_exit(
    running: &mut dyn ChildProcess,
    signals: &mut dyn SignalStream,
) -> Result<u8> {
    loop {
        if let Some(code) = forward_signals_until_exit(running, signals, None).await? {
            return Ok(code);
        }
    }
}

fn environment<'e>(
    filled: Vec<(&'e str, &'e Secret)>,
    extra: &'e [(&'static str, Secret)],
) -> Vec<(&'e str, &'e Secret)> {
    let extra = extra.iter().map(|(name, value)| (*name, value));
    extra.chain(filled).collect()
}

/// In a sandbox, where the service is: its port is another one each time.
fn addresses(platform: &Platform, opened: &ResolvedProfile) -> Vec<(&'static str, Secret)> {
    if platform.addresses.is_empty() {
        return Vec::new();
    }
    let bases = opened.bases.iter();
    let urls: Vec<String> = bases
        .map(|(name, (url, _))| format!("{name}={}", url.as_str().trim_end_matches('/')))
        .collect();
    vec![
        (
            "KEYWRIGHT_PROVIDER",
            Secret::new(opened.manifest.name.clone()),
        ),
        ("KEYWRIGHT_BASE_URL", Secret::new(urls.join(","))),
    ]
}

/// Says why the command does not run; returns the exit code by which shells say it.
fn cannot_run(context: &Context<'_>, name: &OsString, error: &SpawnError) -> u8 {
    let name = one_line(&name.to_string_lossy());
    let told = match error {
        SpawnError::NotFound => Error::new(Kind::NotFound, format!("there is no command `{name}`"))
            .hint("give its whole path, or see that its folder is in PATH"),
        SpawnError::NotExecutable(why) => Error::failed(format!("cannot run `{name}`: {why}")),
    };
    context.reporter.error(&told);
    error.exit_code()
}
