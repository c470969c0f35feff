//! `tamis pool`: the engine alone on a table of numbers. No review is needed.

mod data;
mod further;

use std::path::PathBuf;
use std::str::FromStr;

use serde_json::Value;

use crate::app::Error;
use crate::app::draw::{ForestInput, build_forest};
use crate::cli::args::words;
use crate::cli::context::Context;
use crate::cli::input::InputTable;
use crate::cli::pooled;
use crate::cli::report::{Done, Failure};
use crate::domain::text::clean_line;
use crate::figure::text::forest_text;
use crate::meta::{
    self, Convention, Correction, CorrectionAmount, CorrectionRule, EffectMeasure, Method, Model, Options, Tau2Method, Test, VarianceType,
};

/// Pool a table of numbers: the engine alone, without a review
#[derive(Debug, clap::Args)]
pub struct PoolArgs {
    /// The table (CSV), one study a row
    file: PathBuf,
    /// The effect measure, by metafor's name: RR, OR, RD, PETO, MD, SMD, ROM, IRR, PR, PLO, MN, COR, ZCOR, OEV, HR, GEN, ...
    #[arg(long, value_name = "M")]
    measure: String,
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
    /// What is added to the cells of studies with a zero
    #[arg(long, value_name = "X", default_value_t = 0.5)]
    add: f64,
    /// To which studies it is added
    #[arg(long, default_value = "only0", value_parser = words::<CorrectionRule>(&["only0", "all", "if0all", "none"]))]
    to: CorrectionRule,
    /// Leave out studies without any event, or with events only, in both groups
    #[arg(long)]
    drop00: bool,
    /// Correct also the counts that enter a Mantel-Haenszel or Peto estimate
    #[arg(long)]
    correct_pooled: bool,
    /// Variance of mean differences, by metafor's name
    #[arg(long, value_parser = words::<VarianceType>(&["LS", "LS2", "UB", "AV", "HO"]))]
    vtype: Option<VarianceType>,
    /// Whose rules hold where programs differ
    #[arg(long, default_value = "metafor", value_parser = words::<Convention>(&["metafor", "revman", "meta"]))]
    convention: Convention,
    /// Names of columns, as ai=events_e,n1i=total_e
    #[arg(long, value_name = "NAME=COLUMN,...", value_delimiter = ',')]
    columns: Vec<String>,
    /// The column with the names of the studies
    #[arg(long, value_name = "COL")]
    label: Option<String>,
    /// The column that divides the studies into subgroups
    #[arg(long, value_name = "COL")]
    subgroup: Option<String>,
    /// Columns for a meta-regression; a:b is a product
    #[arg(long, value_name = "COL,...")]
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
    /// Egger's test for small-study effects
    #[arg(long)]
    egger: bool,
    /// Begg and Mazumdar's rank test
    #[arg(long)]
    begg: bool,
    /// Trim and fill
    #[arg(long)]
    trim_and_fill: bool,
    /// Do not draw the forest plot
    #[arg(long)]
    no_plot: bool,
}

