//! `keywright rotations show --raw`: the answer that was kept and that the manifest does not read, as it came.

use serde_json::json;

use super::super::Context;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::{is_unsafe_char, one_line};
use crate::rotation::create::{RawResponse, kept_answer};
use crate::rotation::journal::Record;
use crate::wal;

/// Prints the kept answer of a record, decrypted.
pub(super) fn show(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = Record::open(context.platform, id)?;
    let wal = wal::open(context.platform);
    let kept = kept_answer(&record, &context.stores, context.platform, &*wal)?;
    let Some((answer, at)) = kept else {
        return Err(
            Error::new(Kind::NotFound, format!("no response is saved for `{id}`"))
                .hint(format!("see its state: keywright rotations show {id}")),
        );
    };
    let coding = answer.header("content-encoding");
    context.log.note(&format!(
        "answered with {} at {}: {} bytes{}",
        answer.status,
        at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        answer.body.len(),
        coding.map_or_else(String::new, |coding| format!(", `{}`", one_line(coding))),
    ));
    context
        .log
        .warn("the answer may hold the new key: keep it from others");
    print(context, id, &(answer, at)).map_err(|error| {
        Error::new(
            Kind::Store,
            "the answer could not be printed: stdout does not take it",
        )
        .caused_by(error)
    })?;
    Ok(0)
}

fn print(context: &Context<'_>, id: &str, (answer, at): &RawResponse) -> std::io::Result<()> {
    let terminal = &context.platform.terminal;
    let text = std::str::from_utf8(&answer.body).ok();
    if context.reporter.json {
        let value = json!({
            "id": id,
            "at": at,
            "http_status": answer.status,
            "content_type": answer.header("content-type"),
            "content_encoding": answer.header("content-encoding"),
            "body": text,
            "body_base64": base64::Engine::encode(
                &base64::engine::general_purpose::STANDARD,
                &*answer.body,
            ),
        });
        let text = zeroize::Zeroizing::new(format!("{value}\n"));
        return terminal.write_secret(text.as_bytes());
    }
    if context.reporter.at_a_terminal() {
        // Terminal control characters are removed; a pipe gets every byte.
        let text = zeroize::Zeroizing::new(String::from_utf8_lossy(&answer.body).into_owned());
        let harmless = |c: &char| *c == '\n' || !is_unsafe_char(*c);
        let mut shown: zeroize::Zeroizing<String> =
            zeroize::Zeroizing::new(text.chars().filter(harmless).collect());
        shown.push('\n');
        return terminal.write_secret(shown.as_bytes());
    }
    terminal.write_secret(&answer.body)
}
