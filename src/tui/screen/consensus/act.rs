//! Agreeing on the selected cell, and going on to the next.

use super::{Consensus, Row};
use crate::app::Request;
use crate::domain::value::{ValueError, parse_value};
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::Question;
use crate::tui::screen::parts::{ask, tell};

impl Consensus {
    /// Carries out a command; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "consensus.next" => self.go_to((self.at + 1).min(self.studies.len().saturating_sub(1))),
            "consensus.previous" => self.go_to(self.at.saturating_sub(1)),
            "consensus.next_open" => self.next_open(),
            "consensus.filter" => {
                self.is_open_only = !self.is_open_only;
                let path = self.cell().map(|cell| cell.path.clone());
                self.list(path);
                Vec::new()
            }
            "consensus.agreement" => vec![Effect::Load(Query::ExtractionAgreement)],
            "consensus.take_a" => self.take("a", call),
            "consensus.take_b" => self.take("b", call),
            "consensus.other" => self.take_other(call),
            _ => Vec::new(),
        }
    }

    fn go_to(&mut self, at: usize) -> Vec<Effect<AppPort>> {
        self.at = at;
        self.load()
    }

    /// Returns the next open cell of the list after the selected one, from the beginning once the end is reached.
    fn next_open_path(&self) -> Option<String> {
        let at = self.view.table.selected()?;
        let comparison = self.shown()?;
        let places = (at + 1..self.rows.len()).chain(0..at);
        places.filter_map(|at| self.rows.get(at)).find_map(|row| match row {
            Row::Cell(cell) => comparison.cells.get(*cell).filter(|cell| cell.how.is_none()).map(|cell| cell.path.clone()),
            Row::Heading(_) => None,
        })
    }

    /// Goes to the next open cell: of this study, else of the next study that has one.
    fn next_open(&mut self) -> Vec<Effect<AppPort>> {
        if let Some(path) = self.next_open_path() {
            self.list(Some(path));
            return Vec::new();
        }
        let places = (self.at + 1..self.studies.len()).chain(0..self.at);
        match places.into_iter().find(|at| self.studies[*at].open_cells > 0) {
            Some(at) => self.go_to(at),
            None => vec![tell("No other value is open.")],
        }
    }

    fn take(&mut self, side: &str, call: Call) -> Vec<Effect<AppPort>> {
        let (Some(comparison), Some(cell)) = (self.shown(), self.cell()) else { return Vec::new() };
        let (who, value) = if side == "a" { (&comparison.a, &cell.a) } else { (&comparison.b, &cell.b) };
        match call.args.first().cloned() {
            Some(why) => self.agree(side, why),
            None => {
                let value = value.as_deref().map_or_else(|| "leave it empty".to_owned(), |value| format!("take “{value}”"));
                vec![ask(format!("{}: {value}, as {who}", cell.label), vec![why("")], call)]
            }
        }
    }

    /// Takes a third value; one that does not fit its cell is asked for again.
    fn take_other(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(cell) = self.cell() else { return Vec::new() };
        let open = |value: &str, reason: &str| {
            let questions = vec![Question::line("Value (nothing leaves the cell empty)", value), why(reason)];
            ask(format!("{}: another value", cell.label), questions, Call::new("consensus.other"))
        };
        let [value, reason] = &call.args[..] else { return vec![open("", "")] };
        let wrong = cell.spec.as_ref().and_then(|spec| parse_value(spec, value).err()).filter(|error| *error != ValueError::Empty);
        match wrong {
            Some(error) => vec![open(value, reason), tell(crate::tui::app_port::sentence(&error.to_string()))],
            None if matches!(value.trim(), "a" | "A" | "b" | "B") => vec![tell("Take A or B by their keys.")],
            None => self.agree(&value.clone(), reason.clone()),
        }
    }

    fn agree(&mut self, choice: &str, rationale: String) -> Vec<Effect<AppPort>> {
        let (Some(comparison), Some(cell)) = (self.shown(), self.cell()) else { return Vec::new() };
        let value = match choice {
            "a" => cell.a.clone().unwrap_or_default(),
            "b" => cell.b.clone().unwrap_or_default(),
            other => other.to_owned(),
        };
        let value = if value.is_empty() { "left empty".to_owned() } else { value };
        let (study, path) = (comparison.study.clone(), cell.path.clone());
        let said = format!("Agreed: {} is {value}.", cell.label);
        (self.said, self.wanted) = (Some(said), self.next_open_path());
        vec![Effect::Run(Request::Agree { study, path, choice: choice.to_owned(), rationale })]
    }
}

fn why(proposed: &str) -> Question {
    Question::area("Why? Where does it come from?", proposed).required()
}
