//! Numbers side by side: arithmetic on a few values at once, which the compiler turns into vector instructions of whatever width the
//! machine has.

use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// Numbers side by side; every operation works on each of them alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lanes<const L: usize>(pub [f64; L]);

impl<const L: usize> Lanes<L> {
    /// Zeros.
    pub const ZERO: Self = Self([0.0; L]);

    /// Returns the same number in every lane.
    #[inline(always)]
    pub fn all(value: f64) -> Self {
        Self([value; L])
    }

    /// Returns the sum of the lanes.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        // Pairs at the greatest distance first, as a machine adds the halves of a register.
        let mut rest = self.0;
        let mut n = L;
        while n > 1 {
            n /= 2;
            for l in 0..n {
                rest[l] += rest[l + n];
            }
        }
        rest[0]
    }

    /// Returns the larger number of each lane.
    #[inline(always)]
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        self.with(other, |a, b| if a > b { a } else { b })
    }

    /// Returns `self` in the lanes where `test` is positive and zero in the others.
    #[inline(always)]
    #[must_use]
    pub fn where_positive(self, test: Self) -> Self {
        self.with(test, |a, t| if t > 0.0 { a } else { 0.0 })
    }

    /// Returns the natural logarithm of positive, normal numbers, with an error below one unit in the last place.
    ///
    /// Zero, negative, subnormal and infinite numbers give nonsense: the caller sorts them out. Source: fdlibm `e_log.c` (Sun 1993),
    /// without its special cases.
    #[inline(always)]
    #[must_use]
    pub fn ln(self) -> Self {
        const ROOT_HALF: u64 = 0x3fe6_a09e_0000_0000;
        const ONE: u64 = 0x3ff0_0000_0000_0000;
        const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
        // An exponent in the low bits of 2^52 is a number that can be taken out by a subtraction.
        const TWO_52: u64 = 0x4330_0000_0000_0000;
        let shifted = self.0.map(|x| x.to_bits().wrapping_add(ONE - ROOT_HALF));
        let exponent = Self(shifted.map(|bits| f64::from_bits((bits >> 52) | TWO_52) - (4_503_599_627_370_496.0 + 1023.0)));
        let f = Self(shifted.map(|bits| f64::from_bits((bits & FRACTION) + ROOT_HALF) - 1.0));
        let s = f / (Self::all(2.0) + f);
        let z = s * s;
        let tail = LN_TAIL.iter().rev().fold(Self::ZERO, |sum, c| (sum + Self::all(*c)) * z);
        let half = Self::all(0.5) * f * f;
        exponent * Self::all(LN_2_HIGH) - ((half - (s * (half + tail) + exponent * Self::all(LN_2_LOW))) - f)
    }

    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|l| f(self.0[l], other.0[l])))
    }
}

/// Coefficients of `ln((1 + s) / (1 - s)) - 2 s` over `s`, in powers of `s^2`.
const LN_TAIL: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];
/// The logarithm of two in two parts; the first has so few digits that its products with exponents are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

impl<const L: usize> AddAssign for Lanes<L> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const L: usize> Add for Lanes<L> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
}

impl<const L: usize> Sub for Lanes<L> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}

impl<const L: usize> Mul for Lanes<L> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b)
    }
}

impl<const L: usize> Div for Lanes<L> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.with(other, |a, b| a / b)
    }
}

/// Adds up `N` terms per pair of numbers, `L` pairs at a time.
///
/// **Shape**: the slices are of one length, `L` is a power of two. The last lanes are filled up with `padding`, a pair whose terms must
/// all be zero.
#[inline(always)]
pub fn sums<const L: usize, const N: usize>(
    first: &[f64],
    second: &[f64],
    padding: (f64, f64),
    term: impl Fn(Lanes<L>, Lanes<L>) -> [Lanes<L>; N],
) -> [f64; N] {
    let (a_lanes, a_rest) = first.as_chunks::<L>();
    let (b_lanes, b_rest) = second.as_chunks::<L>();
    let mut totals = [Lanes::ZERO; N];
    let mut add = |a: [f64; L], b: [f64; L]| {
        let terms = term(Lanes(a), Lanes(b));
        for (total, term) in totals.iter_mut().zip(terms) {
            *total += term;
        }
    };
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        add(*a, *b);
    }
    if !a_rest.is_empty() {
        let (mut a, mut b) = ([padding.0; L], [padding.1; L]);
        for (l, (x, y)) in a_rest.iter().zip(b_rest).enumerate() {
            (a[l], b[l]) = (*x, *y);
        }
        add(a, b);
    }
    totals.map(Lanes::sum)
}

/// Returns the sum of the natural logarithms of positive numbers: the logarithm of their product, cut up where it nears the ends of the
/// range of numbers.
///
/// Numbers that are extreme or not positive enter by their own logarithm, NaN or infinite as it may be.
pub fn sum_of_logs(values: impl Iterator<Item = f64>) -> f64 {
    const MODERATE: std::ops::Range<f64> = 1e-100..1e100;
    let (mut product, mut sum) = (1.0, 0.0);
    for x in values {
        if !MODERATE.contains(&x) {
            sum += x.ln();
            continue;
        }
        product *= x;
        if !MODERATE.contains(&product) {
            sum += product.ln();
            product = 1.0;
        }
    }
    sum + product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_any_length_are_complete() {
        for n in 0..11_u32 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let [plain, square] = sums::<4, 2>(&a, &a, (0.0, 0.0), |x, y| [x, x * y]);
            let n = f64::from(n);
            assert_eq!((plain, square), ((n * (n - 1.0) / 2.0).max(0.0), ((n - 1.0) * n * (2.0 * n - 1.0) / 6.0).max(0.0)));
        }
    }

    #[test]
    fn sums_of_logs_agree_with_the_logs_one_by_one() {
        let values: Vec<f64> = (0..2500).map(|i| 10f64.powf(f64::from(i * 7919 % 601) - 300.0) * (1.0 + f64::from(i) / 2500.0)).collect();
        for n in [0, 1, 13, 999, 1000, 1001, 2500] {
            let want: f64 = values[..n].iter().map(|x| x.ln()).sum();
            let scale: f64 = values[..n].iter().map(|x| x.ln().abs()).sum();
            assert!((sum_of_logs(values[..n].iter().copied()) - want).abs() <= 1e-14 * scale, "{n}");
        }
        assert_eq!(sum_of_logs([5e-324, 2.0].into_iter()), 5e-324_f64.ln() + 2f64.ln());
        assert_eq!(sum_of_logs([0.0, 2.0].into_iter()), f64::NEG_INFINITY);
        assert!(sum_of_logs([-1.0, 2.0].into_iter()).is_nan());
    }

    #[test]
    fn the_logarithm_agrees_with_the_one_of_the_standard_library() {
        let mut x: f64 = 3e-300;
        while x < 1e300 {
            let near = 1.0 + (x.ln() / 700.0);
            for (got, x) in Lanes([x, near, 1.0, x.sqrt()]).ln().0.into_iter().zip([x, near, 1.0, x.sqrt()]) {
                assert!((got - x.ln()).abs() <= 2.3e-16 * x.ln().abs(), "{x:e}: {got} {}", x.ln());
            }
            x *= 1.713;
        }
    }
}
