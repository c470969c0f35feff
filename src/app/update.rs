//! Beginning an update of the review: what is imported from then on belongs to it.

use crate::domain::cycle::Cycle;
use crate::domain::operation::{OpKind, Row};

use super::error::{Error, Result};
use super::request::Reply;
use super::workspace::{Change, Workspace};

impl Workspace {
    /// Begins an update. The label, where none is given, is "Update" with its number.
    pub(super) fn start_update(&mut self, label: &str, studies_before: u32, reports_before: u32) -> Result<Reply> {
        let now = self.state.cycle();
        let is_empty = !self.state.batches().any(|batch| self.state.cycle_of_batch(batch.id) == now);
        let has_history = now > 1 || studies_before == 0;
        if is_empty && has_history {
            let what =
                if now == 1 { "the review has no records yet".to_owned() } else { format!("{} has no imports yet", self.cycle_label(now)) };
            let hint = if now == 1 {
                "import the searches of the first version, or say with --studies-before and --reports-before what it included"
            } else {
                "import its searches first"
            };
            return Err(Error::blocked(format!("{what}: there is nothing to update")).hint(hint));
        }
        if (studies_before == 0) != (reports_before == 0) || reports_before < studies_before {
            let given = format!("{studies_before} studies and {reports_before} reports of earlier versions cannot be");
            return Err(Error::user(format!("{given}: every included study has at least one report"))
                .hint("give both numbers, as the earlier version's flow diagram has them"));
        }
        let number = now + 1;
        let label = match label.trim() {
            "" => format!("Update {}", number - 1),
            given => given.to_owned(),
        };
        if self.state.updates().iter().any(|update| update.label.eq_ignore_ascii_case(&label)) {
            return Err(Error::user(format!("an update is called \"{label}\" already")).hint("give it another name"));
        }
        let what = format!("began {label}; imports belong to it from now on");
        self.transact(Change::new(OpKind::Setup, what, vec![Row::Cycle(Cycle { number, label, studies_before, reports_before })]))
    }

    /// Returns what people call a cycle.
    pub(super) fn cycle_label(&self, cycle: u32) -> String {
        let updates = self.state.updates();
        let found = updates.into_iter().find(|update| update.number == cycle);
        found.map_or_else(|| "First version".to_owned(), |update| update.label.clone())
    }
}
