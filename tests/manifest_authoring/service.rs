//! Acme itself: a service with keys, that errs where it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The effect of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is refused from then on, and nothing has happened.
    Refused,
    /// It is carried out, and the answer is lost.
    Lost,
    /// It is answered as if it were carried out, and is not.
    Ignored,
    /// It is answered with another key, or none.
    Wrong,
    /// It is not answered as long as anybody waits.
    Silent,
}

#[derive(Default)]
struct State {
    keys: BTreeMap<String, String>,
    disabled: BTreeSet<String>,
    made: usize,
    /// The calls that came, and how often each.
    counts: BTreeMap<String, usize>,
    fault: Option<(String, usize, Fault)>,
    tells_secrets: bool,
    url: String,
}

/// The own key, where secrets are told.
pub(super) const OWN_KEY: &str = "acme_live_notReally0wnKey42";

/// The beginning of the secret of a new key, where secrets are told.
pub(super) const NEW_KEY: &str = "acme_live_notReally9NewKey";

/// A secret that no manifest knows.
pub(super) const HOOK_SECRET: &str = "whsec-not-a-real-secret-7";

/// A service on loopback.
pub(super) struct Acme {
    pub(super) url: String,
    state: Arc<Mutex<State>>,
    /// Something for each call that meets silence.
    pub(super) silent: Receiver<()>,
}

impl Acme {
    /// One that errs at that call, when it comes for the so-many-th time.
    pub(super) fn that_errs(at: &str, turn: usize, fault: Fault) -> Self {
        let acme = Acme::new();
        acme.state.lock().unwrap().fault = Some((at.to_owned(), turn, fault));
        acme
    }

    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        state.lock().unwrap().url.clone_from(&url);
        let served = Arc::clone(&state);
        let (tell, silent) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (served, tell) = (Arc::clone(&served), tell.clone());
                std::thread::spawn(move || serve(stream, &served, &tell));
            }
        });
        Acme { url, state, silent }
    }

    /// The names of the keys that are there.
    pub(super) fn keys(&self) -> Vec<String> {
        self.state.lock().unwrap().keys.values().cloned().collect()
    }

    /// The answers hold secrets from now on: the own key, that of a new key, and one that no manifest knows.
    pub(super) fn tell_secrets(&self) {
        self.state.lock().unwrap().tells_secrets = true;
    }

    /// The number of calls that came.
    pub(super) fn calls(&self) -> usize {
        self.state.lock().unwrap().counts.values().sum()
    }

    /// Everything goes well from now on.
    pub(super) fn recover(&self) {
        self.state.lock().unwrap().fault = None;
    }
}

impl State {
    /// The effect of the call, with the id of no key in its name.
    fn fault_of(&mut self, call: &str) -> Option<Fault> {
        let count = self.counts.entry(call.to_owned()).or_default();
        *count += 1;
        let (at, turn, fault) = self.fault.as_ref()?;
        let is_due = match fault {
            Fault::Refused => turn <= count,
            _ => turn == count,
        };
        (at == call && is_due).then_some(*fault)
    }

    fn answer(&mut self, method: &str, id: Option<&str>, path: &str, body: &Value) -> (u16, Value) {
        let name = body["name"].as_str().unwrap_or_default().to_owned();
        let key = |id: &str, name: &str, disabled: &BTreeSet<String>| json!({ "id": id, "name": name, "active": !disabled.contains(id) });
        let list = |keys: &BTreeMap<String, String>| {
            let keys = keys.iter();
            keys.map(|(id, name)| key(id, name, &self.disabled))
                .collect()
        };
        match (method, id) {
            ("GET", None) if path == "/me" && self.tells_secrets => {
                (200, json!({ "you": format!("with {OWN_KEY}") }))
            }
            ("GET", None) if path == "/me" => (200, json!({})),
            ("GET", None) if self.tells_secrets => {
                let mut keys: Value = list(&self.keys);
                for key in keys.as_array_mut().unwrap() {
                    key["hook"] = json!({ "secret": HOOK_SECRET });
                    key["self"] =
                        json!(format!("{}/keys/{}", self.url, key["id"].as_str().unwrap()));
                }
                (200, keys)
            }
            ("GET", None) => (200, list(&self.keys)),
            ("POST", None) => {
                self.made += 1;
                let id = format!("k{}", self.made);
                self.keys.insert(id.clone(), name.clone());
                let key = if self.tells_secrets {
                    format!("{NEW_KEY}{id}")
                } else {
                    format!("fake-{id}")
                };
                let header = format!("Basic {}", STANDARD.encode(format!("{id}:{key}")));
                let mut made = json!({ "id": id, "name": name, "key": key });
                if self.tells_secrets {
                    made["header"] = json!(header);
                }
                (201, made)
            }
            (_, Some(id)) if !self.keys.contains_key(id) => (404, json!({})),
            ("GET", Some(id)) => (200, key(id, &self.keys[id], &self.disabled)),
            ("PATCH", Some(id)) => {
                if body["name"].is_string() {
                    self.keys.insert(id.to_owned(), name);
                }
                match body["active"].as_bool() {
                    Some(true) => drop(self.disabled.remove(id)),
                    Some(false) => drop(self.disabled.insert(id.to_owned())),
                    None => {}
                }
                (200, json!({}))
            }
            ("DELETE", Some(id)) => {
                self.keys.remove(id);
                (200, json!({}))
            }
            _ => (405, json!({})),
        }
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>, tell: &Sender<()>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let mut length = 0;
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        loop {
            let mut header = String::new();
            stream.read_line(&mut header).ok()?;
            let header = header.trim().to_ascii_lowercase();
            if let Some(count) = header.strip_prefix("content-length:") {
                length = count.trim().parse().ok()?;
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let mut words = line.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let id = path.strip_prefix("/keys/");
        let call = id.map_or(format!("{method} {path}"), |_| format!("{method} one"));
        let mut state = state.lock().unwrap();
        let fault = state.fault_of(&call);
        let (status, answer) = match fault {
            Some(Fault::Refused) => (400, json!({ "error": "no" })),
            Some(Fault::Silent) => {
                drop(state);
                let _ = tell.send(());
                // Until the other side is gone.
                let _ = stream.read_to_end(&mut Vec::new());
                return None;
            }
            Some(Fault::Lost) => {
                state.answer(method, id, path, &body);
                return None;
            }
            Some(Fault::Ignored) => (200, json!({})),
            Some(Fault::Wrong) => {
                let (status, mut answer) = state.answer(method, id, path, &body);
                match &mut answer {
                    Value::Object(fields) => drop(fields.remove("id")),
                    other => *other = json!([{ "id": "k0", "name": "a stranger" }]),
                }
                (status, answer)
            }
            None => state.answer(method, id, path, &body),
        };
        drop(state);
        let answer = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} Fake\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        stream
            .get_mut()
            .write_all((head + &answer).as_bytes())
            .ok()?;
    }
}
