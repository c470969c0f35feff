//! Extraction forms as TOML files: reading them, with every problem at its line and column.

mod keys;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::diagnostic::Severity;
use crate::domain::form::{Form, FormProblem};
use crate::domain::value::quoted;
use crate::guard::Rule;

use super::appraise::instruments;
use super::form_keys::Part;

/// The most problems that one file's error lists.
const MOST_PROBLEMS: usize = 50;

/// One problem of a form file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {}{message}", .field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default())]
pub struct FormFileProblem {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The key concerned, lists counted from 1 ("outcome 2, timepoints 1, id"), if one is.
    pub field: Option<String>,
    /// An error keeps the form from being used; warnings and notes do not.
    pub severity: Severity,
    /// What was found and what is expected; free of control characters.
    pub message: String,
}

/// A form file that cannot be used, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct FormFileError {
    /// The problems in the order of the file, at least one of them an error, at most fifty.
    pub problems: Vec<FormFileProblem>,
}

/// Reads a form from the text of a TOML file.
///
/// Keys that the program does not know are skipped; [`check_text`] names them.
///
/// # Errors
/// [`FormFileError`] where the text is not TOML, where something has the wrong type, or where [`Form::check`] finds an error.
/// Its message has one line per problem: file, line, column, key, and what is expected.
pub fn parse_form(text: &str, file_name: &str) -> Result<Form, FormFileError> {
    let (form, problems) = read(text, file_name);
    match form {
        Some(form) if !problems.iter().any(|problem| problem.severity == Severity::Error) => Ok(form),
        _ => Err(FormFileError { problems: problems.into_iter().take(MOST_PROBLEMS).collect() }),
    }
}

/// Returns everything there is to say about a form file, warnings and notes included, in the order of the file.
pub fn check_text(text: &str, file_name: &str) -> Vec<FormFileProblem> {
    read(text, file_name).1
}

fn read(text: &str, file_name: &str) -> (Option<Form>, Vec<FormFileProblem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (document, syntax_errors) = DeTable::parse_recoverable(text);
    let place = Places { text, file: clean(file_name), document: document.get_ref() };
    if !syntax_errors.is_empty() {
        let problems = syntax_errors.iter().map(|error| place.syntax_problem(error)).collect();
        return (None, sorted(problems));
    }
    let mut problems = unknown_keys(&place);
    let form: Form = match toml::from_str(text) {
        Ok(form) => form,
        Err(error) => {
            problems.push(place.type_problem(&error));
            return (None, sorted(problems));
        }
    };
    problems.extend(form.check().into_iter().map(|problem| place.form_problem(problem)));
    problems.extend(unknown_rules(&form).into_iter().map(|problem| place.form_problem(problem)));
    problems.extend(unknown_instruments(&form).into_iter().map(|problem| place.form_problem(problem)));
    (Some(form), sorted(problems))
}

/// Reads a form as far as it can be read, with everything that is to be said about it in the order of the file.
///
/// The form is there where the text is TOML and everything has the right type, also where [`Form::check`] finds errors.
pub fn examine(text: &str, file_name: &str) -> (Option<Form>, Vec<FormFileProblem>) {
    read(text, file_name)
}

/// Names the planned appraisals whose instrument the program does not have.
fn unknown_instruments(form: &Form) -> Vec<FormProblem> {
    let known: Vec<&str> = instruments().iter().map(|tool| tool.id.as_str()).collect();
    let plans = form.appraisals.iter().enumerate().filter(|(_, plan)| !known.contains(&plan.instrument.as_str()));
    plans
        .map(|(i, plan)| FormProblem {
            place: format!("appraisal[{i}].instrument"),
            severity: Severity::Error,
            message: format!("there is no instrument {}; known are {}", quoted(&plan.instrument), known.join(", ")),
        })
        .collect()
}

