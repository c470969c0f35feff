//! Two records side by side, with the fields that differ marked.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::query::{ListedRecord, PairView};
use crate::domain::ids::RecordId;
use crate::tui::app_port::{AppPort, Explained, Query, sentence};
use crate::tui::effect::Effect;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::panel::draw_box;
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::text::{StyledLine, count, cut, fit, wrap_text};

/// The cells that field name and sign take.
const LABEL: usize = 11;

/// The pairs that wait for a person, one of them open.
#[derive(Debug, Default)]
pub struct Pairs {
    all: Vec<PairView>,
    pairs: Vec<PairView>,
    rule: Option<String>,
    at: usize,
    explained: Option<Box<Explained>>,
    text: Scroll,
}

impl Pairs {
    /// Takes the pairs as they stand now; the place stays, so that the next pair moves up after a verdict.
    pub fn set(&mut self, pairs: Vec<PairView>) -> Vec<Effect<AppPort>> {
        self.all = pairs;
        if self.rule.as_ref().is_some_and(|rule| self.all.iter().all(|pair| pair.rule != *rule)) {
            self.rule = None;
        }
        self.filter()
    }

    /// Shows the pairs of the next rule, after the last rule all pairs.
    pub fn next_rule(&mut self) -> Vec<Effect<AppPort>> {
        self.rule = next_rule(self.rule.as_deref(), self.all.iter().map(|pair| pair.rule.as_str()));
        self.filter()
    }

    fn filter(&mut self) -> Vec<Effect<AppPort>> {
        let open = self.selected();
        self.pairs = self.all.iter().filter(|pair| self.rule.as_ref().is_none_or(|rule| pair.rule == *rule)).cloned().collect();
        self.at = open
            .and_then(|(a, b)| self.pairs.iter().position(|pair| pair.a.record == a && pair.b.record == b))
            .unwrap_or_else(|| self.at.min(self.pairs.len().saturating_sub(1)));
        self.load()
    }

    /// Returns the open pair.
    pub fn selected(&self) -> Option<(RecordId, RecordId)> {
        self.pairs.get(self.at).map(|pair| (pair.a.record, pair.b.record))
    }

    /// Tells whether no pair waits.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Opens the next pair or the one before; after the last comes the first again.
    pub fn step(&mut self, is_on: bool) -> Vec<Effect<AppPort>> {
        let many = self.pairs.len().max(1);
        self.at = if is_on { self.at + 1 } else { self.at + many - 1 } % many;
        self.load()
    }

    fn load(&mut self) -> Vec<Effect<AppPort>> {
        self.explained = None;
        self.selected().map(|(a, b)| Effect::Load(Query::ExplainPair(a, b))).into_iter().collect()
    }

    /// Takes the comparison of the open pair.
    pub fn explained(&mut self, explained: Box<Explained>, body: Rect) {
        if self.selected() == Some((explained.a, explained.b)) {
            self.explained = Some(explained);
            self.text.set(Vec::new());
            self.set_size(body);
        }
    }

    /// Sets the comparison for the size of the screen.
    pub fn set_size(&mut self, body: Rect) {
        let (Some(pair), Some(explained)) = (self.pairs.get(self.at), &self.explained) else { return };
        let room = usize::from(body.width).saturating_sub(4 + LABEL);
        self.text.rewrap(side_by_side(pair, explained, room / 2));
        self.text.set_height(body.height.saturating_sub(2));
    }

    /// Carries out a command of moving.
    pub fn command(&mut self, id: &str) {
        self.text.command(id);
    }

    fn place(&self) -> String {
        let rule = self.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
        format!("Pair {} of {}{rule}", count(self.at + 1), count(self.pairs.len()))
    }

    /// Draws the open pair.
    pub fn view(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let title = match &self.explained {
            Some(explained) => {
                let reason = cut(&sentence(&explained.reason), usize::from(area.width).saturating_sub(30));
                format!("{}: {reason}", self.place())
            }
            None => self.place(),
        };
        let inner = draw_box(frame, area, theme, &title, true);
        self.text.view(frame, Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }, theme);
    }
}

/// Returns the rule after this one in the order of their names; before the first and after the last stand all rules.
pub fn next_rule<'a>(rule: Option<&str>, rules: impl Iterator<Item = &'a str>) -> Option<String> {
    rules.filter(|other| rule.is_none_or(|rule| *other > rule)).min().map(str::to_owned)
}

/// Returns the sign, the word and the role for a field that agrees, differs, or cannot be compared.
pub fn sign(agrees: Option<bool>) -> (&'static str, &'static str, Role) {
    match agrees {
        Some(true) => ("=", "agrees", Role::Success),
        Some(false) => ("≠", "differs", Role::Warning),
        None => ("?", "cannot be compared", Role::Muted),
    }
}

/// Sets both records in two columns: sources first, then field by field.
fn side_by_side(pair: &PairView, explained: &Explained, room: usize) -> Vec<StyledLine> {
    let column = room.saturating_sub(2);
    let from = |line: &ListedRecord| format!("{} {}", line.source, line.source_id);
    let mut lines = rows("", "from", Role::Muted, (&from(&pair.a), &from(&pair.b)), Role::Muted, column);
    for field in &explained.fields {
        let (sign, _, role) = sign(field.agrees);
        let shown = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
        let text_role = if field.agrees == Some(false) { Role::Accent } else { Role::Text };
        lines.extend(rows(sign, field.field, role, (&shown(&field.left), &shown(&field.right)), text_role, column));
        if let Some(note) = &field.note {
            lines.push(vec![(" ".repeat(LABEL), Role::Text), (cut(note, column * 2), Role::Muted)]);
        }
    }
    lines
}

fn rows(sign: &str, label: &str, role: Role, (left, right): (&str, &str), text_role: Role, column: usize) -> Vec<StyledLine> {
    let (left, right) = (wrap_text(left, text_role, column), wrap_text(right, text_role, column));
    let plain =
        |line: Option<&StyledLine>| line.map(|line| line.iter().map(|(text, _)| text.as_str()).collect::<String>()).unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|at| {
            let head = if at == 0 { format!("{} {}", fit(sign, 1, false), fit(label, LABEL - 2, false)) } else { " ".repeat(LABEL) };
            vec![
                (head, role),
                (fit(&plain(left.get(at)), column, false), text_role),
                ("│ ".to_owned(), Role::Border),
                (plain(right.get(at)), text_role),
            ]
        })
        .collect()
}
