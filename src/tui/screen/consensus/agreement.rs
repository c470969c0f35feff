//! How far the extractors agreed, field by field, as a page to read.

use crate::app::query::{ExtractionAgreement, FieldAgreement};
use crate::figure::number::fixed;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::overlay::page::PAGE_ROOM;
use crate::tui::overlay::{Overlay, Page};
use crate::tui::screen::parts::capital;
use crate::tui::theme::Role;
use crate::tui::widget::text::{StyledLine, counted, fit, wrap, wrap_text};

/// Makes the page.
pub(super) fn page(report: &ExtractionAgreement) -> Effect<AppPort> {
    let mut lines = Vec::new();
    for (a, b, studies) in &report.pairs {
        lines.extend(wrap(&[(format!("{a} and {b}: {}", counted(*studies, "study")), Role::Heading)], PAGE_ROOM));
    }
    lines.extend(wrap_text("The drafts as handed in, before either saw the other.", Role::Muted, PAGE_ROOM));
    lines.push(StyledLine::new());
    lines.push(vec![(row(["", "cells", "same", "kappa", "ICC"]), Role::Muted)]);
    let mut group = None;
    for field in &report.fields {
        if group != Some(&field.group) {
            lines.push(vec![(capital(&field.group), Role::Heading)]);
            group = Some(&field.group);
        }
        lines.extend(field_lines(field));
    }
    lines.extend(field_lines(&report.whole));
    Effect::Open(Box::new(Overlay::Page(Page::new("Agreement of the extractors", lines))))
}

fn field_lines(field: &FieldAgreement) -> Vec<StyledLine> {
    let maybe = |value: Option<f64>| value.map(|value| fixed(value, 2)).unwrap_or_default();
    let percent = field.share.map(|share| format!("{} %", fixed(100.0 * share, 0))).unwrap_or_default();
    let role = if field.same < field.n { Role::Conflict } else { Role::Text };
    let mut lines = vec![vec![(row([&field.label, &field.n.to_string(), &percent, &maybe(field.kappa), &maybe(field.icc)]), role)]];
    let mut further = Vec::new();
    if field.missing > 0 {
        further.push(format!("{} with one answer only", field.missing));
    }
    if let Some(mean) = field.mean_difference.filter(|_| field.same < field.n) {
        let sd = field.sd_difference.map(|sd| format!(" (SD {})", fixed(sd, 3))).unwrap_or_default();
        further.push(format!("mean difference {}{sd}", fixed(mean, 3)));
    }
    if !further.is_empty() {
        lines.extend(wrap(&[(format!("  {}", further.join(", ")), Role::Muted)], PAGE_ROOM));
    }
    lines
}

fn row(columns: [&str; 5]) -> String {
    let [label, cells, same, kappa, icc] = columns;
    format!("{}{}{}{}{}", fit(label, 40, false), fit(cells, 7, true), fit(same, 8, true), fit(kappa, 8, true), fit(icc, 8, true))
}
