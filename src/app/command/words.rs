//! The words that conditions are made of, each with what it needs in plain words.

/// A word of the condition language, true or false of the screen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionWord {
    /// The word ("has:record").
    pub word: &'static str,
    /// Why a command is unavailable while the word is false ("no record is shown").
    pub needs: &'static str,
    /// Why a command is unavailable while the word is true, for commands that require its absence.
    pub without: &'static str,
}

/// Finds a word of the condition language.
pub fn condition_word(word: &str) -> Option<&'static ConditionWord> {
    CONDITION_WORDS.iter().find(|entry| entry.word == word)
}

/// Lists a word with its two explanations.
const fn word(word: &'static str, needs: &'static str, without: &'static str) -> ConditionWord {
    ConditionWord { word, needs, without }
}

/// Every word that a condition may use.
pub const CONDITION_WORDS: &[ConditionWord] = &[
    word("screen:home", "only on the home screen", "not on the home screen"),
    word("screen:sources", "only on the sources screen", "not on the sources screen"),
    word("screen:duplicates", "only on the duplicates screen", "not on the duplicates screen"),
    word("screen:screening", "only on the screening screen", "not on the screening screen"),
    word("screen:rounds", "only on the rounds screen", "not on the rounds screen"),
    word("screen:fulltext", "only on the full text screen", "not on the full text screen"),
    word("screen:conflicts", "only on the conflicts screen", "not on the conflicts screen"),
    word("screen:studies", "only on the studies screen", "not on the studies screen"),
    word("screen:extraction", "only on the extraction screen", "not on the extraction screen"),
    word("screen:consensus", "only on the consensus screen", "not on the consensus screen"),
    word("screen:warnings", "only on the warnings screen", "not on the warnings screen"),
    word("screen:appraisal", "only on the screen of bias", "not on the screen of bias"),
    word("screen:analysis", "only on the analysis screen", "not on the analysis screen"),
    word("screen:findings", "only on the findings screen", "on the findings screen"),
    word("screen:flow", "only on the flow screen", "not on the flow screen"),
    word("screen:log", "only on the log screen", "not on the log screen"),
    word("screen:setup", "only on the setup screen", "not on the setup screen"),
    word("screen:welcome", "only before a review is open", "not before a review is open"),
    word("typing", "no field is being edited", "a field is being edited"),
    word("list", "nothing here to move in", "a list is shown"),
    word("panes", "only one pane is shown", "several panes are shown"),
    word("searchable", "nothing here to search", "this can be searched"),
    word("has:undo", "nothing of yours to take back", "there is something to take back"),
    word("has:redo", "nothing was taken back", "something was taken back"),
    word("has:job", "no work is running", "work is running"),
    word("has:source", "no source is selected", "a source is selected"),
    word("has:pair", "no possible duplicate is shown", "a possible duplicate is shown"),
    word("has:group", "no group of duplicates is shown", "a group of duplicates is shown"),
    word("has:record", "no record is shown", "a record is shown"),
    word("has:records", "no list of records is open", "a list of records is open"),
    word("has:round", "no round is selected", "a round is selected"),
    word("has:sample", "the records of no round are open", "the records of a round are open"),
    word("has:entry", "no entry of a list is selected", "an entry of a list is selected"),
    word("has:report", "no report is shown", "a report is shown"),
    word("has:pdf", "the report has no PDF attached", "the report has a PDF attached"),
    word("reading", "no text of a PDF is open", "the text of a PDF is open"),
    word("has:hint", "no hint for this report", "there is a hint for this report"),
    word("has:conflict", "no conflict is shown", "a conflict is shown"),
    word("may:resolve", "you may not resolve this conflict", "you may resolve this conflict"),
    word("has:study", "no study is selected", "a study is selected"),
    word("has:form", "the review has no extraction form yet", "the review has an extraction form"),
    word("has:mend", "nothing obvious to mend", "there is an obvious mend"),
    word("has:stale", "nothing to look at again", "a value must be looked at again"),
    word("has:behind", "every study is on the form in use", "a study is on another version of the form"),
    word("grid", "the draft is not shown as tables", "the draft is shown as tables"),
    word("designing", "the form is not being designed", "the form is being designed"),
    word("has:edits", "nothing here that is not saved", "there are changes that are not saved"),
    word("has:keys", "no part of the form is open", "the keys of a part are open"),
    word("has:dismissed", "the warning is open", "the warning was let stand"),
    word("has:field", "no field is selected", "a field is selected"),
    word("has:difference", "no value of two drafts is shown", "values of two drafts are shown"),
    word("has:analysis", "no analysis is shown", "an analysis is shown"),
    word("has:figure", "no figure is shown", "a figure is shown"),
    word("has:operation", "no operation is selected", "an operation is selected"),
    word("read_only", "only while the file can only be read", "this file can only be read"),
];
