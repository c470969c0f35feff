//! The proof that a likelihood over tau2 has no maximum but those that were found.
//!
//! With K an orthonormal basis of the residual space, `P = K (K' V K + tau2 I)^-1 K'`. So `q2 = y' P P y` is a sum of terms
//! `c / (l + tau2)^2` and `t = tr P` (or the sum of the weights) one of terms `1 / (l + tau2)`, all `c` and `l` not negative. Then
//!
//! - `G = q2^(-1/2)`, a power mean of order -2 of straight lines, is concave and rises, ever less steeply, to the slope
//!   `1 / sqrt(SS)`, where SS is the residual sum of squares without weights;
//! - `H = 1 / t`, a harmonic mean of straight lines, is concave and rises;
//! - the likelihood rises where `G^2 < H` and falls where `G^2 > H`.
//!
//! A concave function lies above its chords and below its tangents, so values and slopes at the two ends of a cell bound both functions
//! inside: mostly by so little that two cells, below and above the maximum, decide. A cell that is not decided is halved.

use super::likelihood::{Maximum, trace_of};
use super::space::{Moments, ResidualSpace};

/// The curve whose sign is the slope of the likelihood.
pub(super) struct Curve<'a, S> {
    /// The studies.
    pub space: &'a S,
    /// Restricted or full likelihood.
    pub restricted: bool,
    /// Residual sum of squares without weights.
    pub squares: f64,
}

/// Values and slopes of G and H at one value of tau2.
#[derive(Debug, Clone, Copy)]
struct Point {
    tau2: f64,
    g: f64,
    g_slope: f64,
    h: f64,
    h_slope: f64,
}

impl Point {
    fn new(tau2: f64, m: &Moments, restricted: bool) -> Self {
        let (trace, trace2) = trace_of(m, restricted);
        let g = 1.0 / m.q2.sqrt();
        Self { tau2, g, g_slope: g * m.q3 / m.q2, h: 1.0 / trace, h_slope: trace2 / (trace * trace) }
    }

    /// The point at which `G^2 = H`, but for rounding.
    fn root(tau2: f64, m: &Moments, restricted: bool) -> Self {
        let point = Self::new(tau2, m, restricted);
        Self { h: point.g * point.g, ..point }
    }

    /// Negative where the likelihood rises.
    fn excess(&self) -> f64 {
        self.g * self.g - self.h
    }
}

impl<S: ResidualSpace> Curve<'_, S> {
    fn at(&self, tau2: f64) -> Point {
        Point::new(tau2, &self.space.moments(tau2), self.restricted)
    }

    /// Returns true when bounds show that the likelihood falls from zero on.
    pub(super) fn falls_from(&self, common: &Moments) -> bool {
        self.squares <= 0.0 || self.falls_beyond(&Point::new(0.0, common, self.restricted))
    }

    /// Returns true when bounds from the maximum at `tau2` show that the likelihood rises all the way up to it and falls beyond.
    ///
    /// Below, the tangent of G at the maximum must stay under `sqrt(H)` at zero: then, H lying above its chord, it does so everywhere
    /// in between. Above, the least slope of G must win against the steepest slope of H.
    pub(super) fn is_only_maximum(&self, common: &Moments, tau2: f64, at: &Moments) -> bool {
        let (at_zero, _) = trace_of(common, self.restricted);
        let (trace, trace2) = trace_of(at, self.restricted);
        let shrunk = (1.0 - tau2 * at.q3 / at.q2).max(0.0);
        const MARGIN: f64 = 1.0 - 1e-9;
        shrunk * shrunk * at_zero < MARGIN * trace && self.squares * trace2 * trace2 < MARGIN * 4.0 * trace * trace * trace
    }

    /// Returns true when bounds show that `G^2 > H` everywhere beyond a point.
    fn falls_beyond(&self, from: &Point) -> bool {
        let least = 1.0 / self.squares.sqrt();
        is_positive(from.excess(), 2.0 * from.g * least - from.h_slope, least * least, f64::INFINITY)
    }

    /// The log-likelihood decides between local maxima.
    fn height(&self, tau2: f64) -> f64 {
        self.space.log_likelihood(tau2, self.restricted)
    }
}

/// Returns true when `c0 + c1 d + c2 d^2`, with `c0 >= 0` and `c2 >= 0`, is positive for `0 < d <= end`.
fn is_positive(c0: f64, c1: f64, c2: f64, end: f64) -> bool {
    if c0 < 0.0 || c0.is_nan() || c1.is_nan() {
        return false;
    }
    if c1 >= 0.0 {
        return c0 > 0.0 || c1 > 0.0;
    }
    let lowest = -0.5 * c1 / c2;
    if lowest < end { c1 * c1 < 4.0 * c0 * c2 } else { c0 + end * (c1 + end * c2) > 0.0 }
}

/// What the bounds say of a cell between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The curve does not cross zero inside.
    NoCrossing,
    /// It crosses once, from rising to falling likelihood.
    OneMaximum,
    /// It crosses once, from falling to rising.
    OneMinimum,
    /// The bounds are too wide.
    Open,
}

