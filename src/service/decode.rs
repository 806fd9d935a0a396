//! From the bytes of an answer to text and JSON: read strictly first, and where that fails, as far as they can be read.
//!
//! An answer that holds a new key comes once. A proxy that compresses it unasked, a charset of the last century or a
//! byte too many must not keep the key out of reach.

mod repair;

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;

use crate::core::exact_json;
use crate::platform::{HttpResponse, MAX_RESPONSE_BYTES};

/// The reason why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// They are compressed in a way that is not known here.
    Coding(String),
    /// They are compressed, and damaged or cut.
    Damaged,
    /// Unpacked they are more than is read of an answer.
    TooLarge,
}

/// Returns the body as JSON; `None` where it holds none.
pub fn json(answer: &HttpResponse) -> Option<Value> {
    let bytes = unpacked(answer).ok()?;
    let strict = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| Some((text, serde_json::from_str(text).ok()?)));
    match strict {
        // A number that no machine word holds would lose its last digits.
        Some((text, _)) if repair::has_long_number(text) => repair::read(text),
        Some((_, value)) => Some(value),
        None => repair::read(&in_unicode(&bytes, answer)),
    }
}

/// Returns the body as JSON whose numbers keep every digit, so that it can be written back; `None` where it holds none.
pub fn exact(answer: &HttpResponse) -> Option<Value> {
    let bytes = unpacked(answer).ok()?;
    let exact = std::str::from_utf8(&bytes).ok().and_then(exact_json::read);
    exact.or_else(|| json(answer))
}

/// Returns the body as text; bytes that are invalid in its charset are replaced.
pub fn text(answer: &HttpResponse) -> String {
    match unpacked(answer) {
        Ok(bytes) => in_unicode(&bytes, answer).into_owned(),
        Err(_) => String::from_utf8_lossy(&answer.body).into_owned(),
    }
}

/// Returns why the body cannot be decoded, if it cannot.
pub fn error(answer: &HttpResponse) -> Option<DecodeError> {
    unpacked(answer).err()
}

/// Returns the bytes behind every `Content-Encoding`; a body that is not packed although the header says so, as proxies
/// leave it, is taken as it is.
fn unpacked(answer: &HttpResponse) -> Result<Cow<'_, [u8]>, DecodeError> {
    let said = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "content-encoding");
    let codings: Vec<String> = said
        .flat_map(|(_, value)| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    let mut bytes = Cow::Borrowed(answer.body.as_slice());
    for coding in codings.iter().rev() {
        if looks_like_json(&bytes) {
            continue;
        }
        bytes = match coding.as_str() {
            "gzip" | "x-gzip" => bytes,
            "deflate" => Cow::Owned(inflated(&bytes)?),
            other => return Err(DecodeError::Coding(other.to_owned())),
        };
        if is_gzip(&bytes) {
            bytes = Cow::Owned(limited(MultiGzDecoder::new(&*bytes))?);
        }
    }
    if is_gzip(&bytes) {
        bytes = Cow::Owned(limited(MultiGzDecoder::new(&*bytes))?);
    }
    Ok(bytes)
}

/// Returns whether the bytes begin with the gzip magic number, which no text does.
fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

fn looks_like_json(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// `deflate` is zlib by the standard, and bare at some servers.
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    match limited(ZlibDecoder::new(bytes)) {
        Err(DecodeError::Damaged) => limited(DeflateDecoder::new(bytes)),
        done => done,
    }
}

fn limited(decoder: impl Read) -> Result<Vec<u8>, DecodeError> {
    let mut plain = Vec::new();
    decoder
        .take(MAX_RESPONSE_BYTES as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| DecodeError::Damaged)?;
    if plain.len() > MAX_RESPONSE_BYTES {
        return Err(DecodeError::TooLarge);
    }
    Ok(plain)
}

/// Returns the bytes in the charset that their mark, the header or their own pattern tells; UTF-8 where it is that.
fn in_unicode<'b>(bytes: &'b [u8], answer: &HttpResponse) -> Cow<'b, str> {
    const UTF_8: &[u8] = b"\xef\xbb\xbf";
    const LITTLE: &[u8] = b"\xff\xfe";
    const BIG: &[u8] = b"\xfe\xff";
    if let Some(rest) = bytes.strip_prefix(UTF_8) {
        return String::from_utf8_lossy(rest);
    }
    if let Some(rest) = bytes.strip_prefix(LITTLE) {
        return Cow::Owned(utf_16(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(BIG) {
        return Cow::Owned(utf_16(rest, u16::from_be_bytes));
    }
    // JSON begins with two ASCII characters, so the positions of the zeros show the encoding.
    let zeros = match bytes {
        [first, second, ..] => (*first == 0, *second == 0),
        _ => (false, false),
    };
    match (zeros, charset(answer).as_deref()) {
        ((true, false), _) | (_, Some("utf-16be")) => Cow::Owned(utf_16(bytes, u16::from_be_bytes)),
        ((false, true), _) | (_, Some("utf-16" | "utf-16le")) => {
            Cow::Owned(utf_16(bytes, u16::from_le_bytes))
        }
        (_, Some("utf-8" | "utf8")) => String::from_utf8_lossy(bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().copied().map(windows_1252).collect()),
        },
    }
}

/// Returns the charset that `Content-Type` names, in lower case.
fn charset(answer: &HttpResponse) -> Option<String> {
    let parameters = answer.header("content-type")?.split(';').skip(1);
    let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
    named
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase())
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// Decodes Latin-1 as browsers do: with the punctuation of Windows in place of control characters.
fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_80[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests;
