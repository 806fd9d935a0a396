use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use serde_json::json;
use zeroize::Zeroizing;

use super::*;

fn answer(headers: &[(&str, &str)], body: &[u8]) -> HttpResponse {
    let headers = headers.iter();
    HttpResponse {
        status: 200,
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Zeroizing::new(body.to_vec()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const PLAIN: &[u8] = br#"{"secret":"sk-fake"}"#;

#[test]
fn decode_compressed_body_is_unpacked() {
    let twice = gzip(&gzip(PLAIN));
    for (coding, body) in [
        (Some("gzip"), gzip(PLAIN)),
        (Some("X-GZIP"), gzip(PLAIN)),
        (None, gzip(PLAIN)),
        (Some("deflate"), zlib(PLAIN)),
        (Some("deflate"), deflate(PLAIN)),
        (Some("deflate, gzip"), gzip(&zlib(PLAIN))),
        (Some("gzip, gzip"), twice.clone()),
        (Some("gzip"), twice),
        (Some("identity"), PLAIN.to_vec()),
        // A proxy that unpacks and leaves the header.
        (Some("gzip"), PLAIN.to_vec()),
        (Some("br"), PLAIN.to_vec()),
    ] {
        let headers: Vec<_> = coding
            .iter()
            .map(|coding| ("content-encoding", *coding))
            .collect();
        let answer = answer(&headers, &body);
        assert_eq!(
            json(&answer),
            Some(json!({ "secret": "sk-fake" })),
            "{coding:?}"
        );
        assert_eq!(text(&answer).as_bytes(), PLAIN, "{coding:?}");
        assert_eq!(error(&answer), None);
    }
}

#[test]
fn decode_invalid_compression_is_explained() {
    let cut = &gzip(PLAIN)[..20];
    let bomb = gzip(&vec![b' '; MAX_RESPONSE_BYTES + 1]);
    for (coding, body, why) in [
        (
            "br",
            &b"\x8b\x02\x80"[..],
            DecodeError::Coding("br".to_owned()),
        ),
        ("gzip", cut, DecodeError::Damaged),
        ("deflate", b"\xff\xff\xff", DecodeError::Damaged),
        ("gzip", &bomb, DecodeError::TooLarge),
    ] {
        let answer = answer(&[("content-encoding", coding)], body);
        assert_eq!(error(&answer), Some(why), "{coding}");
        assert_eq!(json(&answer), None, "{coding}");
    }
}

#[test]
fn decode_common_charsets_are_read() {
    let body = r#"{"note":"café €"}"#;
    let little: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = body.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
    let windows = b"{\"note\":\"caf\xe9 \x80\"}";
    for (media_type, body) in [
        ("application/json", body.as_bytes().to_vec()),
        ("application/json", marked(b"\xef\xbb\xbf", body.as_bytes())),
        ("application/json", marked(b"\xff\xfe", &little)),
        ("application/json", marked(b"\xfe\xff", &big)),
        ("application/json; charset=utf-16le", little.clone()),
        ("application/json", little),
        ("application/json", big),
        ("application/json; charset=\"ISO-8859-1\"", windows.to_vec()),
        ("application/json", windows.to_vec()),
    ] {
        let answer = answer(&[("content-type", media_type)], &body);
        assert_eq!(
            json(&answer),
            Some(json!({ "note": "café €" })),
            "{media_type}"
        );
    }
}

#[test]
fn json_server_quirks_are_tolerated() {
    for (body, value) in [
        (
            r#"{"cost": NaN, "max": Infinity, "min": -Infinity, "far": 1e999}"#,
            json!({ "cost": null, "max": null, "min": null, "far": null }),
        ),
        (
            r#"{"name": "NaN, Infinity"}"#,
            json!({ "name": "NaN, Infinity" }),
        ),
        (")]}'\n{\"a\": 1}", json!({ "a": 1 })),
        (")]}',\n[1]", json!([1])),
        ("while(1);{\"a\": 1}", json!({ "a": 1 })),
        ("for (;;);[1]", json!([1])),
        ("{\"a\": 1}\0\0", json!({ "a": 1 })),
        ("{\"a\": 1}\n<!-- cache -->", json!({ "a": 1 })),
        ("\u{feff}{\"a\": 1}", json!({ "a": 1 })),
        (r#"{"a": [1, 2,], }"#, json!({ "a": [1, 2] })),
        ("{\"a\": \"two\nlines\"}", json!({ "a": "two\nlines" })),
        (
            r#"{"a": "\ud83d\ude00 \ud83d \\ud83d"}"#,
            json!({ "a": "😀 \u{fffd} \\ud83d" }),
        ),
        (r#"{"id": 18446744073709551615}"#, json!({ "id": u64::MAX })),
        (
            r#"{"id": 18446744073709551616, "n": -9223372036854775809}"#,
            json!({ "id": "18446744073709551616", "n": "-9223372036854775809" }),
        ),
        (
            r#"{"id": "18446744073709551616", "part": 0.12345678901234567890}"#,
            json!({ "id": "18446744073709551616", "part": 0.123_456_789_012_345_68 }),
        ),
        ("\"sk-fake\"\0", json!("sk-fake")),
        ("null\0", json!(null)),
    ] {
        assert_eq!(json(&answer(&[], body.as_bytes())), Some(value), "{body}");
    }
}

#[test]
fn json_multiple_or_invalid_is_none() {
    for body in [
        "",
        "   ",
        "200 OK",
        "<html>{}</html>",
        "{\"a\": 1",
        "{\"a\": 1}{\"b\": 2}",
        "[1]\n[2]",
        "{\"a\": b}",
        "]",
        "{\"a\": \"\\",
        "\"\\ud83d",
        ")]}'",
        "[{]}",
    ] {
        assert_eq!(json(&answer(&[], body.as_bytes())), None, "{body}");
    }
}
