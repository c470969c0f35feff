//! The PRISMA flow as a short list of boxes: small enough for half a screen, each box with its number.

use crate::domain::flow::{Flow, FlowBox, ReportCounts};
use crate::tui::theme::Role;
use crate::tui::widget::text::{Piece, StyledLine, count, fit, width};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxLine {
    /// The words of the statement.
    pub label: String,
    /// The number; `None` for a heading.
    pub count: Option<usize>,
    /// The box that can be opened, if the line is one.
    pub flow_box: Option<FlowBox>,
    /// Whether what is counted leaves the flow here.
    pub leaves: bool,
}

impl BoxLine {
    fn heading(label: &str) -> Self {
        Self { label: label.to_owned(), count: None, flow_box: None, leaves: false }
    }

    fn stays(label: &str, count: usize, flow_box: FlowBox) -> Self {
        Self { label: label.to_owned(), count: Some(count), flow_box: Some(flow_box), leaves: false }
    }

    fn leaves(label: &str, count: usize, flow_box: FlowBox) -> Self {
        Self { leaves: true, ..Self::stays(label, count, flow_box) }
    }

    /// Sets the line in the given room; where there is much of it, a bar shows the share of `all`.
    pub fn line(&self, room: usize, all: usize) -> StyledLine {
        let Some(number) = self.count else { return vec![(self.label.clone(), Role::Heading)] };
        let (lead, role) = if self.leaves { ("  ├→ ", Role::Muted) } else { ("  ", Role::Text) };
        let number_text = count(number);
        let bar_room = if room >= 58 { room - 48 } else { 0 };
        let label_room = room.saturating_sub(width(lead) + bar_room + 8);
        let mut line: Vec<Piece> = vec![(lead.to_owned(), Role::Border), (fit(&self.label, label_room, false), role)];
        line.push((fit(&number_text, 8, true), if number > 0 { Role::Accent } else { Role::Muted }));
        if bar_room > 2 && all > 0 {
            let cells = (number * (bar_room - 2)).div_ceil(all).min(bar_room - 2);
            line.push((format!("  {}", "▪".repeat(cells)), Role::Progress));
        }
        line
    }
}

/// Returns the words for a box.
pub fn label(flow_box: FlowBox) -> &'static str {
    match flow_box {
        FlowBox::Identified => "Records identified",
        FlowBox::Duplicates => "Duplicate records removed",
        FlowBox::Automation => "Removed by automation tools",
        FlowBox::RemovedOther => "Removed for other reasons",
        FlowBox::Screened => "Records screened",
        FlowBox::Excluded => "Records excluded",
        FlowBox::PendingScreening => "Waiting for screening",
        FlowBox::Sought => "Reports sought",
        FlowBox::NotRetrieved => "Reports not retrieved",
        FlowBox::Assessed => "Reports assessed",
        FlowBox::ReportsExcluded => "Reports excluded",
        FlowBox::Included => "Reports included",
        FlowBox::OtherIdentified => "Other: identified",
        FlowBox::OtherSought => "Other: reports sought",
        FlowBox::OtherNotRetrieved => "Other: not retrieved",
        FlowBox::OtherAssessed => "Other: assessed",
        FlowBox::OtherExcluded => "Other: excluded",
    }
}

/// Lists the boxes of the flow from identification to inclusion. Rare boxes are left out while they are empty, and so are other
/// methods while they found nothing.
pub fn box_lines(flow: &Flow) -> Vec<BoxLine> {
    use FlowBox as B;
    let mut lines = vec![BoxLine::heading("Identification")];
    let stays = |flow_box: B, count: usize| BoxLine::stays(label(flow_box), count, flow_box);
    let leaves = |flow_box: B, count: usize| BoxLine::leaves(label(flow_box), count, flow_box);
    let rare = |flow_box: B, count: usize| (count > 0).then(|| leaves(flow_box, count));
    lines.push(stays(B::Identified, flow.identified()));
    lines.push(leaves(B::Duplicates, flow.duplicates));
    lines.extend(rare(B::Automation, flow.automation));
    lines.extend(rare(B::RemovedOther, flow.removed_other));
    lines.push(BoxLine::heading("Screening"));
    lines.push(stays(B::Screened, flow.screened));
    lines.push(leaves(B::Excluded, flow.excluded));
    lines.extend(rare(B::PendingScreening, flow.pending_screening));
    lines.extend(report_lines(&flow.searched, [B::Sought, B::NotRetrieved, B::Assessed, B::ReportsExcluded]));
    if flow.other_identified() > 0 {
        lines.push(BoxLine::heading("Other methods"));
        lines.push(stays(B::OtherIdentified, flow.other_identified()));
        lines.extend(report_lines(&flow.other, [B::OtherSought, B::OtherNotRetrieved, B::OtherAssessed, B::OtherExcluded]));
    }
    lines.push(BoxLine::heading("Included"));
    if let Some(previous) = flow.previous {
        let counted = |label: &str, number: usize| BoxLine { label: label.to_owned(), count: Some(number), flow_box: None, leaves: false };
        lines.push(counted("Studies of earlier versions", previous.studies));
        lines.push(counted("Studies in all", flow.total.studies));
    }
    lines.push(BoxLine { label: "Studies".to_owned(), count: Some(flow.studies), flow_box: Some(B::Included), leaves: false });
    lines.push(stays(B::Included, flow.reports + flow.added_reports));
    lines
}

fn report_lines(reports: &ReportCounts, [sought, not_retrieved, assessed, excluded]: [FlowBox; 4]) -> Vec<BoxLine> {
    let waiting = reports.pending_retrieval + reports.pending_decision;
    let mut lines = vec![
        BoxLine::stays(label(sought), reports.sought, sought),
        BoxLine::leaves(label(not_retrieved), reports.not_retrieved, not_retrieved),
    ];
    if waiting > 0 {
        lines.push(BoxLine::leaves("Waiting for document or decision", waiting, sought));
    }
    lines.push(BoxLine::stays(label(assessed), reports.assessed, assessed));
    lines.push(BoxLine::leaves(label(excluded), reports.excluded_total(), excluded));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_methods_appear_once_they_found_something() {
        let mut flow = Flow::default();
        let has_other = |flow: &Flow| box_lines(flow).iter().any(|line| line.label == "Other methods");
        assert!(!has_other(&flow));
        flow.citations = 1;
        assert!(has_other(&flow));
    }

    #[test]
    fn a_line_keeps_to_its_room_with_and_without_a_bar() {
        let flow = Flow { screened: 12, duplicates: 1_234_567, ..Flow::default() };
        for room in [20, 40, 60, 100] {
            for line in box_lines(&flow) {
                let cells: usize = line.line(room, 1_300_000).iter().map(|(text, _)| width(text)).sum();
                assert!(cells <= room.max(width(&line.label)), "{room} {cells} {line:?}");
            }
        }
    }
}
