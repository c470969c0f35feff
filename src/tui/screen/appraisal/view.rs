//! The drawing of the list, of one's own appraisal, and of two side by side.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Appraisal, Mode, Row};
use crate::app::appraise::{AppraisalLine, AppraisalView, ComparedJudgement, DomainView, JudgementView};
use crate::tui::screen::Cx;
use crate::tui::screen::parts::draw_line;
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::text::{Piece, StyledLine, count, paint, wrap};

/// The rows of the box about the selected row.
pub(super) const ABOUT: u16 = 7;

/// Returns the row of an appraisal in the list.
pub(super) fn line_row(line: &AppraisalLine) -> Vec<Piece> {
    let (mine, role) = match (line.is_mine_submitted, line.my_answers) {
        (true, _) => ("+ in", Role::Success),
        (false, 0) => ("- empty", Role::Muted),
        _ => ("~ open", Role::Pending),
    };
    let open = if line.open > 0 { (count(line.open), Role::Warning) } else { (String::new(), Role::Muted) };
    vec![
        (line.label.clone(), Role::Text),
        (line.title.clone(), Role::Muted),
        (format!("{}/{}", line.submitted, line.required), Role::Muted),
        (mine.to_owned(), role),
        open,
        (line.overall.clone().unwrap_or_default(), Role::Text),
        (line.result_label.clone(), Role::Muted),
    ]
}

/// Returns the rows of one's own appraisal: each domain before its questions.
pub(super) fn rows_of(own: &AppraisalView) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, domain) in own.domains.iter().enumerate() {
        rows.push(Row::Domain(at));
        rows.extend((0..domain.questions.len()).map(|question| Row::Question(at, question)));
    }
    rows
}

fn judged(judgement: &JudgementView) -> String {
    format!("{} {}", judgement.sign, judgement.label)
}

/// Returns the line of a domain or a question.
pub(super) fn own_row(own: &AppraisalView, row: Row) -> Vec<Piece> {
    match row {
        Row::Domain(at) => {
            let domain = &own.domains[at];
            let (answer, role) = match (&domain.judged, domain.is_overridden) {
                (Some(judgement), true) => (format!("{} *", judged(judgement)), Role::Warning),
                (Some(judgement), false) => (judged(judgement), Role::Accent),
                (None, _) => ("-".to_owned(), Role::Muted),
            };
            vec![(domain.id.to_uppercase(), Role::Heading), (answer, role), (domain.title.clone(), Role::Heading)]
        }
        Row::Question(at, question) => {
            let question = &own.domains[at].questions[question];
            let (answer, role) = match (&question.answer, question.is_asked) {
                (_, Some(false)) => ("not asked".to_owned(), Role::Muted),
                (Some(answer), _) => (answer.clone(), Role::Text),
                (None, _) => ("-".to_owned(), Role::Pending),
            };
            let text = if question.is_asked == Some(false) { Role::Muted } else { Role::Text };
            vec![(format!("  {}", question.id), Role::Muted), (answer, role), (question.text.clone(), text)]
        }
    }
}

/// Returns the line of two judgements.
pub(super) fn compared_row(item: &ComparedJudgement) -> Vec<Piece> {
    let value = |text: &Option<String>| (text.clone().unwrap_or_else(|| "-".to_owned()), Role::Text);
    let agreed = match &item.agreed {
        Some(agreed) => (agreed.clone(), Role::Success),
        None => ("open".to_owned(), Role::Warning),
    };
    vec![(item.item.to_uppercase(), Role::Heading), value(&item.a), value(&item.b), agreed, (item.title.clone(), Role::Text)]
}

