//! Taking the terminal and giving it back: at the end, on a panic, on a signal, and while suspended.

use std::ffi::OsStr;
use std::io::{self, Stdout, Write, stdout};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use crossterm::cursor::Show;
use crossterm::event::{self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event, KeyEventKind};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::keymap::Key;
use super::message::{Call, Msg};
use super::model::Model;
use super::mouse::Mouse;
use super::port::{Port, Service};
use super::run::Program;
use super::runtime::Outside;

/// Whether the terminal is taken, so that it is given back once and only then.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is listened to; a terminal whose mouse is taken marks text only while Shift is held.
static TAKES_MOUSE: AtomicBool = AtomicBool::new(false);

/// The longest text that is offered to the clipboard of a terminal; longer ones are refused by many.
const LONGEST_COPY: usize = 74_994;

/// Runs the screens on the terminal of this process until the person quits or the system asks for it.
///
/// `takes_mouse` says whether the mouse is listened to, too.
///
/// Errors: those of the terminal. It is given back in every case.
pub fn run_on_terminal<P: Port, S: Service<P>>(model: Model<P>, service: S, takes_mouse: bool) -> io::Result<()> {
    TAKES_MOUSE.store(takes_mouse, Ordering::SeqCst);
    give_back_on_panic();
    let taken = Taken::take()?;
    let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    let mut program = Program::new(model, service, System, terminal);
    let size = program.terminal().size()?;
    program.handle(Msg::Resize(size.width, size.height));
    let keys = Keys::read(program.sender());
    watch_signals(program.sender())?;
    let result = program.run();
    drop(keys);
    drop(taken);
    result
}

/// The taken terminal; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Taken(());

impl Taken {
    /// Takes the terminal: raw keys, another screen, pastes in brackets.
    pub fn take() -> io::Result<Self> {
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    IS_TAKEN.store(true, Ordering::SeqCst);
    let entered = enable_raw_mode().and_then(|()| execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste));
    let entered = entered.and_then(|()| if TAKES_MOUSE.load(Ordering::SeqCst) { execute!(stdout(), EnableMouseCapture) } else { Ok(()) });
    if entered.is_err() {
        give_back();
    }
    entered
}

/// Gives the terminal back if it is taken. Errors are passed over: there is nothing left to do about them.
pub fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        let mut out: Stdout = stdout();
        if TAKES_MOUSE.load(Ordering::SeqCst) {
            let _passed = execute!(out, DisableMouseCapture);
        }
        let _passed = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _passed = disable_raw_mode();
        let _passed = out.flush();
    }
}

/// Gives the terminal back before the report of a panic is printed.
///
/// A panic on another thread is a failed job: the screens stay, and its report comes as the result of the job.
fn give_back_on_panic() {
    let screens = thread::current().id();
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == screens {
            give_back();
            print(panic);
        } else if !IS_TAKEN.load(Ordering::SeqCst) {
            print(panic);
        }
    }));
}

/// What the terminal reports, read by one thread for as long as the process lives: a thread that waits for a key cannot be stopped, and
/// one of an earlier run would swallow the next key.
fn terminal_events() -> Receiver<io::Result<Event>> {
    static EVENTS: OnceLock<Receiver<io::Result<Event>>> = OnceLock::new();
    let read = || {
        let (sender, events) = unbounded();
        thread::spawn(move || {
            loop {
                let event = event::read();
                let is_end = event.is_err();
                if sender.send(event).is_err() || is_end {
                    return;
                }
            }
        });
        events
    };
    EVENTS.get_or_init(read).clone()
}

/// Turns keys, pastes, the mouse and sizes into messages on a thread of its own, until it is dropped.
struct Keys {
    stop: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Keys {
    fn read<P: Port>(queue: Sender<Msg<P>>) -> Self {
        let events = terminal_events();
        let (stop, stopped) = unbounded::<()>();
        let thread = thread::spawn(move || {
            loop {
                let event = select! {
                    recv(stopped) -> _ => return,
                    recv(events) -> event => event,
                };
                let msg = match event {
                    Ok(Ok(event)) => message_of(event),
                    Ok(Err(_)) | Err(_) => Some(Msg::Terminate),
                };
                let Some(msg) = msg else { continue };
                let is_end = matches!(msg, Msg::Terminate);
                if queue.send(msg).is_err() || is_end {
                    return;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _panic_was_told = thread.join();
        }
    }
}

/// Returns what a report of the terminal means to the program, if anything.
fn message_of<P: Port>(event: Event) -> Option<Msg<P>> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(Key::from_event(&key))),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        Event::Mouse(event) => Mouse::from_event(&event).map(Msg::Mouse),
        _ => None,
    }
}

/// Turns the signals of the system into messages.
#[cfg(unix)]
fn watch_signals<P: Port>(queue: Sender<Msg<P>>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let msg = match signal {
                SIGTSTP => Msg::Command(Call::new("suspend")),
                SIGCONT => Msg::Redraw,
                _ => Msg::Terminate,
            };
            if queue.send(msg).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn watch_signals<P: Port>(_queue: Sender<Msg<P>>) -> io::Result<()> {
    Ok(())
}

/// The world outside, for real.
struct System;

impl Outside for System {
    fn copy(&mut self, text: &str) -> io::Result<()> {
        if text.len() > LONGEST_COPY {
            return Err(io::Error::other("the text is too long for the clipboard of a terminal"));
        }
        let mut out = stdout();
        write!(out, "\u{1b}]52;c;{}\u{7}", base64(text.as_bytes()))?;
        out.flush()
    }

    fn open_file(&mut self, path: &Path) -> io::Result<()> {
        open_by_system(path.canonicalize()?.as_os_str())
    }

    fn open_link(&mut self, url: &str) -> io::Result<()> {
        open_by_system(OsStr::new(url))
    }

    #[cfg(unix)]
    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
    }

    #[cfg(not(unix))]
    fn suspend(&mut self) -> io::Result<()> {
        Err(io::Error::other("this system has no background for programs"))
    }

    fn retake(&mut self) -> io::Result<()> {
        take()
    }
}

/// Hands a file or an address to the program that the system has for it, as one argument and without a shell.
fn open_by_system(what: &OsStr) -> io::Result<()> {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut child = Process::new(opener).arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    thread::spawn(move || child.wait());
    Ok(())
}

/// Writes bytes in the base 64 of RFC 4648, which the clipboard sequence (OSC 52) asks for.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests;
