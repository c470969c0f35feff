//! How drafts, comparisons and the origin of values are printed.

use serde_json::json;

use crate::app::Workspace;
use crate::app::query::{ComparedCell, DraftView};
use crate::cli::context::study;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::{clean_lines, count};
use crate::domain::diagnostic::Severity;
use crate::domain::text::clean_line;

/// Lists the studies with their drafts. Of somebody else's draft only whether it is handed in is told.
pub fn studies(workspace: &Workspace, out: &mut Output) -> Done {
    let studies = workspace.studies()?;
    if out.is_json() {
        return out.json(&json!({ "studies": studies }));
    }
    let mut table = Table::new(&["study", "status", ">handed in", ">your cells", "your draft", ">open cells"]);
    for line in &studies {
        let mine = match (line.is_mine_submitted, line.my_cells) {
            (true, _) => "handed in",
            (false, 0) => "empty",
            _ => "open",
        };
        let handed_in = format!("{} of {}", line.submitted, line.required);
        table.row([line.label.as_str(), line.status, &handed_in, &line.my_cells.to_string(), mine, &line.open_cells.to_string()]);
    }
    out.table(&table)?;
    if studies.is_empty() {
        out.talk("there are no studies yet");
        out.next("tamis study link REPORT \"Author year\"");
    }
    Ok(())
}

/// Prints the acting reviewer's own draft.
pub fn draft(workspace: &Workspace, name: &str, only_open: bool, out: &mut Output) -> Done {
    let view: DraftView = workspace.my_draft(&study(name))?;
    if out.is_json() {
        return out.json(&view);
    }
    let state = if view.is_submitted { "handed in" } else { "open" };
    out.line(clean_line(&format!("{}: draft of {}, {state}", view.label, view.reviewer)))?;
    if view.is_behind {
        let hint = format!("tamis extract migrate \"{}\"", view.label);
        out.line(clean_line(&format!("on version {} of the form; version {} is in use ({hint})", view.version, view.in_use)))?;
    }
    let mut group = String::new();
    let mut table = Table::new(&["", "", "", "~"]);
    for cell in &view.cells {
        let has_remark = cell.remarks.iter().any(|(severity, _)| *severity != Severity::Note);
        if only_open && cell.raw.is_some() && !has_remark {
            continue;
        }
        if cell.group != group {
            out.table(&table)?;
            out.heading(&cell.group)?;
            table = Table::new(&["", "", "", "~"]);
            group.clone_from(&cell.group);
        }
        let mut about: Vec<String> = cell.page.iter().cloned().collect();
        about.extend(cell.quote.iter().map(|quote| format!("\u{201c}{quote}\u{201d}")));
        about.extend(cell.derived.iter().map(|(value, how)| format!("= {}: {how}", (value * 1e6).round() / 1e6)));
        about.extend(cell.remarks.iter().map(|(severity, remark)| format!("{severity}: {remark}")));
        let value = cell.raw.clone().unwrap_or_else(|| if cell.is_required { "(needed)".to_owned() } else { "-".to_owned() });
        table.row([cell.path.as_str(), &cell.label, &value, &about.join("; ")]);
    }
    out.table(&table)?;
    if !view.kept.is_empty() {
        out.heading("kept from another version of the form, which asked for it")?;
        let mut table = Table::new(&["", "~"]);
        for (path, raw) in &view.kept {
            table.row([path.as_str(), raw]);
        }
        out.table(&table)?;
    }
    if !view.is_submitted {
        out.next(&format!("tamis extract set \"{}\" PATH VALUE, then tamis extract submit \"{}\"", view.label, view.label));
    }
    Ok(())
}

