//! What can go wrong for a user, with what to do next.

use crate::domain::state::CannotUndo;
use crate::refs::RefsError;
use crate::store::StoreError;

use super::load::RowProblem;

/// The kind of an error; decides exit code and how a screen shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum ErrorKind {
    /// The request cannot be done as asked.
    User,
    /// Something that was named does not exist.
    NotFound,
    /// The request is against the rules of the review or rests on later work.
    Blocked,
    /// The user stopped it.
    Cancelled,
    /// A file is locked, too new, damaged or full.
    File,
    /// The program is wrong.
    Internal,
}

/// An error with its kind and, where there is one, the next step.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The kind.
    pub kind: ErrorKind,
    /// What happened, to what.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The rows of a table that are wrong, where that is what happened.
    pub problems: Vec<RowProblem>,
}

/// The result of anything in this layer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Creates an error without a hint.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, problems: Vec::new() }
    }

    /// Creates an error of the user's doing.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::User, message)
    }

    /// Creates an error about something that does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// Creates an error about something that the rules do not allow.
    pub fn blocked(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Blocked, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let (kind, hint) = match &error {
            StoreError::NotFound(_) => (ErrorKind::NotFound, Some("check the name, or make a new review with tamis init FILE")),
            StoreError::Exists(_) => (ErrorKind::User, Some("choose another name; tamis never overwrites a review")),
            StoreError::NotAReview { .. } => {
                (ErrorKind::File, Some("name a file that tamis init made; exports of searches are read with tamis import"))
            }
            StoreError::Newer { .. } => (ErrorKind::File, Some("install the newer tamis; the file was not touched")),
            StoreError::Damaged { .. } => (
                ErrorKind::File,
                Some("nothing was changed; restore a backup (tamis backup --list) or merge a colleague's copy into one that opens"),
            ),
            StoreError::ReadOnly(_) => {
                (ErrorKind::File, Some("the review can be looked at, but nothing can be recorded until file and folder are writable"))
            }
            StoreError::DiskFull(_) => (ErrorKind::File, Some("free some space and repeat the step")),
            StoreError::Locked(_) => (ErrorKind::File, Some("wait until the other program is done, then repeat the step")),
            StoreError::Replaced(_) => {
                (ErrorKind::File, Some("a sync program may have put another copy in its place; close tamis and open the file again"))
            }
            StoreError::Cancelled => (ErrorKind::Cancelled, None),
            StoreError::Io { .. } => (ErrorKind::File, None),
            StoreError::Sql(_) => (ErrorKind::Internal, Some("please report this with the output of tamis check")),
        };
        Self { kind, message: error.to_string(), hint: hint.map(str::to_owned), problems: Vec::new() }
    }
}

impl From<CannotUndo> for Error {
    fn from(error: CannotUndo) -> Self {
        let kind = match error {
            CannotUndo::Unknown(_) | CannotUndo::Nothing(_) => ErrorKind::NotFound,
            _ => ErrorKind::Blocked,
        };
        Self::new(kind, error.to_string()).hint("tamis log shows all operations")
    }
}

impl From<RefsError> for Error {
    fn from(error: RefsError) -> Self {
        match error {
            RefsError::Cancelled => Self::new(ErrorKind::Cancelled, "cancelled; nothing was changed"),
            other => Self::user(other.to_string()),
        }
    }
}
