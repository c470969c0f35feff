//! Texts to read over the screening screen: criteria, progress, agreement, the raw record.

use crate::app::query::{DeskView, PairAgreement, PersonProgress};
use crate::domain::review::Side;
use crate::tui::app_port::{AppPort, Setup};
use crate::tui::effect::Effect;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page};
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, count, counted, fit, wrap_text};

/// Opens a page.
pub fn page(title: &str, lines: Vec<StyledLine>) -> Effect<AppPort> {
    Effect::Open(Box::new(Overlay::Page(Page::new(title, lines))))
}

/// Shows a record's text as it stood in its file.
pub fn raw(text: &str) -> Effect<AppPort> {
    page("Raw record", wrap_text(text, Role::Text, PAGE_ROOM))
}

/// Shows criteria and exclusion reasons.
pub fn criteria(setup: &Setup) -> Effect<AppPort> {
    page("Criteria", criteria_lines(setup, PAGE_ROOM))
}

/// Sets criteria and exclusion reasons in the given room.
pub fn criteria_lines(setup: &Setup, room: usize) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    for (side, heading, sign, role) in [(Side::Include, "Include", "+", Role::Include), (Side::Exclude, "Exclude", "-", Role::Exclude)] {
        let of_side: Vec<_> = setup.criteria.iter().filter(|criterion| criterion.side == side).collect();
        if of_side.is_empty() {
            continue;
        }
        lines.push(vec![(heading.to_owned(), Role::Heading)]);
        for criterion in of_side {
            lines.extend(hanging(sign, role, &criterion.text, room));
        }
        lines.push(StyledLine::new());
    }
    if !setup.reasons.is_empty() {
        lines.push(vec![("Reasons, first that applies".to_owned(), Role::Heading)]);
        for (at, reason) in setup.reasons.iter().enumerate() {
            lines.extend(hanging(&(at + 1).to_string(), Role::Muted, &reason.label, room));
        }
    }
    if lines.is_empty() {
        lines = wrap_text("No criteria are written down yet; g e opens the setup.", Role::Muted, room);
    }
    lines
}

fn hanging(sign: &str, role: Role, text: &str, room: usize) -> Vec<StyledLine> {
    let lines = wrap_text(text, Role::Text, room.saturating_sub(3));
    let set = |(at, line): (usize, StyledLine)| {
        let mut whole = vec![(if at == 0 { fit(sign, 3, false) } else { "   ".to_owned() }, role)];
        whole.extend(line);
        whole
    };
    lines.into_iter().enumerate().map(set).collect()
}

/// Shows how far each reviewer has come: numbers only, never on which records.
pub fn progress(progress: &[PersonProgress], me: Option<&str>, desk: Option<&DeskView>) -> Effect<AppPort> {
    let mut lines: Vec<StyledLine> = progress
        .iter()
        .map(|person| {
            let name = if me == Some(person.reviewer.as_str()) { format!("{} (you)", person.reviewer) } else { person.reviewer.clone() };
            vec![
                (fit(&name, 22, false), Role::Text),
                (fit(person.stage.label(), 18, false), Role::Muted),
                (format!("{} of {}", count(person.done), count(person.total)), Role::Accent),
            ]
        })
        .collect();
    if let Some(desk) = desk {
        lines.push(StyledLine::new());
        lines.extend(desk_lines(desk));
    }
    page("Progress", lines)
}

/// Says in which order, batch and pace the acting reviewer works.
fn desk_lines(desk: &DeskView) -> Vec<StyledLine> {
    let mut said = vec![format!("You screen {}; O chooses another order.", desk.order_label())];
    said.push(match desk.batch {
        Some(batch) => format!("{} of the {} of your batch done; B takes the next.", count(batch.done), counted(batch.size, "record")),
        None => "You work on no batch; B takes the next records as one.".to_owned(),
    });
    let rate = |rate: f64| format!("You vote on {rate:.0} records an hour, pauses left out.");
    said.push(match (desk.votes_per_hour, desk.time_left()) {
        (Some(per_hour), Some(left)) => format!(
            "{} The {} left take {left} of screening: in eight of ten cases the truth lies in such a range.",
            rate(per_hour),
            count(desk.remaining)
        ),
        (Some(per_hour), None) if desk.remaining > 0 => {
            format!("{} After some fifty votes there is an estimate of the time left.", rate(per_hour))
        }
        (Some(per_hour), None) => rate(per_hour),
        (None, _) => "After some votes there is a pace here.".to_owned(),
    });
    said.iter().flat_map(|text| wrap_text(text, Role::Text, PAGE_ROOM)).collect()
}

/// Shows how far two reviewers agreed before either could see the other's votes.
pub fn agreement(pairs: &[PairAgreement]) -> Effect<AppPort> {
    let mut lines = Vec::new();
    let number = |value: Option<f64>| value.map_or("not defined".to_owned(), |value| format!("{value:.3}"));
    let span = |interval: Option<(f64, f64)>| interval.map(|(low, high)| format!(", {low:.3} to {high:.3}")).unwrap_or_default();
    let spread = |se: Option<f64>, interval: Option<(f64, f64)>| match (se, interval) {
        (None, _) => String::new(),
        (Some(se), None) => format!(" (SE {se:.3}), interval not estimable"),
        (Some(se), Some(_)) => format!(" (SE {se:.3}){}", span(interval)),
    };
    for pair in pairs {
        lines.push(vec![(format!("{} and {}", pair.a, pair.b), Role::Heading)]);
        let rows = [
            ("Records both voted on", count(pair.n)),
            ("Both include", count(pair.both_in)),
            ("Both exclude", count(pair.both_out)),
            ("They differ", count(pair.a_in_b_out + pair.a_out_b_in)),
            ("Observed agreement", format!("{}{}", number(pair.po), span(pair.po_interval))),
            ("Cohen's kappa", format!("{}{}", number(pair.kappa), spread(pair.kappa_se, pair.kappa_interval))),
            ("PABAK", number(pair.pabak)),
            ("Gwet's AC1", format!("{}{}", number(pair.ac1), spread(pair.ac1_se, pair.ac1_interval))),
            ("Agreement on including", number(pair.positive)),
            ("Agreement on excluding", number(pair.negative)),
        ];
        lines.extend(rows.map(|(name, value)| vec![(fit(name, 26, false), Role::Muted), (value, Role::Text)]));
        lines.push(StyledLine::new());
    }
    if lines.is_empty() {
        lines = wrap_text("No two reviewers have all their votes in on any record yet.", Role::Text, PAGE_ROOM);
    }
    page("Agreement", lines)
}
