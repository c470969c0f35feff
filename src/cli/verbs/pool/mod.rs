//! `tamis pool`: the engine alone on a table of numbers. No review is needed.

mod choices;
mod data;
mod further;
mod section;
mod small_study;
mod structure;
mod tables;

use std::path::PathBuf;

use serde_json::Value;

use crate::app::Error;
use crate::app::draw::{ForestInput, build_forest};
use crate::cli::args::words;
use crate::cli::comparison;
use crate::cli::context::Context;
use crate::cli::input::InputTable;
use crate::cli::output::Output;
use crate::cli::pooled;
use crate::cli::report::{Done, Failure};
use crate::domain::text::clean_line;
use crate::figure::text::forest_text;
use crate::meta::compare::compare;
use crate::meta::trim_and_fill::{MissingEstimator, Side};
use crate::meta::{
    self, Convention, CorrectionRule, Dataset, Formula, MetaError, Method, Model, Options, Pooled, Term, Test, VarianceType,
};
use section::Effects;
pub(super) use section::Section;
use structure::CountsModel;

/// Pool a table of numbers: the engine alone, without a review
#[derive(Debug, clap::Args)]
pub struct PoolArgs {
    /// The table (CSV), one study a row
    file: PathBuf,
    /// The effect measure, by metafor's name: RR, OR, RD, PETO, MD, SMD, ROM, IRR, PR, PLO, MN, COR, ZCOR, OEV, HR, GEN, ...
    #[arg(long, value_name = "M", required_unless_present_any = ["network", "accuracy"])]
    measure: Option<String>,
    /// One common effect, or effects that vary between studies
    #[arg(long, value_parser = words::<Model>(&["random", "common"]))]
    model: Option<Model>,
    /// Weights: inverse variance, Mantel-Haenszel, Peto
    #[arg(long, value_parser = words::<Method>(&["iv", "mh", "peto"]))]
    method: Option<Method>,
    /// Estimator of the variance between studies, by metafor's name (DL, REML, ML, PM, EB, HE, HS, SJ, ...), or a number
    #[arg(long, value_name = "NAME")]
    tau2: Option<String>,
    /// Test and interval: normal, Hartung-Knapp, the same never narrower, t
    #[arg(long, value_parser = words::<Test>(&["z", "knha", "adhoc", "t"]))]
    test: Option<Test>,
    /// The confidence level in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0)]
    level: f64,
    /// What is added to the cells of studies with a zero: a number (0.5 is customary), or tacc
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    add: Option<String>,
    /// To which studies it is added
    #[arg(long, value_parser = words::<CorrectionRule>(&["only0", "all", "if0all", "none"]))]
    to: Option<CorrectionRule>,
    /// Leave out studies without any event, or with events only, in both groups
    #[arg(long)]
    drop00: bool,
    /// Keep them, where the method leaves them out of its heterogeneity
    #[arg(long, conflicts_with = "drop00")]
    keep00: bool,
    /// Correct also the counts that enter a Mantel-Haenszel or Peto estimate
    #[arg(long)]
    correct_pooled: bool,
    /// Formula of the sampling variance, by metafor's name
    #[arg(long, value_parser = words::<VarianceType>(&["LS", "LS2", "UB", "AV", "HO", "AVHO", "ST", "CS"]))]
    vtype: Option<VarianceType>,
    /// Correct ratios of means for their bias, as metafor does from version 5
    #[arg(long)]
    correct_rom: bool,
    /// Whose rules and defaults hold: a program's (revman is revman54)
    #[arg(long, value_parser = words::<Convention>(&["metafor", "revman54", "revman_web", "revman", "meta"]))]
    convention: Option<Convention>,
    /// Pool under several conventions, side by side, with what moved and why
    #[arg(long, value_name = "CONVENTION,...", num_args = 0..=1, default_missing_value = comparison::USUAL)]
    compare: Option<String>,
    /// Names of columns, as ai=events_e,n1i=total_e
    #[arg(long, value_name = "NAME=COLUMN,...", value_delimiter = ',')]
    columns: Vec<String>,
    /// The column with the names of the studies
    #[arg(long, value_name = "COL")]
    label: Option<String>,
    /// The column that divides the studies into subgroups
    #[arg(long, value_name = "COL")]
    subgroup: Option<String>,
    /// Give the subgroups one common variance between studies
    #[arg(long, requires = "subgroup")]
    common_tau2: bool,
    /// A meta-regression: columns with + or , between; a:b, a*b, factor(a), I(a - 10), log(a), 0 + a as in R
    #[arg(long, value_name = "FORMULA")]
    moderators: Option<String>,
    /// Pool again without each study in turn
    #[arg(long)]
    leave_one_out: bool,
    /// Pool the first study, the first two, and so on, in the order of a column of numbers
    #[arg(long, value_name = "COL")]
    cumulative: Option<String>,
    /// Diagnostics of every study
    #[arg(long)]
    influence: bool,
    /// Pool every subset of the studies (up to 20 of them)
    #[arg(long)]
    gosh: bool,
    /// Test the pooled estimate by turning the signs of the effects in every way
    #[arg(long)]
    permute: bool,
    /// Further intervals of tau² and of the mean
    #[arg(long)]
    intervals: bool,
    /// Absolute effects at these risks of the comparison group, as 0.05,0.2
    #[arg(long, value_name = "RISK,...", value_delimiter = ',')]
    assumed_risk: Vec<f64>,
    /// Egger's test for small-study effects
    #[arg(long)]
    egger: bool,
    /// Begg and Mazumdar's rank test
    #[arg(long)]
    begg: bool,
    /// Tests for small-study effects from counts: Harbord, Peters, Macaskill, Deeks
    #[arg(long)]
    count_tests: bool,
    /// Trim and fill, by an estimator of the number of missing studies
    #[arg(long, value_name = "L0|R0|Q0", num_args = 0..=1, default_missing_value = "L0", value_parser = words::<MissingEstimator>(&["L0", "R0", "Q0"]))]
    trim_and_fill: Option<MissingEstimator>,
    /// The side of the funnel on which studies are missing
    #[arg(long, requires = "trim_and_fill", value_parser = words::<Side>(&["left", "right"]))]
    side: Option<Side>,
    /// PET and PEESE
    #[arg(long)]
    pet_peese: bool,
    /// A selection model: step=.025 or step=.025,.5, halfnorm, negexp, beta
    #[arg(long, value_name = "FORM")]
    selection: Option<String>,
    /// Whether effects above 0 have the small p values of a selection model, or those below; by default the side of the pooled effect
    #[arg(long, requires = "selection", value_parser = ["greater", "less"])]
    alternative: Option<String>,
    /// Fail-safe numbers
    #[arg(long)]
    fail_safe: bool,
    /// A three-level model: the columns of the outer and the inner groups
    #[arg(long, value_name = "OUTER/INNER")]
    multilevel: Option<String>,
    /// Variances that are robust to groups of estimates
    #[arg(long, value_name = "COL")]
    robust: Option<String>,
    /// A model of the counts themselves: with an own baseline for each study (um), conditional on its events (cm), or so with the exact
    /// distribution (el)
    #[arg(long, value_name = "um|cm|el", num_args = 0..=1, default_missing_value = "um", value_parser = ["um", "cm", "el"])]
    glmm: Option<String>,
    /// A network of treatments from arms (study, trt, mean, var), against this reference
    #[arg(long, value_name = "TREATMENT", conflicts_with_all = ["measure", "accuracy"])]
    network: Option<String>,
    /// Sensitivity and specificity together (tp, fn, fp, tn)
    #[arg(long, conflicts_with = "measure")]
    accuracy: bool,
    /// Do not draw the forest plot
    #[arg(long)]
    no_plot: bool,
}

