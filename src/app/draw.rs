//! Figures of the review: pooled results and counts in, models of figures out. Drawing itself is `figure`'s, files are `export`'s.

use crate::domain::flow::{IncludedCounts, LabelledCount, ReportCounts};
use crate::figure::axis::Scale;
use crate::figure::flow::{Count, FlowModel, Included, OtherMethods, Reports};
use crate::figure::forest::{self, Builder, DataColumns, Effect, EventArm, Favours, Head, MeanArm, OverallTest, StudyData as Shown};
use crate::figure::funnel::{FunnelModel, FunnelPoint};
use crate::meta::measure::{TwoByTwo, TwoMeans};
use crate::meta::{Dataset, Interval, Method, Model, Pooled, StudyData, SubgroupAnalysis};

use super::analyse::AnalysisResult;
use super::query::FlowView;

/// What a forest plot is drawn from.
#[derive(Debug, Clone)]
pub struct ForestInput<'a> {
    /// The title above the figure; may be empty.
    pub title: &'a str,
    /// The name of the experimental arm.
    pub experimental: &'a str,
    /// The name of the control arm.
    pub control: &'a str,
    /// The words under the axis; by default `Favours [arm]` on both sides.
    pub favours: Option<(String, String)>,
    /// The input of the pooling.
    pub dataset: &'a Dataset,
    /// Its result, over the same studies in the same order.
    pub pooled: &'a Pooled,
    /// Its subgroups.
    pub subgroups: Option<&'a SubgroupAnalysis>,
}

/// Builds the forest plot of one of the review's analyses; `None` where nothing could be pooled.
pub fn forest_model(result: &AnalysisResult) -> Option<forest::Model> {
    let (dataset, pooled) = (result.dataset.as_ref()?, result.pooled.as_ref().ok()?);
    let spec = &result.spec;
    let favours = match (&spec.favours_left, &spec.favours_right) {
        (None, None) => None,
        (left, right) => Some((left.clone().unwrap_or_default(), right.clone().unwrap_or_default())),
    };
    let title = format!("{} {}", spec.id, spec.title);
    let mut model = build_forest(&ForestInput {
        title: &title,
        experimental: &result.experimental,
        control: &result.control,
        favours,
        dataset,
        pooled,
        subgroups: result.subgroups.as_ref(),
    });
    model.footnotes.extend(result.left_out.iter().map(|(study, why)| format!("{study} is not shown: {why}")));
    Some(model)
}

/// Builds a forest plot in RevMan's layout. A study that is not estimable keeps its row and counts in the totals.
pub fn build_forest(input: &ForestInput<'_>) -> forest::Model {
    let pooled = input.pooled;
    let mut builder = Builder::new(head(input));
    match input.subgroups {
        None => add_studies(&mut builder, input, &(0..pooled.studies.len()).collect::<Vec<_>>()),
        Some(analysis) => {
            for group in &analysis.groups {
                builder.subgroup(&group.name);
                add_studies(&mut builder, input, &group.places);
                let weight = group.places.iter().filter_map(|at| pooled.weights_pct.get(*at).copied().flatten()).sum();
                builder.subtotal(&pooled_row(&group.pooled, input.dataset, &group.places, weight, ""));
            }
        }
    }
    let all: Vec<usize> = (0..pooled.studies.len()).collect();
    let weight = pooled.weights_pct.iter().flatten().sum();
    builder.total(&pooled_row(pooled, input.dataset, &all, weight, ""));
    if let Some(analysis) = input.subgroups {
        builder.subgroup_difference(Some(&forest::Heterogeneity {
            tau_squared: None,
            chi_squared: analysis.q_between,
            df: analysis.df,
            p: analysis.p,
            i_squared: analysis.i2_between,
        }));
    }
    builder.finish()
}

fn head(input: &ForestInput<'_>) -> Head {
    let pooled = input.pooled;
    let (experimental, control) = (input.experimental.to_owned(), input.control.to_owned());
    let data = match &input.dataset.data {
        StudyData::TwoMeans(_) => DataColumns::Continuous { experimental, control },
        StudyData::TwoByTwo(_) => DataColumns::Dichotomous { experimental, control },
        StudyData::OneProportion(_) => DataColumns::Proportion,
        StudyData::Generic(_) => DataColumns::Generic { estimate: "Estimate".to_owned() },
        _ => DataColumns::Effects,
    };
    let favours = match &input.favours {
        Some((left, right)) => Some(Favours { left: left.clone(), right: right.clone() }),
        None => pooled.measure.no_effect().map(|_| Favours::arms(input.experimental, input.control)),
    };
    Head {
        title: input.title.to_owned(),
        description: describe(pooled),
        data,
        measure: pooled.measure.label().to_owned(),
        method: method_line(pooled),
        scale: if pooled.measure.is_log_scale() { Scale::Log } else { Scale::Linear },
        null: pooled.measure.no_effect(),
        favours: favours.filter(|favours| !(favours.left.is_empty() && favours.right.is_empty())),
    }
}

