//! What an update found, as a page over the sources.

use crate::app::query::{ListedRecord, UpdateView};
use crate::domain::text::counted;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, count, fit, wrap_text};

/// The room for a number.
const NUMBER: usize = 8;

/// Sets the versions of the review, and what each source gave in the latest.
pub(super) fn update_lines(update: &UpdateView) -> Vec<StyledLine> {
    let mut lines: Vec<StyledLine> = Vec::new();
    for version in &update.versions {
        let before = match version.studies_before {
            0 => String::new(),
            studies => {
                let [studies, reports] = [(studies, "study"), (version.reports_before, "report")].map(|(n, of)| counted(n as usize, of));
                format!("; earlier versions made elsewhere: {studies} in {reports}")
            }
        };
        let is_latest = version.cycle == update.cycle;
        let sign = if is_latest { "▸" } else { " " };
        let said = format!("{sign} {}: {}{before}", version.label, counted(version.records, "record"));
        lines.extend(wrap_text(&said, if is_latest { Role::Heading } else { Role::Text }, PAGE_ROOM));
    }
    if update.versions.len() == 1 {
        lines.push(StyledLine::new());
        lines.extend(wrap_text(
            "The review has not been updated. N begins an update: what is imported after it is told apart.",
            Role::Muted,
            PAGE_ROOM,
        ));
        return lines;
    }
    lines.push(StyledLine::new());
    let name_room = PAGE_ROOM.saturating_sub(5 * NUMBER + 2);
    let heading = ["earlier", "now", "new", "known", "gone"];
    let mut line = fit("Source", name_room, false);
    heading.iter().for_each(|word| line.push_str(&fit(word, NUMBER, true)));
    lines.push(vec![(line, Role::Heading)]);
    for source in &update.sources {
        let mut line: StyledLine = vec![(fit(&source.source, name_room, false), Role::Text)];
        for number in [source.earlier, source.found, source.new, source.known] {
            line.push((fit(&count(number), NUMBER, true), if number > 0 { Role::Accent } else { Role::Muted }));
        }
        let gone = source.gone.map_or_else(|| "–".to_owned(), count);
        line.push((fit(&gone, NUMBER, true), Role::Text));
        lines.push(line);
    }
    lines.push(StyledLine::new());
    let words = "New: reports that the review did not know. Known: reports that an earlier version holds. Gone: records of earlier searches \
                 that this one did not give again, as is expected where it was limited to later dates; – not searched.";
    lines.extend(wrap_text(words, Role::Muted, PAGE_ROOM));
    lines
}

/// Lists the records of one part of an update.
pub(super) fn record_lines(records: &[ListedRecord]) -> Vec<StyledLine> {
    if records.is_empty() {
        return wrap_text("None.", Role::Muted, PAGE_ROOM);
    }
    let mut lines = Vec::new();
    for record in records {
        let year = record.year.map(|year| year.to_string()).unwrap_or_else(|| "    ".to_owned());
        for (at, mut line) in wrap_text(&record.title, Role::Text, PAGE_ROOM.saturating_sub(6)).into_iter().enumerate() {
            line.insert(0, (if at == 0 { format!("{year}  ") } else { " ".repeat(6) }, Role::Muted));
            lines.push(line);
        }
    }
    lines
}
