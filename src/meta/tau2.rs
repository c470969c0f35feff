//! Estimators of the between-study variance tau2, for any number of moderators.
//!
//! All estimators work on quadratic forms and traces of `P = A - A X (X' A X)^-1 X' A`, which [`ResidualSpace`] gives in one pass over
//! the studies: for the intercept alone without any matrix, with moderators by small p x p systems (`regression`).
//! Likelihoods are searched globally: every local maximum is refined and compared with tau2 = 0.
//!
//! Sources: DerSimonian and Laird (1986, 2007); Hedges and Olkin (1985); Hunter and Schmidt (2004); Sidik and Jonkman (2005);
//! Paule and Mandel (1982); Morris (1983); Viechtbauer (2005) for ML, REML and standard errors; metafor `rma.uni`.

use crate::stats::{dist, root};

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

/// Quadratic forms and traces of P at one value of tau2, with `A = W = diag(1 / (v + tau2))`.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// `y' P y`.
    pub q1: f64,
    /// `y' P P y`.
    pub q2: f64,
    /// `y' P P P y`.
    pub q3: f64,
    /// `tr P`.
    pub trace1: f64,
    /// `tr P P`.
    pub trace2: f64,
    /// Sum of weights.
    pub sum1: f64,
    /// Sum of squared weights.
    pub sum2: f64,
}

/// Traces of P for general weights A, and the residual sum of squares, for moment estimators and their standard errors.
#[derive(Debug, Clone, Copy)]
pub struct WeightedMoments {
    /// `y' P y`.
    pub q: f64,
    /// `tr P`.
    pub trace: f64,
    /// `tr P V`.
    pub trace_v: f64,
    /// `tr P V P V`.
    pub trace_vv: f64,
    /// `tr P V P`.
    pub trace_pv: f64,
    /// `tr P P`.
    pub trace_pp: f64,
}

/// The studies of a model, seen through the space of its residuals.
pub trait ResidualSpace {
    /// Estimates.
    fn yi(&self) -> &[f64];
    /// Sampling variances.
    fn vi(&self) -> &[f64];
    /// Number of coefficients.
    fn p(&self) -> usize;
    /// Moments at a value of tau2.
    fn moments(&self, tau2: f64) -> Moments;
    /// Moments for general weights.
    fn weighted_moments(&self, weights: &[f64]) -> WeightedMoments;
    /// Log-likelihood at a value of tau2; restricted when `restricted`.
    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64;
    /// `y' P y` at a value of tau2, by the quickest route.
    fn q_at(&self, tau2: f64) -> f64 {
        self.moments(tau2).q1
    }
}

/// The model with an intercept only.
#[derive(Debug, Clone, Copy)]
pub struct InterceptOnly<'a> {
    /// Estimates.
    pub yi: &'a [f64],
    /// Sampling variances, all positive.
    pub vi: &'a [f64],
}

impl InterceptOnly<'_> {
    fn weighted_mean(&self, weight: impl Fn(f64) -> f64) -> (f64, f64) {
        let (mut sum, mut weighted) = (0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            let w = weight(v);
            sum += w;
            weighted += w * y;
        }
        (sum, weighted / sum)
    }
}

