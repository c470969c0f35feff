//! What a cell holds, as text: numbers, dates, escapes.

use std::borrow::Cow;

/// How the numbers of a style are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// As numbers.
    #[default]
    Number,
    /// As a date, perhaps with a time of day.
    Date,
    /// As a day and a month without a year ("1-Oct"): what spreadsheets make of "10-1" or "1/10".
    DayMonth,
    /// As a month and a year without a day ("Oct-24").
    MonthYear,
    /// As a time of day or a duration.
    Time,
}

/// Returns how the numbers of a built-in format are shown.
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        16 => Shown::DayMonth,
        17 => Shown::MonthYear,
        14 | 15 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => Shown::Time,
        _ => Shown::Number,
    }
}

/// Returns how the numbers of a format are shown, by its code ("dd/mm/yyyy", "0.00").
pub(super) fn of_code(code: &str) -> Shown {
    let (mut year, mut day, mut month, mut time, mut letters) = (false, false, false, false, String::new());
    let mut characters = code.split(';').next().unwrap_or("").chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                let _ = characters.by_ref().find(|c| *c == '"');
            }
            '\\' | '_' | '*' => {
                let _ = characters.next();
            }
            // Colours, conditions and languages; but "[h]" is a duration.
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                time |= matches!(inside.to_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss");
            }
            c => letters.extend(c.to_lowercase()),
        }
    }
    if letters.contains("general") || letters.contains(['0', '#', '?', '@']) && !letters.contains(['y', 'd', 'h']) {
        return Shown::Number;
    }
    for c in letters.chars() {
        match c {
            'y' | 'e' if !letters.contains(['0', '#']) => year = true,
            'd' => day = true,
            'h' | 's' => time = true,
            'm' => month = true,
            _ => {}
        }
    }
    match (year, month, day, time) {
        (true, true, false, false) => Shown::MonthYear,
        (true, _, _, _) => Shown::Date,
        (false, true, true, false) => Shown::DayMonth,
        (false, _, true, _) => Shown::Date,
        (false, _, false, true) => Shown::Time,
        _ => Shown::Number,
    }
}

/// Returns a stored number as text.
///
/// `text` is what the file holds; text that is no number stays as it is.
pub(super) fn number(text: &str, shown: Shown, is_1904: bool) -> Cow<'_, str> {
    let plain = text.trim();
    if shown == Shown::Number && plain.len() <= 15 && plain.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(plain);
    }
    let Ok(value) = plain.parse::<f64>() else { return Cow::Borrowed(text) };
    let date = || date(value, shown, is_1904);
    Cow::Owned(
        match shown {
            Shown::Number => None,
            _ => date(),
        }
        .unwrap_or_else(|| shortest(value)),
    )
}

/// Returns a number with at most fifteen digits, as spreadsheets show it: 0.30000000000000004 is 0.3.
fn shortest(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded == 0.0 {
        return "0".to_owned();
    }
    if (1e-9..1e21).contains(&rounded.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}

/// Returns the date that a serial number stands for; `None` beyond the calendar of spreadsheets.
fn date(value: f64, shown: Shown, is_1904: bool) -> Option<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let seconds = (value * 86_400.0).round() as i64;
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    if shown == Shown::Time || (days == 0 && of_day != 0) {
        return Some(if days > 0 { format!("{}:{}", days * 24 + of_day / 3600, &clock[3..]) } else { clock });
    }
    // The day before 1900-03-01 never was, but the calendar of 1900 counts it.
    let days = if is_1904 {
        days + 1462
    } else if days < 60 {
        days + 1
    } else {
        days
    };
    let (year, month, day) = civil(days - 25_569);
    Some(match shown {
        Shown::DayMonth => format!("{day}-{}", MONTHS[month - 1]),
        Shown::MonthYear => format!("{}-{:02}", MONTHS[month - 1], year % 100),
        _ if of_day > 0 => format!("{year:04}-{month:02}-{day:02} {clock}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    })
}

/// Returns year, month and day of a number of days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), usize::try_from(month).unwrap_or(1), day)
}

/// Decodes the escapes of texts: `_x000D_` stands for a character that XML cannot hold, `_x005F_` for an underscore before such.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let c =
            code.filter(|_| rest[at + 6..].starts_with('_')).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match c {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_know_them() {
        for (stored, text) in [
            ("2009", "2009"),
            ("2009.0", "2009"),
            ("1.0E+3", "1000"),
            ("0.30000000000000004", "0.3"),
            ("-1.5", "-1.5"),
            ("1e300", "1e300"),
            ("0", "0"),
            ("-0.0", "0"),
            ("19604642", "19604642"),
            ("abc", "abc"),
        ] {
            assert_eq!(number(stored, Shown::Number, false), text);
        }
    }

    #[test]
    fn serial_numbers_are_dates() {
        for (stored, shown, is_1904, text) in [
            ("45200", Shown::Date, false, "2023-10-01"),
            ("43738", Shown::Date, true, "2023-10-01"),
            ("1", Shown::Date, false, "1900-01-01"),
            ("61", Shown::Date, false, "1900-03-01"),
            ("45200.75", Shown::Date, false, "2023-10-01 18:00:00"),
            ("0.5", Shown::Time, false, "12:00:00"),
            ("1.5", Shown::Time, false, "36:00:00"),
            ("45200", Shown::DayMonth, false, "1-Oct"),
            ("45200", Shown::MonthYear, false, "Oct-23"),
            ("-5", Shown::Date, false, "-5"),
            ("1e12", Shown::Date, false, "1000000000000"),
        ] {
            assert_eq!(number(stored, shown, is_1904), text, "{stored}");
        }
    }

    #[test]
    fn codes_of_formats_are_understood() {
        for (code, shown) in [
            ("General", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("#,##0.00 \"days\"", Shown::Number),
            ("[Red]0.0", Shown::Number),
            ("yyyy\\-mm\\-dd", Shown::Date),
            ("[$-407]d. mmmm yyyy;@", Shown::Date),
            ("dd/mm/yyyy hh:mm", Shown::Date),
            ("d-mmm", Shown::DayMonth),
            ("mmm-yy", Shown::MonthYear),
            ("[h]:mm:ss", Shown::Time),
            ("h:mm AM/PM", Shown::Time),
            ("@", Shown::Number),
        ] {
            assert_eq!(of_code(code), shown, "{code}");
        }
    }

    #[test]
    fn escapes_of_characters_are_undone() {
        assert_eq!(unescaped("a_x000D_b_x005F_x0041_ _x12 _xZZZZ_ é_x00e9_"), "a\rb_x0041_ _x12 _xZZZZ_ éé");
        assert_eq!(unescaped("_xéééé"), "_xéééé");
    }
}
