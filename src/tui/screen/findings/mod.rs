//! The certainty of the evidence: every analysis with its absolute effect and its level, and the ratings behind the selected one.

mod card;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::parts::{ListAndCard, Moved, ask, tell};
use super::{Cx, Screen};
use crate::app::Request;
use crate::app::certainty::{FindingView, Findings, MOST_FINDINGS};
use crate::domain::certainty::CertaintyItem;
use crate::domain::change::ChangeSet;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::Effect;
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::mouse::Under;
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::theme::Role;
use crate::tui::widget::panel::draw_empty;
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{Piece, StyledLine, count};

/// The screen of the summary of findings.
#[derive(Debug)]
pub struct FindingsScreen {
    view: ListAndCard,
    found: Option<Result<Box<Findings>, String>>,
}

impl Default for FindingsScreen {
    fn default() -> Self {
        let columns = vec![Column::fixed("No.", 5), Column::number("k", 3), Column::fixed("Certainty", 15), Column::rest("Outcome")];
        Self { view: ListAndCard::new(columns), found: None }
    }
}

impl FindingsScreen {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows(&self) -> &[FindingView] {
        match &self.found {
            Some(Ok(found)) => &found.rows,
            _ => &[],
        }
    }

    fn selected(&self) -> Option<&FindingView> {
        self.view.table.selected().and_then(|at| self.rows().get(at))
    }

    fn take(&mut self, found: Result<Box<Findings>, String>) {
        let wanted = self.selected().map(|row| row.analysis.clone());
        self.found = Some(found);
        let rows = self.rows().iter().map(row).collect();
        self.view.table.set_rows(rows);
        let same = self.rows().iter().position(|row| Some(&row.analysis) == wanted.as_ref());
        self.view.table.select(same.unwrap_or(0));
        self.write_card(same.is_none());
    }

    fn write_card(&mut self, is_new: bool) {
        let room = self.view.room();
        let lines = self.selected().map(|row| card::lines(row, room)).unwrap_or_default();
        if is_new { self.view.set_card(lines) } else { self.view.rewrite_card(lines) }
    }

    fn act(&mut self, call: Call) -> Vec<Effect<AppPort>> {
        match self.view.command(call.id) {
            Moved::Row => {
                self.write_card(true);
                return Vec::new();
            }
            Moved::Card => return Vec::new(),
            Moved::No => {}
        }
        let Some(finding) = self.selected() else { return Vec::new() };
        let rate = |item: CertaintyItem, rating: &str, explanation: &str| {
            let (rating, explanation) = (rating.to_owned(), explanation.to_owned());
            vec![Effect::Run(Request::Rate { analysis: finding.analysis.clone(), item, rating, explanation })]
        };
        match (call.id, call.args.as_slice()) {
            ("finding.rate", args) => rate_by_steps(finding, args, &call, &rate),
            ("finding.baseline", [risk, why, ..]) => rate(CertaintyItem::BaselineRisk, risk, why),
            ("finding.baseline", _) => match &finding.baseline {
                None => vec![tell("The outcome is a mean; it has no risk with the comparator.")],
                Some(baseline) => {
                    let now = format!("{:.0}", baseline.per_1000);
                    let questions = vec![
                        Question::line(
                            "Of 1000 people with the comparator, how many have the event? Empty: the median of the studies",
                            &now,
                        ),
                        Question::line("Where the number comes from", ""),
                    ];
                    vec![ask("Risk with the comparator", questions, call)]
                }
            },
            ("finding.comment", [text, ..]) => rate(CertaintyItem::Comment, text, ""),
            ("finding.comment", _) => {
                vec![ask("Comment", vec![Question::area("What the table says beside the numbers", &finding.comment)], call)]
            }
            _ => Vec::new(),
        }
    }

    fn head(&self) -> StyledLine {
        let rows = self.rows();
        let rated = rows.iter().filter(|row| row.certainty.is_some()).count();
        let mut head = vec![(format!("{} of {} rated", count(rated), count(rows.len())), Role::Heading)];
        if rows.len() > MOST_FINDINGS {
            head.push((format!(" · a table has at most {MOST_FINDINGS} outcomes"), Role::Warning));
        }
        head.push((" · the program suggests, people rate".to_owned(), Role::Muted));
        head
    }
}

