//! Gauss-Hermite quadrature.

use std::f64::consts::PI;

/// Nodes and weights of the Gauss-Hermite rule with weight `exp(-x^2)`, by Newton's method on the orthonormal recurrence.
pub(super) fn gauss_hermite(n: usize) -> Vec<(f64, f64)> {
    let size = n as f64;
    let polynomial = |x: f64| {
        let (mut before, mut now) = (0.0, PI.powf(-0.25));
        for j in 0..n {
            let j = j as f64;
            let next = x * (2.0 / (j + 1.0)).sqrt() * now - (j / (j + 1.0)).sqrt() * before;
            before = now;
            now = next;
        }
        (now, (2.0 * size).sqrt() * before)
    };
    let mut nodes: Vec<(f64, f64)> = Vec::with_capacity(n);
    // Roots lie between the extrema of an interlacing grid: scan for sign changes, then polish.
    let reach = (2.0 * size + 1.0).sqrt() + 1.0;
    let steps = 200 * n;
    let mut left = -reach;
    let mut left_value = polynomial(left).0;
    for i in 1..=steps {
        let right = -reach + 2.0 * reach * i as f64 / steps as f64;
        let value = polynomial(right).0;
        if (left_value > 0.0) != (value > 0.0) {
            let mut x = 0.5 * (left + right);
            for _ in 0..20 {
                let (value, slope) = polynomial(x);
                let step = value / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            let slope = polynomial(x).1;
            nodes.push((x, 2.0 / (slope * slope)));
        }
        (left, left_value) = (right, value);
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quadrature_rule_integrates_polynomials_exactly() {
        let nodes = gauss_hermite(15);
        assert_eq!(nodes.len(), 15);
        let moment = |power: i32| nodes.iter().map(|(x, w)| w * x.powi(power)).sum::<f64>();
        assert!((moment(0) - PI.sqrt()).abs() < 1e-13);
        assert!((moment(2) - PI.sqrt() / 2.0).abs() < 1e-13);
        assert!((moment(4) - 0.75 * PI.sqrt()).abs() < 1e-13);
        assert!(moment(3).abs() < 1e-13);
    }
}
