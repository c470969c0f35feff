//! Moving studies to a new version of the form: what it means is shown first, then one choice does it.

use super::Extraction;
use crate::app::Request;
use crate::app::migrate::{FormMove, MovedCell, StudyMove};
use crate::domain::ids::StudyId;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Choice, Overlay, Page, Picker};
use crate::tui::screen::parts::tell;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, counted, wrap};

/// What the command is told to move only the selected study.
const THIS: &str = "this";
/// What it is told to move all.
const ALL: &str = "all";
/// What it is told to show every cell that the move concerns.
const DETAILS: &str = "details";

impl Extraction {
    /// Asks what is to be moved, or moves it.
    pub(super) fn migrate(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(which) = call.args.first() else { return vec![Effect::Load(Query::FormMove)] };
        let Some(found) = &self.moving else { return vec![Effect::Load(Query::FormMove)] };
        let all = || found.studies.iter().map(|study| study.study.clone()).collect::<Vec<StudyId>>();
        match which.as_str() {
            DETAILS => vec![details(found)],
            ALL => self.run_move(all()),
            _ => match self.study().map(|study| study.study.clone()) {
                Some(study) => self.run_move(vec![study]),
                None => Vec::new(),
            },
        }
    }

    fn run_move(&mut self, studies: Vec<StudyId>) -> Vec<Effect<AppPort>> {
        let version = self.moving.as_ref().map_or(0, |found| found.version);
        self.said = Some(format!("{} on version {version} of the form now.", counted(studies.len(), "study")));
        vec![Effect::Run(Request::MigrateStudies(studies))]
    }

    /// Offers the move once what it means is known.
    pub(super) fn offer_move(&mut self, found: Box<FormMove>) -> Vec<Effect<AppPort>> {
        if found.studies.is_empty() {
            return vec![tell(format!("Every study is on version {} of the form.", found.version))];
        }
        let choice = |value: &str, label: String, detail: String| Choice { value: value.to_owned(), label, detail };
        let mut choices = Vec::new();
        let selected = self.study().and_then(|line| found.studies.iter().find(|study| study.study == line.study));
        if let Some(study) = selected {
            choices.push(choice(THIS, format!("Move {}: {}", study.label, study.short()), String::new()));
        }
        choices.push(choice(ALL, format!("Move every study that is behind ({})", found.studies.len()), String::new()));
        choices.push(choice(DETAILS, "Show every value that this concerns".to_owned(), String::new()));
        let title = format!("To version {} of the form; undone like any change", found.version);
        self.moving = Some(found);
        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new(title, choices, Call::new("extract.migrate")))))]
    }
}

/// Shows study by study what the move means.
fn details(found: &FormMove) -> Effect<AppPort> {
    let mut lines = Vec::new();
    for study in &found.studies {
        lines.extend(wrap(&[(format!("{}, from version {}", study.label, study.from), Role::Heading)], PAGE_ROOM));
        let of = match study.of {
            "nobody's" => "nothing of it may be seen yet",
            "agreed" => "the agreed values",
            other => other,
        };
        lines.extend(wrap(&[(format!("{} ({of})", study.words()), Role::Text)], PAGE_ROOM));
        lines.extend(lists(study));
        lines.push(StyledLine::new());
    }
    Effect::Open(Box::new(Overlay::Page(Page::new(format!("What version {} of the form changes", found.version), lines))))
}

fn lists(study: &StudyMove) -> Vec<StyledLine> {
    let parts: [(&str, &[MovedCell], Role); 4] = [
        ("dropped, kept: ", &study.dropped, Role::Muted),
        ("look again: ", &study.stale, Role::Warning),
        ("new title: ", &study.retitled, Role::Muted),
        ("newly asked: ", &study.asked, Role::Pending),
    ];
    let mut lines = Vec::new();
    for (words, cells, role) in parts {
        for cell in cells {
            let raw = cell.raw.as_ref().map(|raw| format!(" “{raw}”")).unwrap_or_default();
            let why = if cell.why.is_empty() { String::new() } else { format!(": {}", cell.why) };
            lines.extend(wrap(&[(format!("  {words}"), role), (format!("{}{raw}{why}", cell.label), Role::Text)], PAGE_ROOM));
        }
    }
    lines
}
