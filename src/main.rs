//! The keywright command.

use std::process::ExitCode;

use keywright::world::real;

fn main() -> ExitCode {
    real::harden();
    let world = match real::world() {
        Ok(world) => world,
        Err((terminal, error)) => {
            terminal.write_stderr(&format!("error: {error}\n"));
            return ExitCode::from(error.kind().exit_code());
        }
    };
    // The event loop is built only for a command that was understood: help and version go without.
    let cli = match keywright::understand(std::env::args_os(), &world) {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => ExitCode::from(runtime.block_on(keywright::carry_out(&cli, &world))),
        Err(error) => {
            world
                .terminal
                .write_stderr(&format!("error: the system gives no event loop: {error}\n"));
            ExitCode::FAILURE
        }
    }
}