impl ResidualSpace for InterceptOnly<'_> {
    fn yi(&self) -> &[f64] {
        self.yi
    }

    fn vi(&self) -> &[f64] {
        self.vi
    }

    fn p(&self) -> usize {
        1
    }

    fn moments(&self, tau2: f64) -> Moments {
        // One pass for the mean, one for the forms: subtracting the mean first keeps the digits that raw sums would lose.
        let (sum1, mean) = self.weighted_mean(|v| 1.0 / (v + tau2));
        let (mut sum2, mut sum3, mut q1, mut q2, mut q3, mut cross) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            let w = 1.0 / (v + tau2);
            let w2 = w * w;
            let r = y - mean;
            let u = w * r;
            sum2 += w2;
            sum3 += w2 * w;
            q1 += u * r;
            q2 += u * u;
            q3 += w * u * u;
            cross += w * u;
        }
        let ratio = sum2 / sum1;
        Moments {
            q1,
            q2,
            q3: q3 - cross * cross / sum1,
            trace1: sum1 - ratio,
            trace2: sum2 - 2.0 * sum3 / sum1 + ratio * ratio,
            sum1,
            sum2,
        }
    }

    fn weighted_moments(&self, weights: &[f64]) -> WeightedMoments {
        let (mut a1, mut ay) = (0.0, 0.0);
        for (&y, &a) in self.yi.iter().zip(weights) {
            a1 += a;
            ay += a * y;
        }
        let mean = ay / a1;
        let (mut q, mut a2, mut a3, mut av, mut aav, mut aavv, mut aaav, mut aaavv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for ((&y, &v), &a) in self.yi.iter().zip(self.vi).zip(weights) {
            q += a * (y - mean) * (y - mean);
            a2 += a * a;
            a3 += a * a * a;
            av += a * v;
            aav += a * a * v;
            aavv += a * a * v * v;
            aaav += a * a * a * v;
            aaavv += a * a * a * v * v;
        }
        WeightedMoments {
            q,
            trace: a1 - a2 / a1,
            trace_v: av - aav / a1,
            trace_vv: aavv - 2.0 * aaavv / a1 + (aav / a1) * (aav / a1),
            trace_pv: aav - 2.0 * aaav / a1 + aav * a2 / (a1 * a1),
            trace_pp: a2 - 2.0 * a3 / a1 + (a2 / a1) * (a2 / a1),
        }
    }

    fn log_likelihood(&self, tau2: f64, restricted: bool) -> f64 {
        let (sum, mean) = self.weighted_mean(|v| 1.0 / (v + tau2));
        let (mut logs, mut q) = (0.0, 0.0);
        for (&y, &v) in self.yi.iter().zip(self.vi) {
            logs += (v + tau2).ln();
            q += (y - mean) * (y - mean) / (v + tau2);
        }
        let k = self.yi.len() as f64;
        let ln_2_pi = (2.0 * std::f64::consts::PI).ln();
        if restricted { -0.5 * ((k - 1.0) * ln_2_pi - k.ln() + logs + sum.ln() + q) } else { -0.5 * (k * ln_2_pi + logs + q) }
    }

    fn q_at(&self, tau2: f64) -> f64 {
        let (_, mean) = self.weighted_mean(|v| 1.0 / (v + tau2));
        self.yi.iter().zip(self.vi).map(|(&y, &v)| (y - mean) * (y - mean) / (v + tau2)).sum()
    }
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
        Tau2Method::DerSimonianLaird => {
            let m = space.weighted_moments(&inverse());
            let tau2 = ((m.q - df) / m.trace).max(0.0);
            plain(tau2, (2.0 * df + 4.0 * tau2 * m.trace + 2.0 * tau2 * tau2 * m.trace_pp).sqrt() / m.trace)
        }
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

/// Returns the place of the global maximum of the (restricted) likelihood, and whether there are several local ones.
pub fn maximise_likelihood(space: &impl ResidualSpace, restricted: bool) -> (f64, bool) {
    // Score and its derivative, both times two.
    let score = |tau2: f64| {
        let m = space.moments(tau2);
        if restricted { (m.q2 - m.trace1, m.trace2 - 2.0 * m.q3) } else { (m.q2 - m.sum1, m.sum2 - 2.0 * m.q3) }
    };
    global_maximum(space.yi(), space.vi(), score, |tau2| space.log_likelihood(tau2, restricted))
}

/// Returns the place of the global maximum over `tau2 >= 0` of a function with the given score, and whether there are several local ones.
///
/// The score is bracketed on a grid in steps of a factor of two, from far below the smallest sampling variance (where it is a straight
/// line) to far above every variance and squared distance (where it is negative); each downward crossing is refined by Newton's method,
/// and where there are several the function itself decides.
pub(super) fn global_maximum(
    yi: &[f64],
    vi: &[f64],
    score: impl Fn(f64) -> (f64, f64),
    log_likelihood: impl Fn(f64) -> f64,
) -> (f64, bool) {
    let (smallest, largest) = vi.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), &v| (a.min(v), b.max(v)));
    let (low, high) = yi.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
    let end = 4.0 * ((high - low) * (high - low) + largest);
    let at_zero = score(0.0).0;
    let mut maxima: Vec<f64> = Vec::new();
    if at_zero <= 0.0 {
        maxima.push(0.0);
    }
    let (mut left, mut left_value) = (0.0, at_zero);
    let mut right = smallest / 16.0;
    loop {
        let value = score(right).0;
        if left_value > 0.0 && value <= 0.0 {
            maxima.push(root::newton(&score, left, right, 0.5 * (left + right)));
        }
        if right >= end && value <= 0.0 || !right.is_finite() || value.is_nan() {
            break;
        }
        (left, left_value) = (right, value);
        right *= 2.0;
    }
    match maxima.as_slice() {
        [] => (0.0, false),
        [only] => (*only, false),
        several => {
            let best = several
                .iter()
                .map(|&tau2| (log_likelihood(tau2), tau2))
                .reduce(|best, next| if next.0 > best.0 { next } else { best })
                .map_or(0.0, |(_, tau2)| tau2);
            (best, true)
        }
    }
}
