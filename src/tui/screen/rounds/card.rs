//! The cards of the rounds screen: one round with its agreement, one record with its votes.

use crate::app::query::{PairAgreement, RoundRecord};
use crate::domain::review::{ExclusionReason, Side};
use crate::domain::round::RoundVotes;
use crate::tui::app_port::RoundLine;
use crate::tui::screen::conflicts::card::side_by_side;
use crate::tui::screen::parts::vote_lines;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, count, counted, fit, wrap, wrap_text};

/// Sets one round, or the votes outside rounds, with the agreement of each pair.
pub(super) fn round_lines(line: &RoundLine, me: Option<&str>, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    if let Some(round) = &line.round {
        let votes = match round.votes {
            RoundVotes::Count => "the votes count for the review",
            RoundVotes::Practice => "the votes are practice; afterwards the records are screened again",
        };
        let what =
            format!("{} drawn with seed {} by {} on {}; {votes}.", count(round.records), round.seed, round.started_by, round.started_at);
        lines.extend(wrap_text(&what, Role::Text, room));
        for person in &round.progress {
            let name = if me == Some(person.reviewer.as_str()) { format!("{} (you)", person.reviewer) } else { person.reviewer.clone() };
            let left = if person.is_active { "" } else { ", takes no further part" };
            lines.push(vec![
                (fit(&name, 22, false), Role::Muted),
                (format!("{} of {}{left}", count(person.done), count(round.records)), Role::Accent),
            ]);
        }
        let version = match (round.criteria_version, round.criteria_version_now) {
            (0, _) => "No criteria were written down when it began.".to_owned(),
            (then, now) if now > then => format!("Criteria: version {then}; version {now} stands now."),
            (then, _) => format!("Criteria: version {then}."),
        };
        lines.extend(wrap_text(&version, Role::Muted, room));
        lines.push(StyledLine::new());
    }
    match &line.report {
        Err(why) => lines.extend(wrap_text(why, Role::Muted, room)),
        Ok(report) if report.pairs.is_empty() => {
            let text = "Agreement is told once all have voted on a record, without having seen each other's votes.";
            lines.extend(wrap_text(text, Role::Muted, room));
        }
        Ok(report) => {
            for pair in &report.pairs {
                lines.extend(pair_lines(&report.categories, pair, room));
                lines.push(StyledLine::new());
            }
        }
    }
    if let Some(round) = line.round.as_ref().filter(|round| !round.criteria.is_empty()) {
        lines.push(vec![("Criteria of this round".to_owned(), Role::Heading)]);
        for criterion in &round.criteria {
            let (sign, role) = if criterion.side == Side::Include { ("+", Role::Include) } else { ("-", Role::Exclude) };
            lines.extend(wrap_text(&format!("{sign} {}", criterion.text), role, room));
        }
    }
    lines
}

/// Sets the table of two people and the measures of their agreement; in little room columns are narrower and measures take a second line.
fn pair_lines(categories: &[String], pair: &PairAgreement, room: usize) -> Vec<StyledLine> {
    const CELL: usize = 14;
    let is_wide = 22 + categories.len() * CELL <= room;
    let (label, cell) = if is_wide { (22, CELL) } else { (12, (room.saturating_sub(12) / categories.len().max(1)).clamp(6, CELL)) };
    let mut lines = vec![vec![(format!("{} and {}: {}", pair.a, pair.b, counted(pair.n, "record")), Role::Heading)]];
    let mut head = vec![(fit("", label, false), Role::Muted)];
    head.extend(categories.iter().map(|word| (fit(&format!("{} {word}", pair.b), cell, true), Role::Muted)));
    lines.push(head);
    for (at, (word, row)) in categories.iter().zip(&pair.table).enumerate() {
        let mut line = vec![(fit(&format!("{} {word}", pair.a), label, false), Role::Muted)];
        line.extend(row.iter().enumerate().map(|(column, number)| {
            let role = if at == column || *number == 0 { Role::Text } else { Role::Conflict };
            (fit(&count(*number), cell, true), role)
        }));
        lines.push(line);
    }
    let number = |value: Option<f64>| value.map_or("NA".to_owned(), |value| format!("{value:.3}"));
    let span = |interval: Option<(f64, f64)>| interval.map(|(low, high)| format!("  {low:.3} to {high:.3}")).unwrap_or_default();
    let spread = |se: Option<f64>, interval: Option<(f64, f64)>| match (se, interval) {
        (None, _) => String::new(),
        (Some(se), None) => format!("  SE {se:.3}  interval not estimable"),
        (Some(se), Some(_)) => format!("  SE {se:.3}{}", span(interval)),
    };
    let mut rows = vec![
        ("Observed agreement", format!("{}{}", number(pair.po), span(pair.po_interval))),
        ("Cohen's kappa", format!("{}{}", number(pair.kappa), spread(pair.kappa_se, pair.kappa_interval))),
        ("PABAK", number(pair.pabak)),
        ("Gwet's AC1", format!("{}{}", number(pair.ac1), spread(pair.ac1_se, pair.ac1_interval))),
    ];
    if categories.len() == 2 {
        rows.push(("On inclusion", number(pair.positive)));
        rows.push(("On exclusion", number(pair.negative)));
    }
    let name_room = if is_wide { 22 } else { 20 };
    let row = |(name, value): (&str, String)| wrap(&[(fit(name, name_room, false), Role::Muted), (value, Role::Text)], room);
    lines.extend(rows.into_iter().flat_map(row));
    lines
}

/// Sets one record of a round: the votes that may be seen, side by side where there is room.
pub(super) fn record_lines(record: &RoundRecord, reasons: &[ExclusionReason], me: Option<&str>, room: usize) -> Vec<StyledLine> {
    let name = |id: &str| if Some(id) == me { format!("You ({id})") } else { id.to_owned() };
    let columns = record.votes.len().max(1);
    let column = room.saturating_sub(3 * (columns - 1)) / columns;
    let each = |width: usize| record.votes.iter().map(move |vote| vote_lines(&name(&vote.reviewer), vote, reasons, width));
    let mut lines: Vec<StyledLine> =
        if column < 26 { each(room).flatten().collect() } else { side_by_side(&each(column).collect::<Vec<_>>(), column) };
    if !record.is_complete {
        lines.extend(wrap_text("The votes of the others are shown when everybody in the round has voted on it.", Role::Muted, room));
    }
    lines.push(StyledLine::new());
    lines.extend(wrap_text(&record.line.title, Role::Heading, room));
    lines
}
