//! A scripted HTTP server on loopback: every request is expected in its turn, whole and with nothing extra, or the
//! test fails; so it does when an expected request does not come.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::browser::FakeBrowser;
use super::jwt::Jwt;
use super::sealed_box::Recipient;
use super::sigv4::SigV4;

/// Longer than any answer may take; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// As it stood on the wire, query included.
    pub(crate) path: String,
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn shown(&self, skipped: &[&str]) -> String {
        let mut text = format!("{} {}\n", self.method, self.path);
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| !skipped.contains(&name.as_str()));
        headers.sort();
        for (name, value) in headers {
            let _ = writeln!(text, "{name}: {value}");
        }
        if !self.body.is_empty() {
            let body: Result<Value, _> = serde_json::from_slice(&self.body);
            let body = body.map_or_else(
                |_| String::from_utf8_lossy(&self.body).into_owned(),
                |value| value.to_string(),
            );
            let _ = writeln!(text, "\n{body}");
        }
        text
    }
}

/// A request that has to come: its method, path, headers and body, and no others.
#[derive(Clone)]
pub(crate) struct Wanted(Seen, Option<Proof>);

/// The part of a request that proves a key.
#[derive(Clone)]
enum Proof {
    SigV4(SigV4),
    Jwt(Jwt),
    Pkce(FakeBrowser),
    Sealed(Recipient),
}

/// A request of that method.
pub(crate) fn method(method: &str, path: &str) -> Wanted {
    let accept = ("accept".to_owned(), "application/json".to_owned());
    let seen = Seen {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: vec![accept],
        body: Vec::new(),
    };
    Wanted(seen, None)
}

pub(crate) fn get(path: &str) -> Wanted {
    method("GET", path)
}

pub(crate) fn post(path: &str) -> Wanted {
    method("POST", path)
}

pub(crate) fn patch(path: &str) -> Wanted {
    method("PATCH", path)
}

pub(crate) fn delete(path: &str) -> Wanted {
    method("DELETE", path)
}

impl Proof {
    /// The request with a placeholder for what proves it.
    fn taken_from(&self, request: &str) -> Result<String, String> {
        match self {
            Proof::SigV4(_) => Ok(request.to_owned()),
            Proof::Jwt(token) => token.taken_from(request),
            Proof::Pkce(browser) => browser.verifier_taken_from(request),
            Proof::Sealed(recipient) => recipient.opened_in(request),
        }
    }
}

impl Wanted {
    /// With a header, in place of one of the same name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.0.headers.retain(|(known, _)| known != name);
        self.0.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With `Authorization: Bearer …`.
    pub(crate) fn bearer(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    /// With a body of that media type.
    pub(crate) fn body(mut self, media_type: &str, bytes: &[u8]) -> Self {
        self.0.body = bytes.to_owned();
        self.header("content-type", media_type)
    }

    /// With a signature, which is computed from the request as it came.
    pub(crate) fn signed(self, signature: SigV4) -> Self {
        Wanted(self.0, Some(Proof::SigV4(signature)))
    }

    /// With more of a form, as it is sent.
    pub(crate) fn and_form(mut self, text: &str) -> Self {
        self.0.body.extend_from_slice(text.as_bytes());
        self
    }

    /// With the secret of a login in a browser in place of `{verifier}`.
    pub(crate) fn pkce(self, browser: &FakeBrowser) -> Self {
        Wanted(self.0, Some(Proof::Pkce(browser.clone())))
    }

    /// With a token in place of `{jwt}`, which is verified.
    pub(crate) fn jwt(self, token: Jwt) -> Self {
        Wanted(self.0, Some(Proof::Jwt(token)))
    }

    /// With a box for this recipient in place of `{sealed:TEXT}`, which is opened.
    pub(crate) fn sealed_for(self, recipient: &Recipient) -> Self {
        Wanted(self.0, Some(Proof::Sealed(recipient.clone())))
    }

    fn objection(&self, seen: &Seen, host: &str) -> Option<String> {
        // Headers that every request of an HTTP client has are checked on their own.
        let mut usual = vec!["host", "user-agent", "content-length"];
        let agent = concat!("keywright/", env!("CARGO_PKG_VERSION"));
        if seen.header("host") != Some(host) || seen.header("user-agent") != Some(agent) {
            return Some(format!("an odd host or user agent:\n{}", seen.shown(&[])));
        }
        let mut came = seen.shown(&usual);
        let objection = match &self.1 {
            None => None,
            Some(Proof::SigV4(signature)) => {
                usual.extend(SigV4::HEADERS);
                came = seen.shown(&usual);
                signature.objection(seen)
            }
            Some(proof) => match proof.taken_from(&came) {
                Ok(rest) => {
                    came = rest;
                    None
                }
                Err(objection) => Some(objection),
            },
        };
        if let Some(objection) = objection {
            return Some(format!("{objection}:\n{}", seen.shown(&[])));
        }
        let wanted = self.0.shown(&usual);
        (wanted != came).then(|| format!("expected:\n{wanted}\ncame:\n{came}"))
    }
}

/// The action of the server at a request.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    turn: Turn,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Answers and keeps the connection.
    Whole,
    /// Answers and closes the connection without a word.
    ThenClosed,
    /// Promises the whole body, sends that many bytes of it and closes.
    Cut(usize),
    /// Sends the bytes of the body as they are, without a head.
    Raw,
    /// Closes without an answer.
    HungUp,
    /// Closes before anything is read.
    Slammed,
    /// Sends that many bytes, with or without announcing them.
    Flood { bytes: usize, announced: bool },
    /// Never answers; waits for the client to go.
    Silent,
}