/// Names the checks of numbers that the program does not have.
fn unknown_rules(form: &Form) -> Vec<FormProblem> {
    let unknown = form.validations.iter().enumerate().filter(|(_, validation)| Rule::named(&validation.rule).is_none());
    unknown
        .map(|(i, validation)| FormProblem {
            place: format!("validate[{i}].rule"),
            severity: Severity::Error,
            message: format!("there is no check {}; checks are V0 to V17, or by name, as in {}", quoted(&validation.rule), Rule::V7.name()),
        })
        .collect()
}

fn sorted(mut problems: Vec<FormFileProblem>) -> Vec<FormFileProblem> {
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

/// Says what a value should be in words of people instead of those of a program.
fn in_plain_words(message: &str) -> String {
    let words = [
        ("expected f64", "expected a number"),
        ("expected u32", "expected a whole number"),
        ("expected a boolean", "expected true or false"),
        ("expected a sequence", "expected a list"),
        ("expected an array of length 2", "expected a list of two numbers"),
        ("floating point", "the number"),
        ("invalid type: string ", "invalid type: the text "),
        ("invalid type: integer ", "invalid type: the number "),
        ("invalid type: boolean ", "invalid type: "),
        ("invalid type: sequence", "invalid type: a list"),
        ("invalid type: map", "invalid type: a table"),
        ("missing field ", "missing key "),
    ];
    words.into_iter().fold(message.to_owned(), |message, (from, to)| message.replace(from, to))
}

/// Finds where in a file a key or a value stands.
struct Places<'a> {
    text: &'a str,
    file: String,
    document: &'a DeTable<'a>,
}

/// One step from a table or a list to what is in it.
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

