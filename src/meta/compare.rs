//! One analysis under several conventions, side by side: what each gives, which rules differ, and which rule moved which number.

use super::dataset::Dataset;
use super::options::{Convention, Model, Options};
use super::pool::pool;
use super::result::{MetaError, Pooled};
use super::rules::{Rule, rules};

/// The analysis under one convention.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Whose rules.
    pub convention: Convention,
    /// All choices, as the program starts with them.
    pub options: Options,
    /// The result, or why there is none.
    pub result: Result<Pooled, MetaError>,
    /// The rules in words.
    pub rules: Vec<Rule>,
    /// The way from the first column to this one, a group of rules at a time; empty for the first.
    pub steps: Vec<Step>,
}

/// What changes when one group of rules is exchanged, all before it exchanged already.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is exchanged: "Between-study variance".
    pub about: &'static str,
    /// The rules before and after in words, those that differ.
    pub changes: Vec<Change>,
    /// The result before.
    pub before: Pooled,
    /// The result after.
    pub after: Pooled,
}

/// A rule that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub about: &'static str,
    /// What it says before; `None` where the first convention has no such rule.
    pub from: Option<String>,
    /// What it says after.
    pub to: Option<String>,
}

/// A comparison of conventions.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// One column per convention, in the order that was asked for.
    pub columns: Vec<Column>,
}

impl Comparison {
    /// Returns what the rules are about in which the columns differ, with the words of each column.
    pub fn differences(&self) -> Vec<(&'static str, Vec<Option<&str>>)> {
        let mut abouts: Vec<&'static str> = Vec::new();
        for rule in self.columns.iter().flat_map(|column| &column.rules) {
            if rule.about != "Conventions" && !abouts.contains(&rule.about) {
                abouts.push(rule.about);
            }
        }
        let says = |column: &'_ Column, about: &str| column.rules.iter().position(|rule| rule.about == about);
        abouts
            .into_iter()
            .map(|about| {
                let words = self.columns.iter().map(|column| says(column, about).map(|at| column.rules[at].says.as_str())).collect();
                (about, words)
            })
            .filter(|(_, words): &(_, Vec<_>)| words.iter().any(|word| *word != words[0]))
            .collect()
    }
}

/// Pools a dataset under several conventions, each with the options that the program starts with.
///
/// `model` sets the model for all of them; `None` leaves it to each. `base` gives what is no matter of convention: measure and level.
/// A convention that cannot pool the data has its error in its column.
pub fn compare(dataset: &Dataset, base: &Options, model: Option<Model>, conventions: &[Convention]) -> Comparison {
    let mut columns: Vec<Column> = Vec::new();
    for &convention in conventions {
        let options = Options { level: base.level, ..Options::under(convention, base.measure, model) };
        let steps = columns.first().map_or_else(Vec::new, |first| steps(dataset, &first.options, &options));
        columns.push(Column { convention, result: pool(dataset, &options), rules: rules(dataset, &options), options, steps });
    }
    Comparison { columns }
}

