//! The real program in a real terminal: open a review, import, screen, undo, quit; begin without a review; plain lines; no colours.

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
    raw: Vec<u8>,
}

impl Session {
    fn open(review: &Path, home: &Path) -> Self {
        Self::start(&[&review.display().to_string()], home, home.parent().expect("a folder"), &[])
    }

    /// Starts the program in a folder with these words and variables.
    fn start(words: &[&str], home: &Path, folder: &Path, variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(words);
        command.cwd(folder);
        for name in ["NO_COLOR", "TAMIS_REVIEW", "TAMIS_REVIEWER", "TAMIS_THEME", "TAMIS_MOUSE"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("TAMIS_HOME", home);
        for (name, value) in variables {
            command.env(name, value);
        }
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
        Self { child, _master: pair.master, writer, output, shown: vt100::Parser::new(cells(24), cells(80), 0), raw: Vec::new() }
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
                Ok(bytes) => {
                    self.shown.process(&bytes);
                    self.raw.extend(bytes);
                }
                Err(_) => panic!("waited for {text:?}, there: {is_there}\n{}", self.shown.screen().contents()),
            }
        }
    }

    /// Waits until the program has ended.
    fn wait_end(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        while self.child.try_wait().expect("the program can be asked").is_none() {
            assert!(Instant::now() < deadline, "the program does not end:\n{}", self.shown.screen().contents());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                self.raw.extend(bytes);
            }
        }
        // What was written last may still be on its way; the reader goes away behind it.
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(2)) {
            self.raw.extend(bytes);
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
    session.wait_end();
    let checked = tamis(&["check", "-r", &file]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// Makes a review of three records in a folder.
fn small_review(folder: &Path, home: &Path) -> String {
    let review = folder.join("review.tamis").display().to_string();
    let export = folder.join("embase.ris");
    std::fs::write(&export, include_str!("screens/embase.ris")).expect("a file");
    let tamis = |args: &[&str]| {
        let output = Command::new(PROGRAM).args(args).env("TAMIS_HOME", home).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    tamis(&["init", &review, "--title", "Ketamine for chronic pain", "--reviewer", "AB=Ada Bell", "--reviewer", "CD=Carl Dorn"]);
    tamis(&["import", &export.display().to_string(), "--source", "Embase", "-r", &review]);
    review
}

#[test]
fn without_a_review_one_screen_offers_to_make_one_and_its_own_screens_follow() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let mut session = Session::start(&[], &home, folder.path(), &[]);
    session.wait("Make a review");
    session.press("o");
    session.wait("Path of the .tamis file");
    session.press("nowhere.tamis\r");
    session.wait("There is no");
    session.press("n");
    session.wait("Title of the review");
    session.press("Pain\tAR Ada Rao\tBK Ben Kim\r");
    session.wait("What is next");
    session.wait("Ada Rao (AR)");
    assert!(folder.path().join("review.tamis").is_file());
    // The very first key belongs to the screens of the review, not to the one before.
    session.press("q");
    session.wait_end();
}

#[test]
fn plain_lines_in_a_terminal_place_no_cursor_and_use_no_colour() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let review = small_review(folder.path(), &home);
    let mut session = Session::start(&["screen", "--plain", "-r", &review], &home, folder.path(), &[]);
    session.wait("3 records wait for your vote.");
    session.wait("Your answer:");
    session.press("i\r");
    session.wait("Voted include:");
    session.press("u\r");
    session.wait("Undid: voted at title/abstract");
    session.press("e\r");
    session.wait("Voted exclude:");
    session.press("q\r");
    session.wait_end();
    let raw = String::from_utf8_lossy(&session.raw);
    assert!(raw.contains("1 vote in this sitting, all kept. 2 records wait for your vote."), "{raw}");
    assert!(!session.raw.contains(&0x1b), "no escape sequence of any kind: {raw:?}");
}

#[test]
fn no_colour_is_sent_where_none_is_wanted_and_the_mouse_is_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let review = small_review(folder.path(), &home);
    for (variables, has_colour, has_mouse) in [(&[("NO_COLOR", "1")][..], false, true), (&[("TAMIS_MOUSE", "off")][..], true, false)] {
        let mut session = Session::start(&[&review], &home, folder.path(), variables);
        session.wait("What is next");
        if has_mouse {
            // A press and its release on the tab of the sources, as terminals report them (SGR).
            session.press("\u{1b}[<0;12;2M\u{1b}[<0;12;2m");
            session.wait("Files of Embase");
        } else {
            session.press("go");
            session.wait("Files of Embase");
        }
        session.press("q");
        session.wait_end();
        let raw = String::from_utf8_lossy(&session.raw).into_owned();
        assert_eq!(raw.contains("\u{1b}[?1000h"), has_mouse, "{variables:?}");
        let is_colour = |code: &str| matches!(code.parse::<u32>(), Ok(30..=38 | 40..=48 | 90..=107));
        let codes = raw.split("\u{1b}[").skip(1).filter_map(|rest| rest.split_once('m').map(|(codes, _)| codes));
        let sent = codes.filter(|codes| codes.chars().all(|c| c.is_ascii_digit() || c == ';')).any(|codes| codes.split(';').any(is_colour));
        assert_eq!(sent, has_colour, "{variables:?}");
    }
}
