//! The same loop on a terminal of memory: press keys, read the screen.
//!
//! For tests of flows: nothing is drawn on a real terminal, the clock stands still, and other programs are only noted.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Size};
use ratatui::style::Style;

use super::keymap::Keymap;
use super::keymap::key::parse_sequence;
use super::message::{Call, Msg};
use super::model::Model;
use super::mouse::{Gesture, Mouse};
use super::port::{Port, Service};
use super::run::{Flow, Program};
use super::runtime::Outside;
use super::screen::Screen;
use super::theme::{Role, Theme};

/// What went to the world outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// Texts put into the clipboard.
    pub copied: Vec<String>,
    /// Files opened.
    pub opened: Vec<PathBuf>,
    /// Addresses opened.
    pub links: Vec<String>,
    /// How often the program was suspended.
    pub suspended: usize,
}

impl Outside for Noted {
    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }

    fn open_file(&mut self, path: &Path) -> io::Result<()> {
        self.opened.push(path.to_owned());
        Ok(())
    }

    fn open_link(&mut self, url: &str) -> io::Result<()> {
        self.links.push(url.to_owned());
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.suspended += 1;
        Ok(())
    }

    fn retake(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The program on a terminal of memory.
pub struct Harness<P: Port, S> {
    program: Program<P, S, Noted, TestBackend>,
    flow: Flow,
}

impl<P: Port, S: Service<P>> Harness<P, S> {
    /// Starts the screens over a service on a terminal of that many columns and rows, without colours.
    pub fn new(screens: Vec<Box<dyn Screen<P>>>, service: S, columns: u16, rows: u16) -> Self {
        let size = Size { width: columns, height: rows };
        let model = Model::new(screens, Keymap::built_in(), Theme::choose(None, true), size);
        let Ok(terminal) = Terminal::new(TestBackend::new(columns, rows));
        let mut harness = Self { program: Program::new(model, service, Noted::default(), terminal), flow: Flow::Going };
        harness.after();
        harness
    }

    fn send(&mut self, msg: Msg<P>) -> &mut Self {
        if self.flow == Flow::Going {
            self.flow = self.program.handle(msg);
        }
        self.after()
    }

    fn after(&mut self) -> &mut Self {
        if self.flow == Flow::Going {
            self.flow = self.program.handle_waiting();
        }
        // The backend for tests keeps what stood in the second cell of a wide letter, which no terminal does: draw on an empty one.
        let _infallible = self.program.terminal().clear();
        let _infallible = self.program.draw();
        self
    }

    /// Presses keys as keymaps write them, divided by spaces ("g s down enter").
    ///
    /// Panics: if one of them is no key, which is a mistake of the test.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in parse_sequence(keys).expect("the test names keys") {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types a text letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.send(Msg::Key(super::keymap::Key::plain(crossterm::event::KeyCode::Char(letter))));
        }
        self
    }

    /// Clicks on the first place of the screen that shows the text.
    ///
    /// Panics: if it is nowhere, which is a mistake of the test.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let at = self.place_of(text).unwrap_or_else(|| panic!("“{text}” is not on the screen:\n{}", self.text()));
        self.send(Msg::Mouse(Mouse { gesture: Gesture::Click, at }))
    }

    /// Turns the wheel over the first place of the screen that shows the text.
    ///
    /// Panics: if it is nowhere, which is a mistake of the test.
    pub fn wheel(&mut self, gesture: Gesture, text: &str) -> &mut Self {
        let at = self.place_of(text).unwrap_or_else(|| panic!("“{text}” is not on the screen:\n{}", self.text()));
        self.send(Msg::Mouse(Mouse { gesture, at }))
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Paste(text.to_owned()))
    }

    /// Gives a command by its id.
    pub fn give(&mut self, call: Call) -> &mut Self {
        self.send(Msg::Command(call))
    }

    /// Sends any message, such as the news that somebody else changed the review.
    pub fn happen(&mut self, msg: Msg<P>) -> &mut Self {
        self.send(msg)
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.program.terminal().backend_mut().resize(columns, rows);
        self.send(Msg::Resize(columns, rows))
    }

    /// Waits until the screen fulfils the condition; the error is the screen at the deadline.
    pub fn wait_for(&mut self, within: Duration, is_reached: impl Fn(&str) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + within;
        loop {
            let text = self.text();
            if is_reached(&text) {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || !self.program.handle_next(left) {
                return Err(self.text());
            }
            self.after();
        }
    }

    /// Returns the screen as text, one line per row, without spaces at the ends of lines.
    pub fn text(&mut self) -> String {
        let buffer = self.program.terminal().backend().buffer();
        let width = usize::from(buffer.area.width).max(1);
        let mut text = String::new();
        for row in buffer.content.chunks(width) {
            let mut line = String::new();
            let mut skipped = 0;
            for cell in row {
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                line.push_str(cell.symbol());
                skipped = super::widget::text::width(cell.symbol()).saturating_sub(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Returns the style of the first place on the screen that shows the text.
    pub fn style_of(&mut self, text: &str) -> Option<Style> {
        let at = self.place_of(text)?;
        self.program.terminal().backend().buffer().cell(at).map(|cell| cell.style())
    }

    /// Returns the styles of the screen as text: for each row the columns, the style and the letters wherever
    /// the style is not the plain one; borders are left out.
    pub fn styles(&mut self) -> String {
        let plain = self.program.model().theme().style(Role::Text);
        let buffer = self.program.terminal().backend().buffer();
        let width = usize::from(buffer.area.width).max(1);
        let mut lines = String::new();
        for (row, cells) in buffer.content.chunks(width).enumerate() {
            let mut from = 0;
            while from < cells.len() {
                let style = cells[from].style();
                let to = cells[from..].iter().position(|cell| cell.style() != style).map_or(cells.len(), |length| from + length);
                let letters: String = cells[from..to].iter().map(|cell| cell.symbol()).collect();
                let shown = style_words(style, plain);
                let is_border = letters.chars().all(|letter| matches!(letter, ' ' | '│' | '─' | '┌' | '┐' | '└' | '┘'));
                let says_nothing = shown.is_empty() || is_border && style.bg == plain.bg;
                if !says_nothing {
                    lines.push_str(&format!("{row}:{from}-{} {shown} {:?}\n", to - 1, letters.trim()));
                }
                from = to;
            }
        }
        lines
    }

    /// Returns the first place of the screen that shows the text.
    fn place_of(&mut self, text: &str) -> Option<Position> {
        let row = self.text().lines().position(|line| line.contains(text))?;
        let buffer = self.program.terminal().backend().buffer();
        let cells = &buffer.content[row * usize::from(buffer.area.width)..][..usize::from(buffer.area.width)];
        let first = (0..cells.len()).find(|at| {
            let rest: String = cells[*at..].iter().map(|cell| cell.symbol()).collect();
            rest.starts_with(text)
        })?;
        Some(Position::new(u16::try_from(first).ok()?, u16::try_from(row).ok()?))
    }

    /// Returns the state.
    pub fn model(&self) -> &Model<P> {
        self.program.model()
    }

    /// Returns the service.
    pub fn service(&mut self) -> &mut S {
        self.program.service()
    }

    /// Returns what went to the world outside.
    pub fn outside(&mut self) -> &Noted {
        self.program.outside()
    }

    /// Returns whether the program has ended.
    pub fn has_ended(&self) -> bool {
        self.flow == Flow::Ended
    }
}

/// Names what of a style differs from the plain one; empty where nothing does.
fn style_words(style: Style, plain: Style) -> String {
    let mut words = Vec::new();
    if style.fg != plain.fg {
        words.extend(style.fg.map(|colour| format!("fg={colour}")));
    }
    if style.bg != plain.bg {
        words.extend(style.bg.map(|colour| format!("bg={colour}")));
    }
    if style.add_modifier != plain.add_modifier {
        words.push(format!("{:?}", style.add_modifier));
    }
    words.retain(|word| !word.ends_with("=Reset") && word != "NONE");
    words.join(" ")
}
