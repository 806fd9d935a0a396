//! `keywright providers new`: the beginning of a manifest, from a few answers.

use std::fmt::Write;

use super::super::Context;
use crate::cli::ProvidersNew;
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::manifest::Manifest;
use crate::providers;
use crate::untrusted::clean;

/// Writes the beginning of a manifest.
pub(super) fn new(args: &ProvidersNew, context: &Context<'_>) -> Result<u8> {
    let world = context.world;
    let name = &args.name;
    if !providers::is_name(name) {
        return Err(
            Error::usage(format!("`{}` cannot be the name of a service", clean(name)))
                .hint("take letters, digits, `-`, `_` and `.`: it becomes the name of a file"),
        );
    }
    let path = providers::folder(world).join(format!("{name}.toml"));
    if path.exists() {
        return Err(Error::new(
            Kind::Conflict,
            format!("there is a manifest `{}` already", path.display()),
        )
        .hint("edit it, or take another name"));
    }
    if providers::names(world)?
        .iter()
        .any(|(known, _)| known == name)
    {
        context.log.warn(&format!(
            "it takes the place of the built-in `{name}`; to change only a little of that, say `extends = \"{name}\"` in it"
        ));
    }
    let answers = gather(args, context)?;
    let today = world.clock.now().strftime("%Y-%m-%d").to_string();
    let text = text(&answers, &today);
    // What would be no manifest is not written: an answer is wrong.
    Manifest::parse_checked(&text, "your answers")
        .map_err(|error| error.hint("nothing was written: run it again with another answer"))?;
    files::create_private_folder(&providers::folder(world))?;
    files::write_public(&path, text.as_bytes())?;
    context.reporter.text(&format!("{}\n", path.display()))?;
    context.log.note(&format!(
        "next: fill in what its notes name, then keywright providers check {name}; the reference: man keywright-manifest"
    ));
    Ok(0)
}

/// What is known of the service.
struct Answers {
    name: String,
    title: String,
    url: String,
    docs: Option<String>,
    dashboard: Option<String>,
    header: String,
    scheme: Option<String>,
    verify: Option<String>,
    list: Option<String>,
    items: Option<String>,
    create: Option<String>,
    secret: String,
    revoke: Option<String>,
}

