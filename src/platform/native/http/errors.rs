//! Explains why there is no response, in plain words: TLS, the proxy, the clock, names and connections.

use std::error::Error;
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use rustls::{AlertDescription, CertificateError, pki_types::UnixTime};
use url::Url;

use super::super::super::TransportError;
use crate::core::moment::to_the_minute;

/// The facts about a failed request.
pub(super) struct FailedRequest<'a> {
    /// Its URL.
    pub(super) url: &'a Url,
    /// Its proxy, without the password that the address may hold.
    pub(super) proxy: Option<String>,
    /// The longest time to open a connection.
    pub(super) connect: Duration,
    /// Set if this side shows a certificate of its own.
    pub(super) shows_certificate: bool,
}

/// A lasting obstacle to all requests, and the hint.
type Explanation = (String, &'static str);

const CLOCK: &str = "if that time is wrong, set the clock of this machine; otherwise the certificate must be renewed";
const AUTHORITY: &str = if cfg!(any(target_os = "macos", windows)) {
    "if the service or a TLS-inspecting proxy has its own certificate authority, add its certificate to the system's"
} else {
    "if the service or a TLS-inspecting proxy has its own certificate authority, name its certificate: SSL_CERT_FILE=/path/to/ca.pem"
};
const ADDRESS: &str = "check the base URL and the service behind it: keywright profiles show";
const NETWORK: &str = "check the network, the proxy and the base URL: keywright profiles show";
const NO_PROXY: &str = "see HTTPS_PROXY; NO_PROXY names the hosts that need no proxy";
const SERVER: &str = "the server is misconfigured: tell its operator";

impl FailedRequest<'_> {
    /// Returns the failure in words without the URL, and whether the server may have seen the request.
    pub(super) fn explain(&self, error: &reqwest::Error) -> TransportError {
        let causes = causes(error);
        let connecting = error.is_connect() || error.is_builder();
        if let Some((why, way_out)) = self.obstacle(&causes) {
            return if connecting || refuses_client(&causes) {
                TransportError::Blocked { why, way_out }
            } else {
                TransportError::Uncertain(why)
            };
        }
        if connecting && error.is_timeout() {
            // Another try would only take as long again.
            return TransportError::Blocked {
                why: self.too_slow(),
                way_out: NETWORK,
            };
        }
        if connecting {
            return TransportError::NotSent(self.unreachable(&causes));
        }
        TransportError::Uncertain(innermost(&causes))
    }

    fn obstacle(&self, causes: &[&(dyn Error + 'static)]) -> Option<Explanation> {
        causes.iter().find_map(|cause| {
            if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                return Some(self.tls(error));
            }
            let text = cause.to_string();
            if let Some(why) = text.strip_prefix("tunnel error: ") {
                return self.tunnel(why);
            }
            if text.contains("tls handshake eof") {
                let host = self.host();
                return Some((
                    format!("{host} closed the connection in the middle of the TLS handshake"),
                    ADDRESS,
                ));
            }
            text.starts_with("invalid HTTP").then(|| {
                let host = self.host();
                (format!("the response of {host} is not HTTP"), ADDRESS)
            })
        })
    }

    fn host(&self) -> String {
        format!("`{}`", self.url.host_str().unwrap_or_default())
    }

    fn tunnel(&self, why: &str) -> Option<Explanation> {
        let proxy = self.proxy();
        match why {
            "proxy authorization required" => Some((
                format!("the proxy{proxy} asks for a user name and a password"),
                "write them into HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT); NO_PROXY names the hosts that need no proxy",
            )),
            "unsuccessful" | "proxy response headers too long" => Some((
                format!("the proxy{proxy} refuses to connect to {}", self.host()),
                NO_PROXY,
            )),
            "unexpected end of file" => {
                Some((format!("the proxy{proxy} closed the connection"), NO_PROXY))
            }
            // The cause behind it says more.
            _ => None,
        }
    }

    fn proxy(&self) -> String {
        let proxy = self.proxy.as_ref();
        proxy.map_or_else(String::new, |proxy| format!(" `{proxy}`"))
    }

    fn too_slow(&self) -> String {
        let through = match &self.proxy {
            Some(proxy) => format!(" through the proxy `{proxy}`"),
            None => String::new(),
        };
        let seconds = self.connect.as_secs_f64().ceil();
        format!("the connection{through} did not open within {seconds:.0} s")
    }

    fn unreachable(&self, causes: &[&(dyn Error + 'static)]) -> String {
        let by = match &self.proxy {
            Some(proxy) => format!("the proxy `{proxy}` could not be reached: "),
            None => String::new(),
        };
        let words = innermost(causes);
        match words.strip_prefix("failed to lookup address information: ") {
            Some(why) => format!("{by}its name could not be looked up: {why}"),
            None => format!("{by}{words}"),
        }
    }

    fn tls(&self, error: &rustls::Error) -> Explanation {
        use rustls::Error::{
            AlertReceived, General, InvalidCertificate, InvalidMessage, NoCertificatesPresented,
            PeerIncompatible,
        };
        let host = self.host();
        match error {
            InvalidCertificate(why) => self.certificate(why),
            InvalidMessage(_) => (
                format!("the server at {host} does not speak TLS: is it a port for http://?"),
                ADDRESS,
            ),
            AlertReceived(alert) if is_about_client(*alert) && self.shows_certificate => (
                format!("{host} does not accept the TLS certificate of the client"),
                "log in with another certificate, or ask the operator of the service which authority has to issue it",
            ),
            AlertReceived(AlertDescription::CertificateRequired) => (
                format!(
                    "{host} asks for a TLS certificate of the client, and this request has none"
                ),
                "a credential with `in = [{ tls = {} }]` is one: man keywright-manifest",
            ),
            AlertReceived(alert) => (format!("{host} {}", alert_in_words(*alert)), SERVER),
            PeerIncompatible(_) => (
                format!("{host} speaks no version of TLS that is safe: 1.2 or 1.3 is needed"),
                SERVER,
            ),
            NoCertificatesPresented => (format!("{host} shows no TLS certificate"), SERVER),
            General(text) if text.contains("No CA certificates") => (
                "no certificates of authorities were found, so no TLS connection can be trusted"
                    .to_owned(),
                "install them (the package is mostly called ca-certificates), or name a file that holds them: SSL_CERT_FILE=/path/to/ca.pem; where that or SSL_CERT_DIR is set, the system's are not used",
            ),
            _ => (format!("the TLS connection to {host} failed"), ADDRESS),
        }
    }

    fn certificate(&self, why: &CertificateError) -> Explanation {
        use CertificateError::{
            BadSignature, Expired, ExpiredContext, InvalidPurpose, InvalidPurposeContext,
            NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext, Other,
            Revoked, UnknownIssuer,
        };
        let of_host = format!("the TLS certificate of {}", self.host());
        match why {
            Expired => (
                format!("{of_host} has expired by this machine's clock"),
                CLOCK,
            ),
            ExpiredContext { time, not_after } => {
                let (end, now) = (moment(*not_after), moment(*time));
                (
                    format!("{of_host} expired on {end}, and this machine's clock says {now}"),
                    CLOCK,
                )
            }
            NotValidYet => (
                format!("{of_host} is not valid yet by this machine's clock"),
                CLOCK,
            ),
            NotValidYetContext { time, not_before } => {
                let (start, now) = (moment(*not_before), moment(*time));
                (
                    format!(
                        "{of_host} is valid from {start} on, and this machine's clock says {now}"
                    ),
                    CLOCK,
                )
            }
            UnknownIssuer => (
                format!("{of_host} was issued by an authority that this machine does not trust"),
                AUTHORITY,
            ),
            NotValidForName => (format!("{of_host} is for another name"), ADDRESS),
            NotValidForNameContext { presented, .. } => {
                let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
                let names = if names.is_empty() {
                    "no name".to_owned()
                } else {
                    names.join(", ")
                };
                (
                    format!("{of_host} is for another name: it says {names}"),
                    ADDRESS,
                )
            }
            Revoked => (
                format!("{of_host} was revoked"),
                "send nothing there until the operator of the service has explained it",
            ),
            BadSignature => (
                format!("{of_host} has a signature that is wrong"),
                AUTHORITY,
            ),
            InvalidPurpose | InvalidPurposeContext { .. } => {
                (format!("{of_host} is not meant for a server"), SERVER)
            }
            Other(other) => {
                let text = other.to_string();
                if text.contains("CaUsedAsEndEntity") {
                    return (
                        format!(
                            "{of_host} is one of an authority, and no server may use it as its own"
                        ),
                        "make a certificate for the server that the authority signs (with CA:FALSE), and name the authority's: SSL_CERT_FILE=/path/to/ca.pem",
                    );
                }
                if text.contains("invalid extensions") {
                    return (format!("{of_host} is not meant for a server"), SERVER);
                }
                (format!("{of_host} is not accepted"), SERVER)
            }
            _ => (
                format!("{of_host} is damaged, or of a kind that is not accepted"),
                SERVER,
            ),
        }
    }
}

fn alert_in_words(alert: AlertDescription) -> &'static str {
    match alert {
        AlertDescription::HandshakeFailure
        | AlertDescription::ProtocolVersion
        | AlertDescription::InsufficientSecurity => {
            "and keywright have no version or cipher of TLS in common"
        }
        AlertDescription::UnrecognisedName => "has no TLS certificate for this name",
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => "refuses this client in the TLS handshake",
        _ => "broke off the TLS handshake",
    }
}

/// Returns whether a server refuses the certificate of its client, or the lack of one.
fn is_about_client(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
    )
}

/// Returns whether the server broke off because of the certificate of its client: in TLS 1.3 that shows only when the
/// response is read, and the request was not.
fn refuses_client(causes: &[&(dyn Error + 'static)]) -> bool {
    causes.iter().any(|cause| {
        let error = cause.downcast_ref::<rustls::Error>();
        matches!(error, Some(rustls::Error::AlertReceived(alert)) if is_about_client(*alert))
    })
}

/// A name as a certificate has it, out of the form in which the library shows it: `DnsName("example.com")`.
fn bare(name: &str) -> &str {
    let inner = name
        .split_once('(')
        .map(|(_, rest)| rest.trim_end_matches(')'));
    inner.unwrap_or(name).trim_matches('"')
}

fn moment(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(
        |_| "a time that no calendar knows".to_owned(),
        to_the_minute,
    )
}

/// Returns an error and all its causes, the innermost last. A cause wrapped in an I/O error is included.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> Vec<&'e (dyn Error + 'static)> {
    let mut found = vec![error];
    let mut next = Some(error);
    while let Some(cause) = next {
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
        found.extend(next);
    }
    found
}

/// The words of the innermost cause: the outer ones repeat the URL.
fn innermost(causes: &[&(dyn Error + 'static)]) -> String {
    let [_, .., last] = causes else {
        return "the request could not be sent".to_owned();
    };
    let words = last.to_string();
    // The number of a system error adds nothing to its words.
    match words.split_once(" (os error") {
        Some((text, _)) => text.to_owned(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::{Error as Tls, InvalidMessage, OtherError, PeerIncompatible};

    use super::*;

    /// Returns the explanation for `causes`, and the hint.
    fn explained(error: Tls) -> Explanation {
        let url: Url = "https://api.example.com/v1".parse().unwrap();
        let about = FailedRequest {
            url: &url,
            proxy: None,
            connect: Duration::from_secs(10),
            shows_certificate: false,
        };
        let outer = io::Error::other(error);
        about.obstacle(&causes(&outer)).unwrap()
    }

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    /// The error of a TLS library for a CA certificate that a server uses as its own.
    #[derive(Debug)]
    struct CaUsedAsEndEntity;

    impl std::fmt::Display for CaUsedAsEndEntity {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("CaUsedAsEndEntity")
        }
    }

    impl Error for CaUsedAsEndEntity {}

    #[test]
    fn tls_error_explains_and_hints() {
        let expired = CertificateError::ExpiredContext {
            time: at(1_795_132_800),
            not_after: at(1_790_000_000),
        };
        let early = CertificateError::NotValidYetContext {
            time: at(0),
            not_before: at(1_790_000_000),
        };
        let name = CertificateError::NotValidForNameContext {
            expected: "api.example.com".try_into().unwrap(),
            presented: vec![
                "DnsName(\"login.example.net\")".to_owned(),
                "*.example.net".to_owned(),
            ],
        };
        let authority = CertificateError::Other(OtherError(Arc::new(CaUsedAsEndEntity)));
        for (error, why, way_out) in [
            (
                Tls::InvalidCertificate(expired),
                "expired on 2026-09-21 14:13 UTC, and this machine's clock says 2026-11-20 00:00 UTC",
                "set the clock",
            ),
            (
                Tls::InvalidCertificate(early),
                "is valid from 2026-09-21 14:13 UTC on, and this machine's clock says 1970-01-01 00:00 UTC",
                "set the clock",
            ),
            (
                Tls::InvalidCertificate(CertificateError::UnknownIssuer),
                "an authority that this machine does not trust",
                "certificate authority",
            ),
            (
                Tls::InvalidCertificate(name),
                "is for another name: it says login.example.net, *.example.net",
                "base URL",
            ),
            (
                Tls::InvalidCertificate(authority),
                "is one of an authority",
                "CA:FALSE",
            ),
            (
                Tls::InvalidCertificate(CertificateError::Revoked),
                "was revoked",
                "send nothing there",
            ),
            (
                Tls::InvalidCertificate(CertificateError::BadEncoding),
                "is damaged",
                "misconfigured",
            ),
            (
                Tls::InvalidMessage(InvalidMessage::InvalidContentType),
                "does not speak TLS",
                "base URL",
            ),
            (
                Tls::AlertReceived(AlertDescription::ProtocolVersion),
                "`api.example.com` and keywright have no version or cipher of TLS in common",
                "misconfigured",
            ),
            (
                Tls::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                "1.2 or 1.3 is needed",
                "misconfigured",
            ),
            (
                Tls::General("No CA certificates were loaded from the system".to_owned()),
                "no certificates of authorities",
                "ca-certificates",
            ),
            (
                Tls::DecryptError,
                "the TLS connection to `api.example.com` failed",
                "base URL",
            ),
        ] {
            let (words, hint) = explained(error);
            assert!(words.contains(why), "{words}");
            assert!(hint.contains(way_out), "{words}: {hint}");
        }
    }
}
