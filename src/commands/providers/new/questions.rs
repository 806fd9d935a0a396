//! The questions about a service; what a flag answers is not asked.

use std::collections::BTreeMap;

use serde_json::json;

use super::{ProvidersNewArgs, address, pointer};
use crate::authoring::diagnostics::diagnose;
use crate::authoring::draft::{
    self, CallLine, KeyPlacement, ServiceAnswers, TokenAnswers, TokenSource,
};
use crate::commands::Context;
use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;
use crate::manifest::{BasicAuthPart, Encode};
use crate::platform::{ask_optional_until, ask_until};

/// The placements of a key, as the prompt offers them.
const PLACEMENTS: [&str; 7] = [
    "Authorization: Bearer KEY",
    "another header",
    "a parameter of the address: ?NAME=KEY",
    "HTTP Basic: the key is the user name",
    "HTTP Basic: the key is the password",
    "HTTP Basic: the key is an id and a secret",
    "two headers: the key is an id and a secret",
];

/// The names of the parts of such a key.
const PARTS: [&str; 2] = ["id", "secret"];

/// The credentials that calls take, as the prompt offers them.
const TAKEN: [&str; 3] = [
    "the key",
    "a token that a login with a password gives",
    "a token for which the key is exchanged",
];

/// The source of answers: flags first, then prompts.
pub(super) struct Questions<'a> {
    pub(super) args: &'a ProvidersNewArgs,
    pub(super) context: &'a Context<'a>,
}

