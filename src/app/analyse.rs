//! From agreed values to pooled results: an agreed cell is the pooling input.

use crate::derive::Step;
use crate::domain::analysis::{self, AnalysisSpec, ArmPair, Characteristic, DatasetRow, IntervalTest, PoolingMethod, Side, group_rank};
use crate::meta::compare::{self, Comparison};
use crate::meta::convert::combine_arms;
use crate::meta::measure::{GenericRow, TwoByTwo, TwoMeans};
use crate::meta::regression::{Regression, Term, regress};
use crate::meta::{self, Convention, Dataset, Moderator, Options, Pooled, StudyData, SubgroupAnalysis};

use super::agreed::AgreedNumbers;
use super::conventions::{ComparisonText, set_out};
use super::error::{Error, Result};
use super::forms::Forms;
use super::workspace::Workspace;

/// One analysis of the review with its input and its result.
#[derive(Debug, Clone)]
pub struct AnalysisResult {
    /// What was to be pooled, and how.
    pub spec: AnalysisSpec,
    /// The name of the experimental arm.
    pub experimental: String,
    /// The name of the control arm.
    pub control: String,
    /// The input, one row per study that has any of the numbers, in the order of [`Pooled::studies`].
    pub rows: Vec<DatasetRow>,
    /// Studies with some but not all of the numbers, each with the reason in words.
    pub left_out: Vec<(String, String)>,
    /// The steps by which numbers of the input were derived from what was typed: the study and the step.
    pub steps: Vec<(String, Step)>,
    /// The same as the engine takes it; `None` where no study has numbers.
    pub dataset: Option<Dataset>,
    /// The result; the error in words where nothing could be pooled.
    pub pooled: Result<Pooled, String>,
    /// The subgroups, where the analysis has them and they could be pooled.
    pub subgroups: Option<SubgroupAnalysis>,
    /// The meta-regression on the moderators, where the analysis has any; the error in words where it could not be fitted.
    pub regression: Option<Result<Regression, String>>,
}

/// The conventions that are compared where none are named.
pub const USUAL_CONVENTIONS: [Convention; 3] = [Convention::RevMan, Convention::RevManWeb, Convention::Metafor];

impl AnalysisResult {
    /// Pools the same studies under several conventions, each with the options that its program starts with; the model is that of the
    /// analysis. `None` where no study has numbers.
    pub fn compare(&self, conventions: &[Convention]) -> Option<Comparison> {
        let (dataset, options) = (self.dataset.as_ref()?, options(&self.spec).ok()?);
        Some(compare::compare(dataset, &options, Some(options.model), conventions))
    }

    /// Returns how the engine is told to pool.
    ///
    /// # Errors
    /// A word of the analysis that the engine does not know.
    pub fn options(&self) -> Result<Options, String> {
        options(&self.spec)
    }

    /// Returns the terms of the meta-regression; none where the analysis has no moderators.
    pub fn terms(&self) -> Vec<Term> {
        self.spec.moderators.iter().map(|name| Term::Main(name.clone())).collect()
    }

    /// Returns the comparison of the usual conventions in words.
    pub fn compared(&self) -> Option<ComparisonText> {
        self.compare(&USUAL_CONVENTIONS).as_ref().map(set_out)
    }
}

impl Workspace {
    /// Returns the analyses that the form defines.
    ///
    /// # Errors
    /// [`Error`] where the review has no form.
    pub fn analyses(&self) -> Result<Vec<AnalysisSpec>> {
        Ok(self.form()?.analyses)
    }

    /// Runs one analysis on the values agreed upon so far.
    ///
    /// # Errors
    /// [`Error`] where the review has no form or the form no such analysis.
    pub fn analysis(&self, id: &str) -> Result<AnalysisResult> {
        let forms = self.forms()?;
        let form = forms.current();
        let spec = form.analyses.iter().find(|spec| spec.id == id).cloned().ok_or_else(|| {
            let known: Vec<&str> = form.analyses.iter().map(|spec| spec.id.as_str()).collect();
            Error::not_found(format!("the form has no analysis \"{id}\"")).hint(format!("its analyses are {}", known.join(", ")))
        })?;
        Ok(self.run_analysis(&forms, spec))
    }

