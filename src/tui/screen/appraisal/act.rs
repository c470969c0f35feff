//! Answering, judging, handing in, and agreeing.

use super::{Appraisal, Mode, Row};
use crate::app::Request;
use crate::app::appraise::{DomainView, QuestionView};
use crate::tui::app_port::AppPort;
use crate::tui::effect::Effect;
use crate::tui::message::Call;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::screen::parts::{ask, tell};

/// The value of a picker that takes the answer away.
const NONE: &str = "";

impl Appraisal {
    /// Carries out a command; what a command needs to be told is asked for first.
    pub(super) fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let moved = match self.mode {
            Mode::List => self.list.command(call.id),
            Mode::Own => self.own_table.command(call.id),
            Mode::Compared => self.compared_table.command(call.id),
        };
        if moved {
            return Vec::new();
        }
        match call.id {
            "appraisal.open" => self.show(Mode::Own),
            "appraisal.list" => self.show(Mode::List),
            "appraisal.compare" => match self.line() {
                Some(line) if line.submitted < line.required => {
                    vec![tell(format!("{} of {} appraisals are handed in; they are compared when all are.", line.submitted, line.required))]
                }
                _ => self.show(Mode::Compared),
            },
            "appraisal.next" => self.step("move.down"),
            "appraisal.previous" => self.step("move.up"),
            "appraisal.answer" => self.answer(call),
            "appraisal.answer_nth" => self.answer_nth(&call),
            "appraisal.support" => self.support(call),
            "appraisal.submit" => self.of().cloned().map(|of| Effect::Run(Request::SubmitAppraisal(of))).into_iter().collect(),
            "appraisal.withdraw" => self.of().cloned().map(|of| Effect::Run(Request::WithdrawAppraisal(of))).into_iter().collect(),
            "appraisal.agree" => self.agree(call),
            _ => Vec::new(),
        }
    }

    fn show(&mut self, mode: Mode) -> Vec<Effect<AppPort>> {
        self.mode = if self.line().is_some() { mode } else { Mode::List };
        self.load()
    }

    fn step(&mut self, command: &str) -> Vec<Effect<AppPort>> {
        self.list.command(command);
        self.load()
    }

    fn selected(&self) -> Option<(&DomainView, Option<&QuestionView>)> {
        let own = self.shown()?;
        match self.row()? {
            Row::Domain(at) => Some((own.domains.get(at)?, None)),
            Row::Question(at, question) => {
                let domain = own.domains.get(at)?;
                Some((domain, domain.questions.get(question)))
            }
        }
    }

    /// What the selected row can be answered with: (value, label).
    fn options(&self) -> Vec<(String, String)> {
        let (Some(own), Some((domain, question))) = (self.shown(), self.selected()) else { return Vec::new() };
        match question {
            Some(question) => question.answers.iter().map(|answer| (answer.clone(), answer.clone())).collect(),
            // A checklist has answers and no judgement.
            None if !domain.questions.is_empty() && domain.proposed.is_none() && domain.waits_for.is_none() && domain.judged.is_none() => {
                Vec::new()
            }
            None => own.judgements.iter().map(|judgement| (judgement.id.clone(), judgement.label.clone())).collect(),
        }
    }

    fn answer(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        if let Some(value) = call.args.first() {
            return self.give(&value.clone());
        }
        let options = self.options();
        if options.is_empty() {
            return vec![tell("The questions of this list are answered one by one; there is no judgement of the whole.")];
        }
        let Some((domain, question)) = self.selected() else { return Vec::new() };
        let (title, now) = match question {
            Some(question) => (format!("{} {}", question.id, question.text), question.answer.clone()),
            None => (format!("Judge {}", domain.title), domain.judged.as_ref().map(|judged| judged.id.clone())),
        };
        let mut choices: Vec<Choice> = options.into_iter().map(|(value, label)| Choice { value, label, detail: String::new() }).collect();
        choices.push(Choice { value: NONE.to_owned(), label: "take the answer away".to_owned(), detail: String::new() });
        let picker = Picker::new(title, choices, call).starting_at(now.as_deref().unwrap_or_default());
        vec![Effect::Open(Box::new(Overlay::Picker(picker)))]
    }

    fn answer_nth(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        // A digit is pressed in haste: where a domain has questions it answers those, and Enter judges the domain.
        if self.selected().is_some_and(|(domain, question)| question.is_none() && !domain.questions.is_empty()) {
            return vec![tell("Digits answer questions; Enter judges the domain.")];
        }
        let nth = call.args.first().and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
        match nth.checked_sub(1).and_then(|at| self.options().into_iter().nth(at)) {
            Some((value, _)) => self.give(&value),
            None => vec![tell("There is no such answer here; Enter lists them.")],
        }
    }

    /// Gives an answer, keeps what supports it, and goes on to the next row.
    fn give(&mut self, value: &str) -> Vec<Effect<AppPort>> {
        let (Some(of), Some((domain, question))) = (self.of().cloned(), self.selected()) else { return Vec::new() };
        let (item, support, page) = match question {
            Some(question) => (question.id.clone(), question.support.clone(), question.page.clone()),
            None => (domain.id.clone(), domain.support.clone(), None),
        };
        let answer = Some(value.to_owned()).filter(|value| value != NONE);
        let goes_on = answer.is_some() && question.is_some();
        self.said = Some(match &answer {
            Some(answer) => format!("{item}: {answer}."),
            None => format!("{item} is open again."),
        });
        if goes_on {
            self.go_on();
        }
        vec![Effect::Run(Request::AnswerAppraisal { of, item, answer, support, page })]
    }

    /// Goes on to the next question that is asked.
    fn go_on(&mut self) {
        let Some(at) = self.own_table.selected() else { return };
        let is_asked = |row: &Row| match (row, self.own.as_deref()) {
            (Row::Question(domain, question), Some(own)) => own.domains[*domain].questions[*question].is_asked != Some(false),
            _ => false,
        };
        if let Some(next) = self.rows.iter().enumerate().skip(at + 1).find(|(_, row)| is_asked(row)).map(|(at, _)| at) {
            self.own_table.select(next);
        }
    }

    fn support(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let (Some(of), Some((domain, question))) = (self.of().cloned(), self.selected()) else { return Vec::new() };
        let (item, answer, support, page) = match question {
            Some(question) => (question.id.clone(), question.answer.clone(), question.support.clone(), question.page.clone()),
            None => (domain.id.clone(), domain.judged.as_ref().map(|judged| judged.id.clone()), domain.support.clone(), None),
        };
        if answer.is_none() {
            return vec![tell("Answer first; the words that support it go with the answer.")];
        }
        match &call.args[..] {
            [support, page] => {
                self.said = Some(format!("{item}: support noted."));
                vec![Effect::Run(Request::AnswerAppraisal { of, item, answer, support: Some(support.clone()), page: Some(page.clone()) })]
            }
            _ => {
                let questions = vec![
                    Question::area("What supports it", &support.unwrap_or_default()),
                    Question::line("Page", &page.unwrap_or_default()),
                ];
                vec![ask(format!("{item}: support"), questions, call)]
            }
        }
    }

    fn agree(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        let (Some(of), Some(item)) = (self.of().cloned(), self.judgement().cloned()) else { return Vec::new() };
        match &call.args[..] {
            [judgement, rationale] => {
                self.said = Some(format!("Agreed on {}.", item.item));
                vec![Effect::Run(Request::AgreeJudgement {
                    of,
                    item: item.item.clone(),
                    judgement: judgement.clone(),
                    rationale: rationale.clone(),
                })]
            }
            _ => {
                let mut options: Vec<(String, String)> = self
                    .own
                    .as_deref()
                    .map(|own| own.judgements.iter().map(|judgement| (judgement.id.clone(), judgement.label.clone())).collect())
                    .unwrap_or_default();
                if options.is_empty() {
                    options = [&item.a, &item.b].into_iter().flatten().map(|answer| (answer.clone(), answer.clone())).collect();
                }
                let questions = vec![Question::choice("Judgement", options), Question::area("Why", "").required()];
                vec![ask(format!("{}: agree", item.title), questions, call)]
            }
        }
    }
}
