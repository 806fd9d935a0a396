//! `keywright providers new`: a manifest to go on from, out of a few answers or the description of an API.

mod from_openapi;
mod questions;

use std::path::PathBuf;

use crate::commands::arguments::pair;
use clap::Args;
use serde_json::json;

use super::super::Context;
use crate::authoring::diagnostics::diagnose;
use crate::authoring::draft::{self, KeyPlacement};
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::one_line;
use crate::manifest::{BasicAuthPart, Pointer};
use crate::platform::files::{self, FileLock};
use crate::providers;
use questions::Questions;

/// Write a manifest for a new service from a few answers, or from the description of its API
#[derive(Debug, Args)]
pub struct ProvidersNewArgs {
    /// Name of the provider in commands, and of the file
    pub name: String,
    /// Description of its API to write it from, YAML or JSON (3.0, 3.1 or Swagger 2), or - for stdin
    #[arg(
        long,
        value_name = "OPENAPI",
        conflicts_with_all = [
            "list", "items", "id", "named", "create", "expiry", "revoke", "verify", "variable", "with_header", "part",
            "login", "exchange", "wrapper"
        ]
    )]
    pub from: Option<PathBuf>,
    /// Path in that document under which the keys are [default: the likeliest]
    #[arg(long, value_name = "PATH", requires = "from")]
    pub resource: Option<String>,
    /// Display name of the service
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Base URL: https://…, with `{var.NAME}` for a part that differs between users
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Title of a variable that a URL, a path or a header names as `{var.NAME}` (repeatable) [default: its name]
    #[arg(long, value_name = "NAME=TITLE", value_parser = pair)]
    pub variable: Vec<(String, String)>,
    /// Header of every call beside the key: `X-Org-Id: {var.org}` (repeatable)
    #[arg(long, value_name = "NAME: VALUE")]
    pub with_header: Vec<String>,
    /// Header that carries the key, with its scheme: `X-Api-Key`, `Authorization: Bearer`
    #[arg(long, value_name = "NAME[: SCHEME]", conflicts_with_all = ["query", "basic"])]
    pub header: Option<String>,
    /// Query parameter that carries the key
    #[arg(long, value_name = "NAME", conflicts_with = "basic")]
    pub query: Option<String>,
    /// Part of HTTP Basic that carries the key
    #[arg(long, value_enum, value_name = "HALF")]
    pub basic: Option<BasicAuthPart>,
    /// Part of a key that has several, in its own header or, without any, in HTTP Basic (repeatable)
    #[arg(long, value_name = "NAME[=HEADER[: SCHEME]]", conflicts_with_all = ["header", "query", "basic"])]
    pub part: Vec<String>,
    /// Request that logs in with a user and a password, for a token [default method: POST]
    #[arg(long, value_name = "[METHOD ]PATH", group = "token_call")]
    pub login: Option<String>,
    /// Body field for the user [default: /email]
    #[arg(long, value_name = "POINTER", requires = "login")]
    pub login_user: Option<String>,
    /// Body field for the password [default: /password]
    #[arg(long, value_name = "POINTER", requires = "login")]
    pub login_password: Option<String>,
    /// Request that exchanges the key for a token [default method: POST]
    #[arg(long, value_name = "[METHOD ]PATH", group = "token_call")]
    pub exchange: Option<String>,
    /// JSON Pointer to the token in its response
    #[arg(long, value_name = "POINTER", requires = "token_call")]
    pub token: Option<String>,
    /// JSON Pointer to the expiry of the token, and its format: `/expires_in=seconds`
    #[arg(long, value_name = "POINTER=FORM", value_parser = pair, requires = "token_call")]
    pub token_expiry: Option<(String, String)>,
    /// Header that carries the token [default: `Authorization: Bearer`]
    #[arg(long, value_name = "NAME[: SCHEME]", requires = "token_call")]
    pub token_header: Option<String>,
    /// Request that lists keys [default method: GET]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub list: Option<String>,
    /// JSON Pointer to the list in its response [default: the whole response]
    #[arg(long, value_name = "POINTER")]
    pub items: Option<String>,
    /// JSON Pointer to the id of a key
    #[arg(long, value_name = "POINTER")]
    pub id: Option<String>,
    /// JSON Pointer to the name of a key
    #[arg(long, value_name = "POINTER")]
    pub named: Option<String>,
    /// Request that creates a key [default method: POST]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub create: Option<String>,
    /// JSON Pointer to the new secret in its response; of a key in parts to each of them (repeatable)
    #[arg(long, value_name = "[PART=]POINTER")]
    pub secret: Vec<String>,
    /// JSON Pointer to the object with the new key in its response [default: the whole response]
    #[arg(long, value_name = "POINTER", requires = "create")]
    pub wrapper: Option<String>,
    /// Body field for the expiry of a key, and its format: `/expires_in=seconds`
    #[arg(long, value_name = "POINTER=FORM", value_parser = pair)]
    pub expiry: Option<(String, String)>,
    /// Request that revokes a key, with `{id}` in it [default method: DELETE]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub revoke: Option<String>,
    /// Request that tests a key [default: the list request]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub verify: Option<String>,
    /// URL of the API documentation
    #[arg(long, value_name = "URL")]
    pub docs: Option<String>,
    /// URL of the page to manage keys by hand
    #[arg(long, value_name = "URL")]
    pub dashboard: Option<String>,
}

impl ProvidersNewArgs {
    /// Returns the placement of a key that the flags give.
    fn placement(&self) -> Result<Option<KeyPlacement>> {
        let header = self.header.as_deref().map(KeyPlacement::header);
        let whole = header
            .or_else(|| self.query.clone().map(KeyPlacement::Query))
            .or_else(|| self.basic.map(KeyPlacement::Basic));
        match &self.part[..] {
            [] => Ok(whole),
            parts => in_parts(parts).map(Some),
        }
    }
}

