//! Takes a key that the user creates in the dashboard and pastes.

use super::super::Context;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{NewKey, Validity};
use crate::core::secret::{Secret, is_document};
use crate::core::untrusted::one_line;
use crate::manifest::Manual;
use crate::profile::session::as_credential;
use crate::service::CredentialRef;

/// The most that is read of a key on stdin, in bytes.
const MAX_PASTE_BYTES: usize = 128 << 10;

/// Explains how to create the key that `new` describes, and reads it; it must be none of the `old` ones.
pub(super) async fn paste(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    manual: &Manual,
    new: &NewKey,
    old: &[Secret],
) -> Result<Secret> {
    let mut further = Vec::new();
    if let Some(wanted) = &new.name {
        further.push(format!("Name it `{}`", one_line(wanted)));
    }
    if !new.scopes.is_empty() {
        further.push(format!(
            "Give it these permissions and no others: {}",
            new.scopes.join(", ")
        ));
    }
    further.push("Paste the key here".to_owned());
    context.instruct("open", manual, &further);
    let tries = context.hidden_tries();
    let mut left = tries.count;
    loop {
        left -= 1;
        let error = match accepted(context, client, old).await {
            Ok(secret) => return Ok(secret),
            Err(error) => error,
        };
        if left == 0 || !matches!(error.kind(), Kind::Auth | Kind::Usage) {
            return Err(error);
        }
        context.refuse_answer(&error);
    }
}

/// Returns a pasted key that may be kept.
async fn accepted(context: &Context<'_>, client: &ApiClient<'_>, old: &[Secret]) -> Result<Secret> {
    let secret = credential(context, &pasted(context, "New key")?)?;
    if old.iter().any(|old| old.eq_secret(&secret)) {
        return Err(Error::usage("this is the old key, not a new one")
            .hint("create another in the dashboard; nothing was changed"));
    }
    check_pasted(context, client, &secret).await?;
    Ok(secret)
}

/// Returns a secret from stdin where that is no terminal, or from a hidden prompt.
pub(in crate::commands) fn pasted(context: &Context<'_>, prompt: &str) -> Result<Secret> {
    let terminal = &context.platform.terminal;
    let secret = if !terminal.stdin_is_terminal() {
        let given = read_secret(context)?;
        // `xargs` and its kind hand over an empty stdin.
        if given.is_empty() && context.may_ask {
            terminal.ask_secret(prompt)?
        } else {
            given
        }
    } else if context.may_ask {
        terminal.ask_secret(prompt)?
    } else {
        return Err(
            Error::usage(format!("`{prompt}` is needed, and prompts are disabled"))
                .hint("hand it over on stdin"),
        );
    };
    if secret.is_empty() {
        return Err(Error::usage(format!("`{prompt}` is empty"))
            .hint("hand it over on stdin, from a file or a pipe"));
    }
    Ok(secret)
}

/// Returns a key or token that was handed over, without what got into it on its way.
pub(in crate::commands) fn credential(context: &Context<'_>, given: &Secret) -> Result<Secret> {
    let secret = as_credential(given);
    if secret.is_empty() && !given.is_empty() {
        return Err(Error::usage("the input contains no key or token"));
    }
    context.log.register_secret(&secret);
    Ok(secret)
}

/// Returns one secret from stdin.
pub(in crate::commands) fn read_secret(context: &Context<'_>) -> Result<Secret> {
    let bytes = context
        .platform
        .terminal
        .read_stdin(MAX_PASTE_BYTES)
        .map_err(|error| Error::usage("stdin could not be read").caused_by(error))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    let text =
        std::str::from_utf8(&bytes).map_err(|_| Error::usage("the input on stdin is not text"))?;
    let is_document = is_document(text);
    let text = if is_document { text } else { text.trim() };
    if text
        .chars()
        .any(|c| c.is_control() && !(is_document && c.is_ascii_whitespace()))
    {
        return Err(Error::usage("the input on stdin has more than one line"));
    }
    let secret = Secret::new(text);
    context.log.register_secret(&secret);
    Ok(secret)
}

/// Warns where a key does not look like one, and asks the service whether it works.
async fn check_pasted(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    secret: &Secret,
) -> Result<()> {
    let manifest = client.service.manifest;
    let Some(name) = manifest.new_key() else {
        return Ok(());
    };
    if let Some(warning) = client.odd_shape(name, secret) {
        context.log.warn(&warning);
    }
    let verdict = client.verify(&CredentialRef { name, secret }).await?;
    match verdict.result {
        Validity::Valid => Ok(()),
        Validity::Unknown if verdict.foreign.is_some() => {
            let why = verdict.why_unknown(client.service.name(), "this key");
            Err(Error::new(verdict.error_kind(), why)
                .with_hints(verdict.hint().map(str::to_owned))
                .hint("nothing was stored: paste it again when the service responds"))
        }
        Validity::Unknown => {
            context.log.note(&format!(
                "{}, so this one is taken as it is",
                verdict.why_unknown(client.service.name(), "a key")
            ));
            Ok(())
        }
        Validity::Restricted | Validity::Blocked => {
            context
                .log
                .warn(&format!("the key is {}", verdict.result.name()));
            Ok(())
        }
        other => Err(Error::new(
            Kind::Auth,
            format!(
                "{} does not accept this key: it is {}",
                client.service.name(),
                other.name()
            ),
        )
        .hint("copy all of it again; nothing was stored")),
    }
}