/// The exchanges that lead from one set of choices to another, in the order of the analysis.
fn steps(dataset: &Dataset, from: &Options, to: &Options) -> Vec<Step> {
    type Exchange = fn(&mut Options, &Options);
    let exchanges: [(&'static str, Exchange); 5] = [
        ("Rules for single studies, counts, I² and prediction", |options, to| {
            options.convention = to.convention;
            options.correction = to.correction;
            options.pooled_correction = to.pooled_correction;
            options.variance = to.variance;
            options.correct_ratio_of_means = to.correct_ratio_of_means;
        }),
        ("Model", |options, to| options.model = to.model),
        ("Weights", |options, to| options.method = to.method),
        ("Between-study variance", |options, to| options.tau2 = to.tau2),
        ("Interval and test", |options, to| options.test = to.test),
    ];
    let mut found = Vec::new();
    let mut options = from.clone();
    for (about, exchange) in exchanges {
        let mut next = options.clone();
        exchange(&mut next, to);
        if next == options {
            continue;
        }
        let changes = changes(&rules(dataset, &options), &rules(dataset, &next));
        if let (Ok(before), Ok(after)) = (pool(dataset, &options), pool(dataset, &next))
            && !changes.is_empty()
        {
            found.push(Step { about, changes, before, after });
        }
        options = next;
    }
    found
}

fn changes(before: &[Rule], after: &[Rule]) -> Vec<Change> {
    let find = |rules: &[Rule], about: &str| rules.iter().find(|rule| rule.about == about).map(|rule| rule.says.clone());
    let mut abouts: Vec<&'static str> = Vec::new();
    for rule in before.iter().chain(after) {
        if rule.about != "Conventions" && !abouts.contains(&rule.about) {
            abouts.push(rule.about);
        }
    }
    abouts
        .into_iter()
        .map(|about| Change { about, from: find(before, about), to: find(after, about) })
        .filter(|change| change.from != change.to)
        .collect()
}

/// The quantities of a result that a comparison looks at: name, and value on the scale of analysis (NaN where there is none).
pub fn quantities(pooled: &Pooled) -> [(&'static str, f64); 10] {
    let prediction = pooled.prediction_interval().unwrap_or(super::result::Interval::NONE);
    [
        ("k", pooled.k as f64),
        ("estimate", pooled.estimate),
        ("ci_lb", pooled.ci.lower),
        ("ci_ub", pooled.ci.upper),
        ("pval", pooled.pval),
        ("tau2", pooled.tau2),
        ("I2", pooled.reported_i2()),
        ("Q", pooled.heterogeneity.q),
        ("pi_lb", prediction.lower),
        ("pi_ub", prediction.upper),
    ]
}

impl Step {
    /// Returns the quantities that moved, with their values before and after.
    ///
    /// A difference in the tenth digit is rounding, not a move.
    pub fn moved(&self) -> Vec<(&'static str, f64, f64)> {
        let (before, after) = (quantities(&self.before), quantities(&self.after));
        let pairs = before.into_iter().zip(after).map(|((name, before), (_, after))| (name, before, after));
        pairs.filter(|(_, a, b)| a.is_nan() != b.is_nan() || (a - b).abs() > 1e-10 * a.abs().max(b.abs())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::measure::{EffectMeasure, TwoByTwo};
    use crate::meta::{Method, StudyData, Tau2Method, Test};

    /// BCG vaccine trials (Colditz and others 1994): vaccinated with tuberculosis, vaccinated, controls with it, controls.
    fn bcg() -> Dataset {
        let rows = [
            (4, 123, 11, 139),
            (6, 306, 29, 303),
            (3, 231, 11, 220),
            (62, 13598, 248, 12867),
            (33, 5069, 47, 5808),
            (180, 1541, 372, 1451),
            (8, 2545, 10, 629),
            (505, 88391, 499, 88391),
            (29, 7499, 45, 7277),
            (17, 1716, 65, 1665),
            (186, 50634, 141, 27338),
            (5, 2498, 3, 2341),
            (27, 16913, 29, 17854),
        ];
        let tables = rows.map(|(a, n1, c, n2)| TwoByTwo::new(f64::from(a), f64::from(n1), f64::from(c), f64::from(n2)));
        Dataset::new((1..=13).map(|i| i.to_string()).collect(), StudyData::TwoByTwo(tables.to_vec()))
    }

    const ALL: [Convention; 3] = [Convention::RevMan, Convention::RevManWeb, Convention::Metafor];

    #[test]
    fn each_convention_starts_as_its_program_does() {
        let under = |convention| Options::under(convention, EffectMeasure::RiskRatio, None);
        let revman = under(Convention::RevMan);
        assert_eq!((revman.method, revman.tau2, revman.test), (Method::MantelHaenszel, Tau2Method::DerSimonianLaird, Test::Wald));
        let web = under(Convention::RevManWeb);
        let reml = Tau2Method::RestrictedMaximumLikelihood;
        assert_eq!((web.method, web.tau2, web.test), (Method::InverseVariance, reml, Test::HartungKnapp));
        let metafor = under(Convention::Metafor);
        assert_eq!((metafor.method, metafor.tau2, metafor.test), (Method::InverseVariance, reml, Test::Wald));
        let common = Options::under(Convention::RevManWeb, EffectMeasure::OddsRatio, Some(Model::Common));
        assert_eq!((common.method, common.model, common.test), (Method::MantelHaenszel, Model::Common, Test::Wald));
        let peto = Options::under(Convention::RevManWeb, EffectMeasure::PetoOddsRatio, None);
        assert_eq!((peto.method, peto.model), (Method::Peto, Model::Common));
    }

    #[test]
    fn the_bcg_trials_under_three_conventions() {
        let comparison = compare(&bcg(), &Options::new(EffectMeasure::RiskRatio), None, &ALL);
        let of = |at: usize| comparison.columns[at].result.as_ref().expect("the trials can be pooled");
        let near = |got: f64, want: f64| assert!((got - want).abs() < 5e-5, "{got} {want}");
        // DerSimonian-Laird with Q about the Mantel-Haenszel estimate and about the inverse-variance one (as metafor 3.8 prints).
        near(of(0).tau2, 0.3095);
        near(of(1).tau2, 0.3132);
        near(of(2).tau2, 0.3132);
        near(of(2).estimate, -0.7145);
        near(of(2).ci.lower, -1.0669);
        assert!(of(1).ci.upper - of(1).ci.lower > of(2).ci.upper - of(2).ci.lower, "the Hartung-Knapp interval is wider");
        assert_eq!(of(0).reported_i2(), of(0).heterogeneity.i2_q);
        assert_eq!(of(1).reported_i2(), of(1).heterogeneity.i2);
    }

    #[test]
    fn the_steps_lead_from_the_first_convention_to_the_others() {
        let comparison = compare(&bcg(), &Options::new(EffectMeasure::RiskRatio), None, &ALL);
        for column in &comparison.columns[1..] {
            let result = column.result.as_ref().expect("the trials can be pooled");
            let last = column.steps.last().expect("there are differences");
            assert_eq!(quantities(&last.after), quantities(result));
            for pair in column.steps.windows(2) {
                assert_eq!(quantities(&pair[0].after), quantities(&pair[1].before));
            }
        }
        let web: Vec<&str> = comparison.columns[1].steps.iter().map(|step| step.about).collect();
        assert!(web.contains(&"Between-study variance") && web.contains(&"Interval and test"), "{web:?}");
        let interval = comparison.columns[1].steps.last().expect("the last step");
        let moved: Vec<&str> = interval.moved().into_iter().map(|(name, _, _)| name).collect();
        assert!(moved.contains(&"ci_lb") && !moved.contains(&"tau2") && !moved.contains(&"estimate"), "{moved:?}");
    }

    #[test]
    fn rules_that_differ_are_named() {
        let comparison = compare(&bcg(), &Options::new(EffectMeasure::RiskRatio), None, &ALL);
        let differences = comparison.differences();
        let abouts: Vec<&str> = differences.iter().map(|(about, _)| *about).collect();
        for about in ["Between-study variance", "I²", "Interval and test", "Prediction interval"] {
            assert!(abouts.contains(&about), "{abouts:?}");
        }
        assert!(!abouts.contains(&"Effect measure"));
        let twice = compare(&bcg(), &Options::new(EffectMeasure::RiskRatio), None, &[Convention::Metafor, Convention::Metafor]);
        assert!(twice.differences().is_empty() && twice.columns[1].steps.is_empty());
    }
}
