//! From the options on the command line to the engine's: what was asked for, and what holds where nothing was.

use std::str::FromStr;

use super::PoolArgs;
use crate::cli::report::{Done, Failure};
use crate::meta::selection::Selection;
use crate::meta::{
    Convention, Correction, CorrectionAmount, CorrectionRule, EffectMeasure, Method, Model, Options, Tau2Method, Test, VarianceType,
};

/// What holds where neither a convention nor a test is named.
pub const ADVICE: &str = "Defaults: the advice of the Cochrane Handbook 6.5, chapter 10: random effects, REML, Hartung-Knapp-Sidik-Jonkman \
                          interval (Wald for a single study and for common effects), prediction interval; --convention follows a program";

/// Returns the effect measure that was asked for.
pub fn measure(name: &str) -> Done<EffectMeasure> {
    EffectMeasure::from_str(name).map_err(|_| {
        let known: Vec<&str> = <EffectMeasure as strum::VariantArray>::VARIANTS.iter().map(|measure| measure.short()).collect();
        Failure::usage(format!("the engine does not know the measure \"{name}\""), format!("its measures are {}", known.join(", ")))
    })
}

/// Makes the options of the pooling.
pub fn options(args: &PoolArgs, measure: EffectMeasure) -> Done<Options> {
    let mut options = match args.convention {
        Some(convention) => Options::under(convention, measure, args.model),
        None => Options::new(measure).with_test(Test::HartungKnapp),
    };
    if let Some(model) = args.model {
        options.model = model;
    }
    let is_revman = args.convention.is_some_and(Convention::is_revman);
    if let Some(method) = args.method {
        options.method = method;
    } else if measure == EffectMeasure::PetoOddsRatio && args.model != Some(Model::Random) {
        options.method = Method::Peto;
    }
    if options.method != Method::InverseVariance && args.model.is_none() && !is_revman {
        options.model = Model::Common;
    }
    if let Some(name) = &args.tau2 {
        options.tau2 = tau2(name)?;
    }
    if let Some(test) = args.test {
        options.test = test;
    } else if options.model == Model::Common {
        options.test = Test::Wald;
    }
    if !(args.level > 0.0 && args.level < 100.0) {
        return Err(Failure::usage(format!("the level is {} percent", args.level), "give a number between 0 and 100, for example 95"));
    }
    options.level = args.level / 100.0;
    correction(args, &mut options)?;
    if let Some(vtype) = args.vtype {
        if is_revman && vtype != VarianceType::LargeSample {
            return Err(Failure::usage("RevMan has a variance formula of its own", "leave --vtype out, or choose --convention metafor"));
        }
        options.variance = vtype;
    }
    options.correct_ratio_of_means = args.correct_rom;
    Ok(options)
}

fn correction(args: &PoolArgs, options: &mut Options) -> Done {
    let amount = match args.add.as_deref() {
        None => CorrectionAmount::Customary,
        Some("tacc" | "TACC") => CorrectionAmount::TreatmentArm,
        Some(text) => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
            let number = number.ok_or_else(|| {
                Failure::usage(format!("--add needs a number from 0 upwards, not \"{text}\""), "for example 0.5, or tacc")
            })?;
            CorrectionAmount::Constant(number)
        }
    };
    let is_asked = args.add.is_some() || args.to.is_some() || args.drop00 || args.keep00;
    if is_asked && options.convention.is_revman() {
        return Err(Failure::usage(
            "RevMan's rule for zero cells is fixed: 0.5 in all cells of studies with a zero",
            "leave --add, --to, --drop00 and --keep00 out, or choose --convention metafor",
        ));
    }
    let rule = args.to.unwrap_or(CorrectionRule::StudiesWithZero);
    let drop_double_zero = match (args.drop00, args.keep00) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    options.correction = Correction { amount, rule, drop_double_zero };
    if args.correct_pooled {
        let amount = if amount == CorrectionAmount::Customary { CorrectionAmount::Constant(0.5) } else { amount };
        options.pooled_correction = Correction { amount, ..options.correction };
    }
    Ok(())
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

/// Reads a form of selection: "step=.025,.5", "halfnorm", "negexp", "beta".
pub fn selection(text: &str) -> Done<Selection> {
    let unknown = || Failure::usage(format!("there is no selection \"{text}\""), "use step=.025 or step=.025,.5, halfnorm, negexp, beta");
    match text.split_once('=').map_or((text, None), |(form, steps)| (form, Some(steps))) {
        ("halfnorm", None) => Ok(Selection::HalfNormal),
        ("negexp", None) => Ok(Selection::NegativeExponential),
        ("beta", None) => Ok(Selection::Beta),
        ("step", Some(steps)) => {
            let steps: Option<Vec<f64>> = steps.split(',').map(|step| step.trim().parse().ok()).collect();
            Ok(Selection::Steps(steps.ok_or_else(unknown)?))
        }
        _ => Err(unknown()),
    }
}
