//! `keywright providers new`: a manifest to go on from, out of a few answers or the description of an API.

mod from_openapi;

use std::path::PathBuf;

use crate::commands::arguments::pair;
use clap::Args;
use serde_json::json;

use super::super::Context;
use crate::authoring::diagnostics::diagnose;
use crate::authoring::draft::{self, CallLine, KeyPlacement, ServiceAnswers};
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::one_line;
use crate::manifest::{BasicAuthPart, Encode, Pointer};
use crate::platform::files::{self, FileLock};
use crate::platform::{ask_optional_until, ask_until};
use crate::providers;

/// Write a manifest for a new service from a few answers, or from the description of its API
#[derive(Debug, Args)]
pub struct ProvidersNewArgs {
    /// Name of the provider in commands, and of the file
    pub name: String,
    /// Description of its API to write it from, YAML or JSON (3.0, 3.1 or Swagger 2), or - for stdin
    #[arg(
        long,
        value_name = "OPENAPI",
        conflicts_with_all = ["list", "items", "id", "named", "create", "expiry", "revoke", "verify"]
    )]
    pub from: Option<PathBuf>,
    /// Path in that document under which the keys are [default: the likeliest]
    #[arg(long, value_name = "PATH", requires = "from")]
    pub resource: Option<String>,
    /// Display name of the service
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Base URL: https://…
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Header that carries the key, with its scheme: `X-Api-Key`, `Authorization: Bearer`
    #[arg(long, value_name = "NAME[: SCHEME]", conflicts_with_all = ["query", "basic"])]
    pub header: Option<String>,
    /// Query parameter that carries the key
    #[arg(long, value_name = "NAME", conflicts_with = "basic")]
    pub query: Option<String>,
    /// Part of HTTP Basic that carries the key
    #[arg(long, value_enum, value_name = "HALF")]
    pub basic: Option<BasicAuthPart>,
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
    /// JSON Pointer to the new secret in its response
    #[arg(long, value_name = "POINTER")]
    pub secret: Option<String>,
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
    fn placement(&self) -> Option<KeyPlacement> {
        let header = self.header.as_deref().map(KeyPlacement::header);
        header
            .or_else(|| self.query.clone().map(KeyPlacement::Query))
            .or_else(|| self.basic.map(KeyPlacement::Basic))
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
        if !context.may_ask {
            check_whole(args)?;
        }
        draft::of(name, &day, &Questions { args, context }.all()?)
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
fn check_whole(args: &ProvidersNewArgs) -> Result<()> {
    let carried = args.placement().is_some();
    let needs_id = args.list.is_some() || args.revoke.is_some();
    let missing: Vec<&str> = [
        (args.title.is_none(), "`--title`"),
        (args.url.is_none(), "`--url`"),
        (!carried, "one of `--header`, `--query` and `--basic`"),
        (needs_id && args.id.is_none(), "`--id`"),
        (args.create.is_some() && args.secret.is_none(), "`--secret`"),
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

/// The placements of a key, as the prompt offers them.
const PLACEMENTS: [&str; 5] = [
    "Authorization: Bearer KEY",
    "another header",
    "a parameter of the address: ?NAME=KEY",
    "HTTP Basic: the key is the user name",
    "HTTP Basic: the key is the password",
];

/// The source of answers: flags first, then prompts.
struct Questions<'a> {
    args: &'a ProvidersNewArgs,
    context: &'a Context<'a>,
}

impl Questions<'_> {
    fn all(&self) -> Result<ServiceAnswers> {
        let args = self.args;
        let title = self.needed(args.title.as_ref(), "Display name of the service", |said| {
            Ok(said.to_owned())
        })?;
        let url = self.needed(args.url.as_ref(), "Base URL (https://…)", |said| {
            let url = address("--url", said.trim_end_matches('/'))?;
            try_out(|answers| answers.url.clone_from(&url)).map(|()| url)
        })?;
        let carried = self.carried()?;
        let list = self.call(
            args.list.as_ref(),
            "GET",
            "Request that lists keys ([METHOD ]PATH, or nothing)",
            |answers, call| answers.list = Some(call),
        )?;
        let items = match list {
            Some(_) => self.pointer("--items", args.items.as_ref(), "JSON Pointer to the list in its response (such as /data; nothing: the whole response)")?,
            None => None,
        };
        let revoke = self.call(
            args.revoke.as_ref(),
            "DELETE",
            "Request that revokes a key ([METHOD ]PATH with {id}, or nothing)",
            |answers, call| answers.revoke = Some(call),
        )?;
        let (mut id, mut named) = (None, None);
        if list.is_some() || revoke.is_some() {
            id = self.pointer(
                "--id",
                args.id.as_ref(),
                "JSON Pointer to the id of a key (/id)",
            )?;
            id = id.or_else(|| self.context.may_ask.then(|| "/id".to_owned()));
            named = self.pointer(
                "--named",
                args.named.as_ref(),
                "JSON Pointer to the name of a key (/name, or nothing)",
            )?;
        }
        let create = self.call(
            args.create.as_ref(),
            "POST",
            "Request that creates a key ([METHOD ]PATH, or nothing)",
            |answers, call| {
                answers.create = Some(call);
                answers.secret = Some("/secret".to_owned());
            },
        )?;
        let (mut secret, mut expiry) = (None, None);
        if create.is_some() {
            secret = Some(self.needed(
                args.secret.as_ref(),
                "JSON Pointer to the new secret in its response (such as /key)",
                |said| pointer("--secret", said),
            )?);
            expiry = self.expiry()?;
        }
        let docs = self.optional(
            args.docs.as_ref(),
            "URL of the API documentation (or nothing)",
            |said| Ok(said.to_owned()),
        )?;
        let verify = args.verify.as_deref();
        let verify = verify.map(|said| CallLine::read(said, "GET")).transpose()?;
        Ok(ServiceAnswers {
            verify,
            dashboard: args.dashboard.clone(),
            title,
            url,
            carried,
            list,
            items,
            id,
            named,
            create,
            secret,
            expiry,
            revoke,
            docs,
        })
    }

    fn carried(&self) -> Result<KeyPlacement> {
        if let Some(given) = self.args.placement() {
            return Ok(given);
        }
        let terminal = &self.context.platform.terminal;
        let items = PLACEMENTS.map(str::to_owned);
        match terminal.choose("Placement of the key in a request", &items)? {
            0 => Ok(KeyPlacement::header("Authorization: Bearer")),
            1 => ask_until(
                &**terminal,
                "The header (X-Api-Key, or Authorization: Token)",
                "",
                |said| placed(KeyPlacement::header(said)),
            ),
            2 => ask_until(&**terminal, "The parameter", "", |said| {
                placed(KeyPlacement::Query(said.to_owned()))
            }),
            3 => Ok(KeyPlacement::Basic(BasicAuthPart::User)),
            _ => Ok(KeyPlacement::Basic(BasicAuthPart::Password)),
        }
    }

    /// Reads the flag, or asks until `read` takes the answer.
    fn needed<T>(
        &self,
        flag: Option<&String>,
        question: &str,
        mut read: impl FnMut(&str) -> Result<T>,
    ) -> Result<T> {
        match flag {
            Some(said) => read(said.trim()),
            None => ask_until(&*self.context.platform.terminal, question, "", read),
        }
    }

    /// As [`Questions::needed`], for what may be left empty.
    fn optional<T>(
        &self,
        flag: Option<&String>,
        question: &str,
        mut read: impl FnMut(&str) -> Result<T>,
    ) -> Result<Option<T>> {
        match flag {
            Some(said) => read(said.trim()).map(Some),
            None if self.context.may_ask => {
                ask_optional_until(&*self.context.platform.terminal, question, "", read)
            }
            None => Ok(None),
        }
    }

    fn pointer(&self, flag: &str, said: Option<&String>, question: &str) -> Result<Option<String>> {
        self.optional(said, question, |said| pointer(flag, said))
    }

    fn call(
        &self,
        flag: Option<&String>,
        method: &str,
        question: &str,
        put: fn(&mut ServiceAnswers, CallLine),
    ) -> Result<Option<CallLine>> {
        self.optional(flag, question, |said| {
            let call = CallLine::read(said, method)?;
            try_out(|answers| put(answers, call.clone())).map(|()| call)
        })
    }

    /// Returns the field for the expiry, and its form.
    fn expiry(&self) -> Result<Option<(String, String)>> {
        if let Some((field, form)) = &self.args.expiry {
            return expiry(field, form).map(Some);
        }
        let question =
            "Body field for the expiry of a key, and its format (/expires_in=seconds, or nothing)";
        self.optional(None, question, |said| match said.split_once('=') {
            Some((field, form)) => expiry(field.trim(), form.trim()),
            None => expiry(said, "rfc3339"),
        })
    }
}

/// Refuses an answer that makes no manifest with others that do.
fn try_out(put: impl FnOnce(&mut ServiceAnswers)) -> Result<()> {
    let mut answers = ServiceAnswers {
        title: "Acme".to_owned(),
        url: "https://api.example.com".to_owned(),
        carried: KeyPlacement::header("Authorization: Bearer"),
        list: None,
        items: None,
        id: Some("/id".to_owned()),
        named: None,
        create: None,
        secret: None,
        expiry: None,
        revoke: None,
        docs: None,
        dashboard: None,
        verify: None,
    };
    put(&mut answers);
    let text = draft::of("acme", "2027-01-01", &answers);
    match diagnose(&text, None).mistakes.into_iter().next() {
        None => Ok(()),
        Some(mistake) => Err(Error::usage(mistake.message).with_hints(mistake.fix)),
    }
}

fn placed(carried: KeyPlacement) -> Result<KeyPlacement> {
    try_out(|answers| answers.carried = carried.clone()).map(|()| carried)
}

fn expiry(field: &str, form: &str) -> Result<(String, String)> {
    let known: Option<Encode> = serde_json::from_value(json!(form)).ok();
    if !known.is_some_and(Encode::is_time) {
        return Err(Error::usage(format!("`{form}` is not a time format"))
            .did_you_mean(form, TIME_FORMATS)
            .hint(format!("forms are: {}", TIME_FORMATS.join(", "))));
    }
    Ok((pointer("--expiry", field)?, form.to_owned()))
}

/// The usual forms of time.
const TIME_FORMATS: [&str; 9] = [
    "seconds", "minutes", "hours", "days", "weeks", "unix", "unix-ms", "rfc3339", "date",
];

fn pointer(flag: &str, said: &str) -> Result<String> {
    match said.parse::<Pointer>() {
        Ok(_) => Ok(said.to_owned()),
        Err(why) => Err(Error::usage(format!("{flag}: {why}"))
            .hint("a JSON Pointer leads through the response from its top: `/data/0/id`")),
    }
}

fn address(flag: &str, said: &str) -> Result<String> {
    if said.starts_with("https://") && url::Url::parse(said).is_ok() {
        return Ok(said.to_owned());
    }
    Err(Error::usage(format!(
        "{flag}: `{said}` is not a URL: write `https://…`"
    )))
}