impl Questions<'_> {
    /// Returns all answers; `placement` is what the flags say about it.
    pub(super) fn all(&self, placement: Option<KeyPlacement>) -> Result<ServiceAnswers> {
        let args = self.args;
        let title = self.needed(args.title.as_ref(), "Display name of the service", |said| {
            Ok(said.to_owned())
        })?;
        let question = "Base URL (https://…, {var.NAME} for a part that differs)";
        let url = self.needed(args.url.as_ref(), question, |said| {
            let url = address("--url", said.trim_end_matches('/'))?;
            try_out(|answers| answers.url.clone_from(&url)).map(|()| url)
        })?;
        let carried = match placement {
            Some(placement) => placed(placement)?,
            None => self.carried()?,
        };
        let headers = args.with_header.iter().map(|said| with_header(said));
        let mut answers = ServiceAnswers {
            headers: headers.collect::<Result<_>>()?,
            token: self.token()?,
            dashboard: args.dashboard.clone(),
            ..ServiceAnswers::about(title, url, carried)
        };
        self.keys(&mut answers)?;
        answers.docs = self.optional(
            args.docs.as_ref(),
            "URL of the API documentation (or nothing)",
            |said| Ok(said.to_owned()),
        )?;
        let verify = args.verify.as_deref();
        answers.verify = verify.map(|said| CallLine::read(said, "GET")).transpose()?;
        self.variables(&mut answers)?;
        Ok(answers)
    }

    /// Reads what is known about keys and their calls.
    fn keys(&self, answers: &mut ServiceAnswers) -> Result<()> {
        let args = self.args;
        answers.list = self.call(
            args.list.as_ref(),
            "GET",
            "Request that lists keys ([METHOD ]PATH, or nothing)",
            |answers, call| answers.list = Some(call),
        )?;
        if answers.list.is_some() {
            answers.items = self.pointer("--items", args.items.as_ref(), "JSON Pointer to the list in its response (such as /data; nothing: the whole response)")?;
        }
        answers.revoke = self.call(
            args.revoke.as_ref(),
            "DELETE",
            "Request that revokes a key ([METHOD ]PATH with {id}, or nothing)",
            |answers, call| answers.revoke = Some(call),
        )?;
        if answers.list.is_some() || answers.revoke.is_some() {
            let id = self.pointer(
                "--id",
                args.id.as_ref(),
                "JSON Pointer to the id of a key (/id)",
            )?;
            answers.id = id.or_else(|| self.context.may_ask.then(|| "/id".to_owned()));
            answers.named = self.pointer(
                "--named",
                args.named.as_ref(),
                "JSON Pointer to the name of a key (/name, or nothing)",
            )?;
        }
        answers.create = self.call(
            args.create.as_ref(),
            "POST",
            "Request that creates a key ([METHOD ]PATH, or nothing)",
            |answers, call| {
                answers.create = Some(call);
                answers.secret = vec![(None, "/secret".to_owned())];
            },
        )?;
        if answers.create.is_some() {
            answers.secret = self.secret(&answers.carried)?;
            answers.wrapper = self.pointer("--wrapper", args.wrapper.as_ref(), "JSON Pointer to the object that describes the new key (such as /data; nothing: the whole response)")?;
            answers.expiry = self.expiry()?;
        }
        Ok(())
    }

    /// Returns the location of a new secret, or of each of its parts.
    fn secret(&self, carried: &KeyPlacement) -> Result<Vec<(Option<String>, String)>> {
        let given: Vec<(Option<&str>, &str)> = self
            .args
            .secret
            .iter()
            .map(|said| match said.split_once('=') {
                Some((part, pointer)) if !part.starts_with('/') => (Some(part), pointer),
                _ => (None, said.as_str()),
            })
            .collect();
        let parts = carried.parts();
        let wanted: Vec<Option<&str>> = if parts.is_empty() {
            vec![None]
        } else {
            parts.into_iter().map(Some).collect()
        };
        if let Some((part, _)) = given.iter().find(|(part, _)| !wanted.contains(part)) {
            return Err(match part {
                Some(part) => Error::usage(format!("--secret: a key has no part `{part}`")),
                None => Error::usage("--secret: a key in parts has a location for each")
                    .hint("such as: --secret id=/client_id --secret secret=/client_secret"),
            });
        }
        let mut found = Vec::new();
        for part in wanted {
            let said = given.iter().find(|(name, _)| *name == part);
            let said = said.map(|(_, pointer)| (*pointer).to_owned());
            if said.is_none() && !self.context.may_ask {
                let part = part.unwrap_or_default();
                return Err(Error::usage(format!(
                    "a manifest needs more than that: `--secret {part}=POINTER` is missing"
                )));
            }
            let question = match part {
                None => "JSON Pointer to the new secret in its response (such as /key)".to_owned(),
                Some(part) => {
                    format!("JSON Pointer to the new {part} in its response (such as /{part})")
                }
            };
            let place = self.needed(said.as_ref(), &question, |said| pointer("--secret", said))?;
            found.push((part.map(str::to_owned), place));
        }
        Ok(found)
    }

    /// Returns the way to a token, where calls take one.
    fn token(&self) -> Result<Option<TokenAnswers>> {
        let args = self.args;
        let by_flag = args.login.is_some() || args.exchange.is_some();
        let taken = match (&args.login, &args.exchange) {
            (Some(_), _) => 1,
            (None, Some(_)) => 2,
            (None, None) if self.context.may_ask => {
                let terminal = &self.context.platform.terminal;
                terminal.choose("Credential that calls take", &TAKEN.map(str::to_owned))?
            }
            (None, None) => 0,
        };
        let (flag, question) = match taken {
            0 => return Ok(None),
            1 => (&args.login, "Request that logs in ([METHOD ]PATH)"),
            _ => (
                &args.exchange,
                "Request that exchanges the key ([METHOD ]PATH)",
            ),
        };
        let call = self.needed(flag.as_ref(), question, |said| {
            let call = CallLine::read(said, "POST")?;
            try_out(|answers| answers.verify = Some(call.clone())).map(|()| call)
        })?;
        let source = if taken == 1 {
            let field = |flag: &str, said: Option<&String>, usual: &str| {
                said.map_or_else(|| Ok(usual.to_owned()), |said| pointer(flag, said))
            };
            let user = match &args.login_user {
                None if !by_flag => {
                    self.pointer("--login-user", None, "Body field for the user (/email)")?
                }
                given => given.clone(),
            };
            TokenSource::Login(
                field("--login-user", user.as_ref(), "/email")?,
                field(
                    "--login-password",
                    args.login_password.as_ref(),
                    "/password",
                )?,
            )
        } else {
            TokenSource::Exchange
        };
        let question = "JSON Pointer to the token in its response (such as /access_token)";
        let value = self.needed(args.token.as_ref(), question, |said| {
            pointer("--token", said)
        })?;
        let forms = draft::response_times();
        let expires = if let Some((place, form)) = &args.token_expiry {
            Some(timed("--token-expiry", place, form, &forms)?)
        } else {
            let question =
                "JSON Pointer to its expiry, and the format (/expires_in=seconds, or nothing)";
            self.optional(None, question, |said| {
                let (place, form) = said.split_once('=').unwrap_or((said, "time"));
                timed("--token-expiry", place.trim(), form.trim(), &forms)
            })?
        };
        let header = args.token_header.as_deref();
        Ok(Some(TokenAnswers {
            source,
            call,
            value,
            expires,
            carried: placed(KeyPlacement::header(
                header.unwrap_or("Authorization: Bearer"),
            ))?,
        }))
    }

    /// Reads the titles of the variables that are named.
    fn variables(&self, answers: &mut ServiceAnswers) -> Result<()> {
        let given = &self.args.variable;
        let mut titles = BTreeMap::new();
        for name in answers.used_variables() {
            let said = given.iter().find(|(known, _)| known == name);
            let title = match said {
                Some((_, title)) => title.clone(),
                None if self.context.may_ask => ask_until(
                    &*self.context.platform.terminal,
                    &format!("Title of the variable `{}`", one_line(name)),
                    &name.replace('_', " "),
                    |said| Ok(said.to_owned()),
                )?,
                None => continue,
            };
            titles.insert(name.to_owned(), title);
        }
        if let Some((name, _)) = given.iter().find(|(name, _)| !titles.contains_key(name)) {
            let name = one_line(name);
            return Err(
                Error::usage(format!("nothing names the variable `{name}`")).hint(format!(
                    "a URL, a path or a header names it as `{{var.{name}}}`"
                )),
            );
        }
        answers.variables = titles;
        Ok(())
    }

    fn carried(&self) -> Result<KeyPlacement> {
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
            4 => Ok(KeyPlacement::Basic(BasicAuthPart::Password)),
            5 => {
                let [user, password] = PARTS.map(str::to_owned);
                Ok(KeyPlacement::Pair(user, password))
            }
            _ => {
                let mut headers = Vec::new();
                for part in PARTS {
                    let question = format!("The header of the {part} (such as X-Client-Id)");
                    let (name, scheme) = ask_until(&**terminal, &question, "", |said| {
                        placed(KeyPlacement::header(said)).map(|_| draft::header_line(said))
                    })?;
                    headers.push((part.to_owned(), name, scheme));
                }
                Ok(KeyPlacement::Headers(headers))
            }
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
        id: Some("/id".to_owned()),
        ..ServiceAnswers::about(
            "Acme".to_owned(),
            "https://api.example.com".to_owned(),
            KeyPlacement::header("Authorization: Bearer"),
        )
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
    if known.is_some_and(Encode::is_time) {
        return Ok((pointer("--expiry", field)?, form.to_owned()));
    }
    timed("--expiry", field, form, &TIME_FORMATS)
}

/// Reads a location with one of these forms of time.
fn timed(flag: &str, place: &str, form: &str, forms: &[&'static str]) -> Result<(String, String)> {
    if !forms.contains(&form) {
        return Err(Error::usage(format!("`{form}` is not a time format"))
            .did_you_mean(form, forms.iter().copied())
            .hint(format!("forms are: {}", forms.join(", "))));
    }
    Ok((pointer(flag, place)?, form.to_owned()))
}

/// Reads a header of every call.
fn with_header(said: &str) -> Result<(String, String)> {
    let (name, value) = draft::header_line(said);
    let Some(value) = value else {
        return Err(
            Error::usage(format!("--with-header: `{}` has no value", one_line(said)))
                .hint("such as: --with-header 'X-Org-Id: {var.org}'"),
        );
    };
    let header = (name, value);
    try_out(|answers| answers.headers = vec![header.clone()]).map(|()| header)
}

/// The usual forms of time.
const TIME_FORMATS: [&str; 9] = [
    "seconds", "minutes", "hours", "days", "weeks", "unix", "unix-ms", "rfc3339", "date",
];
