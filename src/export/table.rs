//! A table with typed cells, written as CSV, JSON or Markdown.

use super::csv_safe;
use crate::figure::clean::one_line;
use crate::figure::number;

/// A table with named columns. Rows may be shorter than the headers; missing cells are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub headers: Vec<String>,
    /// Rows from top to bottom.
    pub rows: Vec<Vec<Cell>>,
}

/// One value of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing: an empty cell, `null` in JSON.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number at full precision.
    Number(f64),
    /// A number shown with some decimals, as in the figures; JSON has it at full precision.
    Rounded(f64, usize),
    /// Yes or no: `true` and `false`.
    Flag(bool),
}

impl Cell {
    /// Creates a text cell.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Creates a cell from a count; counts beyond the range of [`Cell::Integer`] become numbers.
    pub fn count(count: u64) -> Self {
        i64::try_from(count).map_or(Self::Number(count as f64), Self::Integer)
    }

    /// Returns the value as text; numbers that are not finite give nothing.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(value) => value.to_string(),
            Self::Number(value) => full_precision(*value),
            Self::Rounded(value, _) if !value.is_finite() => String::new(),
            Self::Rounded(value, decimals) => number::fixed(*value, *decimals),
            Self::Flag(value) => value.to_string(),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Text(text) => json_text(text),
            Self::Number(value) | Self::Rounded(value, _) if value.is_finite() => full_precision(*value),
            Self::Integer(_) | Self::Flag(_) => self.plain(),
            Self::Empty | Self::Number(_) | Self::Rounded(..) => "null".to_owned(),
        }
    }

    const fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Number(_) | Self::Rounded(..))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::count(count)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl Table {
    /// Creates a table without rows.
    pub fn new(headers: &[&str]) -> Self {
        Self { headers: headers.iter().map(|header| (*header).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    fn cell<'a>(&'a self, row: &'a [Cell], column: usize) -> &'a Cell {
        row.get(column).unwrap_or(&Cell::Empty)
    }

    /// Returns the table as CSV (UTF-8, commas, line feeds) in which no cell is a formula; see [`csv_safe`].
    pub fn csv(&self) -> String {
        let mut out = csv_safe::line(self.headers.iter().map(String::as_str));
        for row in &self.rows {
            let cells: Vec<String> = (0..self.headers.len()).map(|column| self.cell(row, column).plain()).collect();
            out.push_str(&csv_safe::line(cells.iter().map(String::as_str)));
        }
        out
    }

    /// Returns the table as a JSON array with one object per row, keys in the order of the columns, ended by a line feed.
    ///
    /// A header that occurs again gets `_2`, `_3`, so that no value is lost. Control characters are escaped.
    pub fn json(&self) -> String {
        let keys: Vec<String> = unique(&self.headers).iter().map(|key| json_text(key)).collect();
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let fields: Vec<String> =
                    keys.iter().enumerate().map(|(column, key)| format!("{key}: {}", self.cell(row, column).json())).collect();
                format!("  {{{}}}", fields.join(", "))
            })
            .collect();
        if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
    }

    /// Returns the table as Markdown (pipes), numbers aligned right; line breaks in cells become spaces.
    pub fn markdown(&self) -> String {
        let is_numeric = |column: usize| {
            let mut cells = self.rows.iter().map(|row| self.cell(row, column)).filter(|cell| **cell != Cell::Empty).peekable();
            cells.peek().is_some() && cells.all(Cell::is_number)
        };
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(self.headers.iter().map(|header| markdown_text(header)).collect());
        let rule: Vec<&str> = (0..self.headers.len()).map(|column| if is_numeric(column) { "---:" } else { "---" }).collect();
        out.push_str(&format!("| {} |\n", rule.join(" | ")));
        for row in &self.rows {
            out.push_str(&line((0..self.headers.len()).map(|column| markdown_text(&self.cell(row, column).plain())).collect()));
        }
        out
    }
}

/// Returns the shortest text that reads back as the same number; very large and small ones with an exponent, others plain.
fn full_precision(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e15).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
}

fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a text as one cell of a Markdown table.
pub fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).trim().chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

fn unique(headers: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::with_capacity(headers.len());
    for header in headers {
        let mut name = header.clone();
        let mut number = 2;
        while seen.contains(&name) {
            name = format!("{header}_{number}");
            number += 1;
        }
        seen.push(name);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ketamine() -> Table {
        let mut table = Table::new(&["study", "effect", "weight", "n", "pooled"]);
        table.push(vec!["Noppers 2011".into(), Cell::Rounded(-18.0, 2), Cell::Number(29.812), 24u64.into(), true.into()]);
        table.push(vec!["=cmd|' /C calc'!A1".into(), Cell::Number(f64::NAN), Cell::Empty]);
        table
    }

    #[test]
    fn csv_is_safe_and_keeps_numbers() {
        let csv = "study,effect,weight,n,pooled\nNoppers 2011,-18.00,29.812,24,true\n'=cmd|' /C calc'!A1,,,,\n";
        assert_eq!(ketamine().csv(), csv);
    }

    #[test]
    fn json_can_be_read_back() {
        let mut table = ketamine();
        table.headers.push("n".to_owned());
        table.rows[1][0] = Cell::text("a\"b\\c\u{1b}\u{9b}\n");
        let json = table.json();
        assert!(!json.contains(['\u{1b}', '\u{9b}']));
        let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(rows[0]["effect"], -18.0);
        assert_eq!(rows[0]["n"], 24);
        assert_eq!(rows[0]["n_2"], serde_json::Value::Null);
        assert_eq!(rows[1]["study"], "a\"b\\c\u{1b}\u{9b}\n");
        assert_eq!(Table::new(&["a"]).json(), "[]\n");
    }

    #[test]
    fn markdown_aligns_numbers_and_escapes_marks() {
        let mut table = ketamine();
        table.rows[1][0] = Cell::text("a|b\nc *d*");
        let lines: Vec<String> = table.markdown().lines().map(str::to_owned).collect();
        assert_eq!(lines[1], "| --- | ---: | ---: | ---: | --- |");
        assert_eq!(lines[2], "| Noppers 2011 | -18.00 | 29.812 | 24 | true |");
        assert_eq!(lines[3], "| a\\|b c \\*d\\* |  |  |  |  |");
    }

    #[test]
    fn numbers_read_back_as_themselves() {
        for value in [0.1 + 0.2, -15.791_101, 1e-12, 3e20, 7.0, f64::MIN_POSITIVE] {
            assert_eq!(full_precision(value).parse::<f64>().unwrap(), value);
        }
        assert_eq!(full_precision(-0.0), "0");
    }
}
