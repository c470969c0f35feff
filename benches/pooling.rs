//! How long pooling takes: `cargo bench --bench pooling`. Prints one JSON line per workload, with the names and units of
//! `perf_metafor.R` where metafor has the same workload, so that `benches/against_metafor.sh` can lay the two side by side.
//!
//! Every answer is checked against the reference tables before it is timed. Times are CPU nanoseconds of this one thread: the median over
//! batches of about 40 ms each. A workload named as one of metafor's ends with what metafor ends with: estimate, standard error, test,
//! interval, heterogeneity with its p value. `allocations` is counted over one call after a first one. The last lines time the whole set
//! of diagnostics of an analysis of 100 studies.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tamis::meta::cumulative::{cumulative, leave_one_out};
use tamis::meta::fit::{self, Plan};
use tamis::meta::glmm::{StudyLikelihood, glmm};
use tamis::meta::influence::influence;
use tamis::meta::interval::q_profile;
use tamis::meta::mantel_haenszel::{self, mantel_haenszel};
use tamis::meta::measure::{self, TwoByTwo};
use tamis::meta::multilevel::{Multilevel, multilevel};
use tamis::meta::permutation::{sampled_permutation_test, sign_flip_test};
use tamis::meta::regression::{Workspace, regress_columns};
use tamis::meta::resample::visit_bootstrap;
use tamis::meta::selection::{Selection, selection_model};
use tamis::meta::subsets::{all_subsets, visit_common_effect_subsets};
use tamis::meta::trim_and_fill::{MissingEstimator, trim_and_fill};
use tamis::meta::{Dataset, EffectMeasure, Method, Model, Options, StudyData, Tau2Method, Test, pool};

const REML: Option<Tau2Method> = Some(Tau2Method::RestrictedMaximumLikelihood);
const DL: Option<Tau2Method> = Some(Tau2Method::DerSimonianLaird);

fn main() {
    if std::env::args().any(|word| word == "--answers") {
        return answers(&Trials::load());
    }
    let bench = Bench::from_arguments();
    let reference = Reference::load();
    let trials = Trials::load();
    single_fits(&bench, &reference, &trials);
    diagnostics(&bench, &reference, &trials);
    resampling(&bench, &reference, &trials);
    many_studies(&bench, &reference);
    further_models(&bench, &reference);
    everything_for_a_hundred_studies(&bench);
}

fn plan(tau2: Option<Tau2Method>) -> Plan {
    Plan { tau2, test: Test::Wald, level: 0.95 }
}

/// The vaccine trials (`bcg.csv`) as tables and as log risk ratios.
struct Trials {
    tables: Dataset,
    rows: Vec<TwoByTwo>,
    yi: Vec<f64>,
    vi: Vec<f64>,
    latitude: Vec<(String, Vec<f64>)>,
}

impl Trials {
    fn load() -> Self {
        let [events1, n1, events2, n2, latitude] = columns("bcg.csv", ["ai", "n1i", "ci", "n2i", "ablat"]);
        let rows: Vec<TwoByTwo> = (0..n1.len()).map(|i| TwoByTwo::new(events1[i], n1[i], events2[i], n2[i])).collect();
        let tables = Dataset::new(vec![String::new(); n1.len()], StudyData::TwoByTwo(rows.clone()));
        let effects = measure::effects(&tables.data, &Options::new(EffectMeasure::RiskRatio)).expect("risk ratios of tables");
        let (yi, vi) = effects.iter().flatten().map(|effect| (effect.yi, effect.vi)).unzip();
        Self { tables, rows, yi, vi, latitude: vec![("ablat".into(), latitude)] }
    }
}

