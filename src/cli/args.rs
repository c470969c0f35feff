//! The root of the argument list: global options and verbs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, Parser, Subcommand};

use super::verbs;

/// Systematic reviews in one terminal program and one file, from search exports to forest plot
#[derive(Debug, Parser)]
#[command(name = "tamis", version, disable_help_subcommand = true, allow_external_subcommands = true, max_term_width = 110)]
pub struct Cli {
    /// The options that every verb takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The verb.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// The options that every verb takes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Options of every verb")]
pub struct GlobalArgs {
    /// The review; without it the only *.tamis file of the current folder
    #[arg(short, long, global = true, value_name = "FILE", env = "TAMIS_REVIEW", hide_env_values = true)]
    pub review: Option<PathBuf>,
    /// Who you are in the review, remembered on this device [env: TAMIS_REVIEWER]
    #[arg(long = "as", global = true, value_name = "ID")]
    pub acting: Option<String>,
    /// Print JSON, errors included
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = words::<ColorWhen>(COLORS))]
    pub color: ColorWhen,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum ColorWhen {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What can be done, in the order of a review.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)]
pub enum Verb {
    Demo(verbs::demo::DemoArgs),
    Init(verbs::init::InitArgs),
    Status(verbs::status::StatusArgs),
    Setup(verbs::setup::SetupArgs),
    Words(verbs::words::WordsArgs),
    Source(verbs::source::SourceArgs),
    Import(verbs::import::ImportArgs),
    Update(verbs::update::UpdateArgs),
    Dedup(verbs::dedup::DedupArgs),
    Screen(verbs::screen::ScreenArgs),
    Round(verbs::round::RoundArgs),
    Fulltext(verbs::fulltext::FulltextArgs),
    Conflict(verbs::conflict::ConflictArgs),
    Agreement(verbs::agreement::AgreementArgs),
    Find(verbs::find::FindArgs),
    Show(verbs::find::ShowArgs),
    Study(verbs::study::StudyArgs),
    Form(verbs::form::FormArgs),
    Extract(verbs::extract::ExtractArgs),
    Rob(verbs::rob::RobArgs),
    #[command(visible_alias = "analyze")]
    Analyse(verbs::analyse::AnalyseArgs),
    Grade(verbs::grade::GradeArgs),
    Pool(verbs::pool::PoolArgs),
    Plot(verbs::plot::PlotArgs),
    Flow(verbs::flow::FlowArgs),
    Export(verbs::export::ExportArgs),
    Log(verbs::history::LogArgs),
    Undo(verbs::history::UndoArgs),
    Redo(verbs::history::RedoArgs),
    Merge(verbs::safety::MergeArgs),
    Check(verbs::safety::CheckArgs),
    Backup(verbs::safety::BackupArgs),
    Keys(verbs::reference::KeysArgs),
    Schema(verbs::reference::SchemaArgs),
    Completions(verbs::reference::CompletionsArgs),
    Man(verbs::reference::ManArgs),
    /// A word that is no verb: perhaps a file.
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// The verbs by the stage of a review, as the first page of help lists them.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Begin", &["demo", "init", "status", "setup", "words"]),
    ("Search and screen", &["source", "import", "update", "dedup", "screen", "round", "fulltext", "conflict", "agreement", "find", "show"]),
    ("Extract and pool", &["study", "form", "extract", "rob", "analyse", "grade", "pool", "plot"]),
    ("Report", &["flow", "export"]),
    ("History, safety, reference", &["log", "undo", "redo", "merge", "check", "backup", "keys", "schema", "completions", "man"]),
];

