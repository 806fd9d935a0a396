//! The published vectors of AWS (`aws-signing-test-suite`, Signature Version 4 in headers), and the use of a request.

use serde::Deserialize;
use url::Url;

use super::*;
use crate::platform::RequestBody;
use crate::service::Values;

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    normalize: bool,
    sign_body: bool,
    token: Option<String>,
    signature: String,
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signature(line: &Secret) -> String {
    let (_, signature) = line.expose().rsplit_once('=').unwrap();
    signature.to_owned()
}

#[test]
fn published_vectors_match() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(vectors.len(), 38);
    for vector in &vectors {
        let payload = hash(&vector.body);
        let mut headers: Vec<(String, Zeroizing<String>)> = vector
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        let mut own =
            |name: &str, value: &str| headers.push((name.into(), value.to_owned().into()));
        own("x-amz-date", "20150830T123600Z");
        if vector.sign_body {
            own("x-amz-content-sha256", &payload);
        }
        if let Some(token) = &vector.token {
            own("x-amz-security-token", token);
        }
        let (path, query) = vector
            .target
            .split_once('?')
            .unwrap_or((&vector.target, ""));
        let request = CanonicalRequest {
            method: &vector.method,
            path,
            query,
            headers: &headers,
            payload: &payload,
            double_uri_encode: true,
            normalize_uri_path: vector.normalize,
        };
        let scope = Scope {
            time: "2015-08-30T12:36:00Z".parse().unwrap(),
            region: "us-east-1".to_owned(),
            service: "service".to_owned(),
        };
        let line = authorization(
            &request,
            &scope,
            &Secret::new("AKIDEXAMPLE"),
            &Secret::new(SECRET),
        );
        assert_eq!(signature(&line), vector.signature, "{}", vector.name);
    }
}

/// A request that is signed at a time, as its lines.
fn signed(placement: &str, url: &str, body: Option<&str>) -> Vec<String> {
    let placement: AwsSigV4Placement = toml_edit::de::from_str(placement).unwrap();
    let values = Values::at(Timestamp::UNIX_EPOCH);
    let url: Url = url.parse().unwrap();
    let credential = format!(r#"{{"id":"AKIDEXAMPLE","secret":"{SECRET}","token":"fake-token"}}"#);
    let mut request = HttpRequest {
        method: "GET".to_owned(),
        shown_url: url.to_string(),
        url: url.clone(),
        headers: Vec::new(),
        body: body.map(|text| RequestBody {
            media_type: Some("application/x-amz-json-1.1".to_owned()),
            text: Secret::new(text),
        }),
        identity: None,
        timeout: std::time::Duration::MAX,
    };
    let values = FieldEncoder::new(&values, &url);
    // An earlier attempt leaves nothing behind.
    for seconds in [0, 60] {
        let now = Timestamp::from_second(1_440_938_160 + seconds).unwrap();
        placement
            .sign(
                &mut request,
                &Secret::new(credential.as_str()),
                &values,
                now,
            )
            .unwrap();
    }
    let mut lines: Vec<String> = request.headers.iter().map(Header::as_line).collect();
    lines.insert(0, request.url.to_string());
    lines
}

#[test]
fn request_headers_follow_declared_options() {
    let scope = "service = \"s3\"\nregion = \"eu-west-1\"\n";
    let lines = signed(
        scope,
        "https://example.amazonaws.com:8443/a?b=c+d&a=*",
        None,
    );
    assert_eq!(
        lines[0],
        "https://example.amazonaws.com:8443/a?a=%2A&b=c%20d"
    );
    assert_eq!(lines[1], "X-Amz-Date: 20150830T123700Z");
    assert!(lines[2].contains(
        "AKIDEXAMPLE/20150830/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, "
    ));
    assert_eq!(lines.len(), 3);

    let options =
        format!("{scope}content_sha256 = \"unsigned\"\nsession_token = \"credential.key.token\"");
    let lines = signed(&options, "https://example.amazonaws.com/", Some("{}"));
    assert_eq!(lines[2], "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD");
    assert_eq!(lines[3], "X-Amz-Security-Token: fake-token");
    assert!(lines[4].contains(
        "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
    ));
}

#[test]
fn path_encoding_follows_declared_options() {
    let path = |path: &str, double_uri_encode, normalize_uri_path| {
        let request = CanonicalRequest {
            method: "GET",
            path,
            query: "",
            headers: &[],
            payload: "",
            double_uri_encode,
            normalize_uri_path,
        };
        let (text, _) = request.text();
        text.lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(path("/a%20b/c:d", true, true), "/a%2520b/c%3Ad");
    assert_eq!(path("/a%20b/c:d", false, true), "/a%20b/c%3Ad");
    assert_eq!(path("/a//b/./c", false, false), "/a//b/./c");
    assert_eq!(path("/a//b/./c/", true, true), "/a/b/c/");
    assert_eq!(path("", true, true), "/");
}

#[test]
fn credential_without_part_is_refused() {
    let placement: AwsSigV4Placement =
        toml_edit::de::from_str("service = \"s\"\nregion = \"r\"\nsecret_access_key = \"other\"")
            .unwrap();
    let values = Values::at(Timestamp::UNIX_EPOCH);
    let url: Url = "https://example.com".parse().unwrap();
    let mut request = HttpRequest {
        method: "GET".to_owned(),
        shown_url: String::new(),
        url: url.clone(),
        headers: Vec::new(),
        body: None,
        identity: None,
        timeout: std::time::Duration::MAX,
    };
    let refused = placement.sign(
        &mut request,
        &Secret::new("{\"id\":\"a\",\"secret\":\"b\"}"),
        &FieldEncoder::new(&values, &url),
        Timestamp::UNIX_EPOCH,
    );
    assert_eq!(
        refused.unwrap_err().message(),
        "the key has no part `other`"
    );
}
