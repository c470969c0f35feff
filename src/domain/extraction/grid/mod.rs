//! A whole table that was pasted: which text goes into which cell of the form.
//!
//! Columns and rows are matched by what heads them: arms, outcomes, time points, the kind of number ("Mean (SD)", "n/N"), fields. What
//! heads nothing is filled in from the selected cell. A table without any heading goes by its position: rows are arms and columns are
//! numbers where that fits, else the other way round, else one text after the other from the selected cell on.
//!
//! A text is kept as it stands; only where its heading names several numbers is it taken apart ("27.9 (18.2)" under "Mean (SD)").

mod heading;
mod number;
mod shape;

use super::super::form::{CellPlace, CellSpec, Form, Outcome, OutcomeKind, OutcomePart, Scope, outcome_path};
use heading::{Heading, Reader};
use number::numbers_in;

/// A text of a pasted table with the cell that it goes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The path of the cell.
    pub path: String,
    /// The text, or the number of it that the cell takes.
    pub raw: String,
    /// The row of the table, from 1.
    pub row: usize,
    /// The column of the table, from 1.
    pub column: usize,
}

/// A text of a pasted table that goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The text.
    pub raw: String,
    /// The row of the table, from 1.
    pub row: usize,
    /// The column of the table, from 1.
    pub column: usize,
    /// Why.
    pub why: String,
}

/// Where the texts of a pasted table go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GridPlan {
    /// The texts with a cell, row by row; of two texts for one cell the first one has it.
    pub placed: Vec<Placed>,
    /// The other texts that hold something.
    pub left: Vec<Unplaced>,
}

/// Finds the cells for the texts of a table.
///
/// `rows` may be of any lengths. `at` is the path of the selected cell, which says what the table does not. Empty texts and dashes are
/// passed over.
pub fn place_grid(form: &Form, rows: &[Vec<String>], at: Option<&str>) -> GridPlan {
    let cells = form.cells();
    let here = at.and_then(|path| cells.iter().position(|cell| cell.path == path));
    let table = Table { form, cells: &cells, here, rows, has_arms: false, has_outcomes: false };
    table.by_headings().unwrap_or_else(|| table.by_position())
}

/// Finds the cells for the texts of a table that is pasted into a table of the screen.
///
/// `places` has the paths from the selected cell on, row by row, `None` where no cell is. Headings go before position as in
/// [`place_grid`]; without any the table takes these places as it stands, else, where only that fits, with rows and columns exchanged.
pub fn place_in(form: &Form, rows: &[Vec<String>], places: &[Vec<Option<String>>]) -> GridPlan {
    let cells = form.cells();
    let at = places.first().and_then(|row| row.first()).and_then(Option::as_deref);
    let here = at.and_then(|path| cells.iter().position(|cell| cell.path == path));
    let table = Table { form, cells: &cells, here, rows, has_arms: false, has_outcomes: false };
    table.by_headings().unwrap_or_else(|| table.by_shape(places))
}

/// Returns the table with rows and columns exchanged.
pub fn turned(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..columns).map(|column| rows.iter().map(|row| row.get(column).cloned().unwrap_or_default()).collect()).collect()
}

struct Table<'a> {
    form: &'a Form,
    cells: &'a [CellSpec],
    here: Option<usize>,
    rows: &'a [Vec<String>],
    /// Whether some heading names an arm.
    has_arms: bool,
    /// Whether some heading names an outcome.
    has_outcomes: bool,
}

/// Tells whether a text stands for nothing.
fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "\u{2013}" | "\u{2014}" | "." | "\u{2026}")
}

/// Tells whether a text is a number, or begins with one.
fn is_numeric(text: &str) -> bool {
    text.trim().trim_start_matches(['(', '[', '<', '-', '\u{2212}', '+']).starts_with(|c: char| c.is_ascii_digit())
}

