//! What the benches of whole reviews share: a clock, the middle of several times, and a line a figure.

use std::time::Instant;

/// Does the work and returns what came of it with the milliseconds that it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let since = Instant::now();
    let value = work();
    (value, since.elapsed().as_secs_f64() * 1e3)
}

/// Returns the middle of the times; NaN where there is none.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints one figure.
pub fn report(what: &str, value: f64) {
    println!("{what}\t{value:.1}");
}
