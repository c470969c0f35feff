//! The sources that were searched, with the files imported from them.

mod update;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use strum::IntoEnumIterator;

use super::{Cx, Screen};
use crate::app::query::{ImportRemarks, SourceView, UpdatePart};
use crate::app::{Detail, ImportOrder, ImportReport, Reply, Request};
use crate::domain::change::ChangeSet;
use crate::domain::diagnostic::{Diagnostic, RemarkCounts, Severity, weightiest};
use crate::domain::ids::SourceId;
use crate::domain::source::{REMARKS_KEPT, SourceKind};
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Ask, Choice, Overlay, Page, Picker, Question};
use crate::tui::screen::home::draw_lines;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::{StyledLine, count, counted, fit, wrap_text};

/// The kind that leaves it to the source: an existing one keeps its kind, a new one becomes a database.
const AS_IT_IS: &str = "as-it-is";

/// The screen of the sources.
#[derive(Debug)]
pub struct Sources {
    sources: Option<Vec<SourceView>>,
    table: Table,
}

impl Default for Sources {
    fn default() -> Self {
        let columns = vec![
            Column::rest("Source"),
            Column::fixed("Kind", 12),
            Column::fixed("Platform", 14),
            Column::number("Records", 9),
            Column::number("Files", 6),
            Column::fixed("Last search", 11),
        ];
        Self { sources: None, table: Table::new(columns) }
    }
}

impl Sources {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn selected(&self) -> Option<&SourceView> {
        self.table.selected().and_then(|at| self.sources.as_ref()?.get(at))
    }

    fn command(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "import.file" => match order(&call.args) {
                Some(order) => vec![Effect::Spawn(format!("Importing {}", order.path.display()), Request::Import(order))],
                None => self.ask_import(call),
            },
            "source.add" => match call.args.as_slice() {
                [name, kind, platform, ..] => {
                    let platform = Some(platform.clone()).filter(|platform| !platform.is_empty());
                    let kind = kind.parse().unwrap_or(SourceKind::Database);
                    vec![Effect::Run(Request::AddSource { name: name.clone(), kind, platform })]
                }
                _ => {
                    let kinds = SourceKind::iter().map(|kind| (kind.to_string(), kind.to_string())).collect();
                    let questions =
                        vec![Question::line("Name", "").required(), Question::choice("Kind", kinds), Question::line("Platform", "")];
                    open_ask("New source", questions, call)
                }
            },
            "update.start" => match call.args.as_slice() {
                [label, studies, reports, ..] => {
                    let number = |text: &String| text.replace([',', ' '], "").parse().unwrap_or(0);
                    let (studies_before, reports_before) = (number(studies), number(reports));
                    vec![Effect::Run(Request::StartUpdate { label: label.clone(), studies_before, reports_before })]
                }
                _ => {
                    let questions = vec![
                        Question::line("What to call it, such as Update 2027", ""),
                        Question::line("Studies of earlier versions that are not in this file, if any", ""),
                        Question::line("Reports of those studies", ""),
                    ];
                    open_ask("Begin an update", questions, call)
                }
            },
            "update.show" => vec![Effect::Load(Query::Update)],
            "update.list" => match call.args.first().and_then(|name| name.parse().ok()) {
                Some(part) => vec![Effect::Load(Query::UpdateRecords(part))],
                None => pick_part(call),
            },
            "import.remarks" => {
                let source = self.selected().map(|source| source.source.id.clone());
                source.map(|source| Effect::Load(Query::SourceRemarks(source))).into_iter().collect()
            }
            id => {
                self.table.command(id);
                Vec::new()
            }
        }
    }

    fn ask_import(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let mut kinds = vec![(AS_IT_IS.to_owned(), "as the source is (a new one: database)".to_owned())];
        kinds.extend(SourceKind::iter().map(|kind| (kind.to_string(), kind.to_string())));
        let source = self.selected().map(|source| source.source.name.clone()).unwrap_or_default();
        let questions = vec![
            Question::line("File of the search export", "").required(),
            Question::line("Source, such as Embase", &source).required(),
            Question::choice("Kind", kinds),
            Question::line("Date of the search, such as 2026-01-31", ""),
            Question::line("Hits that the source reported", ""),
        ];
        open_ask("Import a search", questions, call)
    }

    fn done(&self, reply: Reply) -> Vec<Effect<AppPort>> {
        let Detail::Import(report) = reply.detail else { return Vec::new() };
        let mut lines = report_lines(&report);
        lines.push(StyledLine::new());
        lines.extend(wrap_text("Next: g d finds duplicates, or import the other searches first.", Role::Muted, PAGE_ROOM));
        let page = Page::new(format!("Imported {}", report.file), lines);
        vec![Effect::Open(Box::new(Overlay::Page(page)))]
    }

    fn details(&self, id: &SourceId, imports: &[ImportRemarks]) -> Option<Effect<AppPort>> {
        let source = self.sources.iter().flatten().find(|view| view.source.id == *id)?;
        let mut lines = source_lines(source, PAGE_ROOM);
        for import in imports.iter().filter(|import| import.import.remarks.total() > 0) {
            lines.push(StyledLine::new());
            lines.push(vec![(format!("What was said when {} was imported", import.import.batch.file_name), Role::Heading)]);
            lines.extend(remark_lines(&import.listed));
            let hidden = (import.import.remarks.total() as usize).saturating_sub(import.listed.len());
            if hidden > 0 {
                lines.extend(wrap_text(&format!("{} more remarks were not kept.", count(hidden)), Role::Muted, PAGE_ROOM));
            }
        }
        Some(Effect::Open(Box::new(Overlay::Page(Page::new(source.source.name.clone(), lines)))))
    }

    fn rows(&mut self) {
        let rows = self.sources.iter().flatten().map(|view| {
            let last = view.imports.iter().filter_map(|import| import.batch.run_date.clone()).max().unwrap_or_default();
            vec![
                (view.source.name.clone(), Role::Text),
                (view.source.kind.to_string(), Role::Muted),
                (view.source.platform.clone().unwrap_or_default(), Role::Muted),
                (count(view.records), Role::Accent),
                (view.imports.len().to_string(), Role::Text),
                (last, Role::Muted),
            ]
        });
        let rows = rows.collect();
        self.table.set_rows(rows);
    }

    fn places(&self, area: Rect) -> [Rect; 2] {
        let rows = u16::try_from(self.table.total()).unwrap_or(u16::MAX).saturating_add(3).max(4).min(area.height / 2);
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area)
    }
}

