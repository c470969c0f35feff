//! The review behind the screens: the [`Port`] whose requests are those of `app`, and the service that carries them out.

pub mod data;
mod filter;
mod load;
pub mod pace;
pub mod service;
pub mod texts;

pub use data::{Data, Explained, ExplainedField, FileProblem, Query, QueryKind, RoundLine, Setup};
pub use filter::{Filter, Filtered};
pub use service::AppService;

use super::effect::Notice;
use super::message::Call;
use super::port::{Port, Problem, Weight};
use crate::app::{Detail, Error, ErrorKind, Reply, Request};
use crate::domain::change::ChangeSet;

/// The types of the real review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppPort;

impl Port for AppPort {
    type Request = Request;
    type Reply = Reply;
    type Query = Query;
    type Data = Data;
    type Change = ChangeSet;

    const EVERYTHING: ChangeSet = ChangeSet::ALL;

    fn join(one: ChangeSet, other: ChangeSet) -> ChangeSet {
        one.with(other)
    }

    fn request_of(call: &Call) -> Option<Request> {
        match call.id {
            "undo" => Some(Request::Undo(None)),
            "redo" => Some(Request::Redo(None)),
            _ => None,
        }
    }

    fn notice_of(reply: &Reply) -> Option<Notice> {
        // What became of the results comes first: a small screen has room for one line.
        let text = match reply.message.split_once("; moved: ") {
            Some((what, moved)) if matches!(reply.detail, Detail::Moved(_)) => sentence(&format!("{moved} · {what}")),
            _ => sentence(&reply.message),
        };
        let is_toggle = reply.message.starts_with("undid: ") || reply.message.starts_with("redid: ");
        Some(if reply.op.is_some() && !is_toggle { Notice::done(text) } else { Notice::info(text) })
    }
}

/// Turns an error of the review into what a person is told: a line for the person's own doing, a dialog for files and faults.
pub fn problem(error: Error) -> Problem {
    let weight = match error.kind {
        ErrorKind::User | ErrorKind::NotFound | ErrorKind::Blocked | ErrorKind::Cancelled => Weight::Notice,
        ErrorKind::File | ErrorKind::Internal => Weight::Dialog,
    };
    Problem { weight, message: sentence(&error.message), hint: error.hint.map(|hint| sentence(&hint)), causes: Vec::new() }
}

/// Writes a phrase as a sentence: a capital at the beginning, a full stop at the end.
pub fn sentence(phrase: &str) -> String {
    let mut letters = phrase.trim().chars();
    let Some(first) = letters.next() else { return String::new() };
    let mut text: String = first.to_uppercase().chain(letters).collect();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OpId;

    #[test]
    fn a_phrase_becomes_a_sentence() {
        assert_eq!(sentence("voted on one record"), "Voted on one record.");
        assert_eq!(sentence("really?"), "Really?");
        assert_eq!(sentence("  "), "");
    }

    #[test]
    fn a_change_names_the_key_that_takes_it_back_and_an_undo_does_not() {
        let reply = |message: &str, op| Reply { message: message.to_owned(), op, changes: ChangeSet::NONE, detail: Detail::None };
        let op = Some(OpId::from_bytes([1; 16]));
        let can_undo = |reply| AppPort::notice_of(&reply).map(|notice| notice.can_undo);
        assert_eq!(can_undo(reply("imported 3 records", op)), Some(true));
        assert_eq!(can_undo(reply("undid: imported 3 records", op)), Some(false));
        assert_eq!(can_undo(reply("there was nothing to do", None)), Some(false));
    }

    #[test]
    fn faults_of_the_file_are_dialogs_and_mistakes_are_lines() {
        assert_eq!(problem(Error::new(ErrorKind::File, "the file is locked")).weight, Weight::Dialog);
        let told = problem(Error::blocked("all votes are in").hint("take yours back"));
        assert_eq!(
            (told.weight, told.message.as_str(), told.hint.as_deref()),
            (Weight::Notice, "All votes are in.", Some("Take yours back."))
        );
    }
}