fn single_fits(bench: &Bench, reference: &Reference, trials: &Trials) {
    let (yi, vi) = (&trials.yi, &trials.vi);
    let ratio = Options::new(EffectMeasure::RiskRatio);
    reference.check("bcg/es/RR", "yi.0", yi[0]);
    bench.run("escalc_rr_k13", "call", || measure::effects(black_box(&trials.tables.data), &ratio));
    for (name, tau2, case) in [("ee", None, "CE/EE"), ("dl", DL, "RE/DL"), ("reml", REML, "RE/REML")] {
        let summary = plan(tau2).summary(yi, vi);
        let case = format!("bcg/pool/RR/{case}/z");
        for (field, got) in [("estimate", summary.estimate), ("se", summary.se), ("pval", summary.pval), ("tau2", summary.tau2)] {
            reference.check(&case, field, got);
        }
        let whole = bench.run(&format!("rma_{name}_k13"), "fit", || plan(tau2).summary(black_box(yi), black_box(vi)));
        let minimal = bench.run(&format!("rma_{name}_k13_minimal"), "fit", || fit::fit(black_box(yi), black_box(vi), tau2));
        assert_eq!((whole, minimal), (0, 0), "a fit allocates nothing");
    }
    bench.run("pool_rr_reml_from_tables_k13", "analysis with labels and words", || pool(black_box(&trials.tables), &ratio));

    let regression = knapp_hartung(Test::HartungKnapp);
    let fitted = regress_columns(yi, vi, &trials.latitude, &regression).expect("a meta-regression");
    reference.check("bcg/mods/RR/ME/REML/knha/~ablat", "coef.1", fitted.coefficients[1].estimate);
    reference.check("bcg/mods/RR/ME/REML/knha/~ablat", "pval.1", fitted.coefficients[1].pval);
    let mut workspace = Workspace::new();
    let mut explain = || workspace.fit(black_box(yi), black_box(vi), black_box(&trials.latitude), &regression).map(|fitted| fitted.qm_p);
    assert_eq!(explain().expect("a meta-regression"), fitted.qm_p);
    assert_eq!(bench.run("rma_reml_knha_metareg_k13", "fit", explain), 0, "a fit allocates nothing");

    let mut odds = Options::new(EffectMeasure::OddsRatio).common();
    odds.method = Method::MantelHaenszel;
    let mut workspace = mantel_haenszel::Workspace::default();
    let mut pooled = || workspace.fit(black_box(&trials.rows), &odds).expect("odds ratios of tables");
    let summary = pooled();
    reference.check("bcg/mh/OR/CE/MH/z", "se", summary.se);
    reference.check("bcg/mh/OR/CE/MH/z", "Q", summary.heterogeneity.q);
    assert_eq!(bench.run("rma_mh_or_k13", "fit", pooled), 0, "a fit allocates nothing");
}

fn knapp_hartung(test: Test) -> Options {
    let mut options = Options::new(EffectMeasure::RiskRatio);
    options.model = Model::Random;
    options.tau2 = Tau2Method::RestrictedMaximumLikelihood;
    options.test = test;
    options
}

fn diagnostics(bench: &Bench, reference: &Reference, trials: &Trials) {
    let (yi, vi, reml) = (&trials.yi, &trials.vi, plan(REML));
    reference.check("bcg/tau2_ci/RR/RE/QP", "tau2_ub", q_profile(yi, vi, 0.95).expect("an interval").tau2.upper);
    bench.run("confint_qp_k13", "call", || q_profile(black_box(yi), black_box(vi), 0.95));
    reference.check("bcg/influence/RR/REML/z", "cook\\.d.3", influence(yi, vi, &reml)[3].cook_distance);
    bench.run("influence_k13", "call", || influence(black_box(yi), black_box(vi), &reml));
    reference.check("bcg/leave1out/RR/REML/z", "tau2.4", leave_one_out(yi, vi, &reml)[4].tau2);
    bench.run("leave1out_reml_k13", "call", || leave_one_out(black_box(yi), black_box(vi), &reml));
    let options = knapp_hartung(Test::Wald);
    let fill = || trim_and_fill(black_box(yi), black_box(vi), MissingEstimator::L0, None, &options);
    reference.check("bcg/trimfill/RR/REML-L0/auto", "estimate", fill().expect("trim and fill").summary.estimate);
    bench.run("trimfill_k13", "call", fill);
}

