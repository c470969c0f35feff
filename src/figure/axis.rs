//! The horizontal axis of a forest or funnel plot: which values are shown, where they fall, which ticks have labels.

use super::number;

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally far apart (mean differences).
    Linear,
    /// Equal ratios are equally far apart (risk, odds, rate and hazard ratios).
    Log,
}

/// An axis in the units that its labels show: ratios are ratios here, not their logarithms.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// How values are spread.
    pub scale: Scale,
    /// Value at the left end.
    pub low: f64,
    /// Value at the right end.
    pub high: f64,
    /// Labelled values, rising, all within the ends.
    pub ticks: Vec<f64>,
    /// Value of no effect, where the upright line stands; `None` for quantities without one (a proportion).
    pub null: Option<f64>,
}

/// Half axes that RevMan offers for ratios; each is mirrored about 1.
const LOG_AXES: &[&[f64]] = &[
    &[1.0, 1.1, 1.2],
    &[1.0, 1.2, 1.5],
    &[1.0, 1.5, 2.0],
    &[1.0, 2.0, 5.0],
    &[1.0, 2.0, 5.0, 10.0],
    &[1.0, 5.0, 20.0],
    &[1.0, 10.0, 50.0],
    &[1.0, 10.0, 100.0],
    &[1.0, 10.0, 200.0],
    &[1.0, 10.0, 500.0],
    &[1.0, 10.0, 1000.0],
];

/// Index in [`LOG_AXES`] of the widest axis taken for the sake of intervals alone: 0.01 to 100.
const WIDEST_FOR_INTERVALS: usize = 7;

/// How much wider than its points an axis may become for the sake of intervals; what is wider gets an arrow.
const ROOM_FOR_INTERVALS: f64 = 4.0;

impl Axis {
    /// Creates an axis as the user asks for it: both ends, and ticks or `None` for automatic ones.
    ///
    /// Returns `None` when the ends are not two rising finite numbers, or not positive on a log scale. Ticks outside the ends are dropped.
    pub fn custom(scale: Scale, low: f64, high: f64, ticks: Option<&[f64]>, null: Option<f64>) -> Option<Self> {
        let valid = low.is_finite() && high.is_finite() && low < high && (scale == Scale::Linear || low > 0.0);
        if !valid {
            return None;
        }
        let mut ticks: Vec<f64> = match (ticks, scale) {
            (Some(ticks), _) => ticks.to_vec(),
            (None, Scale::Linear) => nice_ticks(low, high),
            (None, Scale::Log) => log_ticks(low, high),
        };
        ticks.retain(|tick| (low..=high).contains(tick));
        ticks.sort_by(f64::total_cmp);
        ticks.dedup();
        Some(Self { scale, low, high, ticks, null: null.filter(|value| (low..=high).contains(value)) })
    }

    /// Chooses an axis for the given values.
    ///
    /// `points` (study effects, limits of pooled effects) are shown if any common axis can; `limits` (of study intervals) are shown unless
    /// that would crowd the points, and then leave the axis with an arrow. With a null value the axis is symmetric about it, as in RevMan.
    /// Values that are not finite, or not positive on a log scale, are passed over; with none at all a plain default is returned.
    pub fn automatic(scale: Scale, null: Option<f64>, points: &[f64], limits: &[f64]) -> Self {
        match (scale, null) {
            (Scale::Log, null) => Self::automatic_log(null, points, limits),
            (Scale::Linear, Some(null)) => Self::automatic_about(null, points, limits),
            (Scale::Linear, None) => Self::automatic_range(points, limits),
        }
    }

    fn automatic_log(null: Option<f64>, points: &[f64], limits: &[f64]) -> Self {
        let reach = |values: &[f64]| values.iter().filter(|v| v.is_finite() && **v > 0.0).map(|v| v.max(v.recip())).fold(1.0, f64::max);
        let covering = |reach: f64| LOG_AXES.iter().position(|half| half[half.len() - 1] >= reach).unwrap_or(LOG_AXES.len() - 1);
        let index = match (reach(points), reach(limits)) {
            (1.0, 1.0) => WIDEST_FOR_INTERVALS,
            (points, limits) => covering(points).max(covering(limits).min(WIDEST_FOR_INTERVALS)),
        };
        let half = LOG_AXES[index];
        let mirrored = half.iter().skip(1).rev().map(|tick| mirror(*tick));
        let ticks: Vec<f64> = mirrored.chain(half.iter().copied()).collect();
        Self { scale: Scale::Log, low: ticks[0], high: half[half.len() - 1], ticks, null }
    }

