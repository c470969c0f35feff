//! What verbs print: tables aligned by the width of their text, lines, and JSON. Data goes to standard output, talk to standard error.

use std::io::{BufWriter, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::app::{Detail, Reply};
use crate::domain::text::clean_line;
use crate::figure::text::{TextLine, TextRole};

use super::args::ColorWhen;
use super::report::Done;
use super::text::{bold, cut, dim, emphasis, width};

/// Where a verb prints to.
pub struct Output {
    is_json: bool,
    is_colored: bool,
    are_errors_colored: bool,
    columns: Option<usize>,
    sink: Box<dyn Write>,
}

/// Tells whether a stream gets colours.
pub fn wants_color(when: ColorWhen, stream: &impl IsTerminal) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            stream.is_terminal() && !is_refused && !is_dumb
        }
    }
}

impl Output {
    /// Creates the output of the process.
    pub fn new(is_json: bool, when: ColorWhen) -> Self {
        let stdout = std::io::stdout();
        let columns = stdout.is_terminal().then(terminal_columns);
        Self {
            is_json,
            is_colored: !is_json && wants_color(when, &stdout),
            are_errors_colored: wants_color(when, &std::io::stderr()),
            columns,
            sink: Box::new(BufWriter::new(stdout)),
        }
    }

    /// Tells whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Tells whether text is printed in colours.
    pub fn is_colored(&self) -> bool {
        self.is_colored
    }

    /// Tells whether errors are printed in colours.
    pub fn colors_errors(&self) -> bool {
        self.are_errors_colored
    }

    /// Returns the width for text that is wrapped or drawn: the terminal's, or 120 columns.
    pub fn drawing_width(&self) -> usize {
        self.columns.unwrap_or(120)
    }

    /// Prints one line. The text must be clean: see [`super::text::clean_lines`].
    pub fn line(&mut self, text: impl AsRef<str>) -> Done {
        Ok(writeln!(self.sink, "{}", text.as_ref())?)
    }

    /// Prints a heading with an empty line before it.
    pub fn heading(&mut self, text: &str) -> Done {
        let text = emphasis(&clean_line(text), self.is_colored, bold());
        Ok(writeln!(self.sink, "\n{text}")?)
    }

    /// Prints text as it is: tables and files meant for other programs.
    pub fn raw(&mut self, text: &str) -> Done {
        Ok(self.sink.write_all(text.as_bytes())?)
    }

    /// Returns the way to the output for writers of files.
    pub fn sink(&mut self) -> &mut dyn Write {
        &mut *self.sink
    }

    /// Prints a value as JSON.
    pub fn json<T: Serialize>(&mut self, value: &T) -> Done {
        Ok(writeln!(self.sink, "{}", super::json::pretty(value))?)
    }

    /// Prints a table; nothing where it has no rows.
    pub fn table(&mut self, table: &Table) -> Done {
        for line in table.lines(self.columns, self.is_colored) {
            writeln!(self.sink, "{line}")?;
        }
        Ok(())
    }

    /// Prints a figure drawn in cells.
    pub fn figure(&mut self, lines: &[TextLine]) -> Done {
        for line in lines {
            let text = if self.is_colored { painted(line) } else { line.plain() };
            writeln!(self.sink, "{text}")?;
        }
        Ok(())
    }

