//! How fast somebody works and how long the rest will take, from the times between pieces of work.

use super::dist::t_quantile;

/// How many times are needed before there is a rate.
pub const ENOUGH_FOR_RATE: usize = 10;
/// How many times make a block; pace drifts, so neighbouring times are alike and are taken together.
const BLOCK: usize = 10;
/// How many blocks are needed before there is an estimate of the time left.
const ENOUGH_BLOCKS: usize = 5;
/// How often the range of the estimate should hold the truth.
const COVERAGE: f64 = 0.8;

/// A pace, and what it means for the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Pieces of work an hour.
    pub per_hour: f64,
    /// From how many to how many hours the rest will take, working at this pace without pauses; `None` before there are enough times.
    pub hours_left: Option<(f64, f64)>,
}

/// Returns the pace of work, or `None` before there are [`ENOUGH_FOR_RATE`] times.
///
/// **Shape**: `seconds` holds the time of each piece of work in order, pauses left out; `rest` is how many pieces are left.
///
/// The range for the rest is an 80 % prediction interval for the mean of the blocks to come, from the means of blocks of ten times:
/// mean ± t(0.9, b - 1) · s · √(1/b + 10/rest), b blocks with standard deviation s; never below nothing, and never narrower than the
/// time itself is known. Blocks instead of single times because pace drifts (batch means: Conway 1963, doi:10.1287/mnsc.10.1.47).
pub fn pace(seconds: &[f64], rest: usize) -> Option<Pace> {
    let total: f64 = seconds.iter().sum();
    if seconds.len() < ENOUGH_FOR_RATE || total <= 0.0 {
        return None;
    }
    let mean = total / seconds.len() as f64;
    Some(Pace { per_hour: 3600.0 / mean, hours_left: hours_left(seconds, rest) })
}

fn hours_left(seconds: &[f64], rest: usize) -> Option<(f64, f64)> {
    let from = seconds.len() % BLOCK;
    let blocks: Vec<f64> = seconds[from..].chunks_exact(BLOCK).map(|block| block.iter().sum::<f64>() / BLOCK as f64).collect();
    if blocks.len() < ENOUGH_BLOCKS || rest == 0 {
        return None;
    }
    let count = blocks.len() as f64;
    let mean = blocks.iter().sum::<f64>() / count;
    let variance = blocks.iter().map(|block| (block - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let half = t_quantile(0.5 + COVERAGE / 2.0, count - 1.0) * (variance * (1.0 / count + BLOCK as f64 / rest as f64)).sqrt();
    let hours = |seconds: f64| seconds.max(0.0) * rest as f64 / 3600.0;
    Some((hours(mean - half), hours(mean + half)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_times_give_no_pace_and_some_more_no_estimate() {
        assert_eq!(pace(&[10.0; 9], 100), None);
        assert_eq!(pace(&[10.0; 49], 100), Some(Pace { per_hour: 360.0, hours_left: None }));
        assert_eq!(pace(&[0.0; 100], 100), None);
        assert_eq!(pace(&[10.0; 100], 0).and_then(|pace| pace.hours_left), None);
    }

    #[test]
    fn an_even_pace_leaves_no_range_and_an_uneven_one_does() {
        let even = pace(&[10.0; 50], 360).and_then(|pace| pace.hours_left).expect("enough");
        assert!((even.0 - 1.0).abs() < 1e-12 && (even.1 - 1.0).abs() < 1e-12);
        let uneven: Vec<f64> = (0..50).map(|at| if (at / 10) % 2 == 0 { 8.0 } else { 13.0 }).collect();
        let (from, to) = pace(&uneven, 360).and_then(|pace| pace.hours_left).expect("enough");
        // block means 8, 13, 8, 13, 8: mean 10, s = sqrt(7.5); t(0.9, 4) = 1.533206; half = 1.533206 * sqrt(7.5 * (1/5 + 10/360))
        let half = 1.533_206_274_058_94 * (7.5_f64 * (0.2 + 10.0 / 360.0)).sqrt();
        assert!((from - (10.0 - half) / 10.0).abs() < 1e-9 && (to - (10.0 + half) / 10.0).abs() < 1e-9, "{from} {to}");
    }

    /// Times that drift and scatter: the range holds what the rest took about as often as it says, counted over 400 made-up reviews.
    #[test]
    fn the_range_holds_the_truth_about_as_often_as_it_says() {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as f64 + 0.5) / (1_u64 << 31) as f64
        };
        let mut held = 0;
        for _ in 0..400 {
            // exponential times around a pace that drifts slowly and returns to its mean
            let mut drift = 0.0_f64;
            let times: Vec<f64> = (0..600)
                .map(|_| {
                    drift = 0.9 * drift + 0.08 * (uniform() - 0.5);
                    -uniform().ln() * 12.0 * drift.exp()
                })
                .collect();
            let (from, to) = pace(&times[..200], 400).and_then(|pace| pace.hours_left).expect("enough");
            let truth = times[200..].iter().sum::<f64>() / 3600.0;
            held += usize::from(from <= truth && truth <= to);
        }
        assert!((280..=360).contains(&held), "{held} of 400");
    }
}