fn judge(a: &Point, b: &Point) -> Verdict {
    let (at_a, at_b) = (a.excess(), b.excess());
    let width = b.tau2 - a.tau2;
    // Where the tangents at both ends meet: from the left end, never outside the cell.
    let meet = |value_a: f64, slope_a: f64, value_b: f64, slope_b: f64| {
        let from_a = (value_b - value_a - slope_b * width) / (slope_a - slope_b);
        if from_a.is_finite() { from_a.clamp(0.0, width) } else { 0.5 * width }
    };
    let decided = |yes: bool, verdict: Verdict| if yes { verdict } else { Verdict::Open };
    if at_a <= 0.0 && at_b <= 0.0 {
        // G below its tangents, H above its chord: the difference of bounds is convex on both sides of the meeting point.
        let d = meet(a.g, a.g_slope, b.g, b.g_slope);
        let g = (a.g + a.g_slope * d).min(b.g - b.g_slope * (width - d));
        let h = a.h + (b.h - a.h) * (d / width);
        return decided(g * g < h, Verdict::NoCrossing);
    }
    if at_a >= 0.0 && at_b >= 0.0 {
        // G above its chord, H below its tangents.
        let slope = (b.g - a.g) / width;
        let d = meet(a.h, a.h_slope, b.h, b.h_slope);
        let left = is_positive(at_a, 2.0 * a.g * slope - a.h_slope, slope * slope, d);
        let right = is_positive(at_b, b.h_slope - 2.0 * b.g * slope, slope * slope, width - d);
        return decided(left && right, Verdict::NoCrossing);
    }
    // Slopes of G and H fall, G rises: bounds for the slope of G^2 - H.
    if at_a < 0.0 {
        decided(2.0 * a.g * b.g_slope > a.h_slope, Verdict::OneMaximum)
    } else {
        decided(2.0 * b.g * a.g_slope < b.h_slope, Verdict::OneMinimum)
    }
}

/// Local maxima that were found, from left to right. More than this many would need more than twice as many kinds of studies.
#[derive(Default)]
struct Maxima {
    places: [f64; 16],
    count: usize,
}

impl Maxima {
    fn add(&mut self, tau2: f64) {
        if self.count < self.places.len() {
            self.places[self.count] = tau2;
            self.count += 1;
        }
    }
}

/// Cells narrower than this, relative to tau2 and the smallest variance, are taken as their ends say.
const NARROW: f64 = 1e-7;

/// Finds every local maximum, halving cells until the bounds decide, and returns the highest. `known` is one that was found before.
pub(super) fn explore<S: ResidualSpace>(curve: &Curve<'_, S>, common: &Moments, known: Option<(f64, Moments)>) -> Maximum {
    let first = Point::new(0.0, common, curve.restricted);
    let scale = curve.space.vi().iter().copied().fold(f64::INFINITY, f64::min);
    let mut search = Search { curve, scale, left: 400, maxima: Maxima::default() };
    if first.excess() >= 0.0 {
        search.maxima.add(0.0);
    }
    let mut from = first;
    if let Some((tau2, moments)) = &known {
        let root = Point::root(*tau2, moments, curve.restricted);
        search.cell(&first, &root);
        search.maxima.add(root.tau2);
        from = root;
    }
    // The last cell has no end: it is cut off until the likelihood is known to fall for good.
    while !curve.falls_beyond(&from) && search.left > 0 {
        let next = curve.at(3.0 * (from.tau2 + scale));
        search.left -= 1;
        search.cell(&from, &next);
        from = next;
    }
    let maxima = &search.maxima.places[..search.maxima.count];
    let best = match maxima {
        [] => 0.0,
        [only] => *only,
        several => several
            .iter()
            .map(|&tau2| (curve.height(tau2), tau2))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map_or(0.0, |(_, tau2)| tau2),
    };
    let moments = match known {
        _ if best == 0.0 => *common,
        Some((tau2, moments)) if best == tau2 => moments,
        _ => curve.space.moments(best),
    };
    Maximum { tau2: best, is_multimodal: maxima.len() > 1, moments }
}

struct Search<'a, 'b, S> {
    curve: &'a Curve<'b, S>,
    /// Smallest sampling variance.
    scale: f64,
    /// Evaluations that may still be spent.
    left: usize,
    maxima: Maxima,
}

impl<S: ResidualSpace> Search<'_, '_, S> {
    fn cell(&mut self, a: &Point, b: &Point) {
        let narrow = b.tau2 - a.tau2 <= NARROW * (b.tau2 + self.scale) || self.left == 0;
        match judge(a, b) {
            Verdict::NoCrossing | Verdict::OneMinimum => {}
            Verdict::OneMaximum => self.maxima.add(self.refine(a, b)),
            Verdict::Open if narrow => {
                if a.excess() < 0.0 && b.excess() > 0.0 {
                    self.maxima.add(self.refine(a, b));
                }
            }
            Verdict::Open => {
                self.left -= 1;
                let middle = ((a.tau2 + self.scale) * (b.tau2 + self.scale)).sqrt() - self.scale;
                let middle = if middle > a.tau2 && middle < b.tau2 { middle } else { 0.5 * (a.tau2 + b.tau2) };
                let middle = self.curve.at(middle);
                self.cell(a, &middle);
                self.cell(&middle, b);
            }
        }
    }

