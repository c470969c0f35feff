//! One file a verb: its arguments, what it asks of `app`, and how it prints the answer.

pub mod agreement;
pub mod analyse;
mod card;
pub mod conflict;
pub mod dedup;
pub mod demo;
pub mod export;
pub mod extract;
pub mod find;
pub mod flow;
pub mod form;
pub mod fulltext;
pub mod grade;
pub mod history;
pub mod import;
pub mod init;
mod load;
mod mark;
mod plain;
pub mod plot;
pub mod pool;
pub mod reference;
pub mod rob;
pub mod round;
pub mod safety;
pub mod screen;
pub mod setup;
pub mod source;
pub mod status;
pub mod study;
pub mod update;
pub mod words;

use std::ffi::OsString;

use super::args::{Verb, command, verbs_like};
use super::context::{Context, is_interactive};
use super::report::{Done, Failure};
use super::screens::open_screen;

/// Runs a verb, or opens the screens where there is none.
pub fn run(verb: Option<Verb>, context: &mut Context) -> Done {
    let Some(verb) = verb else {
        return if is_interactive() {
            open_screen("home", None, context)
        } else {
            Err(Failure::NeedsMore(command().render_help().to_string()))
        };
    };
    match verb {
        Verb::Demo(args) => demo::run(&args, context),
        Verb::Init(args) => init::run(args, context),
        Verb::Status(args) => status::run(&args, context),
        Verb::Setup(args) => setup::run(args, context),
        Verb::Words(args) => words::run(args, context),
        Verb::Source(args) => source::run(args, context),
        Verb::Import(args) => import::run(args, context),
        Verb::Update(args) => update::run(args, context),
        Verb::Dedup(args) => dedup::run(args, context),
        Verb::Screen(args) => screen::run(args, context),
        Verb::Round(args) => round::run(args, context),
        Verb::Fulltext(args) => fulltext::run(args, context),
        Verb::Conflict(args) => conflict::run(args, context),
        Verb::Agreement(args) => agreement::run(&args, context),
        Verb::Find(args) => find::find(&args, context),
        Verb::Show(args) => find::show(&args, context),
        Verb::Study(args) => study::run(args, context),
        Verb::Form(args) => form::run(args, context),
        Verb::Extract(args) => extract::run(args, context),
        Verb::Rob(args) => rob::run(args, context),
        Verb::Analyse(args) => analyse::run(args, context),
        Verb::Grade(args) => grade::run(args, context),
        Verb::Pool(args) => pool::run(&args, context),
        Verb::Plot(args) => plot::run(&args, context),
        Verb::Flow(args) => flow::run(&args, context),
        Verb::Export(args) => export::run(&args, context),
        Verb::Log(args) => history::log(&args, context),
        Verb::Undo(args) => history::undo(&args, context),
        Verb::Redo(args) => history::redo(&args, context),
        Verb::Merge(args) => safety::merge(args, context),
        Verb::Check(_) => safety::check(context),
        Verb::Backup(args) => safety::backup(&args, context),
        Verb::Keys(_) => reference::keys(context),
        Verb::Schema(_) => reference::schema(context),
        Verb::Completions(args) => reference::completions(&args, context),
        Verb::Man(args) => reference::man(&args, context),
        Verb::Other(words) => Err(unknown(&words)),
    }
}

/// A word that is neither a verb nor a file.
fn unknown(words: &[OsString]) -> Failure {
    let word = words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let like = verbs_like(&word);
    let hint = if like.is_empty() {
        "tamis --help lists the verbs".to_owned()
    } else {
        format!("did you mean {}? tamis --help lists the verbs", like.join(" or "))
    };
    Failure::usage(format!("there is no verb and no file \"{word}\""), hint)
}

/// A verb without a further word: opens its screen where a person sits at the terminal, else shows the verb's help.
pub(super) fn screen_or_help(verb: &str, screen: &str, context: &mut Context) -> Done {
    if is_interactive() && !context.out.is_json() {
        return open_screen(screen, None, context);
    }
    Err(Failure::NeedsMore(help_of(verb)))
}

/// Returns the help page of a verb.
pub(super) fn help_of(verb: &str) -> String {
    let mut whole = command();
    whole.build();
    whole.find_subcommand_mut(verb).map(|verb| verb.render_help().to_string()).unwrap_or_default()
}
