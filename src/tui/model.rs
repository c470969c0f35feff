//! The state of the frame around the screens.

use ratatui::layout::{Rect, Size};

use super::effect::Notice;
use super::keymap::{Key, KeyContext, Keymap};
use super::overlay::Overlay;
use super::port::{Header, Port};
use super::screen::{Cx, JobView, Screen};
use super::theme::Theme;

/// How many ticks a notice stays.
pub(super) const NOTICE_TICKS: u64 = 80;

/// Everything that the program shows.
pub struct Model<P: Port> {
    pub(super) screens: Vec<Slot<P>>,
    pub(super) active: usize,
    pub(super) previous: Vec<usize>,
    pub(super) overlays: Vec<Overlay>,
    pub(super) keymap: Keymap,
    pub(super) theme: Theme,
    pub(super) pressed: Vec<Key>,
    pub(super) size: Size,
    pub(super) header: Header,
    pub(super) is_header_old: bool,
    pub(super) jobs: Vec<JobView>,
    pub(super) notice: Option<(Notice, u64)>,
    pub(super) tick: u64,
}

/// A screen with the changes that it has not taken in yet.
pub(super) struct Slot<P: Port> {
    pub(super) screen: Box<dyn Screen<P>>,
    pub(super) unseen: Option<P::Change>,
}

impl<P: Port> Model<P> {
    /// Makes the state at the beginning: the first screen is shown, and nothing is loaded yet.
    ///
    /// Panics: if there is no screen, which is a fault of the program.
    pub fn new(screens: Vec<Box<dyn Screen<P>>>, keymap: Keymap, theme: Theme, size: Size) -> Self {
        assert!(!screens.is_empty(), "the program has at least one screen");
        Self {
            screens: screens.into_iter().map(|screen| Slot { screen, unseen: Some(P::EVERYTHING) }).collect(),
            active: 0,
            previous: Vec::new(),
            overlays: Vec::new(),
            keymap,
            theme,
            pressed: Vec::new(),
            size,
            header: Header::default(),
            is_header_old: true,
            jobs: Vec::new(),
            notice: None,
            tick: 0,
        }
    }

    /// Shows the screen of that name first, if there is one; called before the program begins.
    pub fn start_at(&mut self, name: &str) {
        if let Some(at) = self.screens.iter().position(|slot| slot.screen.name() == name) {
            self.active = at;
        }
    }

    /// Returns the name of the shown screen.
    pub fn screen_name(&self) -> &'static str {
        self.screens[self.active].screen.name()
    }

    /// Returns the boxes over the screen, the lowest first.
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// Returns the notice that is shown.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref().map(|(notice, _)| notice)
    }

    /// Returns the theme.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Returns whether something on the screen changes with time, so that ticks are needed.
    pub fn is_moving(&self) -> bool {
        !self.jobs.is_empty() || self.notice.is_some()
    }

    /// Takes whether the header has to be asked for again.
    pub(super) fn take_header_old(&mut self) -> bool {
        std::mem::take(&mut self.is_header_old)
    }

    /// Returns the place of the screens: all but two lines at the top and two at the foot.
    pub fn body(&self) -> Rect {
        Rect { x: 0, y: 2, width: self.size.width, height: self.size.height.saturating_sub(4) }
    }

    /// Returns the condition words that hold now.
    pub fn context(&self) -> KeyContext {
        let screen = &self.screens[self.active].screen;
        let mut context = screen.context().with(format!("screen:{}", screen.name())).with_if(!self.jobs.is_empty(), "has:job");
        context.extend(self.header.words.clone());
        context
    }

    /// Tells whether a screen has a tab now: those of everyday work always, the others while they are shown.
    pub(super) fn has_tab(&self, at: usize) -> bool {
        at == self.active || self.screens[at].screen.has_tab()
    }

    /// Returns the screen with a tab that follows the shown one, going round by one step after the other of this length.
    pub(super) fn next_tab(&self, step: usize) -> usize {
        let many = self.screens.len();
        (1..=many).map(|n| (self.active + n * step) % many).find(|at| self.has_tab(*at)).unwrap_or(self.active)
    }

    /// Returns what the screens may read.
    pub(super) fn cx(&self) -> Cx<'_> {
        Cx { theme: &self.theme, keymap: &self.keymap, body: self.body(), tick: self.tick, header: &self.header, jobs: &self.jobs }
    }

    /// Returns the shown screen for changing, with what it may read.
    pub(super) fn screen_mut(&mut self, at: usize) -> (&mut Slot<P>, Cx<'_>) {
        let body = self.body();
        let cx = Cx { theme: &self.theme, keymap: &self.keymap, body, tick: self.tick, header: &self.header, jobs: &self.jobs };
        (&mut self.screens[at], cx)
    }

    /// Returns the top overlay for changing, with what it may read.
    pub(super) fn overlay_mut(&mut self) -> Option<(&mut Overlay, Cx<'_>)> {
        let body = self.body();
        let cx = Cx { theme: &self.theme, keymap: &self.keymap, body, tick: self.tick, header: &self.header, jobs: &self.jobs };
        self.overlays.last_mut().map(|overlay| (overlay, cx))
    }
}