/// Asks for domain, rating and, where it moves the level, the reason; then rates.
fn rate_by_steps(
    finding: &FindingView,
    args: &[String],
    call: &Call,
    rate: &impl Fn(CertaintyItem, &str, &str) -> Vec<Effect<AppPort>>,
) -> Vec<Effect<AppPort>> {
    let item = args.first().and_then(|word| word.parse::<CertaintyItem>().ok());
    match (item, args.get(1), args.get(2)) {
        (None, ..) => vec![pick_item(finding, call.clone())],
        (Some(item), None, _) => vec![pick_rating(finding, item, call.clone())],
        (Some(item), Some(rating), why) => match (item.rating(rating), why) {
            (Some(known), None) if known.levels != 0 => {
                let concern = finding.suggestions.iter().find(|seen| seen.item == item && seen.is_concern);
                let proposed = concern.map(|seen| seen.text.as_str()).unwrap_or_default();
                let title = format!("{}: {}", super::parts::capital(item.label()), known.label);
                let question = Question::area("Why? Readers see it as a footnote", proposed).required();
                vec![ask(title, vec![question], call.clone())]
            }
            _ => rate(item, rating, why.map(String::as_str).unwrap_or_default()),
        },
    }
}

fn pick_item(finding: &FindingView, call: Call) -> Effect<AppPort> {
    let choices = finding.ratings.iter().map(|rated| Choice {
        value: rated.item.to_string(),
        label: super::parts::capital(rated.label),
        detail: rated.rating_label.clone(),
    });
    let first_open = finding.ratings.iter().find(|rated| rated.rating.is_none()).map(|rated| rated.item.to_string());
    let picker = Picker::new("Rate which domain?", choices.collect(), call).starting_at(&first_open.unwrap_or_default());
    Effect::Open(Box::new(Overlay::Picker(picker)))
}

fn pick_rating(finding: &FindingView, item: CertaintyItem, call: Call) -> Effect<AppPort> {
    let choices = item.ratings().iter().map(|rating| Choice {
        value: rating.id.to_owned(),
        label: super::parts::capital(rating.label),
        detail: if rating.levels == 0 { String::new() } else { format!("{:+}", rating.levels) },
    });
    let now = finding.ratings.iter().find(|rated| rated.item == item).and_then(|rated| rated.rating.clone()).unwrap_or_default();
    let picker = Picker::new(super::parts::capital(item.label()), choices.collect(), call).starting_at(&now);
    Effect::Open(Box::new(Overlay::Picker(picker)))
}

fn row(finding: &FindingView) -> Vec<Piece> {
    let (certainty, role) = match finding.certainty {
        Some(_) => (finding.certainty_text(), Role::Text),
        None => ("not rated".to_owned(), Role::Muted),
    };
    vec![
        (finding.analysis.clone(), Role::Muted),
        (finding.studies.to_string(), Role::Text),
        (certainty, role),
        (finding.what(), Role::Text),
    ]
}

impl Screen<AppPort> for FindingsScreen {
    fn name(&self) -> &'static str {
        "findings"
    }

    fn title(&self) -> &'static str {
        "Findings"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => self.act(call),
            ScreenMsg::Loaded(Data::Findings(found)) => {
                self.take(found);
                Vec::new()
            }
            ScreenMsg::Resized => {
                self.view.resize(cx.body);
                self.write_card(false);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::VOTES, ChangeSet::GROUPS, ChangeSet::STUDIES, ChangeSet::EXTRACTION, ChangeSet::SETTINGS];
        let is_concerned = concerned.into_iter().any(|part| change.touches(part));
        if is_concerned { vec![Effect::Load(Query::Findings)] } else { Vec::new() }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        match &self.found {
            None => {}
            Some(Err(why)) => {
                let next = format!("Press {} to go to the extraction, where a form is taken into use.", key("go.extraction"));
                draw_empty(frame, area, cx.theme, why, &next);
            }
            Some(Ok(found)) if found.rows.is_empty() => {
                let next = "[[analysis]] in the form plans what is pooled.";
                draw_empty(frame, area, cx.theme, "The form plans no analyses.", next);
            }
            Some(Ok(_)) => {
                let title = self.selected().map(|row| format!("{} {}", row.analysis, row.title)).unwrap_or_default();
                self.view.view(frame, area, cx, &self.head(), &title);
            }
        }
    }

    fn under(&self, at: Position, cx: &Cx) -> Under {
        self.view.under(at, cx.body)
    }

    fn context(&self) -> KeyContext {
        let has_rows = !self.rows().is_empty();
        KeyContext::new().with_if(has_rows, "list").with_if(has_rows, "panes").with_if(self.selected().is_some(), "has:analysis")
    }
}
