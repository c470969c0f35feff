//! What opens without a review: one screen that says what the program is and offers to make a review, to open one, or the worked example.
//!
//! It runs in the same frame as the screens of a review, over a port of its own: the service is whatever makes or opens the file.

use std::path::{Path, PathBuf};

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::app_port::problem;
use super::effect::{Effect, Notice};
use super::keymap::KeyContext;
use super::message::{Call, ScreenMsg};
use super::mouse::{Under, steps_in};
use super::overlay::{Ask, Choice, Overlay, Picker, Question};
use super::port::{Finished, Header, JobId, Port, Problem, Reporter, Service};
use super::screen::{Cx, Screen};
use super::theme::Role;
use super::widget::text::{StyledLine, cut, fit, paint, wrap_text};
use crate::app;
use crate::domain::text::{clean_line, counted};

/// The types of the screen without a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WelcomePort;

/// A way to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// Makes the file of a new review.
    New {
        /// The file.
        file: PathBuf,
        /// The title.
        title: String,
        /// The people as (short name, full name); the first leads.
        people: Vec<(String, String)>,
    },
    /// Opens a review that is there.
    Open(PathBuf),
    /// Builds the worked example in a folder.
    Example(PathBuf),
}

impl Port for WelcomePort {
    type Request = Begin;
    type Reply = ();
    type Query = ();
    type Data = ();
    type Change = ();

    const EVERYTHING: () = ();

    fn join(_one: (), _other: ()) {}

    fn request_of(_call: &Call) -> Option<Begin> {
        None
    }

    fn notice_of(_reply: &()) -> Option<Notice> {
        None
    }
}

/// Carries out a way to begin, and remembers nothing: what it was given does.
pub struct WelcomeService<F> {
    begin: F,
}

impl<F: FnMut(&Begin) -> app::Result<()>> WelcomeService<F> {
    /// Takes what makes or opens a review.
    pub fn new(begin: F) -> Self {
        Self { begin }
    }
}

impl<F: FnMut(&Begin) -> app::Result<()>> Service<WelcomePort> for WelcomeService<F> {
    fn header(&mut self) -> Header {
        Header { review: "tamis".to_owned(), reviewer: format!("version {}", env!("CARGO_PKG_VERSION")), ..Header::default() }
    }

    fn load(&mut self, (): ()) -> Result<(), Problem> {
        Ok(())
    }

    fn run(&mut self, request: Begin) -> Result<Finished<WelcomePort>, Problem> {
        (self.begin)(&request).map(|()| Finished { reply: (), change: () }).map_err(|error| {
            // Nothing is open that could be damaged: whatever is in the way is told in the line above the hints.
            let told = problem(error);
            Problem { weight: super::port::Weight::Notice, ..told }
        })
    }

    fn spawn(&mut self, request: Begin, reporter: Reporter<WelcomePort>) {
        reporter.finished(self.run(request));
    }

    fn cancel(&mut self, _job: JobId) {}

    fn poll(&mut self) -> Option<()> {
        None
    }
}

/// One line that can be chosen: its command, what it does, and a remark.
struct Offer {
    command: &'static str,
    what: &'static str,
    remark: &'static str,
}

const OFFERS: [Offer; 3] = [
    Offer { command: "review.init", what: "Make a review", remark: "a title, the people, a file in this folder" },
    Offer { command: "review.open", what: "Open a review", remark: "a .tamis file, yours or from a colleague" },
    Offer { command: "review.demo", what: "See the worked example", remark: "a finished review in a folder of its own" },
];

const ABOUT: [&str; 2] = [
    "A systematic review in one file: searches, duplicates, blinded screening by two people, full texts, extraction, meta-analysis and \
     the PRISMA diagram.",
    "Everything is saved as it is done, every change can be taken back (u), and nothing leaves this computer. ? helps, q leaves.",
];

/// The screen.
#[derive(Debug)]
pub struct Welcome {
    folder: String,
    reviews: Vec<PathBuf>,
    at: usize,
}

