//! Scalars without quotes: some loader reads many of them as something other than a string.

/// Words that YAML 1.1 or 1.2 reads as truth values.
const BOOLEANS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];

/// Returns the kind of value that a loader reads in a plain scalar; `None` for a string.
pub(super) fn kind_of_plain(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "" | "~" | "null") {
        return Some("null");
    }
    if BOOLEANS.contains(&lower.as_str()) {
        return Some("a boolean");
    }
    if is_number(&lower) {
        return Some("a number");
    }
    is_date(&lower).then_some("a date")
}

/// Returns whether a string can be written without quotes for every loader, inside braces too.
pub(super) fn is_safe_plain(text: &str) -> bool {
    let fits =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+' | '=');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(fits)
        && kind_of_plain(text).is_none()
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".nan") {
        return true;
    }
    let based = |prefix: &str, base: u32| {
        let digits = unsigned.strip_prefix(prefix);
        digits.is_some_and(|digits| {
            !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(base))
        })
    };
    if based("0x", 16) || based("0o", 8) || based("0b", 2) {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && is_digits(exponent)
    });
    // `1:30` is a number of YAML 1.1.
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | ',');
    exponent_fits
        && mantissa.chars().any(|c| c.is_ascii_digit())
        && mantissa.chars().all(fits)
        && mantissa.matches('.').count() <= 1
}

/// Returns whether a text begins as `2026-01-31` does.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut digits = |least: usize, most: usize| {
        let part = parts.next().unwrap_or_default();
        let length = part.chars().take_while(char::is_ascii_digit).count();
        (least..=most).contains(&length)
    };
    digits(4, 4) && digits(1, 2) && digits(1, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_of_plain_covers_both_versions() {
        for (text, kind) in [
            ("", Some("null")),
            ("~", Some("null")),
            ("Null", Some("null")),
            ("Yes", Some("a boolean")),
            ("n", Some("a boolean")),
            ("12", Some("a number")),
            ("-1_000", Some("a number")),
            ("0x1F", Some("a number")),
            ("0o17", Some("a number")),
            ("1.5e-3", Some("a number")),
            (".inf", Some("a number")),
            ("1:30:00", Some("a number")),
            ("2026-01-31", Some("a date")),
            ("2026-1-3T10:00:00Z", Some("a date")),
            ("sk-fake-1", None),
            ("12e", None),
            ("0xzz", None),
            ("1.2.3", None),
            ("e5", None),
            ("12-34", None),
        ] {
            assert_eq!(kind_of_plain(text), kind, "{text}");
        }
        assert!(is_safe_plain("sk-fake_0123/+=="));
        for text in ["", "null", "1a", "a b", "a:", "-a", "a,b", "y"] {
            assert!(!is_safe_plain(text), "{text}");
        }
    }
}
