//! Maxima of functions of one and of several variables.

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

/// Returns the place of a local maximum of a function of several variables by the simplex search of Nelder and Mead (1965), restarted
/// from its result until it no longer improves.
///
/// `steps` are the first edges of the simplex. Values of the function that are NaN count as minus infinity.
pub fn maximise_many(f: impl Fn(&[f64]) -> f64, start: &[f64], steps: &[f64]) -> Vec<f64> {
    let value = |x: &[f64]| {
        let value = f(x);
        if value.is_nan() { f64::NEG_INFINITY } else { value }
    };
    let mut best = start.to_vec();
    let mut top = value(&best);
    for round in 0..12 {
        let scale = if round == 0 { 1.0 } else { 0.3 };
        let edges: Vec<f64> = steps.iter().map(|step| step * scale).collect();
        let found = simplex(&value, &best, &edges, 1e-13);
        let reached = value(&found);
        let gain = reached - top;
        if gain > 0.0 {
            (best, top) = (found, reached);
        }
        if gain < 1e-10 * (1.0 + top.abs()) {
            break;
        }
    }
    best
}

/// Climbs from `start` to near a maximum with one simplex, without the restarts of [`maximise_many`]: enough to tell starts apart.
///
/// **Shape**: as for [`maximise_many`].
pub fn climb(f: impl Fn(&[f64]) -> f64, start: &[f64], steps: &[f64]) -> Vec<f64> {
    let value = |x: &[f64]| {
        let value = f(x);
        if value.is_nan() { f64::NEG_INFINITY } else { value }
    };
    simplex(&value, start, steps, 1e-6)
}

fn simplex(f: &impl Fn(&[f64]) -> f64, start: &[f64], steps: &[f64], tolerance: f64) -> Vec<f64> {
    let n = start.len();
    let mut points: Vec<(f64, Vec<f64>)> = (0..=n)
        .map(|i| {
            let mut x = start.to_vec();
            if i > 0 {
                x[i - 1] += steps[i - 1];
            }
            (f(&x), x)
        })
        .collect();
    for _ in 0..2000 * n {
        // Best first.
        points.sort_by(|a, b| b.0.total_cmp(&a.0));
        let spread = points[0].0 - points[n].0;
        if spread <= tolerance * (1.0 + points[0].0.abs()) {
            break;
        }
        let centre: Vec<f64> = (0..n).map(|j| points[..n].iter().map(|(_, x)| x[j]).sum::<f64>() / n as f64).collect();
        let along = |t: f64| centre.iter().zip(&points[n].1).map(|(c, w)| c + t * (c - w)).collect::<Vec<f64>>();
        let reflected = along(1.0);
        let at_reflected = f(&reflected);
        let candidate = if at_reflected > points[0].0 {
            let expanded = along(2.0);
            let at_expanded = f(&expanded);
            if at_expanded > at_reflected { (at_expanded, expanded) } else { (at_reflected, reflected) }
        } else if at_reflected > points[n - 1].0 {
            (at_reflected, reflected)
        } else {
            let contracted = along(if at_reflected > points[n].0 { 0.5 } else { -0.5 });
            (f(&contracted), contracted)
        };
        if candidate.0 > points[n].0 {
            points[n] = candidate;
        } else {
            let anchor = points[0].1.clone();
            for (value, x) in &mut points[1..] {
                for (x, a) in x.iter_mut().zip(&anchor) {
                    *x = 0.5 * (*x + a);
                }
                *value = f(x);
            }
        }
    }
    points.sort_by(|a, b| b.0.total_cmp(&a.0));
    points.swap_remove(0).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maximise_finds_the_top_of_a_parabola() {
        let top = maximise(|x| -(x - 1.25) * (x - 1.25), 0.0, 10.0, 1e-9);
        assert!((top - 1.25).abs() < 1e-7);
    }

    #[test]
    fn maximise_many_finds_the_top_of_a_curved_ridge() {
        let ridge = |x: &[f64]| -((1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
        let top = maximise_many(ridge, &[-1.2, 1.0], &[0.5, 0.5]);
        assert!((top[0] - 1.0).abs() < 1e-5 && (top[1] - 1.0).abs() < 1e-5, "{top:?}");
    }
}
