//! The analyses of the review as RevMan and the Cochrane data package hold them: the values that `analyse` pools, and its results.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::analysis::{AnalysisSpec, ArmPair, IntervalTest, Model, PoolingMethod, Side, Tau2Method};
use crate::domain::form::{Characteristic, Form, OutcomeKind};
use crate::export::revman::{
    Between, Characteristics, Comparison, Group, JudgedDomain, JudgedStudy, Kind, Numbers, Outcome, Pooled, Study, StudyArm, StudyData,
    StudyResult, Weighting,
};
use crate::meta::{self, StudyData as Input, Subgroup};
use crate::refs::{self, write_records};

use super::analyse::AnalysisResult;
use super::appraise::{OVERALL, instrument};
use super::error::{Error, ErrorKind, Result};
use super::query::arm_descriptions;
use super::workspace::Workspace;

/// The analyses as comparisons, and what a reader of the file has to know.
#[derive(Debug, Clone, PartialEq)]
pub struct RevManAnalyses {
    /// The comparisons by number.
    pub comparisons: Vec<Comparison>,
    /// What the file cannot say, or says otherwise than the form; one sentence each.
    pub remarks: Vec<String>,
}

impl Workspace {
    /// Returns every analysis of the form as RevMan holds it, with the rows that are pooled and the results of pooling them.
    ///
    /// Analyses are numbered by their ids where all are of the form "1.2"; otherwise anew, a comparison for each pair of arms.
    ///
    /// # Errors
    /// [`Error`] where the review has no form or the file cannot be read.
    pub fn revman_analyses(&self) -> Result<RevManAnalyses> {
        let form = self.form()?;
        let years = self.years()?;
        let (numbers, is_anew) = numbered(&form.analyses);
        let mut comparisons: BTreeMap<u32, Comparison> = BTreeMap::new();
        let mut remarks = Vec::new();
        for (spec, [comparison, number]) in form.analyses.iter().zip(numbers) {
            let result = self.analysis(&spec.id)?;
            let name = format!("{} versus {}", result.experimental, result.control);
            let entry = comparisons.entry(comparison).or_insert_with(|| Comparison {
                number: comparison,
                name: name.clone(),
                outcomes: Vec::new(),
            });
            if entry.name != name && !entry.name.split("; ").any(|known| known == name) {
                entry.name = format!("{}; {name}", entry.name);
            }
            if is_anew {
                remarks.push(format!("Analysis {} has the number {comparison}.{number} in the file.", spec.id));
            }
            remarks.extend(differences(&result));
            entry.outcomes.push(outcome(&form, &result, number, &years));
        }
        let mut comparisons: Vec<Comparison> = comparisons.into_values().collect();
        for comparison in &mut comparisons {
            comparison.outcomes.sort_by_key(|outcome| outcome.number);
        }
        Ok(RevManAnalyses { comparisons, remarks })
    }

    /// Returns what a data package tells of the studies.
    ///
    /// # Errors
    /// [`Error`] where the review has no form or the file cannot be read.
    pub fn package_studies(&self) -> Result<StudyData> {
        let form = self.form()?;
        let view = self.characteristics()?;
        let (domains, judged) = self.judgements(&form)?;
        let mut columns = view.columns.clone();
        // A package has these five whether or not anything is known.
        for column in [
            Characteristic::Methods,
            Characteristic::Participants,
            Characteristic::Interventions,
            Characteristic::Outcomes,
            Characteristic::Notes,
        ] {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns.sort_by_key(|column| (is_additional(*column), *column));
        let text = |cells: &[Vec<String>], column: Characteristic| {
            let at = view.columns.iter().position(|known| *known == column);
            at.and_then(|at| cells.get(at)).map(|lines| lines.join("\n")).unwrap_or_default()
        };
        let studies = view.included.iter().map(|study| Characteristics {
            study: study.study.clone(),
            year: study.year,
            texts: columns.iter().map(|column| text(&study.cells, *column)).collect(),
        });
        let mut study_arms = Vec::new();
        for known in self.agreed_studies(&*self.forms()?).iter() {
            let arms = arm_descriptions(&form, &known.agreed.cells).into_iter();
            study_arms.extend(arms.map(|(arm, description)| StudyArm { study: known.agreed.label.clone(), arm, description }));
        }
        Ok(StudyData {
            characteristics: columns.iter().map(|column| column.title().to_owned()).collect(),
            studies: studies.collect(),
            domains,
            judged,
            study_arms,
            study_results: self.study_results(&form)?,
            included: self.references_of(true)?,
            excluded: self.references_of(false)?,
        })
    }

    fn references_of(&self, is_included: bool) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        write_records(&mut bytes, refs::Format::Ris, &self.citations_of_reports(is_included)?)
            .map_err(|error| Error::new(ErrorKind::Internal, format!("references cannot be written: {error}")))?;
        Ok(bytes)
    }

