//! Judgements for the figures of risk of bias: few studies, many with everything a row can be, and none.

use tamis::figure::bias::{BiasModel, BiasRow, Domain, Level, Tone};

fn level(label: &str, sign: char, tone: Tone) -> Level {
    Level { label: label.to_owned(), sign, tone }
}

fn domain(short: &str, title: &str) -> Domain {
    Domain { short: short.to_owned(), title: title.to_owned(), is_overall: short == "Overall" }
}

fn row(label: &str, judgements: &str, weight: Option<f64>) -> BiasRow {
    let judgement = |c: char| c.to_digit(10).map(|at| at as usize);
    BiasRow { label: label.to_owned(), judgements: judgements.chars().map(judgement).collect(), weight }
}

/// RoB 2 of the trials of `pain`.
fn pain() -> BiasModel {
    BiasModel {
        title: "1.1 Pain intensity, immediate (0 to 100)".to_owned(),
        levels: vec![level("Low risk", '+', Tone::Low), level("Some concerns", '-', Tone::Some), level("High risk", 'x', Tone::High)],
        domains: vec![
            domain("D1", "Randomisation process"),
            domain("D2", "Deviations from the intended interventions"),
            domain("D3", "Missing outcome data"),
            domain("D4", "Measurement of the outcome"),
            domain("D5", "Selection of the reported result"),
            domain("Overall", "Overall risk of bias"),
        ],
        rows: vec![
            row("Lumanauw 2019", "001011", Some(34.1)),
            row("Noppers 2011", "010022", Some(29.8)),
            row("Sigtermans 2009", "000011", Some(36.1)),
        ],
        footnotes: Vec::new(),
    }
}

/// An instrument of five judgements and seven domains for forty studies, with long, Greek and right-to-left labels and open judgements.
fn forty() -> BiasModel {
    let mut rows = vec![
        row("Łukaszewicz-Gómez and the Ομάδα Μελέτης Πόνου Study Group 2011", "01234012", Some(12.0)),
        row("כהן 2019", "00000000", None),
        row("Nobody agreed 2020", "--------", Some(3.0)),
        row("Half agreed 2021", "012-----", Some(3.0)),
    ];
    for at in rows.len()..40 {
        let judgements: String = (0..8).map(|domain| char::from(b'0' + ((at * (domain + 3)) % 5) as u8)).collect();
        rows.push(row(&format!("Cohort {at} {}", 1980 + at), &judgements, Some(1.0 + at as f64 / 10.0)));
    }
    BiasModel {
        title: "Mortality at one year in cohorts of people who were treated at home or in hospital, adjusted for age and severity"
            .to_owned(),
        levels: vec![
            level("Low risk", '+', Tone::Low),
            level("Moderate risk", '-', Tone::Some),
            level("Serious risk", 'x', Tone::High),
            level("Critical risk", '!', Tone::Critical),
            level("No information", '?', Tone::NoInformation),
        ],
        domains: vec![
            domain("D1", "Confounding"),
            domain("D2", "Selection of participants into the study"),
            domain("D3", "Classification of interventions"),
            domain("D4", "Deviations from the intended interventions"),
            domain("D5", "Missing data"),
            domain("D6", "Measurement of outcomes"),
            domain("D7", "Selection of the reported result"),
            domain("Overall", "Overall risk of bias"),
        ],
        rows,
        footnotes: vec!["1 study has no weight in the analysis and counts nothing where shares are weighted.".to_owned()],
    }
}

/// The models by name.
pub fn models() -> Vec<(&'static str, BiasModel)> {
    vec![("pain", pain()), ("forty", forty()), ("empty", BiasModel { rows: Vec::new(), ..pain() })]
}
