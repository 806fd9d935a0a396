//! The addresses that a credential may be sent to.

use std::collections::BTreeMap;

use url::Url;

use crate::core::error::{Error, Result};
use crate::manifest::Manifest;
use crate::platform::is_loopback;
use crate::providers::is_name;

/// Reads an address that a credential may be sent to: HTTPS, or HTTP to this machine.
pub fn check_url(text: &str) -> Result<Url> {
    let refuse = |why: &str| {
        Error::usage(format!(
            "`{}` is not a URL to send a credential to: {why}",
            crate::core::untrusted::mask_typed_secret(text)
        ))
    };
    let url = Url::parse(text)
        .map_err(|error| refuse(&error.to_string()).hint("write it as https://HOST/PATH"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refuse("it is not encrypted")
                .hint("use https://; plain http:// is for 127.0.0.1, [::1] and localhost alone"));
        }
        other => return Err(refuse(&format!("`{other}` is not https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::usage(
            "a base URL must not hold a user name or password",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a `?` or a `#`"));
    }
    Ok(url)
}

/// Returns the error for a base that the manifest does not have.
pub fn unknown_base(manifest: &Manifest, name: &str) -> Error {
    let known: Vec<&str> = manifest.servers.keys().map(String::as_str).collect();
    Error::usage(format!("{} has no base `{name}`", manifest.name))
        .hint(format!("it has: {}", known.join(", ")))
}

/// Reads `URL` (for every base) or `NAME=URL`, each checked.
pub fn parse_bases<'t>(
    manifest: &Manifest,
    texts: impl IntoIterator<Item = &'t str>,
) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for text in texts
        .into_iter()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        let named = text.split_once('=').filter(|(name, _)| is_name(name));
        let Some((name, url)) = named else {
            check_url(text)?;
            all.extend(
                manifest
                    .servers
                    .keys()
                    .map(|name| (name.clone(), text.to_owned())),
            );
            continue;
        };
        if !manifest.servers.contains_key(name) {
            return Err(unknown_base(manifest, name));
        }
        check_url(url)?;
        all.insert(name.to_owned(), url.to_owned());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::Kind;

    #[test]
    fn check_url_requires_https_or_loopback() {
        for good in [
            "https://api.example.com/v1",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost:3/x",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.evil.example",
            "https://user:pw@example.com",
            "https://example.com?x=1",
            "ftp://127.0.0.1",
            "example.com",
            "",
        ] {
            assert_eq!(
                check_url(bad).err().map(|error| error.kind()),
                Some(Kind::Usage),
                "{bad}"
            );
        }
    }
}
