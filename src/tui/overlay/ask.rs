//! Fields to fill in: a note, a path, the few things that a command needs to be told.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Reaction;
use crate::tui::keymap::Key;
use crate::tui::message::Call;
use crate::tui::screen::Cx;
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_popup;
use crate::tui::widget::text::{cut, paint, width, wrap_text};
use crate::tui::widget::text_area::TextArea;
use crate::tui::widget::text_field::TextField;

/// How many lines a field of several lines takes.
const AREA_ROWS: u16 = 5;

/// One thing to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    label: String,
    is_required: bool,
    answer: Answer,
    /// What was answered before, the latest first.
    earlier: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Line(TextField),
    Area(TextArea),
    Choice { options: Vec<(String, String)>, chosen: usize },
}

impl Question {
    /// Asks for one line of text.
    pub fn line(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), is_required: false, answer: Answer::Line(TextField::new(value)), earlier: Vec::new() }
    }

    /// Asks for several lines of text.
    pub fn area(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), is_required: false, answer: Answer::Area(TextArea::new(value)), earlier: Vec::new() }
    }

    /// Asks for one of a few options, each a value with its label; the first one is chosen at the beginning.
    pub fn choice(label: &str, options: Vec<(String, String)>) -> Self {
        Self { label: label.to_owned(), is_required: true, answer: Answer::Choice { options, chosen: 0 }, earlier: Vec::new() }
    }

    /// Lets a choice be an empty value.
    pub fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    /// Chooses the option with this value at the beginning, if there is one.
    pub fn starting_at(mut self, value: &str) -> Self {
        if let Answer::Choice { options, chosen } = &mut self.answer {
            *chosen = options.iter().position(|(known, _)| known == value).unwrap_or(0);
        }
        self
    }

    /// Makes an answer necessary.
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Offers earlier answers, the latest first: Up brings one after another into an empty field of several lines.
    pub fn with_earlier(mut self, earlier: &[String]) -> Self {
        self.earlier = earlier.to_vec();
        self
    }

    /// Brings the next earlier answer into the field, unless something else stands there; tells whether it did.
    fn recall(&mut self) -> bool {
        let now = self.value();
        let Answer::Area(area) = &mut self.answer else { return false };
        let at = match self.earlier.iter().position(|earlier| *earlier == now) {
            Some(shown) => shown + 1,
            None if now.is_empty() => 0,
            None => return false,
        };
        let Some(earlier) = self.earlier.get(at) else { return false };
        *area = TextArea::new(earlier);
        true
    }

    fn value(&self) -> String {
        match &self.answer {
            Answer::Line(field) => field.text().trim().to_owned(),
            Answer::Area(area) => area.text().trim().to_owned(),
            Answer::Choice { options, chosen } => options.get(*chosen).map(|(value, _)| value.clone()).unwrap_or_default(),
        }
    }

    fn rows(&self) -> u16 {
        if matches!(self.answer, Answer::Area(_)) { AREA_ROWS + 2 } else { 3 }
    }
}

/// A box with fields; the answers become the arguments of a command, in order, after those that it has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    title: String,
    questions: Vec<Question>,
    at: usize,
    /// What is to be known below the fields, and how it is meant.
    remark: Option<(String, Role)>,
    then: Call,
}

impl Ask {
    /// Asks the questions and gives the command with the answers.
    pub fn new(title: impl Into<String>, questions: Vec<Question>, then: Call) -> Self {
        Self { title: title.into(), questions, at: 0, remark: None, then }
    }

    /// Says something below the fields: why the answers given before do not do, what will happen; a line for each line of it.
    pub fn with_remark(mut self, remark: impl Into<String>, role: Role) -> Self {
        self.remark = Some((remark.into(), role));
        self
    }

    /// Returns the first field to be drawn so that the one being edited is seen.
    fn first_shown(&self, room: u16) -> usize {
        let rows = |first: usize| self.questions.get(first..=self.at).unwrap_or_default().iter().map(Question::rows).sum::<u16>();
        (0..self.at).find(|first| rows(*first) <= room + 1).unwrap_or(self.at)
    }

