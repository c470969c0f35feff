//! Estimators of the between-study variance tau2, for any number of moderators.
//!
//! All estimators work on quadratic forms and traces of `P = A - A X (X' A X)^-1 X' A`, which [`ResidualSpace`] gives in one pass over
//! the studies: for the intercept alone without any matrix, with moderators by small p x p systems (`regression`).
//! Likelihoods are searched globally: every local maximum is refined and compared with tau2 = 0.
//!
//! Sources: DerSimonian and Laird (1986, 2007); Hedges and Olkin (1985); Hunter and Schmidt (2004); Sidik and Jonkman (2005);
//! Paule and Mandel (1982); Morris (1983); Viechtbauer (2005) for ML, REML and standard errors; metafor `rma.uni`.

mod certificate;
mod likelihood;
mod space;

pub use likelihood::maximise_likelihood;
pub(super) use likelihood::{Maximum, global_maximum};
pub use space::{InterceptOnly, Moments, ResidualSpace, WeightedMoments};
pub(super) use space::{KnownMean, PowerSums};

use crate::stats::dist;

/// An estimator of the between-study variance. `short()` gives metafor's name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tau2Method {
    /// Method of moments with inverse-variance weights.
    DerSimonianLaird,
    /// Two-step method of moments, starting from DerSimonian-Laird.
    DerSimonianLairdTwoStep,
    /// Method of moments with equal weights.
    Hedges,
    /// Two-step method of moments, starting from Hedges.
    HedgesTwoStep,
    /// Hunter and Schmidt.
    HunterSchmidt,
    /// Hunter and Schmidt with small-sample correction.
    HunterSchmidtCorrected,
    /// Sidik and Jonkman.
    SidikJonkman,
    /// Sidik and Jonkman, iterated.
    SidikJonkmanIterated,
    /// Paule and Mandel: Q at the estimate equals its expectation.
    PauleMandel,
    /// Paule and Mandel with the median of chi-squared for its mean.
    PauleMandelMedian,
    /// Empirical Bayes (Morris); has the same root as Paule-Mandel.
    EmpiricalBayes,
    /// Maximum likelihood.
    MaximumLikelihood,
    /// Restricted maximum likelihood.
    RestrictedMaximumLikelihood,
    /// A value given in advance, for sensitivity analyses.
    Fixed(f64),
}

impl Tau2Method {
    /// The estimators, without the fixed value.
    pub const ALL: [Self; 13] = [
        Self::DerSimonianLaird,
        Self::DerSimonianLairdTwoStep,
        Self::Hedges,
        Self::HedgesTwoStep,
        Self::HunterSchmidt,
        Self::HunterSchmidtCorrected,
        Self::SidikJonkman,
        Self::SidikJonkmanIterated,
        Self::PauleMandel,
        Self::PauleMandelMedian,
        Self::EmpiricalBayes,
        Self::MaximumLikelihood,
        Self::RestrictedMaximumLikelihood,
    ];

    /// Returns the short name, as in metafor: "DL", "REML", "PM", ...
    pub fn short(self) -> &'static str {
        match self {
            Self::DerSimonianLaird => "DL",
            Self::DerSimonianLairdTwoStep => "DL2",
            Self::Hedges => "HE",
            Self::HedgesTwoStep => "HE2",
            Self::HunterSchmidt => "HS",
            Self::HunterSchmidtCorrected => "HSk",
            Self::SidikJonkman => "SJ",
            Self::SidikJonkmanIterated => "SJIT",
            Self::PauleMandel => "PM",
            Self::PauleMandelMedian => "PMM",
            Self::EmpiricalBayes => "EB",
            Self::MaximumLikelihood => "ML",
            Self::RestrictedMaximumLikelihood => "REML",
            Self::Fixed(_) => "fixed_tau2",
        }
    }

    /// Returns the name as printed in papers.
    pub fn label(self) -> &'static str {
        match self {
            Self::DerSimonianLaird => "DerSimonian-Laird",
            Self::DerSimonianLairdTwoStep => "two-step DerSimonian-Laird",
            Self::Hedges => "Hedges",
            Self::HedgesTwoStep => "two-step Hedges",
            Self::HunterSchmidt => "Hunter-Schmidt",
            Self::HunterSchmidtCorrected => "Hunter-Schmidt (corrected)",
            Self::SidikJonkman => "Sidik-Jonkman",
            Self::SidikJonkmanIterated => "Sidik-Jonkman (iterated)",
            Self::PauleMandel => "Paule-Mandel",
            Self::PauleMandelMedian => "Paule-Mandel (median)",
            Self::EmpiricalBayes => "empirical Bayes",
            Self::MaximumLikelihood => "maximum likelihood",
            Self::RestrictedMaximumLikelihood => "restricted maximum likelihood",
            Self::Fixed(_) => "fixed value",
        }
    }
}

