//! `tamis fulltext text`: the text of an attached PDF.

use serde_json::json;

use crate::app::{ReportText, Workspace};
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::text::{clean_line, fold};

/// What `text` takes.
#[derive(Debug, clap::Args)]
pub struct TextArgs {
    /// The report
    report: String,
    /// Only this page, from 1
    #[arg(long, value_name = "N")]
    page: Option<usize>,
    /// List the lines that hold these words, with their pages
    #[arg(long, value_name = "WORDS", conflicts_with = "page")]
    find: Option<String>,
}

/// Runs the verb.
pub fn run(args: &TextArgs, workspace: &Workspace, context: &mut Context) -> Done {
    let text = workspace.report_text(workspace.find_record(&args.report)?)?;
    if let Some(words) = &args.find {
        return find(&text, words, context);
    }
    let wanted = |at: usize| args.page.is_none_or(|page| page == at + 1);
    if context.out.is_json() {
        let pages: Vec<_> =
            text.pages.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(at, page)| json!({ "page": at + 1, "text": page })).collect();
        return context
            .out
            .json(&json!({ "report": text.report, "file": text.file, "total": text.total, "pages": pages, "remark": text.remark }));
    }
    for (at, page) in text.pages.iter().enumerate().filter(|(at, _)| wanted(*at)) {
        context.out.heading(&format!("Page {} of {}", at + 1, text.total))?;
        for line in page.lines() {
            context.out.line(line)?;
        }
    }
    if let Some(remark) = &text.remark {
        context.out.talk(remark);
    }
    Ok(())
}

fn find(text: &ReportText, words: &str, context: &mut Context) -> Done {
    let wanted = fold(words);
    let mut found = Vec::new();
    for (at, page) in text.pages.iter().enumerate() {
        let lines = page.lines().filter(|line| !wanted.is_empty() && fold(line).contains(&wanted));
        found.extend(lines.map(|line| (at + 1, line.to_owned())));
    }
    if context.out.is_json() {
        let lines: Vec<_> = found.iter().map(|(page, line)| json!({ "page": page, "line": line })).collect();
        return context.out.json(&json!({ "report": text.report, "file": text.file, "found": lines, "remark": text.remark }));
    }
    let mut table = Table::new(&[">page", "line"]);
    for (page, line) in &found {
        table.row([page.to_string(), line.clone()]);
    }
    context.out.table(&table)?;
    if found.is_empty() {
        context.out.talk(&format!("“{}” is not in the text", clean_line(words)));
    }
    if let Some(remark) = &text.remark {
        context.out.talk(remark);
    }
    Ok(())
}
