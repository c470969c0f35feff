//! `tamis extract migrate` and `confirm`: studies on a new version of the form.

use serde_json::json;

use crate::app::migrate::{MovedCell, StudyMove};
use crate::app::{CellEntry, Error, Request, Workspace};
use crate::cli::context::{Context, study};
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::count;
use crate::domain::ids::StudyId;
use crate::domain::text::clean_line;

/// Says what the move means, and makes it where studies are named.
pub fn run(names: &[String], all: bool, dry_run: bool, workspace: &mut Workspace, context: &mut Context) -> Done {
    let mut found = workspace.form_move()?;
    let wanted: Vec<StudyId> = names.iter().map(|name| workspace.my_study(name)).collect::<Result<_, _>>()?;
    if !all && !wanted.is_empty() {
        found.studies.retain(|line| wanted.contains(&line.study));
    }
    let is_asked = !dry_run && (all || !wanted.is_empty());
    if is_asked {
        let studies = if all { found.studies.iter().map(|line| line.study.clone()).collect() } else { wanted };
        if studies.is_empty() {
            context.out.talk(&format!("every study is on version {} of the form", found.version));
            return if context.out.is_json() { context.out.json(&found) } else { Ok(()) };
        }
        if !context.out.is_json() {
            print(&found.studies, &mut context.out)?;
        }
        let reply = workspace.run(Request::MigrateStudies(studies))?;
        context.out.reply_with(&reply, &[("studies", json!(found.studies))])?;
        context.tell_next(workspace);
        return Ok(());
    }
    if context.out.is_json() {
        return context.out.json(&found);
    }
    print(&found.studies, &mut context.out)?;
    if found.studies.is_empty() {
        context.out.talk(&format!("every study is on version {} of the form", found.version));
    } else {
        context.out.next("tamis extract migrate STUDY, or --all");
    }
    Ok(())
}

fn print(studies: &[StudyMove], out: &mut Output) -> Done {
    for line in studies {
        out.line(clean_line(&format!("{}, on version {} ({}): {}", line.label, line.from, line.of, line.words())))?;
        let mut table = Table::new(&["", "", "", "~"]);
        for (word, cells) in
            [("dropped", &line.dropped), ("look again", &line.stale), ("new title", &line.retitled), ("asked", &line.asked)]
        {
            for MovedCell { path, raw, why, .. } in cells {
                table.row([word, path, raw.as_deref().unwrap_or("-"), why]);
            }
        }
        out.table(&table)?;
    }
    Ok(())
}

/// Lets values stand that were typed before the form changed.
pub fn confirm(name: &str, paths: &[String], all: bool, workspace: &mut Workspace, context: &mut Context) -> Done {
    let draft = workspace.my_draft(&study(name))?;
    if let Some(path) = paths.iter().find(|path| !draft.cells.iter().any(|cell| cell.path == **path && cell.is_stale)) {
        return Err(Error::not_found(format!("your draft of {} has no value of {path} that must be looked at again", draft.label))
            .hint("tamis extract show STUDY --open lists what is to be done")
            .into());
    }
    let entries: Vec<CellEntry> = draft
        .cells
        .iter()
        .filter(|cell| cell.is_stale && (all || paths.contains(&cell.path)))
        .map(|cell| CellEntry {
            study: draft.study.clone(),
            path: cell.path.clone(),
            raw: cell.raw.clone(),
            report: cell.report.as_deref().and_then(|id| id.parse().ok()),
            page: cell.page.clone(),
            quote: cell.quote.clone(),
        })
        .collect();
    let confirmed = count(entries.len(), "value", "values");
    let reply = workspace.run(Request::SetCells(entries))?;
    context.out.reply(&reply)?;
    if reply.op.is_some() {
        context.out.talk(&format!("{confirmed} of {} confirmed", draft.label));
    }
    Ok(())
}
