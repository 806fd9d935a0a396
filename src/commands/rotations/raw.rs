//! `keywright rotations show --raw`: the answer that was kept and that the manifest does not read, as it came.

use serde_json::{Value, json};

use super::super::Context;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::{is_unsafe_char, one_line};
use crate::platform::HttpResponse;
use crate::rotation::create::kept_answers;
use crate::rotation::journal::Record;
use crate::wal::{self, KeptResponse};

/// Prints the kept answers of a record, decrypted.
pub(super) fn show(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = Record::open(context.platform, id)?;
    let wal = wal::open(context.platform);
    let mut kept = kept_answers(&record, &context.stores, context.platform, &*wal)?;
    kept.sort_by_key(|kept| kept.call);
    if kept.is_empty() {
        return Err(
            Error::new(Kind::NotFound, format!("no response is saved for `{id}`"))
                .hint(format!("see its state: keywright rotations show {id}")),
        );
    }
    for KeptResponse { answer, at, .. } in &kept {
        let coding = answer.header("content-encoding");
        context.log.note(&format!(
            "answered with {} at {}: {} bytes{}",
            answer.status,
            at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            answer.body.len(),
            coding.map_or_else(String::new, |coding| format!(", `{}`", one_line(coding))),
        ));
    }
    context
        .log
        .warn("the answer may hold the new key: keep it from others");
    print(context, id, &kept).map_err(|error| {
        Error::new(
            Kind::Store,
            "the answer could not be printed: stdout does not take it",
        )
        .caused_by(error)
    })?;
    Ok(0)
}

fn print(context: &Context<'_>, id: &str, kept: &[KeptResponse]) -> std::io::Result<()> {
    let terminal = &context.platform.terminal;
    if context.reporter.json {
        let mut value = json!({ "id": id });
        if let Some((first, further)) = kept.split_first()
            && let (Value::Object(value), Value::Object(first)) = (&mut value, as_json(first))
        {
            value.extend(first);
            if !further.is_empty() {
                value.insert("after".to_owned(), further.iter().map(as_json).collect());
            }
        }
        let text = zeroize::Zeroizing::new(format!("{value}\n"));
        return terminal.write_secret(text.as_bytes());
    }
    for (number, KeptResponse { answer, .. }) in kept.iter().enumerate() {
        if number > 0 {
            terminal.write_secret(b"\n")?;
        }
        print_body(context, answer)?;
    }
    Ok(())
}

fn as_json(KeptResponse { answer, at, .. }: &KeptResponse) -> Value {
    json!({
        "at": at,
        "http_status": answer.status,
        "content_type": answer.header("content-type"),
        "content_encoding": answer.header("content-encoding"),
        "body": std::str::from_utf8(&answer.body).ok(),
        "body_base64": base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            &*answer.body,
        ),
    })
}

fn print_body(context: &Context<'_>, answer: &HttpResponse) -> std::io::Result<()> {
    let terminal = &context.platform.terminal;
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
