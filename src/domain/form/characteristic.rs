//! Which column of the table of characteristics a field belongs to.

use serde::{Deserialize, Serialize};

use super::{Field, FieldType, Scope};

/// A column of the table of characteristics of included studies, in the order in which Cochrane reviews print them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Characteristic {
    /// Design and conduct.
    Methods,
    /// Who took part.
    Participants,
    /// What the arms got.
    Interventions,
    /// What was measured, and when.
    Outcomes,
    /// Who paid.
    Funding,
    /// Conflicts of interest of the authors.
    Conflicts,
    /// When the study ran.
    Dates,
    /// Where the study ran.
    Setting,
    /// Numbers of registries and protocols.
    Registration,
    /// What fits nowhere else.
    Notes,
    /// No column: the field stays out of the table.
    None,
}

impl Characteristic {
    /// Returns the heading of the column.
    pub fn title(self) -> &'static str {
        match self {
            Self::Methods => "Methods",
            Self::Participants => "Participants",
            Self::Interventions => "Interventions",
            Self::Outcomes => "Outcomes",
            Self::Funding => "Funding",
            Self::Conflicts => "Conflicts of interest",
            Self::Dates => "Dates",
            Self::Setting => "Setting",
            Self::Registration => "Registration",
            Self::Notes => "Notes",
            Self::None => "",
        }
    }
}

/// Words of a field's id or name, and of its section, by which it is put into a column; the first that fits counts.
const BY_FIELD: [(Characteristic, &[&str]); 5] = [
    (Characteristic::Funding, &["fund", "sponsor", "grant"]),
    (Characteristic::Conflicts, &["conflict", "competing"]),
    (Characteristic::Registration, &["registration", "registry", "nct"]),
    (Characteristic::Dates, &["date", "recruitment_start", "recruitment_end"]),
    (Characteristic::Setting, &["setting", "country", "countries", "centre", "center", "location"]),
];

/// The same for sections.
const BY_SECTION: [(Characteristic, &[&str]); 9] = [
    (Characteristic::Funding, &["fund", "sponsor"]),
    (Characteristic::Conflicts, &["conflict"]),
    (Characteristic::Registration, &["registration"]),
    (Characteristic::Setting, &["setting"]),
    (Characteristic::Dates, &["date"]),
    (Characteristic::Methods, &["method", "design", "identification"]),
    (Characteristic::Participants, &["participant", "population", "patient", "baseline"]),
    (Characteristic::Interventions, &["intervention", "arm", "compar", "exposure", "treatment", "index test"]),
    (Characteristic::Outcomes, &["outcome", "reference standard"]),
];

impl Field {
    /// Returns the column of the field: the one that the form names, or the one that its id, name and section speak for.
    pub fn characteristic(&self) -> Characteristic {
        if let Some(named) = self.characteristic {
            return named;
        }
        let find = |table: &[(Characteristic, &[&str])], texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
            let fits = |word: &&str| texts.iter().any(|text| begins_a_word(text, word));
            table.iter().find(|(_, words)| words.iter().any(fits)).map(|(column, _)| *column)
        };
        let by_field = find(&BY_FIELD, &[&self.id, self.name()]).or((self.kind == FieldType::Date).then_some(Characteristic::Dates));
        let by_scope = || (self.scope == Scope::Arm).then_some(Characteristic::Interventions);
        by_field.or_else(by_scope).or_else(|| find(&BY_SECTION, &[&self.section])).unwrap_or(Characteristic::Notes)
    }
}

/// Whether a word of the text begins so.
fn begins_a_word(text: &str, beginning: &str) -> bool {
    text.match_indices(beginning).any(|(at, _)| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn column(section: &str, id: &str, label: Option<&str>) -> Characteristic {
        let mut field = sample::form().fields[0].clone();
        (field.section, field.id, field.label) = (section.to_owned(), id.to_owned(), label.map(str::to_owned));
        field.characteristic()
    }

    #[test]
    fn fields_find_their_columns_by_id_name_and_section() {
        use Characteristic as C;
        for (section, id, label, expected) in [
            ("methods", "design", None, C::Methods),
            ("Study design", "allocation", None, C::Methods),
            ("methods", "funding", Some("Funding"), C::Funding),
            ("other", "who_paid", Some("Sponsor of the trial"), C::Funding),
            ("methods", "registration", Some("Registration number"), C::Registration),
            ("participants", "condition", None, C::Participants),
            ("Baseline characteristics", "age", None, C::Participants),
            ("intervention", "duration", None, C::Interventions),
            ("comparator", "kind", None, C::Interventions),
            ("methods", "country", None, C::Setting),
            ("other", "competing_interests", None, C::Conflicts),
            ("methods", "trial_dates", None, C::Dates),
            ("other", "remarks", None, C::Notes),
            // A word within another word is none: "function" is no grant of money, "update" no date.
            ("participants", "up2date", None, C::Participants),
            ("warmth", "x", None, C::Notes),
        ] {
            assert_eq!(column(section, id, label), expected, "{section} {id}");
        }
    }

    #[test]
    fn the_form_has_the_last_word() {
        let mut field = sample::form().fields[0].clone();
        field.characteristic = Some(Characteristic::None);
        assert_eq!(field.characteristic(), Characteristic::None);
    }

    #[test]
    fn fields_of_arms_and_dates_follow_their_kind() {
        let mut field = sample::form().fields[0].clone();
        (field.id, field.section, field.scope) = ("x".into(), "odds and ends".into(), Scope::Arm);
        assert_eq!(field.characteristic(), Characteristic::Interventions);
        (field.kind, field.scope) = (FieldType::Date, Scope::Study);
        assert_eq!(field.characteristic(), Characteristic::Dates);
    }
}
