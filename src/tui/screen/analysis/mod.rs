//! The analyses: forest and funnel plot, every number behind them, and the way back from a number to report and page.

mod comparison;
mod numbers;
mod plot;
mod trace;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::parts::{ask, draw_line, save_figure};
use super::{Cx, Screen};
use crate::app::query::StudyLine;
use crate::app::{AnalysisResult, FigureKind, Request};
use crate::domain::analysis::AnalysisSpec;
use crate::domain::change::ChangeSet;
use crate::domain::ids::StudyId;
use crate::tui::app_port::{AppPort, Data, Query};
use crate::tui::effect::{Effect, Notice};
use crate::tui::keymap::KeyContext;
use crate::tui::message::{Call, ScreenMsg};
use crate::tui::overlay::{Choice, Overlay, Picker, Question};
use crate::tui::theme::Role;
use crate::tui::widget::panel::{draw_box, draw_empty};
use crate::tui::widget::scroll::Scroll;
use crate::tui::widget::text::StyledLine;

/// From how many rows on the numbers stand below the plot.
const BOTH: u16 = 40;

/// The screen.
#[derive(Debug)]
pub struct Analysis {
    specs: Vec<AnalysisSpec>,
    is_loaded: bool,
    at: usize,
    result: Option<Box<AnalysisResult>>,
    kind: Kind,
    /// The studies of the plot in its order, and the selected one.
    labels: Vec<String>,
    selected: usize,
    figure: Scroll,
    numbers: Scroll,
    /// The studies of the review, for the titles of their reports.
    studies: Vec<StudyLine>,
    area: Rect,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Forest,
    Funnel,
    Numbers,
    Comparison,
}

impl Default for Analysis {
    fn default() -> Self {
        Self::new()
    }
}

impl Analysis {
    /// Makes the screen, before anything is loaded.
    pub fn new() -> Self {
        Self {
            specs: Vec::new(),
            is_loaded: false,
            at: 0,
            result: None,
            kind: Kind::Forest,
            labels: Vec::new(),
            selected: 0,
            figure: Scroll::default(),
            numbers: Scroll::default(),
            studies: Vec::new(),
            area: Rect::default(),
        }
    }

    fn spec(&self) -> Option<&AnalysisSpec> {
        self.specs.get(self.at)
    }

    fn shown(&self) -> Option<&AnalysisResult> {
        let spec = self.spec()?;
        self.result.as_deref().filter(|result| result.spec.id == spec.id)
    }

    fn study(&self) -> Option<&str> {
        self.labels.get(self.selected).map(String::as_str)
    }

    fn load(&self) -> Vec<Effect<AppPort>> {
        self.spec().map(|spec| Effect::Load(Query::Analysis(spec.id.clone()))).into_iter().collect()
    }

    fn take_specs(&mut self, specs: Vec<AnalysisSpec>) -> Vec<Effect<AppPort>> {
        let wanted = self.spec().map(|spec| spec.id.clone());
        self.specs = specs;
        self.at = self.specs.iter().position(|spec| Some(&spec.id) == wanted.as_ref()).unwrap_or(0);
        self.is_loaded = true;
        self.load()
    }

    fn take_result(&mut self, result: Box<AnalysisResult>) {
        let study = self.study().map(str::to_owned);
        let is_other = self.result.as_ref().is_none_or(|old| old.spec.id != result.spec.id);
        self.labels = plot::labels(&result);
        self.selected = self.labels.iter().position(|label| Some(label) == study.as_ref()).unwrap_or(0);
        self.result = Some(result);
        if is_other {
            (self.figure, self.numbers) = (Scroll::default(), Scroll::default());
        }
        self.write();
    }

    /// Returns the places of the figure and of the numbers below it, if there is room for both.
    fn places(&self, area: Rect) -> (Rect, Option<Rect>) {
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if area.height < BOTH || matches!(self.kind, Kind::Numbers | Kind::Comparison) {
            return (body, None);
        }
        let wanted = u16::try_from(self.figure.lines().len()).unwrap_or(u16::MAX);
        let rows = wanted.saturating_add(1).clamp(8, body.height - 12);
        (Rect { height: rows, ..body }, Some(Rect { y: body.y + rows, height: body.height - rows, ..body }))
    }

    /// Draws figure and numbers anew for the size of the screen.
    fn write(&mut self) {
        let room = self.area.width.saturating_sub(2);
        let Some(result) = self.shown() else { return };
        let figure = match self.kind {
            Kind::Funnel => plot::funnel_lines(result, room),
            _ => plot::forest_lines(result, self.study(), room),
        };
        let width = usize::from(room.saturating_sub(2));
        let numbers = if self.kind == Kind::Comparison { comparison::lines(result, width) } else { numbers::lines(result, width) };
        self.figure.rewrap(figure);
        self.numbers.rewrap(numbers);
        let (figure, numbers) = self.places(self.area);
        self.figure.set_height(figure.height);
        let height = numbers.map_or(self.area.height.saturating_sub(1), |place| place.height.saturating_sub(2));
        self.numbers.set_height(height);
    }

