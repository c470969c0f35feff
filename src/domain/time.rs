//! Moments and dates. The only file that names the calendar library.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};

/// A moment in UTC, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

/// A text that is no moment or date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a {expected}")]
pub struct BadTime {
    /// The text.
    pub text: String,
    /// What was expected, in words.
    pub expected: &'static str,
}

impl Timestamp {
    /// Reads RFC 3339 text ("2026-01-31T09:30:00Z").
    ///
    /// # Errors
    /// [`BadTime`] where the text is anything else.
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self(moment.with_timezone(&Utc)))
            .map_err(|_| BadTime { text: text.to_owned(), expected: "time in the form 2026-01-31T09:30:00Z" })
    }

    /// Returns the moment so many seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + TimeDelta::seconds(seconds))
    }

    /// Returns how many seconds later this moment is than another; negative where it is earlier.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }

    /// Returns the calendar date in UTC as "2026-01-31".
    pub fn date(&self) -> String {
        self.0.format("%Y-%m-%d").to_string()
    }

    /// Returns date and time to the minute for reading, "2026-01-31 09:30".
    pub fn to_minute(&self) -> String {
        self.0.format("%Y-%m-%d %H:%M").to_string()
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Checks a date of the form "2026-01-31" and returns it unchanged.
///
/// # Errors
/// [`BadTime`] where it is no such date of the calendar.
pub fn check_date(text: &str) -> Result<&str, BadTime> {
    let is_date = text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    if is_date { Ok(text) } else { Err(BadTime { text: text.to_owned(), expected: "date in the form 2026-01-31" }) }
}

/// Tells the time.
pub trait Clock: Send {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(Utc::now())
    }
}

/// A clock that always shows the moment it was given, for transcripts that must not change.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc_as_they_were_read() {
        let moment = Timestamp::parse("2026-01-31T10:30:00+01:00").expect("valid");
        assert_eq!(moment.to_string(), "2026-01-31T09:30:00Z");
        assert_eq!(moment.to_minute(), "2026-01-31 09:30");
        assert!(Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn dates_must_exist() {
        assert!(check_date("2024-02-29").is_ok());
        for bad in ["2025-02-29", "2025-2-9", "31.01.2025", ""] {
            assert!(check_date(bad).is_err(), "{bad}");
        }
    }
}
