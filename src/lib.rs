//! keywright: one command for the whole life of an API key.
//!
//! The program is the interface, and [`main`] is all that it needs of the library. Everything else is public for the tests
//! alone, hidden here, and may change in any version.
//!
//! The modules are declared in the order of their dependencies: each imports only those before it.

#[doc(hidden)]
pub mod core;
#[doc(hidden)]
pub mod platform;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod manifest;
#[doc(hidden)]
pub mod providers;
#[doc(hidden)]
pub mod service;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod store;
#[doc(hidden)]
pub mod wal;
#[doc(hidden)]
pub mod destination;
#[doc(hidden)]
pub mod hook;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod api;
#[doc(hidden)]
pub mod rotation;
#[doc(hidden)]
pub mod audit;
#[doc(hidden)]
pub mod authoring;
#[doc(hidden)]
pub mod docs;
#[cfg(feature = "sandbox")]
#[doc(hidden)]
pub mod sandbox;
#[doc(hidden)]
pub mod commands;

// The test doubles refer to the crate by its name, as they do in the tests of whole commands.
#[cfg(test)]
extern crate self as keywright;
#[cfg(test)]
#[path = "../tests/support/doubles/mod.rs"]
#[expect(dead_code, reason = "whole commands and the simulation use the rest")]
mod doubles;

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::rc::Rc;
use std::task::{Poll, Waker};

use clap::CommandFactory;

use commands::{Cli, Context};
use core::advice::RepeatedFlags;
use core::error::{Error, Kind};
use core::untrusted::shell_argument;
use platform::{Platform, SharedState, native};
use profile::Config;
use report::log::Log;
use report::output::Reporter;
use store::Stores;

