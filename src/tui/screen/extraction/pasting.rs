//! A whole table from the clipboard: what goes where is shown first, then one change fills the cells.

use super::Extraction;
use crate::app::paste::{PasteAt, PastePlan, PasteSource, PastedCell};
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::screen::parts::{ask, capital, tell};
use crate::tui::widget::text::counted;

use super::draft::report_name;

/// A table on its way into the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pasting {
    text: String,
    is_turned: bool,
    plan: Option<Box<PastePlan>>,
}

/// What the command is told to fill the cells.
const FILL: &str = "fill";
/// What it is told to exchange rows and columns.
const TURN: &str = "turn";

impl Extraction {
    /// Takes a pasted text: into the field that is being edited, else as a table.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect<AppPort>> {
        if self.fields.is_editing() {
            self.fields.paste(text);
            return Vec::new();
        }
        if self.shows_tables() && self.grid.is_editing() {
            self.grid.paste(text);
            return Vec::new();
        }
        if self.mode != super::Mode::Form {
            return vec![tell("Open a study first; a table is pasted into its form.")];
        }
        self.pasting = Some(Pasting { text: text.to_owned(), is_turned: false, plan: None });
        self.find_places()
    }

    fn find_places(&self) -> Vec<Effect<AppPort>> {
        let (Some(pasting), Some(study)) = (&self.pasting, self.study()) else { return Vec::new() };
        let at = match self.cell() {
            Some(_) if self.shows_tables() => PasteAt::Places(self.grid.places()),
            Some(cell) => PasteAt::Cell(cell.path.clone()),
            None => PasteAt::Anywhere,
        };
        let study = study.study.clone();
        vec![Effect::Load(Query::Paste { study, text: pasting.text.clone(), at, is_turned: pasting.is_turned })]
    }

    /// Shows where the texts of the table go, and offers to fill the cells.
    pub(super) fn offer_paste(&mut self, plan: Box<PastePlan>) -> Vec<Effect<AppPort>> {
        let choice = |value: &str, label: String| Choice { value: value.to_owned(), label, detail: String::new() };
        let (cells, left) = (plan.cells.len(), plan.left.len());
        let mut choices = Vec::new();
        if cells > 0 {
            let stays = if left == 1 { "stays" } else { "stay" };
            let beside = if left > 0 { format!("; {left} {stays} out") } else { String::new() };
            choices.push(choice(FILL, format!("Fill {} as one change{beside}", counted(cells, "cell"))));
        }
        choices.push(choice(TURN, "Exchange rows and columns".to_owned()));
        choices.extend(plan.cells.iter().map(|cell| choice("", line(cell))));
        choices.extend(plan.left.iter().map(|text| choice("", format!("! out: {text}"))));
        let title = match cells {
            0 => "Nothing of the table fits".to_owned(),
            _ => format!("Where the table goes in {}", plan.label),
        };
        if let Some(pasting) = &mut self.pasting {
            pasting.plan = Some(plan);
        }
        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new(title, choices, Call::new("extract.paste")))))]
    }

    /// Carries on with a pasted table: turns it, or asks where it was found and fills the cells.
    pub(super) fn paste_table(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(pasting) = &mut self.pasting else {
            return vec![tell("Copy a table, then paste it here as your terminal pastes (Ctrl+Shift+V, or Cmd+V).")];
        };
        match (call.args.first().map(String::as_str), &pasting.plan, &call.args[..]) {
            (Some(TURN), ..) => {
                pasting.is_turned = !pasting.is_turned;
                self.find_places()
            }
            (Some(FILL), Some(_), [_]) => self.ask_where(call),
            (Some(FILL), Some(plan), [_, report, page, quote]) => {
                let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                let source = PasteSource { report: report.parse().ok(), page: given(page), quote: given(quote) };
                let request = plan.request(&source);
                self.said = Some(format!("{} filled from the table.", counted(plan.cells.len(), "cell")));
                self.last_source = Some(super::Source { study: plan.study.clone(), report: given(report), page: source.page });
                self.pasting = None;
                vec![Effect::Run(request)]
            }
            (Some(""), Some(plan), _) => {
                let plan = plan.clone();
                self.offer_paste(plan)
            }
            _ => self.find_places(),
        }
    }

    fn ask_where(&self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(study) = self.study() else { return Vec::new() };
        let nearest = self.nearest_source();
        let first = nearest.as_ref().and_then(|source| source.report.clone());
        let mut reports: Vec<(String, String)> =
            study.reports.iter().map(|report| (report.record.to_string(), report_name(study, report.record.as_str()))).collect();
        reports.sort_by_key(|(id, _)| Some(id) != first.as_ref());
        let page = nearest.and_then(|source| source.page).unwrap_or_default();
        let questions = vec![
            Question::choice("Report", reports),
            Question::line("Page and table", &page),
            Question::area("Words of the report (may stay empty)", ""),
        ];
        vec![ask("Where the whole table was found", questions, call)]
    }
}

/// "Ketamine: mean = 27.9 (Pain, 3 months), was 29.7".
fn line(cell: &PastedCell) -> String {
    let was = cell.replaces.as_ref().map(|old| format!(", was {old}")).unwrap_or_default();
    format!("{} = {} ({}){was}", cell.label, cell.raw, capital(&cell.group))
}
