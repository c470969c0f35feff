//! Roots of functions of one variable: Brent's method, safeguarded Newton, and brackets that grow.

/// Returns a root of `f` between `a` and `b` by Brent's method, to the last digits that a double can hold.
///
/// Returns `None` when `f(a)` and `f(b)` have the same sign or one of them is NaN.
/// `tolerance` is absolute and may be zero. Source: Brent (1973), chapter 4.
pub fn brent(mut f: impl FnMut(f64) -> f64, a: f64, b: f64, tolerance: f64) -> Option<f64> {
    let (mut a, mut b) = (a, b);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
        return None;
    }
    let (mut c, mut fc) = (a, fa);
    let mut step = b - a;
    let mut previous = step;
    for _ in 0..500 {
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let limit = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= limit || fb == 0.0 {
            return Some(b);
        }
        if previous.abs() >= limit && fa.abs() > fb.abs() {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * half * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                (s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
            };
            if p > 0.0 {
                q = -q;
            }
            p = p.abs();
            if 2.0 * p < (3.0 * half * q - (limit * q).abs()).min((previous * q).abs()) {
                previous = step;
                step = p / q;
            } else {
                step = half;
                previous = half;
            }
        } else {
            step = half;
            previous = half;
        }
        a = b;
        fa = fb;
        b += if step.abs() > limit { step } else { limit.copysign(half) };
        fb = f(b);
        if fb.is_nan() {
            return None;
        }
        if (fb > 0.0) == (fc > 0.0) {
            c = a;
            fc = fa;
            step = b - a;
            previous = step;
        }
    }
    Some(b)
}

/// Returns a root of a monotone function by Newton's method kept inside a bracket that shrinks.
///
/// `f` gives value and derivative. `low` and `high` must bracket the root; `start` lies between them. Steps that leave the bracket
/// are replaced by bisection. Returns the best point after 200 steps.
pub fn newton(mut f: impl FnMut(f64) -> (f64, f64), low: f64, high: f64, start: f64) -> f64 {
    let (mut low, mut high, mut x) = (low, high, start);
    let (at_low, _) = f(low);
    let rising = at_low < 0.0;
    for _ in 0..200 {
        let (value, slope) = f(x);
        if value == 0.0 || value.is_nan() {
            return x;
        }
        if (value < 0.0) == rising {
            low = x;
        } else {
            high = x;
        }
        let mut next = x - value / slope;
        if !next.is_finite() || next <= low || next >= high {
            next = 0.5 * (low + high);
        }
        if (next - x).abs() <= f64::EPSILON * x.abs().max(f64::MIN_POSITIVE) {
            return next;
        }
        x = next;
    }
    x
}

/// Returns the first of `start`, `start * factor`, ... at which `f` is true, or `None` beyond 1e300.
pub fn grow_until(mut f: impl FnMut(f64) -> bool, start: f64, factor: f64) -> Option<f64> {
    let mut x = start;
    while x < 1e300 {
        if f(x) {
            return Some(x);
        }
        x *= factor;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brent_finds_the_root_of_a_cubic_to_full_precision() {
        let root = brent(|x| x * x * x - 2.0, 0.0, 2.0, 0.0).unwrap();
        assert!((root - 2f64.cbrt()).abs() < 1e-15);
    }

    #[test]
    fn brent_refuses_an_interval_without_a_change_of_sign() {
        assert_eq!(brent(|x| x * x + 1.0, -1.0, 1.0, 0.0), None);
        assert_eq!(brent(|_| f64::NAN, -1.0, 1.0, 0.0), None);
    }

    #[test]
    fn newton_stays_inside_its_bracket() {
        let root = newton(|x| (x.atan(), 1.0 / (1.0 + x * x)), -50.0, 80.0, 60.0);
        assert!(root.abs() < 1e-12);
    }
}
