//! `Link` and `Retry-After`: what is written in any form that the standards allow is read as what it was.

use std::fmt::Write as _;
use std::time::Duration;

use arbtest::arbitrary::{Result, Unstructured};
use jiff::{SignedDuration, Timestamp};
use keywright::manifest::next_link;
use keywright::service::transport::retry_after;

use super::{fuzz, pieces};
use crate::support::clock::NOON;
use crate::support::http::answer;

const ADDRESS: [&str; 12] = [
    "https://x.example/a",
    "?page=",
    "2",
    "&ids=1,2",
    ";v=1",
    "%3E",
    "\"q\"",
    "rel=next",
    "/b",
    "=",
    "ä",
    " ",
];

const WORDS: [&str; 6] = ["prev", "first", "last", "self", "nextish", "x-next"];

/// One parameter of a link, in some case and with or without quotes.
fn parameter(u: &mut Unstructured<'_>, name: &str, value: &str) -> Result<String> {
    let name = if u.arbitrary()? {
        name.to_ascii_uppercase()
    } else {
        name.to_owned()
    };
    let blank = if u.arbitrary()? { " " } else { "" };
    let bare = !value.contains([' ', ',', ';', '"', '\\']) && !value.is_empty();
    let value = if bare && u.arbitrary()? {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    };
    Ok(format!(";{blank}{name}{blank}={blank}{value}"))
}

#[test]
fn next_link_found_in_any_position() {
    fuzz("Link", 8, |u| {
        let mut header = String::new();
        let mut wanted = None;
        for number in 0..u.int_in_range(0..=4)? {
            if number > 0 {
                header.push_str(u.choose(&[", ", ",", " , "])?);
            }
            let address = pieces(u, &ADDRESS, 6)?;
            let mut relations = vec![*u.choose(&WORDS)?];
            let is_next: bool = u.arbitrary()?;
            if is_next {
                let at = u.int_in_range(0..=relations.len())?;
                relations.insert(at, "next");
            }
            let _ = write!(header, "<{address}>");
            if u.arbitrary()? {
                header.push_str(&parameter(u, "title", "rel=\"next\", <x>; rel=next")?);
            }
            header.push_str(&parameter(u, "rel", &relations.join(" "))?);
            if is_next && wanted.is_none() {
                wanted = Some(address.trim().to_owned());
            }
        }
        assert_eq!(next_link(&header, None), wanted, "{header}");
        Ok(())
    });
}

#[test]
fn arbitrary_link_header_never_panics() {
    let among = [
        "<",
        ">",
        ";",
        ",",
        "rel",
        "=",
        "next",
        "\"",
        "\\",
        " ",
        "é",
        "\u{0}",
        "https://x/",
    ];
    fuzz("Link, anything", 8, |u| {
        let header = pieces(u, &among, 40)?;
        if let Some(found) = next_link(&header, None) {
            assert!(header.contains(&format!("<{found}>")), "{header}: {found}");
        }
        Ok(())
    });
}

/// A pause as a server may write it.
fn written(u: &mut Unstructured<'_>, now: Timestamp, seconds: i64) -> Result<String> {
    let at = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    Ok(match u.int_in_range(0..=4)? {
        0 => seconds.to_string(),
        1 => at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        2 => at.strftime("%a %b %e %H:%M:%S %Y").to_string(),
        3 => at.to_string(),
        _ => format!(" {seconds} "),
    })
}

#[test]
fn retry_after_parses_every_form() {
    let now: Timestamp = NOON.parse().unwrap();
    fuzz("Retry-After", 8, |u| {
        let seconds = i64::from(u.int_in_range(0..=2_000_000_u32)?);
        let text = written(u, now, seconds)?;
        let mut refusal = answer(429, "{}");
        refusal
            .headers
            .push(("retry-after".to_owned(), text.clone()));
        let pause = retry_after(&refusal, None, now);
        assert_eq!(
            pause,
            Some(Duration::from_secs(seconds.unsigned_abs())),
            "{text}"
        );
        Ok(())
    });
}

#[test]
fn arbitrary_retry_headers_never_panic() {
    let now: Timestamp = NOON.parse().unwrap();
    let among = [
        "1",
        "9",
        "0",
        ".",
        "-",
        "e",
        ":",
        " ",
        "GMT",
        "Fri",
        ",",
        "Nov",
        "2026",
        "inf",
        "NaN",
        "s",
        "ms",
        "é",
        "{",
        "}",
        "\"retry_after\"",
        "\"detail\"",
        "available in ",
    ];
    fuzz("Retry-After, anything", 8, |u| {
        let mut refusal = answer(429, pieces(u, &among, 12)?);
        for name in [
            "retry-after",
            "retry-after-ms",
            "x-ratelimit-reset",
            "ratelimit",
        ] {
            let text = pieces(u, &among, 8)?;
            refusal.headers.push((name.to_owned(), text));
        }
        let _ = retry_after(&refusal, None, now);
        Ok(())
    });
}