    /// Tells whether the rows of the shown figure can be selected.
    fn has_rows(&self) -> bool {
        self.kind == Kind::Forest && !self.labels.is_empty()
    }

    /// Selects a study of the forest plot and moves the plot so that it is visible.
    fn mark(&mut self, at: usize) -> Vec<Effect<AppPort>> {
        self.selected = at;
        self.write();
        if let Some(line) = self.figure.lines().iter().position(plot::is_marked) {
            self.figure.show(line);
        }
        Vec::new()
    }

    /// Returns the line above the figure: what is shown, what it warns of, and the selected study.
    fn head(&self, spec: &AnalysisSpec, result: &AnalysisResult, cx: &Cx) -> StyledLine {
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        let what = match self.kind {
            Kind::Forest => "forest plot".to_owned(),
            Kind::Funnel => "funnel plot".to_owned(),
            Kind::Numbers => format!("{} {}", spec.id, spec.title),
            Kind::Comparison => format!("{} under three conventions", spec.id),
        };
        let mut head = vec![(format!("Analysis {} of {}", self.at + 1, self.specs.len()), Role::Heading)];
        let warnings = result.pooled.as_ref().map_or(0, |pooled| pooled.warnings.len());
        let counted = [(warnings, "warnings"), (result.left_out.len(), "left out")];
        let told: Vec<String> = counted.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        if !told.is_empty() {
            head.push((format!(" · ! {} ({})", told.join(", "), key("analyse.details")), Role::Warning));
        }
        head.push((format!(" · {what}"), Role::Text));
        if let Some(study) = self.study().filter(|_| self.kind == Kind::Forest) {
            head.push((format!(" · ▸ {study} "), Role::Accent));
            head.push((format!("({} traces)", key("analyse.trace")), Role::Hint));
        }
        head
    }

    fn go_to(&mut self, at: usize) -> Vec<Effect<AppPort>> {
        self.at = at;
        self.load()
    }

    fn act(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        let last = self.specs.len().saturating_sub(1);
        match call.id {
            "analyse.next" => return self.go_to((self.at + 1).min(last)),
            "analyse.previous" => return self.go_to(self.at.saturating_sub(1)),
            "analyse.list" => return self.choose(call),
            "analyse.run" => {
                let mut effects = self.load();
                effects.push(Effect::Notice(Notice::info("Pooled again from the values agreed on so far.")));
                return effects;
            }
            "analyse.details" => {
                self.kind = if self.kind == Kind::Numbers { Kind::Forest } else { Kind::Numbers };
                self.numbers = Scroll::default();
            }
            "analyse.compare" => {
                self.kind = if self.kind == Kind::Comparison { Kind::Forest } else { Kind::Comparison };
                self.numbers = Scroll::default();
            }
            "plot.kind" => self.kind = if self.kind == Kind::Forest { Kind::Funnel } else { Kind::Forest },
            "plot.save" => return self.save(call),
            "analyse.exclude" => return self.exclude(call),
            "analyse.trace" => {
                let study = self.study().map(|label| Effect::Load(Query::Comparison(StudyId::from(label))));
                return study.into_iter().collect();
            }
            "move.up" if self.has_rows() => return self.mark(self.selected.saturating_sub(1)),
            "move.down" if self.has_rows() => return self.mark((self.selected + 1).min(self.labels.len() - 1)),
            id => {
                let has_both = self.places(self.area).1.is_some();
                let text =
                    if matches!(self.kind, Kind::Numbers | Kind::Comparison) || has_both { &mut self.numbers } else { &mut self.figure };
                text.command(id);
                return Vec::new();
            }
        }
        self.write();
        Vec::new()
    }

    /// Leaves the selected study out, after asking why.
    fn exclude(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let (Some(spec), Some(label)) = (self.spec(), self.study()) else { return Vec::new() };
        match call.args.first() {
            Some(reason) => {
                vec![Effect::Run(Request::ExcludeStudy { analysis: spec.id.clone(), study: StudyId::from(label), reason: reason.clone() })]
            }
            None => {
                let question = Question::line("Why it is left out of this analysis", "").required();
                vec![ask(format!("Leave {label} out of {}", spec.id), vec![question], call.clone())]
            }
        }
    }

