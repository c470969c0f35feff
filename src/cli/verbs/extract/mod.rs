//! `tamis extract`: dual extraction and consensus.

mod migrate;
mod paste;
mod show;

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::{CellEntry, Error, Request, Workspace};
use crate::cli::context::{Context, in_file, read_text, study};
use crate::cli::report::{Done, Failure};

use super::{load, screen_or_help};

/// Extract data from studies, compare two extractions and agree
#[derive(Debug, clap::Args)]
pub struct ExtractArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<ExtractVerb>,
}

#[derive(Debug, Subcommand)]
enum ExtractVerb {
    /// List the studies with their drafts, or show your own draft of one
    Show {
        /// The study
        study: Option<String>,
        /// Only cells that are empty or have a remark
        #[arg(long)]
        open: bool,
    },
    /// Fill one cell of your draft
    Set(SetArgs),
    /// Fill many cells from a table: columns study, path, value, and perhaps record, page and quote
    Load {
        /// The table (CSV)
        file: PathBuf,
    },
    /// Fill many cells of one study from a table as the report prints it: arms, outcomes and numbers are found by their headings
    Paste(paste::PasteArgs),
    /// Hand in your draft of a study, which locks it
    Submit {
        /// The study
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        study: Option<String>,
        /// Every study with a draft of yours that is not handed in
        #[arg(long)]
        all: bool,
    },
    /// Take your draft back, before both can be compared
    Withdraw {
        /// The study
        study: String,
    },
    /// Compare the two drafts of a study; possible when both are handed in
    Compare {
        /// The study
        study: String,
        /// Also the cells that are equal
        #[arg(long)]
        all: bool,
    },
    /// Settle a cell on which the drafts differ
    Agree(AgreeArgs),
    /// Move studies to the version of the form in use; without a study, say what that means for each
    Migrate {
        /// The studies
        #[arg(conflicts_with = "all")]
        studies: Vec<String>,
        /// Every study that is on an older version
        #[arg(long)]
        all: bool,
        /// Only say what it means
        #[arg(long)]
        dry_run: bool,
    },
    /// Let values of your draft stand although the form changed after they were typed
    Confirm {
        /// The study
        study: String,
        /// The cells
        #[arg(required_unless_present = "all")]
        paths: Vec<String>,
        /// Every cell of the study that must be looked at again
        #[arg(long, conflicts_with = "paths")]
        all: bool,
    },
    /// List the warnings on extracted numbers: what was found, what to check
    Warnings {
        /// Only those of one study
        study: Option<String>,
        /// Also those that somebody let stand
        #[arg(long)]
        all: bool,
    },
    /// Do what a warning proposes in your own draft, such as treating an SD as SE
    Mend(WarningArgs),
    /// Let a warning stand, with the reason
    Dismiss {
        #[command(flatten)]
        warning: WarningArgs,
        /// Why the number may stand
        #[arg(long, value_name = "T", required_unless_present = "open")]
        why: Option<String>,
        /// Open it again
        #[arg(long, conflicts_with = "why")]
        open: bool,
    },
    /// Show where an agreed value comes from: extractors, reports, pages, quotes
    Trace {
        /// The study
        study: String,
        /// The cell
        path: String,
    },
}

#[derive(Debug, clap::Args)]
struct WarningArgs {
    /// The study
    study: String,
    /// The rule that warns: V0 to V17
    rule: String,
    /// The cell that it warns about
    path: String,
}

#[derive(Debug, clap::Args)]
struct SetArgs {
    /// The study
    study: String,
    /// The cell of the form; tamis form show lists them
    path: String,
    /// The value as the report prints it; leave it out with --clear
    #[arg(required_unless_present = "clear", conflicts_with = "clear", allow_hyphen_values = true)]
    value: Option<String>,
    /// Empty the cell
    #[arg(long)]
    clear: bool,
    /// The report that the value stands in
    #[arg(long, value_name = "REPORT")]
    record: Option<String>,
    /// The page or table
    #[arg(long, value_name = "P")]
    page: Option<String>,
    /// The words of the report
    #[arg(long, value_name = "Q")]
    quote: Option<String>,
}