fn with(status: u16, media_type: &str, body: &[u8]) -> Answer {
    let mut headers = Vec::new();
    if !media_type.is_empty() {
        headers.push(("Content-Type".to_owned(), media_type.to_owned()));
    }
    Answer {
        status,
        headers,
        body: body.to_owned(),
        turn: Turn::Whole,
    }
}

fn turn(turn: Turn) -> Answer {
    Answer {
        turn,
        ..with(200, "application/json", b"")
    }
}

/// Answers with JSON.
pub(crate) fn json(status: u16, body: &Value) -> Answer {
    with(status, "application/json", body.to_string().as_bytes())
}

/// Answers with this text, said to be JSON.
pub(crate) fn text(status: u16, body: &str) -> Answer {
    with(status, "application/json", body.as_bytes())
}

/// Answers with bytes of that media type.
pub(crate) fn bytes(status: u16, media_type: &str, body: &[u8]) -> Answer {
    with(status, media_type, body)
}

/// Answers with a web page, as a gateway does.
pub(crate) fn html(status: u16) -> Answer {
    let page = b"<!DOCTYPE html>\n<html><body><h1>fake gateway</h1></body></html>";
    with(status, "text/html", page)
}

/// Answers with nothing but a status.
pub(crate) fn empty(status: u16) -> Answer {
    with(status, "", b"")
}

/// Reads the request and closes without an answer.
pub(crate) fn hang_up() -> Answer {
    turn(Turn::HungUp)
}

/// Closes before anything is read.
pub(crate) fn slam() -> Answer {
    turn(Turn::Slammed)
}

/// Answers with something that is no HTTP.
pub(crate) fn raw(bytes: &[u8]) -> Answer {
    Answer {
        body: bytes.to_owned(),
        ..turn(Turn::Raw)
    }
}

/// Answers with 100 MiB.
pub(crate) fn flood(announced: bool) -> Answer {
    let bytes = 100 << 20;
    turn(Turn::Flood { bytes, announced })
}

/// Never answers.
pub(crate) fn silence() -> Answer {
    turn(Turn::Silent)
}

impl From<Value> for Answer {
    fn from(body: Value) -> Self {
        json(200, &body)
    }
}

impl From<&Value> for Answer {
    fn from(body: &Value) -> Self {
        json(200, body)
    }
}

impl From<(u16, Value)> for Answer {
    fn from((status, body): (u16, Value)) -> Self {
        json(status, &body)
    }
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        empty(status)
    }
}

impl Answer {
    /// With a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Promises the whole body, but sends only its first bytes and closes.
    pub(crate) fn cut(self, sent: usize) -> Self {
        let turn = Turn::Cut(sent);
        Answer { turn, ..self }
    }

    /// Closes the connection afterwards without saying so.
    pub(crate) fn then_closed(self) -> Self {
        let turn = Turn::ThenClosed;
        Answer { turn, ..self }
    }