fn pick_part(call: &Call) -> Vec<Effect<AppPort>> {
    let parts = [
        (UpdatePart::New, "reports that the review did not know"),
        (UpdatePart::Known, "reports that an earlier version holds"),
        (UpdatePart::Gone, "records of earlier searches not found again"),
    ];
    let choices =
        parts.map(|(part, detail)| Choice { value: part.to_string(), label: capital(&part.to_string()), detail: detail.to_owned() });
    vec![Effect::Open(Box::new(Overlay::Picker(Picker::new("Which records of the update?", choices.to_vec(), call.clone()))))]
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Reads the answers of the dialog: file, source, kind, date, hits.
fn order(args: &[String]) -> Option<ImportOrder> {
    let (path, source) = (args.first()?, args.get(1)?);
    let given = |at: usize| args.get(at).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(ImportOrder {
        kind: given(2).and_then(|kind| kind.parse().ok()),
        date: given(3),
        hits: given(4).and_then(|hits| hits.replace([',', ' '], "").parse().ok()),
        ..ImportOrder::of(path, source.clone())
    })
}

fn open_ask(title: &str, questions: Vec<Question>, call: &Call) -> Vec<Effect<AppPort>> {
    vec![Effect::Open(Box::new(Overlay::Ask(Ask::new(title, questions, call.clone()))))]
}

/// Says what an import found and did, worst remarks first.
fn report_lines(report: &ImportReport) -> Vec<StyledLine> {
    let said = format!(
        "{} found, {} kept; {}. Format {}, encoding {}.",
        counted(report.found, "record"),
        count(report.kept),
        counted(report.not_understood, "line not understood"),
        report.format,
        report.encoding
    );
    let mut lines = wrap_text(&said, Role::Text, PAGE_ROOM);
    let shown = weightiest(&report.diagnostics, REMARKS_KEPT).into_iter().cloned().collect::<Vec<_>>();
    lines.extend(remark_lines(&shown));
    lines
}

/// Lists remarks, worst first.
fn remark_lines(remarks: &[Diagnostic]) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    let mut remarks: Vec<_> = remarks.iter().collect();
    remarks.sort_by_key(|remark| (std::cmp::Reverse(remark.severity), remark.line));
    for remark in remarks {
        let (sign, role) = match remark.severity {
            Severity::Error => ("!", Role::Error),
            Severity::Warning => ("!", Role::Warning),
            Severity::Note => ("·", Role::Muted),
        };
        let place = if remark.line > 0 { format!("line {}: ", remark.line) } else { String::new() };
        lines.extend(wrap_text(&format!("{sign} {place}{}", remark.message), role, PAGE_ROOM));
    }
    lines
}