#[derive(Debug, clap::Args)]
struct AgreeArgs {
    /// The study; alone it shows what is open
    #[arg(required_unless_present = "load")]
    study: Option<String>,
    /// The cell
    #[arg(requires = "choice")]
    path: Option<String>,
    /// a, b, or a third value
    #[arg(allow_hyphen_values = true)]
    choice: Option<String>,
    /// Why
    #[arg(long, value_name = "T")]
    why: Option<String>,
    /// Settle many cells from a table: columns study, path, choice, why
    #[arg(long, value_name = "FILE", conflicts_with_all = ["study", "why"])]
    load: Option<PathBuf>,
    #[command(flatten)]
    keep: load::LoadArgs,
}

/// Runs the verb.
pub fn run(args: ExtractArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("extract", "extraction", context) };
    let mut workspace = context.open()?;
    match verb {
        ExtractVerb::Show { study: None, .. } => show::studies(&workspace, &mut context.out),
        ExtractVerb::Show { study: Some(name), open } => show::draft(&workspace, &name, open, &mut context.out),
        ExtractVerb::Set(args) => set(args, &mut workspace, context),
        ExtractVerb::Load { file } => {
            let (name, text) = read_text(&file)?;
            let cells = workspace.cells_from_csv(&text, &name)?;
            let reply = workspace.run(Request::SetCells(cells)).map_err(|error| in_file(&name, error))?;
            context.out.reply(&reply)?;
            context.out.next("tamis extract submit STUDY, or --all");
            Ok(())
        }
        ExtractVerb::Paste(args) => paste::run(args, &mut workspace, context),
        ExtractVerb::Submit { study: Some(name), .. } => {
            context.change(&mut workspace, Request::SubmitDraft(study(&name)))?;
            context.tell_next(&workspace);
            Ok(())
        }
        ExtractVerb::Submit { study: None, .. } => submit_all(&mut workspace, context),
        ExtractVerb::Withdraw { study: name } => context.change(&mut workspace, Request::WithdrawDraft(study(&name))),
        ExtractVerb::Compare { study, all } => show::comparison(&workspace, &study, all, &mut context.out),
        ExtractVerb::Agree(args) => agree(args, &mut workspace, context),
        ExtractVerb::Migrate { studies, all, dry_run } => migrate::run(&studies, all, dry_run, &mut workspace, context),
        ExtractVerb::Confirm { study, paths, all } => migrate::confirm(&study, &paths, all, &mut workspace, context),
        ExtractVerb::Warnings { study, all } => show::warnings(&workspace, study.as_deref(), all, &mut context.out),
        ExtractVerb::Mend(args) => {
            let request = workspace.mend(&study(&args.study), &args.rule, &args.path)?;
            context.change(&mut workspace, request)
        }
        ExtractVerb::Dismiss { warning, why, .. } => {
            let request =
                Request::Dismiss { study: study(&warning.study), rule: warning.rule, path: warning.path, reason: why.unwrap_or_default() };
            context.change(&mut workspace, request)
        }
        ExtractVerb::Trace { study, path } => show::trace(&workspace, &study, &path, &mut context.out),
    }
}

fn set(args: SetArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let report = args.record.as_deref().map(|name| workspace.find_record(name)).transpose()?;
    let entry = CellEntry { study: study(&args.study), path: args.path, raw: args.value, report, page: args.page, quote: args.quote };
    context.change(workspace, Request::SetCells(vec![entry]))
}

fn submit_all(workspace: &mut Workspace, context: &mut Context) -> Done {
    workspace.acting()?;
    let waiting = workspace.studies()?.into_iter().filter(|line| line.my_cells > 0 && !line.is_mine_submitted && line.status != "blocked");
    let requests: Vec<Request> = waiting.map(|line| Request::SubmitDraft(line.study)).collect();
    if requests.is_empty() {
        return Err(Error::user("no draft of yours waits to be handed in").hint("tamis extract show lists the studies").into());
    }
    load::run_each(requests, ("handed in", "draft", "drafts"), workspace, context)
}

fn agree(args: AgreeArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    if let Some(file) = args.load {
        let (name, text) = read_text(&file)?;
        let table = workspace.agreements_from_csv(&text, &name)?;
        return load::table(table, args.keep, workspace, context);
    }
    let name = args.study.unwrap_or_default();
    let (Some(path), Some(choice)) = (args.path, args.choice) else {
        return show::comparison(workspace, &name, false, &mut context.out);
    };
    let Some(why) = args.why else {
        return Err(Failure::usage("settling a cell needs a reason in words", "add --why \"...\""));
    };
    context.change(workspace, Request::Agree { study: study(&name), path, choice, rationale: why })?;
    context.tell_next(workspace);
    Ok(())
}
