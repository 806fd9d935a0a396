//! A key or token that is pasted or piped.

use std::collections::BTreeMap;

use super::super::Context;
use super::super::keys::{credential, pasted, read_secret};
use super::methods::LoginInput;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Validity, Verdict};
use crate::core::secret::Secret;
use crate::manifest::{CredentialKind, CredentialSpec, Manifest};
use crate::profile::session::{CredentialMetadata, expiry_of};
use crate::service::{CredentialRef, in_parts, joined, lack_of_object};

/// The most that is read of a credential with several parts, in bytes.
const MAX_PARTS_BYTES: usize = 128 << 10;

/// Returns the title of a key or token that can be handed over. A token for the identity of a job ends too soon to be
/// pasted, unless there is nothing else.
pub(super) fn title(manifest: &Manifest, kind: CredentialKind) -> Option<String> {
    let lasts = |name: &str| !manifest.is_only_federated(name);
    let mut names = manifest.credentials.keys();
    let has_others = names.any(|name| lasts(name));
    let titles: Vec<&str> = manifest
        .credentials_of(kind)
        .filter(|name| !has_others || lasts(name))
        .map(|name| manifest.credentials[name].title.as_str())
        .collect();
    (!titles.is_empty()).then(|| format!("{} (pasted)", titles.join(" or ")))
}

/// Refuses a terminal as the stdin that a flag reads.
pub(super) fn check_stdin(
    context: &Context<'_>,
    manifest: &Manifest,
    kind: CredentialKind,
) -> Result<()> {
    if !context.platform.terminal.stdin_is_terminal() {
        return Ok(());
    }
    Err(Error::usage(format!(
        "`--with-{0}` reads the {0} from stdin, and stdin is a terminal",
        kind.name()
    ))
    .hint(format!(
        "hand it over in a file or a pipe: keywright login {} --with-{} < FILE",
        manifest.name,
        kind.name()
    ))
    .hint(format!(
        "or be asked for it: keywright login {}",
        manifest.name
    )))
}

/// Reads a key or token that a program pipes or the user pastes; a wrong one that was pasted is asked for again.
pub(super) async fn obtain(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    kind: CredentialKind,
) -> Result<LoginInput> {
    let manifest = client.service.manifest;
    let first = manifest
        .credential_of(kind)
        .ok_or_else(|| Error::usage(format!("{} has no {}", manifest.name, kind.name())))?;
    let first = &manifest.credentials[first];
    if !context.platform.terminal.stdin_is_terminal() {
        let secret = read(context, client, kind, first)?;
        if secret.is_empty() {
            return Err(
                Error::usage(format!("there was no {} on stdin", first.title)).hint(format!(
                    "give it there: keywright login {} --with-{} < FILE",
                    manifest.name,
                    kind.name()
                )),
            );
        }
        return accepted(context, client, kind, secret).await;
    }
    let spec = which_form(context, client, kind)?.map_or(first, |name| &manifest.credentials[name]);
    if let Some(paste) = &spec.manual {
        context.instruct("get it here", paste, &[]);
    }
    let tries = context.hidden_tries();
    let mut left = tries.count;
    loop {
        left -= 1;
        match accepted(context, client, kind, ask(context, spec)?).await {
            Err(error) if left > 0 && error.kind() == Kind::Auth => context.refuse_answer(&error),
            ended => return ended,
        }
    }
}

/// Returns a credential that the service's verdict allows to store.
async fn accepted(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    kind: CredentialKind,
    secret: Secret,
) -> Result<LoginInput> {
    let (name, verdict) = which(client, kind, &secret).await?;
    if let Some(warning) = client.odd_shape(&name, &secret) {
        context.log.warn(&warning);
    }
    super::accept(context, client, &verdict)?;
    let expires_at = match kind {
        CredentialKind::Token => expiry_of(&secret),
        CredentialKind::Key => None,
    };
    let metadata = CredentialMetadata {
        expires_at,
        ..CredentialMetadata::default()
    };
    Ok(LoginInput {
        name,
        secret,
        metadata,
        verdict,
        variables: BTreeMap::new(),
    })
}

