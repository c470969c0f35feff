//! The table itself, part by part, in the order in which the designer shows the keys.

use super::{FormKey, KeyKind, Part, Source};

/// Returns the keys of a part, beside the lists of other parts that a form has.
pub fn keys(part: Part) -> &'static [FormKey] {
    match part {
        Part::Form => &FORM,
        Part::Arm => &ARM,
        Part::Field => &FIELD,
        Part::Condition => &CONDITION,
        Part::Outcome => &OUTCOME,
        Part::Timepoint => &TIMEPOINT,
        Part::Analysis => &ANALYSIS,
        Part::Appraisal => &APPRAISAL,
        Part::Validation => &VALIDATION,
    }
}

/// A key that has to be there.
const fn needed(name: &'static str, kind: KeyKind, about: &'static str) -> FormKey {
    FormKey { name, kind, is_needed: true, about, without: "", with: &[], is_first: true }
}

/// A key that may be left out.
const fn key(name: &'static str, kind: KeyKind, about: &'static str, without: &'static str) -> FormKey {
    FormKey { name, kind, is_needed: false, about, without, with: &[], is_first: false }
}

impl FormKey {
    const fn with(self, with: &'static [&'static str]) -> Self {
        Self { with, ..self }
    }

    const fn first(self) -> Self {
        Self { is_first: true, ..self }
    }
}

static FORM: [FormKey; 4] = [
    needed("form", KeyKind::Id, "The id of the form; a form with another id is another form."),
    needed("version", KeyKind::Whole, "The version, counted from 1. Saving raises it by one unless it is higher already."),
    needed("title", KeyKind::Text, "The title shown above the form."),
    key("extractors", KeyKind::Whole, "How many people extract each study, blind to each other: 1 or 2.", "2"),
];

static ARM: [FormKey; 3] = [
    needed("id", KeyKind::Id, "The id, part of the paths of its cells."),
    needed("label", KeyKind::Text, "The name that people read, also over forest plots."),
    needed(
        "role",
        KeyKind::Choice(&[("experimental", "the intervention under study"), ("control", "what it is compared with")]),
        "On which side of a comparison it stands.",
    ),
];

static FIELD: [FormKey; 15] = [
    needed("id", KeyKind::Id, "The id, the path of its cell or the end of it."),
    key("label", KeyKind::Text, "The name that people read.", "the id").first(),
    needed("section", KeyKind::Text, "The heading under which it is asked."),
    needed(
        "type",
        KeyKind::Choice(&[
            ("text", "text"),
            ("integer", "whole number"),
            ("decimal", "number"),
            ("choice", "one of several options"),
            ("multi", "any of several options"),
            ("bool", "yes or no"),
            ("date", "date"),
            ("quote", "words of the report, with page"),
        ]),
        "What an answer has to be.",
    )
    .with(&["options"]),
    key("options", KeyKind::Texts, "The answers to choose from, for the types choice and multi.", "none").first(),
    key("scope", KeyKind::Choice(&[("study", "the study, once"), ("arm", "each arm that the study has")]), "Who answers.", "study").first(),
    key("required", KeyKind::Flag, "Whether a draft without an answer is incomplete; “not reported” is an answer.", "no"),
    key("guidance", KeyKind::Prose, "Advice to the extractor, shown beside the field.", "none"),
    key("unit", KeyKind::Text, "The unit of a number that is typed without one.", "the first of units, or none"),
    key("units", KeyKind::Texts, "The units that a number may be typed with, for the type decimal.", "only unit"),
    key("min", KeyKind::Number, "The smallest number that makes sense.", "no limit"),
    key("max", KeyKind::Number, "The largest number that makes sense.", "no limit"),
    key(
        "precision",
        KeyKind::Choice(&[("year", "to the year"), ("month", "to the month"), ("day", "to the day")]),
        "How exact a date is wanted; a less exact one wants a second look.",
        "any",
    ),
    key(
        "show_if",
        KeyKind::Condition,
        "The answers to another field, of type choice or bool, that make this one be asked.",
        "asked always",
    ),
    key(
        "characteristic",
        KeyKind::Choice(&[
            ("methods", "Methods"),
            ("participants", "Participants"),
            ("interventions", "Interventions"),
            ("outcomes", "Outcomes"),
            ("funding", "Funding"),
            ("conflicts", "Conflicts of interest"),
            ("dates", "Dates"),
            ("setting", "Setting"),
            ("registration", "Registration"),
            ("notes", "Notes"),
            ("none", "in no column"),
        ]),
        "Its column of the table of characteristics.",
        "what id, label and section speak for",
    ),
];

static CONDITION: [FormKey; 2] = [
    needed("field", KeyKind::One(Source::Conditions), "The other field."),
    needed("is", KeyKind::Texts, "Its answers, spelled as in the form; yes and no for the type bool."),
];

