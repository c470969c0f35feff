//! The text of a report's PDF beside the form: opened, searched, left and taken up again where it was.

use ratatui::layout::Rect;

use super::{Extraction, Mode};
use crate::app::ReportText;
use crate::domain::ids::RecordId;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker};
use crate::tui::screen::parts::tell;
use crate::tui::screen::report_reader::Reader;

/// From how many columns on form and text stand side by side.
const SIDE_BY_SIDE: u16 = 100;

/// The open text, and whether the keys go to it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) reader: Reader,
    pub(super) has_keys: bool,
}

impl Extraction {
    /// Tells whether the keys go to the text.
    pub(super) fn is_reading(&self) -> bool {
        self.mode == Mode::Form && self.reading.as_ref().is_some_and(|reading| reading.has_keys)
    }

    /// Returns the open text, where it is seen: beside the form where there is room, else in its place while it has the keys.
    pub(super) fn shown_text(&self, area: Rect) -> Option<&Reader> {
        let reading = self.reading.as_ref().filter(|_| self.mode == Mode::Form)?;
        (reading.has_keys || area.width >= SIDE_BY_SIDE).then_some(&reading.reader)
    }

    /// Returns the place of the text.
    pub(super) fn text_place(area: Rect) -> Rect {
        if area.width < SIDE_BY_SIDE {
            return area;
        }
        let width = (area.width / 2).min(110);
        Rect { x: area.right() - width, width, ..area }
    }

    /// Tells whether a command belongs to the text.
    pub(super) fn reads(&self, call: &Call) -> bool {
        call.id == "extract.read" || (self.is_reading() && Reader::knows(call))
    }

    /// Carries out a command of the text.
    pub(super) fn read(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if call.id == "extract.read" {
            return self.open_or_leave(call);
        }
        let Some(Reading { reader, .. }) = &mut self.reading else { return Vec::new() };
        let answer = reader.command(call);
        if answer.is_none() {
            self.reading = None;
        }
        answer.unwrap_or_default()
    }

    /// Opens the text, gives it the keys, or gives them back to the form.
    fn open_or_leave(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(study) = self.study() else { return Vec::new() };
        let reports: Vec<(RecordId, String)> = study.reports.iter().map(|report| (report.record, report.title.clone())).collect();
        if let Some(reading) = &mut self.reading
            && call.args.is_empty()
            && reports.iter().any(|(record, _)| *record == reading.reader.record)
        {
            reading.has_keys = !reading.has_keys;
            return Vec::new();
        }
        let wanted = match (call.args.first(), reports.as_slice()) {
            (Some(id), _) => reports.iter().find(|(record, _)| record.as_str() == id),
            (None, [only]) => Some(only),
            (None, []) => return vec![tell("The study has no report.")],
            (None, several) => {
                let choices =
                    several.iter().map(|(record, title)| Choice { value: record.to_string(), label: title.clone(), detail: String::new() });
                let picker = Picker::new("Text of which report?", choices.collect(), call);
                return vec![Effect::Open(Box::new(Overlay::Picker(picker)))];
            }
        };
        let Some((record, title)) = wanted else { return Vec::new() };
        self.reading = Some(Reading { reader: Reader::new(*record, title, Self::text_place(self.area)), has_keys: true });
        self.ask_text()
    }

    /// Asks for the text as long as it is waited for.
    pub(super) fn ask_text(&self) -> Vec<Effect<AppPort>> {
        self.reading.as_ref().map(|reading| reading.reader.ask_text()).unwrap_or_default()
    }

    /// Takes the text in, if it still is the one that is waited for.
    pub(super) fn take_text(&mut self, record: RecordId, text: Option<Box<ReportText>>) -> Vec<Effect<AppPort>> {
        let reader = self.reading.as_mut().map(|reading| &mut reading.reader).filter(|reader| reader.record == record);
        if let (Some(reader), Some(text)) = (reader, text) {
            reader.take(text);
        }
        Vec::new()
    }

    /// Closes a text that cannot be read, and one that belongs to another study.
    pub(super) fn close_text(&mut self, is_failed: bool) {
        let reports = self.study().map(|study| study.reports.iter().map(|report| report.record).collect::<Vec<_>>()).unwrap_or_default();
        let stays = |reading: &Reading| reports.contains(&reading.reader.record) && !(is_failed && reading.reader.is_waiting());
        self.reading = self.reading.take().filter(stays);
    }

    /// Takes the place of the screen.
    pub(super) fn resize_text(&mut self, area: Rect) {
        self.area = area;
        if let Some(reading) = &mut self.reading {
            reading.reader.resize(Self::text_place(area));
        }
    }
}
