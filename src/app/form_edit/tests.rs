//! Tests of changes of form files.

use strum::IntoEnumIterator;

use super::sample::{FILE, places};
use super::*;
use crate::app::form_file::parse_form;
use crate::app::form_keys::keys;

fn form(text: &str) -> Form {
    parse_form(text, "form.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn set(place: Place, name: &str, text: &str) -> FormEdit {
    FormEdit::Set(place, vec![(name.to_owned(), text.to_owned())])
}

fn entry(part: Part, at: usize) -> Place {
    Place::Entry(part, at)
}

fn kept(edit: &FormEdit) -> String {
    try_edit(FILE, edit).unwrap_or_else(|error| panic!("{edit:?}: {}", error.message)).text
}

fn refused(edit: &FormEdit) -> String {
    try_edit(FILE, edit).expect_err("refused").message
}

/// Writes a file after exchanging the first place of a text, which has to be there.
fn replaced(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    FILE.replacen(from, to, 1)
}

#[test]
fn what_says_the_same_stays_letter_by_letter() {
    for (_, place) in places() {
        for key in keys_of(FILE, place).expect("keys") {
            if let Some(typed) = key.typed {
                assert_eq!(edit_form(FILE, &set(place, &key.name, &typed)).expect("an edit"), FILE, "{place:?} {}", key.name);
            }
        }
    }
}

/// Each key of the file with another value and the text that it replaces, by which the whole file after the change is known.
fn changes() -> Vec<(Place, &'static str, &'static str, &'static str, &'static str)> {
    let (arm, dose, washout) = (entry(Part::Arm, 0), entry(Part::Field, 2), entry(Part::Field, 3));
    let (outcome, analysis) = (entry(Part::Outcome, 0), entry(Part::Analysis, 0));
    vec![
        (Place::Form, "form", "aches", "form = \"pain\"  #", "form = \"aches\"  #"),
        (Place::Form, "version", "4", "version = 3   #", "version = 4   #"),
        (Place::Form, "title", "All pain", "title = \"Pain\"", "title = \"All pain\""),
        (Place::Form, "extractors", "1", "extractors = 2", "extractors = 1"),
        (arm, "label", "The drug", "label = \"Drug\"\n", "label = \"The drug\"\n"),
        (arm, "role", "control", "role = \"experimental\" #", "role = \"control\" #"),
        (dose, "section", "drugs", "section = \"arms\"", "section = \"drugs\""),
        (dose, "label", "Daily dose", "label = \"Dose\"", "label = \"Daily dose\""),
        (dose, "type", "integer", "type = \"decimal\"", "type = \"integer\""),
        (dose, "required", "no", "required = true", "required = false"),
        (dose, "unit", "g", "unit = \"mg\" ", "unit = \"g\" "),
        (dose, "units", "mg; µg; kg", "  \"g\",\n  # rare\n  \"µg\",\n", "  # rare\n  \"µg\",\n  \"kg\",\n"),
        (dose, "min", "0,5", "min = 0", "min = 0.5"),
        (dose, "max", "600", "max = 500", "max = 600"),
        (dose, "guidance", "As taken.", "guidance = \"As planned.\" #", "guidance = \"As taken.\" #"),
        (washout, "id", "pause", "id = \"washout\"", "id = \"pause\""),
        (washout, "options", "b; c; a", "options = [\"a\", \"b\"]", "options = [\"b\", \"c\", \"a\"]"),
        (washout, "precision", "day", "precision = \"month\"", "precision = \"day\""),
        (washout, "show_if", "design: crossover; parallel", "is = [\"crossover\"]", "is = [\"crossover\", \"parallel\"]"),
        (washout, "characteristic", "notes", "characteristic = \"methods\"", "characteristic = \"notes\""),
        (outcome, "label", "Pain intensity", "label = \"Pain\"", "label = \"Pain intensity\""),
        (outcome, "direction", "higher-better", "\"lower-better\"", "\"higher-better\""),
        (outcome, "scale", "0 10", "scale = [0, 100]", "scale = [0, 10]"),
        (outcome, "unit", "marks", "unit = \"points\"", "unit = \"marks\""),
        (outcome, "event", "relief", "event = \"none\"", "event = \"relief\""),
        (outcome, "mid", "12.5", "mid = 10   #", "mid = 12.5   #"),
        (outcome, "granularity", "0.5", "granularity = 1", "granularity = 0.5"),
        (outcome, "harmonise", "no", "harmonise = true", "harmonise = false"),
        (outcome, "accept", "mean_se, md_ci", "[\"mean_sd\", \"mean_se\"] #", "[\"mean_se\", \"md_ci\"] #"),
        (
            outcome,
            "timepoints",
            "end: The end; late",
            "[{ id = \"end\", label = \"End\", upto = \"8 w\" }]",
            "[{ id = \"end\", label = \"The end\", upto = \"8 w\" }, { id = \"late\" }]",
        ),
        (
            Place::Timepoint(1, 0),
            "label",
            "At the end",
            "id = \"end\" # of treatment\nlabel = \"End\"",
            "id = \"end\" # of treatment\nlabel = \"At the end\"",
        ),
        (Place::Timepoint(1, 1), "id", "later", "id = \"late\"", "id = \"later\""),
        (analysis, "id", "2", "id = \"1.1\"", "id = \"2\""),
        (analysis, "title", "Pain", "title = \"Pain at the end\"", "title = \"Pain\""),
        (analysis, "experimental", "high", "experimental = [\"drug\", \"high\"] #", "experimental = \"high\" #"),
        (analysis, "measure", "SMD", "measure = \"MD\"", "measure = \"SMD\""),
        (analysis, "model", "common", "model = \"random\"", "model = \"common\""),
        (analysis, "tau2", "DL", "tau2 = \"REML\"", "tau2 = \"DL\""),
        (analysis, "test", "z", "test = \"knha\"", "test = \"z\""),
        (analysis, "level", "90", "level = 95", "level = 90"),
        (analysis, "subgroup", "washout", "subgroup = \"dose\"", "subgroup = \"washout\""),
        (analysis, "cuts", "1; 2,5; 7", "cuts = [1, 2.5]", "cuts = [1, 2.5, 7]"),
        (analysis, "moderators", "design, dose", "moderators = [\"dose\"]", "moderators = [\"design\", \"dose\"]"),
        (analysis, "favours_left", "For the drug", "\"Favours drug\"", "\"For the drug\""),
        (analysis, "favours_right", "For placebo", "\"Favours placebo\"", "\"For placebo\""),
        (entry(Part::Appraisal, 0), "instrument", "rob2-adherence", "\"rob2\"", "\"rob2-adherence\""),
        (entry(Part::Appraisal, 0), "results", "nausea.late; pain.end", "[\"pain.end\"]", "[\"nausea.late\", \"pain.end\"]"),
        (entry(Part::Validation, 0), "rule", "V8", "\"sd_se_confusion\"", "\"V8\""),
        (entry(Part::Validation, 0), "outcome", "nausea", "outcome = \"pain\"\nseverity", "outcome = \"nausea\"\nseverity"),
        (entry(Part::Validation, 0), "severity", "note", "severity = \"off\"", "severity = \"note\""),
        (entry(Part::Validation, 0), "why", "ratings", "why = \"means of ratings\"", "why = \"ratings\""),
    ]
}

#[test]
fn each_key_is_changed_and_nothing_else() {
    for (place, name, typed, from, to) in changes() {
        let text = kept(&set(place, name, typed));
        assert_eq!(text, replaced(from, to), "{place:?} {name}");
        assert_ne!(form(&text), form(FILE), "{place:?} {name}: the form says it");
        let back = keys_of(FILE, place).expect("keys").into_iter().find(|key| key.name == name).and_then(|key| key.typed);
        let back = edit_form(&text, &set(place, name, &back.expect("stands there"))).expect("an edit");
        assert_eq!(form(&back), form(FILE), "{place:?} {name}: and back");
    }
}

/// Keys that cannot change alone in the sample: something else names them, or has to fit.
const NOT_ALONE: [(Part, &str); 10] = [
    (Part::Arm, "id"),
    (Part::Field, "scope"),
    (Part::Outcome, "id"),
    (Part::Outcome, "kind"),
    (Part::Analysis, "outcome"),
    (Part::Analysis, "timepoint"),
    (Part::Analysis, "control"),
    (Part::Analysis, "method"),
    (Part::Condition, "field"),
    (Part::Condition, "is"),
];

#[test]
fn the_changes_tried_here_are_those_of_every_key() {
    let tried: Vec<(Part, &str)> = changes().into_iter().map(|(place, name, ..)| (place.part(), name)).collect();
    for part in Part::iter() {
        for key in keys(part) {
            let is_tried = tried.contains(&(part, key.name));
            assert!(is_tried != NOT_ALONE.contains(&(part, key.name)), "{part:?} {}", key.name);
        }
    }
}

#[test]
fn keys_that_have_to_fit_others_change_with_them() {
    let together = |place, keys: &[(&str, &str)]| {
        FormEdit::Set(place, keys.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    let analysis = entry(Part::Analysis, 0);
    let text = kept(&together(analysis, &[("outcome", "nausea"), ("timepoint", "late"), ("measure", "OR")]));
    let expected = replaced(
        "outcome = \"pain\"\ntimepoint = \"end\"\nexperimental = [\"drug\", \"high\"] # combined\ncontrol = \"placebo\"\nmeasure = \"MD\"",
        "outcome = \"nausea\"\ntimepoint = \"late\"\nexperimental = [\"drug\", \"high\"] # combined\ncontrol = \"placebo\"\nmeasure = \"OR\"",
    );
    assert_eq!(text, expected);
    let text = try_edit(&text, &together(analysis, &[("model", "common"), ("method", "peto")])).expect("fits").text;
    assert_eq!(form(&text).analyses[0].method.to_string(), "peto");
    let text = kept(&together(analysis, &[("experimental", "high"), ("control", "drug, placebo")]));
    assert_eq!(
        text,
        replaced("[\"drug\", \"high\"] # combined\ncontrol = \"placebo\"", "\"high\" # combined\ncontrol = [\"drug\", \"placebo\"]")
    );
    let text = kept(&together(entry(Part::Field, 1), &[("type", "choice"), ("options", "clinic; home, alone")]));
    assert_eq!(
        text,
        replaced("id = \"setting\", type = \"text\" }", "id = \"setting\", type = \"choice\", options = [\"clinic\", \"home, alone\"] }")
    );
    let text = kept(&together(entry(Part::Outcome, 1), &[("accept", "giv"), ("event", "people who vomited")]));
    assert!(text.contains("kind = \"dichotomous\"\naccept = [\"giv\"]\nevent = \"people who vomited\"\n[[outcome.timepoints]]"), "{text}");
}

#[test]
fn each_key_that_may_be_left_out_is_taken_out_and_set_again() {
    let alone: [(Place, &[&str]); 7] = [
        (Place::Form, &["extractors"]),
        (entry(Part::Field, 2), &["label", "required", "unit", "min", "guidance"]),
        (entry(Part::Field, 3), &["label", "options", "precision", "show_if", "characteristic"]),
        (entry(Part::Outcome, 0), &["unit", "event", "mid", "granularity", "harmonise", "accept"]),
        (Place::Timepoint(1, 0), &["label"]),
        (entry(Part::Analysis, 0), &["model", "method", "tau2", "test", "level", "cuts", "moderators", "favours_left", "favours_right"]),
        (entry(Part::Validation, 0), &["outcome", "why"]),
    ];
    for (place, names) in alone {
        for name in names {
            let lines = keys_of(FILE, place).expect("keys");
            let typed = lines.iter().find(|key| key.name == *name).and_then(|key| key.typed.clone()).expect("stands there");
            let text = kept(&set(place, name, ""));
            let at = FILE.lines().zip(text.lines()).position(|(old, new)| old != new).unwrap_or(text.lines().count());
            let mut lines: Vec<&str> = FILE.lines().collect();
            assert!(lines.remove(at).starts_with(name), "{name}: {text}");
            assert_eq!(text, format!("{}\n", lines.join("\n")), "{name}");
            let again = try_edit(&text, &set(place, name, &typed)).expect("fits").text;
            assert_eq!(form(&again), form(FILE), "{name}");
        }
    }
    let scope = kept(&set(entry(Part::Field, 2), "max", ""));
    assert_eq!(scope, replaced("max = 500\n", ""), "the comment above stays");
    let units = kept(&set(entry(Part::Field, 2), "units", ""));
    assert_eq!(form(&units).fields[2].units, Vec::<String>::new());
    let results = kept(&set(entry(Part::Appraisal, 0), "results", ""));
    assert_eq!(results, replaced("results = [\"pain.end\"]\n", ""));
}

#[test]
fn comments_above_a_key_that_goes_stay_even_at_the_end_and_braces_close_as_before() {
    let file = FILE.replace("guidance = \"As planned.\" # not as taken\n", "");
    let text = edit_form(&file, &set(entry(Part::Field, 2), "max", "")).expect("an edit");
    assert!(text.contains("min = 0\n# above this it is a slip\n[[field]]\nsection = \"methods\""), "{text}");
    let text = edit_form(FILE, &set(entry(Part::Field, 0), "options", "")).expect("an edit");
    assert!(text.contains("id = \"design\", type = \"choice\" }, # as randomised"), "{text}");
    let text = edit_form(FILE, &set(entry(Part::Field, 1), "section", "")).expect("an edit");
    assert!(text.contains("  { id = \"setting\", type = \"text\" },\n"), "{text}");
    let text = edit_form(FILE, &set(Place::Timepoint(0, 0), "upto", "")).expect("an edit");
    assert!(text.contains("[{ id = \"end\", label = \"End\" }]"), "a key that is not acted on can go: {text}");
}

#[test]
fn a_mistake_is_refused_with_the_words_of_the_checker() {
    let (dose, washout, outcome, analysis) =
        (entry(Part::Field, 2), entry(Part::Field, 3), entry(Part::Outcome, 0), entry(Part::Analysis, 0));
    for (place, name, typed, words) in [
        (Place::Form, "form", "My form", "ids are made of a-z"),
        (Place::Form, "version", "0", "versions are counted from 1"),
        (Place::Form, "version", "two", "expected a whole number"),
        (Place::Form, "title", "", "missing key `title`"),
        (Place::Form, "extractors", "3", "1 or 2 people"),
        (entry(Part::Arm, 0), "id", "other", "there is no arm \"drug\""),
        (entry(Part::Arm, 0), "label", "\u{202e}", "control characters"),
        (entry(Part::Arm, 0), "role", "both", "unknown variant `both`"),
        (dose, "id", "design", "stands here twice"),
        (dose, "section", "", "missing key `section`"),
        (dose, "type", "choice", "needs options"),
        (dose, "scope", "arms", "unknown variant `arms`"),
        (dose, "required", "perhaps", "expected true or false"),
        (dose, "unit", "kg", "not among the units"),
        (dose, "units", "mg; mg", "stands here twice"),
        (dose, "min", "600", "min 600 is above max 500"),
        (dose, "min", "little", "expected a number"),
        (dose, "max", "1,234", "expected a number"),
        (washout, "precision", "hour", "unknown variant `hour`"),
        (washout, "show_if", "dose: 1", "cannot depend on it"),
        (washout, "show_if", "design", "at least one answer"),
        (washout, "show_if", "design: cluster", "there is no answer \"cluster\""),
        (washout, "characteristic", "money", "unknown variant `money`"),
        (outcome, "kind", "dichotomous", "a dichotomous outcome has no scale to move to"),
        (outcome, "direction", "down", "unknown variant `down`"),
        (outcome, "direction", "", "needs a scale and a direction"),
        (outcome, "scale", "100 0", "the lowest value comes first"),
        (outcome, "scale", "1 2 3", "a scale has two ends"),
        (outcome, "accept", "mean_ci, or_ci", "not for a continuous outcome"),
        (outcome, "mid", "-1", "above 0"),
        (outcome, "granularity", "fine", "expected a number"),
        (outcome, "timepoints", "late", "there is no timepoint \"end\""),
        (Place::Timepoint(0, 0), "id", "End", "ids are made of"),
        (Place::Timepoint(1, 1), "id", "end", "stands here twice"),
        (analysis, "id", "one one", "ids of analyses"),
        (analysis, "outcome", "sleep", "there is no outcome \"sleep\""),
        (analysis, "timepoint", "late", "there is no timepoint \"late\""),
        (analysis, "control", "drug", "cannot be compared with itself"),
        (analysis, "experimental", "drug, drug", "named twice"),
        (analysis, "measure", "RR", "needs a dichotomous outcome"),
        (analysis, "method", "peto", "peto pools odds ratios"),
        (analysis, "tau2", "XX", "unknown variant `XX`"),
        (analysis, "level", "100", "between 0 and 100"),
        (analysis, "subgroup", "", "cuts divide numbers"),
        (analysis, "cuts", "2, 1", "cuts ascend"),
        (analysis, "moderators", "setting", "a moderator is a number"),
        (entry(Part::Appraisal, 0), "instrument", "mine", "there is no instrument"),
        (entry(Part::Appraisal, 0), "results", "pain.late", "there is no result"),
        (entry(Part::Validation, 0), "rule", "V99", "there is no check"),
        (entry(Part::Validation, 0), "outcome", "sleep", "there is no outcome"),
        (entry(Part::Validation, 0), "severity", "loud", "unknown variant `loud`"),
    ] {
        let why = refused(&set(place, name, typed));
        assert!(why.contains(words), "{name} = {typed}: {why}");
    }
    assert!(refused(&FormEdit::Remove(entry(Part::Outcome, 0))).contains("there is no outcome \"pain\""));
}

#[test]
fn a_mistake_that_was_there_before_does_not_stand_in_the_way() {
    let broken = replaced("subgroup = \"dose\"", "subgroup = \"sex\"");
    assert!(try_edit(&broken, &set(Place::Form, "title", "Pains")).is_ok());
    assert!(try_edit(&broken, &FormEdit::Move(entry(Part::Arm, 0), false)).is_ok());
    let error = try_edit(&broken, &set(Place::Form, "title", "")).expect_err("a new one");
    assert!(error.message.contains("missing key `title`"), "{}", error.message);
}

#[test]
fn a_key_is_needed_where_a_form_without_it_is_refused() {
    for (part, place) in places() {
        for key in keys(part).iter().filter(|key| key.kind != KeyKind::Points) {
            let text = edit_form(FILE, &set(place, key.name, "")).expect("an edit");
            assert_eq!(examine(&text, "form").0.is_none(), key.is_needed, "{part:?}, {}: {text}", key.name);
        }
    }
}

mod entries;