fn gather(args: &ProvidersNew, context: &Context<'_>) -> Result<Answers> {
    let terminal = &context.world.terminal;
    let ask = |given: &Option<String>, question: &str| -> Result<Option<String>> {
        match given {
            Some(given) => Ok(Some(given.clone())),
            None if context.may_ask => terminal.ask_optional(question),
            None => Ok(None),
        }
    };
    let missing = || {
        Error::usage("where does the service answer? `--url` is missing").hint(format!(
            "keywright providers new {} --url https://HOST/PATH",
            args.name
        ))
    };
    let title = ask(&args.title, "The service's own name")?;
    let url = ask(&args.url, "The address of its API (https://…)")?.ok_or_else(missing)?;
    let docs = ask(&args.docs, "The page that describes its API")?;
    let dashboard = ask(&args.dashboard, "The page where people manage keys")?;
    let header = ask(
        &args.header,
        "The header that carries a key (nothing: Authorization: Bearer KEY)",
    )?;
    let verify = ask(
        &args.verify,
        "GET what shows whether a key works, and changes nothing (/me)",
    )?;
    let list = ask(&args.list, "GET what lists keys (/keys)")?;
    let items = match &list {
        Some(_) => ask(
            &args.items,
            "Where the list stands in the answer (/data; nothing: it is the answer)",
        )?,
        None => None,
    };
    let create = ask(&args.create, "POST what creates a key (/keys)")?;
    let secret = match &create {
        Some(_) => ask(
            &args.secret,
            "Where the new key stands in the answer (/key)",
        )?,
        None => None,
    };
    let revoke = ask(&args.revoke, "DELETE what revokes a key (/keys/{id})")?;
    let scheme = match (&args.scheme, &header) {
        (Some(scheme), _) => Some(scheme.clone()).filter(|scheme| !scheme.is_empty()),
        (None, Some(header)) if !header.eq_ignore_ascii_case("authorization") => None,
        (None, _) => Some("Bearer".to_owned()),
    };
    Ok(Answers {
        name: args.name.clone(),
        title: title.unwrap_or_else(|| args.name.clone()),
        url: url.trim_end_matches('/').to_owned(),
        docs,
        dashboard,
        header: header.unwrap_or_else(|| "Authorization".to_owned()),
        scheme,
        verify,
        list,
        items,
        create,
        secret: secret.unwrap_or_else(|| "/key".to_owned()),
        revoke,
    })
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn text(answers: &Answers, today: &str) -> String {
    let Answers {
        name,
        title,
        url,
        header,
        ..
    } = answers;
    let mut text = format!(
        "# How keywright uses {title}. The reference is `man keywright-manifest`; what is wrong says
# `keywright providers check {name}`. A line behind a `#` is a suggestion: fill it in and take the `#` away.
manifest = 1
name = {}
title = {}
about = {}
",
        quoted(name),
        quoted(title),
        quoted(&format!("keys of {title}")),
        title = clean(title),
    );
    let mut known = |key: &str, value: &Option<String>, note: &str| {
        let _ = match value {
            Some(value) => writeln!(text, "{key} = {}", quoted(value)),
            None => writeln!(text, "# {key} = \"https://…\"  # {note}"),
        };
    };
    known("docs", &answers.docs, "the page that describes its API");
    known(
        "dashboard",
        &answers.dashboard,
        "the page where people manage keys",
    );
    let sources: Vec<String> = answers.docs.iter().map(|docs| quoted(docs)).collect();
    let _ = write!(
        text,
        "checked = \"{today}\"
sources = [{}]
# What no document says and you had to assume; users of the manifest see it.
assumed = []

[bases.api]
url = {}
uses = [\"key\"]
# headers = [{{ at = \"X-Version\", value = \"2026-01\" }}]  # headers of every call

# What a profile has to know besides, such as the number of an account; it stands in paths as {{var.account}}.
# [variables.account]
# title = \"account id\"
# help = \"where a person finds it\"
# required = true

[credentials.key]
kind = \"key\"
title = \"API key\"
# prefixes = [\"ac_\"]  # how keys start; a mismatch only warns
place = [{{ header = {{ name = {}{} }} }}]
",
        sources.join(", "),
        quoted(url),
        quoted(header),
        answers
            .scheme
            .as_ref()
            .map(|scheme| format!(", scheme = {}", quoted(scheme)))
            .unwrap_or_default(),
    );
    calls(answers, &mut text);
    text
}

fn calls(answers: &Answers, text: &mut String) {
    let get = |path: &Option<String>, usual: &str| {
        let path = path.as_deref().unwrap_or(usual);
        format!("request = {{ method = \"GET\", path = {} }}", quoted(path))
    };
    let hidden = |block: String, shown: bool| {
        if shown {
            return block;
        }
        let lines = block.lines().map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("# {line}\n"),
        });
        lines.collect()
    };
    let verify = format!(
        "\n[credentials.key.verify]\n{}\n# answer = {{ identity = \"/email\" }}  # whose key it is\n",
        get(&answers.verify, "/me")
    );
    text.push_str(&hidden(verify, answers.verify.is_some()));
    let native = answers.create.is_some() && answers.revoke.is_some();
    if native {
        text.push_str("\n# A new key first, then the old one goes. Others: replace, atomic, manual.\n[rotation]\nstrategy = \"overlap\"\n");
    }
    text.push_str(
        "
# How a key is described, wherever one is: the places in its record.
[key]
id = \"/id\"
name = \"/name\"
# masked = \"/hint\"
# status = { at = \"/status\", map = { active = \"active\", inactive = \"disabled\" } }
# scopes = \"/scopes\"
# created_at = { at = \"/created_at\", as = \"time\" }
# expires_at = { at = \"/expires_at\", as = \"time\" }
# last_used_at = { at = \"/last_used_at\", as = \"time\" }
",
    );
    let items = answers.items.as_deref().unwrap_or("");
    let list = format!(
        "\n[operations.list]\n{}\nanswer = {{ items = {} }}\n# paging = {{ style = \"page\", param = \"page\", size_param = \"per_page\", size = 100 }}\n",
        get(&answers.list, "/keys"),
        quoted(items)
    );
    if answers.list.is_some() {
        text.push_str("\n[operations.status]\nvia = \"list\"\n");
    }
    text.push_str(&hidden(list, answers.list.is_some()));
    text.push_str(
        "
# One example for each call, recorded from the service's documents or from `-v`:
# [[operations.list.examples]]
# name = \"one key\"
# exchanges = [{ request = \"GET https://…/keys\", status = 200, answer = '[{\"id\":1,\"name\":\"ci\"}]' }]
# expect = [{ id = \"1\", name = \"ci\" }]
",
    );
    creation(answers, text);
    let path = answers.revoke.as_deref().unwrap_or("/keys/{id}");
    let revoke = format!(
        "\n[operations.revoke]\nrequest = {{ method = \"DELETE\", path = {} }}\n",
        quoted(path)
    );
    text.push_str(&hidden(revoke, answers.revoke.is_some()));
}

/// How a key is made: by a call, by hand, or not yet.
fn creation(answers: &Answers, text: &mut String) {
    let _ = match (&answers.create, &answers.dashboard) {
        (Some(path), _) => write!(
            text,
            "
[operations.create]
inputs = {{ name = {{ required = true }} }}
request = {{ method = \"POST\", path = {}, body = [
  {{ at = \"/name\", from = \"name\" }},
  # {{ at = \"/scopes\", from = \"scopes\" }},
  # {{ at = \"/expires_at\", from = \"expires\", as = \"rfc3339\" }},
] }}
answer = {{ secret = {} }}
",
            quoted(path),
            quoted(&answers.secret)
        ),
        (None, Some(page)) => write!(
            text,
            "
[operations.create]
manual = {{ url = {}, takes = [\"name\"], steps = [\"Log in\", \"Create a key\", \"Copy it\"] }}
",
            quoted(page)
        ),
        (None, None) => write!(
            text,
            "
[operations.create]
unsupported = \"this manifest does not say yet how a key is created\"
"
        ),
    };
}
