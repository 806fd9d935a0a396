//! A little HTTP server on the loopback address, for one browser.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::super::{CallbackListener, CallbackReply, CallbackServer, LocalBoxFuture};
use super::event_loop;

/// The most that is read of a request, in bytes.
const MAX_REQUEST: usize = 16 << 10;

/// The longest that one connection may take; browsers open some that they do not use.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// The ports of this machine.
pub(super) struct LoopbackPorts;

impl CallbackServer for LoopbackPorts {
    fn listen(&self, port: u16) -> io::Result<Box<dyn CallbackListener>> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Box::new(LoopbackPort { listener, port }))
    }
}

struct LoopbackPort {
    listener: std::net::TcpListener,
    port: u16,
}

impl CallbackListener for LoopbackPort {
    fn port(&self) -> u16 {
        self.port
    }

    fn serve<'a>(
        &'a mut self,
        limit: Duration,
        answer: &'a mut dyn FnMut(&str, &str) -> CallbackReply,
    ) -> LocalBoxFuture<'a, io::Result<bool>> {
        Box::pin(async move {
            event_loop().await;
            let listener = TcpListener::from_std(self.listener.try_clone()?)?;
            match timeout(limit, answer_all(&listener, answer)).await {
                Ok(ended) => ended.map(|()| true),
                Err(_) => Ok(false),
            }
        })
    }
}

/// Reads requests side by side, and answers each as it is complete.
async fn answer_all(
    listener: &TcpListener,
    answer: &mut dyn FnMut(&str, &str) -> CallbackReply,
) -> io::Result<()> {
    let mut reading = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    reading.push(timeout(CONNECTION_TIMEOUT, request(stream)));
                } else {
                    // The client is gone, or no descriptor is left: the others are served all the same.
                    tokio::task::yield_now().await;
                }
            }
            Some(read) = reading.next(), if !reading.is_empty() => {
                let Ok(Ok((stream, head))) = read else { continue };
                let mut words = head.lines().next().unwrap_or_default().split(' ');
                let (method, target) = (words.next(), words.next());
                let reply = match (method, target) {
                    (Some(method), Some(target)) => answer(method, target),
                    _ => CallbackReply { status: 400, text: "This is no request.", is_last: false },
                };
                let sent = respond(&stream, &reply);
                // The login goes on without a browser that does not wait for its page.
                let _ = timeout(CONNECTION_TIMEOUT, sent).await;
                if reply.is_last {
                    return Ok(());
                }
            }
        }
    }
}

/// Reads the head of a request; its first line holds a secret.
async fn request(stream: TcpStream) -> io::Result<(TcpStream, Zeroizing<String>)> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_REQUEST));
    let mut piece = Zeroizing::new([0_u8; 2048]);
    loop {
        stream.readable().await?;
        match stream.try_read(piece.as_mut_slice()) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if bytes.windows(4).any(|end| end == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Ok((stream, Zeroizing::new(text)));
        }
        if bytes.len() >= MAX_REQUEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

async fn respond(stream: &TcpStream, reply: &CallbackReply) -> io::Result<()> {
    let page = page(reply.text);
    let text = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
        reply.status,
        if reply.status == 200 { "OK" } else { "No" },
        page.len()
    );
    let mut left = text.as_bytes();
    while !left.is_empty() {
        stream.writable().await?;
        match stream.try_write(left) {
            Ok(count) => left = &left[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn page(text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>keywright</title><body style=\"font: 1.2em sans-serif; margin: 3em\">\
         <p>{text}</p></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    fn ask(port: u16, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    fn served(listener: &mut dyn CallbackListener, limit: Duration) -> (bool, Vec<String>) {
        let mut seen = Vec::new();
        let mut answer = |method: &str, target: &str| {
            seen.push(format!("{method} {target}"));
            CallbackReply {
                status: if target == "/end?x=1" { 200 } else { 404 },
                text: "A page.",
                is_last: target == "/end?x=1",
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let ended = runtime.block_on(listener.serve(limit, &mut answer));
        (ended.unwrap(), seen)
    }

    #[test]
    fn port_serves_past_idle_connections() {
        let mut listener = LoopbackPorts.listen(0).unwrap();
        let port = listener.port();
        // A browser opens connections that it does not use, and asks for an icon.
        let _idle = ask(port, "");
        let _half = ask(port, "GET /half");
        drop(ask(port, "GET /gone"));
        let mut icon = ask(port, "GET /favicon.ico HTTP/1.1\r\nHost: x\r\n\r\n");
        let browser = std::thread::spawn(move || {
            let mut page = String::new();
            icon.read_to_string(&mut page).unwrap();
            let mut end = ask(port, "GET /end?x=1 HTTP/1.1\r\n\r\n");
            end.read_to_string(&mut page).unwrap();
            page
        });
        let (ended, seen) = served(&mut *listener, Duration::from_secs(30));
        assert!(ended);
        assert_eq!(seen, ["GET /favicon.ico", "GET /end?x=1"]);
        let page = browser.join().unwrap();
        assert!(page.starts_with("HTTP/1.1 404 "), "{page}");
        assert!(page.contains("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("Connection: close\r\n"), "{page}");
    }

    #[test]
    fn port_gives_up_after_limit() {
        let mut listener = LoopbackPorts.listen(0).unwrap();
        assert!(LoopbackPorts.listen(listener.port()).is_err());
        let (ended, seen) = served(&mut *listener, Duration::from_millis(1));
        assert_eq!((ended, seen), (false, Vec::new()));
    }
}
