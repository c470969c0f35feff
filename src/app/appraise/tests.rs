//! Each table of decisions over every set of answers, against the same written out.

use super::instruments;
use crate::domain::appraisal::{Condition, Instrument, Proposal, Responses};
use std::collections::BTreeMap;

fn load(id: &str) -> Instrument {
    instruments().iter().find(|tool| tool.id == id).unwrap_or_else(|| panic!("{id}")).clone()
}

/// What the table proposes, as a word: the judgement's id, "incomplete", or "none".
fn proposed<'a>(tool: &'a Instrument, domain: &str, responses: &Responses) -> &'a str {
    match tool.propose(tool.domain(domain).expect("a domain"), responses) {
        Proposal::Judged(judgement) => &judgement.id,
        Proposal::Incomplete(_) => "incomplete",
        Proposal::None => "none",
    }
}

const ANSWERS: [&str; 6] = ["Y", "PY", "PN", "N", "NI", "NA"];

/// Calls `look` with every set of answers to these questions that the questions allow.
fn every(tool: &Instrument, questions: &[&str], look: &mut dyn FnMut(&Responses)) {
    fn go(tool: &Instrument, rest: &[&str], given: &mut Responses, look: &mut dyn FnMut(&Responses)) {
        let Some((first, rest)) = rest.split_first() else { return look(given) };
        for answer in ANSWERS {
            if tool.question(first).expect("a question").answers.iter().any(|known| known == answer) {
                given.insert((*first).to_owned(), answer.to_owned());
                go(tool, rest, given, look);
            }
        }
        given.remove(*first);
    }
    go(tool, questions, &mut Responses::new(), look);
}

#[test]
fn every_instrument_of_the_program_is_sound() {
    assert_eq!(instruments().len(), 16);
    let mut ids: Vec<&str> = instruments().iter().map(|tool| tool.id.as_str()).collect();
    for tool in instruments() {
        assert_eq!(tool.check(), Vec::new(), "{}", tool.id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 16);
}

fn yes(answer: &str) -> bool {
    matches!(answer, "Y" | "PY")
}

fn no(answer: &str) -> bool {
    matches!(answer, "N" | "PN")
}

/// The randomisation process, written out: Sterne and others 2019, supplement, and the table of the specification.
fn d1(q: &dyn Fn(&str) -> String) -> &'static str {
    let (sequence, concealed, baseline) = (q("1.1"), q("1.2"), q("1.3"));
    if no(&concealed) {
        "high"
    } else if yes(&concealed) {
        if no(&sequence) || yes(&baseline) { "some" } else { "low" }
    } else if yes(&baseline) {
        "high"
    } else {
        "some"
    }
}

#[test]
fn rob2_randomisation_over_every_set_of_answers() {
    let tool = load("rob2");
    let mut count = 0;
    every(&tool, &["1.1", "1.2", "1.3"], &mut |given| {
        count += 1;
        assert_eq!(proposed(&tool, "d1", given), d1(&|id| given[id].clone()), "{given:?}");
    });
    assert_eq!(count, 125);
}

fn worst<'a>(a: &'a str, b: &'a str) -> &'a str {
    let rank = |judgement: &str| ["low", "some", "high"].iter().position(|known| *known == judgement).expect("a judgement");
    if rank(b) > rank(a) { b } else { a }
}

/// Deviations, effect of assignment.
fn d2(q: &dyn Fn(&str) -> String) -> &'static str {
    let first = if no(&q("2.1")) && no(&q("2.2")) || no(&q("2.3")) {
        "low"
    } else if q("2.3") == "NI" || no(&q("2.4")) || yes(&q("2.5")) {
        "some"
    } else {
        "high"
    };
    let second = if yes(&q("2.6")) {
        "low"
    } else if no(&q("2.7")) {
        "some"
    } else {
        "high"
    };
    worst(first, second)
}

#[test]
fn rob2_deviations_over_every_set_of_answers() {
    let tool = load("rob2");
    let mut count = 0;
    every(&tool, &["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"], &mut |given| {
        count += 1;
        assert_eq!(proposed(&tool, "d2", given), d2(&|id| given[id].clone()), "{given:?}");
    });
    assert_eq!(count, 5usize.pow(7));
}

/// Deviations, effect of adhering.
fn d2_adherence(q: &dyn Fn(&str) -> String) -> &'static str {
    let is_aware = !no(&q("2.1")) || !no(&q("2.2"));
    let by_analysis = if yes(&q("2.6")) { "some" } else { "high" };
    let unbalanced = is_aware && (no(&q("2.3")) || q("2.3") == "NI");
    let is_fine = |answer: String| no(&answer) || answer == "NA";
    if unbalanced {
        by_analysis
    } else if is_fine(q("2.4")) && is_fine(q("2.5")) {
        "low"
    } else {
        by_analysis
    }
}

#[test]
fn rob2_adherence_over_every_set_of_answers() {
    let tool = load("rob2-adherence");
    let mut count = 0;
    every(&tool, &["2.1", "2.2", "2.3", "2.4", "2.5", "2.6"], &mut |given| {
        count += 1;
        assert_eq!(proposed(&tool, "d2", given), d2_adherence(&|id| given[id].clone()), "{given:?}");
    });
    assert_eq!(count, 5 * 5 * 6 * 6 * 6 * 5);
}