fn resampling(bench: &Bench, reference: &Reference, trials: &Trials) {
    let (yi, vi) = (&trials.yi, &trials.vi);
    let (ten_y, ten_v) = (&yi[..10], &vi[..10]);
    let draws = || {
        let mut sum = 0.0;
        visit_bootstrap(black_box(yi), black_box(vi), &plan(REML), 1000, 1, |fit| sum += fit.estimate);
        sum
    };
    let whole = fit::fit(yi, vi, REML);
    assert!((draws() / 1000.0 - whole.estimate).abs() < 0.1 * whole.se, "bootstrap estimates lie about the estimate");
    bench.run("bootstrap_reml_1000_k13", "run of 1000", draws);

    // The reference counts the first ten studies; both ends of all their subsets are compared.
    let subsets = all_subsets(ten_y, ten_v, None).expect("few studies");
    let sum: f64 = subsets.iter().map(|s| s.estimate).sum();
    reference.check_gosh("bcg/gosh/RR/EE/z", yi, vi, None);
    reference.check_gosh("bcg/gosh/RR/REML/z", yi, vi, REML);
    assert!(sum.is_finite());
    let stream = || {
        visit_common_effect_subsets(black_box(yi), black_box(vi), |block| {
            black_box(block);
        })
    };
    bench.run("gosh_ee_2^13", "run of 8192 subsets: estimate, Q and I2", stream);
    bench.run("gosh_ee_2^13_kept", "run of 8191 subsets in a vector", || all_subsets(black_box(yi), black_box(vi), None));
    let ring: Vec<f64> = (0..20).map(|i| yi[i % 13] + 0.01 * i as f64).collect();
    let spread: Vec<f64> = (0..20).map(|i| vi[i % 13]).collect();
    let million = || {
        visit_common_effect_subsets(black_box(&ring), black_box(&spread), |block| {
            black_box(block);
        })
    };
    bench.run("gosh_ee_2^20", "run of 1048576 subsets", million);
    bench.run("gosh_reml_2^10", "run of 1023 subsets", || all_subsets(black_box(ten_y), black_box(ten_v), REML));

    reference.check_flips("bcg/permutest/RR/RE/DL/z", yi, vi, &plan(DL));
    bench.run("permutest_exact_signflip_2^10", "run of 1024", || sign_flip_test(black_box(ten_y), black_box(ten_v), &plan(DL)));
    bench.run("permutest_exact_signflip_reml_2^10", "run of 1024", || sign_flip_test(black_box(ten_y), black_box(ten_v), &plan(REML)));
    let options = knapp_hartung(Test::Wald);
    let permuted = || sampled_permutation_test(black_box(yi), black_box(vi), &trials.latitude, &options, 1000, 1);
    let p = permuted().expect("a meta-regression").coefficients[1];
    assert!(p < 0.02, "latitude explains the effects: p = {p}");
    bench.run("permutest_metareg_1000", "run of 1000", permuted);
}