impl Places<'_> {
    fn problem(&self, at: usize, field: Option<String>, severity: Severity, message: &str) -> FormFileProblem {
        let before = &self.text[..floor_boundary(self.text, at)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        FormFileProblem { file: self.file.clone(), line, column, field, severity, message: clean(message) }
    }

    fn syntax_problem(&self, error: &toml::de::Error) -> FormFileProblem {
        self.problem(error.span().map_or(0, |span| span.start), None, Severity::Error, error.message())
    }

    fn type_problem(&self, error: &toml::de::Error) -> FormFileProblem {
        let span = error.span().unwrap_or(0..0);
        let mut steps = Vec::new();
        find_in_table(self.document, &span, &mut steps);
        self.problem(span.start, (!steps.is_empty()).then(|| steps.join(", ")), Severity::Error, &in_plain_words(error.message()))
    }

    fn form_problem(&self, problem: FormProblem) -> FormFileProblem {
        let steps = steps_of(&problem.place);
        let at = self.find(&steps).unwrap_or(0);
        let field = steps.iter().fold(String::new(), |field, step| match step {
            Step::Key(key) if field.is_empty() => (*key).to_owned(),
            Step::Key(key) => format!("{field}, {key}"),
            Step::Item(i) => format!("{field} {}", i + 1),
        });
        self.problem(at, Some(field), problem.severity, &problem.message)
    }

    /// Returns where the deepest step that the file has begins; a step that it lacks points to what should hold it.
    fn find(&self, steps: &[Step<'_>]) -> Option<usize> {
        let (Some(Step::Key(first)), rest) = (steps.first(), steps.get(1..).unwrap_or_default()) else { return None };
        let names = [format!("{first}s"), first.replace("analysis", "analyses"), (*first).to_owned()];
        let lists = || names.iter().filter_map(|name| self.document.iter().find(|(key, _)| key.get_ref().as_ref() == name.as_str()));
        let (mut value, rest) = match rest {
            // Fields may be given as `fields = [..]` and as `[[field]]`; they are counted through in this order.
            [Step::Item(item), rest @ ..] => {
                (lists().filter_map(|(_, value)| value.get_ref().as_array()).flat_map(|list| list.iter()).nth(*item)?, rest)
            }
            rest => (lists().next().map(|(_, value)| value)?, rest),
        };
        for step in rest {
            let next = match (step, value.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => {
                    table.iter().find(|(name, _)| name.get_ref().as_ref() == *key).map(|(_, value)| value)
                }
                (Step::Item(item), DeValue::Array(list)) => list.get(*item),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        Some(value.span().start)
    }
}

/// Reads a place as `Form::check` writes it: "outcome[0].timepoints[1].id".
fn steps_of(place: &str) -> Vec<Step<'_>> {
    let parts = place.split('.').flat_map(|part| part.split('['));
    parts.map(|part| part.strip_suffix(']').and_then(|item| item.parse().ok()).map_or(Step::Key(part), Step::Item)).collect()
}

/// Collects the keys that lead to what a span covers, lists counted from 1; returns whether it was found.
///
/// A table that is written as `[[outcome]]` spans its heading only, so that its contents are searched whatever it spans.
fn find_in_table(table: &DeTable<'_>, span: &Range<usize>, steps: &mut Vec<String>) -> bool {
    table.iter().any(|(key, value)| {
        steps.push(clean(key.get_ref()));
        let found = find_in_value(value, span, steps) || encloses(&key.span(), span);
        if !found {
            steps.pop();
        }
        found
    })
}

fn find_in_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, steps: &mut Vec<String>) -> bool {
    let found = match value.get_ref() {
        DeValue::Table(table) => find_in_table(table, span, steps),
        DeValue::Array(list) => {
            let name = steps.pop().unwrap_or_default();
            let found = list.iter().enumerate().any(|(i, item)| {
                steps.push(format!("{name} {}", i + 1));
                let found = find_in_value(item, span, steps);
                if !found {
                    steps.pop();
                }
                found
            });
            if !found {
                steps.push(name);
            }
            found
        }
        _ => false,
    };
    found || encloses(&value.span(), span)
}

fn encloses(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Names what reading skips: keys of later versions as notes, others, which may be typing errors, as warnings, and a third end of a scale.
fn unknown_keys(places: &Places<'_>) -> Vec<FormFileProblem> {
    let mut problems = Vec::new();
    look_at_keys(places, Part::Form, places.document, &mut problems);
    for (key, value) in places.document {
        let Some(part) = Part::listed_as(key.get_ref()) else { continue };
        for table in tables(value) {
            look_at_keys(places, part, table, &mut problems);
            for (key, value) in table {
                match (part, key.get_ref().as_ref()) {
                    (Part::Outcome, "timepoints") => {
                        tables(value).for_each(|timepoint| look_at_keys(places, Part::Timepoint, timepoint, &mut problems));
                    }
                    (Part::Outcome, "scale") if value.get_ref().as_array().is_some_and(|ends| ends.len() > 2) => {
                        let message = "a scale has two ends, the lowest and the highest value, as in [0, 100]";
                        problems.push(places.problem(value.span().start, Some("scale".to_owned()), Severity::Error, message));
                    }
                    (Part::Field, "show_if") => {
                        value.get_ref().as_table().into_iter().for_each(|when| look_at_keys(places, Part::Condition, when, &mut problems));
                    }
                    _ => {}
                }
            }
        }
    }
    problems
}

fn tables<'a>(value: &'a Spanned<DeValue<'a>>) -> impl Iterator<Item = &'a DeTable<'a>> {
    value.get_ref().as_array().into_iter().flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_table())
}

fn look_at_keys(places: &Places<'_>, part: Part, table: &DeTable<'_>, problems: &mut Vec<FormFileProblem>) {
    let known = keys::known(part);
    for key in table.keys() {
        let name = key.get_ref().as_ref();
        if keys::is_later(part, name) {
            let message = format!("{} is kept in the file, but this version does not act on it", quoted(name));
            problems.push(places.problem(key.span().start, Some(name.to_owned()), Severity::Note, &message));
        } else if !known.contains(&name) {
            let noun = part.noun();
            let article = if noun.starts_with(['a', 'o']) { "an" } else { "a" };
            let message = format!("{article} {noun} has no key {}; known are {}", quoted(name), known.join(", "));
            problems.push(places.problem(key.span().start, Some(clean(name)), Severity::Warning, &message));
        }
    }
}