    /// Tells something beside the data; not with JSON.
    pub fn talk(&mut self, text: &str) {
        if !self.is_json {
            let _ = self.sink.flush();
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// Tells what can be done next; not with JSON.
    pub fn next(&mut self, text: &str) {
        let text = emphasis(&format!("next: {text}"), self.are_errors_colored, dim());
        self.talk(&text);
    }

    /// Prints what came of a change: its sentence, or message, operation and particulars as JSON.
    pub fn reply(&mut self, reply: &Reply) -> Done {
        self.reply_with(reply, &[])
    }

    /// As [`Output::reply`], with further keys for JSON.
    pub fn reply_with(&mut self, reply: &Reply, further: &[(&str, Value)]) -> Done {
        if !self.is_json {
            return self.line(clean_line(&reply.message));
        }
        let mut object = Map::new();
        object.insert("message".into(), json!(reply.message));
        object.insert("operation".into(), json!(reply.op.map(|op| op.to_string())));
        let detail = match &reply.detail {
            Detail::None => Value::Null,
            Detail::Import(report) => super::json::of(report),
            Detail::Duplicates(report) => super::json::of(report),
            Detail::Load(report) => super::json::of(report),
            Detail::Moved(moved) => json!({ "moved": moved }),
            Detail::Votes { cast } => json!({ "cast": cast }),
            Detail::Merge { operations, records } => json!({ "operations": operations, "records": records }),
        };
        if let Value::Object(keys) = detail {
            object.extend(keys);
        }
        object.extend(further.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        self.json(&object)
    }

    /// Writes out what is held back.
    pub fn finish(&mut self) -> Done {
        Ok(self.sink.flush()?)
    }
}

/// Returns the width of the terminal: its own word, else `COLUMNS`, else 80.
fn terminal_columns() -> usize {
    let told = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    let named = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(named).filter(|columns| *columns > 0).unwrap_or(80).max(20)
}

fn painted(line: &TextLine) -> String {
    let mut text = String::new();
    for (piece, role) in &line.spans {
        match role_style(*role) {
            Some(style) => text.push_str(&emphasis(piece, true, style)),
            None => text.push_str(piece),
        }
    }
    text
}

/// Returns the style of a piece of a figure. Colour only repeats what the characters say.
fn role_style(role: TextRole) -> Option<Style> {
    match role {
        TextRole::Normal | TextRole::Axis => None,
        TextRole::Bold => Some(bold()),
        TextRole::Muted => Some(dim()),
        TextRole::Accent => Some(AnsiColor::Cyan.on_default().bold()),
        TextRole::Estimate | TextRole::Interval => Some(AnsiColor::Blue.on_default()),
        TextRole::Diamond => Some(AnsiColor::Blue.on_default().bold()),
        TextRole::Low => Some(AnsiColor::Green.on_default()),
        TextRole::Some => Some(AnsiColor::Yellow.on_default()),
        TextRole::High => Some(AnsiColor::Red.on_default()),
    }
}

/// A table of short texts.
#[derive(Debug, Clone, Default)]
pub struct Table {
    heads: Vec<(String, bool)>,
    rows: Vec<Vec<String>>,
    flexible: Option<usize>,
}

impl Table {
    /// Creates a table with headings; those that begin with ">" stand over numbers, the one that begins with "~" is cut where the
    /// terminal is too narrow.
    pub fn new(heads: &[&str]) -> Self {
        let flexible = heads.iter().position(|head| head.starts_with('~'));
        let heads = heads.iter().map(|head| (head.trim_start_matches(['>', '~']).to_owned(), head.starts_with('>'))).collect();
        Self { heads, rows: Vec::new(), flexible }
    }

    /// Adds a row; the texts are cleaned.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(|cell| clean_line(cell.as_ref()).trim().to_owned()).collect());
    }

    /// Tells whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the lines; `columns` is the width of the terminal, `None` for no limit.
    fn lines(&self, columns: Option<usize>, is_colored: bool) -> Vec<String> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let mut widths: Vec<usize> = self.heads.iter().map(|(head, _)| width(head)).collect();
        for row in &self.rows {
            for (at, cell) in row.iter().enumerate().take(widths.len()) {
                widths[at] = widths[at].max(width(cell));
            }
        }
        if let (Some(columns), Some(flexible)) = (columns, self.flexible) {
            let total: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
            let least = width(&self.heads[flexible].0).max(12);
            widths[flexible] = widths[flexible].saturating_sub(total.saturating_sub(columns)).max(least.min(widths[flexible]));
        }
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        if self.heads.iter().any(|(head, _)| !head.is_empty()) {
            let heads: Vec<String> = self.heads.iter().map(|(head, _)| head.clone()).collect();
            lines.push(emphasis(&self.line(&heads, &widths), is_colored, bold()));
        }
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths)));
        lines
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (at, cells_wide) in widths.iter().enumerate() {
            let cell = cut(cells.get(at).map_or("", String::as_str), *cells_wide);
            let gap = " ".repeat(cells_wide.saturating_sub(width(&cell)));
            if at > 0 {
                line.push_str("  ");
            }
            if self.heads[at].1 {
                line.push_str(&gap);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&gap);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["record", "~title", ">n"]);
        table.row(["0a1b", "Ketamine for \u{1b}[31mpain", "7"]);
        table.row(["0a1c", "疼痛", "12"]);
        table
    }

    #[test]
    fn columns_are_aligned_by_the_width_of_their_text() {
        let lines = table().lines(None, false);
        assert_eq!(lines, ["record  title               n", "0a1b    Ketamine for pain   7", "0a1c    疼痛               12"]);
    }

    #[test]
    fn only_the_flexible_column_is_cut_and_no_line_is_wider_than_the_terminal() {
        let lines = table().lines(Some(24), false);
        assert_eq!(lines[1], "0a1b    Ketamine fo…   7");
        assert!(lines.iter().all(|line| width(line) <= 24));
    }

    #[test]
    fn an_empty_table_prints_nothing() {
        assert!(Table::new(&["a"]).lines(None, true).is_empty());
    }
}
