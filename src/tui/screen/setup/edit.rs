//! From the answers of a dialog to the request that changes one part of the setup.

use crate::app::Request;
use crate::app::query::PersonView;
use crate::domain::ids::ReviewerId;
use crate::domain::policy::Policy;
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, Side, WordList};
use crate::domain::text::counted;
use crate::tui::app_port::{AppPort, Query, Setup};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Ask, Confirm, Overlay, Question};

use super::items::{Item, List};
use super::tell;

/// The roles that a person is given together, with the words for them.
const ROLES: [(&str, &str); 6] = [
    ("reviewer", "reviewer: votes and extracts"),
    ("lead reviewer", "lead and reviewer"),
    ("adjudicator", "adjudicator: settles conflicts of others"),
    ("information_specialist", "information specialist: searches and imports"),
    ("statistician", "statistician: runs the analyses"),
    ("observer", "observer: reads after unblinding"),
];

fn ask(title: &str, questions: Vec<Question>, call: &Call) -> Vec<Effect<AppPort>> {
    vec![Effect::Open(Box::new(Overlay::Ask(Ask::new(title, questions, call.clone()))))]
}

/// Makes a choice whose first option is the one that holds now.
fn choice(label: &str, options: &[(&str, &str)], now: &str) -> Question {
    let mut options: Vec<(String, String)> = options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    options.sort_by_key(|(value, _)| value != now);
    Question::choice(label, options)
}

/// The lists of words, with the words for them.
const LISTS: [(&str, &str); 6] = [
    ("include", "speaks for"),
    ("exclude", "speaks against"),
    ("population", "population"),
    ("intervention", "intervention"),
    ("comparison", "comparison"),
    ("outcome", "outcome"),
];

fn sides(now: Side) -> Question {
    choice("Speaks for", &[("include", "including"), ("exclude", "excluding")], &now.to_string())
}

fn side(text: &str) -> Side {
    text.parse().unwrap_or(Side::Include)
}

/// Edits the selected line: asks without answers, and changes with them.
pub fn edit(setup: &Setup, item: Item, call: &Call) -> Vec<Effect<AppPort>> {
    let run = |request| vec![Effect::Run(request)];
    match (item, call.args.as_slice()) {
        (Item::Info(part), []) => {
            let text = part.of(&mut setup.info.clone()).clone();
            ask("Question", vec![Question::line(part.label(), &text)], call)
        }
        (Item::Info(part), [text, ..]) => {
            let mut info = setup.info.clone();
            text.clone_into(part.of(&mut info));
            run(Request::SetReview(info))
        }
        (Item::Person(at), args) => setup.people.get(at).map_or_else(Vec::new, |person| edit_person(person, args, call)),
        (Item::Policy(at), args) => setup.policies.get(at).map_or_else(Vec::new, |policy| edit_policy(policy, args, call)),
        (Item::Criterion(at), args) => entry(setup, List::Criteria, Some(at), args, call),
        (Item::Reason(at), args) => entry(setup, List::Reasons, Some(at), args, call),
        (Item::Word(at), args) => entry(setup, List::Words, Some(at), args, call),
        (Item::Empty(_), _) => add(setup, item, call),
        (Item::Heading(_) | Item::Gap, _) => Vec::new(),
    }
}

/// Adds to the list in which the selection stands.
pub fn add(setup: &Setup, item: Item, call: &Call) -> Vec<Effect<AppPort>> {
    match item {
        Item::Criterion(_) | Item::Empty(List::Criteria) => entry(setup, List::Criteria, None, &call.args, call),
        Item::Reason(_) | Item::Empty(List::Reasons) => entry(setup, List::Reasons, None, &call.args, call),
        Item::Word(_) | Item::Empty(List::Words) => entry(setup, List::Words, None, &call.args, call),
        Item::Person(_) | Item::Empty(List::People) => match call.args.as_slice() {
            [id, name, roles, ..] => match ReviewerId::checked(id) {
                Ok(id) => {
                    let roles = roles.split(' ').filter_map(|role| role.parse().ok()).collect();
                    vec![Effect::Run(Request::SetReviewer { id, name: name.clone(), roles, is_active: true })]
                }
                Err(_) => tell("A short name has one to sixteen letters, digits, hyphens or underscores, such as initials."),
            },
            _ => ask(
                "New person",
                vec![Question::line("Short name, such as AB", "").required(), Question::line("Full name", ""), choice("Role", &ROLES, "")],
                call,
            ),
        },
        Item::Info(_) | Item::Policy(_) | Item::Heading(_) | Item::Gap => tell("Go to people, criteria, reasons or words to add one."),
    }
}

