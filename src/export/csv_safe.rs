//! CSV that a spreadsheet shows as text instead of running it.
//!
//! Titles and notes come from files of strangers; a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to a
//! spreadsheet, which can send data elsewhere. Such cells get a leading apostrophe unless they are plain numbers. Control characters are
//! left out, so that a table can also be shown in a terminal.

use std::borrow::Cow;

/// Byte order mark, by which Excel recognises UTF-8; put it before the first line of a file meant for spreadsheets.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Characters with which a formula can begin, with the wide forms that some spreadsheets accept.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Returns the text of a cell such that no spreadsheet takes it for a formula; not yet quoted.
///
/// ```
/// use tamis::export::csv_safe::safe_cell;
/// assert_eq!(safe_cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
/// assert_eq!(safe_cell("-15.79"), "-15.79");
/// ```
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    let text: Cow<'_, str> =
        if text.chars().any(is_unwanted) { Cow::Owned(text.chars().filter(|c| !is_unwanted(*c)).collect()) } else { Cow::Borrowed(text) };
    // An apostrophe that was there before gets one more, so that taking one off always gives the text.
    if text.trim_start_matches('\'').starts_with(FORMULA_STARTS) && !is_plain_number(&text) {
        return Cow::Owned(format!("'{text}"));
    }
    text
}

/// Control characters but for the white space that a quoted cell may hold, and the byte order mark.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{feff}'
}

/// Whether the whole text is a decimal number: sign, digits with at most one point, exponent.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let only_number_characters = unsigned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    let begins_as_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    only_number_characters && begins_as_number && text.parse::<f64>().is_ok()
}

/// Returns one line of CSV, ended by a line feed: cells made safe, quoted where they hold commas, quotes or line breaks.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let cell = safe_cell(cell);
        if cell.contains([',', '"', '\n', '\r', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("+SUM(A1)", "'+SUM(A1)"),
            ("-2+3|cmd", "'-2+3|cmd"),
            ("@import", "'@import"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\u{0}=1", "'=1"),
            ("＝1", "'＝1"),
            ("-27.70 [-41.43, -13.97]", "'-27.70 [-41.43, -13.97]"),
            ("- a dash", "'- a dash"),
            ("'=1", "''=1"),
            ("-inf", "'-inf"),
        ] {
            assert_eq!(safe_cell(cell), safe, "{cell:?}");
        }
    }

    #[test]
    fn numbers_and_plain_text_stay_as_they_are() {
        for cell in ["-15.79", "+3", "1e-7", "-1.5E+3", "-.5", "0", "", "Noppers 2011", "a=b", "3-arm trial", "NA"] {
            assert_eq!(safe_cell(cell), cell);
        }
    }

    #[test]
    fn escapes_never_reach_a_terminal() {
        assert_eq!(safe_cell("a\u{1b}[2Jb\u{9b}c"), "a[2Jbc");
    }

    #[test]
    fn lines_are_quoted_where_needed() {
        assert_eq!(
            line(["a", "b,c", "say \"x\"", "two\nlines", "=1,2", " pad"]),
            "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\"'=1,2\",\" pad\"\n"
        );
        assert_eq!(line([]), "\n");
    }
}