impl Table<'_> {
    fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", |text| text.trim())
    }

    /// Goes by the headings of columns and rows; `None` where neither says anything.
    fn by_headings(&self) -> Option<GridPlan> {
        let reader = Reader::new(self.form);
        let is_words = |row: usize| (0..self.width()).all(|column| !is_numeric(self.text(row, column)));
        let heads = (0..self.rows.len().min(3)).take_while(|&row| is_words(row)).count();
        let heads = if heads == self.rows.len() { heads.saturating_sub(1) } else { heads };
        let is_label = |column: usize| {
            let texts = (heads..self.rows.len()).map(|row| self.text(row, column));
            let mut found = texts.filter(|text| !is_blank(text)).peekable();
            found.peek().is_some() && found.all(|text| !is_numeric(text))
        };
        let labels = (0..self.width()).take_while(|&column| is_label(column) && column + 1 < self.width()).count();
        let columns = self.headings(&reader, heads, labels..self.width(), |line, at| self.text(line, at));
        let rows = self.headings(&reader, labels, heads..self.rows.len(), |line, at| self.text(at, line));
        if columns.iter().chain(&rows).all(Heading::says_nothing) {
            return None;
        }
        // Where one heading names an arm or an outcome, one that does not is not about the selected one.
        let names = |says: fn(&Heading) -> bool| columns.iter().chain(&rows).any(says);
        let table =
            Table { has_arms: names(|heading| heading.arm.is_some()), has_outcomes: names(|heading| heading.outcome.is_some()), ..*self };
        let mut plan = GridPlan::default();
        for (row, of_row) in (heads..self.rows.len()).zip(&rows) {
            for (column, of_column) in (labels..self.width()).zip(&columns) {
                let raw = self.text(row, column);
                if !is_blank(raw) {
                    table.place(&mut plan, (row, column), raw, &of_row.with(of_column));
                }
            }
        }
        Some(plan)
    }

    /// Reads the headings over columns, or before rows: `lines` of them, each of which fills the gaps that another one leaves. A line
    /// that is not the last one spans what follows it ("Ketamine" over n, mean and SD).
    fn headings<'a>(
        &self,
        reader: &Reader<'_>,
        lines: usize,
        places: std::ops::Range<usize>,
        text: impl Fn(usize, usize) -> &'a str,
    ) -> Vec<Heading> {
        let mut found = vec![Heading::default(); places.len()];
        for line in 0..lines {
            let mut last = Heading::default();
            for (heading, at) in found.iter_mut().zip(places.clone()) {
                let words = text(line, at);
                if !is_blank(words) || line + 1 == lines {
                    last = reader.read(words);
                }
                *heading = last.with(heading);
            }
        }
        for (heading, at) in found.iter_mut().zip(places) {
            let words = (0..lines).map(|line| text(line, at)).find(|words| !is_blank(words));
            heading.unknown = words.filter(|_| heading.says_nothing()).map(str::to_owned);
        }
        found
    }

    fn place(&self, plan: &mut GridPlan, (row, column): (usize, usize), raw: &str, heading: &Heading) {
        match self.cells_of(raw, heading) {
            Ok(found) => {
                for (path, raw) in found {
                    self.put(plan, (row, column), path, raw);
                }
            }
            Err(why) => plan.left.push(Unplaced { raw: raw.to_owned(), row: row + 1, column: column + 1, why }),
        }
    }

    fn put(&self, plan: &mut GridPlan, (row, column): (usize, usize), path: String, raw: String) {
        let (row, column) = (row + 1, column + 1);
        if plan.placed.iter().any(|known| known.path == path) {
            plan.left.push(Unplaced { raw, row, column, why: "another text of the table goes into the same cell".to_owned() });
        } else {
            plan.placed.push(Placed { path, raw, row, column });
        }
    }

    /// Returns the cells for one text with what each of them takes.
    fn cells_of(&self, raw: &str, heading: &Heading) -> Result<Vec<(String, String)>, String> {
        if let Some(words) = &heading.unknown {
            return Err(format!("\"{words}\" names nothing of the form"));
        }
        if let Some(field) = heading.field.as_ref().and_then(|id| self.form.field(id)) {
            return match (field.scope, self.arm(heading)) {
                (Scope::Study, _) => Ok(vec![(field.id.clone(), raw.to_owned())]),
                (Scope::Arm, Some(arm)) => Ok(vec![(format!("arm.{arm}.{}", field.id), raw.to_owned())]),
                (Scope::Arm, None) => Err("the table does not say which arm it is of".to_owned()),
            };
        }
        let (outcome, timepoint) = self.point(heading)?;
        let arm = self.arm(heading).ok_or("the table does not say which arm it is of")?;
        let accepted = outcome.parts();
        let parts = if heading.parts.is_empty() { shape_of(raw, outcome) } else { heading.parts.clone() };
        let path = |part| outcome_path(&outcome.id, timepoint, &arm, part);
        match &parts[..] {
            [] => Err("the table does not say which number it is".to_owned()),
            [part] if accepted.contains(part) => Ok(vec![(path(*part), raw.to_owned())]),
            parts => {
                let numbers = numbers_in(raw);
                if numbers.len() != parts.len() {
                    return Err(format!("{} numbers are expected, found {}", parts.len(), numbers.len()));
                }
                let fits: Vec<_> =
                    parts.iter().zip(numbers).filter(|(part, _)| accepted.contains(part)).map(|(part, raw)| (path(*part), raw)).collect();
                if fits.is_empty() { Err("the form does not ask for this number".to_owned()) } else { Ok(fits) }
            }
        }
    }

    /// The outcome and the time point: of the heading, else of the selected cell, else the only one.
    fn point<'a>(&'a self, heading: &Heading) -> Result<(&'a Outcome, &'a str), String> {
        let selected = self.here.and_then(|at| match &self.cells[at].place {
            CellPlace::Outcome { outcome, timepoint, .. } => Some((outcome.as_str(), timepoint.as_str())),
            _ => None,
        });
        let only = |outcomes: &'a [Outcome]| if let [outcome] = outcomes { Some(outcome) } else { None };
        let by_default = || selected.map(|(outcome, _)| outcome).filter(|_| !self.has_outcomes);
        let named = heading.outcome.as_deref().or_else(by_default).and_then(|id| self.form.outcome(id));
        let outcome = named
            .or_else(|| only(&self.form.outcomes).filter(|_| !self.has_outcomes))
            .ok_or("the table does not say which outcome it is of")?;
        let of_selected = selected.filter(|(id, _)| *id == outcome.id).map(|(_, timepoint)| timepoint);
        let wanted = heading.timepoint.as_deref().filter(|id| outcome.timepoint(id).is_some()).or(of_selected);
        let timepoint = match (&outcome.timepoints[..], wanted) {
            (all, Some(id)) => all.iter().find(|timepoint| timepoint.id == id),
            ([timepoint], None) => Some(timepoint),
            _ => None,
        };
        let timepoint = timepoint.ok_or_else(|| format!("the table does not say at which time {} was measured", outcome.label))?;
        Ok((outcome, &timepoint.id))
    }

    /// The arm: of the heading, else that of the selected cell where only the kind of number varies, else the only one.
    fn arm(&self, heading: &Heading) -> Option<String> {
        let selected = || self.here.filter(|_| !self.has_arms).and_then(|at| self.cells[at].place.arm().map(str::to_owned));
        let only = || if let [arm] = &self.form.arms[..] { Some(arm.id.clone()) } else { None };
        heading.arm.clone().or_else(only).or_else(selected)
    }

    /// Goes by position from the selected cell on.
    fn by_position(&self) -> GridPlan {
        let mut plan = GridPlan::default();
        let texts = || (0..self.rows.len()).flat_map(|row| (0..self.width()).map(move |column| (row, column)));
        let Some(here) = self.here else {
            let why = "the table has no headings; select the cell into which its first number goes";
            for (row, column) in texts().filter(|&(row, column)| !is_blank(self.text(row, column))) {
                let raw = self.text(row, column).to_owned();
                plan.left.push(Unplaced { raw, row: row + 1, column: column + 1, why: why.to_owned() });
            }
            return plan;
        };
        let place = self.layout(here);
        for (row, column) in texts().filter(|&(row, column)| !is_blank(self.text(row, column))) {
            let raw = self.text(row, column).to_owned();
            match place(row, column) {
                Some(path) => self.put(&mut plan, (row, column), path, raw),
                None => {
                    let why = "the table is larger than what follows the selected cell".to_owned();
                    plan.left.push(Unplaced { raw, row: row + 1, column: column + 1, why });
                }
            }
        }
        plan
    }

    /// Returns which cell each place of the table stands for.
    fn layout(&self, here: usize) -> Box<dyn Fn(usize, usize) -> Option<String> + '_> {
        let (height, width) = (self.rows.len(), self.width());
        let follows = move |at: usize| self.cells.get(here + at).map(|cell| cell.path.clone());
        let CellPlace::Outcome { outcome, timepoint, arm, part } = &self.cells[here].place else {
            return Box::new(move |row, column| follows(row * width + column));
        };
        let parts = self.form.outcome(outcome).map(Outcome::parts).unwrap_or_default();
        let first_part = parts.iter().position(|known| known == part).unwrap_or(0);
        let first_arm = self.form.arms.iter().position(|known| known.id == *arm).unwrap_or(0);
        let (free_parts, free_arms) = (parts.len() - first_part, self.form.arms.len() - first_arm);
        let number = move |at_arm: usize, at_part: usize| {
            let (arm, part) = (self.form.arms.get(first_arm + at_arm)?, parts.get(first_part + at_part)?);
            Some(outcome_path(outcome, timepoint, &arm.id, *part))
        };
        if height <= free_arms && width <= free_parts {
            return Box::new(number);
        }
        if height <= free_parts && width <= free_arms {
            return Box::new(move |row, column| number(column, row));
        }
        Box::new(move |row, column| follows(row * width + column))
    }
}

/// Guesses what the numbers of a text are from how they are written: "27.9 (18.2)" is a mean with its standard deviation.
fn shape_of(raw: &str, outcome: &Outcome) -> Vec<OutcomePart> {
    let (numbers, accepted) = (numbers_in(raw).len(), outcome.parts());
    let all = |parts: &[OutcomePart]| if parts.iter().all(|part| accepted.contains(part)) { parts.to_vec() } else { Vec::new() };
    match (outcome.kind, numbers) {
        (OutcomeKind::Continuous, 2) if raw.contains(['(', '\u{b1}']) || raw.contains("+/-") => all(&[OutcomePart::Mean, OutcomePart::Sd]),
        (OutcomeKind::Dichotomous, 2) if raw.contains('/') || raw.contains(" of ") => all(&[OutcomePart::Events, OutcomePart::N]),
        (OutcomeKind::Dichotomous, 1) if raw.trim_end().ends_with('%') => all(&[OutcomePart::Percent]),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