    /// Newton's method on the score inside a cell whose ends it separates, with bisection where it strays.
    fn refine(&self, a: &Point, b: &Point) -> f64 {
        let (mut low, mut high) = (a.tau2, b.tau2);
        let mut tau2 = 0.5 * (low + high);
        for _ in 0..200 {
            let m = self.curve.space.moments(tau2);
            let (trace, trace2) = trace_of(&m, self.curve.restricted);
            if m.q2 > trace {
                low = tau2;
            } else {
                high = tau2;
            }
            let mut next = tau2 + (m.q2 - trace) / (2.0 * m.q3 - trace2);
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            let step = (next - tau2).abs();
            tau2 = next;
            if step <= 1e-12 * tau2 || high - low <= f64::EPSILON * high {
                break;
            }
        }
        tau2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::tau2::{InterceptOnly, KnownMean, maximise_likelihood};
    use crate::stats::dist::normal_quantile;
    use crate::stats::random::Random;

    /// Counts the local maxima on a grid from far below the smallest variance to far beyond everything.
    fn count_by_grid(space: &impl ResidualSpace, restricted: bool, points: u32) -> usize {
        let score = |tau2: f64| {
            let m = space.moments(tau2);
            m.q2 - trace_of(&m, restricted).0
        };
        let mut rises = score(0.0) > 0.0;
        let mut maxima = usize::from(!rises);
        let end = 1e3 * (space.sum_of_squares() + space.vi().iter().sum::<f64>());
        let start = 1e-3 * space.vi().iter().copied().fold(f64::INFINITY, f64::min);
        for i in 0..=points {
            let now = score(start * (end / start).powf(f64::from(i) / f64::from(points))) > 0.0;
            maxima += usize::from(rises && !now);
            rises = now;
        }
        maxima
    }

    fn compare(space: &impl ResidualSpace, restricted: bool) -> bool {
        let (tau2, is_multimodal) = maximise_likelihood(space, restricted);
        let mut maxima = count_by_grid(space, restricted, 400);
        if is_multimodal != (maxima > 1) {
            maxima = count_by_grid(space, restricted, 60_000);
        }
        assert_eq!(is_multimodal, maxima > 1, "{:?} {:?}", space.yi(), space.vi());
        let top = space.log_likelihood(tau2, restricted);
        for i in -300..100 {
            let other = space.log_likelihood(10f64.powf(f64::from(i) / 20.0), restricted);
            assert!(other <= top + 1e-9 * (1.0 + top.abs()), "{tau2}: {:?} {:?}", space.yi(), space.vi());
        }
        assert!(space.log_likelihood(0.0, restricted) <= top + 1e-9 * (1.0 + top.abs()));
        is_multimodal
    }

    #[test]
    fn no_maximum_is_missed_and_none_invented_however_unequal_the_variances() {
        let mut random = Random::new(20_261_122);
        let mut multimodal = 0;
        for round in 0..600 {
            let k = 2 + random.below(if round % 10 == 0 { 40 } else { 9 });
            let spread = 7.0 * random.unit();
            let heterogeneity = 10f64.powf(2.0 - 6.0 * random.unit());
            let vi: Vec<f64> = (0..k).map(|_| 10f64.powf(-spread * random.unit())).collect();
            // Some sets have outliers among the precise studies: the recipe for several maxima.
            let stretch = if round % 3 == 0 { 6.0 } else { 1.0 };
            let yi: Vec<f64> = vi.iter().map(|v| stretch * normal_quantile(random.unit().max(1e-9)) * (v + heterogeneity).sqrt()).collect();
            multimodal += usize::from(compare(&InterceptOnly { yi: &yi, vi: &vi }, round % 2 == 0));
            multimodal += usize::from(compare(&KnownMean { yi: &yi, vi: &vi, mean: 0.3 * yi[0] }, false));
        }
        assert!(multimodal > 5, "only {multimodal} sets had several maxima");
    }

    #[test]
    fn a_cell_without_a_crossing_is_told_from_one_with() {
        // One study size: G is a straight line and H another.
        let point = |tau2: f64| Point { tau2, g: 1.0 + tau2, g_slope: 1.0, h: 2.0 + tau2, h_slope: 1.0 };
        assert_eq!(judge(&point(0.0), &point(0.3)), Verdict::NoCrossing);
        assert_eq!(judge(&point(0.3), &point(1.0)), Verdict::OneMaximum);
        assert_eq!(judge(&point(1.0), &point(9.0)), Verdict::NoCrossing);
    }
}
