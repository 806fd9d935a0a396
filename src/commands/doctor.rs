//! `keywright doctor`: what is in force, and whether a secret can be kept.

mod fix;
mod installation;
mod state_files;

use clap::Args;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::{Context, Run};
use crate::core::error::{Error, Kind, Result};
use crate::manifest::read_moment;
use crate::platform::files;
use crate::platform::{Header, HttpRequest, broken_proxy, proxy_variable};
use crate::profile::credential_index::{self, CredentialIndex};
use crate::profile::session::IDENTITY_VARIABLE;
use crate::profile::{self, Config, UntrustedPolicy};
use crate::report::output::Card;
use crate::rotation::journal;
use crate::service::TOLERATED_SKEW;
use crate::service::identity::IdentitySource;
use crate::store::StoreKind;
use crate::wal;

/// Check the credential store, paths, proxy and clock
#[derive(Debug, Args)]
#[command(after_help = "\
With --fix, files and folders of keywright become private and yours, as far as this user may change them. Locks that no
process holds and what killed writers left are removed. Each change is reported, and then everything is checked.

Examples:
  keywright doctor
  keywright doctor --fix
  keywright doctor --json")]
pub struct DoctorArgs {
    /// Repair modes and owners of files, and remove stale locks and remains
    #[arg(long)]
    fix: bool,
}

impl Run for DoctorArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        doctor(context, self.fix).await
    }
}

/// The longest that the service is waited for.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(5);

/// The result of one check.
#[derive(Serialize)]
struct CheckResult {
    name: &'static str,
    state: CheckState,
    detail: String,
    hints: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum CheckState {
    Ok,
    Warning,
    Failed,
}

impl CheckState {
    fn name(self) -> &'static str {
        match self {
            CheckState::Ok => "ok",
            CheckState::Warning => "warning",
            CheckState::Failed => "failed",
        }
    }
}

fn fine(name: &'static str, detail: impl Into<String>) -> CheckResult {
    CheckResult {
        name,
        state: CheckState::Ok,
        detail: detail.into(),
        hints: Vec::new(),
    }
}

fn odd(name: &'static str, state: CheckState, error: &Error) -> CheckResult {
    let mut detail = error.to_string();
    if let Some(cause) = std::error::Error::source(error) {
        detail = format!("{detail} ({cause})");
    }
    CheckResult {
        name,
        state,
        detail,
        hints: error.hints().to_vec(),
    }
}

/// Looks at everything; 0 only when a secret can be written, read back and deleted.
pub(super) async fn doctor(context: &Context<'_>, fix: bool) -> Result<u8> {
    let mut findings = vec![fine(
        "version",
        concat!("keywright ", env!("CARGO_PKG_VERSION")),
    )];
    if fix {
        findings.extend(fix::repair(context.platform));
    }
    findings.extend(folders(context));
    findings.extend(state_files::findings(context.platform));
    findings.push(config(context));
    findings.push(credentials(context));
    let chosen = context.choose_to_read().ok();
    let (kind, why) = context.store_in_force(chosen.as_ref())?;
    findings.push(fine("store", format!("{kind} ({why})")));
    let check = kind.check(context.platform);
    findings.extend(check.map(|(name, detail)| fine(name, detail)));
    findings.push(keeps_a_secret(context, kind));
    findings.extend(left_over(context, kind));
    findings.push(proxy(context));
    findings.push(clock(context).await);
    findings.extend(installation::findings(context.platform));
    let kept = findings
        .iter()
        .all(|finding| finding.state != CheckState::Failed);
    if context.reporter.json {
        context
            .reporter
            .json_value(&json!({ "ok": kept, "findings": findings }))?;
    } else {
        context.reporter.card(&card(&findings))?;
    }
    Ok(if kept { 0 } else { Kind::Store.exit_code() })
}

fn card(findings: &[CheckResult]) -> Card {
    let mut card = Card::new(13);
    for finding in findings {
        card.check(finding.state.name(), finding.name, &*finding.detail);
        for hint in &finding.hints {
            card.advice(&**hint);
        }
    }
    card
}

fn folders(context: &Context<'_>) -> Vec<CheckResult> {
    let dirs = &context.platform.dirs;
    [
        ("config", &dirs.config),
        ("state", &dirs.state),
        ("cache", &dirs.cache),
    ]
    .into_iter()
    .map(|(name, path)| folder(name, path))
    .collect()
}

fn folder(name: &'static str, path: &Path) -> CheckResult {
    let shown = format!("`{}`", path.display());
    let there = match files::check_own_folder(path) {
        Ok(there) => there,
        // The cache can be written another time.
        Err(error) if name == "cache" => return odd(name, CheckState::Warning, &error),
        Err(error) => return odd(name, CheckState::Failed, &error),
    };
    if !there {
        return fine(name, format!("{shown} (not there yet)"));
    }
    match files::refuse_if_shared(path) {
        Ok(()) => fine(name, shown),
        // Names and ids may be seen in the cache and the config; secrets are refused where they lie.
        Err(error) => odd(name, CheckState::Warning, &error),
    }
}

fn config(context: &Context<'_>) -> CheckResult {
    let path = Config::path(context.platform);
    match Config::load(context.platform) {
        Ok(config) => fine(
            "profiles",
            format!("{} in `{}`", config.profiles.len(), path.display()),
        ),
        Err(error) => odd("profiles", CheckState::Failed, &error),
    }
}

