//! AWS Signature Version 4 as a server checks it: computed from the bytes of the request, by nothing of the program.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::server::Seen;

/// The longest that a request may be older or newer than the server's time.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A signature that a request must have.
#[derive(Clone)]
pub(crate) struct SigV4 {
    pub(crate) id: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) token: Option<&'static str>,
    /// `REGION/SERVICE`.
    pub(crate) scope: &'static str,
    /// The server's time.
    pub(crate) now: Timestamp,
}

impl SigV4 {
    /// The headers that belong to the signature.
    pub(crate) const HEADERS: [&'static str; 3] =
        ["authorization", "x-amz-date", "x-amz-security-token"];

    /// Returns the fault of the signature, if there is one.
    pub(crate) fn objection(&self, seen: &Seen) -> Option<String> {
        self.checked(seen).err()
    }

    fn checked(&self, seen: &Seen) -> Result<(), String> {
        let header = |name: &str| seen.header(name).ok_or(format!("no header {name}"));
        let moment = header("x-amz-date")?;
        let sent = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", moment)
            .map_err(|error| error.to_string())?;
        let sent = sent
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(|error| error.to_string())?;
        if sent.timestamp().duration_until(self.now).abs() > TOLERANCE {
            return Err(format!("signed at {moment}, and it is {}", self.now));
        }
        if seen.header("x-amz-security-token") != self.token {
            return Err("another session token".to_owned());
        }
        let scope = format!("{}/{}/aws4_request", &moment[..8], self.scope);
        let line = header("authorization")?;
        let rest = line
            .strip_prefix(&format!(
                "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=",
                self.id
            ))
            .ok_or("another algorithm, id or scope")?;
        let (names, signature) = rest.split_once(", Signature=").ok_or("no signature")?;
        for name in ["host", "x-amz-date"] {
            if !names.split(';').any(|signed| signed == name) {
                return Err(format!("{name} is not signed"));
            }
        }
        let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
        let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        if query.contains('+') {
            return Err("a blank in the query is `%20`".to_owned());
        }
        let headers: BTreeMap<&str, &str> = names
            .split(';')
            .map(|name| Ok((name, header(name)?)))
            .collect::<Result<_, String>>()?;
        let lines = headers.iter();
        let lines = lines.map(|(name, value)| format!("{name}:{value}\n"));
        let headers = lines.collect::<String>();
        let canonical = format!(
            "{}\n{}\n{}\n{headers}\n{names}\n{}",
            seen.method,
            path.replace('%', "%25"),
            pairs.join("&"),
            hex(&Sha256::digest(&seen.body))
        );
        let text = format!(
            "AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}",
            hex(&Sha256::digest(canonical))
        );
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in scope.split('/').chain([text.as_str()]) {
            key = hmac(&key, part.as_bytes());
        }
        if hex(&key) == signature {
            return Ok(());
        }
        Err(format!(
            "the signature is {}, and should be {}",
            signature,
            hex(&key)
        ))
    }
}

/// HMAC-SHA256 (RFC 2104) of a key that is no longer than a block.
pub(crate) fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8, text: &[u8]| {
        let start = block.map(|byte| byte ^ with);
        Sha256::digest([&start, text].concat()).to_vec()
    };
    pad(0x5c, &pad(0x36, text))
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}