impl Welcome {
    /// Makes the screen for a folder and the reviews that lie in it.
    pub fn new(folder: &Path, reviews: Vec<PathBuf>) -> Self {
        Self { folder: clean_line(&folder.display().to_string()).into_owned(), at: usize::from(!reviews.is_empty()), reviews }
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<WelcomePort>> {
        let last = OFFERS.len() - 1;
        match (call.id, &call.args[..]) {
            ("move.up", _) => self.at = self.at.saturating_sub(1),
            ("move.down", _) => self.at = (self.at + 1).min(last),
            ("move.first" | "move.page_up", _) => self.at = 0,
            ("move.last" | "move.page_down", _) => self.at = last,
            ("welcome.take", _) => return vec![Effect::Call(Call::new(OFFERS[self.at].command))],
            ("review.init", [title, first, second, file]) => return vec![begin_new(title, first, second, file)],
            ("review.init", _) => {
                let questions = vec![
                    Question::line("Title of the review", "").required(),
                    Question::line("You: initials, then the name (AR Ada Rao)", "").required(),
                    Question::line("The second reviewer, the same way; may be added later", ""),
                    Question::line("File", "review.tamis").required(),
                ];
                return vec![ask("A new review", questions, call.id)];
            }
            ("review.open", [file]) => return vec![Effect::Run(Begin::Open(path_of(file)))],
            ("review.open", _) if !self.reviews.is_empty() => {
                let choice = |file: &PathBuf| {
                    let name = clean_line(&file.display().to_string()).into_owned();
                    Choice { value: name.clone(), label: name, detail: String::new() }
                };
                let choices = self.reviews.iter().map(choice).collect();
                let picker = Picker::new("Which review? (or type its path)", choices, Call::new("review.open")).taking_new();
                return vec![Effect::Open(Box::new(Overlay::Picker(picker)))];
            }
            ("review.open", _) => {
                return vec![ask("Open a review", vec![Question::line("Path of the .tamis file", "").required()], call.id)];
            }
            ("review.demo", [folder]) => return vec![Effect::Run(Begin::Example(path_of(folder)))],
            ("review.demo", _) => {
                let question = Question::line("Folder to write into; it is made", "ketamine-demo").required();
                return vec![ask("The worked example", vec![question], call.id)];
            }
            _ => {}
        }
        Vec::new()
    }

    /// Sets the lines, and returns at which of them the offers begin.
    fn lines(&self, cx: &Cx, room: usize) -> (Vec<StyledLine>, usize) {
        let mut lines: Vec<StyledLine> = Vec::new();
        for paragraph in ABOUT {
            lines.extend(wrap_text(paragraph, Role::Text, room));
            lines.push(StyledLine::new());
        }
        let here = match self.reviews.len() {
            0 => format!("There is no review in {}.", self.folder),
            many => format!("{} holds {}.", self.folder, counted(many, "review")),
        };
        lines.extend(wrap_text(&here, Role::Heading, room));
        lines.push(StyledLine::new());
        let first = lines.len();
        for (at, offer) in OFFERS.iter().enumerate() {
            let key = cx.keymap.keys_of(offer.command).into_iter().next().unwrap_or_default();
            lines.push(vec![
                (if at == self.at { "▸ " } else { "  " }.to_owned(), Role::Text),
                (fit(&key, 3, false), Role::Key),
                (fit(offer.what, 25, false), if at == self.at { Role::Accent } else { Role::Text }),
                (cut(offer.remark, room.saturating_sub(30)), Role::Muted),
            ]);
        }
        lines.push(StyledLine::new());
        lines.extend(wrap_text(
            "On the command line: tamis init FILE, tamis FILE, tamis demo; tamis --help lists everything.",
            Role::Muted,
            room,
        ));
        (lines, first)
    }

    fn room(area: Rect) -> Rect {
        let width = area.width.saturating_sub(4).min(84);
        let spare = area.height.saturating_sub(16) / 3;
        Rect { x: area.x + (area.width - width) / 2, y: area.y + spare, width, height: area.height - spare }
    }
}

impl Screen<WelcomePort> for Welcome {
    fn name(&self) -> &'static str {
        "welcome"
    }

    fn title(&self) -> &'static str {
        "Welcome"
    }

    fn update(&mut self, msg: ScreenMsg<WelcomePort>, _cx: &Cx) -> Vec<Effect<WelcomePort>> {
        match msg {
            ScreenMsg::Command(call) => self.command(&call),
            // a file dropped on the terminal
            ScreenMsg::Paste(text) => vec![Effect::Run(Begin::Open(path_of(text.trim().trim_matches(['\'', '"']))))],
            ScreenMsg::Done(()) => vec![Effect::Quit],
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, (): (), _cx: &Cx) -> Vec<Effect<WelcomePort>> {
        Vec::new()
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let place = Self::room(area);
        let (lines, _) = self.lines(cx, usize::from(place.width));
        for (line, y) in lines.iter().zip(place.y..place.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { y, height: 1, ..place });
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        let place = Self::room(cx.body);
        let (_, first) = self.lines(cx, usize::from(place.width));
        let first = u16::try_from(first).unwrap_or(u16::MAX);
        let offers = Rect { y: place.y.saturating_add(first), height: 3.min(place.height.saturating_sub(first)), ..place };
        steps_in(offers, at, 0, self.at, OFFERS.len()).map_or(Under::Nothing, |steps| Under::Row(None, steps))
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list")
    }
}

fn begin_new(title: &str, first: &str, second: &str, file: &str) -> Effect<WelcomePort> {
    let people = [first, second].into_iter().filter_map(person_of).collect();
    let mut file = path_of(file);
    if file.extension().is_none() {
        file.set_extension("tamis");
    }
    Effect::Run(Begin::New { file, title: title.to_owned(), people })
}

/// Reads "AR Ada Rao" as short and full name; a name alone gives its initials.
fn person_of(text: &str) -> Option<(String, String)> {
    let text = clean_line(text);
    let mut words = text.split([' ', '=', ',']).filter(|word| !word.is_empty());
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    let is_short = first.chars().count() <= 4 && first.chars().all(|letter| letter.is_uppercase() || letter.is_numeric());
    if is_short || rest.is_empty() {
        return Some((first.to_owned(), rest.join(" ")));
    }
    let initials = std::iter::once(first).chain(rest.iter().copied()).filter_map(|word| word.chars().next());
    let initials = initials.filter(|letter| letter.is_alphabetic()).flat_map(char::to_uppercase).take(4).collect();
    Some((initials, text.trim().to_owned()))
}

/// Returns a path as it was typed.
fn path_of(text: &str) -> PathBuf {
    PathBuf::from(text.trim())
}

fn ask(title: &str, questions: Vec<Question>, command: &'static str) -> Effect<WelcomePort> {
    Effect::Open(Box::new(Overlay::Ask(Ask::new(title, questions, Call::new(command)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_with_and_without_initials() {
        let read = |text: &str| person_of(text).map(|(id, name)| format!("{id}|{name}")).unwrap_or_default();
        assert_eq!(read("AR Ada Rao"), "AR|Ada Rao");
        assert_eq!(read("AR=Ada Rao"), "AR|Ada Rao");
        assert_eq!(read("Ada Rao"), "AR|Ada Rao");
        assert_eq!(read("ada"), "ada|");
        assert_eq!(read("BK"), "BK|");
        assert_eq!(read("  "), "");
    }
}
