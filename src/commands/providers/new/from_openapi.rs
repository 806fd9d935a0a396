//! `keywright providers new --from`: the manifest out of the description of an API.

use std::path::Path;

use super::{ProvidersNewArgs, address, pointer};
use crate::authoring::openapi::{Candidate, Description, DraftAnswers, MAX_DOCUMENT_BYTES};
use crate::commands::Context;
use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;
use crate::platform::ask_optional_until;
use crate::platform::files;

/// The word for stdin.
const STDIN: &str = "-";

/// The largest difference between two scores that leaves the choice to a person.
const NEAR: i32 = 4;

/// Returns the text of the manifest.
pub(super) async fn text(
    args: &ProvidersNewArgs,
    from: &Path,
    day: &str,
    context: &Context<'_>,
) -> Result<String> {
    let description = Description::read(read(from, context)?)?;
    let mut answers = given(args, from, day)?;
    if answers.resource.is_none() {
        answers.resource = chosen(&description.candidates(), context)?;
    }
    let mut draft = description.draft(&answers, context.platform).await?;
    if context.may_ask {
        let terminal = &*context.platform.terminal;
        let lacks = |flag: &str| draft.open.iter().any(|one| one.contains(flag));
        let (url, secret) = (lacks("`--url`"), lacks("`--secret`"));
        if url {
            let question = "Base URL (https://…, or nothing)";
            answers.url =
                ask_optional_until(terminal, question, "", |said| address("--url", said))?;
        }
        if secret {
            let question = "JSON Pointer to the new secret in the response to create (such as /key, or nothing)";
            answers.secret =
                ask_optional_until(terminal, question, "", |said| pointer("--secret", said))?;
        }
        if url || secret {
            draft = description.draft(&answers, context.platform).await?;
        }
    }
    for one in &draft.open {
        context.log.warn(&format!("open: {}", one_line(one)));
    }
    Ok(draft.text)
}

/// Reads the document, within bounds.
fn read(from: &Path, context: &Context<'_>) -> Result<Vec<u8>> {
    let platform = context.platform;
    if from.to_str() == Some(STDIN) {
        if platform.terminal.stdin_is_terminal() {
            return Err(
                Error::usage("`-` reads the document from stdin, and stdin is a terminal")
                    .hint("name the file: keywright providers new NAME --from FILE"),
            );
        }
        return platform
            .terminal
            .read_stdin(MAX_DOCUMENT_BYTES)
            .map_err(|error| {
                Error::usage("the document could not be read from stdin").caused_by(error)
            });
    }
    let file = platform.folder.join(from);
    files::read_named(&file, MAX_DOCUMENT_BYTES as u64)?.ok_or_else(|| {
        Error::usage(format!(
            "there is no file `{}`",
            one_line(&from.display().to_string())
        ))
    })
}

/// Returns the answers that the flags give.
fn given(args: &ProvidersNewArgs, from: &Path, day: &str) -> Result<DraftAnswers> {
    let url = args
        .url
        .as_deref()
        .map(|said| address("--url", said.trim_end_matches('/')));
    let file = from
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let source = match from.to_str() {
        Some(STDIN) => "an OpenAPI document".to_owned(),
        _ => format!("the OpenAPI document {}", file.unwrap_or_default()),
    };
    Ok(DraftAnswers {
        name: args.name.clone(),
        day: day.to_owned(),
        source,
        title: args.title.clone(),
        url: url.transpose()?,
        placement: args.placement()?.map(|one| one.written()),
        docs: args.docs.clone(),
        dashboard: args.dashboard.clone(),
        secret: args
            .secret
            .first()
            .map(|said| pointer("--secret", said))
            .transpose()?,
        resource: args.resource.clone(),
    })
}

/// Returns the resource to describe: where several are near each other, the one that a person chooses.
fn chosen(found: &[Candidate], context: &Context<'_>) -> Result<Option<String>> {
    let Some(best) = found.first() else {
        return Ok(None);
    };
    let near: Vec<String> = found
        .iter()
        .take_while(|one| one.score + NEAR >= best.score)
        .map(|one| one_line(&one.path))
        .collect();
    if near.len() > 1 && context.may_ask {
        let terminal = &context.platform.terminal;
        let choice = terminal.choose("Several resources look like keys", &near)?;
        return Ok(found.get(choice).map(|one| one.path.clone()));
    }
    if near.len() > 1 {
        context.log.note(&format!(
            "`{}` is taken for the keys; these look like keys as well: {} (choose one with `--resource`)",
            near[0],
            near[1..].iter().take(8).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    Ok(Some(best.path.clone()))
}
