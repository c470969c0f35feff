//! Figures of risk of bias, from the judgements agreed upon.

use std::collections::BTreeMap;

use crate::domain::appraisal::Instrument;
use crate::domain::text::counted;
use crate::figure::bias::{BiasModel, BiasRow, Domain, Level, Tone};

use super::appraise::{AgreedBias, OVERALL};
use super::error::{Error, Result};

/// Builds the figure of the judgements of one instrument. `weights` are those of the studies in an analysis, by label, in percent; without them
/// each study counts alike.
///
/// # Errors
/// [`Error`] for an instrument that counts stars and judges nothing.
pub fn bias_model(bias: &AgreedBias, weights: &BTreeMap<String, f64>) -> Result<BiasModel> {
    let levels = levels(bias.tool);
    if levels.is_empty() {
        return Err(
            Error::user(format!("{} counts stars; it has no judgements to draw", bias.tool.title)).hint("tamis rob list shows the stars")
        );
    }
    let domains = bias.items.iter().map(|item| Domain {
        short: if item.id == OVERALL { "Overall".to_owned() } else { item.id.to_uppercase() },
        title: item.title.clone(),
        is_overall: item.id == OVERALL,
    });
    let rows = bias.studies.iter().map(|study| BiasRow {
        label: study.label.clone(),
        judgements: study.judgements.iter().map(|judged| place(bias.tool, judged.as_ref().map(|(id, _)| id.as_str())?)).collect(),
        weight: weights.get(&study.label).copied(),
    });
    let title = [bias.tool.title.as_str(), bias.result_label.as_str()];
    let mut footnotes = Vec::new();
    if !bias.waiting.is_empty() {
        let those = if bias.waiting.len() == 1 { "is" } else { "are" };
        footnotes.push(format!(
            "{} {those} not shown, because not all appraisals are in: {}.",
            counted(bias.waiting.len(), "study"),
            bias.waiting.join(", ")
        ));
    }
    Ok(BiasModel {
        title: title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "),
        levels,
        domains: domains.collect(),
        rows: rows.collect(),
        footnotes,
    })
}

/// The judgements of an instrument with their colours.
fn levels(tool: &Instrument) -> Vec<Level> {
    let mut seen: Vec<char> = Vec::new();
    let mut levels = Vec::new();
    for judgement in &tool.judgements {
        let tone = match judgement.sign {
            // A second judgement with a plus is a low risk with a reservation.
            '+' if seen.contains(&'+') => Tone::NearlyLow,
            '+' => Tone::Low,
            '-' => Tone::Some,
            'x' => Tone::High,
            '!' => Tone::Critical,
            // "Unclear" is a judgement between low and high; "no information" is none.
            _ if judgement.label.to_lowercase().contains("no information") => Tone::NoInformation,
            _ => Tone::Some,
        };
        seen.push(judgement.sign);
        levels.push(Level { label: judgement.label.clone(), sign: judgement.sign, tone });
    }
    levels
}

/// Returns the place of a judgement among those of its instrument; an answer of a checklist stands for the judgement that it amounts to.
fn place(tool: &Instrument, id: &str) -> Option<usize> {
    let sign = match id {
        "Y" => '+',
        "N" => 'x',
        _ => return tool.judgements.iter().position(|known| known.id == id),
    };
    tool.judgements.iter().position(|known| known.sign == sign)
}

#[cfg(test)]
mod tests {
    use super::super::appraise::{AgreedBiasStudy, BiasItem, instrument, instruments};
    use super::*;

    fn bias(tool: &str, ids: &[Option<&str>]) -> AgreedBias {
        let item = |at: usize| BiasItem { id: format!("d{}", at + 1), title: format!("Domain {}", at + 1) };
        AgreedBias {
            tool: instrument(tool).expect("an instrument"),
            result: "pain.short".into(),
            result_label: "Pain, Short term".into(),
            items: (0..ids.len()).map(item).collect(),
            studies: vec![AgreedBiasStudy {
                label: "A 2001".into(),
                judgements: ids.iter().map(|id| id.map(|id| (id.to_owned(), id.to_owned()))).collect(),
            }],
            waiting: vec!["B 2002".into()],
        }
    }

    #[test]
    fn judgements_become_lights_and_what_is_open_stays_open() {
        let model =
            bias_model(&bias("rob2", &[Some("high"), None, Some("low")]), &BTreeMap::from([("A 2001".to_owned(), 40.0)])).expect("drawn");
        assert_eq!(model.title, "RoB 2: Pain, Short term");
        assert_eq!(model.rows[0].judgements, [Some(2), None, Some(0)]);
        assert_eq!(model.rows[0].weight, Some(40.0));
        assert!(model.footnotes[0].starts_with("1 study is not shown") && model.footnotes[0].contains("B 2002"), "{:?}", model.footnotes);
        assert_eq!(model.domains[0].short, "D1");
    }

    #[test]
    fn answers_of_a_checklist_amount_to_judgements() {
        let model = bias_model(&bias("jbi-rct", &[Some("Y"), Some("N"), Some("unclear"), Some("NA")]), &BTreeMap::new()).expect("drawn");
        let signs: Vec<Option<char>> = (0..4).map(|at| model.level(&model.rows[0], at).map(|level| level.sign)).collect();
        assert_eq!(signs, [Some('+'), Some('x'), Some('?'), None]);
    }

    #[test]
    fn every_instrument_with_judgements_has_a_colour_for_each() {
        for tool in instruments() {
            let levels = levels(tool);
            let mut tones: Vec<Tone> = levels.iter().map(|level| level.tone).collect();
            tones.sort_unstable();
            tones.dedup();
            assert_eq!(tones.len(), levels.len(), "{}", tool.id);
            assert_eq!(bias_model(&bias(&tool.id, &[]), &BTreeMap::new()).is_err(), levels.is_empty(), "{}", tool.id);
        }
    }
}
