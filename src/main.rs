//! The `tamis` program: argument list in, exit code out.

use std::io::Write;
use std::panic;
use std::process::ExitCode;

/// The exit code of a fault of the program itself.
const INTERNAL: u8 = 70;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        let message = fault.payload_as_str().unwrap_or("no message").replace(['\n', '\r', '\u{1b}'], " ");
        let place = fault.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "tamis: internal error: {message}{place}; please report it");
    }));
    let code = panic::catch_unwind(|| tamis::cli::run(std::env::args_os())).unwrap_or(INTERNAL);
    ExitCode::from(code)
}
