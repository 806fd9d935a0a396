//! The addresses that a credential may be sent to.

use url::Url;

use crate::core::error::{Error, Result};
use crate::platform::is_loopback;

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
