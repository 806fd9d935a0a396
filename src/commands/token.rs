//! `keywright token`, `exchange` and `refresh`.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, Run, rotations};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::manifest::{CredentialKind, DEFAULT_SERVER, Placement, Span};
use crate::profile::session::Credential;
use crate::providers;
use crate::report::output::relative;

/// Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H @<(keywright token --header) https://api.example.com/v1/models
  keywright token --min-ttl 5m")]
pub struct TokenArgs {
    /// Minimum remaining lifetime of the token
    #[arg(long, value_name = "D")]
    pub min_ttl: Option<Span>,
    /// Print it as an HTTP header
    #[arg(long)]
    pub header: bool,
}

/// Exchange the long-lived key for a short-lived token, and store it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright exchange
  keywright -p sieve exchange --json")]
pub struct ExchangeArgs {}

impl Run for ExchangeArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        exchange(context).await
    }
}

/// Get a new access token, and store it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright refresh
  keywright -p siati refresh --json")]
pub struct RefreshArgs {}

impl Run for RefreshArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        refresh(context).await
    }
}

impl Run for TokenArgs {
    /// Prints a credential that is valid now: a token, or the key where the service has none.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let mut chosen = context.choose()?;
        // Scripts ask before every call, and most of the time it is there: what the service can do need not be known then.
        let stands = !rotations::may_have_ended(context.platform, &chosen.name)?;
        if stands && let Some(face) = providers::header(&chosen.saved.provider, context.platform)? {
            let opened = context.open_with(chosen, face)?;
            let printed = context
                .with_client(&opened, async |client| {
                    let held = at_hand(client, self)?;
                    held.map(|held| print(self, context, client, &held))
                        .transpose()
                })
                .await?;
            if let Some(code) = printed {
                return Ok(code);
            }
            chosen = opened.chosen;
        }
        let opened = context.open_chosen(chosen)?;
        context
            .with_client(&opened, async |client| {
                let held = valid(client, self.min_ttl).await?;
                let has_tokens = client.service.manifest.credential_of(CredentialKind::Token);
                if held.kind == CredentialKind::Key && has_tokens.is_some() {
                    client.log.note(&format!(
                        "the profile `{}` has no token: this is its key",
                        client.profile
                    ));
                }
                print(self, context, client, &held)
            })
            .await
    }
}