    fn automatic_about(null: f64, points: &[f64], limits: &[f64]) -> Self {
        let reach = |values: &[f64]| values.iter().filter(|v| v.is_finite()).map(|v| (v - null).abs()).fold(0.0, f64::max);
        let needed = reach(points);
        let wanted = needed.max(reach(limits));
        let room = if needed > 0.0 { ROOM_FOR_INTERVALS * needed } else { wanted };
        let half = nice_above(needed.max(wanted.min(room)));
        let ticks = [-1.0, -0.5, 0.0, 0.5, 1.0].iter().map(|share| null + share * half).collect();
        Self { scale: Scale::Linear, low: null - half, high: null + half, ticks, null: Some(null) }
    }

    fn automatic_range(points: &[f64], limits: &[f64]) -> Self {
        let values = points.iter().chain(limits).copied().filter(|v| v.is_finite());
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        let (low, high) = if high - low > 0.0 { (low, high) } else { (low - 0.5, high + 0.5) };
        let step = nice_step((high - low) / 4.0);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { scale: Scale::Linear, low, high, ticks: nice_ticks(low, high), null: None }
    }

    /// Returns where a value falls: 0 at the left end, 1 at the right end, outside these beyond the axis.
    ///
    /// Zero and negative values on a log scale lie infinitely far to the left; NaN gives NaN.
    pub fn position(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log if value <= 0.0 => f64::NEG_INFINITY,
            Scale::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// Returns the value at a position between 0 and 1, the inverse of [`Axis::position`].
    pub fn value_at(&self, position: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.low + position * (self.high - self.low),
            Scale::Log => self.low * (self.high / self.low).powf(position),
        }
    }

    /// Returns the labelled positions from left to right, each with its text.
    pub fn labels(&self) -> Vec<(f64, String)> {
        self.ticks.iter().map(|tick| (self.position(*tick), number::tick(*tick))).collect()
    }
}

/// Returns `1 / tick` without the dust of division (`1 / 1.1` is labelled 0.9, as RevMan does).
fn mirror(tick: f64) -> f64 {
    let inverse = tick.recip();
    if tick < 1.25 {
        return match tick {
            1.1 => 0.9,
            _ => 0.85,
        };
    }
    if tick == 1.5 { 0.7 } else { inverse }
}

/// Returns a round value not below `value`, for the end of an axis that starts at 0; 1 for values that are not positive.
pub(super) fn nice_end(value: f64) -> f64 {
    let step = nice_step(value / 5.0);
    if value > 0.0 && value.is_finite() { (value / step - 1e-9).ceil() * step } else { 1.0 }
}

/// Returns 1, 2, 2.5 or 5 times a power of ten, the first that is not below `step`.
fn nice_step(step: f64) -> f64 {
    if !step.is_finite() || step <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(step.log10().floor());
    let share = step / power;
    let nice = [1.0, 2.0, 2.5, 5.0].into_iter().find(|nice| share <= nice * (1.0 + 1e-9)).unwrap_or(10.0);
    nice * power
}

/// Returns 1, 2, 4, 5 or 10 times a power of ten, the first that is not below `reach`; such halves have short tick labels.
fn nice_above(reach: f64) -> f64 {
    if !reach.is_finite() || reach <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(reach.log10().floor());
    let share = reach / power;
    let nice = [1.0, 2.0, 4.0, 5.0].into_iter().find(|nice| share <= nice * (1.0 + 1e-9)).unwrap_or(10.0);
    nice * power
}

/// Returns round values from `low` to `high`, about five steps apart.
pub(super) fn nice_ticks(low: f64, high: f64) -> Vec<f64> {
    let step = nice_step((high - low) / 5.0);
    let first = (low / step - 1e-9).ceil();
    (0..=10).map(|i| (first + f64::from(i)) * step).take_while(|tick| *tick <= high + step * 1e-9).collect()
}

fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let decades = (high / low).log10();
    let shares: &[f64] = if decades < 1.0 {
        &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0]
    } else if decades < 2.5 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let powers = (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
    let ticks: Vec<f64> = powers.flat_map(|power| shares.iter().map(move |share| share * 10f64.powi(power))).collect();
    let inside = ticks.iter().filter(|tick| (low..=high).contains(*tick)).count();
    let every = inside.div_ceil(8).max(1);
    let mut shown: Vec<f64> = ticks.into_iter().filter(|tick| (low..=high).contains(tick)).step_by(every).collect();
    if shown.len() < 2 {
        shown = vec![low, high];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.labels().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ketamine_pain_gets_a_symmetric_axis_around_zero() {
        let axis = Axis::automatic(Scale::Linear, Some(0.0), &[-1.27, -18.0, -27.7, -32.09, 0.51], &[-41.43, 13.94]);
        assert_eq!(labels(&axis), ["-50", "-25", "0", "25", "50"]);
        assert_eq!(axis.position(0.0), 0.5);
    }

    #[test]
    fn ratios_get_the_narrowest_common_axis() {
        for (points, limits, expected) in [
            (&[0.95, 1.05][..], &[0.9, 1.15][..], "0.85 0.9 1 1.1 1.2"),
            (&[0.8], &[0.6, 1.1], "0.5 0.7 1 1.5 2"),
            (&[3.26, 1.05, 10.09], &[0.3, 60.0], "0.01 0.1 1 10 100"),
            (&[2.0], &[1e-6, 1e6], "0.01 0.1 1 10 100"),
            (&[300.0], &[2.0, 1e6], "0.002 0.1 1 10 500"),
        ] {
            assert_eq!(labels(&Axis::automatic(Scale::Log, Some(1.0), points, limits)).join(" "), expected);
        }
    }

    #[test]
    fn one_wild_interval_does_not_flatten_the_others() {
        let axis = Axis::automatic(Scale::Linear, Some(0.0), &[0.4, -0.3], &[0.1, 0.8, -0.9, 250.0]);
        assert_eq!(labels(&axis), ["-2", "-1", "0", "1", "2"]);
    }

    #[test]
    fn no_values_still_give_an_axis() {
        for (scale, null) in [(Scale::Linear, Some(0.0)), (Scale::Linear, None), (Scale::Log, Some(1.0))] {
            let axis = Axis::automatic(scale, null, &[], &[f64::NAN]);
            assert!(axis.low < axis.high && axis.ticks.len() >= 3, "{axis:?}");
        }
    }

    #[test]
    fn proportions_run_between_round_numbers() {
        let axis = Axis::automatic(Scale::Linear, None, &[0.12, 0.44], &[0.03, 0.71]);
        assert_eq!(labels(&axis), ["0", "0.2", "0.4", "0.6", "0.8"]);
    }

    #[test]
    fn impossible_axes_are_refused() {
        assert_eq!(Axis::custom(Scale::Log, 0.0, 10.0, None, None), None);
        assert_eq!(Axis::custom(Scale::Linear, 5.0, 5.0, None, None), None);
        assert_eq!(Axis::custom(Scale::Linear, f64::NAN, 5.0, None, None), None);
        let axis = Axis::custom(Scale::Log, 0.1, 10.0, Some(&[1.0, 0.1, 50.0, 10.0]), Some(1.0)).unwrap();
        assert_eq!(axis.ticks, [0.1, 1.0, 10.0]);
        assert_eq!(labels(&Axis::custom(Scale::Log, 0.2, 5.0, None, Some(1.0)).unwrap()), ["0.2", "0.5", "1", "2", "5"]);
    }

    #[test]
    fn position_and_value_are_inverse() {
        for axis in [Axis::automatic(Scale::Log, Some(1.0), &[4.0], &[]), Axis::automatic(Scale::Linear, Some(0.0), &[4.0], &[])] {
            for value in [0.3, 1.0, 4.5] {
                assert!((axis.value_at(axis.position(value)) - value).abs() < 1e-12);
            }
        }
    }
}
