//! Notes, tags and stars on the record: the keys that set them, and how they are shown.

use super::Screening;
use super::act::{ask, tell};
use crate::app::query::{MarksView, TagUse, UnitView};
use crate::app::{MarkChange, Request};
use crate::domain::mark::{Marks, Star, is_same_tag};
use crate::domain::text::counted;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, wrap};

/// Tags that are offered while nobody has used one.
const SUGGESTED: [&str; 4] = ["background", "ask the authors", "needs translation", "protocol"];

impl Screening {
    /// Asks for the note, or keeps it.
    pub(super) fn take_note(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return Vec::new() };
        match call.args.first() {
            Some(text) => mark(unit, MarkChange::Note(text.clone())),
            None => ask("Note", vec![Question::area("Yours alone until both have voted", own_note(unit).unwrap_or_default())], call),
        }
    }

    /// Asks for the tags in use, or sets one, or takes it away where it is on the record.
    pub(super) fn take_tag(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return Vec::new() };
        match call.args.first() {
            Some(tag) => mark(unit, MarkChange::Tag(tag.clone(), !own(unit).is_some_and(|marks| marks.has_tag(tag)))),
            None => vec![Effect::Load(Query::Tags)],
        }
    }

    /// Sets a star, or takes it away.
    pub(super) fn take_star(&mut self, star: Star) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return Vec::new() };
        mark(unit, MarkChange::Star(star, !own(unit).is_some_and(|marks| marks.stars.contains(&star))))
    }

    /// Opens the list of tags.
    pub(super) fn pick_tag(&self, tags: &[TagUse]) -> Vec<Effect<AppPort>> {
        let Some(unit) = &self.unit else { return tell("No record is shown.") };
        let is_on = |tag: &str| own(unit).is_some_and(|marks| marks.has_tag(tag));
        let choice = |tag: &str, detail: String| Choice {
            value: tag.to_owned(),
            label: tag.to_owned(),
            detail: if is_on(tag) { "✓ on it; takes it away".to_owned() } else { detail },
        };
        let mut choices: Vec<Choice> = tags.iter().map(|used| choice(&used.tag, counted(used.units, "record"))).collect();
        let unused = SUGGESTED.into_iter().filter(|tag| !tags.iter().any(|used| is_same_tag(&used.tag, tag)));
        choices.extend(unused.take(SUGGESTED.len().saturating_sub(tags.len())).map(|tag| choice(tag, "suggested".to_owned())));
        let picker = Picker::new("Tag (type a new one, or choose)", choices, Call::new("screen.tag")).taking_new();
        vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
    }
}

fn mark(unit: &UnitView, change: MarkChange) -> Vec<Effect<AppPort>> {
    vec![Effect::Run(Request::Mark { record: unit.card.record, changes: vec![change] })]
}

fn own(unit: &UnitView) -> Option<&Marks> {
    unit.marks.iter().find(|view| view.is_mine).map(|view| &view.marks)
}

/// Returns the acting reviewer's note: the one on the record, else the one that came with the vote.
pub(super) fn own_note(unit: &UnitView) -> Option<&str> {
    let of_vote = || unit.mine.as_ref().and_then(|mine| mine.note.as_deref());
    own(unit).and_then(|marks| marks.note.as_deref()).or_else(of_vote).filter(|note| !note.is_empty())
}

/// Returns the acting reviewer's stars and tags in one line; empty where there are none.
pub(super) fn own_signs(unit: &UnitView) -> String {
    own(unit).map(signs).unwrap_or_default()
}

fn signs(marks: &Marks) -> String {
    let mut signs: Vec<String> = marks.stars.iter().map(|star| format!("★ {}", star.short())).collect();
    signs.extend(marks.tags.iter().map(|tag| format!("#{tag}")));
    signs.join("  ")
}

/// Sets the marks of others, as far as they may be seen, with their names.
pub(in crate::tui::screen) fn others_lines(marks: &[MarksView], room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    for person in marks.iter().filter(|person| !person.is_mine) {
        let mut pieces = vec![(format!("{}  ", person.reviewer), Role::Muted), (signs(&person.marks), Role::Accent)];
        if let Some(note) = &person.marks.note {
            let gap = if pieces[1].0.is_empty() { "" } else { "  " };
            pieces.push((format!("{gap}“{}”", note.replace('\n', " / ")), Role::Text));
        }
        lines.extend(wrap(&pieces, room));
    }
    lines
}