impl Appraisal {
    /// Draws what the mode shows, or says what to do where there is nothing.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        if let Some(why) = &self.nothing {
            let next = format!("Press {} to go to the extraction.", key("go.extraction"));
            return draw_empty(frame, area, cx.theme, why, &next);
        }
        if self.lines.is_empty() {
            let next =
                "The form plans appraisals by [[appraisal]], for example with instrument = \"rob2\"; studies need an included report.";
            return draw_empty(frame, area, cx.theme, "No appraisal is planned yet.", next);
        }
        draw_line(frame, area, cx, &self.head());
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let upper = Rect { height: body.height.saturating_sub(ABOUT), ..body };
        let lower = Rect { y: upper.bottom(), height: body.height - upper.height, ..body };
        let (title, about) = match self.mode {
            Mode::List => return self.list.view(frame, body, cx.theme, true),
            Mode::Own => {
                self.own_table.view(frame, upper, cx.theme, true);
                self.about_own(usize::from(lower.width.saturating_sub(4)))
            }
            Mode::Compared => {
                self.compared_table.view(frame, upper, cx.theme, true);
                self.about_compared(usize::from(lower.width.saturating_sub(4)))
            }
        };
        let inner = draw_box(frame, lower, cx.theme, &title, false);
        for (line, y) in about.iter().zip(inner.y..inner.bottom()) {
            frame.render_widget(paint(line, cx.theme), Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), y, height: 1 });
        }
    }

    fn head(&self) -> StyledLine {
        let Some(line) = self.line() else { return StyledLine::new() };
        if self.mode == Mode::List {
            let mine = self.lines.iter().filter(|line| line.is_mine_submitted).count();
            let open: usize = self.lines.iter().map(|line| line.open).sum();
            let appraisals =
                if self.lines.len() == 1 { "1 appraisal".to_owned() } else { format!("{} appraisals", count(self.lines.len())) };
            return vec![
                (appraisals, Role::Heading),
                (format!(" · yours: {} handed in · {} to settle", count(mine), count(open)), Role::Text),
            ];
        }
        let mut head = vec![(line.label.clone(), Role::Heading), (format!(" · {}", line.title), Role::Text)];
        if !line.result_label.is_empty() {
            head.push((format!(" · {}", line.result_label), Role::Text));
        }
        match (self.mode, self.shown(), self.shown_comparison()) {
            (Mode::Own, Some(own), _) => {
                let (state, role) =
                    if line.is_mine_submitted { (" · + handed in, locked", Role::Success) } else { (" · ~ open", Role::Pending) };
                head.push((state.to_owned(), role));
                if let Some((given, most)) = own.stars {
                    head.push((format!(" · {given} of {most} stars"), Role::Accent));
                }
            }
            (Mode::Compared, _, Some(compared)) => {
                head.push((format!(" · A is {}, B is {} · {} open", compared.a, compared.b, count(line.open)), Role::Text));
            }
            _ => {}
        }
        head
    }

    fn about_own(&self, room: usize) -> (String, Vec<StyledLine>) {
        let (Some(own), Some(row)) = (self.shown(), self.row()) else { return (String::new(), Vec::new()) };
        let mut lines = Vec::new();
        match row {
            Row::Domain(at) => {
                let domain = &own.domains[at];
                lines.extend(wrap(&[(proposal(domain), Role::Text)], room));
                if let Some(support) = &domain.support {
                    lines.extend(wrap(&[("Support: ".to_owned(), Role::Muted), (support.clone(), Role::Text)], room));
                }
                (domain.title.clone(), lines)
            }
            Row::Question(at, question) => {
                let domain = &own.domains[at];
                let question = &domain.questions[question];
                let numbered: Vec<String> =
                    question.answers.iter().enumerate().map(|(at, answer)| format!("{} {answer}", at + 1)).collect();
                lines.extend(wrap(&[("Answers: ".to_owned(), Role::Muted), (numbered.join("  "), Role::Text)], room));
                let place = question.page.as_ref().map(|page| format!("{page}: ")).unwrap_or_default();
                if let Some(support) = &question.support {
                    lines.extend(wrap(&[("Support: ".to_owned(), Role::Muted), (format!("{place}{support}"), Role::Text)], room));
                }
                lines.extend(wrap(&[(format!("{}: {}", domain.id.to_uppercase(), proposal(domain)), Role::Muted)], room));
                (format!("{} {}", question.id, question.text), lines)
            }
        }
    }

    fn about_compared(&self, room: usize) -> (String, Vec<StyledLine>) {
        let Some(item) = self.judgement() else { return (String::new(), Vec::new()) };
        let mut lines = Vec::new();
        for (who, value, support) in [("A", &item.a, &item.a_support), ("B", &item.b, &item.b_support)] {
            let support = support.as_ref().map(|support| format!(": {support}")).unwrap_or_default();
            let value = value.clone().unwrap_or_else(|| "no judgement".to_owned());
            lines.extend(wrap(&[(format!("{who} "), Role::Muted), (format!("{value}{support}"), Role::Text)], room));
        }
        if let Some(settled) = &item.settled {
            lines.extend(wrap(&[("Settled by ".to_owned(), Role::Muted), (settled.clone(), Role::Text)], room));
        }
        (item.title.clone(), lines)
    }
}

/// Says what the table proposes for a domain, and what counts.
fn proposal(domain: &DomainView) -> String {
    let own = match (&domain.judged, domain.is_overridden) {
        (Some(judgement), true) => format!("; you judge {} (a reason is needed)", judgement.label),
        _ => String::new(),
    };
    match (&domain.proposed, &domain.waits_for, &domain.judged) {
        (Some(proposed), ..) => format!("The answers propose {}{own}.", proposed.label),
        (None, Some(question), _) => format!("What is proposed waits for {question}."),
        (None, None, Some(judged)) => format!("You judge {}.", judged.label),
        (None, None, None) if domain.questions.is_empty() => "Judge at once: nothing is proposed here.".to_owned(),
        (None, None, None) => "A list of answers; there is no judgement of the whole.".to_owned(),
    }
}
