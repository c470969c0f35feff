//! Tables of results: arm by arm with where each number comes from, and pair by pair for programs that pool.

use crate::app::Workspace;
use crate::cli::report::Done;
use crate::export::table::{Cell, Table};

use super::Names;

fn number(value: Option<f64>) -> Cell {
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => Cell::Integer(value as i64),
        Some(value) => Cell::Number(value),
        None => Cell::Empty,
    }
}

/// Returns one row a study, outcome, time point and arm, and one a contrast.
pub fn long(workspace: &Workspace) -> Done<Table> {
    let mut table = Table::new(&[
        "study_id",
        "study",
        "year",
        "outcome",
        "timepoint",
        "arm",
        "role",
        "level",
        "n",
        "mean",
        "sd",
        "events",
        "total",
        "estimate",
        "se",
        "ci_low",
        "ci_high",
        "scale_min",
        "scale_max",
        "status",
        "conversion",
        "raw",
        "page",
        "quote",
    ]);
    for line in workspace.results()? {
        let [low, high] = line.scale.map_or([None, None], |scale| scale.map(Some));
        let (n, total) = if line.events.is_some() { (None, line.n) } else { (line.n, None) };
        table.push(vec![
            Cell::text(line.study_id),
            Cell::text(line.study),
            line.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year))),
            Cell::text(line.outcome),
            Cell::text(line.timepoint),
            Cell::text(line.arm),
            Cell::text(line.role),
            Cell::text(line.level),
            number(n),
            number(line.mean),
            number(line.sd),
            number(line.events),
            number(total),
            number(line.estimate),
            number(line.se),
            number(line.ci_low),
            number(line.ci_high),
            number(low),
            number(high),
            Cell::text(line.status),
            Cell::text(line.conversion),
            Cell::text(line.raw),
            Cell::text(line.page),
            Cell::text(line.quote),
        ]);
    }
    Ok(table)
}

/// Returns one row a study, outcome, time point and pair of arms, with the names of columns that metafor or meta read, and the answers to
/// the fields of the study behind them.
pub fn wide(workspace: &Workspace, names: Names) -> Done<Table> {
    // Sizes stand once: an outcome has means or events, never both.
    let numbers = match names {
        Names::Metafor => ["n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i", "ai", "ci", "measure", "yi", "sei"],
        Names::Meta => ["n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c", "event.e", "event.c", "sm", "TE", "seTE"],
    };
    let moderators = workspace.moderator_names()?;
    let label = if names == Names::Meta { "studlab" } else { "slab" };
    let mut header = vec![label, "year", "outcome", "timepoint", "experimental", "control"];
    header.extend(numbers);
    let known: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    // A field of the form that is called as a column is keeps its own name with a dot in front.
    let moderators: Vec<String> =
        moderators.into_iter().map(|name| if known.contains(&name) { format!(".{name}") } else { name }).collect();
    header.extend(moderators.iter().map(String::as_str));
    let mut table = Table::new(&header);
    for line in workspace.result_pairs()? {
        let [n1, m1, sd1, n2, m2, sd2] = line.means;
        let [ai, events_n1, ci, events_n2] = line.events;
        let mut row = vec![
            Cell::text(line.study),
            line.year.map_or(Cell::Empty, |year| Cell::Integer(i64::from(year))),
            Cell::text(line.outcome),
            Cell::text(line.timepoint),
            Cell::text(line.experimental),
            Cell::text(line.control),
        ];
        row.extend([n1.or(events_n1), m1, sd1, n2.or(events_n2), m2, sd2, ai, ci].map(number));
        row.push(line.measure.map_or(Cell::Empty, Cell::text));
        row.extend([line.yi, line.sei].map(number));
        row.extend(line.moderators.into_iter().map(|answer| answer.map_or(Cell::Empty, Cell::text)));
        table.push(row);
    }
    Ok(table)
}
