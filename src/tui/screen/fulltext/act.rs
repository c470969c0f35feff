//! What can be done with the selected report.

use std::path::PathBuf;

use strum::IntoEnumIterator;

use super::FullText;
use super::filter::Filter;
use crate::app::query::ReportView;
use crate::app::{Request, VoteEntry};
use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::RecordId;
use crate::domain::report::RetrievalState;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::screen::parts::{ask, pick_reason, reason_label, short, tell, verdict_words};

impl FullText {
    /// Carries out a command on the selected report; a command that needs to be told something asks for it first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if call.id == "fulltext.filter" {
            return self.choose_list(call);
        }
        let Some(report) = self.selected() else { return Vec::new() };
        let record = report.line.record;
        let told = call.args.first().cloned();
        let is_vote =
            matches!(call.id, "fulltext.include" | "fulltext.exclude" | "fulltext.exclude_nth" | "fulltext.ongoing" | "fulltext.awaiting");
        if is_vote && is_locked(report) {
            return vec![tell("All votes on this report are in, so it is locked; a conflict is settled on the conflicts screen.")];
        }
        match (call.id, told) {
            ("fulltext.include", _) => self.vote(Verdict::Include, None),
            ("fulltext.ongoing", _) => self.vote(Verdict::Ongoing, None),
            ("fulltext.awaiting", _) => self.vote(Verdict::Awaiting, None),
            ("fulltext.exclude", Some(reason)) => self.vote(Verdict::Exclude, Some(reason)),
            ("fulltext.exclude", None) => vec![pick_reason("Why exclude? The first that applies", &self.reasons, call)],
            ("fulltext.exclude_nth", Some(place)) => {
                let reason = place.parse::<usize>().ok().and_then(|place| self.reasons.get(place.checked_sub(1)?));
                match reason.map(|reason| reason.code.clone()) {
                    Some(code) => self.vote(Verdict::Exclude, Some(code)),
                    None => vec![tell(format!("The list of reasons has no {place}."))],
                }
            }
            ("fulltext.exclude_nth", None) => {
                vec![pick_reason("Why exclude? The first that applies", &self.reasons, Call::new("fulltext.exclude"))]
            }
            ("fulltext.retrieved", _) => self.retrieve(record, RetrievalState::Retrieved, None),
            ("fulltext.not_retrieved", Some(note)) => self.retrieve(record, RetrievalState::NotRetrieved, Some(note)),
            ("fulltext.not_retrieved", None) => {
                vec![ask("Not retrieved", vec![Question::line("Where was it sought? (may stay empty)", "")], call)]
            }
            ("fulltext.requested", Some(note)) => self.retrieve(record, RetrievalState::Requested, Some(note)),
            ("fulltext.requested", None) => vec![ask("Requested", vec![Question::line("From whom? (may stay empty)", "")], call)],
            ("fulltext.attach", Some(path)) => {
                self.said = Some(format!("Attached a file to “{}”.", short(&report.line.title)));
                vec![Effect::Run(Request::Attach { record, path: PathBuf::from(path) })]
            }
            ("fulltext.attach", None) => vec![ask("Attach a PDF", vec![Question::line("Path of the file", "").required()], call)],
            ("fulltext.open", _) => vec![Effect::Load(Query::AttachedFile(record))],
            ("fulltext.note", Some(note)) => {
                self.note = Some((record, note)).filter(|(_, note)| !note.is_empty());
                self.write_card(false);
                vec![Effect::Notice(Notice::info("The note goes with your next vote on this report."))]
            }
            ("fulltext.note", None) => {
                let old = self.note.as_ref().filter(|(of, _)| *of == record).map(|(_, note)| note.clone());
                let old = old.or_else(|| report.mine.as_ref()?.note.clone()).unwrap_or_default();
                vec![ask("Note", vec![Question::area("Note for your vote", &old)], call)]
            }
            ("fulltext.skip", _) => self.step("move.down"),
            ("fulltext.back", _) => self.step("move.up"),
            _ => Vec::new(),
        }
    }

    fn step(&mut self, command: &str) -> Vec<Effect<AppPort>> {
        self.view.table.command(command);
        self.arrive()
    }

    fn choose_list(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if let Some(filter) = call.args.first().and_then(|name| name.parse().ok()) {
            self.filter = filter;
            let record = self.record();
            return self.list(record);
        }
        let choices = Filter::iter().map(|filter| Choice {
            value: <&str>::from(filter).to_owned(),
            label: filter.label().to_owned(),
            detail: self.reports.iter().filter(|report| filter.takes(report)).count().to_string(),
        });
        let picker = Picker::new("Which reports?", choices.collect(), call).starting_at(self.filter.into());
        vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
    }

    /// Votes on the selected report; the next one is selected once the vote is stored.
    fn vote(&mut self, verdict: Verdict, reason: Option<String>) -> Vec<Effect<AppPort>> {
        let Some(report) = self.selected() else { return Vec::new() };
        let record = report.line.record;
        let note = self.note.as_ref().filter(|(of, _)| *of == record).map(|(_, note)| note.clone());
        let note = note.or_else(|| report.mine.as_ref()?.note.clone());
        let because = reason.as_deref().map(|code| format!(", {}", reason_label(&self.reasons, code))).unwrap_or_default();
        let said = format!("You said {}{because}: “{}”.", verdict_words(verdict).1, short(&report.line.title));
        let next = self.neighbour();
        (self.said, self.wanted) = (Some(said), next);
        self.note = self.note.take().filter(|(of, _)| *of != record);
        let entry = VoteEntry { record, verdict, reason, note, milliseconds: None };
        vec![Effect::Run(Request::Vote { stage: Stage::FullText, votes: vec![entry] })]
    }

    fn retrieve(&mut self, record: RecordId, state: RetrievalState, note: Option<String>) -> Vec<Effect<AppPort>> {
        let Some(report) = self.selected() else { return Vec::new() };
        let what = match state {
            RetrievalState::Pending => "is to be sought again",
            RetrievalState::Requested => "was requested",
            RetrievalState::Retrieved => "is at hand",
            RetrievalState::NotRetrieved => "was not retrieved",
        };
        self.said = Some(format!("“{}” {what}.", short(&report.line.title)));
        let note = note.filter(|note| !note.is_empty());
        vec![Effect::Run(Request::Retrieve { record, state, note })]
    }

    /// Returns the report after the selected one, or before it where it is the last.
    fn neighbour(&self) -> Option<RecordId> {
        let at = self.view.table.selected()?;
        let other = self.shown.get(at + 1).or_else(|| self.shown.get(at.checked_sub(1)?))?;
        self.reports.get(*other).map(|report: &ReportView| report.line.record)
    }
}

/// Tells whether as many votes as are needed are in, so that no more can be cast.
fn is_locked(report: &ReportView) -> bool {
    !matches!(report.status, "open" | "voted" | "awaiting_report" | "not_retrieved")
}