impl std::str::FromStr for Tau2Method {
    type Err = String;

    /// Reads a short name, whatever its case, or `fixed=VALUE`.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(value) = text.strip_prefix("fixed=") {
            let value: f64 = value.parse().map_err(|_| format!("{value} is not a number"))?;
            return if value >= 0.0 && value.is_finite() { Ok(Self::Fixed(value)) } else { Err("tau2 cannot be negative".into()) };
        }
        // HSk and HSK alike; all names differ without regard to case.
        Self::ALL.into_iter().find(|method| method.short().eq_ignore_ascii_case(text)).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|method| method.short()).collect();
            format!("{text} is not an estimator of tau2; there are {}", names.join(", "))
        })
    }
}

/// An estimate of the between-study variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tau2Estimate {
    /// The estimate, never negative.
    pub tau2: f64,
    /// Its large-sample standard error; NaN where none is defined.
    pub se: f64,
    /// True when the likelihood has more than one local maximum.
    pub is_multimodal: bool,
}

/// Estimates tau2.
///
/// With no residual degrees of freedom (one study, or as many coefficients as studies) tau2 is 0 and has no standard error.
pub fn estimate(space: &impl ResidualSpace, method: Tau2Method) -> Tau2Estimate {
    estimate_from(space, method, &space.moments(0.0), None).0
}

/// Estimates tau2 from the moments at zero, with a start for the likelihoods; gives the moments at the estimate where they are known.
pub(super) fn estimate_from(
    space: &impl ResidualSpace,
    method: Tau2Method,
    common: &Moments,
    start: Option<f64>,
) -> (Tau2Estimate, Option<Moments>) {
    let (k, p) = (space.yi().len(), space.p());
    let plain = |tau2: f64, se: f64| (Tau2Estimate { tau2, se, is_multimodal: false }, None);
    if let Tau2Method::Fixed(tau2) = method {
        // metafor prints the standard error that restricted likelihood would have at this value.
        let tau2 = tau2.max(0.0);
        let moments = space.moments(tau2);
        let se = if k > p { (2.0 / squares_of_p(space, tau2, &moments)).sqrt() } else { f64::NAN };
        return (Tau2Estimate { tau2, se, is_multimodal: false }, Some(moments));
    }
    if k <= p {
        return plain(0.0, f64::NAN);
    }
    let (studies, df) = (k as f64, (k - p) as f64);
    match method {
        Tau2Method::DerSimonianLaird => (dersimonian_laird(common, df), None),
        Tau2Method::HunterSchmidt | Tau2Method::HunterSchmidtCorrected => {
            let factor = if method == Tau2Method::HunterSchmidt { 1.0 } else { studies / df };
            let tau2 = ((factor * common.q1 - studies) / common.sum1).max(0.0);
            let variance = 2.0 * df + 4.0 * tau2 * common.trace1 + 2.0 * tau2 * tau2 * common.trace2;
            plain(tau2, factor * variance.sqrt() / common.sum1)
        }
        Tau2Method::Hedges => (hedges(space, df), None),
        Tau2Method::DerSimonianLairdTwoStep | Tau2Method::HedgesTwoStep => {
            let first = if method == Tau2Method::HedgesTwoStep { hedges(space, df) } else { dersimonian_laird(common, df) };
            let m = space.weighted_moments(|v| 1.0 / (v + first.tau2));
            let tau2 = ((m.q - m.trace_v) / m.trace).max(0.0);
            plain(tau2, (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_pv + 2.0 * tau2 * tau2 * m.trace_pp).sqrt() / m.trace)
        }
        Tau2Method::SidikJonkman => {
            let mean = space.yi().iter().sum::<f64>() / studies;
            let start = space.yi().iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / studies;
            (sidik_jonkman(space, start, df), None)
        }
        Tau2Method::PauleMandel | Tau2Method::EmpiricalBayes | Tau2Method::SidikJonkmanIterated | Tau2Method::PauleMandelMedian => {
            let target = if method == Tau2Method::PauleMandelMedian { dist::chi_squared_quantile(0.5, df) } else { df };
            let tau2 = solve_q(space, target);
            let moments = space.moments(tau2);
            let se = (2.0 / df).sqrt() * studies / moments.sum1;
            (Tau2Estimate { tau2, se, is_multimodal: false }, Some(moments))
        }
        Tau2Method::MaximumLikelihood | Tau2Method::RestrictedMaximumLikelihood => {
            let restricted = method == Tau2Method::RestrictedMaximumLikelihood;
            let Maximum { tau2, is_multimodal, moments } = global_maximum(space, restricted, common, start);
            let information = if restricted { squares_of_p(space, tau2, &moments) } else { moments.sum2 };
            (Tau2Estimate { tau2, se: (2.0 / information).sqrt(), is_multimodal }, Some(moments))
        }
        Tau2Method::Fixed(tau2) => plain(tau2, f64::NAN),
    }
}

