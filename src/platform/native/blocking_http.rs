//! HTTP for callers that block: a thread with an event loop of its own sends their requests.

use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::http::HttpClients;
use crate::platform::{BlockingHttp, HttpRequest, HttpResponse, HttpTransport, TransportError};

/// A request, and the way back for its answer.
type Job = (HttpRequest, Sender<Result<HttpResponse, TransportError>>);

/// The thread, which is started by the first request and ends with the process.
pub(super) struct HttpThread {
    roots: Option<Vec<u8>>,
    jobs: Mutex<Option<UnboundedSender<Job>>>,
}

impl HttpThread {
    pub(super) fn new(roots: Option<Vec<u8>>) -> Self {
        HttpThread {
            roots,
            jobs: Mutex::default(),
        }
    }

    /// Passes a job on; fails if the thread cannot be started.
    fn pass(&self, job: Job) -> std::io::Result<()> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let there = if let Some(there) = &*jobs {
            there
        } else {
            jobs.insert(start(self.roots.clone())?)
        };
        there
            .send(job)
            .map_err(|_| std::io::ErrorKind::BrokenPipe.into())
    }
}

fn start(roots: Option<Vec<u8>>) -> std::io::Result<UnboundedSender<Job>> {
    let (jobs, mut waiting) = unbounded_channel::<Job>();
    let event_loop = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let thread = std::thread::Builder::new().name("engine".to_owned());
    thread.spawn(move || {
        let clients = Rc::new(HttpClients::trusting(roots));
        let tasks = tokio::task::LocalSet::new();
        tasks.block_on(&event_loop, async move {
            while let Some((request, answer)) = waiting.recv().await {
                let clients = Rc::clone(&clients);
                // A slow answer does not keep the renewal of a lease waiting.
                tokio::task::spawn_local(async move {
                    // The caller may have gone.
                    let _ = answer.send(clients.send(&request).await);
                });
            }
        });
    })?;
    Ok(jobs)
}

impl BlockingHttp for HttpThread {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (answer, answers) = channel();
        if let Err(error) = self.pass((request, answer)) {
            return Err(TransportError::NotSent(format!(
                "the thread for its requests cannot be started: {error}"
            )));
        }
        answers.recv().unwrap_or_else(|_| {
            Err(TransportError::Uncertain(
                "the thread for its requests died".to_owned(),
            ))
        })
    }
}