    /// The domains judged, and the judgements agreed upon, study by study. Domains carry their result and, where the form plans several
    /// instruments, the name of theirs.
    fn judgements(&self, form: &Form) -> Result<(Vec<String>, Vec<JudgedStudy>)> {
        let tools: BTreeSet<&str> = form.appraisals.iter().map(|plan| plan.instrument.as_str()).collect();
        let mut domains: Vec<String> = Vec::new();
        let mut judged: BTreeMap<String, BTreeMap<String, JudgedDomain>> = BTreeMap::new();
        for line in self.appraisals()? {
            // Nothing is told before all that are needed are handed in.
            let Ok(compared) = self.compare_appraisals(&line.of) else { continue };
            let tool = instrument(&line.of.instrument)?;
            for item in compared.items {
                let Some(judgement) = item.agreed else { continue };
                let mut name = if item.item == OVERALL { "Overall risk of bias".to_owned() } else { item.title };
                if tools.len() > 1 {
                    name = format!("{}: {name}", tool.title);
                }
                if !line.result_label.is_empty() {
                    name = format!("{name}: {}", line.result_label);
                }
                if !domains.contains(&name) {
                    domains.push(name.clone());
                }
                let mut supports: Vec<String> = [item.a_support, item.b_support].into_iter().flatten().collect();
                supports.dedup();
                let domain = JudgedDomain { judgement, support: supports.join(" / ") };
                judged.entry(line.label.clone()).or_default().insert(name, domain);
            }
        }
        let row = |(study, known): (String, BTreeMap<String, JudgedDomain>)| JudgedStudy {
            study,
            domains: domains.iter().map(|name| known.get(name).cloned()).collect(),
        };
        let rows = judged.into_iter().map(row).collect();
        Ok((domains.clone(), rows))
    }

    fn study_results(&self, form: &Form) -> Result<Vec<StudyResult>> {
        let arm_name = |id: &str| form.arm(id).map_or_else(|| id.to_owned(), |arm| arm.label.clone());
        let results = self.results()?.into_iter().map(|line| {
            let (arm, reference_arm) = line.arm.split_once(" v ").unwrap_or((&line.arm, ""));
            let is_contrast = line.level == "contrast";
            let kind = form.outcome(&line.outcome).map(|outcome| outcome.kind);
            let data_type = match kind {
                _ if is_contrast => "Contrast level",
                Some(OutcomeKind::Dichotomous) => "Dichotomous",
                _ => "Continuous",
            };
            StudyResult {
                study: line.study.clone(),
                outcome: clinical(form, &line.outcome, &line.timepoint),
                data_type,
                measure: line.measure.clone().unwrap_or_default(),
                arm: arm_name(arm),
                reference_arm: if is_contrast { arm_name(reference_arm) } else { String::new() },
                people: line.n,
                cases: line.events,
                mean: line.mean.or(line.estimate.map(|estimate| if line.is_ratio() { estimate.ln() } else { estimate })),
                sd: line.sd,
                se: line.se,
                footnote: line.conversion.clone(),
            }
        });
        Ok(results.collect())
    }
}

/// Whether a column is none of the five that every package has.
fn is_additional(column: Characteristic) -> bool {
    use Characteristic as C;
    !matches!(column, C::Methods | C::Participants | C::Interventions | C::Outcomes | C::Notes)
}

/// Returns comparison and number of each analysis, in the order of the form, and whether they are other than its ids say.
fn numbered(analyses: &[AnalysisSpec]) -> (Vec<[u32; 2]>, bool) {
    let read = |spec: &AnalysisSpec| {
        let (comparison, number) = spec.id.split_once('.')?;
        let digits = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0 && number.to_string() == text);
        Some([digits(comparison)?, digits(number)?])
    };
    if let Some(numbers) = analyses.iter().map(read).collect::<Option<Vec<_>>>() {
        return (numbers, false);
    }
    let mut pairs: Vec<[&Side; 2]> = Vec::new();
    let mut counts: Vec<u32> = Vec::new();
    let anew = analyses.iter().map(|spec| {
        let pair = [&spec.experimental, &spec.control];
        let at = pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
            pairs.push(pair);
            counts.push(0);
            pairs.len() - 1
        });
        counts[at] += 1;
        [u32::try_from(at).unwrap_or(u32::MAX - 1) + 1, counts[at]]
    });
    (anew.collect(), true)
}

