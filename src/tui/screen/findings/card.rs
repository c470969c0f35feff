//! The card of a finding: the numbers of its row, the level, the domains with what speaks for a rating.

use crate::app::certainty::{FindingView, RatedView};
use crate::domain::certainty::CertaintyItem;
use crate::tui::screen::parts::capital;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, count, wrap, wrap_text};

/// Writes the card.
pub(super) fn lines(finding: &FindingView, room: usize) -> Vec<StyledLine> {
    let mut lines = wrap_text(&finding.what(), Role::Heading, room);
    lines.extend(wrap_text(&format!("{} against {}", finding.experimental, finding.control), Role::Muted, room));
    let said = |label: &str, text: &str| wrap(&[(format!("{label}  "), Role::Muted), (text.to_owned(), Role::Text)], room);
    match (&finding.effect, &finding.problem) {
        (Some(effect), _) => lines.extend(said("Effect", &effect.text)),
        (None, Some(problem)) => lines.extend(wrap_text(&capital(problem), Role::Warning, room)),
        (None, None) => {}
    }
    if let Some(absolute) = &finding.absolute {
        if let Some(baseline) = &finding.baseline {
            lines.extend(said("With the comparator", &format!("{} ({})", absolute.without, baseline.source)));
            lines.extend(said("With the intervention", &absolute.with));
        }
        lines.extend(said("Difference", &absolute.difference));
        if !absolute.number_needed.is_empty() {
            lines.extend(said("Number needed", &absolute.number_needed));
        }
        if absolute.is_capped {
            lines.extend(wrap_text("A risk was cut off at nobody or everybody.", Role::Warning, room));
        }
    }
    let studies = if finding.studies == 1 { "1 study".to_owned() } else { format!("{} studies", count(finding.studies)) };
    lines.extend(said("People", &format!("{} ({studies})", count(usize::try_from(finding.participants).unwrap_or(usize::MAX)))));
    if !finding.comment.is_empty() {
        lines.extend(said("Comment", &finding.comment));
    }
    lines.push(StyledLine::new());
    lines.extend(wrap(&[("Certainty  ".to_owned(), Role::Muted), (finding.certainty_text(), Role::Accent)], room));
    for rated in finding.ratings.iter().filter(|rated| is_shown(finding, rated)) {
        lines.extend(domain(finding, rated, room));
    }
    lines
}

/// Domains that add levels are shown where they are rated or the evidence starts low.
fn is_shown(finding: &FindingView, rated: &RatedView) -> bool {
    let starts_low = finding.ratings.iter().any(|known| known.item == CertaintyItem::Start && known.rating.as_deref() == Some("low"));
    !CertaintyItem::UP.contains(&rated.item) || rated.rating.is_some() || starts_low
}

fn domain(finding: &FindingView, rated: &RatedView, room: usize) -> Vec<StyledLine> {
    let role = if rated.rating.is_none() { Role::Muted } else { Role::Text };
    let levels = if rated.levels == 0 { String::new() } else { format!(" {:+}", rated.levels) };
    let by = rated.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
    let mut lines = wrap(
        &[(format!("{}  ", capital(rated.label)), Role::Heading), (format!("{}{levels}", rated.rating_label), role), (by, Role::Muted)],
        room,
    );
    if !rated.explanation.is_empty() {
        lines.extend(wrap_text(&format!("  {}", rated.explanation), Role::Text, room));
    }
    for seen in finding.suggestions.iter().filter(|seen| seen.item == rated.item) {
        let (sign, role) = if seen.is_concern { ("!", Role::Warning) } else { ("·", Role::Muted) };
        lines.extend(wrap_text(&format!("  {sign} {}", seen.text), role, room));
    }
    lines
}
