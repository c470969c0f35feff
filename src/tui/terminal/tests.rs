//! The real terminal code in a pseudo-terminal: this test program starts itself again as the child that draws.

use super::*;

#[test]
fn base_64_is_that_of_the_standard() {
    // RFC 4648, section 10.
    for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
}

#[cfg(unix)]
mod pty {
    use std::io::{Read, Write};
    use std::num::NonZero;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::{Duration, Instant};

    use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

    use super::super::*;
    use crate::tui::keymap::Keymap;
    use crate::tui::screen::example::{Home, Memory, Screening};
    use crate::tui::theme::Theme;

    /// Set in the child, which then draws instead of testing.
    const CHILD: &str = "TAMIS_TEST_TERMINAL_CHILD";
    const DEADLINE: Duration = Duration::from_secs(20);

    /// The child: draws the example screens when it was started for that, else passes at once.
    #[test]
    fn child() {
        if std::env::var_os(CHILD).is_some() {
            let model = Model::new(
                vec![Box::new(Home), Box::new(Screening::new())],
                Keymap::built_in(),
                Theme::choose(None, true),
                ratatui::layout::Size { width: 80, height: 24 },
            );
            let result = run_on_terminal(model, Memory::of(5), true);
            println!("ended: {result:?}");
        }
    }

    fn cells(number: u16) -> NonZero<u16> {
        NonZero::new(number).expect("not zero")
    }

    /// A child in its pseudo-terminal, and what a terminal would show of it.
    struct Session {
        child: Box<dyn Child + Send + Sync>,
        master: Box<dyn MasterPty + Send>,
        writer: Box<dyn Write + Send>,
        output: Receiver<Vec<u8>>,
        shown: vt100::Parser,
    }

    impl Session {
        fn start() -> Self {
            let pair =
                native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).expect("a pseudo-terminal");
            let mut command = CommandBuilder::new(std::env::current_exe().expect("this program"));
            command.args([&format!("{}::child", module_path!().split_once("::").expect("a crate").1), "--exact", "--nocapture"]);
            command.env(CHILD, "1");
            command.env("TERM", "xterm-256color");
            let child = pair.slave.spawn_command(command).expect("the child");
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
            let mut session = Self { child, master: pair.master, writer, output, shown: vt100::Parser::new(cells(24), cells(80), 1000) };
            session.wait("Ada Bell");
            session
        }

        /// Waits until the terminal shows the text.
        fn wait(&mut self, text: &str) {
            self.wait_until(text, |screen| screen.contents().contains(text));
        }

        fn wait_until(&mut self, what: &str, is_reached: impl Fn(&vt100::Screen) -> bool) {
            let deadline = Instant::now() + DEADLINE;
            while !is_reached(self.shown.screen()) {
                let left = deadline.saturating_duration_since(Instant::now());
                match self.output.recv_timeout(left) {
                    Ok(bytes) => self.shown.process(&bytes),
                    Err(_) => panic!("waited for {what}:\n{}", self.shown.screen().contents()),
                }
            }
        }

        fn press(&mut self, keys: &str) {
            self.writer.write_all(keys.as_bytes()).expect("keys");
            self.writer.flush().expect("keys");
        }

        fn signal(&self, name: &str) {
            let id = self.child.process_id().expect("a process").to_string();
            assert!(Process::new("kill").args(["-s", name, &id]).status().expect("kill").success());
        }

        /// Waits for the end and asserts that the terminal is as it was before.
        fn assert_given_back(&mut self) {
            self.wait_until("the first screen", |screen| !screen.alternate_screen());
            let screen = self.shown.screen();
            assert!(!screen.hide_cursor() && !screen.bracketed_paste());
        }
    }

    impl Drop for Session {
        fn drop(&mut self) {
            let _gone = self.child.kill();
            let _gone = self.child.wait();
        }
    }

    #[test]
    fn quitting_gives_the_terminal_back() {
        let mut session = Session::start();
        assert!(session.shown.screen().alternate_screen() && session.shown.screen().bracketed_paste());
        session.press("gs");
        session.wait("report 4");
        session.press("i");
        session.wait("Vote include on record 1.");
        session.press("q");
        session.wait("ended: Ok(())");
        session.assert_given_back();
        assert!(session.child.wait().expect("an end").success());
    }

    #[test]
    fn a_signal_to_end_gives_the_terminal_back() {
        for signal in ["TERM", "HUP"] {
            let mut session = Session::start();
            session.signal(signal);
            session.wait("ended: Ok(())");
            session.assert_given_back();
        }
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_its_report() {
        let mut session = Session::start();
        session.press("P");
        session.wait("a panic that the test asked for");
        session.assert_given_back();
    }

    #[test]
    fn a_new_size_is_drawn() {
        let mut session = Session::start();
        session.master.resize(PtySize { rows: 10, cols: 50, pixel_width: 0, pixel_height: 0 }).expect("a new size");
        session.shown.screen_mut().set_size(cells(10), cells(50));
        session.wait("This terminal has 50 columns and 10 rows");
        session.press("q");
    }

    #[test]
    fn pasting_types_and_gives_no_command() {
        let mut session = Session::start();
        session.press("gsn");
        session.wait("Note (needed)");
        session.press("\u{1b}[200~quit q\u{1b}[201~");
        session.wait("quit q");
        session.press("\r");
        session.wait("Noted: quit q.");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn suspending_gives_the_terminal_to_the_shell_and_takes_it_back() {
        let mut session = Session::start();
        session.press("\u{1a}");
        session.assert_given_back();
        let stat = format!("/proc/{}/stat", session.child.process_id().expect("a process"));
        let deadline = Instant::now() + DEADLINE;
        while !std::fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(") T ")) {
            assert!(Instant::now() < deadline, "the child was not stopped");
            thread::yield_now();
        }
        session.signal("CONT");
        session.wait_until("the screens again", |screen| screen.alternate_screen() && screen.contents().contains("Ada Bell"));
        session.press("q");
        session.wait("ended: Ok(())");
        session.assert_given_back();
    }
}