fn ask(context: &Context<'_>, spec: &CredentialSpec) -> Result<Secret> {
    if spec.parts.is_empty() {
        return credential(context, &pasted(context, &spec.title)?);
    }
    let mut parts = BTreeMap::new();
    for part in &spec.parts {
        let title = part.title.as_ref().unwrap_or(&part.name);
        let secret = pasted(context, &format!("{}: {title}", spec.title))?;
        let secret = credential(context, &secret)?;
        if secret.is_empty() && part.optional {
            break;
        }
        if secret.is_empty() {
            return Err(Error::usage(format!("there was no {title}")));
        }
        parts.insert(part.name.clone(), secret);
    }
    Ok(joined(&parts))
}

/// Asks which of several credentials is meant, if one has parts and another has none: each has a prompt of its own.
fn which_form<'m>(
    context: &Context<'_>,
    client: &ApiClient<'m>,
    kind: CredentialKind,
) -> Result<Option<&'m str>> {
    let manifest = client.service.manifest;
    let names: Vec<&str> = manifest.credentials_of(kind).collect();
    let in_parts = |name: &&str| !manifest.credentials[*name].parts.is_empty();
    if names.iter().all(in_parts) || !names.iter().any(in_parts) {
        return Ok(None);
    }
    let title = |name: &&str| manifest.credentials[*name].title.clone();
    let titles: Vec<String> = names.iter().map(title).collect();
    let index = context.platform.terminal.choose("Which", &titles)?;
    Ok(names.get(index).copied())
}

fn read(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    kind: CredentialKind,
    spec: &CredentialSpec,
) -> Result<Secret> {
    if spec.parts.is_empty() {
        return credential(context, &read_secret(context)?);
    }
    let bytes = context
        .platform
        .terminal
        .read_stdin(MAX_PARTS_BYTES)
        .map_err(|error| Error::usage("stdin could not be read").caused_by(error))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    let text =
        std::str::from_utf8(&bytes).map_err(|_| Error::usage("the input on stdin is not text"))?;
    let secret = Secret::pasted(text);
    context.log.register_secret(&secret);
    if secret.is_empty() {
        return Ok(secret);
    }
    if let Some(joined) = in_parts(&secret, spec) {
        return Ok(joined);
    }
    let manifest = client.service.manifest;
    let mut alternatives = manifest.credentials_of(kind);
    if alternatives.any(|name| manifest.credentials[name].parts.is_empty()) {
        return credential(context, &secret);
    }
    let names: Vec<&str> = spec.parts.iter().map(|part| part.name.as_str()).collect();
    let several = format!("the {} has several parts: {}", spec.title, names.join(", "));
    Err(Error::usage(match lack_of_object(&secret, spec) {
        Some(lack) => format!("{several}; {lack}"),
        None => several,
    })
    .hint(match &spec.separator {
        Some(separator) => {
            format!(
                "hand over one line, `{}`, or a JSON object",
                names.join(separator)
            )
        }
        None => "hand over a JSON object with all of them, or one line for each in this order"
            .to_owned(),
    }))
}

/// Returns the credential of that kind that it looks like; of several, the first that the service accepts.
async fn which(
    client: &ApiClient<'_>,
    kind: CredentialKind,
    secret: &Secret,
) -> Result<(String, Verdict)> {
    let manifest = client.service.manifest;
    let alike = client.alike(kind, secret);
    let mut refused = None;
    for name in alike.iter().copied() {
        client
            .service
            .check_credential(&CredentialRef { name, secret })?;
        let verdict = client.verify(&CredentialRef { name, secret }).await?;
        if verdict.result != Validity::Invalid {
            return Ok((name.to_owned(), verdict));
        }
        refused.get_or_insert((name.to_owned(), verdict));
    }
    refused.ok_or_else(|| Error::usage(format!("{} has no {}", manifest.name, kind.name())))
}
