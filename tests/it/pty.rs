//! The real program in a real terminal: open a review, import, screen, undo, quit.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a condition may take before the test fails with the screen.
const DEADLINE: Duration = Duration::from_secs(30);
const PROGRAM: &str = env!("CARGO_BIN_EXE_tamis");

fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has cells")
}

/// The program in a terminal of 80 columns and 24 rows.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    shown: vt100::Parser,
}

impl Session {
    fn open(review: &Path, home: &Path) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(PROGRAM);
        command.arg(review);
        command.env("TERM", "xterm-256color");
        command.env("TAMIS_HOME", home);
        let child = pair.slave.spawn_command(command).expect("the program");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, _master: pair.master, writer, output, shown: vt100::Parser::new(cells(24), cells(80), 0) }
    }

    /// Waits until the terminal shows the text.
    fn wait(&mut self, text: &str) {
        self.wait_until(text, true);
    }

    /// Waits until the terminal shows the text no more. Needed after Esc: sent together with the next key it would be read as Alt.
    fn wait_gone(&mut self, text: &str) {
        self.wait_until(text, false);
    }

    fn wait_until(&mut self, text: &str, is_there: bool) {
        let deadline = Instant::now() + DEADLINE;
        while self.shown.screen().contents().contains(text) != is_there {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.shown.process(&bytes),
                Err(_) => panic!("waited for {text:?}, there: {is_there}\n{}", self.shown.screen().contents()),
            }
        }
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("keys");
        self.writer.flush().expect("keys");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

#[test]
fn a_review_is_opened_filled_screened_and_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let (review, home) = (folder.path().join("review.tamis"), folder.path().join("home"));
    let export = folder.path().join("embase.ris");
    std::fs::write(&export, include_str!("screens/embase.ris")).expect("a file");
    let tamis =
        |args: &[&str]| Command::new(PROGRAM).args(args).env("TAMIS_HOME", &home).env("NO_COLOR", "1").output().expect("the program runs");
    let file = review.display().to_string();
    let made = tamis(&["init", &file, "--title", "Ketamine for chronic pain", "--reviewer", "AB=Ada Bell", "--reviewer", "CD=Carl Dorn"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let mut session = Session::open(&review, &home);
    session.wait("Import the first search.");
    session.press("\r");
    session.wait("Press i to import");
    session.press("i");
    session.wait("Import a search");
    session.press(&format!("{}\tEmbase\r", export.display()));
    session.wait("3 records found, 3 kept");
    session.press("\u{1b}");
    session.wait_gone("3 records found, 3 kept");
    session.press("gs");
    session.wait("1 of 3 waiting for your vote");
    session.press("i");
    session.wait("u takes it back");
    session.press("e");
    session.wait("2 of 3 voted");
    session.press("u");
    session.wait("1 of 3 voted");
    session.press("q");
    let deadline = Instant::now() + DEADLINE;
    while session.child.try_wait().expect("the program can be asked").is_none() {
        assert!(Instant::now() < deadline, "the program does not end:\n{}", session.shown.screen().contents());
        let _more = session.output.recv_timeout(Duration::from_millis(50));
    }
    let checked = tamis(&["check", "-r", &file]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