/// Lists the files of a source with their searches.
fn source_lines(source: &SourceView, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    if source.imports.is_empty() {
        lines.extend(wrap_text("No file was imported from this source yet; i imports one.", Role::Muted, room));
    }
    for import in &source.imports {
        let said = import.remarks;
        let import = &import.batch;
        lines.push(vec![(import.file_name.clone(), Role::Heading)]);
        let lost = import.found.saturating_sub(import.kept);
        let kept =
            if lost > 0 { format!("{} kept, {} not", count(import.kept as usize), count(lost as usize)) } else { "all kept".to_owned() };
        let hits = import.hits_reported.map(|hits| format!("; the source reported {}", counted(hits as usize, "hit"))).unwrap_or_default();
        let unread = if import.not_understood > 0 {
            format!("; {}", counted(import.not_understood as usize, "line not understood"))
        } else {
            String::new()
        };
        let found = format!("{}, {kept}{hits}{unread}; {} in {}", counted(import.found as usize, "record"), import.format, import.encoding);
        let remarks = (said.total() > 0).then(|| said_line(said));
        let rows =
            [("Found", Some(found)), ("Remarks", remarks), ("Searched on", import.run_date.clone()), ("Strategy", import.strategy.clone())];
        for (name, text) in rows.into_iter().filter_map(|(name, text)| Some((name, text?))) {
            for (at, line) in wrap_text(&text, Role::Text, room.saturating_sub(14)).into_iter().enumerate() {
                let mut whole: StyledLine = vec![(fit(if at == 0 { name } else { "" }, 14, false), Role::Muted)];
                whole.extend(line);
                lines.push(whole);
            }
        }
    }
    lines
}

/// Says how many remarks of each kind there are, "1 error, 2 warnings, 5 notes".
fn said_line(counts: RemarkCounts) -> String {
    let kinds = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")];
    let kinds = kinds.into_iter().filter(|(number, _)| *number > 0);
    kinds
        .map(|(number, kind)| format!("{} {kind}{}", count(number as usize), if number == 1 { "" } else { "s" }))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Screen<AppPort> for Sources {
    fn name(&self) -> &'static str {
        "sources"
    }

    fn title(&self) -> &'static str {
        "Sources"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => return self.command(&call),
            ScreenMsg::Done(reply) => return self.done(reply),
            ScreenMsg::Loaded(Data::Sources(sources)) => {
                self.sources = Some(sources);
                self.rows();
                self.table.set_height(self.places(cx.body)[0].height);
            }
            ScreenMsg::Loaded(Data::SourceRemarks(source, imports)) => return self.details(&source, &imports).into_iter().collect(),
            ScreenMsg::Loaded(Data::Update(view)) => {
                let page = Page::new("The update".to_owned(), update::update_lines(&view));
                return vec![Effect::Open(Box::new(Overlay::Page(page)))];
            }
            ScreenMsg::Loaded(Data::UpdateRecords(part, records)) => {
                let title = format!("{} in the update: {}", capital(&part.to_string()), count(records.len()));
                return vec![Effect::Open(Box::new(Overlay::Page(Page::new(title, update::record_lines(&records)))))];
            }
            ScreenMsg::Resized => self.table.set_height(self.places(cx.body)[0].height),
            _ => {}
        }
        Vec::new()
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        if change.touches(ChangeSet::RECORDS) { vec![Effect::Load(Query::Sources)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if self.sources.as_ref().is_some_and(Vec::is_empty) {
            let next = "Press i to import the export of a search, such as an RIS or NBIB file. Import one file per database or register.";
            return draw_empty(frame, area, cx.theme, "Nothing is imported yet.", next);
        }
        let [list, files] = self.places(area);
        self.table.view(frame, list, cx.theme, true);
        if let Some(source) = self.selected() {
            let inner = draw_box(frame, files, cx.theme, &format!("Files of {}", source.source.name), false);
            let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
            draw_lines(frame, inner, cx.theme, &source_lines(source, usize::from(inner.width)));
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        let [list, _] = self.places(cx.body);
        self.table.under(at, list)
    }

    fn context(&self) -> KeyContext {
        KeyContext::new().with("list").with_if(self.selected().is_some(), "has:source")
    }
}