/// Prints two drafts side by side.
pub fn comparison(workspace: &Workspace, name: &str, all: bool, out: &mut Output) -> Done {
    let view = workspace.comparison(&study(name))?;
    if out.is_json() {
        return out.json(&view);
    }
    let shown: Vec<&ComparedCell> = view.cells.iter().filter(|cell| all || cell.verdict != "equal").collect();
    let open = view.cells.iter().filter(|cell| cell.how.is_none()).count();
    out.line(clean_line(&format!(
        "{}: {} with a value, {} differ, {open} open",
        view.label,
        count(view.cells.len(), "cell", "cells"),
        view.cells.iter().filter(|cell| !cell.verdict.starts_with("equal") || cell.verdict == "equal-after-rounding").count()
    )))?;
    let mut table = Table::new(&["cell", &format!("a: {}", view.a), &format!("b: {}", view.b), "verdict", "agreed", "~settled"]);
    for cell in shown {
        let value = |raw: &Option<String>| raw.clone().unwrap_or_else(|| "-".to_owned());
        let agreed = cell.agreed.clone().unwrap_or_else(|| "open".to_owned());
        table.row([
            cell.path.as_str(),
            &value(&cell.a),
            &value(&cell.b),
            &cell.verdict.replace('-', " "),
            &agreed,
            cell.settled.as_deref().unwrap_or_default(),
        ]);
    }
    if !table.is_empty() {
        out.line(String::new())?;
    }
    out.table(&table)?;
    if open > 0 {
        out.next(&format!("tamis extract agree \"{}\" PATH a|b|VALUE --why \"...\"", view.label));
    }
    Ok(())
}

/// Prints the warnings on extracted numbers.
pub fn warnings(workspace: &Workspace, name: Option<&str>, all: bool, out: &mut Output) -> Done {
    let wanted = name.map(|name| workspace.my_study(name)).transpose()?;
    let found = workspace.warnings()?.into_iter();
    let found: Vec<_> = found.filter(|warning| wanted.as_ref().is_none_or(|study| *study == warning.study)).collect();
    let shown: Vec<_> = found.iter().filter(|warning| all || warning.dismissed.is_none()).collect();
    if out.is_json() {
        return out.json(&json!({ "warnings": shown }));
    }
    let mut table = Table::new(&["study", "rule", "", "cell", "~what"]);
    for warning in &shown {
        let state = if warning.dismissed.is_some() { "let stand".to_owned() } else { warning.severity.to_string() };
        let mut what = format!("{}: {}", warning.title, warning.message);
        if let Some(mend) = &warning.mend {
            what.push_str(&format!("; {mend}?"));
        }
        if let Some(dismissed) = &warning.dismissed {
            what.push_str(&format!("; let stand by {dismissed}"));
        }
        table.row([warning.label.as_str(), &warning.rule, &state, &warning.path, &what]);
    }
    out.table(&table)?;
    let hidden = found.len() - shown.len();
    if hidden > 0 {
        out.talk(&format!("{} not shown, because somebody let them stand (--all)", count(hidden, "warning", "warnings")));
    }
    if shown.is_empty() {
        out.talk("no warnings are open");
    } else if shown.iter().any(|warning| warning.mend.is_some()) {
        out.next("tamis extract mend STUDY RULE CELL, or tamis extract dismiss STUDY RULE CELL --why \"...\"");
    } else {
        out.next("tamis extract dismiss STUDY RULE CELL --why \"...\", or settle the cell anew with tamis extract agree");
    }
    Ok(())
}

/// Prints where an agreed value comes from.
pub fn trace(workspace: &Workspace, name: &str, path: &str, out: &mut Output) -> Done {
    let view = workspace.trace(&study(name), path)?;
    if out.is_json() {
        return out.json(&view);
    }
    let agreed = view.cell.agreed.as_deref().unwrap_or("open");
    out.line(clean_line(&format!("{}, {}: {agreed}", view.study, view.cell.path)))?;
    for source in &view.sources {
        out.line(format!("  {}", clean_line(source)))?;
    }
    let how = match view.cell.how.as_deref() {
        Some("auto") => "both drafts agree".to_owned(),
        Some(_) => format!("settled by {}", view.cell.settled.as_deref().unwrap_or("a person")),
        None => "the drafts differ, and nobody has settled it".to_owned(),
    };
    out.line(format!("  {}", clean_lines(&how)))
}
