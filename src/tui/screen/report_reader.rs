//! The text of an attached PDF, read beside the judgement on it or the numbers taken from it: pages, and search with every place marked.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::ReportText;
use crate::domain::highlight::{HighlightWord, WordList};
use crate::domain::ids::RecordId;
use crate::domain::text::fold;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::Question;
use crate::tui::screen::Cx;
use crate::tui::screen::parts::{ask, draw_line, tell};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::record_card::{Highlights, WIDEST};
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::text::{StyledLine, counted, cut, wrap, wrap_text};

/// The open text of a report.
#[derive(Debug)]
pub(super) struct Reader {
    /// The report.
    pub(super) record: RecordId,
    title: String,
    text: Option<Box<ReportText>>,
    words: String,
    page: Scroll,
    room: usize,
    /// The lines that hold the words, and which of them is shown.
    found: Vec<usize>,
    at: usize,
}

impl Reader {
    /// Opens the text of a report before it is read.
    pub(super) fn new(record: RecordId, title: &str, body: Rect) -> Self {
        let mut reader = Self {
            record,
            title: title.to_owned(),
            text: None,
            words: String::new(),
            page: Scroll::default(),
            room: 76,
            found: Vec::new(),
            at: 0,
        };
        reader.resize(body);
        reader
    }

    /// Tells whether the text is still being read.
    pub(super) fn is_waiting(&self) -> bool {
        self.text.is_none()
    }

    /// Takes the text in.
    pub(super) fn take(&mut self, text: Box<ReportText>) {
        self.text = Some(text);
        self.write();
    }

    /// Takes the place of the screen.
    pub(super) fn resize(&mut self, body: Rect) {
        self.room = usize::from(body.width.saturating_sub(5)).min(WIDEST);
        self.page.set_height(body.height.saturating_sub(3));
        self.write();
    }

    /// Asks for the text as long as it is waited for.
    pub(super) fn ask_text(&self) -> Vec<Effect<AppPort>> {
        if self.text.is_none() { vec![Effect::Load(Query::ReportText(self.record))] } else { Vec::new() }
    }

    /// Tells whether a command is one of an open text.
    pub(super) fn knows(call: &Call) -> bool {
        call.id.starts_with("move.") || matches!(call.id, "search" | "search.clear" | "fulltext.next_place" | "fulltext.previous_place")
    }

    /// Carries out a command of the text; `None` means that the text is to be closed.
    pub(super) fn command(&mut self, call: Call) -> Option<Vec<Effect<AppPort>>> {
        match (call.id, call.args.first()) {
            ("search", None) => {
                let question = Question::line("Words as they stand in the report", &self.words);
                return Some(vec![ask("Search the text", vec![question], call)]);
            }
            ("search", Some(words)) => self.find(words),
            ("search.clear", _) if self.words.is_empty() => return None,
            ("search.clear", _) => self.find(""),
            ("fulltext.next_place" | "fulltext.previous_place", _) => {
                if !self.step(call.id == "fulltext.next_place") {
                    return Some(vec![tell("There is no place to go to; search the text first.")]);
                }
            }
            (id, _) => {
                self.page.command(id);
            }
        }
        Some(Vec::new())
    }

    /// Looks for words and shows the first place.
    fn find(&mut self, words: &str) {
        self.words = words.trim().to_owned();
        self.at = 0;
        self.write();
        self.show();
    }

    /// Shows the next or the previous place, round the end; returns whether there is one.
    fn step(&mut self, is_forward: bool) -> bool {
        let total = self.found.len();
        if total == 0 {
            return false;
        }
        self.at = if is_forward { (self.at + 1) % total } else { (self.at + total - 1) % total };
        self.show();
        true
    }

    fn show(&mut self) {
        if let Some(line) = self.found.get(self.at) {
            // Some lines below the place are shown, too.
            self.page.show(line + 3);
            self.page.show(*line);
        }
    }

    /// Sets the pages in lines.
    fn write(&mut self) {
        let Some(text) = &self.text else { return };
        let marks = Highlights::new(&[HighlightWord { list: WordList::Include, text: star_last(&self.words) }]);
        let wanted = fold(&self.words);
        let mut lines: Vec<StyledLine> = Vec::new();
        self.found.clear();
        if let Some(remark) = &text.remark {
            lines.extend(wrap_text(&format!("! {remark}"), Role::Warning, self.room));
            lines.push(StyledLine::new());
        }
        for (at, page) in text.pages.iter().enumerate() {
            lines.push(vec![(format!("── page {} of {} ", at + 1, text.total), Role::Heading)]);
            if page.is_empty() {
                lines.push(vec![("(no text on this page)".to_owned(), Role::Muted)]);
            }
            for line in page.lines() {
                if !wanted.is_empty() && fold(line).contains(&wanted) {
                    self.found.push(lines.len());
                }
                lines.extend(wrap(&marks.mark(line, Role::Text), self.room));
            }
            lines.push(StyledLine::new());
        }
        self.page.rewrap(lines);
        self.at = self.at.min(self.found.len().saturating_sub(1));
    }

    /// Draws the text with a line about the search above it; the frame shows whether the keys go to it.
    pub(super) fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx, has_keys: bool) {
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        let head = match (&self.text, self.words.is_empty(), self.found.len()) {
            (None, ..) => vec![("Reading the PDF…".to_owned(), Role::Pending)],
            (Some(text), true, _) => vec![
                (cut(text.file.as_deref().unwrap_or("PDF"), 40), Role::Heading),
                (format!(" · {} · {} searches, {} closes", counted(text.total, "page"), key("search"), key("search.clear")), Role::Hint),
            ],
            (Some(_), false, 0) => vec![(format!("“{}” is not in the text.", cut(&self.words, 40)), Role::Warning)],
            (Some(_), false, lines) => vec![
                (format!("“{}”: {} of {}", cut(&self.words, 30), self.at + 1, counted(lines, "place")), Role::Heading),
                (format!(" · {} next, {} previous", key("fulltext.next_place"), key("fulltext.previous_place")), Role::Hint),
            ],
        };
        draw_line(frame, area, cx, &head);
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let inner = draw_box(frame, below, cx.theme, &cut(&self.title, usize::from(area.width.saturating_sub(6))), has_keys);
        self.page.view(frame, Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }, cx.theme);
    }
}

/// Marks any ending of the last word, as it is found.
fn star_last(words: &str) -> String {
    if words.is_empty() || words.ends_with('*') { words.to_owned() } else { format!("{words}*") }
}
