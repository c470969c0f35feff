//! Estimators of the between-study variance tau2, for any number of moderators.
//!
//! All estimators work on quadratic forms and traces of `P = A - A X (X' A X)^-1 X' A`, which [`ResidualSpace`] gives in one pass over
//! the studies: for the intercept alone without any matrix, with moderators by small p x p systems (`regression`).
//! Likelihoods are searched globally: every local maximum is refined and compared with tau2 = 0.
//!
//! Sources: DerSimonian and Laird (1986, 2007); Hedges and Olkin (1985); Hunter and Schmidt (2004); Sidik and Jonkman (2005);
//! Paule and Mandel (1982); Morris (1983); Viechtbauer (2005) for ML, REML and standard errors; metafor `rma.uni`.

mod likelihood;
mod space;

pub(super) use likelihood::global_maximum;
pub use likelihood::maximise_likelihood;
pub(super) use space::with_weights;
pub use space::{InterceptOnly, Moments, ResidualSpace, WeightedMoments};

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
    let (k, p) = (space.yi().len(), space.p());
    let plain = |tau2: f64, se: f64| Tau2Estimate { tau2, se, is_multimodal: false };
    if let Tau2Method::Fixed(tau2) = method {
        // metafor prints the standard error that restricted likelihood would have at this value.
        let se = if k > p { (2.0 / space.moments(tau2).trace2).sqrt() } else { f64::NAN };
        return plain(tau2.max(0.0), se);
    }
    if k <= p {
        return plain(0.0, f64::NAN);
    }
    let (studies, df) = (k as f64, (k - p) as f64);
    let inverse = || space.vi().iter().map(|v| 1.0 / v).collect::<Vec<_>>();
    match method {
        Tau2Method::DerSimonianLaird => dersimonian_laird(&space.moments(0.0), df),
        Tau2Method::HunterSchmidt | Tau2Method::HunterSchmidtCorrected => {
            let weights = inverse();
            let m = space.weighted_moments(&weights);
            let sum: f64 = weights.iter().sum();
            let factor = if method == Tau2Method::HunterSchmidt { 1.0 } else { studies / df };
            let tau2 = ((factor * m.q - studies) / sum).max(0.0);
            plain(tau2, factor * (2.0 * df + 4.0 * tau2 * m.trace + 2.0 * tau2 * tau2 * m.trace_pp).sqrt() / sum)
        }
        Tau2Method::Hedges => {
            let m = space.weighted_moments(&vec![1.0; k]);
            let tau2 = ((m.q - m.trace_v) / df).max(0.0);
            plain(tau2, (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_v + 2.0 * tau2 * tau2 * df).sqrt() / df)
        }
        Tau2Method::DerSimonianLairdTwoStep | Tau2Method::HedgesTwoStep => {
            let first = if method == Tau2Method::HedgesTwoStep { Tau2Method::Hedges } else { Tau2Method::DerSimonianLaird };
            let start = estimate(space, first).tau2;
            let weights: Vec<f64> = space.vi().iter().map(|v| 1.0 / (v + start)).collect();
            let m = space.weighted_moments(&weights);
            let tau2 = ((m.q - m.trace_v) / m.trace).max(0.0);
            plain(tau2, (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_pv + 2.0 * tau2 * tau2 * m.trace_pp).sqrt() / m.trace)
        }
        Tau2Method::SidikJonkman => {
            let mean = space.yi().iter().sum::<f64>() / studies;
            let start = space.yi().iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / studies;
            sidik_jonkman(space, start, df)
        }
        Tau2Method::PauleMandel | Tau2Method::EmpiricalBayes | Tau2Method::SidikJonkmanIterated | Tau2Method::PauleMandelMedian => {
            let target = if method == Tau2Method::PauleMandelMedian { dist::chi_squared_quantile(0.5, df) } else { df };
            let tau2 = solve_q(space, target);
            plain(tau2, (2.0 / df).sqrt() * studies / space.moments(tau2).sum1)
        }
        Tau2Method::MaximumLikelihood | Tau2Method::RestrictedMaximumLikelihood => {
            let restricted = method == Tau2Method::RestrictedMaximumLikelihood;
            let (tau2, is_multimodal) = maximise_likelihood(space, restricted);
            let m = space.moments(tau2);
            let information = if restricted { m.trace2 } else { m.sum2 };
            Tau2Estimate { tau2, se: (2.0 / information).sqrt(), is_multimodal }
        }
        Tau2Method::Fixed(tau2) => plain(tau2, f64::NAN),
    }
}

/// Method of moments with inverse-variance weights, from the moments at tau2 = 0.
pub(super) fn dersimonian_laird(m: &Moments, df: f64) -> Tau2Estimate {
    let tau2 = ((m.q1 - df) / m.trace1).max(0.0);
    let se = (2.0 * df + 4.0 * tau2 * m.trace1 + 2.0 * tau2 * tau2 * m.trace2).sqrt() / m.trace1;
    Tau2Estimate { tau2, se, is_multimodal: false }
}

/// One step of Sidik and Jonkman (2005, equation 6) from a start value, with its standard error.
fn sidik_jonkman(space: &impl ResidualSpace, start: f64, df: f64) -> Tau2Estimate {
    let weights: Vec<f64> = space.vi().iter().map(|v| 1.0 / (v + start)).collect();
    let m = space.weighted_moments(&weights);
    let tau2 = (start * m.q / df).max(0.0);
    let se = start / df * (2.0 * m.trace_vv + 4.0 * tau2 * m.trace_pv + 2.0 * tau2 * tau2 * m.trace_pp).sqrt();
    Tau2Estimate { tau2, se, is_multimodal: false }
}

/// Returns tau2 at which `y' P y` equals the target; 0 when it is below the target from the start.
///
/// The form falls and is convex in tau2, so Newton's method from the left never overshoots. There is no upper cap.
pub fn solve_q(space: &impl ResidualSpace, target: f64) -> f64 {
    let mut tau2 = 0.0;
    for _ in 0..500 {
        let m = space.moments(tau2);
        let step = (m.q1 - target) / m.q2;
        if step.is_nan() || step <= 0.0 {
            break;
        }
        let next = tau2 + step;
        if next == tau2 || step < 1e-16 * next {
            return next;
        }
        tau2 = next;
    }
    tau2
}