/// Returns method, model and level as a column heading: "IV, Random, 95% CI".
pub fn method_line(pooled: &Pooled) -> String {
    let method = match pooled.method {
        Method::InverseVariance => "IV",
        Method::MantelHaenszel => "M-H",
        Method::Peto => "Peto",
    };
    let model = match pooled.model {
        Model::Random => "Random",
        Model::Common => "Common",
    };
    format!("{method}, {model}, {}% CI", crate::figure::number::fixed(pooled.level * 100.0, 0))
}

fn describe(pooled: &Pooled) -> String {
    let ci = pooled.ci_back();
    format!(
        "Forest plot of {} studies; pooled {} {} with confidence limits {} and {}",
        pooled.k,
        pooled.measure.label(),
        crate::figure::number::fixed(pooled.estimate_back(), 2),
        crate::figure::number::fixed(ci.lower, 2),
        crate::figure::number::fixed(ci.upper, 2)
    )
}

fn add_studies(builder: &mut Builder, input: &ForestInput<'_>, places: &[usize]) {
    for at in places {
        let effect = input.pooled.studies.get(*at).copied().flatten().and_then(|study| {
            let back = |value: f64| input.pooled.measure.back_transform(value);
            Effect::new(back(study.yi), back(study.ci.lower), back(study.ci.upper))
        });
        let weight = input.pooled.weights_pct.get(*at).copied().flatten();
        builder.study(&forest::Study { label: input.dataset.label(*at), data: shown(&input.dataset.data, *at), effect, weight });
    }
}

/// Returns a count for display; counts of people are whole, whatever type they are computed in.
fn whole(value: f64) -> u64 {
    if value.is_finite() && value >= 0.0 { value.round() as u64 } else { 0 }
}

fn shown(data: &StudyData, at: usize) -> Shown {
    match data {
        StudyData::TwoMeans(rows) => rows.get(at).map_or(Shown::None, |row: &TwoMeans| {
            Shown::Continuous(
                MeanArm { mean: row.mean1, sd: row.sd1, total: whole(row.n1) },
                MeanArm { mean: row.mean2, sd: row.sd2, total: whole(row.n2) },
            )
        }),
        StudyData::TwoByTwo(rows) => rows.get(at).map_or(Shown::None, |row: &TwoByTwo| {
            let arms = event_arms(row);
            Shown::Dichotomous(arms[0], arms[1])
        }),
        StudyData::OneProportion(rows) => {
            rows.get(at).map_or(Shown::None, |row| Shown::Proportion(EventArm { events: whole(row.events), total: whole(row.n) }))
        }
        StudyData::Generic(rows) => {
            rows.get(at).map_or(Shown::None, |row| Shown::Generic { estimate: row.yi, standard_error: row.vi.sqrt() })
        }
        _ => Shown::None,
    }
}

fn event_arms(row: &TwoByTwo) -> [EventArm; 2] {
    [EventArm { events: whole(row.events1), total: whole(row.n1) }, EventArm { events: whole(row.events2), total: whole(row.n2) }]
}

fn pooled_row(pooled: &Pooled, dataset: &Dataset, places: &[usize], weight: f64, label: &str) -> forest::Pooled {
    let back = |interval: Interval| interval.map(|value| pooled.measure.back_transform(value));
    let ci = back(pooled.ci);
    let (totals, events) = totals(&dataset.data, places);
    let h = &pooled.heterogeneity;
    let i_squared = pooled.reported_i2();
    let usual = if label.is_empty() && pooled.level != 0.95 {
        let level = crate::figure::number::fixed(pooled.level * 100.0, 0);
        format!("{} ({level}% CI)", if places.len() == pooled.studies.len() { "Total" } else { "Subtotal" })
    } else {
        label.to_owned()
    };
    forest::Pooled {
        label: usual,
        totals,
        events,
        weight: (pooled.k > 0).then_some(weight),
        effect: if pooled.k > 0 { Effect::new(pooled.estimate_back(), ci.lower, ci.upper) } else { None },
        prediction: None,
        heterogeneity: (pooled.k > 1).then_some(forest::Heterogeneity {
            tau_squared: (pooled.model == Model::Random).then_some(pooled.tau2),
            chi_squared: h.q,
            df: h.df,
            p: h.p,
            i_squared,
        }),
        test: (pooled.k > 0).then_some(OverallTest { statistic: pooled.stat, df: pooled.df, p: pooled.pval }),
    }
}

type ArmSums = (Option<[u64; 2]>, Option<[u64; 2]>);

