//! Opening, searching and closing the text of a PDF.

use super::FullText;
use crate::app::ReportText;
use crate::domain::ids::RecordId;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::screen::Cx;
use crate::tui::screen::report_reader::Reader;

impl FullText {
    /// Tells whether a command belongs to the text of the PDF.
    pub(super) fn reads(&self, call: &Call) -> bool {
        call.id == "fulltext.read" || (self.reader.is_some() && Reader::knows(call))
    }

    /// Carries out a command of the text.
    pub(super) fn read(&mut self, call: Call, cx: &Cx) -> Vec<Effect<AppPort>> {
        if call.id == "fulltext.read" {
            return self.open_or_close(cx);
        }
        let Some(reader) = &mut self.reader else { return Vec::new() };
        let answer = reader.command(call);
        if answer.is_none() {
            self.reader = None;
        }
        answer.unwrap_or_default()
    }

    fn open_or_close(&mut self, cx: &Cx) -> Vec<Effect<AppPort>> {
        if self.reader.take().is_some() {
            return Vec::new();
        }
        let Some(report) = self.selected() else { return Vec::new() };
        self.reader = Some(Reader::new(report.line.record, &report.line.title, cx.body));
        self.ask_text()
    }

    /// Asks for the text as long as it is waited for.
    pub(super) fn ask_text(&self) -> Vec<Effect<AppPort>> {
        self.reader.as_ref().map(Reader::ask_text).unwrap_or_default()
    }

    /// Takes the text in, if it still is the one that is waited for.
    pub(super) fn take_text(&mut self, record: RecordId, text: Option<Box<ReportText>>) -> Vec<Effect<AppPort>> {
        if let (Some(reader), Some(text)) = (self.reader.as_mut().filter(|reader| reader.record == record), text) {
            reader.take(text);
        }
        Vec::new()
    }

    /// Closes the text where another report is selected now.
    pub(super) fn close_other_text(&mut self) {
        let record = self.record();
        self.reader = self.reader.take().filter(|reader| Some(reader.record) == record);
    }
}