/// Runs the verb.
pub fn run(args: &PoolArgs, context: &mut Context) -> Done {
    let table = InputTable::read(&args.file)?;
    let columns = data::Columns::new(&table, &args.columns)?;
    if let Some(section) = other_table(args, &columns)? {
        return show_alone(section, &mut context.out);
    }
    let measure = choices::measure(args.measure.as_deref().unwrap_or_default())?;
    let options = choices::options(args, measure)?;
    let named = |error: MetaError| Failure::from(Error::user(format!("{}: {error}", table.file)));
    let formula = args.moderators.as_deref().map(Formula::parse).transpose().map_err(named)?;
    let roles = data::Roles { label: args.label.as_deref(), subgroup: args.subgroup.as_deref(), moderators: formula.as_ref() };
    let dataset = data::dataset(&columns, measure, &roles)?;
    if let Some(list) = &args.compare {
        let compared = compare(&dataset, &options, args.model, &comparison::conventions(list)?);
        let out = &mut context.out;
        return if out.is_json() { out.json(&comparison::object(&compared)) } else { comparison::print(&compared, out) };
    }
    let mut result = meta::pool(&dataset, &options).map_err(named)?;
    if args.convention.is_none() && args.test.is_none() && options.model == Model::Random {
        result.trail.push(choices::ADVICE.to_owned());
    }
    let subgroups = args.subgroup.as_ref().map(|_| meta::pool_subgroups(&dataset, &options)).transpose().map_err(named)?;
    let effects = Effects::new(&dataset, &options).map_err(named)?;
    let mut wanted = further_results(args, &columns, &effects, &result, named)?;
    if let Some(formula) = &formula {
        wanted.insert(0, further::regression(&dataset, &options, formula).map_err(named)?);
    }
    let out = &mut context.out;
    if out.is_json() {
        let mut object = pooled::object(&result, subgroups.as_ref());
        object.extend(wanted.into_iter().map(|section| (section.key.to_owned(), section.object)));
        return out.json(&Value::Object(object));
    }
    if !args.no_plot {
        draw(&dataset, &result, subgroups.as_ref(), out)?;
    }
    pooled::print(&result, out)?;
    if let Some(subgroups) = &subgroups {
        pooled::print_subgroups(&result, subgroups, out)?;
    }
    for section in &wanted {
        show(section, out)?;
    }
    for warning in &result.warnings {
        out.talk(&clean_line(&format!("warning: {warning}")));
    }
    Ok(())
}