/// Says where RevMan pools otherwise, and which studies do not stand in the file.
fn differences(result: &AnalysisResult) -> Vec<String> {
    let spec = &result.spec;
    let mut remarks = Vec::new();
    if spec.model == Model::Random && spec.tau2 != Tau2Method::DerSimonianLaird {
        remarks.push(format!(
            "Analysis {} estimates the variance between studies by {}; RevMan 5 knows DL alone, so that its own result differs from the one in the file.",
            spec.id,
            spec.tau2.short()
        ));
    }
    if spec.test == IntervalTest::HartungKnapp {
        remarks
            .push(format!("Analysis {} has an interval by Hartung and Knapp; RevMan 5 has none, and Z stands for t in the file.", spec.id));
    }
    if spec.level != 95.0 {
        remarks.push(format!("Analysis {} has intervals of {} %; RevMan 5 takes 95 % unless it is told otherwise.", spec.id, spec.level));
    }
    if let Err(why) = &result.pooled {
        remarks.push(format!("Analysis {} has no result: {why}.", spec.id));
    }
    remarks.extend(result.left_out.iter().map(|(study, why)| format!("Analysis {} is without {study}: {why}.", spec.id)));
    remarks
}

/// Returns an outcome with its time point in words.
fn clinical(form: &Form, outcome: &str, timepoint: &str) -> String {
    let known = form.outcome(outcome);
    let label = known.map_or(outcome, |known| known.label.as_str());
    let when = known.and_then(|known| known.timepoint(timepoint)).map_or(timepoint, |known| known.name());
    format!("{label}, {when}")
}

fn outcome(form: &Form, result: &AnalysisResult, number: u32, years: &BTreeMap<String, Option<i32>>) -> Outcome {
    let spec = &result.spec;
    let studies = studies(result, years);
    let groups = result.subgroups.as_ref().map(|analysis| {
        let group = |group: &Subgroup| Group {
            name: group.name.clone(),
            studies: group.places.iter().filter_map(|at| studies.get(*at).cloned()).collect(),
            pooled: Pooled { weight: weight_of(group, result), ..pooled(&group.pooled) },
        };
        analysis.groups.iter().map(group).collect::<Vec<_>>()
    });
    let kind = match result.dataset.as_ref().map(|dataset| &dataset.data) {
        Some(Input::TwoMeans(_)) => Kind::Continuous,
        Some(Input::TwoByTwo(_)) => Kind::Dichotomous,
        Some(_) => Kind::Estimate,
        None if spec.measure.outcome_kind() == OutcomeKind::Continuous => Kind::Continuous,
        None => Kind::Dichotomous,
    };
    let favours = |text: &Option<String>, arm: &str| text.clone().unwrap_or_else(|| format!("Favours {arm}"));
    let unit = form.outcome(&spec.outcome).and_then(|outcome| outcome.unit.clone()).filter(|_| spec.measure.short() == "MD");
    Outcome {
        number,
        name: spec.title.clone(),
        clinical: clinical(form, &spec.outcome, &spec.timepoint),
        kind,
        method: match spec.method {
            PoolingMethod::InverseVariance => Weighting::InverseVariance,
            PoolingMethod::MantelHaenszel => Weighting::MantelHaenszel,
            PoolingMethod::Peto => Weighting::Peto,
        },
        measure: spec.measure.short(),
        is_ratio: spec.measure.is_ratio(),
        is_random: spec.model == Model::Random,
        level: spec.level,
        unit: unit.unwrap_or_default(),
        arms: [result.experimental.clone(), result.control.clone()],
        graph_labels: [favours(&spec.favours_left, &result.experimental), favours(&spec.favours_right, &result.control)],
        subgroup_by: spec
            .subgroup
            .as_deref()
            .filter(|_| groups.is_some())
            .map(|id| form.field(id).map_or(id, |field| field.name()).to_owned()),
        studies: if groups.is_some() { Vec::new() } else { studies },
        groups: groups.unwrap_or_default(),
        pooled: result.pooled.as_ref().ok().map(pooled),
        between: result.subgroups.as_ref().map(|analysis| Between {
            q: analysis.q_between,
            df: analysis.df,
            p: analysis.p,
            i2: analysis.i2_between,
        }),
    }
}

