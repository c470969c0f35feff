//! What can be done about the selected conflict.

use super::Conflicts;
use crate::app::{MarkChange, Request};
use crate::domain::decision::{Stage, Verdict};
use crate::domain::ids::RecordId;
use crate::domain::mark::Star;
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::Question;
use crate::tui::screen::parts::{ask, pick_reason, short, tell, verdict_words};

/// How many earlier reasons are at hand.
const MOST_SAID: usize = 20;

impl Conflicts {
    /// Carries out a command on the selected conflict; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        match call.id {
            "conflict.stage" => {
                self.next_list();
                self.view.table.select(0);
                self.show(None)
            }
            "conflict.next" => {
                self.view.table.command("move.down");
                self.arrive()
            }
            "conflict.previous" => {
                self.view.table.command("move.up");
                self.arrive()
            }
            "conflict.later" => self.put_off(),
            "conflict.include" => self.settle(call, Verdict::Include),
            "conflict.ongoing" if self.stage() == Stage::FullText => self.settle(call, Verdict::Ongoing),
            "conflict.awaiting" if self.stage() == Stage::FullText => self.settle(call, Verdict::Awaiting),
            "conflict.ongoing" | "conflict.awaiting" => vec![tell("A conflict about a title is settled as include or exclude.")],
            "conflict.exclude" => self.exclude(call),
            "conflict.confirm" => self.confirm(call),
            _ => Vec::new(),
        }
    }

    /// Puts the selected conflict off to be discussed later and goes on to the next, or takes it back into its place.
    fn put_off(&mut self) -> Vec<Effect<AppPort>> {
        let Some(conflict) = self.selected() else { return Vec::new() };
        let (record, is_set) = (conflict.line.record, !conflict.is_later);
        self.under_way = Some((record.to_string(), format!("“{}”", short(&conflict.line.title))));
        self.wanted = if is_set { self.neighbour() } else { None };
        vec![Effect::Run(Request::Mark { record, changes: vec![MarkChange::Star(Star::DiscussLater, is_set)] })]
    }

    /// Returns the conflict after the selected one; none where it is the last.
    fn neighbour(&self) -> Option<RecordId> {
        let next = self.view.table.selected()? + 1;
        self.list(self.shown).get(next).map(|conflict| conflict.line.record)
    }

    fn settle(&mut self, call: Call, verdict: Verdict) -> Vec<Effect<AppPort>> {
        match call.args.first().cloned() {
            Some(why) => self.resolve(verdict, None, why),
            None => vec![self.ask_why(&format!("Settle as {}", verdict_words(verdict).1), "", call)],
        }
    }

    /// Excludes: at full text with a reason of the list, at title and abstract without; always with the why in words.
    fn exclude(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let needs_reason = self.stage() == Stage::FullText;
        match (&call.args[..], needs_reason) {
            ([reason, why], _) => self.resolve(Verdict::Exclude, Some(reason.clone()).filter(|reason| !reason.is_empty()), why.clone()),
            ([], true) => {
                let reasons = self.setup.as_ref().map_or(&[][..], |setup| &setup.reasons[..]);
                vec![pick_reason("Settle as exclude: the first reason that applies", reasons, call)]
            }
            ([], false) => vec![self.ask_why("Settle as exclude", "", call.arg(""))],
            _ => vec![self.ask_why("Settle as exclude", "", call)],
        }
    }

    /// Says the same as the other person, which settles a conflict under the rule of consensus.
    fn confirm(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let Some(conflict) = self.selected() else { return Vec::new() };
        let me = self.me.as_deref();
        let Some(said) = conflict.resolutions.iter().rev().find(|said| Some(said.reviewer.as_str()) != me).cloned() else {
            return vec![tell("Nobody else has said yet how to settle it; say it yourself.")];
        };
        match call.args.first().cloned() {
            Some(why) => self.resolve(said.verdict, said.reason, why),
            None => {
                let title = format!("Confirm what {} said: {}", said.reviewer, verdict_words(said.verdict).1);
                vec![self.ask_why(&title, "Agreed.", call)]
            }
        }
    }

    fn resolve(&mut self, verdict: Verdict, reason: Option<String>, rationale: String) -> Vec<Effect<AppPort>> {
        let Some(conflict) = self.selected() else { return Vec::new() };
        let record = conflict.line.record;
        self.under_way = Some((record.to_string(), format!("“{}”", short(&conflict.line.title))));
        self.wanted = self.neighbour();
        self.said.retain(|said| *said != rationale);
        self.said.insert(0, rationale.clone());
        self.said.truncate(MOST_SAID);
        vec![Effect::Run(Request::Resolve { stage: self.stage(), record, verdict, reason, rationale })]
    }

    /// Asks for the reason in words; what was said before in this sitting is at hand.
    fn ask_why(&self, title: &str, proposed: &str, call: Call) -> Effect<AppPort> {
        ask(title, vec![Question::area("Why is it decided so?", proposed).required().with_earlier(&self.said)], call)
    }
}