    fn send(&self, stream: &mut TcpStream) -> io::Result<()> {
        match self.turn {
            Turn::Slammed | Turn::HungUp => return stream.shutdown(Shutdown::Both),
            Turn::Raw => return stream.write_all(&self.body),
            Turn::Silent => return stream.read(&mut [0]).map(drop),
            _ => {}
        }
        let mut head = format!("HTTP/1.1 {} Fake\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let announced = match self.turn {
            Turn::Flood { bytes, announced } => announced.then_some(bytes),
            _ if matches!(self.status, 204 | 304) => None,
            _ => Some(self.body.len()),
        };
        if let Some(length) = announced {
            let _ = write!(head, "Content-Length: {length}\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        match self.turn {
            Turn::Cut(sent) => stream.write_all(&self.body[..sent]),
            Turn::Flood { bytes, .. } => {
                let block = vec![b' '; 1 << 16];
                (0..bytes / block.len()).try_for_each(|_| stream.write_all(&block))
            }
            _ => stream.write_all(&self.body),
        }
    }

    fn keeps_the_connection(&self) -> bool {
        self.turn == Turn::Whole
    }
}

struct Planned {
    wanted: Wanted,
    times: usize,
    answer: Answer,
}

#[derive(Default)]
struct Script {
    planned: VecDeque<Planned>,
    seen: Vec<Seen>,
    problems: Vec<String>,
}

impl Script {
    /// The answer to `seen`, which has to be the next request in the script.
    fn answer(&mut self, seen: &Seen, host: &str) -> Answer {
        self.seen.push(seen.clone());
        let Some(next) = self.planned.front_mut() else {
            self.problems
                .push(format!("unexpected request:\n{}", seen.shown(&[])));
            return empty(599);
        };
        if let Some(objection) = next.wanted.objection(seen, host) {
            self.problems.push(objection);
            return empty(599);
        }
        let answer = next.answer.clone();
        self.spend();
        answer
    }

    /// Returns whether the next thing that happens is a door shut without a look; if so, it has happened.
    fn slams(&mut self) -> bool {
        let slams = |planned: &Planned| planned.answer.turn == Turn::Slammed;
        let next = self.planned.front().is_some_and(slams);
        if next {
            self.spend();
        }
        next
    }

    fn spend(&mut self) {
        if let Some(next) = self.planned.front_mut() {
            next.times -= 1;
            if next.times == 0 {
                self.planned.pop_front();
            }
        }
    }
}

/// A server; it is checked when it goes.
pub(crate) struct Server {
    script: Arc<Mutex<Script>>,
    address: SocketAddr,
}

/// A request that is planned, but not yet what becomes of it.
#[must_use = "say what the server does: .answer(…)"]
pub(crate) struct Planning<'s> {
    server: &'s Server,
    wanted: Wanted,
    times: usize,
}

impl Planning<'_> {
    /// So many times in a row.
    pub(crate) fn times(self, times: usize) -> Self {
        Planning { times, ..self }
    }

    /// Says what the server does.
    pub(crate) fn answer(self, answer: Answer) {
        let planned = Planned {
            wanted: self.wanted,
            times: self.times,
            answer,
        };
        self.server.script().planned.push_back(planned);
    }
}

impl Server {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let host = address.to_string();
        let shared = Arc::clone(&script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, host) = (Arc::clone(&shared), host.clone());
                std::thread::spawn(move || serve(stream, &script, &host));
            }
        });
        Server { script, address }
    }

    /// A server for one request.
    pub(crate) fn with(wanted: Wanted, answer: Answer) -> Self {
        let server = Server::new();
        server.expect(wanted).answer(answer);
        server
    }

    /// Plans the next request.
    pub(crate) fn expect(&self, wanted: Wanted) -> Planning<'_> {
        Planning {
            server: self,
            wanted,
            times: 1,
        }
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that came, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script().seen.clone()
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let script = self.script();
        let mut problems = script.problems.clone();
        for planned in &script.planned {
            let request = planned.wanted.0.shown(&[]);
            problems.push(format!("{} × did not come:\n{request}", planned.times));
        }
        drop(script);
        if problems.is_empty() {
            return;
        }
        let report = format!("{}\n{}", self.url(), problems.join("\n"));
        // A second panic would hide the first, which this explains.
        if std::thread::panicking() {
            let _ = writeln!(io::stderr(), "{report}");
        } else {
            panic!("{report}");
        }
    }
}

fn serve(mut stream: TcpStream, script: &Mutex<Script>, host: &str) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = stream.set_nodelay(true);
    if script.lock().unwrap().slams() {
        let _ = stream.shutdown(Shutdown::Both);
        return;
    }
    while let Some(seen) = read(&mut stream) {
        let answer = script.lock().unwrap().answer(&seen, host);
        // A client that went away has seen enough.
        if answer.send(&mut stream).is_err() || !answer.keeps_the_connection() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// The next request; `None` when the client is gone.
fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut seen = Seen {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: Vec::new(),
    };
    let length = seen.header("content-length").unwrap_or("0");
    seen.body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut seen.body).ok()?;
    Some(seen)
}

/// Returns the address of a server whose every response a function gives.
pub(crate) fn serve_by(respond: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let respond = Arc::new(respond);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let respond = Arc::clone(&respond);
            std::thread::spawn(move || {
                let _ = stream.set_read_timeout(Some(PATIENCE));
                let _ = stream.set_nodelay(true);
                while let Some(seen) = read(&mut stream) {
                    if respond(&seen).send(&mut stream).is_err() {
                        break;
                    }
                }
            });
        }
    });
    url
}
