//! The words in names: `apiKeys`, `api-keys` and `API_KEY` are two words, `api` and `key`.

/// Returns the words of a name, in lower case and in the singular.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        let after_small =
            index > 0 && (chars[index - 1].is_lowercase() || chars[index - 1].is_ascii_digit());
        let before_small = chars.get(index + 1).is_some_and(|next| next.is_lowercase())
            && index > 0
            && chars[index - 1].is_uppercase();
        if !c.is_alphanumeric() || c.is_uppercase() && (after_small || before_small) {
            push(&mut words, &mut word);
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    push(&mut words, &mut word);
    words
}

fn push(words: &mut Vec<String>, word: &mut String) {
    let whole = std::mem::take(word);
    let single = match whole.strip_suffix('s') {
        // These are no plurals.
        _ if matches!(whole.as_str(), "alias" | "expires") => whole.as_str(),
        Some(rest) if rest.len() > 2 && !rest.ends_with(['s', 'u', 'i']) => rest,
        _ => whole.as_str(),
    };
    match single {
        "" => {}
        "apikey" => words.extend(["api".to_owned(), "key".to_owned()]),
        "apitoken" => words.extend(["api".to_owned(), "token".to_owned()]),
        "accesskey" => words.extend(["access".to_owned(), "key".to_owned()]),
        "accesstoken" => words.extend(["access".to_owned(), "token".to_owned()]),
        "createdat" => words.extend(["created".to_owned(), "at".to_owned()]),
        "expiresat" => words.extend(["expires".to_owned(), "at".to_owned()]),
        other => words.push(other.to_owned()),
    }
}

/// Returns a name as words with `_` between them.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, c) in chars.iter().enumerate() {
        let starts = c.is_uppercase() && index > 0 && chars[index - 1].is_lowercase();
        if (starts || !c.is_ascii_alphanumeric()) && !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
        if c.is_ascii_alphanumeric() {
            text.extend(c.to_lowercase());
        }
    }
    text.trim_end_matches('_').to_owned()
}

/// Returns whether a name has these words, one after the other.
pub(super) fn has(words: &[String], sought: &str) -> bool {
    let sought: Vec<&str> = sought.split(' ').collect();
    words
        .windows(sought.len())
        .any(|window| window.iter().eq(sought.iter()))
}

/// Returns whether a name has one of these words.
pub(super) fn has_any(words: &[String], sought: &[&str]) -> bool {
    words.iter().any(|word| sought.contains(&word.as_str()))
}

/// Returns whether a name is one of these phrases.
pub(super) fn is(words: &[String], phrases: &[&str]) -> bool {
    rank(words, phrases).is_some()
}

/// Returns the place of a name among phrases.
pub(super) fn rank(words: &[String], phrases: &[&str]) -> Option<usize> {
    let name = words.join(" ");
    phrases.iter().position(|phrase| *phrase == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case_have_words() {
        for name in [
            "apiKeys", "api-keys", "API_KEY", "ApiKey", "apikeys", "api.key",
        ] {
            assert_eq!(words(name), ["api", "key"], "{name}");
        }
        assert_eq!(words("APIKeyID"), ["api", "key", "id"]);
        assert_eq!(words("lastUsedAt"), ["last", "used", "at"]);
        assert_eq!(words("keyAlias"), ["key", "alias"]);
        assert_eq!(words("access_status"), ["access", "status"]);
        assert_eq!(snake("serviceAccountId"), "service_account_id");
        assert_eq!(snake("project-id"), "project_id");
    }
}