/// Asks for an entry of a list, or puts the answers at its place; `None` appends.
fn entry(setup: &Setup, list: List, at: Option<usize>, args: &[String], call: &Call) -> Vec<Effect<AppPort>> {
    let title = if at.is_some() { "Edit" } else { "Add" };
    let request = match (list, args) {
        (List::Criteria, []) => {
            let now = at.and_then(|at| setup.criteria.get(at));
            let text = now.map(|now| now.text.as_str()).unwrap_or_default();
            let questions =
                vec![sides(now.map_or(Side::Include, |now| now.side)), Question::line("Criterion, as a sentence", text).required()];
            return ask(&format!("{title} a criterion"), questions, call);
        }
        (List::Words, []) => {
            let now = at.and_then(|at| setup.words.get(at));
            let text = now.map(|now| now.text.as_str()).unwrap_or_default();
            let questions = vec![
                choice("List", &LISTS, &now.map_or(WordList::Include, |now| now.list).to_string()),
                Question::line("Word or phrase; * at its end stands for any ending", text).required(),
            ];
            return ask(&format!("{title} a word"), questions, call);
        }
        (List::Reasons, []) => {
            let now = at.and_then(|at| setup.reasons.get(at));
            let text = |value: Option<&String>| value.map(String::as_str).unwrap_or_default().to_owned();
            let questions = vec![
                Question::line("Short code, such as population", &text(now.map(|now| &now.code))).required(),
                Question::line("Label, as the flow diagram prints it", &text(now.map(|now| &now.label))).required(),
            ];
            return ask(&format!("{title} an exclusion reason"), questions, call);
        }
        (List::Criteria, [first, text, ..]) => {
            Request::SetCriteria(put(&setup.criteria, at, Criterion { side: side(first), text: text.clone() }))
        }
        (List::Words, [first, text, ..]) => {
            let list = first.parse().unwrap_or(WordList::Include);
            Request::SetWords(put(&setup.words, at, HighlightWord { list, text: text.clone() }))
        }
        (List::Reasons, [code, label, ..]) => {
            Request::SetReasons(put(&setup.reasons, at, ExclusionReason { code: code.clone(), label: label.clone() }))
        }
        _ => return Vec::new(),
    };
    vec![Effect::Run(request)]
}

fn put<T: Clone>(list: &[T], at: Option<usize>, value: T) -> Vec<T> {
    let mut list = list.to_vec();
    match at.and_then(|at| list.get_mut(at)) {
        Some(place) => *place = value,
        None => list.push(value),
    }
    list
}

/// Takes the selected entry off its list.
pub fn remove(setup: &Setup, item: Item) -> Option<Effect<AppPort>> {
    Some(Effect::Run(match item {
        Item::Criterion(at) => Request::SetCriteria(without(&setup.criteria, at)),
        Item::Reason(at) => Request::SetReasons(without(&setup.reasons, at)),
        Item::Word(at) => Request::SetWords(without(&setup.words, at)),
        _ => return None,
    }))
}

fn without<T: Clone>(list: &[T], gone: usize) -> Vec<T> {
    list.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, value)| value.clone()).collect()
}

/// Moves the selected entry by one place; `None` where it cannot go.
pub fn move_entry(setup: &Setup, item: Item, is_up: bool) -> Option<Effect<AppPort>> {
    Some(Effect::Run(match item {
        Item::Criterion(at) => Request::SetCriteria(swapped(&setup.criteria, at, is_up)?),
        Item::Reason(at) => Request::SetReasons(swapped(&setup.reasons, at, is_up)?),
        Item::Word(at) => Request::SetWords(swapped(&setup.words, at, is_up)?),
        _ => return None,
    }))
}

