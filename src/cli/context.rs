//! What every verb works with: the global options, the output, and the review that the options lead to.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::app::{Environment, Error, ErrorKind, Reply, Request, Workspace, text_of_workbook};
use crate::domain::ids::{RecordId, ReviewerId, StudyId};
use crate::domain::text::clean_line;

use super::args::GlobalArgs;
use super::output::Output;
use super::progress::Watched;
use super::report::Done;

/// The surroundings of a verb.
pub struct Context {
    /// The options that every verb takes.
    pub global: GlobalArgs,
    /// Where it prints to.
    pub out: Output,
}

impl Context {
    /// Joins options and output.
    pub fn new(global: GlobalArgs, out: Output) -> Self {
        Self { global, out }
    }

    /// Opens the review and sets who is acting.
    pub fn open(&self) -> Done<Workspace> {
        let mut workspace = Workspace::open(&self.review_file()?, Environment::of_process()?)?;
        self.act(&mut workspace)?;
        Ok(workspace)
    }

    /// Sets who is acting: the one of `--as` (and remembers it for this device), else of `TAMIS_REVIEWER`, else the one remembered.
    pub fn act(&self, workspace: &mut Workspace) -> Done {
        if let Some(id) = &self.global.acting {
            let before = workspace.reviewer().map(|person| person.id.clone());
            workspace.act_as(&ReviewerId::from(id.as_str()))?;
            if workspace.reviewer().map(|person| person.id.clone()) != before {
                workspace.remember_reviewer();
            }
        } else if let Some(id) = std::env::var("TAMIS_REVIEWER").ok().filter(|id| !id.is_empty()) {
            workspace.act_as(&ReviewerId::from(id.as_str()))?;
        }
        Ok(())
    }

    /// Returns the review's file: the one of `--review` or `TAMIS_REVIEW`, else the only one in the current folder.
    pub fn review_file(&self) -> Done<PathBuf> {
        if let Some(file) = &self.global.review {
            return Ok(file.clone());
        }
        let mut found = self.reviews_here();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Error::not_found("there is no review in this folder")
                .hint("make one with tamis init FILE, or name one with --review FILE")
                .into()),
            (Some(last), false) => {
                found.push(last);
                let names: Vec<String> = found.iter().map(|file| file.display().to_string()).collect();
                Err(Error::user(format!("this folder holds {} reviews: {}", names.len(), names.join(", ")))
                    .hint("name one with --review FILE")
                    .into())
            }
        }
    }

    /// Returns the review files of the current folder, by name.
    pub fn reviews_here(&self) -> Vec<PathBuf> {
        reviews_in(Path::new("."))
    }

    /// Runs a change and prints what came of it.
    pub fn change(&mut self, workspace: &mut Workspace, request: Request) -> Done {
        let reply = workspace.run(request)?;
        self.out.reply(&reply)
    }

    /// Tells what waits next for the acting reviewer or the team, if anything.
    pub fn tell_next(&mut self, workspace: &Workspace) {
        if let Some(step) = workspace.overview().next.first().filter(|_| !self.out.is_json()) {
            self.out.next(&format!("{} ({})", clean_line(&step.what), step.command));
        }
    }

    /// Runs a change that may take long: it shows its progress in a terminal and stops, without a trace, at Ctrl-C.
    pub fn long_change(&mut self, workspace: &mut Workspace, request: Request) -> Done<Reply> {
        let mut watched = Watched::begin();
        let reply = workspace.run_with(request, &mut |done, total, phase| watched.step(done, total, phase));
        watched.end();
        Ok(reply?)
    }
}

/// Returns the review files of a folder, by name.
fn reviews_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let mut files: Vec<PathBuf> = entries
        .iter()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "tamis") && entry.path().is_file())
        .map(|entry| PathBuf::from(entry.file_name()))
        .collect();
    files.sort();
    files
}

/// Tells whether a person sits at both ends: input and output are a terminal.
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Finds each record that is named.
pub fn records(workspace: &Workspace, names: &[String]) -> Done<Vec<RecordId>> {
    Ok(names.iter().map(|name| workspace.find_record(name)).collect::<Result<_, _>>()?)
}

/// Returns the name of a study; labels and identities are both understood.
pub fn study(name: &str) -> StudyId {
    StudyId::from(name)
}

/// Reads a file; returns its name without folder, and its bytes.
pub fn read_bytes(path: &Path) -> Done<(String, Vec<u8>)> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let name = clean_line(&name).into_owned();
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found(format!("there is no file {}", path.display())),
        _ => Error::new(ErrorKind::File, format!("{} cannot be read: {error}", path.display())),
    })?;
    Ok((name, bytes))
}

/// Reads a text file that a person wrote; returns its name without folder, and the text. Of a workbook, the first sheet is the text.
pub fn read_text(path: &Path) -> Done<(String, String)> {
    let (name, bytes) = read_bytes(path)?;
    if let Some(text) = text_of_workbook(&bytes, &name)? {
        return Ok((name, text));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::user(format!("{name}, line {line}: this is not text in UTF-8")).hint("save the file as UTF-8 and load it again")
    })?;
    Ok((name, text))
}

/// Puts the name of a file before the message of an error about one of its rows.
pub fn in_file(name: &str, mut error: Error) -> Error {
    if !error.message.starts_with(name) {
        error.message = format!("{name}: {}", error.message);
    }
    error
}
