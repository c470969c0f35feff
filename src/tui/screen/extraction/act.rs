//! What can be done with the draft of a study and its selected cell.

use std::path::PathBuf;

use super::draft::{errors, kind_words, report_name};
use super::{Extraction, Mode, Source};
use crate::app::templates::{TEMPLATES, Template, template};
use crate::app::{CellEntry, Request};
use crate::domain::value::parse_value;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Choice, Overlay, Page, Picker, Question};
use crate::tui::screen::parts::{ask, capital, tell};
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, wrap, wrap_text};

impl Extraction {
    /// Carries out a command; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let is_of_designer = call.id != "designer.close" && ["designer.", "move."].iter().any(|group| call.id.starts_with(group));
        if self.mode == Mode::Design && is_of_designer {
            return self.designer.command(call);
        }
        let moved = match self.mode {
            Mode::List => self.table.command(call.id),
            Mode::Form if self.shows_tables() => self.step_in_tables(call.id),
            Mode::Form => self.fields.command(call.id),
            Mode::Design => false,
        };
        if moved {
            return if self.mode == Mode::List { self.load_draft() } else { Vec::new() };
        }
        match call.id {
            "form.design" => self.show(Mode::Design),
            "designer.close" => self.show(Mode::List),
            "extract.open" => self.show(Mode::Form),
            "extract.list" => self.show(if self.mode == Mode::List { Mode::Form } else { Mode::List }),
            "extract.next" => self.step("move.down"),
            "extract.previous" => self.step("move.up"),
            "extract.grid" => self.change_arrangement(),
            "grid.format" => self.change_format(),
            "extract.form" => self.guide(),
            "extract.submit" => self.submit(),
            "extract.withdraw" => {
                let Some(study) = self.study() else { return Vec::new() };
                let (id, label) = (study.study.clone(), study.label.clone());
                self.said = Some(format!("Your draft of {label} is yours again."));
                vec![Effect::Run(Request::WithdrawDraft(id))]
            }
            "extract.keep_source" => self.keep_source(call),
            "extract.migrate" => self.migrate(&call),
            "form.template" => match call.args.first() {
                Some(id) => take_template(id),
                None => vec![pick_template(call)],
            },
            "form.use" => match call.args.first() {
                Some(path) => vec![Effect::Load(Query::FormFile(PathBuf::from(path)))],
                None => vec![ask("Use a form", vec![Question::line("Path of the TOML file", "").required()], call)],
            },
            _ => self.act_on_cell(call),
        }
    }

    fn show(&mut self, mode: Mode) -> Vec<Effect<AppPort>> {
        if mode != Mode::List && self.form.is_none() {
            return vec![tell("The review has no extraction form yet.")];
        }
        self.mode = mode;
        self.load_draft()
    }

    fn step(&mut self, command: &str) -> Vec<Effect<AppPort>> {
        self.table.command(command);
        self.load_draft()
    }

    fn act_on_cell(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(cell) = self.cell() else { return Vec::new() };
        if self.shown_draft().is_some_and(|draft| draft.is_submitted) {
            return vec![tell("Your draft is submitted and locked; withdraw it to change it.")];
        }
        let path = cell.path.clone();
        match (call.id, call.args.first().cloned()) {
            ("extract.edit", Some(value)) => {
                let effects = self.enter(&path, Some(value));
                self.step_in_tables("grid.next");
                effects
            }
            ("extract.edit", None) => self.edit(call),
            ("extract.mend", _) => match (cell.mends.first(), self.study()) {
                (Some(rule), Some(study)) => vec![Effect::Load(Query::Mend(study.study.clone(), rule.clone(), path))],
                _ => vec![tell("The selected field has no remark with an obvious mend.")],
            },
            ("extract.paste", _) => self.paste_table(call),
            ("extract.confirm", _) => self.confirm(&path),
            ("extract.not_reported", _) => self.enter(&path, Some("not reported".to_owned())),
            ("extract.unclear", _) => self.enter(&path, Some("unclear".to_owned())),
            ("extract.clear", _) if cell.raw.is_none() => vec![tell("The cell is empty already.")],
            ("extract.clear", _) => self.enter(&path, None),
            ("extract.source" | "extract.same_source", _) if cell.raw.is_none() => {
                vec![tell("Enter the value first; report, page and quote go with it.")]
            }
            ("extract.source", _) => match &call.args[..] {
                [report, page, quote] => self.note_source(report, page, Some(quote)),
                _ => self.ask_source(call),
            },
            ("extract.same_source", _) => match self.nearest_source() {
                Some(source) => self.note_source(&source.report.unwrap_or_default(), &source.page.unwrap_or_default(), None),
                None => vec![tell("No source is noted in this study yet; note one first.")],
            },
            _ => Vec::new(),
        }
    }

    /// Lets a value stand that was typed before the form changed, and goes on to the next one.
    fn confirm(&mut self, path: &str) -> Vec<Effect<AppPort>> {
        let Some(cell) = self.cell().filter(|cell| cell.is_stale) else { return vec![tell("This value needs no second look.")] };
        let (label, raw) = (cell.label.clone(), cell.raw.clone());
        if let Some(Err(error)) = raw.as_ref().map(|raw| parse_value(&cell.spec, raw)) {
            return vec![tell(crate::tui::app_port::sentence(&format!("change it: {error}")))];
        }
        let cells = self.shown_draft().map_or(&[][..], |draft| &draft.cells);
        let at = cells.iter().position(|cell| cell.path == path).unwrap_or(0);
        let next = cells.iter().skip(at + 1).chain(&cells[..at]).find(|cell| cell.is_stale).map(|cell| cell.path.clone());
        let effects = self.enter(path, raw);
        if let Some(next) = next {
            self.fields.select_path(&next);
        }
        self.said = Some(format!("“{label}” stands."));
        effects
    }

    /// Asks for report, page and quote; the report noted last comes first.
    fn ask_source(&self, call: Call) -> Vec<Effect<AppPort>> {
        let (Some(cell), Some(study)) = (self.cell(), self.study()) else { return Vec::new() };
        let first = cell.report.clone().or_else(|| self.nearest_source().and_then(|source| source.report));
        let mut reports: Vec<(String, String)> =
            study.reports.iter().map(|report| (report.record.to_string(), report_name(study, report.record.as_str()))).collect();
        reports.sort_by_key(|(id, _)| Some(id) != first.as_ref());
        let page = cell.page.clone().or_else(|| self.nearest_source().and_then(|source| source.page)).unwrap_or_default();
        let questions = vec![
            Question::choice("Report", reports),
            Question::line("Page, table or figure", &page),
            Question::area("Words of the report (may stay empty)", cell.quote.as_deref().unwrap_or_default()),
        ];
        vec![ask(format!("Source of “{}”", cell.label), questions, call)]
    }

    /// Keeps a source for all values that are typed from now on in this study, or no longer.
    fn keep_source(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if call.args.is_empty() && std::mem::take(&mut self.keeps_source) {
            return vec![Effect::Notice(Notice::info("New values get no source by themselves."))];
        }
        let Some(study) = self.study() else { return Vec::new() };
        if let [report, page] = &call.args[..] {
            let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let source = Source { study: study.study.clone(), report: given(report), page: given(page) };
            (self.last_source, self.keeps_source) = (Some(source), true);
            return vec![Effect::Notice(Notice::info("What you type from now on gets this source, until you press the key again."))];
        }
        let first = self.nearest_source();
        let mut reports: Vec<(String, String)> =
            study.reports.iter().map(|report| (report.record.to_string(), report_name(study, report.record.as_str()))).collect();
        reports.sort_by_key(|(id, _)| Some(id) != first.as_ref().and_then(|source| source.report.as_ref()));
        let page = first.and_then(|source| source.page).unwrap_or_default();
        let questions = vec![Question::choice("Report", reports), Question::line("Page, table or figure", &page)];
        vec![ask("Source of what you type from now on", questions, call)]
    }

    /// Returns the source noted last, or that of the nearest cell above the selected one that has one.
    pub(super) fn nearest_source(&self) -> Option<Source> {
        if let Some(source) = &self.last_source {
            return Some(source.clone());
        }
        let (draft, cell) = (self.shown_draft()?, self.cell()?);
        let at = draft.cells.iter().position(|other| other.path == cell.path)?;
        let above = draft.cells[..at].iter().rev().find(|cell| cell.raw.is_some() && (cell.report.is_some() || cell.page.is_some()))?;
        Some(Source { study: draft.study.clone(), report: above.report.clone(), page: above.page.clone() })
    }

    /// Notes report and page of the selected cell, and its quote where one is given.
    fn note_source(&mut self, report: &str, page: &str, quote: Option<&String>) -> Vec<Effect<AppPort>> {
        let (Some(draft), Some(cell)) = (self.shown_draft(), self.cell()) else { return Vec::new() };
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let source = Source { study: draft.study.clone(), report: given(report), page: given(page) };
        let entry = CellEntry {
            study: draft.study.clone(),
            path: cell.path.clone(),
            raw: cell.raw.clone(),
            report: source.report.as_ref().and_then(|id| id.parse().ok()),
            page: source.page.clone(),
            quote: quote.map_or_else(|| cell.quote.clone(), |quote| given(quote)),
        };
        self.said = Some(format!("Source of “{}” noted.", cell.label));
        self.last_source = Some(source);
        vec![Effect::Run(Request::SetCells(vec![entry]))]
    }

    /// Submits the draft; what stands in the way is listed.
    fn submit(&mut self) -> Vec<Effect<AppPort>> {
        let Some(study) = self.study() else { return Vec::new() };
        let Some(draft) = self.shown_draft() else { return Vec::new() };
        let found = errors(draft);
        if study.is_mine_submitted || found.is_empty() || draft.cells.iter().all(|cell| cell.raw.is_none()) {
            let (id, label) = (study.study.clone(), study.label.clone());
            self.said = Some(format!("Your draft of {label} is submitted and locked."));
            return vec![Effect::Run(Request::SubmitDraft(id))];
        }
        let mut lines = wrap_text(&format!("The draft of {} cannot be submitted yet:", study.label), Role::Text, PAGE_ROOM);
        for (cell, message) in found {
            lines.push(StyledLine::new());
            lines.extend(wrap(&[("! ".to_owned(), Role::Error), (cell, Role::Heading)], PAGE_ROOM));
            lines.extend(wrap_text(&format!("  {}", crate::tui::app_port::sentence(&message)), Role::Text, PAGE_ROOM));
        }
        vec![Effect::Open(Box::new(Overlay::Page(Page::new("What stands in the way", lines))))]
    }

    /// Shows the whole form with its guidance.
    fn guide(&self) -> Vec<Effect<AppPort>> {
        let Some(form) = &self.form else { return Vec::new() };
        let people =
            if form.extractors == 1 { "one person".to_owned() } else { format!("{} people, each blind to the other", form.extractors) };
        let mut lines = wrap_text(&format!("{}, version {}: extracted by {people}.", form.title, form.version), Role::Text, PAGE_ROOM);
        let mut group = String::new();
        for cell in form.cells() {
            if cell.group != group {
                group.clone_from(&cell.group);
                lines.push(StyledLine::new());
                lines.push(vec![(capital(&group), Role::Heading)]);
            }
            let unit = cell.unit.as_ref().map(|unit| format!(" in {unit}")).unwrap_or_default();
            let needed = if cell.required { ", needed" } else { "" };
            let options = if cell.options.is_empty() { String::new() } else { format!(" {}", cell.options.join("; ")) };
            let mut line = vec![(cell.label.clone(), Role::Accent)];
            line.push((format!(": {}{options}{unit}{needed}", kind_words(&cell.kind.to_string())), Role::Text));
            line.extend(cell.guidance.map(|guidance| (format!("  {guidance}"), Role::Muted)));
            lines.extend(wrap(&line, PAGE_ROOM));
        }
        let kept = self.shown_draft().map_or(&[][..], |draft| &draft.kept);
        if !kept.is_empty() {
            lines.push(StyledLine::new());
            lines.push(vec![("Kept from another version of the form".to_owned(), Role::Heading)]);
            lines.extend(
                kept.iter().flat_map(|(path, raw)| wrap(&[(format!("{path}: "), Role::Muted), (raw.clone(), Role::Text)], PAGE_ROOM)),
            );
        }
        vec![Effect::Open(Box::new(Overlay::Page(Page::new("Extraction form", lines))))]
    }
}

fn pick_template(call: Call) -> Effect<AppPort> {
    let choice =
        |known: &Template| Choice { value: known.id.to_owned(), label: format!("{}: {}", known.id, known.about), detail: String::new() };
    Effect::Open(Box::new(Overlay::Picker(Picker::new("A form to begin with", TEMPLATES.iter().map(choice).collect(), call))))
}

fn take_template(id: &str) -> Vec<Effect<AppPort>> {
    match template(id) {
        Ok(found) => vec![Effect::Run(Request::UseForm { file_name: format!("{id}.toml"), text: found.text.to_owned() })],
        Err(error) => vec![tell(crate::tui::app_port::sentence(&error.message))],
    }
}
