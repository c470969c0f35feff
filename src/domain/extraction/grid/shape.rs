//! A table without headings that goes into a table of the screen, cell by cell.

use super::super::super::form::{CellPlace, Outcome, OutcomePart};
use super::{GridPlan, Table, Unplaced, is_blank, numbers_in, shape_of, turned};

impl Table<'_> {
    /// Goes by the places of the table on the screen, the selected one first.
    ///
    /// A text that holds two numbers ("27.9 (18.2)") takes the two places that ask for these. What lies outside is left.
    pub(super) fn by_shape(&self, places: &[Vec<Option<String>>]) -> GridPlan {
        let widest = places.iter().map(Vec::len).max().unwrap_or(0);
        let fits = |rows: usize, columns: usize| rows <= places.len() && columns <= widest;
        if !fits(self.rows.len(), self.spans(places).iter().sum()) && fits(self.width(), self.rows.len()) {
            let rows = turned(self.rows);
            let mut plan = Table { rows: &rows, ..*self }.in_places(places);
            let places = plan.placed.iter_mut().map(|text| (&mut text.row, &mut text.column));
            let places = places.chain(plan.left.iter_mut().map(|text| (&mut text.row, &mut text.column)));
            places.for_each(|(row, column)| std::mem::swap(row, column));
            return plan;
        }
        self.in_places(places)
    }

    fn in_places(&self, places: &[Vec<Option<String>>]) -> GridPlan {
        let spans = self.spans(places);
        let mut plan = GridPlan::default();
        for row in 0..self.rows.len() {
            let mut first = 0;
            for (column, span) in spans.iter().enumerate() {
                let raw = self.text(row, column);
                if !is_blank(raw) {
                    self.put_in(&mut plan, (row, column), raw, places.get(row).map_or(&[][..], |row| &row[..]), first);
                }
                first += span;
            }
        }
        plan
    }

    fn put_in(&self, plan: &mut GridPlan, at: (usize, usize), raw: &str, row: &[Option<String>], first: usize) {
        if let Some(found) = self.parts_from(raw, row, first) {
            for (path, raw) in found {
                self.put(plan, at, path, raw);
            }
            return;
        }
        match row.get(first) {
            Some(Some(path)) => self.put(plan, at, path.clone(), raw.to_owned()),
            other => {
                let why = if other.is_some() { "the form does not ask for it" } else { "it lies outside the table on the screen" };
                plan.left.push(Unplaced { raw: raw.to_owned(), row: at.0 + 1, column: at.1 + 1, why: why.to_owned() });
            }
        }
    }

    /// How many places each column takes: as many as a text of it has numbers that the places ask for.
    fn spans(&self, places: &[Vec<Option<String>>]) -> Vec<usize> {
        let mut first = 0;
        let span = |column: usize| {
            let of_row = |(row, places): (usize, &Vec<Option<String>>)| {
                self.parts_from(self.text(row, column), places, first).map_or(1, |found| found.len())
            };
            let widest = places.iter().enumerate().map(of_row).max().unwrap_or(1);
            first += widest;
            widest
        };
        (0..self.width()).map(span).collect()
    }

    /// Takes a text of several numbers apart, where the places from `first` on ask for these, in this order.
    fn parts_from(&self, raw: &str, row: &[Option<String>], first: usize) -> Option<Vec<(String, String)>> {
        let (outcome, _) = self.number_at(row.get(first)?.as_deref()?)?;
        let parts = shape_of(raw, outcome);
        if parts.len() < 2 {
            return None;
        }
        let places = row.get(first..first + parts.len())?;
        let paths: Vec<&String> = places.iter().flatten().collect();
        let asks = |(path, part): (&&String, &OutcomePart)| self.number_at(path).is_some_and(|(_, known)| known == *part);
        let is_asked = paths.len() == parts.len() && paths.iter().zip(&parts).all(asks);
        is_asked.then(|| paths.into_iter().cloned().zip(numbers_in(raw)).collect())
    }

    /// Returns outcome and number of a cell, where it holds a number of an outcome.
    fn number_at(&self, path: &str) -> Option<(&Outcome, OutcomePart)> {
        match &self.cells.iter().find(|cell| cell.path == path)?.place {
            CellPlace::Outcome { outcome, part, .. } => Some((self.form.outcome(outcome)?, *part)),
            _ => None,
        }
    }
}