    /// Lists the analyses to choose from.
    fn choose(&mut self, call: &Call) -> Vec<Effect<AppPort>> {
        if let Some(at) = call.args.first().and_then(|id| self.specs.iter().position(|spec| spec.id == *id)) {
            return self.go_to(at);
        }
        let choice = |spec: &AnalysisSpec| Choice {
            value: spec.id.clone(),
            label: format!("{} {}", spec.id, spec.title),
            detail: format!("{}, {} effects", spec.measure, spec.model),
        };
        let picker = Picker::new("Which analysis?", self.specs.iter().map(choice).collect(), call.clone());
        let at = self.spec().map(|spec| spec.id.clone()).unwrap_or_default();
        vec![Effect::Open(Box::new(Overlay::Picker(picker.starting_at(&at))))]
    }

    fn save(&self, call: &Call) -> Vec<Effect<AppPort>> {
        let Some(spec) = self.spec() else { return Vec::new() };
        let id = spec.id.clone();
        match self.kind {
            Kind::Funnel => save_figure(call, &format!("funnel-{id}.svg"), FigureKind::Funnel(id)),
            _ => save_figure(call, &format!("forest-{id}.svg"), FigureKind::Forest(id)),
        }
    }
}

impl Screen<AppPort> for Analysis {
    fn name(&self) -> &'static str {
        "analysis"
    }

    fn title(&self) -> &'static str {
        "Analysis"
    }

    fn update(&mut self, msg: ScreenMsg<AppPort>, cx: &Cx) -> Vec<Effect<AppPort>> {
        match msg {
            ScreenMsg::Command(call) => self.act(&call),
            ScreenMsg::Loaded(Data::Analyses(specs)) => self.take_specs(specs),
            ScreenMsg::Loaded(Data::Analysis(result)) => {
                self.take_result(result);
                Vec::new()
            }
            ScreenMsg::Loaded(Data::Studies(studies, _)) => {
                self.studies = studies;
                Vec::new()
            }
            ScreenMsg::Loaded(Data::Comparison(comparison)) => {
                let study = self.studies.iter().find(|study| study.study == comparison.study);
                let page = self.shown().and_then(|result| trace::page(result, &comparison, study));
                page.map(|page| Effect::Open(Box::new(Overlay::Page(page)))).into_iter().collect()
            }
            ScreenMsg::Loaded(Data::SavedFigure(path)) => vec![Effect::Notice(Notice::info(format!("Saved as {}.", path.display())))],
            ScreenMsg::Resized => {
                self.area = cx.body;
                self.write();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn reload(&mut self, change: ChangeSet, _cx: &Cx) -> Vec<Effect<AppPort>> {
        let concerned = [ChangeSet::RECORDS, ChangeSet::GROUPS, ChangeSet::VOTES, ChangeSet::STUDIES, ChangeSet::EXTRACTION];
        if concerned.into_iter().any(|part| change.touches(part)) {
            vec![Effect::Load(Query::Studies), Effect::Load(Query::Analyses)]
        } else {
            Vec::new()
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, cx: &Cx) {
        if !self.is_loaded {
            return;
        }
        let key = |id: &str| cx.keymap.keys_of(id).into_iter().next().unwrap_or_default();
        let Some(spec) = self.spec() else {
            let next = format!("Analyses are written in the extraction form. Press {} to go to the extraction.", key("go.extraction"));
            return draw_empty(frame, area, cx.theme, "The review has no analysis yet.", &next);
        };
        let Some(result) = self.shown() else { return };
        draw_line(frame, area, cx, &self.head(spec, result, cx));
        let (figure, numbers) = self.places(area);
        if matches!(self.kind, Kind::Numbers | Kind::Comparison) {
            self.numbers.view(frame, Rect { x: figure.x + 1, width: figure.width - 1, ..figure }, cx.theme);
            return;
        }
        if let Err(error) = &result.pooled {
            let place = Rect { height: figure.height.min(12), ..figure };
            let next = format!("Values enter once both extractors agree on them: press {} for the consensus.", key("go.consensus"));
            draw_empty(frame, place, cx.theme, &crate::tui::app_port::sentence(error), &next);
        } else {
            self.figure.view(frame, Rect { x: figure.x + 1, width: figure.width - 1, ..figure }, cx.theme);
        }
        if let Some(place) = numbers {
            let inner = draw_box(frame, place, cx.theme, "Numbers and methods", false);
            self.numbers.view(frame, Rect { x: inner.x + 1, width: inner.width - 1, ..inner }, cx.theme);
        }
    }

    fn context(&self) -> KeyContext {
        let has_result = self.shown().is_some_and(|result| result.pooled.is_ok());
        KeyContext::new()
            .with_if(!self.specs.is_empty(), "list")
            .with_if(!self.specs.is_empty(), "has:analysis")
            .with_if(has_result, "has:figure")
            .with_if(self.study().is_some(), "has:study")
    }
}
