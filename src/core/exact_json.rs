//! JSON whose numbers keep every digit: one that no machine word and no floating-point number holds exactly stands in an
//! object of one private member until it is written again.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// The opening of such an object, up to the digits.
const OPENING: &str = "{\"$keywright:number\":\"";

/// The name of its only member.
const NAME: &str = "$keywright:number";

/// The end of such an object.
const CLOSING: &str = "\"}";

/// The digits that fit a machine word whatever they are.
const SAFE_DIGITS: usize = 18;

/// Reads JSON; `None` if the text is none.
pub fn read(text: &str) -> Option<Value> {
    serde_json::from_str(&kept(text)).ok()
}

/// Returns the text of a value, with every number as it was read.
pub fn write(value: &Value) -> String {
    let text = value.to_string();
    let mut rest = text.as_str();
    let mut written = String::new();
    // In a string each quote has a backslash before it, so that no string holds the opening.
    while let Some((before, after)) = rest.split_once(OPENING) {
        written.push_str(before);
        match after.split_once(CLOSING) {
            Some((digits, after)) if !is_exact(digits) => {
                written.push_str(digits);
                rest = after;
            }
            _ => {
                written.push_str(OPENING);
                rest = after;
            }
        }
    }
    if written.is_empty() {
        return text;
    }
    written.push_str(rest);
    written
}

/// Returns the digits of a number that is kept as an object; `None` of any other value.
pub fn number_text(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let digits = members.get(NAME)?.as_str()?;
    (!is_exact(digits)).then_some(digits)
}

/// Returns the text with an object in place of each number that would change.
fn kept(text: &str) -> Cow<'_, str> {
    let mut written = String::new();
    let (mut done, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'-' | b'0'..=b'9' => {
                let is_part =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let length = bytes[at..].iter().take_while(|byte| is_part(byte)).count();
                let digits = &text[at..at + length];
                if !is_exact(digits) {
                    written.push_str(&text[done..at]);
                    written.extend([OPENING, digits, CLOSING]);
                    done = at + length;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    written.push_str(&text[done..]);
    Cow::Owned(written)
}

/// Returns the place behind the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Returns whether a text is no number, or one that is written again as it was read.
fn is_exact(digits: &str) -> bool {
    if digits.len() <= SAFE_DIGITS && digits != "-0" {
        let plain = digits.strip_prefix('-').unwrap_or(digits);
        if plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return true;
        }
    }
    match serde_json::from_str::<Number>(digits) {
        Ok(number) => number.to_string() == digits,
        // Too large even for a floating-point number; whatever else is no number is no JSON either.
        Err(_) => !is_number(digits),
    }
}

/// Returns whether a text is a number by the grammar of JSON, however large.
fn is_number(text: &str) -> bool {
    let count = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = text.strip_prefix('-').unwrap_or(text);
    let digits = count(whole);
    if digits == 0 || digits > 1 && whole.starts_with('0') {
        return false;
    }
    let mut rest = &whole[digits..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = count(fraction);
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let digits = count(exponent);
        if digits == 0 {
            return false;
        }
        rest = &exponent[digits..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_keeps_its_text() {
        for number in [
            "0",
            "-0",
            "-0.0",
            "7",
            "1.0",
            "1.10",
            "1e3",
            "1E+3",
            "-1.5e-7",
            "0.1",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "0.1234567890123456789012345",
            "1e400",
            "-1e400",
            "1e-400",
        ] {
            for text in [
                number.to_owned(),
                format!("[{number},\"{number}\",{number}]"),
                format!("{{\"a\\\"{number}\":{number},\"b\":\"\\\\\",\"c\":{{\"d\":{number}}}}}"),
            ] {
                assert_eq!(write(&read(&text).unwrap()), text);
            }
        }
    }

    #[test]
    fn kept_number_shows_its_digits() {
        let digits = "123456789012345678901234567890";
        let value = read(digits).unwrap();
        assert_eq!(number_text(&value), Some(digits));
        assert_eq!(number_text(&Value::from(7)), None);
    }

    #[test]
    fn text_like_kept_number_stays() {
        for text in [
            "{\"$keywright:number\":\"7\"}",
            "{\"$keywright:number\":\"a\"}",
            "[\"{\\\"$keywright:number\\\":\\\"1.10\\\"}\"]",
        ] {
            assert_eq!(write(&read(text).unwrap()), text);
        }
    }

    #[test]
    fn broken_number_is_no_json() {
        for text in ["01", "1.", "-", "1e", "+1", "1.2.3", "--1", "[1-]", "."] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
