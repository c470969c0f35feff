//! `tamis setup`: title and question, people, criteria, reasons, words, policy.

mod change;
mod show;

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::ReviewFile;
use crate::cli::args::{ROLES, STAGES, words};
use crate::cli::context::{Context, read_text};
use crate::cli::report::Done;
use crate::domain::decision::Stage;
use crate::domain::policy::{MaybeRule, ReasonTie, Resolver};
use crate::domain::review::Role;

/// Show or change question, people, criteria, exclusion reasons, words and policy
#[derive(Debug, clap::Args)]
pub struct SetupArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<SetupVerb>,
}

#[derive(Debug, Subcommand)]
enum SetupVerb {
    /// Show everything (also without a word)
    Show,
    /// Take everything that a set-up file says
    Load {
        /// A TOML file with title, question, reviewers, criteria, highlight, exclusion_reason, policy, source; all may be left out
        file: PathBuf,
        /// Go on although a policy in the file changes the status of records
        #[arg(long)]
        yes: bool,
    },
    /// Change the title
    Title {
        /// The title
        title: String,
    },
    /// Change the question; what is not given stays
    Question(change::QuestionArgs),
    /// Add a person, or change the entry of one
    Reviewer {
        /// The short name that votes and commands use
        id: String,
        /// The full name
        #[arg(long)]
        name: Option<String>,
        /// What the person may do; give it once for each role
        #[arg(long = "role", value_parser = words::<Role>(ROLES))]
        roles: Vec<Role>,
        /// The person takes no further part; votes cast so far stay
        #[arg(long, conflicts_with = "active")]
        inactive: bool,
        /// The person takes part again
        #[arg(long)]
        active: bool,
    },
    /// Show the eligibility criteria, or replace them
    Criteria(change::SidesArgs),
    /// Show the exclusion reasons in order, or replace them
    Reasons {
        /// CODE=LABEL, in the order of importance; all that are not given are gone
        #[arg(value_name = "CODE=LABEL")]
        reasons: Vec<String>,
    },
    /// Show the words to highlight, or replace them
    Words(change::SidesArgs),
    /// Show or change how votes become decisions at a stage
    Policy(PolicyArgs),
}

/// The policy of a stage.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {
    /// The stage
    #[arg(value_parser = words::<Stage>(STAGES))]
    pub stage: Stage,
    /// How many votes a record needs
    #[arg(long, value_name = "N")]
    pub votes: Option<u8>,
    /// What a maybe counts as
    #[arg(long, value_parser = words::<MaybeRule>(&["include", "conflict"]))]
    pub maybe: Option<MaybeRule>,
    /// What exclusions for different reasons give: a conflict, or the reason that stands first
    #[arg(long, value_parser = words::<ReasonTie>(&["conflict", "priority"]))]
    pub tie: Option<ReasonTie>,
    /// Who settles conflicts: those who voted together, a third person, or anybody
    #[arg(long, value_parser = words::<Resolver>(&["consensus", "third", "any"]))]
    pub resolver: Option<Resolver>,
    /// Show in a conflict only who voted, not how
    #[arg(long, conflicts_with = "show_votes")]
    pub hide_votes: bool,
    /// Show in a conflict who voted how
    #[arg(long)]
    pub show_votes: bool,
    /// Go on although records change their status
    #[arg(long)]
    pub yes: bool,
}

/// Runs the verb.
pub fn run(args: SetupArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    match args.verb.unwrap_or(SetupVerb::Show) {
        SetupVerb::Show => show::all(&workspace, &mut context.out),
        SetupVerb::Load { file, yes } => {
            let (name, text) = read_text(&file)?;
            let file = ReviewFile::parse(&text, &name)?;
            change::load(&name, &file, yes, &mut workspace, context)
        }
        SetupVerb::Title { title } => change::title(title, &mut workspace, context),
        SetupVerb::Question(args) => change::question(args, &mut workspace, context),
        SetupVerb::Reviewer { id, name, roles, inactive, active } => {
            let activity = (inactive || active).then_some(active);
            change::reviewer(&id, name, roles, activity, &mut workspace, context)
        }
        SetupVerb::Criteria(args) => change::criteria(args, &mut workspace, context),
        SetupVerb::Reasons { reasons } => change::reasons(&reasons, &mut workspace, context),
        SetupVerb::Words(args) => change::highlight(args, &mut workspace, context),
        SetupVerb::Policy(args) => change::policy(&args, &mut workspace, context),
    }
}
