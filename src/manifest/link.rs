//! `Link` headers (RFC 8288): the URL of the next page.

/// Returns the address of the relation `next` in a `Link` header; `needs` is a parameter that the link must also
/// have.
pub fn next_link(header: &str, needs: Option<&str>) -> Option<String> {
    let needs = needs.map(|needs| parameter(needs).0);
    let mut rest = header;
    // Text between two links has no meaning.
    while let Some(start) = rest.find('<') {
        let (address, behind) = rest[start + 1..].split_once('>')?;
        let (parameters, behind) = parameters(behind);
        rest = behind;
        let is_next = parameters.iter().any(|(name, value)| {
            let mut relations = value.split_whitespace();
            name == "rel" && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next
            && needs
                .as_ref()
                .is_none_or(|needs| parameters.contains(needs))
        {
            return Some(address.trim().to_owned());
        }
    }
    None
}

/// Returns the parameters of a link, and the text after them.
fn parameters(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(behind) = rest.strip_prefix(';') else {
            return (found, rest);
        };
        let (one, behind) = parameter(behind);
        if !one.0.is_empty() {
            found.push(one);
        }
        rest = behind;
    }
}

/// Returns one parameter, its name in lower case and its value without quotes, and the text after it.
fn parameter(text: &str) -> ((String, String), &str) {
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.trim().to_ascii_lowercase();
    let Some(value) = rest.strip_prefix('=') else {
        return ((name, String::new()), rest);
    };
    let (value, rest) = if let Some(quoted) = value.trim_start().strip_prefix('"') {
        unquoted(quoted)
    } else {
        let end = value.find([';', ',']).unwrap_or(value.len());
        let (value, rest) = value.split_at(end);
        // Some servers quote as a shell does.
        (value.trim().trim_matches('\'').to_owned(), rest)
    };
    ((name, value), rest)
}

/// Returns a quoted text whose first quote is already removed, and the text after its last.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_link_header_variants_are_parsed() {
        for header in [
            "<https://x/a?page=3>; rel=\"next\"",
            "<https://x/a?page=3>;rel=next",
            "<https://x/a?page=3>; REL=\"Next\"",
            "<https://x/a?page=3>; rel='next'",
            "<https://x/a?page=3>; rel=\"next last\"",
            "<https://x/a?page=3>; rel=last next; title=x",
            "<https://x/a?page=3>; title=\"a, b; c=\\\"<d>\\\"\"; rel=\"next\"",
            "<https://x/a?page=1>; rel=\"prev\", <https://x/a?page=3>; rel=\"next\"; results=\"true\"",
            "<https://x/a?ids=1,2;3>; rel=\"first\",<https://x/a?page=3>; rel=\"next\"",
            ", <https://x/a?page=1>; rel , < https://x/a?page=3 > ; rel = \"next\" ;",
            "<https://x/style.css>; rel=preload; as=style; nopush, <https://x/a?page=3>; rel=\"next\"",
        ] {
            let found = next_link(header, None);
            assert_eq!(found.as_deref(), Some("https://x/a?page=3"), "{header}");
        }
        let with_commas = "<https://x/a?ids=1,2;b=3>; rel=\"next\"";
        assert_eq!(
            next_link(with_commas, None).as_deref(),
            Some("https://x/a?ids=1,2;b=3")
        );
    }

    #[test]
    fn next_link_other_relation_is_none() {
        for header in [
            "garbage",
            "",
            "<https://x/a",
            "<https://x/a>; rel=\"prev\"",
            "<https://x/a>; rel=\"nextish\"",
            "<https://x/a>; rev=\"next\"",
            "<https://x/a>; title=\"rel=next\"",
            "<https://x/a>; rel=\"",
        ] {
            assert_eq!(next_link(header, None), None, "{header}");
        }
    }

    #[test]
    fn next_link_requires_given_parameter() {
        let header =
            r#"<https://x/b>; rel="next"; results="false", <https://x/c>; Results=true; rel=next"#;
        for (needs, found) in [
            (r#"results="true""#, Some("https://x/c")),
            ("results=false", Some("https://x/b")),
            (r#"results="maybe""#, None),
        ] {
            assert_eq!(next_link(header, Some(needs)).as_deref(), found, "{needs}");
        }
    }
}
