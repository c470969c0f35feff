//! Maxima of functions of one variable.

/// Returns the place of a maximum of `f` between `low` and `high` by Brent's parabolic search.
///
/// A local search: `f` should have one maximum in the interval. `tolerance` is relative; below 1e-8 nothing is gained, because a
/// smooth function is flat to rounding there. Source: Brent (1973), chapter 5.
pub fn maximise(mut f: impl FnMut(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    const GOLDEN: f64 = 0.381_966_011_250_105_1;
    let (mut a, mut b) = (low, high);
    let mut x = a + GOLDEN * (b - a);
    let (mut w, mut v) = (x, x);
    let mut fx = -f(x);
    let (mut fw, mut fv) = (fx, fx);
    let (mut step, mut previous) = (0.0_f64, 0.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        let limit = tolerance * x.abs() + 1e-300;
        if (x - middle).abs() <= 2.0 * limit - 0.5 * (b - a) {
            break;
        }
        let mut golden = true;
        if previous.abs() > limit {
            let r = (x - w) * (fx - fv);
            let mut q = (x - v) * (fx - fw);
            let mut p = (x - v) * q - (x - w) * r;
            q = 2.0 * (q - r);
            if q > 0.0 {
                p = -p;
            }
            q = q.abs();
            let before = previous;
            previous = step;
            if p.abs() < (0.5 * q * before).abs() && p > q * (a - x) && p < q * (b - x) {
                step = p / q;
                let u = x + step;
                if u - a < 2.0 * limit || b - u < 2.0 * limit {
                    step = limit.copysign(middle - x);
                }
                golden = false;
            }
        }
        if golden {
            previous = if x < middle { b - x } else { a - x };
            step = GOLDEN * previous;
        }
        let u = if step.abs() >= limit { x + step } else { x + limit.copysign(step) };
        let fu = -f(u);
        if fu <= fx {
            if u < x {
                b = x;
            } else {
                a = x;
            }
            (v, w, x) = (w, x, u);
            (fv, fw, fx) = (fw, fx, fu);
        } else {
            if u < x {
                a = u;
            } else {
                b = u;
            }
            if fu <= fw || w == x {
                (v, w) = (w, u);
                (fv, fw) = (fw, fu);
            } else if fu <= fv || v == x || v == w {
                v = u;
                fv = fu;
            }
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maximise_finds_the_top_of_a_parabola() {
        let top = maximise(|x| -(x - 1.25) * (x - 1.25), 0.0, 10.0, 1e-9);
        assert!((top - 1.25).abs() < 1e-7);
    }
}
