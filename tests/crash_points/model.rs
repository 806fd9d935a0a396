//! Services as a rotation sees them: they know which keys live, and outlive every client that is killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// The behaviour of a service's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Several keys side by side; five at most.
    Overlap,
    /// One key: creating another ends it, and it is the login.
    Replace,
    /// One call gives a key a new secret; to send it twice ends the whole family.
    Atomic,
    /// A person makes and removes keys.
    Manual,
}

/// The fault of the request of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection ends before the service acts.
    Unheard,
    /// The service acts, and its answer is lost.
    Unanswered,
    /// The service acts, and its answer is no JSON.
    Garbled,
    /// The service acts and says that it failed.
    Failed,
}

/// Everything a service knows.
#[derive(Debug)]
pub(crate) struct State {
    shape: Shape,
    /// Secret → id, of the keys that live.
    pub(crate) alive: BTreeMap<String, String>,
    /// Every secret there ever was.
    pub(crate) secrets: Vec<String>,
    /// The requests, in order.
    pub(crate) asked: Vec<String>,
    next: usize,
    /// The names of keys, by id.
    names: BTreeMap<String, String>,
    /// Which request goes wrong, counted from 0, and how.
    pub(crate) fault: Option<(usize, Fault)>,
}

/// A service on loopback.
pub(crate) struct Model {
    pub(crate) url: String,
    pub(crate) state: Arc<Mutex<State>>,
}

/// The token that manages keys.
pub(crate) const TOKEN: &str = "fake-management-token-000000000001";

impl Model {
    pub(crate) fn new(shape: Shape) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut state = State {
            shape,
            alive: BTreeMap::new(),
            secrets: Vec::new(),
            asked: Vec::new(),
            next: 0,
            names: BTreeMap::new(),
            fault: None,
        };
        state.mint("ci");
        let state = Arc::new(Mutex::new(state));
        let served = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let served = served.clone();
                let Ok(stream) = stream else { return };
                // A client that is killed ends its own connection only.
                std::thread::spawn(move || drop(serve(&stream, &served)));
            }
        });
        Model { url, state }
    }

    /// The secrets that work.
    pub(crate) fn alive(&self) -> Vec<String> {
        self.state.lock().unwrap().alive.keys().cloned().collect()
    }

    /// A key that a person makes.
    pub(crate) fn by_hand(&self) -> String {
        self.state.lock().unwrap().mint("ci").1
    }

    /// A key that a person removes.
    pub(crate) fn remove(&self, secret: &str) {
        self.state.lock().unwrap().alive.remove(secret);
    }
}

impl State {
    /// A new key that works: its id and its secret.
    fn mint(&mut self, name: &str) -> (String, String) {
        self.next += 1;
        let id = format!("k{}", self.next);
        let prefix = match self.shape {
            Shape::Overlap => "sk-",
            Shape::Replace => "gds_",
            Shape::Atomic => "frg-",
            Shape::Manual => "",
        };
        let secret = format!("{prefix}fakesecret{:020}", self.next);
        self.alive.insert(secret.clone(), id.clone());
        self.secrets.push(secret.clone());
        self.names.insert(id.clone(), name.to_owned());
        (id, secret)
    }

    fn listed(&self) -> Vec<Value> {
        let alive = self.alive.iter();
        alive
            .map(|(secret, id)| {
                let tail = &secret[secret.len() - 4..];
                json!({ "id": id, "name": self.names[id], "key": format!("sk-***...{tail}"), "active": true })
            })
            .collect()
    }

    fn answer(&mut self, line: &str, credential: &str, body: &Value) -> (u16, Value) {
        self.asked.push(line.to_owned());
        let is_known = self.alive.contains_key(credential);
        let refused = (401, json!({ "error": "no" }));
        let words: Vec<&str> = line
            .split(['/', ' ', '?'])
            .filter(|word| !word.is_empty())
            .collect();
        match (self.shape, words.as_slice()) {
            (Shape::Overlap, ["GET", "v1", "models"]) if is_known => (200, json!({ "data": [] })),
            (Shape::Overlap, ["GET", "v1", "models"]) => (403, json!({})),
            (Shape::Overlap, _) if credential != TOKEN => refused,
            (Shape::Overlap, ["GET", ..]) => (200, json!(self.listed())),
            (Shape::Overlap, ["POST", .., "create"]) if self.alive.len() >= 5 => (400, json!({})),
            (Shape::Overlap, ["POST", .., "create"]) => {
                let (id, secret) = self.mint(body["name"].as_str().unwrap_or_default());
                (
                    201,
                    json!({ "id": id, "key": secret, "name": body["name"] }),
                )
            }
            (Shape::Overlap, ["POST", .., id, "revoke"]) => {
                let before = self.alive.len();
                let id = (*id).to_owned();
                self.alive.retain(|_, own| *own != id);
                let code = if self.alive.len() < before { 204 } else { 404 };
                (code, Value::Null)
            }
            (_, _) if !is_known => refused,
            (Shape::Replace, ["GET", ..]) => {
                let prefix = &credential[..8];
                (
                    200,
                    json!({ "hasKey": true, "keyPrefix": prefix, "name": "ci" }),
                )
            }
            (Shape::Replace, ["POST", "api", "keys"]) => {
                self.alive.clear();
                let (_, secret) = self.mint("ci");
                (201, json!({ "key": secret, "keyPrefix": &secret[..8] }))
            }
            (Shape::Atomic, ["GET", .., "self"]) => (200, json!({ "id": 1, "name": "ci" })),
            (Shape::Atomic, ["GET", ..]) => (200, json!(self.listed())),
            (Shape::Atomic, ["POST", .., id, "rotate"]) => {
                let known = self.alive.values().any(|own| own == id);
                self.alive.clear();
                if !known {
                    // Reuse: the whole family is dead.
                    return refused;
                }
                let (id, secret) = self.mint("ci");
                (
                    200,
                    json!({ "id": id, "name": "ci", "active": true, "token": secret }),
                )
            }
            (Shape::Manual, ["GET", ..]) => (200, json!({ "items": [] })),
            _ => (404, json!({ "unexpected": line })),
        }
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        let mut credential = String::new();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "authorization" | "x-api-key" | "private-token" => {
                    let value = value.trim();
                    credential = value.strip_prefix("Bearer ").unwrap_or(value).to_owned();
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let line = line
            .rsplit_once(' ')
            .map_or("", |(line, _)| line)
            .to_owned();
        let mut state = state.lock().unwrap();
        let fault = state.fault;
        let fault = fault.filter(|(number, _)| *number == state.asked.len());
        if fault.is_some_and(|(_, fault)| fault == Fault::Unheard) {
            state.asked.push(line);
            return stream.shutdown(std::net::Shutdown::Both);
        }
        let (code, answer) = state.answer(&line, &credential, &body);
        drop(state);
        let (code, text) = match fault {
            Some((_, Fault::Unanswered)) => return stream.shutdown(std::net::Shutdown::Both),
            Some((_, Fault::Garbled)) => (code, "<html>half".to_owned()),
            Some((_, Fault::Failed)) => (500, "{}".to_owned()),
            _ if answer.is_null() => (code, String::new()),
            _ => (code, answer.to_string()),
        };
        let head = format!(
            "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        (&mut &*stream).write_all(format!("{head}{text}").as_bytes())?;
    }
}