fn many_studies(bench: &Bench, reference: &Reference) {
    let [yi, vi] = columns("sim1000.csv", ["yi", "vi"]);
    for (tau2, case) in [(REML, "REML"), (DL, "DL")] {
        reference.check(&format!("sim1000/pool/GEN/RE/{case}/z"), "tau2", plan(tau2).summary(&yi, &vi).tau2);
        reference.check(&format!("sim1000/pool/GEN/RE/{case}/z"), "estimate", plan(tau2).summary(&yi, &vi).estimate);
    }
    for k in [100, 300, 1000] {
        for (name, tau2) in [("reml", REML), ("dl", DL)] {
            let whole = || plan(tau2).summary(black_box(&yi[..k]), black_box(&vi[..k]));
            assert_eq!(bench.run(&format!("rma_{name}_k{k}"), "fit", whole), 0, "a fit allocates nothing");
        }
    }
    let order: Vec<usize> = (0..100).collect();
    bench.run("leave1out_reml_k100", "call", || leave_one_out(black_box(&yi[..100]), black_box(&vi[..100]), &plan(REML)));
    bench.run("cumul_reml_k100", "call", || cumulative(black_box(&yi[..100]), black_box(&vi[..100]), &order, &plan(REML)));
    bench.run("leave1out_dl_k300", "call", || leave_one_out(black_box(&yi[..300]), black_box(&vi[..300]), &plan(DL)));
    bench.run("leave1out_reml_k1000", "call", || leave_one_out(black_box(&yi), black_box(&vi), &plan(REML)));
}

/// Schools within districts: the levels, effects and variances of `konstantopoulos2011.csv`.
fn schools() -> ([Vec<usize>; 2], Vec<f64>, Vec<f64>) {
    let [district, school, yi, vi] = columns("konstantopoulos2011.csv", ["district", "school", "yi", "vi"]);
    let outer = district.iter().map(|d| *d as usize).collect();
    let inner = district.iter().zip(&school).map(|(d, s)| 1000 * *d as usize + *s as usize).collect();
    ([outer, inner], yi, vi)
}

fn three_levels() -> Multilevel {
    let (levels, yi, vi) = schools();
    multilevel(&yi, &vi, &levels, &[], true, Test::Wald, 0.95).expect("a three-level model")
}

fn further_models(bench: &Bench, reference: &Reference) {
    let (levels, yi, vi) = schools();
    let nested = || multilevel(black_box(&yi), black_box(&vi), &levels, &[], true, Test::Wald, 0.95);
    let found = nested().expect("a three-level model");
    reference.check("konstantopoulos2011/multilevel/GEN/RE/REML/z", "coef.0", found.coefficients[0].estimate);
    bench.run("rma_mv_3level_k56", "fit", nested);

    let [yi, vi] = columns("hackshaw1998.csv", ["yi", "vi"]);
    let steps = Selection::Steps(vec![0.025]);
    let select = || selection_model(black_box(&yi), black_box(&vi), &steps, 0.95);
    reference.check("hackshaw1998/selmodel/GEN/RE/ML/stepfun/0.025", "estimate", select().expect("a selection model").estimate);
    bench.run("selmodel_step_k37", "fit", select);

    let [a, n1, c, n2] = columns("nielweise2007.csv", ["ai", "n1i", "ci", "n2i"]);
    let rows: Vec<Option<StudyLikelihood>> =
        (0..a.len()).map(|i| StudyLikelihood::two_groups(TwoByTwo::new(a[i], n1[i], c[i], n2[i]))).collect();
    let mixed = || glmm(black_box(&rows), Model::Random, 0.95);
    reference.check("nielweise2007/glmm/OR/RE/UM.FS-ML/z/nAGQ25", "estimate", mixed().expect("a mixed model").estimate);
    bench.run("glmm_umfs_k18", "fit", mixed);

    let rows: Vec<Option<StudyLikelihood>> =
        (0..a.len()).map(|i| StudyLikelihood::exact_conditional(TwoByTwo::new(a[i], n1[i], c[i], n2[i]))).collect();
    let exact = || glmm(black_box(&rows), Model::Random, 0.95);
    reference.check("nielweise2007/glmm/OR/RE/CM.EL-ML/z/nAGQ7", "estimate", exact().expect("an exact mixed model").estimate);
    bench.run("glmm_cmel_k18", "fit", exact);
}