    fn run_analysis(&self, forms: &Forms, spec: AnalysisSpec) -> AnalysisResult {
        let form = forms.current();
        let numbers = self.agreed_studies(forms);
        let studies = numbers.iter().map(|known| &known.agreed);
        let (mut rows, mut left_out) = (Vec::new(), Vec::new());
        let excluded = self.state.excluded_from(&spec.id);
        for (row, known) in analysis::dataset_rows(form, &spec, studies, combine_arms).into_iter().zip(numbers.iter()) {
            if let Some(exclusion) = excluded.iter().find(|exclusion| exclusion.study == known.id) {
                left_out.push((row.study.clone(), format!("{}: {}", exclusion.reviewer, exclusion.reason)));
                continue;
            }
            match &row.arms {
                Ok(_) => rows.push(row),
                Err(analysis::LeftOut::NoData) => {}
                Err(why) => left_out.push((row.study.clone(), why.to_string())),
            }
        }
        if !spec.cuts.is_empty() {
            rows.sort_by_key(|row| group_rank(&spec.cuts, row.subgroup.as_deref()));
        }
        let label = |id: &String| form.arm(id).map_or_else(|| id.clone(), |arm| arm.label.clone());
        let name = |side: &Side| side.arms().iter().map(label).collect::<Vec<_>>().join(" + ");
        let (experimental, control) = (name(&spec.experimental), name(&spec.control));
        let options = options(&spec);
        let input = options.as_ref().map_err(Clone::clone).and_then(|options| dataset(&rows, &spec, options));
        let steps = steps_of(&mut rows, &numbers);
        let pooled = input.as_ref().map_err(Clone::clone).and_then(|input| match &options {
            Ok(options) => meta::pool(input, options).map_err(|error| error.to_string()),
            Err(error) => Err(error.clone()),
        });
        let subgroups = match (&input, &options) {
            (Ok(input), Ok(options)) if spec.subgroup.is_some() => meta::pool_subgroups(input, options).ok(),
            _ => None,
        };
        let regression = match (&input, &options) {
            (Ok(input), Ok(options)) if !spec.moderators.is_empty() => {
                let terms: Vec<Term> = spec.moderators.iter().map(|name| Term::Main(name.clone())).collect();
                Some(regress(input, options, &terms).map_err(|error| error.to_string()))
            }
            _ => None,
        };
        AnalysisResult { spec, experimental, control, rows, left_out, steps, dataset: input.ok(), pooled, subgroups, regression }
    }

    /// Counts the distinct studies whose numbers entered any analysis.
    pub(super) fn studies_in_analysis(&self) -> usize {
        let Ok(forms) = self.forms() else { return 0 };
        let form = forms.current();
        let numbers = self.agreed_studies(&forms);
        let mut pooled: Vec<String> = Vec::new();
        for spec in &form.analyses {
            pooled.extend(
                analysis::dataset_rows(form, spec, numbers.iter().map(|known| &known.agreed), combine_arms)
                    .into_iter()
                    .filter(|row| row.arms.is_ok())
                    .map(|row| row.study),
            );
        }
        pooled.sort_unstable();
        pooled.dedup();
        pooled.len()
    }
}

/// Returns the steps behind the numbers of an analysis, study by study, in the order in which they were made, and adds the cells that
/// they were made from to those of each row.
fn steps_of(rows: &mut [DatasetRow], numbers: &[AgreedNumbers]) -> Vec<(String, Step)> {
    let mut steps = Vec::new();
    for row in rows {
        let Some(known) = numbers.iter().find(|known| known.agreed.label == row.study) else { continue };
        let mut wanted: Vec<String> = row.paths.clone();
        let mut found: Vec<usize> = Vec::new();
        while let Some(path) = wanted.pop() {
            for (at, step) in known.derived.steps.iter().enumerate().filter(|(_, step)| step.path == path) {
                if !found.contains(&at) {
                    found.push(at);
                    wanted.extend(step.inputs.iter().map(|(path, _)| path.clone()));
                }
            }
        }
        found.sort_unstable();
        for (path, _) in found.iter().flat_map(|&at| &known.derived.steps[at].inputs) {
            if !row.paths.contains(path) {
                row.paths.push(path.clone());
            }
        }
        steps.extend(found.into_iter().map(|at| (row.study.clone(), known.derived.steps[at].clone())));
    }
    steps
}

