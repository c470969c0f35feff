//! `tamis grade`: the certainty of the evidence and the summary of findings.

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::Request;
use crate::app::certainty::{FindingView, Findings, MOST_FINDINGS};
use crate::cli::context::Context;
use crate::cli::files::{ending, write_whole};
use crate::cli::output::{Output, Table};
use crate::cli::report::{Done, Failure};
use crate::domain::certainty::CertaintyItem;
use crate::domain::text::clean_line;
use crate::export::docx::document;

use super::screen_or_help;

/// Rate the certainty of the evidence by GRADE; make the summary of findings
#[derive(Debug, clap::Args)]
pub struct GradeArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<GradeVerb>,
}

#[derive(Debug, Subcommand)]
enum GradeVerb {
    /// List the analyses with absolute effects and certainty
    List,
    /// Show the ratings of an analysis, and what in the numbers speaks for rating
    Show {
        /// The analysis ("1.1")
        analysis: String,
    },
    /// Rate a domain, or lay down the comparator risk or the comment
    Set {
        /// The analysis ("1.1")
        analysis: String,
        /// What: start, risk_of_bias, inconsistency, indirectness, imprecision, publication_bias, large_effect, dose_response,
        /// opposing_confounding, baseline_risk (people of 1000), comment
        item: String,
        /// The rating ("serious"); leave it out with --clear
        #[arg(required_unless_present = "clear", conflicts_with = "clear")]
        rating: Option<String>,
        /// Take the rating away
        #[arg(long)]
        clear: bool,
        /// Why; needed where the rating moves the certainty
        #[arg(long, value_name = "T")]
        why: Option<String>,
    },
    /// Write the summary of findings, as CSV, Markdown or Word
    Table {
        /// Only these analyses; all of the form where none is named
        #[arg(long = "analysis", value_name = "ID")]
        analyses: Vec<String>,
        /// Markdown with footnotes instead of CSV; also where the file ends in .md, and Word where it ends in .docx
        #[arg(long)]
        markdown: bool,
        /// Where to write; standard output where it is left out
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the verb.
pub fn run(args: GradeArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("grade", "findings", context) };
    let mut workspace = context.open()?;
    match verb {
        GradeVerb::List => list(&workspace.findings(&[])?, &mut context.out),
        GradeVerb::Show { analysis } => show(&workspace.findings(&[analysis])?, &mut context.out),
        GradeVerb::Set { analysis, item, rating, why, .. } => {
            let item = item.trim().to_lowercase().replace([' ', '-'], "_").parse::<CertaintyItem>().map_err(|_| {
                let known: Vec<String> = <CertaintyItem as strum::IntoEnumIterator>::iter().map(|item| item.to_string()).collect();
                Failure::App(
                    crate::app::Error::user(format!("\"{}\" is nothing that is rated", clean_line(&item)))
                        .hint(format!("these are: {}", known.join(", "))),
                )
            })?;
            let (rating, explanation) = (rating.unwrap_or_default(), why.unwrap_or_default());
            context.change(&mut workspace, Request::Rate { analysis, item, rating, explanation })
        }
        GradeVerb::Table { analyses, markdown, out } => {
            let found = workspace.findings(&analyses)?;
            if found.rows.len() > MOST_FINDINGS {
                let (rows, most) = (found.rows.len(), MOST_FINDINGS);
                context.out.talk(&format!("{rows} outcomes; a summary of findings has at most {most}: name them with --analysis ID"));
            }
            if context.out.is_json() {
                return context.out.json(&found);
            }
            if let Some(file) = out.as_deref().filter(|file| ending(file) == "docx") {
                let document = document(&found.document());
                let bytes = document.map_err(|error| crate::app::Error::user(format!("the document cannot be written: {error}")))?;
                write_whole(file, &bytes)?;
                context.out.talk(&format!("wrote {}", file.display()));
                return Ok(());
            }
            let is_markdown = markdown || out.as_deref().is_some_and(|file| ending(file) == "md");
            let text = if is_markdown { found.markdown() } else { found.table().csv() };
            match out {
                None => context.out.raw(&text),
                Some(file) => {
                    write_whole(&file, text.as_bytes())?;
                    context.out.talk(&format!("wrote {}", file.display()));
                    Ok(())
                }
            }
        }
    }
}

fn list(found: &Findings, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(found);
    }
    let mut table = Table::new(&["analysis", "~outcome", ">studies", ">people", "effect", "~absolute", "certainty"]);
    for row in &found.rows {
        table.row([
            row.analysis.as_str(),
            &row.what(),
            &row.studies.to_string(),
            &row.participants.to_string(),
            row.effect.as_ref().map_or("-", |effect| effect.text.as_str()),
            row.absolute.as_ref().map_or("-", |absolute| absolute.difference.as_str()),
            &row.certainty_text(),
        ]);
    }
    out.table(&table)?;
    out.next("tamis grade show ID tells what in the numbers speaks for a rating");
    Ok(())
}

fn show(found: &Findings, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(found);
    }
    found.rows.iter().try_for_each(|row| show_one(row, out))
}

fn show_one(row: &FindingView, out: &mut Output) -> Done {
    out.heading(&format!("{} {}", row.analysis, clean_line(&row.title)))?;
    out.line(clean_line(&format!("{}: {} against {}", row.what(), row.experimental, row.control)))?;
    match (&row.effect, &row.problem) {
        (Some(effect), _) => out.line(format!("{}; {} studies, {} people", effect.text, row.studies, row.participants))?,
        (None, problem) => out.line(clean_line(problem.as_deref().unwrap_or("nothing is pooled")))?,
    }
    if let Some(absolute) = &row.absolute {
        if let Some(baseline) = &row.baseline {
            out.line(clean_line(&format!("with the comparator: {} ({})", absolute.without, baseline.source)))?;
            out.line(format!("with the intervention: {}", absolute.with))?;
        }
        out.line(format!("difference: {}", absolute.difference))?;
        if !absolute.number_needed.is_empty() {
            out.line(format!("number needed: {}", absolute.number_needed))?;
        }
        if absolute.is_capped {
            out.line("a risk was cut off at nobody or everybody")?;
        }
    }
    out.line(format!("certainty: {}", row.certainty_text()))?;
    if !row.comment.is_empty() {
        out.line(clean_line(&format!("comment: {}", row.comment)))?;
    }
    out.line("")?;
    let mut table = Table::new(&["domain", "rating", ">levels", "by", "~explanation"]);
    for rated in &row.ratings {
        let levels = if rated.levels == 0 { String::new() } else { format!("{:+}", rated.levels) };
        table.row([rated.label, &rated.rating_label, &levels, rated.by.as_deref().unwrap_or(""), &rated.explanation]);
    }
    out.table(&table)?;
    out.line("")?;
    out.line("What the numbers say (nothing of it rates):")?;
    for seen in &row.suggestions {
        out.line(format!("{} {}: {}", if seen.is_concern { "!" } else { "-" }, seen.item.label(), clean_line(&seen.text)))?;
    }
    Ok(())
}
