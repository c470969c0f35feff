//! Making studies, and tying reports to them.

use super::{Mode, Row, Studies};
use crate::app::Request;
use crate::domain::ids::RecordId;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::screen::parts::{ask, proposed_label, short, tell};
use crate::tui::widget::text::counted;

impl Studies {
    /// Carries out a command on the selected row; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if call.id == "study.list" {
            self.mode = if self.mode == Mode::Unlinked { Mode::Studies } else { Mode::Unlinked };
            self.view.table.select(0);
            return self.list();
        }
        let Some(row) = self.selected() else { return Vec::new() };
        let Some(record) = row.record() else { return Vec::new() };
        match (call.id, call.args.first().cloned()) {
            ("study.new", None) => {
                let label = self.proposed(record).map(|label| self.free_label(&label)).unwrap_or_default();
                vec![ask("New study", vec![Question::line("Label, as first author and year", &label).required()], call)]
            }
            ("study.new", Some(label)) => {
                if self.studies.iter().any(|study| study.label == label) {
                    return vec![tell(format!("A study “{label}” exists already; link the report to it, or choose another label."))];
                }
                self.link(record, label)
            }
            ("study.accept", _) => self.accept(record),
            ("study.link", None) => self.choose_study(record, call),
            ("study.link", Some(label)) => self.link(record, label),
            ("study.unlink", _) => {
                let Row::Report(study, report) = row else { return Vec::new() };
                let said = format!("No longer of {}: “{}”.", study.label, short(&report.title));
                let study = study.label.clone();
                self.said = Some(said);
                vec![Effect::Run(Request::UnlinkStudy { record, study })]
            }
            _ => Vec::new(),
        }
    }

    /// Links the report as its strongest hint says; a study that does not exist yet is made from both reports.
    fn accept(&mut self, record: RecordId) -> Vec<Effect<AppPort>> {
        let Some(hint) = self.hints_for(record).next().cloned() else { return Vec::new() };
        if let Some(study) = hint.study {
            return self.link(record, study);
        }
        let earlier = [record, hint.other].into_iter().min_by_key(|report| self.card_of(*report).and_then(|unit| unit.card.citation.year));
        let label = self.proposed(earlier.unwrap_or(record)).map(|label| self.free_label(&label)).unwrap_or_default();
        if label.is_empty() {
            return vec![tell("The label of the study is not known yet; make it with a new study.")];
        }
        let mut effects = vec![Effect::Run(Request::LinkStudy { record: hint.other, study: label.clone() })];
        effects.extend(self.link(record, label));
        effects
    }

    fn link(&mut self, record: RecordId, study: String) -> Vec<Effect<AppPort>> {
        let title = self.selected().map(|row| short(row.title())).unwrap_or_default();
        self.said = Some(format!("Linked to {study}: “{title}”."));
        vec![Effect::Run(Request::LinkStudy { record, study })]
    }

    /// Lists the studies, those of the same first author first.
    fn choose_study(&self, record: RecordId, call: Call) -> Vec<Effect<AppPort>> {
        if self.studies.is_empty() {
            return vec![tell("There is no study yet; make a new one from this report.")];
        }
        let family = self.card_of(record).and_then(|unit| unit.card.citation.authors.first()).map(|author| author.family.clone());
        let mut choices: Vec<Choice> = self
            .studies
            .iter()
            .filter(|study| !study.reports.iter().any(|report| report.record == record))
            .map(|study| Choice { value: study.label.clone(), label: study.label.clone(), detail: counted(study.reports.len(), "report") })
            .collect();
        choices.sort_by_key(|choice| !family.as_ref().is_some_and(|family| choice.label.starts_with(family.as_str())));
        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new("Link to which study?", choices, call))))]
    }

    /// Returns the label that is proposed for the study of a report, once its card is loaded.
    pub(super) fn proposed(&self, record: RecordId) -> Option<String> {
        self.card_of(record).map(|unit| proposed_label(&unit.card.citation))
    }

    /// Returns the label, or the label with a letter behind it where studies of that name exist.
    fn free_label(&self, label: &str) -> String {
        let is_free = |label: &str| !self.studies.iter().any(|study| study.label == label);
        let lettered = ('b'..='z').map(|letter| format!("{label}{letter}"));
        std::iter::once(label.to_owned()).chain(lettered).find(|label| is_free(label)).unwrap_or_default()
    }
}
