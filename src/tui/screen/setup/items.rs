//! The lines of the setup screen.

use crate::domain::decision::Stage;
use crate::domain::policy::{MaybeRule, Policy, ReasonTie, Resolver};
use crate::domain::review::{ReviewInfo, Side, WordList};
use crate::tui::app_port::Setup;
use crate::tui::theme::Role;
use crate::tui::widget::text::{Piece, counted};

use super::LABEL;

/// A part of title and question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The title.
    Title,
    /// The population.
    Population,
    /// The intervention.
    Intervention,
    /// The comparator.
    Comparator,
    /// The outcomes.
    Outcomes,
    /// The study designs.
    Designs,
}

/// The parts in their order.
pub const PARTS: [Part; 6] = [Part::Title, Part::Population, Part::Intervention, Part::Comparator, Part::Outcomes, Part::Designs];

impl Part {
    /// Returns the label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Population => "Population",
            Self::Intervention => "Intervention",
            Self::Comparator => "Comparator",
            Self::Outcomes => "Outcomes",
            Self::Designs => "Study designs",
        }
    }

    /// Returns the text of the part for changing.
    pub fn of(self, info: &mut ReviewInfo) -> &mut String {
        match self {
            Self::Title => &mut info.title,
            Self::Population => &mut info.population,
            Self::Intervention => &mut info.intervention,
            Self::Comparator => &mut info.comparator,
            Self::Outcomes => &mut info.outcomes,
            Self::Designs => &mut info.designs,
        }
    }
}

/// A list of the setup that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The people.
    People,
    /// The eligibility criteria.
    Criteria,
    /// The exclusion reasons.
    Reasons,
    /// The words to highlight.
    Words,
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A heading.
    Heading(&'static str),
    /// An empty line.
    Gap,
    /// A part of title and question.
    Info(Part),
    /// A person, by place.
    Person(usize),
    /// A criterion, by place.
    Criterion(usize),
    /// An exclusion reason, by place.
    Reason(usize),
    /// A word to highlight, by place.
    Word(usize),
    /// The policy of a stage, by place.
    Policy(usize),
    /// The empty end of a list, where something can be added.
    Empty(List),
}

/// Lists every line.
pub fn items(setup: &Setup) -> Vec<Item> {
    let mut lines = vec![Item::Heading("Question")];
    lines.extend(PARTS.map(Item::Info));
    let mut list = |heading: &'static str, many: usize, item: fn(usize) -> Item, empty: List| {
        lines.extend([Item::Gap, Item::Heading(heading)]);
        lines.extend((0..many).map(item));
        if many == 0 {
            lines.push(Item::Empty(empty));
        }
    };
    list("People", setup.people.len(), Item::Person, List::People);
    list("Eligibility criteria", setup.criteria.len(), Item::Criterion, List::Criteria);
    list("Exclusion reasons", setup.reasons.len(), Item::Reason, List::Reasons);
    list("Highlighted words", setup.words.len(), Item::Word, List::Words);
    list("Policies", setup.policies.len(), Item::Policy, List::People);
    lines
}

/// Sets one line as label and value.
pub fn row(setup: &Setup, item: Item) -> Vec<Piece> {
    let side = |side: Side| match side {
        Side::Include => ("+ include", Role::Include),
        Side::Exclude => ("- exclude", Role::Exclude),
    };
    let cells = |label: &str, role: Role, value: String| vec![(label.to_owned(), role), (value, Role::Text)];
    match item {
        Item::Heading(text) => vec![(text.to_owned(), Role::Heading), (String::new(), Role::Text)],
        Item::Gap => vec![(String::new(), Role::Text), (String::new(), Role::Text)],
        Item::Info(part) => cells(part.label(), LABEL, part.of(&mut setup.info.clone()).clone()),
        Item::Person(at) => setup.people.get(at).map_or_else(Vec::new, |person| {
            let part = if person.is_active { "" } else { "   takes no further part" };
            cells(&person.id, Role::Accent, format!("{}: {}{part}", person.name, person.roles.join(", ").replace('_', " ")))
        }),
        Item::Criterion(at) => setup.criteria.get(at).map_or_else(Vec::new, |criterion| {
            let (label, role) = side(criterion.side);
            cells(label, role, criterion.text.clone())
        }),
        Item::Reason(at) => {
            setup.reasons.get(at).map_or_else(Vec::new, |reason| cells(&format!("{} {}", at + 1, reason.code), LABEL, reason.label.clone()))
        }
        Item::Word(at) => setup.words.get(at).map_or_else(Vec::new, |word| {
            let role = match word.list {
                WordList::Include => Role::Include,
                WordList::Exclude => Role::Exclude,
                _ => LABEL,
            };
            cells(word.list.label(), role, word.text.clone())
        }),
        Item::Policy(at) => setup.policies.get(at).map_or_else(Vec::new, |policy| cells(policy.stage.label(), LABEL, policy_words(policy))),
        Item::Empty(_) => vec![("none yet".to_owned(), Role::Muted), ("a adds one".to_owned(), Role::Muted)],
    }
}

fn policy_words(policy: &Policy) -> String {
    let votes = counted(policy.required_votes.into(), "vote");
    let maybe = match policy.maybe {
        MaybeRule::Include => "maybe counts as include",
        MaybeRule::Conflict => "maybe is a conflict",
    };
    let tie = match (policy.stage, policy.reason_tie) {
        (Stage::TitleAbstract, _) => "",
        (_, ReasonTie::Conflict) => "; differing reasons are a conflict",
        (_, ReasonTie::Priority) => "; the first of differing reasons counts",
    };
    let resolver = match policy.resolver {
        Resolver::Consensus => "those who voted",
        Resolver::Third => "a third person",
        Resolver::Any => "anybody",
    };
    let first = if policy.stage == Stage::TitleAbstract { format!("; {maybe}") } else { String::new() };
    let shown = if policy.shows_votes_in_conflict { "shown" } else { "hidden" };
    format!("{votes}{first}{tie}; settled by {resolver}; votes {shown} in conflicts")
}
