//! The proxy that the environment names, and what is wrong with it.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::Env;

/// The variables that name a proxy, with what each is for; the first that is set of a group counts.
const GROUPS: [[&str; 2]; 3] = [
    ["HTTPS_PROXY", "https_proxy"],
    ["ALL_PROXY", "all_proxy"],
    ["HTTP_PROXY", "http_proxy"],
];

/// The number of groups that apply to HTTPS requests.
const FOR_HTTPS: usize = 2;

/// A variable that names no proxy through which a request can go.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenProxy {
    /// The problem, without the value, which may hold a password.
    pub why: String,
    /// The hint.
    pub way_out: &'static str,
}

/// Returns the variable whose proxy HTTPS requests go through.
pub fn proxy_variable(env: &Env) -> Option<&'static str> {
    set(env, &GROUPS[..FOR_HTTPS]).map(|(name, _)| name).next()
}

/// Finds a variable that is set and names no proxy: the HTTP client would pass it over, and ask the service directly.
pub fn broken_proxy(env: &Env) -> Option<BrokenProxy> {
    // A web server passes a header of its caller to a CGI program as `HTTP_PROXY`, so no proxy counts there.
    if env.is_set("REQUEST_METHOD") {
        return None;
    }
    let junk = set(env, &GROUPS).find(|(_, value)| scheme_of(value).is_none());
    if let Some((name, _)) = junk {
        return Some(BrokenProxy {
            why: format!("{name} is not the URL of a proxy"),
            way_out: "write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters of a password percent-encoded, or unset it",
        });
    }
    let (name, value) = set(env, &GROUPS[..FOR_HTTPS]).next()?;
    let is_socks = scheme_of(value).is_some_and(|scheme| scheme.starts_with("socks"));
    is_socks.then(|| BrokenProxy {
        why: format!("{name} names a SOCKS proxy, and keywright uses HTTP proxies only"),
        way_out: "name an HTTP proxy (HTTPS_PROXY=http://HOST:PORT), or unset it; NO_PROXY names the hosts that need no proxy",
    })
}

/// Returns whether `NO_PROXY` names the host of `url`.
pub(super) fn needs_no_proxy(env: &Env, url: &Url) -> bool {
    let exempt = ["NO_PROXY", "no_proxy"]
        .into_iter()
        .find_map(|name| env.set_to(name))
        .unwrap_or_default();
    let matcher = Matcher::builder()
        .all("http://proxy.invalid")
        .no(exempt)
        .build();
    let uri = url.as_str().parse();
    uri.is_ok_and(|uri| matcher.intercept(&uri).is_none())
}

/// Returns the variables of these groups that count, with their values.
fn set<'e>(
    env: &'e Env,
    groups: &'static [[&'static str; 2]],
) -> impl Iterator<Item = (&'static str, &'e str)> {
    groups.iter().filter_map(|names| {
        let name = names.iter().find(|name| env.is_set(name))?;
        Some((*name, env.get(name)?))
    })
}

/// Returns the scheme of a proxy, where the HTTP client and the URL standard read the same in its address.
fn scheme_of(value: &str) -> Option<String> {
    let whole = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(&whole).ok()?;
    let matcher = Matcher::builder().https(value).build();
    let proxy = matcher.intercept(&"https://service.invalid/".parse().ok()?)?;
    let host = proxy.uri().host()?;
    // A password with an `@` or a `#` in it is read in two ways.
    let alike = url.host_str()?.eq_ignore_ascii_case(host)
        && proxy.uri().authority()?.as_str().find('@').is_none();
    alike.then(|| url.scheme().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        Env::new(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    fn why(pairs: &[(&str, &str)]) -> Option<String> {
        broken_proxy(&env(pairs)).map(|broken| broken.why)
    }

    #[test]
    fn proxy_common_address_forms_are_accepted() {
        for value in [
            "",
            "http://proxy.example.test:3128",
            "https://proxy.example.test",
            "http://proxy.example.test:3128/",
            "proxy.example.test:3128",
            "proxy",
            "10.0.0.1:8080",
            "[::1]:8080",
            "http://[2001:db8::1]:3128",
            "http://user:fake-p%40ss@proxy.example.test:3128",
            "HTTP://PROXY.EXAMPLE.TEST:3128",
        ] {
            assert_eq!(why(&[("HTTPS_PROXY", value)]), None, "{value}");
        }
    }

    #[test]
    fn proxy_invalid_url_hides_value() {
        for value in [
            "not a url",
            "http://",
            "://",
            "/proxy",
            "http:/proxy",
            "http://proxy.example.test:port",
            "http://proxy.example.test:99999",
            "http://proxy.example.test:3128 ",
            "ftp://proxy.example.test",
            "direct://",
            "http://user:fake-p@ss@proxy.example.test:3128",
            "http://user:fake-p#ss@proxy.example.test:3128",
            "http://user:fake-p/ss@proxy.example.test:3128",
        ] {
            for name in [
                "HTTPS_PROXY",
                "https_proxy",
                "ALL_PROXY",
                "all_proxy",
                "HTTP_PROXY",
            ] {
                let wanted = format!("{name} is not the URL of a proxy");
                assert_eq!(why(&[(name, value)]), Some(wanted), "{value}");
            }
        }
    }

    #[test]
    fn proxy_socks_is_refused_when_used() {
        let socks = "socks5://127.0.0.1:1080";
        let said = why(&[("ALL_PROXY", socks)]).unwrap();
        assert!(said.starts_with("ALL_PROXY names a SOCKS proxy"), "{said}");
        let proxy = ("https_proxy", "http://proxy.example.test");
        assert_eq!(why(&[("ALL_PROXY", socks), proxy]), None);
        assert_eq!(why(&[("HTTP_PROXY", socks)]), None);
    }

    #[test]
    fn proxy_ignored_variable_is_not_checked() {
        assert_eq!(why(&[("HTTPS_PROXY", ""), ("https_proxy", "a b")]), None);
        assert_eq!(
            why(&[("HTTPS_PROXY", "a b"), ("REQUEST_METHOD", "GET")]),
            None
        );
    }

    #[test]
    fn no_proxy_matching_host_is_exempt() {
        let url: Url = "https://api.example.test/v1".parse().unwrap();
        let exempt = |pairs: &[(&str, &str)]| needs_no_proxy(&env(pairs), &url);
        assert!(exempt(&[("NO_PROXY", "example.test")]));
        assert!(exempt(&[("no_proxy", "*")]));
        assert!(!exempt(&[("NO_PROXY", "other.test")]));
        assert!(!exempt(&[]));
    }
}