/// Returns the results of tables that hold no effects of single studies.
fn other_table(args: &PoolArgs, columns: &data::Columns<'_>) -> Done<Option<Section>> {
    if !(args.level > 0.0 && args.level < 100.0) {
        return Err(Failure::usage(format!("the level is {} percent", args.level), "give a number between 0 and 100, for example 95"));
    }
    let level = args.level / 100.0;
    match &args.network {
        Some(reference) => tables::treatments(columns, reference, level).map(Some),
        None if args.accuracy => tables::accuracy(columns, level).map(Some),
        None => Ok(None),
    }
}

fn further_results(
    args: &PoolArgs,
    columns: &data::Columns<'_>,
    effects: &Effects<'_>,
    result: &Pooled,
    named: impl Fn(MetaError) -> Failure,
) -> Done<Vec<Section>> {
    let mut wanted: Vec<Section> = Vec::new();
    let mut add = |section: Result<Section, MetaError>| section.map(|section| wanted.push(section)).map_err(&named);
    if args.common_tau2 {
        add(further::common_tau2(effects))?;
    }
    if !args.assumed_risk.is_empty() {
        add(structure::absolute(effects, result, &args.assumed_risk))?;
    }
    if args.leave_one_out {
        add(further::leave_one_out(effects))?;
    }
    if let Some(column) = &args.cumulative {
        let order = columns.numbers(column)?;
        add(further::cumulative(effects, &order))?;
    }
    if args.influence {
        add(further::influence(effects))?;
    }
    if args.gosh {
        add(structure::gosh(effects))?;
    }
    if args.permute {
        add(structure::permute(effects))?;
    }
    if args.intervals {
        add(structure::more_intervals(effects))?;
    }
    if args.egger {
        add(small_study::egger(effects))?;
    }
    if args.begg {
        add(small_study::begg(effects))?;
    }
    if args.count_tests {
        add(small_study::counts(effects))?;
    }
    if let Some(estimator) = args.trim_and_fill {
        add(small_study::trim_and_fill(effects, estimator, args.side))?;
    }
    if args.pet_peese {
        add(small_study::pet_peese(effects))?;
    }
    if let Some(form) = &args.selection {
        let below = args.alternative.as_deref().map_or(result.estimate < 0.0, |side| side == "less");
        add(small_study::selection(effects, &choices::selection(form)?, below))?;
    }
    if args.fail_safe {
        add(small_study::fail_safe(effects))?;
    }
    if let Some(levels) = &args.multilevel {
        let usage =
            || Failure::usage(format!("\"{levels}\" is not OUTER/INNER"), "name two columns, for example --multilevel district/school");
        let (outer, inner) = levels.split_once('/').ok_or_else(usage)?;
        add(structure::levels(effects, &columns.required(outer)?, &columns.required(inner)?))?;
    }
    if let Some(column) = &args.robust {
        add(structure::robust(effects, &columns.required(column)?))?;
    }
    if let Some(kind) = &args.glmm {
        let kind = match kind.as_str() {
            "cm" => CountsModel::Conditional,
            "el" => CountsModel::ExactConditional,
            _ => CountsModel::Unconditional,
        };
        add(structure::counts_model(effects, kind))?;
    }
    Ok(wanted)
}

fn draw(dataset: &Dataset, result: &Pooled, subgroups: Option<&meta::SubgroupAnalysis>, out: &mut Output) -> Done {
    let model = build_forest(&ForestInput {
        title: "",
        experimental: "Experimental",
        control: "Control",
        favours: None,
        dataset,
        pooled: result,
        subgroups,
    });
    let width = u16::try_from(out.drawing_width()).unwrap_or(u16::MAX);
    out.figure(&forest_text(&model, width))?;
    out.line(String::new())
}

/// Returns the meta-regression of an analysis of the review, as `pool --mods` gives it.
///
/// # Errors
/// Those of [`further::regression`].
pub(super) fn regression_section(dataset: &Dataset, options: &Options, terms: &[Term]) -> Result<Section, MetaError> {
    further::regression(dataset, options, &Formula::of(terms))
}

/// Prints a section.
pub(super) fn show(section: &Section, out: &mut Output) -> Done {
    out.heading(section.title)?;
    out.table(&section.table)?;
    for line in &section.lines {
        out.line(clean_line(line))?;
    }
    Ok(())
}

fn show_alone(section: Section, out: &mut Output) -> Done {
    if out.is_json() { out.json(&section.object) } else { show(&section, out) }
}