/// Returns the whole command with every verb and option, for parsing, help, completions and the manual.
pub fn command() -> clap::Command {
    let plain = Cli::command();
    let mut verbs = String::new();
    for (title, names) in GROUPS {
        verbs.push_str(&format!("\n{title}:\n"));
        for name in names {
            let about = plain.find_subcommand(name).and_then(clap::Command::get_about).map(ToString::to_string).unwrap_or_default();
            verbs.push_str(&format!("  {name:<13}{about}\n"));
        }
    }
    let template = format!(
        "{{about-with-newline}}\nUsage: tamis [FILE]          opens the screens\n       tamis VERB ...        does one thing; tamis VERB --help explains it\n{verbs}\n{{options}}\n"
    );
    plain.help_template(template)
}

/// Turns `tamis FILE ...` into `tamis --review FILE ...`; `None` where the word is no file but a verb that does not exist.
pub fn with_file_as_option(arguments: &[OsString], words: &[OsString]) -> Option<Vec<OsString>> {
    let file = words.first()?;
    let looks_like_a_file = std::path::Path::new(file).exists() || file.to_string_lossy().contains(['.', '/', '\\']);
    if !looks_like_a_file {
        return None;
    }
    let at = arguments.len() - words.len();
    let mut rewritten = arguments[..at].to_vec();
    rewritten.extend([OsString::from("--review"), file.clone()]);
    rewritten.extend_from_slice(&words[1..]);
    Some(rewritten)
}

/// Returns the verbs that a mistyped word may mean: those that begin alike.
pub fn verbs_like(word: &str) -> Vec<String> {
    let beginning: String = word.chars().take(2).collect();
    let plain = Cli::command();
    plain
        .get_subcommands()
        .map(clap::Command::get_name)
        .filter(|name| !beginning.is_empty() && name.starts_with(&beginning))
        .map(str::to_owned)
        .collect()
}

/// Makes a parser of one of these words; each must be a value of the type.
pub fn words<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: std::fmt::Debug,
{
    PossibleValuesParser::new(words).map(|word| word.parse::<T>().expect("a test reads every word of every list"))
}

/// When colours are used.
pub const COLORS: &[&str] = &["auto", "always", "never"];
/// The stages.
pub const STAGES: &[&str] = &["ta", "ft"];
/// The kinds of source.
pub const SOURCE_KINDS: &[&str] = &["database", "register", "website", "organisation", "citation"];
/// The queues of a stage.
pub const QUEUES: &[&str] = &["undecided", "batch", "mine", "my_include", "maybe", "conflict", "included", "excluded", "all"];
/// The queues of full texts: batches are of titles.
pub const FULL_TEXT_QUEUES: &[&str] = &["undecided", "mine", "my_include", "maybe", "conflict", "included", "excluded", "all"];
/// The roles of people.
pub const ROLES: &[&str] = &["lead", "reviewer", "adjudicator", "information_specialist", "statistician", "observer"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::query::Queue;
    use crate::domain::decision::Stage;
    use crate::domain::review::Role;
    use crate::domain::source::SourceKind;

    #[test]
    fn the_command_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn the_first_page_of_help_lists_every_verb_once() {
        let plain = Cli::command();
        let listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let verbs: Vec<&str> = plain.get_subcommands().map(clap::Command::get_name).collect();
        for verb in &verbs {
            assert_eq!(listed.iter().filter(|name| *name == verb).count(), 1, "{verb}");
        }
        for name in listed {
            assert!(verbs.contains(&name), "{name} is no verb");
        }
    }

    #[test]
    fn every_word_of_every_list_is_understood() {
        fn all<T: FromStr>(words: &[&str]) -> bool {
            words.iter().all(|word| word.parse::<T>().is_ok())
        }
        assert!(
            all::<Stage>(STAGES)
                && all::<SourceKind>(SOURCE_KINDS)
                && all::<Queue>(QUEUES)
                && all::<Queue>(FULL_TEXT_QUEUES)
                && all::<Role>(ROLES)
        );
        assert!(all::<ColorWhen>(COLORS));
    }

    #[test]
    fn every_option_and_verb_is_explained() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{} has no sentence", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {} has no sentence", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
