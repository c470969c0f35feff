//! Commands of the screening screen.

use super::{STAGE, Screening, queue_label};
use super::{filter, pages};
use crate::app::query::Queue;
use crate::app::{Request, VoteEntry};
use crate::domain::decision::Verdict;
use crate::domain::mark::Star;
use crate::domain::order::ScreeningOrder;
use crate::domain::report::RemovalKind;
use crate::tui::app_port::{AppPort, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::message::Call;
use crate::tui::overlay::{Ask, Choice, Overlay, Picker, Question};
use crate::tui::screen::Cx;
use crate::tui::widget::text::{counted, cut};

/// The queues in the order of the list.
const QUEUES: [Queue; 9] = [
    Queue::Undecided,
    Queue::Mine,
    Queue::MyInclude,
    Queue::Maybe,
    Queue::Conflict,
    Queue::Included,
    Queue::Excluded,
    Queue::All,
    Queue::Batch,
];

impl Screening {
    /// Carries out a command.
    pub(super) fn command(&mut self, call: &Call, cx: &Cx) -> Vec<Effect<AppPort>> {
        match call.id {
            "screen.include" => self.vote(Verdict::Include, None),
            "screen.maybe" => self.vote(Verdict::Maybe, None),
            "screen.exclude" => self.vote(Verdict::Exclude, None),
            "screen.exclude_because" => match call.args.first() {
                Some(reason) => self.vote(Verdict::Exclude, Some(reason.clone())),
                None => self.ask_reason(call),
            },
            "screen.skip" => {
                self.desk.next();
                self.load_shown()
            }
            "screen.back" => {
                if self.desk.back() {
                    self.load_shown()
                } else {
                    tell("This is the first record.")
                }
            }
            "screen.open_link" => self.open_link(call),
            "screen.copy" => self.copy(call),
            "screen.words" => self.change_words(call),
            "screen.note" => self.take_note(call),
            "screen.tag" => self.take_tag(call),
            "screen.key_paper" => self.take_star(Star::KeyPaper),
            "screen.reference_list" => self.take_star(Star::ReferenceList),
            "screen.filter" => self.filter(call),
            "screen.jump" => match call.args.first() {
                Some(name) => self.jump(name.trim()),
                None => {
                    let known = "Number in this list, name, FILE#N, doi:... or pmid:...";
                    ask("Go to record", vec![Question::line(known, "").required()], call)
                }
            },
            "screen.raw" => self.desk.current().map(|record| Effect::Load(Query::Raw(record))).into_iter().collect(),
            "screen.remove" => self.remove(call),
            "screen.list" => {
                self.is_list = !self.is_list;
                self.set_sizes(cx.body);
                self.load_shown()
            }
            "screen.order" => self.order(call),
            "screen.batch" => match call.args.first().map(|size| size.trim().parse::<usize>()) {
                Some(Ok(size)) => vec![Effect::Run(Request::TakeBatch(size))],
                Some(Err(_)) => vec![Effect::Notice(Notice::warning("A batch has so many records: write a number."))],
                None => ask("Next batch", vec![Question::line("How many records; 0 ends the batch", "50").required()], call),
            },
            "screen.highlight" => {
                self.is_highlighted = !self.is_highlighted;
                self.set_card(cx.body, true);
                Vec::new()
            }
            "screen.criteria" => self.setup.iter().map(|setup| pages::criteria(setup)).collect(),
            "screen.stats" => vec![pages::progress(&self.progress, self.me(cx).as_deref(), self.desk_view.as_ref())],
            "screen.agreement" => vec![Effect::Load(Query::Agreement(STAGE))],
            "search" => match call.args.first() {
                Some(words) if words.trim().is_empty() => self.clear_filter(),
                Some(words) => self.choose(self.desk.queue(), Some(words.clone())),
                None => self.type_filter(cx),
            },
            "search.clear" if self.typing.is_some() => self.leave_filter(cx),
            "search.clear" if self.desk.words().is_some() => self.clear_filter(),
            "search.help" => vec![filter::help()],
            id => self.move_by(id),
        }
    }

    fn move_by(&mut self, id: &str) -> Vec<Effect<AppPort>> {
        if self.is_list {
            if self.table.command(id) {
                self.desk.open(self.table.selected().unwrap_or(0));
                return self.load_shown();
            }
            return Vec::new();
        }
        self.card.command(id);
        Vec::new()
    }

    /// Goes to a record by its number in the list, or by its name.
    fn jump(&mut self, name: &str) -> Vec<Effect<AppPort>> {
        match name.parse::<usize>() {
            Ok(number) if (1..=self.desk.records().len()).contains(&number) => {
                self.desk.open(number - 1);
                self.load_shown()
            }
            // four digits and more may be the beginning of a name
            Ok(_) if name.len() < 4 => {
                let records = counted(self.desk.records().len(), "record");
                vec![Effect::Notice(Notice::warning(format!("This list has {records}; there is no number {name}.")))]
            }
            _ => vec![Effect::Load(Query::FindRecord(name.to_owned()))],
        }
    }

    fn vote(&mut self, verdict: Verdict, reason: Option<String>) -> Vec<Effect<AppPort>> {
        let (Some(record), Some(unit)) = (self.desk.current(), &self.unit) else { return Vec::new() };
        if unit.card.record != record && !unit.card.members.iter().any(|member| member.record == record) {
            // The record is still being loaded; a vote must be on what was read.
            return Vec::new();
        }
        let note = unit.mine.as_ref().and_then(|mine| mine.note.clone());
        let because = reason.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
        self.desk.vote(Notice::done(format!("{}{because}: {}", capital(verdict), cut(&unit.card.citation.title, 40))));
        let vote = VoteEntry { record, verdict, reason, note, milliseconds: None };
        let mut effects = vec![Effect::Run(Request::Vote { stage: STAGE, votes: vec![vote] })];
        effects.extend(self.load_shown());
        effects
    }

    fn ask_reason(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let reasons = self.setup.as_ref().map(|setup| setup.reasons.as_slice()).unwrap_or_default();
        if reasons.is_empty() {
            return tell("The review has no exclusion reasons yet; the setup (g e) adds them.");
        }
        let choices =
            reasons.iter().map(|reason| Choice { value: reason.code.clone(), label: reason.label.clone(), detail: reason.code.clone() });
        vec![Effect::Open(Box::new(Overlay::Picker(Picker::new("Why exclude?", choices.collect(), call.clone()))))]
    }

    fn filter(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        match call.args.first().and_then(|name| name.parse::<Queue>().ok()) {
            Some(queue) => self.choose(queue, None),
            None => {
                let choices =
                    QUEUES.map(|queue| Choice { value: queue.to_string(), label: capital(queue_label(queue)), detail: String::new() });
                let picker = Picker::new("Which records?", choices.to_vec(), call.clone()).starting_at(&self.desk.queue().to_string());
                vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
            }
        }
    }

    fn order(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let set = |desk: &mut super::desk::Desk, order: &str, seed| {
            desk.start_over();
            vec![Effect::Run(Request::SetOrder { order: order.to_owned(), seed })]
        };
        match call.args.as_slice() {
            [] => {
                let choice = |word: &&str| Choice {
                    value: (*word).to_owned(),
                    label: match word.parse::<ScreeningOrder>() {
                        Ok(order) => capital(order.label()),
                        Err(_) => "In random order, by a new seed".to_owned(),
                    },
                    detail: String::new(),
                };
                let now = self.desk_view.as_ref().map_or("import", |view| view.order);
                let choices = ScreeningOrder::WORDS.iter().map(choice).collect();
                let picker = Picker::new("Which order?", choices, call.clone()).starting_at(now);
                vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
            }
            [order] => set(&mut self.desk, order, None),
            [order, seed, ..] => match seed.trim().parse() {
                Ok(seed) => set(&mut self.desk, order, Some(seed)),
                Err(_) => vec![Effect::Notice(Notice::warning("A seed is a number."))],
            },
        }
    }

    pub(super) fn choose(&mut self, queue: Queue, words: Option<String>) -> Vec<Effect<AppPort>> {
        self.desk.choose(queue, words);
        vec![self.load_queue()]
    }

    fn remove(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(record) = self.desk.current() else { return Vec::new() };
        match call.args.as_slice() {
            [kind, reason, ..] => {
                let kind = kind.parse().unwrap_or(RemovalKind::Other);
                vec![Effect::Run(Request::Remove { record, kind, reason: reason.clone() })]
            }
            _ => {
                let option = |kind: RemovalKind, label: &str| (kind.to_string(), label.to_owned());
                let kinds = vec![
                    option(RemovalKind::Other, "removed for another reason"),
                    option(RemovalKind::Automation, "marked as ineligible by an automation tool"),
                    option(RemovalKind::Restored, "put back into screening"),
                ];
                ask("Remove before screening", vec![Question::choice("How", kinds), Question::line("Why", "")], call)
            }
        }
    }

    /// Returns the short name of the acting reviewer, as the header shows it at its end ("Ada Bell (AB)").
    fn me(&self, cx: &Cx) -> Option<String> {
        let (_, rest) = cx.header.reviewer.rsplit_once('(')?;
        Some(rest.trim_end_matches(')').to_owned())
    }
}

fn capital(word: impl ToString) -> String {
    let word = word.to_string();
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub(super) fn tell(text: &str) -> Vec<Effect<AppPort>> {
    vec![Effect::Notice(Notice::info(text))]
}

pub(super) fn ask(title: &str, questions: Vec<Question>, call: &Call) -> Vec<Effect<AppPort>> {
    vec![Effect::Open(Box::new(Overlay::Ask(Ask::new(title, questions, call.clone()))))]
}
