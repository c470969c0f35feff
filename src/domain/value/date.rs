//! Dates that are known to the year, the month or the day.

use serde::{Deserialize, Serialize};

use super::super::form::Precision;

/// A date as far as a report gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year, 1000 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day of the month; only with a month.
    pub day: Option<u8>,
}

impl PartialDate {
    /// Parses "2009", "2009-10" or "2009-10-02" (ISO 8601); `None` for anything else and for days that no month has.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let year: u16 = digits(parts.next()?, 4)?;
        let month: Option<u8> = parts.next().map(|part| digits(part, 2)).transpose_option()?;
        let day: Option<u8> = parts.next().map(|part| digits(part, 2)).transpose_option()?;
        let fits = year >= 1000
            && parts.next().is_none()
            && month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| day >= 1 && month.is_some_and(|month| day <= days_in(year, month)));
        fits.then_some(Self { year, month, day })
    }
}

impl PartialDate {
    /// Returns how exact the date is.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (None, _) => Precision::Year,
            (Some(_), None) => Precision::Month,
            (Some(_), Some(_)) => Precision::Day,
        }
    }

    /// Returns the date no more exactly than this.
    #[must_use]
    pub fn to(self, precision: Precision) -> Self {
        let month = self.month.filter(|_| precision >= Precision::Month);
        Self { month, day: self.day.filter(|_| precision >= Precision::Day), ..self }
    }
}

impl std::fmt::Display for PartialDate {
    /// Writes as much as is known, in ISO 8601.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

/// Turns "a part that may be absent, and if present may be wrong" inside out.
trait TransposeOption<T> {
    fn transpose_option(self) -> Option<Option<T>>;
}

impl<T> TransposeOption<T> for Option<Option<T>> {
    fn transpose_option(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(None) => None,
            Some(value) => Some(value),
        }
    }
}

fn digits<T: std::str::FromStr>(text: &str, length: usize) -> Option<T> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn days_in(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_precise_as_they_are_written() {
        for text in ["2009", "2009-10", "2009-10-02", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        for text in ["", "09", "0900", "2009-1", "2009-00", "2009-02-29", "1900-02-29", "2009-04-31", "2009-10-02-1", "2009-+1", "20O9"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }
}