/// The rows of an analysis in the order of its input.
fn studies(result: &AnalysisResult, years: &BTreeMap<String, Option<i32>>) -> Vec<Study> {
    let pooled = result.pooled.as_ref().ok();
    let rows = result.rows.iter().enumerate().filter_map(|(at, row)| {
        let arms = row.arms.as_ref().ok()?;
        let effect = pooled.and_then(|pooled| pooled.studies.get(at).copied().flatten());
        let back = |value: f64| pooled.map_or(value, |pooled| pooled.measure.back_transform(value));
        let steps = result.steps.iter().filter(|(study, _)| *study == row.study).map(|(_, step)| step.words());
        Some(Study {
            label: row.study.clone(),
            year: years.get(&row.study).copied().flatten(),
            numbers: numbers(result, at, arms),
            effect: effect.map(|effect| [effect.yi, effect.ci.lower, effect.ci.upper].map(back)),
            se: effect.map(|effect| effect.vi.sqrt()),
            weight: pooled.and_then(|pooled| pooled.weights_pct.get(at).copied().flatten()),
            footnote: steps.collect::<Vec<_>>().join("; "),
        })
    });
    rows.collect()
}

/// What is pooled of a study: its arms, or an estimate where the analysis pools estimates.
fn numbers(result: &AnalysisResult, at: usize, arms: &ArmPair) -> Numbers {
    let people = match arms {
        ArmPair::Continuous { experimental, control } => [Some(experimental.n), Some(control.n)],
        ArmPair::Dichotomous { experimental, control } => [Some(experimental.n), Some(control.n)],
        ArmPair::Contrast { .. } => [None, None],
    };
    if let Some(Input::Generic(rows)) = result.dataset.as_ref().map(|dataset| &dataset.data)
        && let Some(row) = rows.get(at)
    {
        return Numbers::Estimate { estimate: row.yi, se: row.vi.sqrt(), people };
    }
    match arms {
        ArmPair::Continuous { experimental, control } => Numbers::Means([experimental, control].map(|arm| [arm.mean, arm.sd, arm.n])),
        ArmPair::Dichotomous { experimental, control } => Numbers::Counts([experimental, control].map(|arm| [arm.events, arm.n])),
        ArmPair::Contrast { estimate, se } => Numbers::Estimate { estimate: *estimate, se: *se, people },
    }
}

fn weight_of(group: &Subgroup, result: &AnalysisResult) -> Option<f64> {
    let pooled = result.pooled.as_ref().ok()?;
    let mut weights = group.places.iter().filter_map(|at| pooled.weights_pct.get(*at).copied().flatten()).peekable();
    weights.peek().is_some().then(|| weights.sum())
}

fn pooled(pooled: &meta::Pooled) -> Pooled {
    let some = |value: f64| (pooled.k > 0 && value.is_finite()).then_some(value);
    let h = &pooled.heterogeneity;
    let ci = pooled.ci_back();
    Pooled {
        effect: (pooled.k > 0).then(|| [pooled.estimate_back(), ci.lower, ci.upper]),
        weight: (pooled.k > 0).then(|| pooled.weights_pct.iter().flatten().sum()),
        q: some(h.q),
        df: some(h.df),
        p_q: some(h.p),
        i2: some(pooled.reported_i2()),
        tau2: (pooled.model == meta::Model::Random).then_some(pooled.tau2).and_then(some),
        z: some(pooled.stat),
        p_z: some(pooled.pval),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::sample;

    fn specs(ids: &[(&str, &str)]) -> Vec<AnalysisSpec> {
        let one = sample::form().analyses[1].clone();
        ids.iter().map(|(id, control)| AnalysisSpec { id: (*id).to_owned(), control: (*control).into(), ..one.clone() }).collect()
    }

    #[test]
    fn ids_like_those_of_revman_are_the_numbers() {
        assert_eq!(numbered(&specs(&[("1.1", "p"), ("1.10", "p"), ("2.1", "q")])), (vec![[1, 1], [1, 10], [2, 1]], false));
    }

    #[test]
    fn other_ids_are_numbered_by_pairs_of_arms() {
        for odd in ["pain", "0.1", "1.02", "1.2.3"] {
            let ids = specs(&[("1.7", "p"), (odd, "q"), ("2.1", "p")]);
            assert_eq!(numbered(&ids), (vec![[1, 1], [2, 1], [1, 2]], true), "{odd}");
        }
        assert_eq!(numbered(&[]), (Vec::new(), false));
    }
}
