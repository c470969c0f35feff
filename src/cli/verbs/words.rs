//! `tamis words`: the words that are highlighted while reading.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::{Request, Workspace};
use crate::cli::args::words as one_of;
use crate::cli::context::{Context, read_text};
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::highlight::{HighlightWord, WordList, is_same_word, usual_words};

/// The lists, as words.
pub const LISTS: &[&str] = &["include", "exclude", "population", "intervention", "comparison", "outcome"];

/// Show or change the words that are highlighted while reading
#[derive(Debug, clap::Args)]
pub struct WordsArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<WordsVerb>,
}

#[derive(Debug, Subcommand)]
enum WordsVerb {
    /// List the words
    List,
    /// Put words on a list; a word that stands on another one moves
    Add {
        /// The list: for or against inclusion, or a part of the question
        #[arg(value_parser = one_of::<WordList>(LISTS))]
        list: WordList,
        /// Words or phrases; * at the end stands for any ending, quotation marks within for the letters as written
        #[arg(required = true, value_name = "WORD")]
        words: Vec<String>,
    },
    /// Take words off the lists
    Remove {
        /// The words
        #[arg(required = true, value_name = "WORD")]
        words: Vec<String>,
    },
    /// Put the words of a table (columns list and word) on the lists
    Load {
        /// The table
        file: PathBuf,
        /// Take all other words off
        #[arg(long)]
        replace: bool,
    },
    /// List words that many reviews of trials use and this one does not, or add them
    Usual {
        /// Add them
        #[arg(long)]
        add: bool,
    },
}

/// Runs the verb.
pub fn run(args: WordsArgs, context: &mut Context) -> Done {
    let mut workspace = context.open()?;
    let standing = workspace.words();
    match args.verb.unwrap_or(WordsVerb::List) {
        WordsVerb::List => list(&standing, "the lists hold no word yet: tamis words usual, tamis words add LIST WORD", context),
        WordsVerb::Add { list, words } => {
            put(standing, words.into_iter().map(|text| HighlightWord { list, text }), &mut workspace, context)
        }
        WordsVerb::Remove { words } => remove(&standing, &words, &mut workspace, context),
        WordsVerb::Load { file, replace } => {
            let (name, text) = read_text(&file)?;
            let read = workspace.words_of_table(&text, &name)?;
            put(if replace { Vec::new() } else { standing }, read, &mut workspace, context)
        }
        WordsVerb::Usual { add: true } => {
            let usual = usual_words(&standing);
            put(standing, usual, &mut workspace, context)
        }
        WordsVerb::Usual { add: false } => list(&usual_words(&standing), "the lists hold all of the usual words", context),
    }
}

fn list(words: &[HighlightWord], none: &str, context: &mut Context) -> Done {
    if context.out.is_json() {
        let words: Vec<_> = words.iter().map(|word| json!({ "list": word.list, "word": word.text })).collect();
        return context.out.json(&json!({ "words": words }));
    }
    let mut table = Table::new(&["list", "~word"]);
    for list in <WordList as strum::IntoEnumIterator>::iter() {
        for word in words.iter().filter(|word| word.list == list) {
            table.row([&list.to_string(), &word.text]);
        }
    }
    context.out.table(&table)?;
    if words.is_empty() {
        context.out.talk(none);
    }
    Ok(())
}

/// Adds words, or moves those that stand on another list.
fn put(
    standing: Vec<HighlightWord>,
    new: impl IntoIterator<Item = HighlightWord>,
    workspace: &mut Workspace,
    context: &mut Context,
) -> Done {
    let mut words = standing;
    for word in new {
        match words.iter_mut().find(|known| is_same_word(&known.text, &word.text)) {
            Some(known) => known.list = word.list,
            None => words.push(word),
        }
    }
    context.change(workspace, Request::SetWords(words))
}

fn remove(standing: &[HighlightWord], gone: &[String], workspace: &mut Workspace, context: &mut Context) -> Done {
    let is_gone = |word: &HighlightWord| gone.iter().any(|text| is_same_word(&word.text, text));
    if let Some(unknown) = gone.iter().find(|text| !standing.iter().any(|word| is_same_word(&word.text, text))) {
        return Err(crate::app::Error::not_found(format!("no list holds \"{unknown}\"")).hint("tamis words list shows them all").into());
    }
    let left = standing.iter().filter(|word| !is_gone(word)).cloned().collect();
    context.change(workspace, Request::SetWords(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_understood() {
        assert!(LISTS.iter().all(|word| word.parse::<WordList>().is_ok_and(|list| list.to_string() == *word)));
        assert_eq!(LISTS.len(), <WordList as strum::IntoEnumIterator>::iter().count());
    }
}