/// Returns the placement of a key with these parts.
fn in_parts(parts: &[String]) -> Result<KeyPlacement> {
    let headers: Option<Vec<_>> = parts
        .iter()
        .map(|said| {
            let (part, header) = said.split_once('=')?;
            let (name, scheme) = draft::header_line(header);
            Some((part.trim().to_owned(), name, scheme))
        })
        .collect();
    match (headers, parts) {
        (Some(headers), [_, _, ..]) => Ok(KeyPlacement::Headers(headers)),
        (None, [user, password]) if !format!("{user}{password}").contains('=') => {
            Ok(KeyPlacement::Pair(user.clone(), password.clone()))
        }
        _ => Err(Error::usage(
            "the parts of a key are two or more with a header each, or the user name and the password of HTTP Basic",
        )
        .hint("such as: --part id=X-Client-Id --part secret=X-Client-Secret")
        .hint("or: --part id --part secret")),
    }
}

/// Writes the manifest.
pub(super) async fn new(args: &ProvidersNewArgs, context: &Context<'_>) -> Result<u8> {
    let name = &args.name;
    check_name(name, context)?;
    let day = context.started.strftime("%Y-%m-%d").to_string();
    let text = if let Some(from) = &args.from {
        Box::pin(from_openapi::text(args, from, &day, context)).await?
    } else {
        let placement = args.placement()?;
        if !context.may_ask {
            check_whole(args, placement.as_ref())?;
        }
        let answers = Questions { args, context }.all(placement)?;
        draft::of(name, &day, &answers)
    };
    write(name, &text, context)
}

/// Writes the file, unless the text is no manifest.
fn write(name: &str, text: &str, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    if let Some(mistake) = diagnose(text, None).mistakes.first() {
        return Err(Error::usage(format!(
            "these answers make no manifest: {}: {}",
            mistake.path.join("."),
            mistake.message
        ))
        .with_hints(mistake.fix.clone()));
    }
    let path = providers::folder(platform).join(format!("{name}.toml"));
    let lock = FileLock::acquire(&files::lock_path(&path), &context.platform.lock_deadline)?;
    if path.exists() {
        return Err(taken(name, &path.display().to_string()));
    }
    files::write_private(&path, text.as_bytes(), &lock)?;
    let next = format!("keywright providers check {name}");
    if context.reporter.json {
        let path = path.display().to_string();
        let answer = json!({ "name": name, "file": path, "next": next });
        context.reporter.json_value(&answer)?;
    } else {
        context.reporter.text(&format!("{}\n", path.display()))?;
    }
    context.log.note(&format!(
        "next: look it over, record an example of each call in it, then: {next}"
    ));
    Ok(0)
}

fn check_name(name: &str, context: &Context<'_>) -> Result<()> {
    if !providers::is_name(name) {
        return Err(
            Error::usage(format!("`{}` cannot name a service", one_line(name)))
                .hint("letters, digits, `-`, `_` and `.`, at most 64 of them"),
        );
    }
    let known = providers::names(context.platform)?;
    match known.into_iter().find(|(known, _)| known == name) {
        None => Ok(()),
        Some((_, providers::ManifestOrigin::User(path))) => {
            Err(taken(name, &path.display().to_string()))
        }
        Some((_, providers::ManifestOrigin::BuiltIn)) => Err(Error::new(
            Kind::Conflict,
            format!("`{name}` is built in"),
        )
        .hint(format!(
            "to change it, write what differs below `extends = \"{name}\"`: man keywright-manifest"
        ))),
    }
}

fn taken(name: &str, path: &str) -> Error {
    Error::new(
        Kind::Conflict,
        format!("there is a manifest of `{name}` already: {path}"),
    )
    .hint(format!(
        "to find the mistake: keywright providers check {name}"
    ))
}

/// Names every missing flag if prompts are disabled.
fn check_whole(args: &ProvidersNewArgs, placement: Option<&KeyPlacement>) -> Result<()> {
    let needs_id = args.list.is_some() || args.revoke.is_some();
    let needs_token = args.login.is_some() || args.exchange.is_some();
    let missing: Vec<&str> = [
        (args.title.is_none(), "`--title`"),
        (args.url.is_none(), "`--url`"),
        (
            placement.is_none(),
            "one of `--header`, `--query`, `--basic` and `--part`",
        ),
        (needs_token && args.token.is_none(), "`--token`"),
        (needs_id && args.id.is_none(), "`--id`"),
        (
            args.create.is_some() && args.secret.is_empty(),
            "`--secret`",
        ),
    ]
    .into_iter()
    .filter_map(|(is_missing, flag)| is_missing.then_some(flag))
    .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::usage(format!(
        "a manifest needs more than that: {} is missing",
        missing.join(", ")
    ))
    .hint("at a terminal you are prompted: keywright providers new NAME"))
}

/// Reads a JSON Pointer.
fn pointer(flag: &str, said: &str) -> Result<String> {
    match said.parse::<Pointer>() {
        Ok(_) => Ok(said.to_owned()),
        Err(why) => Err(Error::usage(format!("{flag}: {why}"))
            .hint("a JSON Pointer leads through the response from its top: `/data/0/id`")),
    }
}

/// Reads an address.
fn address(flag: &str, said: &str) -> Result<String> {
    // A variable may be all of the host.
    let filled = said.replace(['{', '}'], "");
    if said.starts_with("https://") && url::Url::parse(&filled).is_ok() {
        return Ok(said.to_owned());
    }
    Err(Error::usage(format!(
        "{flag}: `{said}` is not a URL: write `https://…`"
    )))
}