/// Sums participants and events over the studies at these places, those not estimable included.
fn totals(data: &StudyData, places: &[usize]) -> ArmSums {
    match data {
        StudyData::TwoMeans(rows) => {
            let sums =
                places.iter().filter_map(|at| rows.get(*at)).fold([0, 0], |sum, row| [sum[0] + whole(row.n1), sum[1] + whole(row.n2)]);
            (Some(sums), None)
        }
        StudyData::TwoByTwo(rows) => {
            let (mut totals, mut events) = ([0, 0], [0, 0]);
            for arms in places.iter().filter_map(|at| rows.get(*at)).map(event_arms) {
                for (side, arm) in arms.iter().enumerate() {
                    totals[side] += arm.total;
                    events[side] += arm.events;
                }
            }
            (Some(totals), Some(events))
        }
        _ => (None, None),
    }
}

/// Builds the funnel plot of a pooled result: effects against their standard errors, on the scale of pooling.
pub fn funnel_model(title: &str, pooled: &Pooled) -> FunnelModel {
    let points = pooled.studies.iter().enumerate().filter_map(|(at, study)| {
        let study = study.as_ref()?;
        let label = pooled.labels.get(at).cloned().unwrap_or_default();
        Some(FunnelPoint { label, effect: pooled.measure.back_transform(study.yi), standard_error: study.vi.sqrt() })
    });
    let scale = if pooled.measure.is_log_scale() { Scale::Log } else { Scale::Linear };
    let estimate = (pooled.k > 0).then(|| pooled.estimate_back());
    FunnelModel::new(title, pooled.measure.label(), scale, pooled.measure.no_effect(), estimate, points.collect())
}

/// Builds the PRISMA 2020 flow diagram. What the template has no box for stands in footnotes.
pub fn flow_model(title: &str, view: &FlowView) -> FlowModel {
    let flow = &view.flow;
    let sum = |sources: &[LabelledCount]| sources.iter().map(|source| source.count as u64).sum::<u64>();
    let other = OtherMethods {
        websites: (flow.websites > 0).then_some(flow.websites as u64),
        organisations: (flow.organisations > 0).then_some(flow.organisations as u64),
        citations: (flow.citations > 0).then_some(flow.citations as u64),
        further: Vec::new(),
        reports: reports(&flow.other),
    };
    FlowModel {
        title: title.to_owned(),
        databases: sum(&flow.databases),
        database_sources: counts(&flow.databases),
        registers: (!flow.registers.is_empty()).then(|| sum(&flow.registers)),
        register_sources: counts(&flow.registers),
        duplicates: flow.duplicates as u64,
        automation: (flow.automation > 0).then_some(flow.automation as u64),
        other_reasons: (flow.removed_other > 0).then_some(flow.removed_other as u64),
        screened: flow.screened as u64,
        excluded: flow.excluded as u64,
        reports: reports(&flow.searched),
        other: other.has_numbers().then_some(other),
        previous: flow.previous.map(included),
        included: Included { studies: flow.studies as u64, reports: Some(flow.reports as u64) },
        total: flow.previous.map(|_| included(flow.total)),
        meta_analysis: (view.studies_in_analysis > 0).then_some(Included { studies: view.studies_in_analysis as u64, reports: None }),
        footnotes: footnotes(view),
        ..FlowModel::default()
    }
}

fn reports(column: &ReportCounts) -> Reports {
    Reports {
        sought: column.sought as u64,
        not_retrieved: column.not_retrieved as u64,
        assessed: column.assessed as u64,
        excluded: counts(&column.excluded),
    }
}

fn included(counts: IncludedCounts) -> Included {
    Included { studies: counts.studies as u64, reports: Some(counts.reports as u64) }
}

fn counts(labelled: &[LabelledCount]) -> Vec<Count> {
    labelled.iter().map(|entry| Count::new(entry.label.clone(), entry.count as u64)).collect()
}

fn footnotes(view: &FlowView) -> Vec<String> {
    let flow = &view.flow;
    let pending_retrieval = flow.searched.pending_retrieval + flow.other.pending_retrieval;
    let pending_decision = flow.searched.pending_decision + flow.other.pending_decision;
    let notes = [
        (flow.pending_screening, "record waits for a decision at title/abstract", "records wait for a decision at title/abstract"),
        (pending_retrieval, "report is still sought", "reports are still sought"),
        (pending_decision, "report waits for a decision at full text", "reports wait for a decision at full text"),
        (flow.searched.ongoing + flow.other.ongoing, "report is of an ongoing study", "reports are of ongoing studies"),
        (flow.searched.awaiting + flow.other.awaiting, "report awaits classification", "reports await classification"),
        (
            flow.other_not_sought,
            "record of other methods was a duplicate, not eligible by title, or is undecided",
            "records of other methods were duplicates, not eligible by title, or are undecided",
        ),
        (flow.added_reports, "new report belongs to a study included before", "new reports belong to studies included before"),
        (flow.reports_without_study, "included report belongs to no study yet", "included reports belong to no study yet"),
    ];
    let written = notes.iter().filter(|(count, ..)| *count > 0);
    written.map(|(count, one, many)| format!("{count} {}.", if *count == 1 { one } else { many })).collect()
}