/// Runs the command line of this process; returns the exit code.
pub fn main() -> ExitCode {
    native::harden();
    let platform = native::platform();
    let cli = match parse(std::env::args_os(), &platform) {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let mut work = Box::pin(run_parsed(&cli, &platform));
    // A token that is available is printed at once; only a command that waits needs an event loop.
    if matches!(cli.command, commands::Command::Token(_))
        && let Poll::Ready(code) = work
            .as_mut()
            .poll(&mut std::task::Context::from_waker(Waker::noop()))
    {
        drop(work);
        // The system frees the memory at once; freeing it piece by piece takes longer than the command.
        std::mem::forget((cli, platform));
        return ExitCode::from(code);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => ExitCode::from(runtime.block_on(work)),
        Err(error) => {
            platform
                .terminal
                .write_stderr(&format!("error: the system gives no event loop: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Parses one command line, its program name first. Help, version and usage errors are printed here, with their exit
/// code.
#[doc(hidden)]
pub fn parse(args: impl IntoIterator<Item = OsString>, platform: &Platform) -> Result<Cli, u8> {
    let args: Vec<OsString> = args.into_iter().collect();
    match docs::completions::answer(platform, &args, Cli::command) {
        Ok(false) => {}
        Ok(true) => return Err(0),
        Err(error) => return Err(error.kind().exit_code()),
    }
    if let [_, only] = args.as_slice()
        && (only == "--version" || only == "-V" || only == "version")
    {
        // Scripts ask for the version at every start: one line does not need the whole grammar.
        return Err(print_and_exit(platform, commands::VERSION_LINE));
    }
    if let [_, help, topic] = args.as_slice()
        && help == "help"
        && let Some(text) = topic.to_str().and_then(docs::topics::topic)
    {
        return Err(print_and_exit(platform, &text));
    }
    if let Some(cli) = commands::token_line(&args) {
        return Ok(cli);
    }
    commands::parse_line(&args).map_err(|error| report_usage_error(&error, &args, platform))
}

/// Runs one command line, its program name first; returns the exit code.
#[doc(hidden)]
pub async fn run(args: impl IntoIterator<Item = OsString>, platform: &Platform) -> u8 {
    match parse(args, platform) {
        Ok(cli) => Box::pin(run_parsed(&cli, platform)).await,
        Err(code) => code,
    }
}

/// Runs a parsed command; returns the exit code.
async fn run_parsed(cli: &Cli, platform: &Platform) -> u8 {
    let log = Log::new(
        platform.terminal.clone(),
        cli.global.quiet,
        cli.global.verbose,
    );
    let mut platform = platform.clone();
    platform.terminal = log.gated_terminal();
    if let Some(file) = &cli.global.project {
        platform.env = platform.env.with("KEYWRIGHT_PROJECT", file);
    }
    let platform = &platform;
    let hearing = signal_handling(&cli.command);
    let tell = || log.note(commands::WAITING);
    let (error, signal) = tokio::select! {
        // A prompt handles Ctrl-C itself and restores the terminal, so it comes first.
        biased;
        outcome = with_sandbox(cli, platform, &log) => match outcome {
            Ok(code) => return native::deferred_signal().map_or(code, exit_code_of_signal),
            Err(error) => (error, native::deferred_signal()),
        },
        signal = native::interrupt(hearing == SignalHandling::Always, &tell), if hearing != SignalHandling::ByItself => {
            (interrupted(platform), Some(signal))
        }
    };
    reporter(cli, platform, &log).error(&error);
    signal.map_or_else(|| error.kind().exit_code(), exit_code_of_signal)
}

/// Returns the exit code with which shells report that a signal ended a command.
fn exit_code_of_signal(signal: u8) -> u8 {
    128_u8.saturating_add(signal)
}

/// The reaction of a command to signals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SignalHandling {
    /// Ctrl-C ends it.
    Always,
    /// The program that it runs receives them, except during a call that precedes it.
    WhileOut,
    /// The command handles them: a key that is tested or leased is revoked first.
    ByItself,
}

fn signal_handling(command: &commands::Command) -> SignalHandling {
    use commands::{Command, ProvidersCommand};
    match command {
        Command::Exec(args) if args.lease => SignalHandling::ByItself,
        Command::Exec(_) => SignalHandling::WhileOut,
        Command::Providers(args) => match &args.command {
            Some(ProvidersCommand::Check(check)) if check.live => SignalHandling::ByItself,
            _ => SignalHandling::Always,
        },
        _ => SignalHandling::Always,
    }
}

/// Returns the error for Ctrl-C. A key may be in progress, so the error says how to resume.
fn interrupted(platform: &Platform) -> Error {
    let error = Error::cancelled();
    match rotation::journal::all(platform) {
        Ok(unfinished) if !unfinished.is_empty() => {
            error.hint("list the unfinished rotations: keywright rotations")
        }
        _ => error,
    }
}

fn reporter<'a>(cli: &Cli, platform: &'a Platform, log: &'a Log) -> Reporter<'a> {
    Reporter::new(platform, log, cli.global.json, cli.global.color.wanted())
}

#[cfg(feature = "sandbox")]
async fn with_sandbox(cli: &Cli, platform: &Platform, log: &Log) -> core::error::Result<u8> {
    use commands::sandbox;
    let serves = matches!(cli.command, commands::Command::Sandbox(_));
    if serves || !sandbox::is_wanted(&cli.global, platform) {
        return Box::pin(dispatch(cli, platform, log)).await;
    }
    let (_sandbox, inside) = sandbox::enter(platform, log).await?;
    Box::pin(dispatch(cli, &inside, log)).await
}

#[cfg(not(feature = "sandbox"))]
async fn with_sandbox(cli: &Cli, platform: &Platform, log: &Log) -> core::error::Result<u8> {
    if cli.global.sandbox {
        return Err(Error::usage("this keywright was built without its sandbox"));
    }
    dispatch(cli, platform, log).await
}

async fn dispatch(cli: &Cli, platform: &Platform, log: &Log) -> core::error::Result<u8> {
    let silent = cli.global.no_input
        || platform.env.get("KEYWRIGHT_NO_INPUT").is_some()
        || platform.env.flag("CI");
    log.repeat_flags(repeated_flags(cli, platform));
    let told = log.clone();
    let limit = cli.global.timeout.map(manifest::Span::duration);
    platform
        .lock_deadline
        .begin(limit, move |text| told.note(text));
    let may_ask = !silent && platform.terminal.can_ask();
    if let Some(wanted) = cli.global.color.wanted() {
        platform.terminal.use_color(wanted);
    }
    let mut shared = platform.clone();
    if shared.shared_state.is_none() {
        shared.shared_state = open_shared_state(&shared, log)?;
    }
    let platform = &shared;
    let context = Context {
        platform,
        reporter: reporter(cli, platform, log),
        log,
        global: &cli.global,
        stores: Stores::new(platform, may_ask),
        may_ask,
        started: platform.clock.now(),
    };
    Box::pin(commands::run(&cli.command, &context)).await
}

/// Opens the state that machines share, if `KEYWRIGHT_STATE` or the configuration names it.
fn open_shared_state(
    platform: &Platform,
    log: &Log,
) -> core::error::Result<Option<Rc<dyn SharedState>>> {
    if platform.env.get(engine::PLACE_VARIABLE).is_some() {
        return engine::open(platform, log);
    }
    let place = match Config::load(platform) {
        Ok(config) => config.state.vault,
        // A command that needs no configuration works without one that can be read, but never at another place.
        Err(error) if Config::may_name_state(platform) => return Err(error),
        Err(_) => None,
    };
    place.map_or(Ok(None), |place| engine::open_at(platform, log, place))
}

/// Returns the flags of this run without which a suggested command would mean something else.
fn repeated_flags(cli: &Cli, platform: &Platform) -> RepeatedFlags {
    let global = &cli.global;
    let project = global.project.as_ref().map(|file| match file.as_str() {
        "" => "--project ''".to_owned(),
        file => format!("--project {}", shell_argument(file)),
    });
    let sandbox = global.sandbox.then(|| "--sandbox".to_owned());
    // A profile that does not exist decides nothing.
    let exists = |name: &&String| {
        Config::load(platform).is_ok_and(|config| config.profiles.contains_key(*name))
    };
    RepeatedFlags {
        always: sandbox.into_iter().chain(project).collect(),
        profile: global.profile.as_ref().filter(exists).cloned(),
        login: None,
    }
}

/// Prints a text that needs no command; returns the exit code.
fn print_and_exit(platform: &Platform, text: &str) -> u8 {
    match platform.terminal.write_stdout(text.as_bytes()) {
        // A closed pager needs no more output.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Kind::Failed.exit_code(),
        _ => 0,
    }
}

/// Prints help and version as results; everything else is a usage error.
fn report_usage_error(error: &clap::Error, args: &[OsString], platform: &Platform) -> u8 {
    if !error.use_stderr() {
        let text = if platform.terminal.stdout_is_terminal() && platform.env.allows_color() {
            error.render().ansi().to_string()
        } else {
            error.render().to_string()
        };
        return print_and_exit(platform, &text);
    }
    let log = Log::new(platform.terminal.clone(), false, false);
    if args.iter().any(|argument| argument == "--json") {
        let text = without_secrets(&error.render().to_string(), args);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let message = lines.next().unwrap_or_default();
        let message = message
            .strip_prefix("error: ")
            .unwrap_or(message)
            .to_owned();
        let hints = lines.map(|line| line.trim().to_owned());
        let error = Error::usage(message).with_hints(hints);
        Reporter::new(platform, &log, true, Some(false)).error(&error);
    } else if platform.terminal.stderr_is_terminal() && platform.env.allows_color() {
        let text = error.render().ansi().to_string();
        platform
            .terminal
            .write_stderr(&without_secrets(&text, args));
    } else {
        let text = error.render().to_string();
        platform
            .terminal
            .write_stderr(&without_secrets(&text, args));
    }
    Kind::Usage.exit_code()
}

/// Removes arguments that look like secrets from a usage error: one may have been typed by mistake.
fn without_secrets(text: &str, args: &[OsString]) -> String {
    let arguments = args.iter().skip(1).filter_map(|argument| argument.to_str());
    let values = arguments.flat_map(|argument| {
        let value = argument.split_once('=').map(|(_, value)| value);
        [Some(argument), value].into_iter().flatten()
    });
    values
        .filter(|word| {
            core::untrusted::looks_like_secret(word)
                || word.contains(core::untrusted::is_unsafe_char)
        })
        .fold(text.to_owned(), |text, word| {
            text.replace(word, &core::untrusted::mask_typed_secret(word))
        })
}