/// What a screen needs to draw an analysis of 100 studies anew after every change of a number.
fn everything_for_a_hundred_studies(bench: &Bench) {
    let [yi, vi] = columns("sim1000.csv", ["yi", "vi"]);
    let (yi, vi, reml) = (&yi[..100], &vi[..100], plan(REML));
    let order: Vec<usize> = (0..100).collect();
    let options = knapp_hartung(Test::Wald);
    bench.run("full_diagnostics_k100", "analysis", || {
        let (yi, vi) = (black_box(yi), black_box(vi));
        let mut estimates = Vec::with_capacity(1000);
        visit_bootstrap(yi, vi, &reml, 1000, 1, |fit| estimates.push(fit.estimate));
        let series = (leave_one_out(yi, vi, &reml), cumulative(yi, vi, &order, &reml), influence(yi, vi, &reml));
        (series, trim_and_fill(yi, vi, MissingEstimator::L0, None, &options), q_profile(yi, vi, 0.95), estimates)
    });
}

/// Prints numbers that both programs compute, for the comparison of answers.
fn answers(trials: &Trials) {
    let (yi, vi, reml) = (&trials.yi, &trials.vi, plan(REML));
    let fitted = reml.summary(yi, vi);
    let mut odds = Options::new(EffectMeasure::OddsRatio).common();
    odds.method = Method::MantelHaenszel;
    let regression = regress_columns(yi, vi, &trials.latitude, &knapp_hartung(Test::HartungKnapp)).expect("a meta-regression");
    let profile = q_profile(yi, vi, 0.95).expect("an interval").tau2;
    let filled = trim_and_fill(yi, vi, MissingEstimator::L0, None, &knapp_hartung(Test::Wald)).expect("trim and fill");
    let [sim_y, sim_v] = columns("sim1000.csv", ["yi", "vi"]);
    let nested = three_levels();
    for (name, value) in [
        ("ee_estimate", plan(None).summary(yi, vi).estimate),
        ("dl_tau2", plan(DL).summary(yi, vi).tau2),
        ("reml_tau2", fitted.tau2),
        ("reml_estimate", fitted.estimate),
        ("reml_se", fitted.se),
        ("reml_p", fitted.pval),
        ("mh_or_estimate", mantel_haenszel(&trials.tables, &odds).expect("odds ratios of tables").estimate),
        ("metareg_slope", regression.coefficients[1].estimate),
        ("metareg_slope_p", regression.coefficients[1].pval),
        ("qp_lower", profile.lower),
        ("qp_upper", profile.upper),
        ("cook_largest", influence(yi, vi, &reml).iter().map(|study| study.cook_distance).fold(0.0, f64::max)),
        ("leave1out_tau2_first", leave_one_out(yi, vi, &reml)[0].tau2),
        ("trimfill_estimate", filled.summary.estimate),
        ("reml_tau2_k300", reml.summary(&sim_y[..300], &sim_v[..300]).tau2),
        ("three_level_estimate", nested.coefficients[0].estimate),
        ("three_level_outer", nested.variances[0]),
    ] {
        println!("{}", json!({ "answer": name, "value": value }));
    }
}

/// Times workloads whose name contains a word of the command line, or all.
struct Bench {
    words: Vec<String>,
}

impl Bench {
    fn from_arguments() -> Self {
        Self { words: std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect() }
    }

    /// Times a workload and prints its line; gives the number of allocations of one call.
    fn run<R>(&self, name: &str, unit: &str, mut work: impl FnMut() -> R) -> u64 {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(word.as_str())) {
            return 0;
        }
        black_box(work());
        let mut result = None;
        let counted = allocation_counter::measure(|| result = Some(work()));
        black_box(result);
        let once = Instant::now();
        black_box(work());
        // One batch is a measurement, not a sample: the system counts CPU time in steps of up to a few milliseconds.
        let batch = (Duration::from_millis(40).as_nanos() / once.elapsed().as_nanos().max(20)).clamp(1, 1_000_000) as u32;
        let mut nanoseconds: Vec<f64> = (0..11)
            .map(|_| {
                let start = CpuTime::now();
                for _ in 0..batch {
                    black_box(work());
                }
                start.elapsed_nanoseconds() / f64::from(batch)
            })
            .collect();
        nanoseconds.sort_by(f64::total_cmp);
        let median = nanoseconds[nanoseconds.len() / 2];
        let line = json!({
            "name": name, "unit": unit, "cpu_ms_per_unit": median / 1e6, "cpu_ns": (median * 10.0).round() / 10.0,
            "reps": 11 * batch, "allocations": counted.count_total,
        });
        println!("{line}");
        counted.count_total
    }
}

