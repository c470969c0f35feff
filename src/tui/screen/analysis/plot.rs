//! The figures of an analysis in terminal cells, with the selected study marked.

use crate::app::AnalysisResult;
use crate::app::draw::{forest_model, funnel_model};
use crate::figure::forest::RowKind;
use crate::figure::text::{forest_text, funnel_text};
use crate::tui::screen::flow::styled;
use crate::tui::theme::Role;
use crate::tui::widget::text::StyledLine;

/// How many letters of a study's label are looked for in the drawn lines; columns of labels are never narrower.
const LETTERS: usize = 14;

/// From how many studies on asymmetry can be looked at (Sterne and others 2011, BMJ 343:d4002).
const ENOUGH: usize = 10;

/// Returns the studies in the order in which the forest plot shows them.
pub(super) fn labels(result: &AnalysisResult) -> Vec<String> {
    let Some(model) = forest_model(result) else { return result.rows.iter().map(|row| row.study.clone()).collect() };
    model.rows.iter().filter(|row| row.kind == RowKind::Study).map(|row| row.cell(0).to_owned()).collect()
}

/// Draws the forest plot; the line of the selected study carries a sign as well as a colour.
pub(super) fn forest_lines(result: &AnalysisResult, selected: Option<&str>, room: u16) -> Vec<StyledLine> {
    let Some(model) = forest_model(result) else { return Vec::new() };
    let drawn = forest_text(&model, room.saturating_sub(3));
    let marked = selected.and_then(|label| line_of(&drawn.iter().map(|line| line.plain()).collect::<Vec<_>>(), &labels(result), label));
    let styled = styled(&drawn).into_iter().enumerate().map(|(at, line)| {
        let is_marked = Some(at) == marked;
        let mut whole = vec![(if is_marked { "▸ " } else { "  " }.to_owned(), Role::Accent)];
        whole.extend(line.into_iter().map(|(text, role)| (text, if is_marked { Role::Selection } else { role })));
        whole
    });
    styled.collect()
}

/// Tells whether a drawn line is that of the selected study.
pub(super) fn is_marked(line: &StyledLine) -> bool {
    line.first().is_some_and(|(text, _)| text.starts_with('▸'))
}

/// Finds the line of a study: the lines of the studies follow each other in their order.
fn line_of(lines: &[String], order: &[String], wanted: &str) -> Option<usize> {
    let mut from = 0;
    for label in order {
        let begin: String = label.chars().take(LETTERS).collect();
        let at = from + lines.get(from..)?.iter().position(|line| line.trim_start().starts_with(&begin))?;
        if label == wanted {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Draws the funnel plot.
pub(super) fn funnel_lines(result: &AnalysisResult, room: u16) -> Vec<StyledLine> {
    let Ok(pooled) = &result.pooled else { return Vec::new() };
    let model = funnel_model(&format!("{} {}", result.spec.id, result.spec.title), pooled);
    let mut lines = Vec::new();
    if pooled.k < ENOUGH {
        lines.push(vec![("! Fewer than ten studies: do not judge asymmetry, by eye or by test.".to_owned(), Role::Warning)]);
    }
    lines.extend(styled(&funnel_text(&model, room.saturating_sub(2).min(110))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_study_is_found_in_order() {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let lines = own(&["1.1 Pain", "Study", "  Noppers 2011   1.0", "  Sigtermans 2009   2.0", "Total"]);
        let order = own(&["Noppers 2011", "Sigtermans 2009"]);
        assert_eq!(line_of(&lines, &order, "Sigtermans 2009"), Some(3));
        assert_eq!(line_of(&lines, &order, "Lumanauw 2019"), None);
        assert_eq!(line_of(&[], &order, "Noppers 2011"), None);
    }
}