fn credentials(context: &Context<'_>) -> CheckResult {
    let env = &context.platform.env;
    let set = env.credentials();
    let empty = set.iter().find(|variable| env.get(variable).is_none());
    if let Some(empty) = empty {
        return CheckResult {
            state: CheckState::Warning,
            hints: vec![format!("set {empty} to a credential, or unset it")],
            ..fine(
                "credentials",
                format!("{empty} is set but empty, and no stored credential takes its place"),
            )
        };
    }
    let source = env.get(IDENTITY_VARIABLE).map(str::parse);
    let source: Result<Option<IdentitySource>> = source.transpose();
    if let Err(error) = source {
        let error = error.context(IDENTITY_VARIABLE);
        return odd("credentials", CheckState::Warning, &error);
    }
    if !set.is_empty() {
        return fine(
            "credentials",
            format!(
                "{} of the environment; no store is opened for calls",
                set.join(" and ")
            ),
        );
    }
    let kept = CredentialIndex::load(context.platform).and_then(|index| {
        let chosen = profile::select(
            context.platform,
            context.global.profile.as_deref(),
            UntrustedPolicy::Ignore(None),
        )?;
        let names: Vec<String> = index
            .of(&chosen.name)
            .map(|(name, _)| name.to_owned())
            .collect();
        Ok((chosen, names))
    });
    match kept {
        Ok((chosen, names)) if names.is_empty() => CheckResult {
            hints: vec![format!("log in: keywright login {}", chosen.saved.provider)],
            state: CheckState::Warning,
            ..fine(
                "credentials",
                format!("the profile `{}` has none", chosen.name),
            )
        },
        Ok((chosen, names)) => fine(
            "credentials",
            format!(
                "{} of the profile `{}` (by {})",
                names.join(" and "),
                chosen.name,
                chosen.decided
            ),
        ),
        Err(error) => odd("credentials", CheckState::Warning, &error),
    }
}

fn keeps_a_secret(context: &Context<'_>, kind: StoreKind) -> CheckResult {
    let name = "secret";
    let probe = || -> Result<String> {
        let store = context.stores.of(kind)?;
        wal::probe(&*store, context.platform)?;
        for notice in store.notices() {
            context.log.warn(&notice);
        }
        Ok(store.place())
    };
    match probe() {
        Ok(place) => fine(name, format!("written to {place}, read back and deleted")),
        Err(error) => odd(name, CheckState::Failed, &error),
    }
}

/// Deletes the remains of killed runs from the store. Reports nothing if there are none.
fn left_over(context: &Context<'_>, kind: StoreKind) -> Option<CheckResult> {
    let name = "left over";
    let clear = || -> Result<usize> {
        let items = credential_index::collect(context.platform, &context.stores, kind)?;
        // A new key is written while its record is open: what is unfinished comes first.
        let files = if journal::all(context.platform)?.is_empty() {
            credential_index::collect_files(context.platform, &context.stores, kind)?
        } else {
            0
        };
        Ok(items + files)
    };
    match clear() {
        Ok(0) => None,
        Ok(1) => Some(fine(name, "a secret of an interrupted run was deleted")),
        Ok(count) => Some(fine(
            name,
            format!("{count} secrets of interrupted runs were deleted"),
        )),
        Err(error) => Some(odd(name, CheckState::Warning, &error)),
    }
}

fn proxy(context: &Context<'_>) -> CheckResult {
    let (name, env) = ("proxy", &context.platform.env);
    if let Some(broken) = broken_proxy(env) {
        return CheckResult {
            state: CheckState::Warning,
            hints: vec![broken.way_out.to_owned()],
            ..fine(
                name,
                format!("{}: no request is sent to a service", broken.why),
            )
        };
    }
    // A proxy's address may hold its password: only the name is shown.
    match proxy_variable(env) {
        Some(variable) => fine(
            name,
            format!("the one in {variable}; not used for this machine"),
        ),
        None => fine(name, "none"),
    }
}

/// Compares this machine's clock with that of the profile's service; asks without a credential.
async fn clock(context: &Context<'_>) -> CheckResult {
    let name = "clock";
    let here = context.platform.clock.now();
    let quietly = UntrustedPolicy::Ignore(None);
    let chosen = profile::select(context.platform, context.global.profile.as_deref(), quietly);
    let Ok(opened) = chosen.and_then(|chosen| context.open_chosen(chosen)) else {
        let here = here.strftime("%Y-%m-%d %H:%M:%S UTC");
        return fine(name, format!("{here} (no profile to compare it with)"));
    };
    let Some((url, _)) = opened.bases.values().next() else {
        return fine(name, "no service to compare it with");
    };
    let request = HttpRequest {
        method: "HEAD".to_owned(),
        url: url.clone(),
        shown_url: url.to_string(),
        headers: vec![Header::plain("accept", "*/*")],
        body: None,
        identity: None,
        timeout: SERVICE_TIMEOUT,
    };
    let answer = match context.platform.http.send(&request).await {
        Ok(answer) => answer,
        Err(error) => {
            let error = Error::failed(format!(
                "{} cannot be reached: {error}",
                opened.manifest.name
            ));
            return odd(name, CheckState::Warning, &error);
        }
    };
    let there = answer
        .header("date")
        .and_then(|date| read_moment(&serde_json::Value::from(date)));
    let Some(there) = there else {
        return fine(
            name,
            format!("{} does not report the time", opened.manifest.name),
        );
    };
    let skew = there.duration_until(context.platform.clock.now());
    if skew.abs() <= TOLERATED_SKEW {
        return fine(name, format!("agrees with {}", opened.manifest.name));
    }
    let way = if skew.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    CheckResult {
        state: CheckState::Warning,
        hints: vec![
            "set the clock: tokens look expired, or not yet expired, when it is wrong".to_owned(),
        ],
        ..fine(
            name,
            format!("{} s {way} {}", skew.abs().as_secs(), opened.manifest.name),
        )
    }
}
