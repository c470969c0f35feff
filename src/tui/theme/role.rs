//! What a colour means: roles, and the role that stands in where a theme says nothing.

/// The meaning of a piece of the screen; themes give each a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Text of less weight: labels, dates, what is not selected.
    Muted,
    /// What should be seen first.
    Accent,
    /// Headings.
    Heading,
    /// The bar at the top.
    TitleBar,
    /// The tab of the shown screen.
    TabActive,
    /// Lines around things.
    Border,
    /// Lines around the thing that has the keys.
    BorderFocus,
    /// The selected row.
    Selection,
    /// A key in a hint.
    Key,
    /// What a key does.
    Hint,
    /// Something went well.
    Success,
    /// Included, or a vote to include.
    Include,
    /// A vote that says maybe.
    Maybe,
    /// Excluded, or a vote to exclude.
    Exclude,
    /// Reviewers disagree.
    Conflict,
    /// Work that waits.
    Pending,
    /// A word that speaks for a record.
    HighlightInclude,
    /// A word that speaks against a record.
    HighlightExclude,
    /// A word of the population.
    HighlightPopulation,
    /// A word of the intervention.
    HighlightIntervention,
    /// A word of the comparison.
    HighlightComparison,
    /// A word of an outcome.
    HighlightOutcome,
    /// Letters that a search found.
    Match,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Error,
    /// A field.
    Field,
    /// The field that is being edited.
    FieldFocus,
    /// The full part of a progress bar.
    Progress,
    /// Squares and lines of single studies in a figure.
    FigureStudy,
    /// Diamonds and lines of pooled estimates in a figure.
    FigurePooled,
    /// Axes of a figure.
    FigureAxis,
}

impl Role {
    /// Returns the role that stands in where a theme does not name this one; `None` for [`Role::Text`].
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::Text => None,
            Self::Muted | Self::Accent | Self::Field | Self::TitleBar | Self::Error | Self::FigureStudy => Some(Self::Text),
            Self::Heading | Self::TabActive | Self::BorderFocus | Self::Key | Self::Success | Self::Match | Self::FigurePooled => {
                Some(Self::Accent)
            }
            Self::Progress | Self::Selection | Self::FieldFocus => Some(Self::Accent),
            Self::Border | Self::Hint | Self::Pending | Self::FigureAxis => Some(Self::Muted),
            Self::Include => Some(Self::Success),
            Self::Exclude | Self::Warning => Some(Self::Error),
            Self::Maybe | Self::Conflict => Some(Self::Warning),
            Self::HighlightInclude => Some(Self::Include),
            Self::HighlightExclude => Some(Self::Exclude),
            Self::HighlightPopulation | Self::HighlightIntervention | Self::HighlightComparison | Self::HighlightOutcome => {
                Some(Self::Match)
            }
        }
    }

    /// Returns the name that theme files use ("highlight-include").
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The state of a unit, each with a letter and a word beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Mark {
    /// Included.
    Include,
    /// Maybe.
    Maybe,
    /// Excluded.
    Exclude,
    /// Reviewers disagree.
    Conflict,
    /// Some votes are still missing.
    Partial,
    /// Nobody has voted.
    Pending,
    /// Finished.
    Done,
    /// Something is wrong.
    Problem,
}

impl Mark {
    /// Returns the letter or sign that carries the state without colour; one cell wide.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Include => "I",
            Self::Maybe => "M",
            Self::Exclude => "E",
            Self::Conflict => "C",
            Self::Partial => "~",
            Self::Pending => "-",
            Self::Done => "+",
            Self::Problem => "!",
        }
    }

    /// Returns the word for the state.
    pub fn word(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Maybe => "maybe",
            Self::Exclude => "exclude",
            Self::Conflict => "conflict",
            Self::Partial => "votes missing",
            Self::Pending => "open",
            Self::Done => "done",
            Self::Problem => "problem",
        }
    }

    /// Returns the role that colours the state.
    pub fn role(self) -> Role {
        match self {
            Self::Include => Role::Include,
            Self::Maybe => Role::Maybe,
            Self::Exclude => Role::Exclude,
            Self::Conflict => Role::Conflict,
            Self::Partial | Self::Pending => Role::Pending,
            Self::Done => Role::Success,
            Self::Problem => Role::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_fallback_chain_ends_at_text() {
        for role in Role::iter() {
            let mut at = role;
            let mut steps = 0;
            while let Some(next) = at.fallback() {
                at = next;
                steps += 1;
                assert!(steps < 10, "{role:?} goes in a circle");
            }
            assert_eq!(at, Role::Text);
        }
    }

    #[test]
    fn every_state_has_a_sign_of_its_own() {
        let signs: HashSet<_> = Mark::iter().map(Mark::sign).collect();
        let words: HashSet<_> = Mark::iter().map(Mark::word).collect();
        assert_eq!((signs.len(), words.len()), (Mark::iter().count(), Mark::iter().count()));
    }
}
