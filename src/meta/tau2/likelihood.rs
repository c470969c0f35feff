//! The global search for maxima of a likelihood over tau2.

use super::space::ResidualSpace;

/// Returns the place of the global maximum of the (restricted) likelihood, and whether there are several local ones.
pub fn maximise_likelihood(space: &impl ResidualSpace, restricted: bool) -> (f64, bool) {
    let derivatives = |tau2: f64| {
        let m = space.moments(tau2);
        if restricted { (m.q2 - m.trace1, m.trace2 - 2.0 * m.q3) } else { (m.q2 - m.sum1, m.sum2 - 2.0 * m.q3) }
    };
    let score = |tau2: f64| space.score(tau2, restricted);
    global_maximum(space.yi(), space.vi(), score, derivatives, |tau2| space.log_likelihood(tau2, restricted))
}

/// Returns the place of the global maximum over `tau2 >= 0` of a function, and whether there are several local maxima.
///
/// `score` is the derivative of the function up to a factor, `derivatives` the same with its own derivative. The score is bracketed on a
/// grid in steps of a factor of three, from far below the smallest sampling variance (where it is a straight line) to beyond the largest
/// variance and the squared range of the effects (from where on it is negative); each downward crossing is refined by Newton's method,
/// and where there are several the function itself decides.
pub(in crate::meta) fn global_maximum(
    yi: &[f64],
    vi: &[f64],
    score: impl Fn(f64) -> f64,
    derivatives: impl Fn(f64) -> (f64, f64),
    log_likelihood: impl Fn(f64) -> f64,
) -> (f64, bool) {
    let (smallest, largest) = vi.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), &v| (a.min(v), b.max(v)));
    let (low, high) = yi.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
    // With weights below 1/t and a weighted variance below range^2 / 4, the score is negative from here on.
    let end = largest.max((high - low) * (high - low));
    let at_zero = score(0.0);
    let mut maxima: Vec<f64> = Vec::new();
    if at_zero <= 0.0 {
        maxima.push(0.0);
    }
    let (mut left, mut left_value) = (0.0, at_zero);
    let mut right = smallest / 8.0;
    loop {
        let value = score(right);
        if left_value > 0.0 && value <= 0.0 {
            maxima.push(newton_in_bracket(&derivatives, left, right, left_value, value));
        }
        if right >= end && value <= 0.0 || !right.is_finite() || value.is_nan() {
            break;
        }
        (left, left_value) = (right, value);
        right *= 3.0;
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

/// Root of a score that falls through zero between `low` and `high`: Newton from the secant, kept inside the bracket.
fn newton_in_bracket(f: impl Fn(f64) -> (f64, f64), low: f64, high: f64, at_low: f64, at_high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut t = low + (high - low) * at_low / (at_low - at_high);
    for _ in 0..100 {
        let (value, slope) = f(t);
        if value > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let mut next = t - value / slope;
        if !next.is_finite() || next <= low || next >= high {
            next = 0.5 * (low + high);
        }
        let step = (next - t).abs();
        t = next;
        // Quadratic convergence: a step of 1e-9 leaves an error of the order of 1e-18.
        if step <= 1e-9 * t || value == 0.0 {
            break;
        }
    }
    t
}
