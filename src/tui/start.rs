//! The door from the command line to the screens.

use std::path::{Path, PathBuf};

use ratatui::layout::Size;

use super::app_port::{AppPort, AppService};
use super::effect::Notice;
use super::keymap::Keymap;
use super::model::Model;
use super::port::Port;
use super::screen::{
    Screen, analysis, appraisal, conflicts, consensus, duplicates, extraction, findings, flow, fulltext, home, log, rounds, screening,
    setup, sources, studies, warnings,
};
use super::terminal::run_on_terminal;
use super::theme::Theme;
use super::welcome::{Begin, Welcome, WelcomeService};
use crate::app::{self, Error, ErrorKind, Workspace};

/// What a person set outside the review.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The name of the colour theme; `None` for the usual one.
    pub theme: Option<String>,
    /// Whether colour is not wanted.
    pub is_colour_unwanted: bool,
    /// Whether the mouse is left to the terminal.
    pub is_mouse_unwanted: bool,
    /// The person's own keymap file, where there is one.
    pub keymap: Option<PathBuf>,
}

impl Options {
    /// Reads `NO_COLOR`, `TAMIS_THEME`, `TAMIS_MOUSE` (`off` leaves the mouse to the terminal), and the keymap file: `keymap.toml` in `TAMIS_HOME`, else in the platform's folder for settings.
    pub fn of_process() -> Self {
        use etcetera::BaseStrategy;
        let given = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = given("TAMIS_HOME")
            .map(PathBuf::from)
            .or_else(|| etcetera::choose_base_strategy().ok().map(|places| places.config_dir().join("tamis")));
        Self {
            theme: given("TAMIS_THEME").and_then(|name| name.into_string().ok()),
            is_colour_unwanted: given("NO_COLOR").is_some(),
            is_mouse_unwanted: given("TAMIS_MOUSE").is_some_and(|value| value == "off"),
            keymap: folder.map(|folder| folder.join("keymap.toml")).filter(|file| file.exists()),
        }
    }
}

/// Returns every screen in the order of the tabs, which is the order of a review.
pub fn screens() -> Vec<Box<dyn Screen<AppPort>>> {
    vec![
        Box::new(home::Home::new()),
        Box::new(sources::Sources::new()),
        Box::new(duplicates::Duplicates::new()),
        Box::new(screening::Screening::new()),
        Box::new(rounds::Rounds::new()),
        Box::new(fulltext::FullText::new()),
        Box::new(conflicts::Conflicts::new()),
        Box::new(studies::Studies::new()),
        Box::new(extraction::Extraction::new()),
        Box::new(consensus::Consensus::new()),
        Box::new(warnings::Warnings::new()),
        Box::new(appraisal::Appraisal::new()),
        Box::new(analysis::Analysis::new()),
        Box::new(findings::FindingsScreen::new()),
        Box::new(flow::Flow::new()),
        Box::new(log::Log::new()),
        Box::new(setup::Setup::new()),
    ]
}

/// Shows what there is to do without a review, until the person has begun or leaves. `reviews` are those in `folder`; `begin` makes or
/// opens a review, and the screen ends once it has.
///
/// # Errors
/// [`Error`] where the terminal cannot be used.
pub fn run_welcome(
    folder: &Path,
    reviews: Vec<PathBuf>,
    options: &Options,
    begin: impl FnMut(&Begin) -> app::Result<()>,
) -> app::Result<()> {
    let model = framed(vec![Box::new(Welcome::new(folder, reviews))], options);
    on_terminal(run_on_terminal(model, WelcomeService::new(begin), !options.is_mouse_unwanted))
}

/// Puts screens into their frame: keys and colours as the person wants them, with a word on what is wrong with either.
fn framed<P: Port>(screens: Vec<Box<dyn Screen<P>>>, options: &Options) -> Model<P> {
    let mut keymap = Keymap::built_in();
    let mut remark = patch_keymap(&mut keymap, options);
    if let Some(name) = options.theme.as_deref().filter(|name| !options.is_colour_unwanted && Theme::built_in(name).is_none()) {
        let known: Vec<&str> = Theme::names().collect();
        remark = Some(format!("There is no theme “{name}”; the themes are {}.", known.join(", ")));
    }
    let theme = Theme::choose(options.theme.as_deref(), options.is_colour_unwanted);
    let mut model = Model::new(screens, keymap, theme, Size { width: 80, height: 24 });
    if let Some(text) = remark {
        model.notify(Notice::warning(text));
    }
    model
}

fn on_terminal(result: std::io::Result<()>) -> app::Result<()> {
    result.map_err(|error| Error::new(ErrorKind::File, format!("the terminal cannot be used: {error}")))
}

/// Opens the screens over a review until the person leaves them. `start` names the first screen ("screening"); an empty text or
/// an unknown name opens the home screen.
///
/// # Errors
/// [`Error`] where the terminal cannot be used.
pub fn run_screens(workspace: Workspace, start: &str, options: &Options) -> app::Result<()> {
    let mut model = framed(screens(), options);
    model.start_at(start);
    on_terminal(run_on_terminal(model, AppService::new(workspace), !options.is_mouse_unwanted))
}

/// Reads the person's keymap file into the keymap; returns the first thing that is wrong with it.
fn patch_keymap(keymap: &mut Keymap, options: &Options) -> Option<String> {
    let file = options.keymap.as_ref()?;
    let name = file.display().to_string();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return Some(format!("{name} cannot be read: {error}.")),
    };
    let problems = keymap.patch(&name, &text);
    let more = problems.len().saturating_sub(1);
    problems.first().map(|problem| if more > 0 { format!("{problem} (and {more} more)") } else { problem.to_string() })
}
