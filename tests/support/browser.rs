//! A browser that is led to an authorization server and comes back as it is told.

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keywright::platform::{CallbackListener, CallbackReply, CallbackServer, LocalBoxFuture};
use sha2::{Digest, Sha256};
use url::Url;

use super::terminal::FakeTerminal;

/// The port that is free.
const PORT: u16 = 45_678;

/// The requests of a browser to this machine, one after the other; `{state}` stands for the state that it was given.
#[derive(Clone)]
pub(crate) struct FakeBrowser {
    targets: Vec<String>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    address: Option<Url>,
    statuses: Vec<u16>,
}

impl FakeBrowser {
    pub(crate) fn requesting<T: ToString>(targets: impl IntoIterator<Item = T>) -> Self {
        FakeBrowser {
            targets: targets.into_iter().map(|one| one.to_string()).collect(),
            seen: Arc::default(),
        }
    }

    /// The statuses of the replies.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.seen.lock().unwrap().statuses.clone()
    }

    /// The address that it was led to, without its query.
    pub(crate) fn address(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let mut address = seen.address.clone().expect("it was led somewhere");
        address.set_query(None);
        address.into()
    }

    /// The parameters of the address that it was led to.
    pub(crate) fn parameters(&self) -> BTreeMap<String, String> {
        let seen = self.seen.lock().unwrap();
        let address = seen.address.as_ref().expect("it was led somewhere");
        address.query_pairs().into_owned().collect()
    }

    /// The request with `{verifier}` in place of the secret that the address was made from.
    pub(super) fn verifier_taken_from(&self, request: &str) -> Result<String, String> {
        let (before, rest) = request
            .split_once("code_verifier=")
            .ok_or("there is no verifier")?;
        let end = rest.find(['&', '\n']).unwrap_or(rest.len());
        let (verifier, after) = rest.split_at(end);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        if self.parameters()["code_challenge"] != challenge || verifier.len() < 43 {
            return Err("the verifier is another one".to_owned());
        }
        Ok(format!("{before}code_verifier={{verifier}}{after}"))
    }

    /// The ports of a machine whose terminal shows where to go.
    pub(super) fn ports(&self, terminal: &Rc<FakeTerminal>) -> Rc<dyn CallbackServer> {
        Rc::new(FakePorts {
            browser: self.clone(),
            terminal: Rc::clone(terminal),
        })
    }
}

struct FakePorts {
    browser: FakeBrowser,
    terminal: Rc<FakeTerminal>,
}

impl CallbackServer for FakePorts {
    fn listen(&self, port: u16) -> io::Result<Box<dyn CallbackListener>> {
        if port == 1 {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        Ok(Box::new(FakePort {
            browser: self.browser.clone(),
            terminal: Rc::clone(&self.terminal),
            port: if port == 0 { PORT } else { port },
        }))
    }
}

struct FakePort {
    browser: FakeBrowser,
    terminal: Rc<FakeTerminal>,
    port: u16,
}

impl CallbackListener for FakePort {
    fn port(&self) -> u16 {
        self.port
    }

    fn serve<'a>(
        &'a mut self,
        _: Duration,
        answer: &'a mut dyn FnMut(&str, &str) -> CallbackReply,
    ) -> LocalBoxFuture<'a, io::Result<bool>> {
        let said = self.terminal.stderr.borrow().clone();
        let mut words = said.split_whitespace();
        let address = words.find(|word| word.contains("code_challenge="));
        let address = Url::parse(address.expect("the address is shown")).unwrap();
        self.browser.seen.lock().unwrap().address = Some(address);
        let state = self.browser.parameters()["state"].clone();
        Box::pin(async move {
            for target in &self.browser.targets {
                let reply = answer("GET", &target.replace("{state}", &state));
                let mut seen = self.browser.seen.lock().unwrap();
                seen.statuses.push(reply.status);
                if reply.is_last {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}
