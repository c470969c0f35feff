//! The highlighted words, changed from the record: choose one or type a new one, then its list.

use super::Screening;
use super::act::tell;
use crate::app::Request;
use crate::domain::highlight::{HighlightWord, WordList, is_same_word, usual_words};
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker};

/// Stands for the words that many reviews use.
const USUAL: &str = "+usual";
/// Stands for taking a word off the lists.
const NONE: &str = "none";

impl Screening {
    /// Asks for a word, then for its list, and changes the lists.
    pub(super) fn change_words(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(setup) = &self.setup else { return Vec::new() };
        match call.args.as_slice() {
            [] => pick_word(&setup.words),
            [usual] if usual == USUAL => {
                let mut words = setup.words.clone();
                words.extend(usual_words(&words));
                vec![Effect::Run(Request::SetWords(words))]
            }
            [word] => pick_list(&setup.words, word),
            [word, list, ..] => match changed(&setup.words, word, list) {
                Some(words) => vec![Effect::Run(Request::SetWords(words))],
                None => tell("The word stands on that list already."),
            },
        }
    }
}

fn pick_word(words: &[HighlightWord]) -> Vec<Effect<AppPort>> {
    let entry = |word: &HighlightWord| Choice {
        value: word.text.clone(),
        label: word.text.clone(),
        detail: format!("{} {}", word.list.label(), word.list.sign()).trim_end().to_owned(),
    };
    let mut choices: Vec<Choice> = words.iter().map(entry).collect();
    let usual = usual_words(words);
    if !usual.is_empty() {
        let detail = usual.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(", ");
        choices.push(Choice { value: USUAL.to_owned(), label: "Add usual words of trials".to_owned(), detail });
    }
    let picker = Picker::new("Words (type a new one, * for any ending)", choices, Call::new("screen.words")).taking_new();
    vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
}

fn pick_list(words: &[HighlightWord], word: &str) -> Vec<Effect<AppPort>> {
    let standing = words.iter().find(|known| is_same_word(&known.text, word)).map(|known| known.list);
    let lists = <WordList as strum::IntoEnumIterator>::iter();
    let mut choices: Vec<Choice> = lists
        .map(|list| Choice {
            value: list.to_string(),
            label: list.label().to_owned(),
            detail: if standing == Some(list) { "✓ stands there".to_owned() } else { list.sign().to_owned() },
        })
        .collect();
    if standing.is_some() {
        choices.push(Choice { value: NONE.to_owned(), label: "take it off".to_owned(), detail: String::new() });
    }
    let picker = Picker::new(format!("“{word}” goes where?"), choices, Call::new("screen.words").arg(word));
    vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
}

/// Returns the lists with a word on another list, added or taken off; `None` where nothing changes.
fn changed(words: &[HighlightWord], word: &str, list: &str) -> Option<Vec<HighlightWord>> {
    let mut words = words.to_vec();
    let at = words.iter().position(|known| is_same_word(&known.text, word));
    match (at, list.parse::<WordList>().ok()) {
        (Some(at), None) => {
            words.remove(at);
        }
        (Some(at), Some(list)) if words[at].list == list => return None,
        (Some(at), Some(list)) => words[at].list = list,
        (None, Some(list)) => words.push(HighlightWord { list, text: word.to_owned() }),
        (None, None) => return None,
    }
    Some(words)
}
