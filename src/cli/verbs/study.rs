//! `tamis study`: reports tied to the studies that they are about.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::{Request, Workspace};
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::Done;

use super::{load, screen_or_help};

/// Tie reports to the studies that they are about
#[derive(Debug, clap::Args)]
pub struct StudyArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<StudyVerb>,
}

#[derive(Debug, Subcommand)]
enum StudyVerb {
    /// List the studies with their reports, and included reports without a study
    List,
    /// Show which included reports without a study may belong to which, and why
    Hints,
    /// Tie a report to a study, which is made where it does not exist
    Link {
        /// The report
        report: String,
        /// The study's label, for example "Sigtermans 2009"
        study: String,
    },
    /// Untie a report from a study
    Unlink {
        /// The report
        report: String,
        /// The study
        study: String,
    },
    /// Tie many reports from a table: columns record, study
    Load {
        /// The table (CSV)
        file: PathBuf,
        #[command(flatten)]
        load: load::LoadArgs,
    },
}

/// Runs the verb.
pub fn run(args: StudyArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("study", "studies", context) };
    let mut workspace = context.open()?;
    match verb {
        StudyVerb::List => list(&workspace, context),
        StudyVerb::Hints => hints(&workspace, context),
        StudyVerb::Link { report, study } => {
            let record = workspace.find_record(&report)?;
            context.change(&mut workspace, Request::LinkStudy { record, study })?;
            context.tell_next(&workspace);
            Ok(())
        }
        StudyVerb::Unlink { report, study } => {
            let record = workspace.find_record(&report)?;
            context.change(&mut workspace, Request::UnlinkStudy { record, study })
        }
        StudyVerb::Load { file, load } => {
            let (name, text) = read_text(&file)?;
            let table = workspace.studies_from_csv(&text, &name)?;
            load::table(table, load, &mut workspace, context)
        }
    }
}

fn hints(workspace: &Workspace, context: &mut Context) -> Done {
    let hints = workspace.study_hints()?;
    if context.out.is_json() {
        return context.out.json(&json!({ "hints": hints }));
    }
    let mut table = Table::new(&["report", "~title", "study", "like report", "why"]);
    for hint in &hints {
        let study = hint.study.clone().unwrap_or_else(|| "(none yet)".to_owned());
        table.row([hint.report.to_string(), hint.title.clone(), study, hint.other.to_string(), hint.why.join("; ")]);
    }
    context.out.table(&table)?;
    if hints.is_empty() {
        context.out.talk("nothing speaks for further ties between included reports");
    } else {
        context.out.next("tamis study link REPORT \"Study\", where you agree");
    }
    Ok(())
}

fn list(workspace: &Workspace, context: &mut Context) -> Done {
    let studies = workspace.studies()?;
    let without = workspace.reports_without_study()?;
    if context.out.is_json() {
        return context.out.json(&json!({ "studies": studies, "reports_without_study": without }));
    }
    let mut table = Table::new(&["study", "status", ">drafts", "report", ">year", "~title"]);
    for study in &studies {
        let drafts = format!("{}/{}", study.submitted, study.required);
        for (at, report) in study.reports.iter().enumerate() {
            let shown = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
            let year = report.year.map(|year| year.to_string()).unwrap_or_default();
            table.row([shown(&study.label), shown(study.status), shown(&drafts), report.record.to_string(), year, report.title.clone()]);
        }
        if study.reports.is_empty() {
            table.row([study.label.as_str(), study.status, &drafts, "", "", ""]);
        }
    }
    context.out.table(&table)?;
    if !without.is_empty() {
        context.out.heading("Included reports without a study")?;
        let mut table = Table::new(&["report", ">year", "~title"]);
        for line in &without {
            table.row([line.record.to_string(), line.year.map(|year| year.to_string()).unwrap_or_default(), line.title.clone()]);
        }
        context.out.table(&table)?;
        context.out.next("tamis study link REPORT \"Author year\"");
    } else if studies.is_empty() {
        context.out.talk("there are no studies yet");
    }
    Ok(())
}