/// Turns the rows of an analysis into the engine's input, in the same order.
///
/// Where a study gives an estimate and no numbers of its arms, all are pooled as estimates with their standard errors.
fn dataset(rows: &[DatasetRow], spec: &AnalysisSpec, options: &Options) -> Result<Dataset, String> {
    let labels: Vec<String> = rows.iter().map(|row| row.study.clone()).collect();
    let pairs: Vec<ArmPair> = rows.iter().filter_map(|row| row.arms.clone().ok()).collect();
    let continuous: Vec<TwoMeans> = pairs.iter().filter_map(two_means).collect();
    let dichotomous: Vec<TwoByTwo> = pairs.iter().filter_map(two_by_two).collect();
    let estimates = pairs.len() - continuous.len() - dichotomous.len();
    let data = match (continuous.len(), dichotomous.len(), estimates) {
        (0, 0, 0) => return Err("no study has agreed numbers for this analysis yet".to_owned()),
        (_, 0, 0) => StudyData::TwoMeans(continuous),
        (0, _, 0) => StudyData::TwoByTwo(dichotomous),
        (0, _, _) | (_, 0, _) => {
            if options.method != meta::Method::InverseVariance {
                return Err("a study gives an estimate only; the analysis must weight by inverse variance (method \"iv\")".to_owned());
            }
            StudyData::Generic(pairs.iter().map(|pair| estimate(pair, options)).collect::<Result<_, _>>()?)
        }
        _ => return Err("the analysis mixes means and counts".to_owned()),
    };
    let mut dataset = Dataset::new(labels, data);
    dataset.moderators = spec.moderators.iter().enumerate().map(|(at, name)| moderator(rows, at, name)).collect();
    if spec.subgroup.is_none() {
        return Ok(dataset);
    }
    Ok(dataset.with_subgroups(rows.iter().map(|row| row.subgroup.clone().unwrap_or_else(|| "not reported".to_owned())).collect()))
}

/// Returns a moderator with a value per row: numbers where every answer is one, else words.
fn moderator(rows: &[DatasetRow], at: usize, name: &str) -> Moderator {
    let answers = || rows.iter().map(|row| row.moderators.get(at).unwrap_or(&Characteristic::Missing));
    if answers().any(|answer| matches!(answer, Characteristic::Word(_))) {
        let word = |answer: &Characteristic| match answer {
            Characteristic::Word(word) => Some(word.clone()),
            Characteristic::Number(number) => Some(number.to_string()),
            Characteristic::Missing => None,
        };
        return Moderator::Factor { name: name.to_owned(), values: answers().map(word).collect() };
    }
    let number = |answer: &Characteristic| if let Characteristic::Number(number) = answer { *number } else { f64::NAN };
    Moderator::Number { name: name.to_owned(), values: answers().map(number).collect() }
}

/// Returns the estimate of a study and its variance, from its arms where it has them; NaN where it is not estimable.
fn estimate(pair: &ArmPair, options: &Options) -> Result<GenericRow, String> {
    let data = match pair {
        ArmPair::Contrast { estimate, se } => return Ok(GenericRow::from_standard_error(*estimate, *se)),
        ArmPair::Continuous { .. } => StudyData::TwoMeans(two_means(pair).into_iter().collect()),
        ArmPair::Dichotomous { .. } => StudyData::TwoByTwo(two_by_two(pair).into_iter().collect()),
    };
    let effect = meta::measure::effects(&data, options).map_err(|error| error.to_string())?.first().copied().flatten();
    Ok(effect.map_or(GenericRow { yi: f64::NAN, vi: f64::NAN }, |effect| GenericRow { yi: effect.yi, vi: effect.vi }))
}

fn two_means(pair: &ArmPair) -> Option<TwoMeans> {
    let ArmPair::Continuous { experimental, control } = pair else { return None };
    Some(TwoMeans {
        mean1: experimental.mean,
        sd1: experimental.sd,
        n1: experimental.n,
        mean2: control.mean,
        sd2: control.sd,
        n2: control.n,
    })
}

fn two_by_two(pair: &ArmPair) -> Option<TwoByTwo> {
    let ArmPair::Dichotomous { experimental, control } = pair else { return None };
    Some(TwoByTwo::new(experimental.events, experimental.n, control.events, control.n))
}

/// Turns an analysis's words into the engine's options. RevMan's conventions hold: the review is to be checked against it.
fn options(spec: &AnalysisSpec) -> Result<Options, String> {
    let known = |word: &str| format!("the engine does not know \"{word}\"");
    let measure = spec.measure.short().parse().map_err(|_| known(spec.measure.short()))?;
    let mut options = Options::revman(if spec.method == PoolingMethod::Peto { meta::EffectMeasure::PetoOddsRatio } else { measure });
    options.method = match spec.method {
        PoolingMethod::InverseVariance => meta::Method::InverseVariance,
        PoolingMethod::MantelHaenszel => meta::Method::MantelHaenszel,
        PoolingMethod::Peto => meta::Method::Peto,
    };
    options.level = if spec.level > 1.0 { spec.level / 100.0 } else { spec.level };
    options.test = match spec.test {
        IntervalTest::Normal => meta::Test::Wald,
        IntervalTest::HartungKnapp => meta::Test::HartungKnapp,
    };
    match spec.model {
        analysis::Model::Common => options.model = meta::Model::Common,
        analysis::Model::Random => {
            options.model = meta::Model::Random;
            options.tau2 = spec.tau2.short().parse().map_err(|_| known(spec.tau2.short()))?;
        }
    }
    Ok(options)
}