/// Runs the verb.
pub fn run(args: &PoolArgs, context: &mut Context) -> Done {
    let options = options(args)?;
    let table = InputTable::read(&args.file)?;
    let columns = data::Columns::new(&table, &args.columns)?;
    let dataset = data::dataset(
        &columns,
        options.measure,
        &data::Roles { label: args.label.as_deref(), subgroup: args.subgroup.as_deref(), moderators: args.moderators.as_deref() },
    )?;
    let result = meta::pool(&dataset, &options).map_err(|error| Error::user(format!("{}: {error}", table.file)))?;
    let subgroups = match &args.subgroup {
        Some(_) => Some(meta::pool_subgroups(&dataset, &options).map_err(|error| Error::user(format!("{}: {error}", table.file)))?),
        None => None,
    };
    let mut wanted: Vec<further::Section> = Vec::new();
    let mut add = |section: Result<further::Section, meta::MetaError>| {
        section.map(|section| wanted.push(section)).map_err(|error| Failure::from(Error::user(format!("{}: {error}", table.file))))
    };
    let effects = further::Effects::new(&dataset, &options).map_err(|error| Error::user(error.to_string()))?;
    if let Some(text) = &args.moderators {
        add(further::regression(&dataset, &options, text))?;
    }
    if args.leave_one_out {
        add(further::leave_one_out(&effects))?;
    }
    if let Some(column) = &args.cumulative {
        let order = columns.numbers(column)?;
        add(further::cumulative(&effects, &order))?;
    }
    if args.influence {
        add(further::influence(&effects))?;
    }
    if args.egger {
        add(further::egger(&effects))?;
    }
    if args.begg {
        add(further::begg(&effects))?;
    }
    if args.trim_and_fill {
        add(further::trim_and_fill(&effects))?;
    }
    let out = &mut context.out;
    if out.is_json() {
        let mut object = pooled::object(&result, subgroups.as_ref());
        object.extend(wanted.into_iter().map(|section| (section.key.to_owned(), section.object)));
        return out.json(&Value::Object(object));
    }
    if !args.no_plot {
        let (experimental, control) = ("Experimental", "Control");
        let model = build_forest(&ForestInput {
            title: "",
            experimental,
            control,
            favours: None,
            dataset: &dataset,
            pooled: &result,
            subgroups: subgroups.as_ref(),
        });
        let width = u16::try_from(out.drawing_width()).unwrap_or(u16::MAX);
        out.figure(&forest_text(&model, width))?;
        out.line(String::new())?;
    }
    pooled::print(&result, out)?;
    if let Some(subgroups) = &subgroups {
        pooled::print_subgroups(&result, subgroups, out)?;
    }
    for section in &wanted {
        out.heading(section.title)?;
        out.table(&section.table)?;
        for line in &section.lines {
            out.line(clean_line(line))?;
        }
    }
    for warning in &result.warnings {
        out.talk(&clean_line(&format!("warning: {warning}")));
    }
    Ok(())
}

fn options(args: &PoolArgs) -> Done<Options> {
    let measure = EffectMeasure::from_str(&args.measure).map_err(|_| {
        Failure::usage(
            format!("the engine does not know the measure \"{}\"", args.measure),
            "tamis pool --help names some; they are metafor's",
        )
    })?;
    let mut options = if args.convention == Convention::RevMan { Options::revman(measure) } else { Options::new(measure) };
    options.convention = args.convention;
    if let Some(model) = args.model {
        options.model = model;
    }
    if let Some(method) = args.method {
        options.method = method;
    } else if measure == EffectMeasure::PetoOddsRatio && args.model != Some(Model::Random) {
        options.method = Method::Peto;
    }
    if options.method != Method::InverseVariance && args.model.is_none() && args.convention != Convention::RevMan {
        options.model = Model::Common;
    }
    if let Some(name) = &args.tau2 {
        options.tau2 = tau2(name)?;
    }
    if let Some(test) = args.test {
        options.test = test;
    }
    if !(args.level > 0.0 && args.level < 100.0) {
        return Err(Failure::usage(format!("the level is {} percent", args.level), "give a number between 0 and 100, for example 95"));
    }
    options.level = args.level / 100.0;
    if !(args.add.is_finite() && args.add >= 0.0) {
        return Err(Failure::usage("--add needs a number from 0 upwards", "for example 0.5"));
    }
    let amount = if args.add == 0.5 { CorrectionAmount::Customary } else { CorrectionAmount::Constant(args.add) };
    options.correction = Correction { amount, rule: args.to, drop_double_zero: args.drop00.then_some(true) };
    if args.correct_pooled {
        options.pooled_correction = Correction { amount: CorrectionAmount::Constant(args.add), ..options.correction };
    }
    if let Some(vtype) = args.vtype {
        options.variance = vtype;
    }
    Ok(options)
}

/// Reads metafor's name of an estimator in any case, or a fixed value.
fn tau2(name: &str) -> Done<Tau2Method> {
    if let Some(method) = Tau2Method::ALL.into_iter().find(|method| method.short().eq_ignore_ascii_case(name)) {
        return Ok(method);
    }
    match name.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(Tau2Method::Fixed(value)),
        _ => {
            let known: Vec<&str> = Tau2Method::ALL.iter().map(|method| method.short()).collect();
            Err(Failure::usage(
                format!("there is no estimator \"{name}\" of the variance between studies"),
                format!("use one of {}, or a number", known.join(", ")),
            ))
        }
    }
}