/// What of the sum of squared weights may cancel before `tr(P P)` is computed from the entries of P.
const CANCELLED: f64 = 1e-5;

/// Returns `tr(P P)`, to all digits also where nearly all of the weights goes into the coefficients.
fn squares_of_p(space: &impl ResidualSpace, tau2: f64, moments: &Moments) -> f64 {
    let exact = (moments.trace2 < CANCELLED * moments.sum2).then(|| space.exact_trace2(tau2)).flatten();
    exact.unwrap_or(moments.trace2)
}

/// Method of moments with inverse-variance weights, from the moments at tau2 = 0.
pub(super) fn dersimonian_laird(m: &Moments, df: f64) -> Tau2Estimate {
    let tau2 = ((m.q1 - df) / m.trace1).max(0.0);
    let se = (2.0 * df + 4.0 * tau2 * m.trace1 + 2.0 * tau2 * tau2 * m.trace2).sqrt() / m.trace1;
    Tau2Estimate { tau2, se, is_multimodal: false }
}

/// Method of moments with equal weights.
fn hedges(space: &impl ResidualSpace, df: f64) -> Tau2Estimate {
    let m = space.weighted_moments(|_| 1.0);
    let tau2 = ((m.q - m.trace_v) / df).max(0.0);
    let se = (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_v + 2.0 * tau2 * tau2 * df).sqrt() / df;
    Tau2Estimate { tau2, se, is_multimodal: false }
}

/// One step of Sidik and Jonkman (2005, equation 6) from a start value, with its standard error.
fn sidik_jonkman(space: &impl ResidualSpace, start: f64, df: f64) -> Tau2Estimate {
    let m = space.weighted_moments(|v| 1.0 / (v + start));
    let tau2 = (start * m.q / df).max(0.0);
    let se = start / df * (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_pv + 2.0 * tau2 * tau2 * m.trace_pp).sqrt();
    Tau2Estimate { tau2, se, is_multimodal: false }
}

/// Returns tau2 at which `y' P y` equals the target; 0 when it is below the target from the start.
///
/// The form falls in tau2 and its reciprocal, a harmonic mean of straight lines, is concave; so Newton's method on the reciprocal never
/// overshoots from the left, and is exact for equal variances. There is no upper cap.
pub fn solve_q(space: &impl ResidualSpace, target: f64) -> f64 {
    let mut tau2 = 0.0;
    for _ in 0..500 {
        let (q1, q2) = space.q_at(tau2);
        let step = (q1 - target) / q2 * (q1 / target);
        if step.is_nan() || step <= 0.0 {
            break;
        }
        let next = tau2 + step;
        if next == tau2 || step < 1e-16 * next {
            return next;
        }
        tau2 = next;
        // Quadratic convergence: what is left is of the order of the square of the step.
        if step < 1e-9 * next {
            break;
        }
    }
    tau2
}
