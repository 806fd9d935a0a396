//! The keywright command.

use std::future::Future;
use std::process::ExitCode;
use std::task::{Poll, Waker};

use keywright::commands::Command;
use keywright::platform::native;

fn main() -> ExitCode {
    native::harden();
    let platform = native::platform();
    let cli = match keywright::parse(std::env::args_os(), &platform) {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let mut work = Box::pin(keywright::run_parsed(&cli, &platform));
    // A token that is available is printed at once; only a command that waits needs an event loop.
    if matches!(cli.command, Command::Token(_))
        && let Poll::Ready(code) = work
            .as_mut()
            .poll(&mut std::task::Context::from_waker(Waker::noop()))
    {
        drop(work);
        // The system frees the memory at once; freeing it piece by piece takes longer than the command.
        std::mem::forget((cli, platform));
        return ExitCode::from(code);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => ExitCode::from(runtime.block_on(work)),
        Err(error) => {
            platform
                .terminal
                .write_stderr(&format!("error: the system gives no event loop: {error}\n"));
            ExitCode::FAILURE
        }
    }
}