fn swapped<T: Clone>(list: &[T], at: usize, is_up: bool) -> Option<Vec<T>> {
    let other = if is_up { at.checked_sub(1)? } else { at + 1 };
    let mut list = list.to_vec();
    (at.max(other) < list.len()).then(|| list.swap(at, other))?;
    Some(list)
}

fn edit_person(person: &PersonView, args: &[String], call: &Call) -> Vec<Effect<AppPort>> {
    let now = person.roles.join(" ");
    let [name, roles, part, ..] = args else {
        let mut roles = ROLES.to_vec();
        if roles.iter().all(|(value, _)| *value != now) {
            roles.push((&now, &now));
        }
        let parts = [("yes", "takes part"), ("no", "takes no further part; votes stay")];
        let questions = vec![
            Question::line("Full name", &person.name).required(),
            choice("Role", &roles, &now),
            choice("Part", &parts, if person.is_active { "yes" } else { "no" }),
        ];
        return ask(&person.id, questions, call);
    };
    let roles = roles.split(' ').filter_map(|role| role.parse().ok()).collect();
    vec![Effect::Run(Request::SetReviewer {
        id: ReviewerId::from(person.id.as_str()),
        name: name.clone(),
        roles,
        is_active: part == "yes",
    })]
}

fn edit_policy(policy: &Policy, args: &[String], call: &Call) -> Vec<Effect<AppPort>> {
    let [votes, maybe, tie, resolver, shown, ..] = args else {
        let questions = vec![
            Question::line("Votes that a record needs", &policy.required_votes.to_string()).required(),
            choice("A maybe", &[("include", "counts as include"), ("conflict", "is a conflict")], &policy.maybe.to_string()),
            choice(
                "Differing reasons",
                &[("conflict", "are a conflict"), ("priority", "the first in the list counts")],
                &policy.reason_tie.to_string(),
            ),
            choice(
                "Conflicts are settled by",
                &[("consensus", "those who voted, all confirming"), ("third", "a third person"), ("any", "anybody of the team")],
                &policy.resolver.to_string(),
            ),
            choice(
                "In a conflict the votes are",
                &[("true", "shown"), ("false", "hidden, names only")],
                &policy.shows_votes_in_conflict.to_string(),
            ),
        ];
        return ask(&format!("Policy of {}", policy.stage.label()), questions, call);
    };
    let Ok(required_votes) = votes.trim().parse() else { return tell("The number of votes is a whole number, such as 2.") };
    let changed = Policy {
        stage: policy.stage,
        required_votes,
        maybe: maybe.parse().unwrap_or(policy.maybe),
        reason_tie: tie.parse().unwrap_or(policy.reason_tie),
        resolver: resolver.parse().unwrap_or(policy.resolver),
        shows_votes_in_conflict: shown == "true",
    };
    if args.last().is_some_and(|last| last == SURE) {
        return vec![Effect::Run(Request::SetPolicy(changed))];
    }
    vec![Effect::Load(Query::PolicyEffect(changed))]
}

/// The last answer of a policy whose effect has been seen.
const SURE: &str = "sure";

/// Sets a policy that moves no record at once; else shows what would change, and asks.
pub fn with_effect(policy: Policy, effects: &[(String, String, usize)]) -> Vec<Effect<AppPort>> {
    if effects.is_empty() {
        return vec![Effect::Run(Request::SetPolicy(policy))];
    }
    let lines: Vec<String> =
        effects.iter().map(|(from, to, records)| format!("{} from “{from}” to “{to}”", counted(*records, "record"))).collect();
    let question = format!("{}. Nothing has been changed yet. Set the policy?", lines.join("; "));
    let mut then = Call::new("setup.edit");
    let answers = [
        policy.required_votes.to_string(),
        policy.maybe.to_string(),
        policy.reason_tie.to_string(),
        policy.resolver.to_string(),
        policy.shows_votes_in_conflict.to_string(),
        SURE.to_owned(),
    ];
    for answer in answers {
        then = then.arg(answer);
    }
    let title = format!("Policy of {}: records would move", policy.stage.label());
    vec![Effect::Open(Box::new(Overlay::Confirm(Confirm { title, question, then })))]
}