/// Returns a text as one line that may be printed: what is not plain is escaped.
fn clean(text: &str) -> String {
    let is_safe = |c: char| !c.is_control() && crate::domain::value::is_plain(c.encode_utf8(&mut [0; 4]));
    text.chars().flat_map(|c| if is_safe(c) { vec![c] } else { c.escape_unicode().collect() }).collect()
}

/// Returns the nearest place at or before `at` that does not split a character.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::form::{ArmRole, FieldType, Scope};

    const FORM: &str = r#"form = "pain"
version = 1
title = "Pain"
fields = [
  { section = "methods", id = "design", type = "choice", required = true, options = ["RCT parallel", "RCT crossover"] },
  { section = "arms", scope = "arm", id = "dose", type = "decimal", unit = "mg/kg", units = ["mg/kg", "mg"], min = 0 },
]
[[arm]]
id = "ketamine"
label = "Ketamine"
role = "experimental"
[[arm]]
id = "placebo"
label = "Placebo"
role = "control"
[[field]]
section = "other"
id = "funding"
type = "multi"
options = ["public", "industry"]
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
direction = "lower-better"
scale = [0, 100]
mid = 10
timepoints = [ { id = "immediate", upto = "48 h" }, { id = "short", label = "Short term" } ]
[[analysis]]
id = "1.1"
title = "Pain, immediate"
outcome = "pain"
timepoint = "immediate"
experimental = "ketamine"
control = "placebo"
measure = "MD"
tau2 = "DL"
subgroup = "design"
favours_left = "Favours ketamine"
"#;

    fn first_problem(text: &str) -> FormFileProblem {
        parse_form(text, "form.toml")
            .expect_err("a problem")
            .problems
            .into_iter()
            .find(|p| p.severity == Severity::Error)
            .expect("an error")
    }

    #[test]
    fn a_form_is_read_with_its_defaults() {
        let form = parse_form(FORM, "form.toml").expect("a sound form");
        assert_eq!((form.extractors, form.fields.len(), form.arms[0].role), (2, 3, ArmRole::Experimental));
        assert_eq!((form.fields[1].scope, form.fields[1].min, form.fields[2].kind), (Scope::Arm, Some(0.0), FieldType::Multi));
        assert_eq!(form.outcomes[0].scale, Some([0.0, 100.0]));
        assert_eq!((form.analyses[0].level, form.analyses[0].tau2.short()), (95.0, "DL"));
        assert!(form.cell("outcome.pain.immediate.ketamine.mean").is_some());
    }

    #[test]
    fn the_form_of_the_worked_example_has_no_problems() {
        let text = include_str!("../../examples/ketamine/form.toml");
        assert_eq!(check_text(text, "form.toml"), []);
        let form = parse_form(text, "form.toml").expect("a sound form");
        assert_eq!(form.analyses.iter().map(|analysis| analysis.id.as_str()).collect::<Vec<_>>(), ["1.1", "1.2", "1.4", "1.9"]);
        assert_eq!(form.analyses[1].subgroup.as_deref(), Some("duration"));
    }

    #[test]
    fn keys_of_later_versions_are_noted_and_typing_errors_warned_about() {
        let text = FORM.replace("required = true", "requird = true").replace("mid = 10", "change = \"either\"");
        let found = check_text(&text, "form.toml");
        let found: Vec<_> = found.iter().map(|p| (p.line, p.field.as_deref().unwrap_or_default(), p.severity)).collect();
        let note = Severity::Note;
        assert_eq!(found, [(5, "requird", Severity::Warning), (27, "change", note), (28, "upto", note)]);
        assert!(parse_form(&text, "form.toml").is_ok());
    }

    #[test]
    fn a_check_can_be_switched_off_and_a_wrong_name_is_shown_where_it_stands() {
        let rule =
            |rule: &str| format!("{FORM}[[validate]]\nrule = \"{rule}\"\noutcome = \"pain\"\nseverity = \"off\"\nwhy = \"ratings\"\n");
        let form = parse_form(&rule("sd_se_confusion"), "form.toml").expect("a sound form");
        assert_eq!(form.validations[0].outcome.as_deref(), Some("pain"));
        let problem = first_problem(&rule("V99"));
        assert!(problem.field.as_deref() == Some("validate 1, rule") && problem.message.contains("sd_se_confusion"), "{problem}");
        let problem = first_problem(&rule("V7").replace("outcome = \"pain\"\nseverity", "outcome = \"sleep\"\nseverity"));
        assert!(problem.message.contains("there is no outcome \"sleep\""), "{problem}");
    }

    #[test]
    fn a_syntax_error_names_line_and_column() {
        let problem = first_problem("form = \"pain\"\nversion = = 1\n");
        assert_eq!((problem.line, problem.column), (2, 11), "{problem}");
        assert!(problem.to_string().starts_with("form.toml:2:11: "), "{problem}");
    }

    #[test]
    fn a_wrong_type_names_the_key_and_what_is_expected() {
        let problem = first_problem(&FORM.replace("type = \"decimal\"", "type = \"number\""));
        assert_eq!((problem.line, problem.field.as_deref()), (6, Some("fields 2, type")), "{problem}");
        assert!(problem.message.contains("`integer`"), "{problem}");
        let problem = first_problem(&FORM.replace("min = 0 }", "min = 0, characteristic = \"money\" }"));
        assert_eq!((problem.line, problem.field.as_deref()), (6, Some("fields 2, characteristic")), "{problem}");
        assert!(problem.message.contains("`funding`"), "{problem}");
        let problem = first_problem(&FORM.replace("kind = \"continuous\"", "kind = 3"));
        assert_eq!((problem.line, problem.field.as_deref()), (24, Some("outcome 1, kind")), "{problem}");
        let problem = first_problem(&FORM.replace("role = \"control\"\n", ""));
        assert_eq!((problem.line, problem.field.as_deref()), (12, Some("arm 2")), "{problem}");
        assert!(problem.message.contains("role"), "{problem}");
    }

    #[test]
    fn a_wrong_reference_is_shown_where_it_stands() {
        let problem = first_problem(&FORM.replace("timepoint = \"immediate\"", "timepoint = \"later\""));
        assert_eq!((problem.line, problem.column, problem.field.as_deref()), (33, 13, Some("analysis 1, timepoint")), "{problem}");
        let problem = first_problem(&FORM.replace("id = \"funding\"", "id = \"design\""));
        assert_eq!((problem.line, problem.field.as_deref()), (18, Some("field 3, id")), "{problem}");
        let problem = first_problem(&FORM.replace("\noptions = [\"public\", \"industry\"]", ""));
        assert_eq!((problem.line, problem.field.as_deref()), (16, Some("field 3, options")), "{problem}");
    }

    #[test]
    fn hostile_text_reaches_no_message_unescaped() {
        let text = FORM.replace("\"experimental\"", "\"\\u001b[2J\"").replace("\"48 h\"", "\"\u{202e}\"");
        let error = parse_form(&text, "fo\u{1b}rm.toml").expect_err("not a role").to_string();
        assert!(error.chars().all(|c| !c.is_control() || c == '\n'), "{error:?}");
        assert!(!error.contains('\u{202e}'));
    }

    proptest! {
        #[test]
        fn damaged_files_never_panic(at in 0..FORM.len(), length in 0_usize..40, insert in "[\\[\\]{}=\",.a-z0-9\n\u{e9}]{0,6}") {
            let (start, end) = (floor_boundary(FORM, at), floor_boundary(FORM, at + length));
            let text = format!("{}{insert}{}", &FORM[..start], &FORM[end..]);
            let _ = parse_form(&text, "form.toml");
            let _ = check_text(&text, "form.toml");
        }
    }
}