    /// Gives a key: Tab goes to the next field, Enter sends (Alt+Enter begins a new line where a field has several).
    pub fn key(&mut self, key: Key) -> Reaction {
        let fields = self.questions.len().max(1);
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Tab if key.shift => self.at = (self.at + fields - 1) % fields,
            KeyCode::Tab => self.at = (self.at + 1) % fields,
            KeyCode::Enter if !key.alt => return self.send(),
            KeyCode::Up if self.questions.get_mut(self.at).is_some_and(Question::recall) => {}
            _ => match self.questions.get_mut(self.at).map(|question| &mut question.answer) {
                Some(Answer::Line(field)) => match key.code {
                    KeyCode::Up => self.at = (self.at + fields - 1) % fields,
                    KeyCode::Down => self.at = (self.at + 1) % fields,
                    _ => {
                        field.key(key);
                    }
                },
                Some(Answer::Area(area)) => {
                    area.key(key);
                }
                Some(Answer::Choice { options, chosen }) => match key.code {
                    KeyCode::Left => *chosen = chosen.saturating_sub(1),
                    KeyCode::Right | KeyCode::Char(' ') => *chosen = (*chosen + 1) % options.len().max(1),
                    KeyCode::Up => self.at = (self.at + fields - 1) % fields,
                    KeyCode::Down => self.at = (self.at + 1) % fields,
                    _ => {}
                },
                None => {}
            },
        }
        Reaction::Stay
    }

    /// Pastes into the field that is being edited.
    pub fn paste(&mut self, text: &str) {
        match self.questions.get_mut(self.at).map(|question| &mut question.answer) {
            Some(Answer::Line(field)) => field.paste(text.trim_end_matches(['\r', '\n'])),
            Some(Answer::Area(area)) => area.paste(text),
            Some(Answer::Choice { .. }) | None => {}
        }
    }

    fn send(&mut self) -> Reaction {
        if let Some(at) = self.questions.iter().position(|question| question.is_required && question.value().is_empty()) {
            self.at = at;
            return Reaction::Tell(format!("“{}” is needed.", self.questions[at].label));
        }
        let mut call = self.then.clone();
        call.args.extend(self.questions.iter().map(Question::value));
        Reaction::Run(call)
    }

    /// Draws the fields under their labels.
    pub fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let theme = cx.theme;
        let rows: u16 = self.questions.iter().map(Question::rows).sum();
        let said = |(text, role): &(String, Role)| text.lines().flat_map(|line| wrap_text(line, *role, 66)).collect::<Vec<_>>();
        let remark = self.remark.as_ref().map(said).unwrap_or_default();
        // A field and its label stay in sight, whatever there is to say.
        let said = u16::try_from(remark.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(6));
        let mut inner = draw_popup(frame, area, theme, &self.title, 70, (rows + 1).saturating_add(said));
        inner.height = inner.height.saturating_sub(said);
        for (line, y) in remark.iter().zip(inner.bottom()..inner.bottom() + said) {
            frame.render_widget(paint(line, theme), Rect { y, height: 1, ..inner });
        }
        let mut y = inner.y;
        for (at, question) in self.questions.iter().enumerate().skip(self.first_shown(inner.height)) {
            if y + 1 >= inner.bottom() {
                break;
            }
            let is_here = at == self.at;
            let mut label = if question.is_required { format!("{} (needed)", question.label) } else { question.label.clone() };
            if !question.earlier.is_empty() {
                label.push_str(" · ↑ as before");
            }
            let role = if is_here { Role::Accent } else { Role::Muted };
            frame.render_widget(Line::styled(cut(&label, usize::from(inner.width)), theme.style(role)), Rect { y, height: 1, ..inner });
            let place = Rect { y: y + 1, height: (question.rows() - 2).min(inner.bottom() - y - 1), ..inner };
            match &question.answer {
                Answer::Line(field) => field.view(frame, place, theme, is_here),
                Answer::Area(area) => area.view(frame, place, theme, is_here),
                Answer::Choice { options, chosen } => {
                    let label = options.get(*chosen).map(|(_, label)| label.as_str()).unwrap_or_default();
                    let shown = cut(label, usize::from(inner.width).saturating_sub(16));
                    let role = if is_here { Role::FieldFocus } else { Role::Field };
                    let text = format!("‹ {shown} ›");
                    let of = format!("  {} of {}", chosen + 1, options.len());
                    debug_assert!(width(&text) <= usize::from(inner.width));
                    frame.render_widget(
                        Line::from(vec![Span::styled(text, theme.style(role)), Span::styled(of, theme.style(Role::Muted))]),
                        place,
                    );
                }
            }
            y += question.rows();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(ask: &mut Ask, keys: &str) -> Reaction {
        keys.split_whitespace().map(|key| ask.key(Key::parse(key).expect(key))).last().expect("a key")
    }

    #[test]
    fn answers_become_arguments_in_order() {
        let kinds = vec![("database".to_owned(), "Database".to_owned()), ("register".to_owned(), "Register".to_owned())];
        let mut ask = Ask::new(
            "Import",
            vec![Question::line("File", "").required(), Question::choice("Kind", kinds)],
            Call::new("import.file").arg("x"),
        );
        assert_eq!(press(&mut ask, "enter"), Reaction::Tell("“File” is needed.".to_owned()));
        ask.paste("a.nbib\n");
        assert_eq!(press(&mut ask, "tab right enter"), Reaction::Run(Call::new("import.file").arg("x").arg("a.nbib").arg("register")));
    }

    #[test]
    fn a_field_of_several_lines_takes_line_ends_with_alt() {
        let mut ask = Ask::new("Note", vec![Question::area("Note", "")], Call::new("screen.note"));
        assert_eq!(press(&mut ask, "a alt+enter b enter"), Reaction::Run(Call::new("screen.note").arg("a\nb")));
        assert_eq!(press(&mut ask, "esc"), Reaction::Close);
    }

    #[test]
    fn an_empty_field_takes_earlier_answers_and_nothing_typed_is_lost() {
        let earlier = ["second".to_owned(), "first".to_owned()];
        let question = || Question::area("Why?", "").required().with_earlier(&earlier);
        let mut ask = Ask::new("Settle", vec![question()], Call::new("conflict.exclude"));
        assert_eq!(press(&mut ask, "up up up enter"), Reaction::Run(Call::new("conflict.exclude").arg("first")));
        let mut ask = Ask::new("Settle", vec![question()], Call::new("conflict.exclude"));
        assert_eq!(press(&mut ask, "x up enter"), Reaction::Run(Call::new("conflict.exclude").arg("x")));
        let mut ask = Ask::new("Settle", vec![question()], Call::new("conflict.exclude"));
        assert_eq!(press(&mut ask, "up s enter"), Reaction::Run(Call::new("conflict.exclude").arg("seconds")));
    }

    #[test]
    fn no_questions_is_no_trouble() {
        let mut ask = Ask::new("Empty", Vec::new(), Call::new("undo"));
        assert_eq!(press(&mut ask, "tab x enter"), Reaction::Run(Call::new("undo")));
    }
}
