//! Every function against values that were computed with 50 digits and are kept in `tests/data/distributions.txt`: one value a line,
//! function, arguments (exact doubles in their shortest form), value.

use super::*;
use crate::stats::special::ln_gamma;

/// The bar: 1e-12 relative, with no absolute part, down to values of 1e-300.
const BAR: f64 = 1e-12;

fn value(name: &str, arguments: &[f64]) -> f64 {
    match (name, arguments) {
        ("normal_sf", [z]) => normal_sf(*z),
        ("normal_quantile", [p]) => normal_quantile(*p),
        ("t_sf", [t, df]) => t_sf(*t, *df),
        ("t_two_sided", [t, df]) => t_two_sided(*t, *df),
        ("t_density", [t, df]) => t_density(*t, *df),
        ("t_quantile", [p, df]) => t_quantile(*p, *df),
        ("chi_squared_sf", [x, df]) => chi_squared_sf(*x, *df),
        ("chi_squared_cdf", [x, df]) => chi_squared_cdf(*x, *df),
        ("chi_squared_quantile", [p, df]) => chi_squared_quantile(*p, *df),
        ("gamma_quantile", [p, shape]) => gamma_quantile(*p, *shape),
        ("f_sf", [x, df1, df2]) => f_sf(*x, *df1, *df2),
        ("binomial_cdf", [x, n, p]) => binomial_cdf(*x, *n, *p),
        ("beta_quantile", [p, a, b]) => beta_quantile(*p, *a, *b),
        ("noncentral_t_cdf", [t, df, delta]) => noncentral_t_cdf(*t, *df, *delta),
        ("chi_squared_mixture_sf", [q, weights @ ..]) => chi_squared_mixture_sf(*q, weights),
        ("ln_gamma", [x]) => ln_gamma(*x),
        _ => panic!("{name} {arguments:?} is not a function of this module"),
    }
}

/// Name, arguments and value of each line.
fn lines() -> impl Iterator<Item = (&'static str, Vec<f64>, f64)> {
    include_str!("../../../tests/data/distributions.txt").lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (name, numbers) = line.split_once(' ').expect("a name and numbers");
        let mut numbers: Vec<f64> = numbers.split(' ').map(|number| number.parse().expect("a number")).collect();
        let value = numbers.pop().expect("a value");
        (name, numbers, value)
    })
}

fn relative(got: f64, want: f64) -> f64 {
    if got == want { 0.0 } else { ((got - want) / want).abs() }
}

#[test]
fn every_function_keeps_twelve_digits_over_the_whole_range() {
    let mut worst: std::collections::BTreeMap<&str, (f64, Vec<f64>)> = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, arguments, want) in lines() {
        count += 1;
        let got = value(name, &arguments);
        let error = relative(got, want);
        if error.is_nan() || error > BAR {
            wrong.push(format!("{name} {arguments:?}: got {got:e}, want {want:e}, off by {error:.1e}"));
        }
        let entry = worst.entry(name).or_insert((0.0, Vec::new()));
        if error > entry.0 {
            *entry = (error, arguments);
        }
    }
    for (name, (error, arguments)) in &worst {
        println!("{name}: at most {error:.1e}, at {arguments:?}");
    }
    assert!(count > 2000, "{count} values");
    assert!(wrong.is_empty(), "{} of {count} values:\n{}", wrong.len(), wrong.join("\n"));
}

fn close(got: f64, want: f64, relative: f64) {
    assert!((got / want - 1.0).abs() < relative, "got {got:e}, want {want:e}");
}

#[test]
fn normal_tail_keeps_its_digits_to_the_end_of_the_range() {
    close(normal_sf(12.0), 1.776482112077679e-33, 1e-14);
    close(normal_sf(30.0), 4.906713927148187e-198, 1e-14);
    close(normal_sf(37.0), 5.725571222524577e-300, 1e-14);
}

#[test]
fn quantiles_invert_the_tails() {
    for p in [1e-300, 1e-20, 1e-6, 0.01, 0.2, 0.49, 0.51, 0.9, 0.9999] {
        close(normal_cdf(normal_quantile(p)), p, 1e-12);
        for df in [0.7, 1.0, 4.37, 80.0, 3000.0] {
            if p > 1e-100 {
                close(t_cdf(t_quantile(p, df), df), p, 1e-11);
                close(chi_squared_cdf(chi_squared_quantile(p, df), df), p, 1e-11);
            }
        }
    }
}

#[test]
fn quantiles_for_whole_degrees_of_freedom_join_those_beside_them() {
    for df in [1.0, 2.0, 3.0, 4.0, 9.0, 12.0, 57.0, 120.0, 200.0] {
        for p in [0.005, 0.025, 0.05, 0.2, 0.5, 0.7, 0.95, 0.975, 0.995] {
            let near = |f: fn(f64, f64) -> f64| 0.5 * (f(p, df * (1.0 + 1e-6)) + f(p, df * (1.0 - 1e-6)));
            close(chi_squared_quantile(p, df), near(chi_squared_quantile), 1e-10);
            if p != 0.5 {
                close(t_quantile(p, df), near(t_quantile), 1e-10);
            }
            close(chi_squared_cdf(chi_squared_quantile(p, df), df), p, 1e-13);
            close(t_cdf(t_quantile(p, df), df), p, 1e-13);
        }
    }
}

#[test]
fn mixture_of_equal_weights_is_a_chi_squared() {
    for q in [0.1, 3.0, 20.0, 60.0] {
        let got = chi_squared_mixture_sf(2.0 * q, &[2.0; 6]);
        assert!((got - chi_squared_sf(q, 6.0)).abs() < 1e-13);
    }
}

#[test]
fn arguments_out_of_range_give_nan() {
    assert!(normal_quantile(1.5).is_nan());
    assert!(t_quantile(0.3, -1.0).is_nan());
    assert!(chi_squared_quantile(f64::NAN, 3.0).is_nan());
    assert!(beta_quantile(0.3, 0.0, 1.0).is_nan());
}