static OUTCOME: [FormKey; 12] = [
    needed("id", KeyKind::Id, "The id, part of the paths of its cells."),
    needed("label", KeyKind::Text, "The name that people read."),
    needed(
        "kind",
        KeyKind::Choice(&[("dichotomous", "people with the event, people in all"), ("continuous", "number, mean, standard deviation")]),
        "Which numbers an arm gives.",
    )
    .with(&["accept"]),
    key(
        "direction",
        KeyKind::Choice(&[("lower-better", "less is better"), ("higher-better", "more is better")]),
        "Which direction helps the patient.",
        "not said",
    )
    .first(),
    needed("timepoints", KeyKind::Points, "When it is wanted; each also has a line of its own in the list of the form."),
    key("accept", KeyKind::Many(Source::Formats), "The formats that reports may give its numbers in.", "mean_sd, or events_total"),
    key("event", KeyKind::Text, "What is counted, for dichotomous outcomes.", "not said"),
    key("scale", KeyKind::Numbers, "Lowest and highest possible value, for continuous outcomes.", "no scale"),
    key("unit", KeyKind::Text, "The unit of the scale.", "none"),
    key("harmonise", KeyKind::Flag, "Whether each study's own scale is asked for and its numbers are moved to this one.", "no"),
    key("mid", KeyKind::Number, "The smallest difference that matters to patients, in units of the scale.", "not said"),
    key("granularity", KeyKind::Number, "The step of a single rating; means are checked against it.", "not checked"),
];

static TIMEPOINT: [FormKey; 2] = [
    needed("id", KeyKind::Id, "The id, part of the paths of its cells."),
    key("label", KeyKind::Text, "The name that people read.", "the id").first(),
];

static ANALYSIS: [FormKey; 17] = [
    needed("id", KeyKind::Id, "The number of the analysis, as in 1.1; ratings of certainty hang on it."),
    needed("title", KeyKind::Text, "The title over results and figures."),
    needed("outcome", KeyKind::One(Source::Outcomes), "The outcome that is pooled.").with(&["timepoint", "measure"]),
    needed("timepoint", KeyKind::One(Source::Timepoints), "At which of its time points."),
    needed("experimental", KeyKind::Side, "The arm on the experimental side; several are combined."),
    needed("control", KeyKind::Side, "The arm that it is compared with; several are combined."),
    needed(
        "measure",
        KeyKind::Choice(&[
            ("MD", "mean difference"),
            ("SMD", "standardised mean difference"),
            ("RR", "risk ratio"),
            ("OR", "odds ratio"),
            ("RD", "risk difference"),
        ]),
        "The effect measure; MD and SMD are for continuous outcomes.",
    ),
    key(
        "model",
        KeyKind::Choice(&[("random", "effects vary between studies"), ("common", "one effect is common to all")]),
        "Whether the studies share one effect.",
        "random",
    )
    .with(&["method"]),
    key(
        "method",
        KeyKind::Choice(&[("iv", "inverse variance"), ("mh", "Mantel-Haenszel"), ("peto", "Peto")]),
        "How studies are weighted.",
        "iv",
    ),
    key(
        "tau2",
        KeyKind::Choice(&[
            ("REML", "restricted maximum likelihood"),
            ("DL", "DerSimonian and Laird"),
            ("ML", "maximum likelihood"),
            ("PM", "Paule and Mandel"),
            ("HE", "Hedges"),
            ("HS", "Hunter and Schmidt"),
            ("SJ", "Sidik and Jonkman"),
            ("EB", "empirical Bayes"),
        ]),
        "How the variance between studies is estimated.",
        "REML",
    ),
    key(
        "test",
        KeyKind::Choice(&[("z", "normal distribution"), ("knha", "Hartung and Knapp")]),
        "How the interval of the pooled estimate is made.",
        "z",
    ),
    key("level", KeyKind::Number, "The confidence level in percent.", "95"),
    key(
        "subgroup",
        KeyKind::One(Source::Characteristics),
        "The field whose answers make the subgroups; of a field of arms that of the experimental arm.",
        "no subgroups",
    ),
    key("cuts", KeyKind::Numbers, "Where the subgroups of a field of numbers begin, ascending.", "each number is a subgroup"),
    key(
        "moderators",
        KeyKind::Many(Source::Characteristics),
        "Fields that may explain why effects differ (meta-regression).",
        "no regression",
    ),
    key("favours_left", KeyKind::Text, "What effects left of the line mean.", "not said"),
    key("favours_right", KeyKind::Text, "What effects right of the line mean.", "not said"),
];

static APPRAISAL: [FormKey; 2] = [
    needed("instrument", KeyKind::One(Source::Instruments), "The instrument for risk of bias."),
    key(
        "results",
        KeyKind::Many(Source::Results),
        "The results that it appraises, as in pain.short.",
        "every result that an analysis pools",
    )
    .first(),
];

static VALIDATION: [FormKey; 4] = [
    needed("rule", KeyKind::One(Source::Rules), "The check, by its name or number."),
    key("outcome", KeyKind::One(Source::Outcomes), "The outcome whose numbers it is about.", "all outcomes").first(),
    needed(
        "severity",
        KeyKind::Choice(&[
            ("off", "it says nothing"),
            ("note", "for the curious"),
            ("warning", "worth a look"),
            ("error", "keeps a draft from being handed in"),
        ]),
        "How much the check matters in this review.",
    ),
    key("why", KeyKind::Text, "Why, for those who read the form.", "not said").first(),
];