#[test]
fn rob2_missing_data_measurement_and_reporting_over_every_set_of_answers() {
    let tool = load("rob2");
    every(&tool, &["3.1", "3.2", "3.3", "3.4"], &mut |given| {
        let q = |id: &str| given[id].as_str();
        let expected = if yes(q("3.1")) || yes(q("3.2")) || no(q("3.3")) {
            "low"
        } else if no(q("3.4")) {
            "some"
        } else {
            "high"
        };
        assert_eq!(proposed(&tool, "d3", given), expected, "{given:?}");
    });
    every(&tool, &["4.1", "4.2", "4.3", "4.4", "4.5"], &mut |given| {
        let q = |id: &str| given[id].as_str();
        let unless_known = if no(q("4.2")) { "low" } else { "some" };
        let expected = if yes(q("4.1")) || yes(q("4.2")) {
            "high"
        } else if no(q("4.3")) || no(q("4.4")) {
            unless_known
        } else if no(q("4.5")) {
            "some"
        } else {
            "high"
        };
        assert_eq!(proposed(&tool, "d4", given), expected, "{given:?}");
    });
    every(&tool, &["5.1", "5.2", "5.3"], &mut |given| {
        let q = |id: &str| given[id].as_str();
        let expected = if yes(q("5.2")) || yes(q("5.3")) {
            "high"
        } else if no(q("5.2")) && no(q("5.3")) && yes(q("5.1")) {
            "low"
        } else {
            "some"
        };
        assert_eq!(proposed(&tool, "d5", given), expected, "{given:?}");
    });
}

fn responses(pairs: &[(&str, &str)]) -> Responses {
    pairs.iter().map(|(id, answer)| ((*id).to_owned(), (*answer).to_owned())).collect()
}

#[test]
fn an_unanswered_question_that_decides_gives_no_judgement() {
    let tool = load("rob2");
    assert_eq!(tool.propose(&tool.domains[0], &Responses::new()), Proposal::Incomplete("1.2"));
    assert_eq!(proposed(&tool, "d1", &responses(&[("1.2", "N")])), "high");
    assert_eq!(proposed(&tool, "d1", &responses(&[("1.2", "Y"), ("1.1", "Y")])), "incomplete");
    // What is not asked need not be answered.
    assert_eq!(proposed(&tool, "d3", &responses(&[("3.1", "PY")])), "low");
    assert_eq!(proposed(&tool, "d2", &responses(&[("2.1", "N"), ("2.2", "PN"), ("2.6", "Y")])), "low");
}

#[test]
fn questions_are_asked_only_when_their_condition_holds() {
    let tool = load("rob2");
    let asked = |id: &str, given: &[(&str, &str)]| tool.is_asked(tool.question(id).expect("a question"), &responses(given));
    assert_eq!(asked("2.3", &[("2.1", "N"), ("2.2", "N")]), Some(false));
    assert_eq!(asked("2.3", &[("2.1", "Y")]), Some(true));
    assert_eq!(asked("2.3", &[("2.1", "N")]), None);
    assert_eq!(asked("4.3", &[("4.1", "N"), ("4.2", "NI")]), Some(true));
    assert_eq!(asked("1.1", &[]), Some(true));
}

#[test]
fn the_overall_judgement_is_that_of_the_worst_domain() {
    let tool = load("rob2");
    let judged = |all: [&str; 5]| all.iter().enumerate().map(|(at, id)| (format!("d{}", at + 1), (*id).to_owned())).collect();
    let overall = |all| match tool.overall(&judged(all)) {
        Proposal::Judged(judgement) => judgement.id.as_str(),
        _ => "open",
    };
    assert_eq!(overall(["low"; 5]), "low");
    assert_eq!(overall(["low", "some", "low", "low", "low"]), "some");
    assert_eq!(overall(["low", "some", "high", "low", "low"]), "high");
    assert_eq!(tool.overall(&BTreeMap::new()), Proposal::Incomplete("d1"));
    // No information weighs more than moderate, less than serious.
    let robins = load("robins-i-2016");
    let judged = |last: &str| (1..=7).map(|at| (format!("d{at}"), if at == 7 { last } else { "moderate" }.to_owned())).collect();
    assert!(matches!(robins.overall(&judged("no_information")), Proposal::Judged(judgement) if judgement.id == "no_information"));
}

#[test]
fn stars_are_counted_and_never_judged() {
    let tool = load("nos-cohort");
    assert_eq!(tool.stars(&responses(&[("s1", "*"), ("c1", "**"), ("o1", "none")])), Some((3, 9)));
    assert_eq!(load("nos-case-control").stars(&Responses::new()), Some((0, 9)));
    assert_eq!(load("rob2").stars(&Responses::new()), None);
    assert_eq!(tool.overall(&BTreeMap::new()), Proposal::None);
}

#[test]
fn a_faulty_instrument_is_named() {
    let mut tool = load("rob2");
    tool.domains[0].parts[0][0].judgement = "dreadful".to_owned();
    tool.domains[1].questions[2].asked_if = vec![Condition::new([("2.7", "y")])];
    let problems: Vec<String> = tool.check().iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["2.3: it waits for question 2.7, which does not come before it", "d1: there is no judgement dreadful"]);
}