/// Returns a token that is there and fresh; the key where the service has no tokens.
fn at_hand(client: &ApiClient<'_>, args: &TokenArgs) -> Result<Option<Credential>> {
    let manifest = client.service.manifest;
    let min_ttl = args.min_ttl.map(Span::duration);
    let mut kinds = [CredentialKind::Token, CredentialKind::Key].into_iter();
    let kind = kinds.find(|kind| manifest.credential_of(*kind).is_some());
    for name in kind
        .into_iter()
        .flat_map(|kind| manifest.credentials_of(kind))
    {
        if let Some(held) = client.session.fresh_or_none(name, min_ttl)? {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

/// Returns a credential that is valid now, and for at least `span`: a token, or the key where the service has none.
pub(super) async fn valid(client: &ApiClient<'_>, span: Option<Span>) -> Result<Credential> {
    rotations::must_stand(client).await?;
    let manifest = client.service.manifest;
    let min_ttl = span.map(Span::duration);
    let names = |kind: CredentialKind| -> Vec<String> {
        manifest.credentials_of(kind).map(str::to_owned).collect()
    };
    let tokens = names(CredentialKind::Token);
    let keys = names(CredentialKind::Key);
    for name in &tokens {
        if let Some(held) = client.session.valid(name, min_ttl).await? {
            return lasts_long_enough(client, span, held);
        }
    }
    for name in &keys {
        if let Some(held) = client.session.valid(name, None).await? {
            return Ok(held);
        }
    }
    let all: Vec<String> = tokens.into_iter().chain(keys).collect();
    client
        .session
        .credential(&all)
        .await?
        .ok_or_else(|| Error::new(Kind::Auth, "there is no token"))
}

fn lasts_long_enough(
    client: &ApiClient<'_>,
    span: Option<Span>,
    held: Credential,
) -> Result<Credential> {
    let (Some(span), Some(end)) = (span, held.expires_at) else {
        return Ok(held);
    };
    let now = client.service.now();
    if span.after(now).is_some_and(|wanted| end >= wanted) {
        return Ok(held);
    }
    Err(Error::new(
        Kind::Auth,
        format!(
            "the newest token expires {}, before the {span} that `--min-ttl` asks for",
            relative(Some(end), now)
        ),
    )
    .hint(format!(
        "ask for less; {} gives tokens no longer life",
        client.service.name()
    )))
}

fn print(
    args: &TokenArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
    held: &Credential,
) -> Result<u8> {
    let base = base_of(client, &held.name);
    if context.reporter.json {
        let value = json!({
            "token": held.secret.as_json(),
            "type": type_of(client, &held.name),
            "expires_at": held.expires_at,
        });
        return deliver(context, &value.to_string());
    }
    if args.header {
        let headers = client
            .service
            .carrying_headers(&held.credential_ref(), &base)?;
        if headers.is_empty() {
            return Err(Error::usage(format!(
                "{} does not take this credential in a header",
                client.service.name()
            )));
        }
        let lines: Vec<String> = headers
            .iter()
            .map(crate::platform::Header::as_line)
            .collect();
        return deliver(context, &lines.join("\n"));
    }
    arrived(context.reporter.secret(&held.secret))
}

fn deliver(context: &Context<'_>, text: &str) -> Result<u8> {
    let line = zeroize::Zeroizing::new(format!("{text}\n"));
    arrived(context.platform.terminal.write_secret(line.as_bytes()))
}

/// Returns the exit code of an answer. A reader that has gone wants none, and the token is still in its store.
fn arrived(written: std::io::Result<()>) -> Result<u8> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::failed("cannot write the token to stdout").caused_by(error))
        }
        _ => Ok(0),
    }
}

/// Returns the base whose calls take the credential.
fn base_of(client: &ApiClient<'_>, name: &str) -> String {
    let bases = &client.service.manifest.servers;
    let takes = |base: &String| bases[base].auth.iter().any(|used| used == name);
    let usual = DEFAULT_SERVER.to_owned();
    if bases.contains_key(&usual) && takes(&usual) {
        return usual;
    }
    bases
        .keys()
        .find(|base| takes(base))
        .cloned()
        .unwrap_or(usual)
}

/// Returns the word before the token in its header, as OAuth calls it; `api_key` where there is none.
fn type_of(client: &ApiClient<'_>, name: &str) -> String {
    let scheme = client
        .service
        .manifest
        .credentials
        .get(name)
        .and_then(|spec| {
            spec.placements.iter().find_map(|place| match place {
                Placement::Header(header) => header.scheme.clone(),
                Placement::Basic(_) => Some("Basic".to_owned()),
                _ => None,
            })
        });
    scheme.unwrap_or_else(|| "api_key".to_owned())
}

/// Exchanges the key for a token and keeps it.
pub(super) async fn exchange(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let kept = context
        .with_client(&opened, async |client| client.session.exchange_now().await)
        .await?;
    tell(context, "exchanged the key for a token", kept)
}

/// Refreshes the token and keeps it.
pub(super) async fn refresh(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let kept = context
        .with_client(&opened, async |client| client.session.refresh_now().await)
        .await?;
    tell(context, "refreshed the token", kept)
}

fn tell(context: &Context<'_>, what: &str, kept: (Option<Timestamp>, String)) -> Result<u8> {
    let (expires_at, place) = kept;
    if context.reporter.json {
        context
            .reporter
            .json_value(&json!({ "expires_at": expires_at, "stored_in": Value::from(place) }))?;
        return Ok(0);
    }
    let until = expires_at.map_or_else(String::new, |_| {
        format!(
            ", which expires {}",
            relative(expires_at, context.platform.clock.now())
        )
    });
    context
        .log
        .note(&format!("{what}{until}; it is stored in {place}"));
    Ok(0)
}
