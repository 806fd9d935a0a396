//! The keywright command.

use std::process::ExitCode;

fn main() -> ExitCode {
    keywright::world::real::harden();
    let world = match keywright::world::real::world() {
        Ok(world) => world,
        Err((terminal, error)) => {
            terminal.write_stderr(&format!("error: {error}\n"));
            return ExitCode::from(error.kind().exit_code());
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            ExitCode::from(runtime.block_on(keywright::run(std::env::args_os(), &world)))
        }
        Err(error) => {
            world
                .terminal
                .write_stderr(&format!("error: the system gives no event loop: {error}\n"));
            ExitCode::FAILURE
        }
    }
}