/// The CPU time of this thread where Linux tells it to the nanosecond, or else the time on the clock.
struct CpuTime {
    on_cpu: Option<u64>,
    on_clock: Instant,
}

impl CpuTime {
    fn now() -> Self {
        Self { on_cpu: Self::read(), on_clock: Instant::now() }
    }

    fn read() -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
    }

    fn elapsed_nanoseconds(&self) -> f64 {
        match (self.on_cpu, Self::read()) {
            (Some(before), Some(after)) if after > before => (after - before) as f64,
            _ => self.on_clock.elapsed().as_nanos() as f64,
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pooling")
}

/// Reads named columns of numbers of a dataset.
fn columns<const N: usize>(file: &str, names: [&str; N]) -> [Vec<f64>; N] {
    let text = std::fs::read_to_string(folder().join(file)).expect("the dataset is there");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    names.map(|name| {
        let place = header.iter().position(|column| *column == name).expect("the column is there");
        rows.iter().map(|row| row[place].parse().expect("a number")).collect()
    })
}

/// The reference results.
struct Reference(Value);

impl Reference {
    fn load() -> Self {
        let text = std::fs::read_to_string(folder().join("expected.json")).expect("the reference tables are there");
        Self(serde_json::from_str(&text).expect("the reference tables are valid"))
    }

    fn case(&self, id: &str) -> &Value {
        let mut cases = self.0["cases"].as_array().expect("a list of cases").iter();
        cases.find(|case| case["id"].as_str().is_some_and(|name| name == id || name.starts_with(id) && id.ends_with("es/RR"))).expect(id)
    }

    /// Compares a number with a field of a case at its tolerance; `.` leads into lists.
    fn check(&self, id: &str, path: &str, got: f64) {
        let case = self.case(id);
        let mut want = &case["result"];
        for step in path.replace("\\.", "\u{1}").split('.').map(|step| step.replace('\u{1}', ".")) {
            want = step.parse::<usize>().ok().and_then(|place| want.get(place)).unwrap_or_else(|| &want[step.as_str()]);
        }
        let want = want.as_f64().unwrap_or_else(|| panic!("{id} has no {path}"));
        let (relative, absolute) = match case["tol"].as_str() {
            Some("iter") => (1e-6, 1e-8),
            Some("loose") => (2e-5, 1e-6),
            Some("opt") => (1e-3, 1e-4),
            _ => (1e-9, 1e-11),
        };
        assert!((got - want).abs() <= absolute + relative * want.abs(), "{id} {path}: {got} for {want}");
    }

    fn first_rows(&self, id: &str) -> usize {
        self.case(id)["options"]["first_rows"].as_u64().expect("the number of rows") as usize
    }

    fn check_gosh(&self, id: &str, yi: &[f64], vi: &[f64], tau2: Option<Tau2Method>) {
        let first = self.first_rows(id);
        let all = all_subsets(&yi[..first], &vi[..first], tau2).expect("few studies");
        self.check(id, "estimate_sum", all.iter().map(|s| s.estimate).sum());
        self.check(id, "I2_mean", all.iter().map(|s| s.i2).sum::<f64>() / all.len() as f64);
    }

    fn check_flips(&self, id: &str, yi: &[f64], vi: &[f64], plan: &Plan) {
        let first = self.first_rows(id);
        self.check(id, "pval", sign_flip_test(&yi[..first], &vi[..first], plan).expect("few studies"));
    }
}
