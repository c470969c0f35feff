//! From what happened to the new state and what should happen: no input, no output, no clock.

use ratatui::layout::Size;

use super::effect::{Effect, Notice, NoticeKind, Wish};
use super::keymap::{Condition, Key, KeyContext, Resolved};
use super::message::{Address, Call, Msg, ScreenMsg};
use super::model::{Model, NOTICE_TICKS};
use super::overlay::{Confirm, Jobs, Overlay, Page, Palette, ProblemBox, Reaction};
use super::port::{Finished, JobId, Port, Problem, Weight};
use super::screen::JobView;
use crate::app::command;

/// The wishes that the runtime has to carry out, each with the one who gets the answer.
pub type Wishes<P> = Vec<(Address, Wish<P>)>;

impl<P: Port> Model<P> {
    /// Takes in what happened and returns what the runtime has to carry out.
    pub fn update(&mut self, msg: Msg<P>) -> Wishes<P> {
        let mut wishes = Wishes::new();
        match msg {
            Msg::Key(key) => self.key(key, &mut wishes),
            Msg::Mouse(mouse) => self.mouse(mouse, &mut wishes),
            Msg::Paste(text) => self.paste(text, &mut wishes),
            Msg::Resize(width, height) => {
                self.size = Size { width, height };
                self.tell_screen(self.active, ScreenMsg::Resized, &mut wishes);
            }
            Msg::Command(call) => self.give(&call, &mut wishes),
            Msg::Loaded(to, result) => match result {
                Ok(data) => self.tell(to, ScreenMsg::Loaded(data), &mut wishes),
                Err(problem) => self.failed(to, problem, &mut wishes),
            },
            Msg::Done(to, result) => self.done(to, result, &mut wishes),
            Msg::JobStarted(id, from, title) => self.jobs.push(JobView { id, title, from, progress: None, is_stopping: false }),
            Msg::Progress(id, progress) => {
                if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
                    job.progress = Some(progress);
                }
            }
            Msg::JobFinished(id, result) => {
                if let Some(at) = self.jobs.iter().position(|job| job.id == id) {
                    let job = self.jobs.remove(at);
                    self.done(job.from, result, &mut wishes);
                }
            }
            Msg::Changed(change) => self.changed(change, &mut wishes),
            Msg::Header(header) => self.header = header,
            Msg::Tick => {
                self.tick += 1;
                self.notice = self.notice.take().filter(|(_, since)| self.tick < since + NOTICE_TICKS);
            }
            Msg::Redraw => {}
            Msg::Terminate => wishes.push((Address::Frame, Wish::Quit)),
        }
        wishes
    }

    /// Opens the shown screen at the beginning of the program.
    pub fn open(&mut self) -> Wishes<P> {
        let mut wishes = Wishes::new();
        self.show(self.active, &mut wishes);
        wishes
    }

    pub(super) fn key(&mut self, key: Key, wishes: &mut Wishes<P>) {
        if !self.overlays.is_empty() {
            return self.overlay_key(key, wishes);
        }
        self.pressed.push(key);
        match self.keymap.resolve(&self.pressed, &self.context()) {
            Resolved::Pending => {}
            Resolved::Command(call) => {
                self.pressed.clear();
                self.give(&call, wishes);
            }
            Resolved::Unavailable(call, missing) => {
                self.pressed.clear();
                self.notify(unavailable(call.id, &missing));
            }
            Resolved::Nothing => {
                let is_single = self.pressed.len() == 1;
                self.pressed.clear();
                if is_single {
                    self.tell_screen(self.active, ScreenMsg::Key(key), wishes);
                }
            }
        }
    }

    fn overlay_key(&mut self, key: Key, wishes: &mut Wishes<P>) {
        let words = KeyContext::new().with("typing");
        if let Resolved::Command(call) = self.keymap.resolve(&[key], &words) {
            match call.id {
                "quit" => {
                    self.overlays.pop();
                    return;
                }
                "suspend" => return wishes.push((Address::Frame, Wish::Suspend)),
                _ => {}
            }
        }
        let Some((overlay, cx)) = self.overlay_mut() else { return };
        match overlay.key(key, &cx) {
            Reaction::Stay => {}
            Reaction::Close => {
                self.overlays.pop();
            }
            Reaction::Run(call) => {
                self.overlays.pop();
                self.give(&call, wishes);
            }
            Reaction::Copy(text) => {
                self.notify(Notice::info("The report is in the clipboard."));
                wishes.push((Address::Frame, Wish::Copy(text)));
            }
            Reaction::Cancel(id) => self.cancel(id, wishes),
            Reaction::Tell(text) => self.notify(Notice::warning(text)),
        }
    }

    fn paste(&mut self, text: String, wishes: &mut Wishes<P>) {
        match self.overlay_mut() {
            Some((overlay, _)) => overlay.paste(&text),
            None => self.tell_screen(self.active, ScreenMsg::Paste(text), wishes),
        }
    }

    /// Gives a command: to the frame where it is the same on every screen, else to the shown screen.
    pub(super) fn give(&mut self, call: &Call, wishes: &mut Wishes<P>) {
        let when = command::find(call.id).map_or(Ok(Condition::Always), |command| Condition::parse(command.when));
        let missing = when.map(|when| when.missing(&self.context())).unwrap_or_default();
        if !missing.is_empty() {
            return self.notify(unavailable(call.id, &missing));
        }
        match call.id {
            "help" => {
                let page = Page::help(self.screens[self.active].screen.title(), &self.keymap, &self.context());
                self.overlays.push(Overlay::Page(page));
            }
            "palette" => self.overlays.push(Overlay::Palette(Palette::new(&self.keymap, &self.context()))),
            "jobs" => self.overlays.push(Overlay::Jobs(Jobs::default())),
            "job.cancel" => {
                if let Some(id) = self.jobs.iter().rev().find(|job| !job.is_stopping).map(|job| job.id) {
                    self.cancel(id, wishes);
                }
            }
            "reload" => self.changed(P::EVERYTHING, wishes),
            "theme.next" => {
                self.theme = self.theme.next();
                self.notify(Notice::info(format!("Colours: {}.", self.theme.name())));
            }
            "suspend" => wishes.push((Address::Frame, Wish::Suspend)),
            "quit" if !self.jobs.is_empty() && call.args.is_empty() => {
                let question = format!("“{}” is still running. Quitting stops it, and nothing of it is kept.", self.jobs[0].title);
                self.overlays.push(Overlay::Confirm(Confirm { title: "Quit?".to_owned(), question, then: Call::new("quit").arg("now") }));
            }
            "quit" => wishes.push((Address::Frame, Wish::Quit)),
            "go.next" => self.go(self.next_tab(1), wishes),
            "go.previous" => self.go(self.next_tab(self.screens.len() - 1), wishes),
            "go.back" => {
                if let Some(at) = self.previous.pop() {
                    self.show(at, wishes);
                }
            }
            id => match id.strip_prefix("go.").and_then(|name| self.screens.iter().position(|slot| slot.screen.name() == name)) {
                Some(at) => self.go(at, wishes),
                None => match P::request_of(call) {
                    Some(request) => wishes.push((Address::Frame, Wish::Run(request))),
                    None => self.tell_screen(self.active, ScreenMsg::Command(call.clone()), wishes),
                },
            },
        }
    }

    pub(super) fn go(&mut self, to: usize, wishes: &mut Wishes<P>) {
        if to != self.active {
            self.previous.push(self.active);
            self.show(to, wishes);
        }
    }

    /// Shows a screen and lets it take in what it has not seen.
    fn show(&mut self, at: usize, wishes: &mut Wishes<P>) {
        self.active = at;
        self.pressed.clear();
        self.tell_screen(at, ScreenMsg::Resized, wishes);
        self.reload(at, wishes);
    }

    fn reload(&mut self, at: usize, wishes: &mut Wishes<P>) {
        let (slot, cx) = self.screen_mut(at);
        let Some(change) = slot.unseen.take() else { return };
        let effects = slot.screen.reload(change, &cx);
        let from = Address::Screen(slot.screen.name());
        self.sort(from, effects, wishes);
    }

    fn tell(&mut self, to: Address, msg: ScreenMsg<P>, wishes: &mut Wishes<P>) {
        let Address::Screen(name) = to else { return };
        if let Some(at) = self.screens.iter().position(|slot| slot.screen.name() == name) {
            self.tell_screen(at, msg, wishes);
        }
    }

    fn tell_screen(&mut self, at: usize, msg: ScreenMsg<P>, wishes: &mut Wishes<P>) {
        let (slot, cx) = self.screen_mut(at);
        let effects = slot.screen.update(msg, &cx);
        let from = Address::Screen(slot.screen.name());
        self.sort(from, effects, wishes);
    }

    /// Carries out the wishes that concern the frame and leaves the others to the runtime.
    fn sort(&mut self, from: Address, effects: Vec<Effect<P>>, wishes: &mut Wishes<P>) {
        for effect in effects {
            match effect {
                Effect::Call(call) => self.give(&call, wishes),
                Effect::Open(overlay) => self.overlays.push(*overlay),
                Effect::Notice(notice) => self.notify(notice),
                Effect::Problem(problem) => self.show_problem(problem),
                Effect::Run(request) => wishes.push((from, Wish::Run(request))),
                Effect::Spawn(title, request) => wishes.push((from, Wish::Spawn(title, request))),
                Effect::Cancel(id) => self.cancel(id, wishes),
                Effect::Load(query) => wishes.push((from, Wish::Load(query))),
                Effect::Copy(text) => wishes.push((from, Wish::Copy(text))),
                Effect::OpenLink(url) => wishes.push((from, Wish::OpenLink(url))),
                Effect::OpenFile(path) => wishes.push((from, Wish::OpenFile(path))),
                Effect::Suspend => wishes.push((from, Wish::Suspend)),
                Effect::Quit => wishes.push((from, Wish::Quit)),
            }
        }
    }

    fn done(&mut self, to: Address, result: Result<Finished<P>, Problem>, wishes: &mut Wishes<P>) {
        match result {
            Ok(Finished { reply, change }) => {
                if let Some(notice) = P::notice_of(&reply) {
                    self.notify(notice);
                }
                self.tell(to, ScreenMsg::Done(reply), wishes);
                self.changed(change, wishes);
            }
            Err(problem) => self.failed(to, problem, wishes),
        }
    }

    fn failed(&mut self, to: Address, problem: Problem, wishes: &mut Wishes<P>) {
        self.show_problem(problem.clone());
        self.tell(to, ScreenMsg::Failed(problem), wishes);
    }

    fn changed(&mut self, change: P::Change, wishes: &mut Wishes<P>) {
        self.is_header_old = true;
        for slot in &mut self.screens {
            slot.unseen = Some(slot.unseen.map_or(change, |unseen| P::join(unseen, change)));
        }
        self.reload(self.active, wishes);
    }

    fn cancel(&mut self, id: JobId, wishes: &mut Wishes<P>) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
            job.is_stopping = true;
            wishes.push((Address::Frame, Wish::Cancel(id)));
        }
    }

    fn show_problem(&mut self, problem: Problem) {
        match problem.weight {
            Weight::Dialog => self.overlays.push(Overlay::Problem(ProblemBox::new(problem))),
            Weight::Notice => {
                let hint = problem.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
                self.notify(Notice { kind: NoticeKind::Warning, text: problem.message + &hint, can_undo: false });
            }
        }
    }

    /// Shows a notice in the line above the hints.
    pub fn notify(&mut self, notice: Notice) {
        self.notice = Some((notice, self.tick));
    }
}

/// Says that a command is unavailable, and why.
fn unavailable(id: &str, missing: &[&str]) -> Notice {
    let title = command::find(id).map_or(id, |command| command.title);
    Notice::warning(format!("“{title}” is not available: {}.", missing.join(", ")))
}
