//! The commands of reports: full texts, conflicts, and studies.

use super::{BULK, FILE, NOTE, REASON, WHY, argument};
use crate::app::command::{Command, Group};

/// The commands from the full texts to the studies, in the order in which help prints them.
pub(super) const REPORTS: &[Command] = &[
    // Full text
    Command::new("fulltext.retrieved", Group::FullText, "Retrieved", "Notes that the report was retrieved.")
        .cli("fulltext retrieval")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.not_retrieved", Group::FullText, "Not retrieved", "Notes that the report could not be retrieved.")
        .cli("fulltext retrieval")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.requested", Group::FullText, "Requested", "Notes that the report was asked for or ordered.")
        .cli("fulltext retrieval")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new(
        "fulltext.attach",
        Group::FullText,
        "Attach PDF",
        "Attaches a PDF to the report; dropping the file on the terminal does the same.",
    )
    .cli("fulltext attach")
    .args(&[FILE])
    .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.open", Group::FullText, "Open PDF", "Opens the attached PDF in your viewer.")
        .when("screen:fulltext && has:report && has:pdf"),
    Command::new("fulltext.include", Group::FullText, "Include", "Votes to include the report and goes on to the next.")
        .cli("fulltext vote")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.exclude", Group::FullText, "Exclude", "Votes to exclude the report for a reason and goes on to the next.")
        .cli("fulltext vote")
        .args(&[REASON])
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.ongoing", Group::FullText, "Ongoing", "Votes that the report is of an ongoing study, which is no exclusion.")
        .cli("fulltext vote")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.awaiting", Group::FullText, "Awaiting", "Votes that the report awaits classification, which is no exclusion.")
        .cli("fulltext vote")
        .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.skip", Group::FullText, "Skip", "Leaves the report for later and shows the next.")
        .cli("fulltext next")
        .when("screen:fulltext && has:report"),
    Command::new("fulltext.back", Group::FullText, "Back", "Shows the report before.").when("screen:fulltext && has:report"),
    Command::new("fulltext.note", Group::FullText, "Note", "Writes a note that goes with your vote on the report.")
        .cli("fulltext vote")
        .args(&[NOTE])
        .when("screen:fulltext && has:report && !reading && !read_only"),
    Command::new("fulltext.filter", Group::FullText, "Filter", "Chooses which reports are listed by their state.")
        .cli("fulltext list")
        .when("screen:fulltext"),
    Command::new("fulltext.votes", Group::FullText, "Votes from a file", "Takes your votes on reports from a table.")
        .cli("fulltext votes")
        .args(&[FILE])
        .only_on_command_line(BULK),
    Command::new(
        "fulltext.attach_folder",
        Group::FullText,
        "Attach a folder",
        "Attaches the PDFs of a folder to the reports that they fit.",
    )
    .cli("fulltext attach-folder")
    .args(&[argument("DIR", "the folder with the PDFs")])
    .only_on_command_line(BULK),
    Command::new(
        "fulltext.read",
        Group::FullText,
        "Text of the PDF",
        "Shows the text of the attached PDF, to read and to search; again closes it.",
    )
    .cli("fulltext text")
    .when("screen:fulltext && has:report && has:pdf"),
    Command::new("fulltext.next_place", Group::FullText, "Next place", "Shows the next place of the searched words in the text.")
        .when("(screen:fulltext || screen:extraction) && reading"),
    Command::new("fulltext.previous_place", Group::FullText, "Place before", "Shows the place of the searched words before this one.")
        .when("(screen:fulltext || screen:extraction) && reading"),
    Command::new(
        "fulltext.exclude_nth",
        Group::FullText,
        "Exclude for reason N",
        "Votes to exclude for the reason in that place of the list; 1 to 9 are its keys.",
    )
    .cli("fulltext vote")
    .args(&[argument("N", "the place of the reason in the list, from 1")])
    .when("screen:fulltext && has:report && !read_only"),
    Command::new("fulltext.load", Group::FullText, "Retrievals from a file", "Takes the state of retrievals from a table.")
        .cli("fulltext load")
        .args(&[FILE])
        .only_on_command_line(BULK),
    // Conflicts
    Command::new("conflict.include", Group::Conflicts, "Include", "Resolves the conflict by including, with the reason in words.")
        .cli("conflict resolve")
        .args(&[WHY])
        .when("screen:conflicts && has:conflict && may:resolve && !read_only"),
    Command::new("conflict.exclude", Group::Conflicts, "Exclude", "Resolves the conflict by excluding, with the reason in words.")
        .cli("conflict resolve")
        .args(&[REASON, WHY])
        .when("screen:conflicts && has:conflict && may:resolve && !read_only"),
    Command::new("conflict.ongoing", Group::Conflicts, "Ongoing", "Resolves the conflict: the report is of an ongoing study.")
        .cli("conflict resolve")
        .args(&[WHY])
        .when("screen:conflicts && has:conflict && may:resolve && !read_only"),
    Command::new("conflict.awaiting", Group::Conflicts, "Awaiting", "Resolves the conflict: the report awaits classification.")
        .cli("conflict resolve")
        .args(&[WHY])
        .when("screen:conflicts && has:conflict && may:resolve && !read_only"),
    Command::new("conflict.confirm", Group::Conflicts, "Confirm", "Agrees with what the other person said, which settles the conflict.")
        .cli("conflict resolve")
        .args(&[WHY])
        .when("screen:conflicts && has:conflict && may:resolve && !read_only"),
    Command::new(
        "conflict.later",
        Group::Conflicts,
        "Discuss later",
        "Puts the conflict last, to be discussed later, or back into its place.",
    )
    .cli("conflict later")
    .when("screen:conflicts && has:conflict && !read_only"),
    Command::new("conflict.next", Group::Conflicts, "Next", "Shows the next conflict.").when("screen:conflicts && has:conflict"),
    Command::new("conflict.previous", Group::Conflicts, "Previous", "Shows the conflict before.").when("screen:conflicts && has:conflict"),
    Command::new(
        "conflict.stage",
        Group::Conflicts,
        "Stage",
        "Goes on to the next list: titles, inclusion at full text, reasons at full text.",
    )
    .cli("conflict list")
    .when("screen:conflicts"),
    Command::new("conflict.load", Group::Conflicts, "Resolutions from a file", "Takes how conflicts were settled from a table.")
        .cli("conflict load")
        .args(&[FILE])
        .only_on_command_line(BULK),
    // Studies
    Command::new("study.new", Group::Studies, "New study", "Makes a study from the selected report.")
        .cli("study link")
        .args(&[argument("STUDY", "the label of the study")])
        .when("screen:studies && has:report && !read_only"),
    Command::new("study.accept", Group::Studies, "Take the hint", "Links the selected report as the strongest hint says.")
        .cli("study hints")
        .when("screen:studies && has:report && has:hint && !read_only"),
    Command::new("study.link", Group::Studies, "Link", "Links the selected report to a study that exists.")
        .cli("study link")
        .args(&[argument("STUDY", "the study that the report belongs to")])
        .when("screen:studies && has:report && !read_only"),
    Command::new("study.unlink", Group::Studies, "Unlink", "Takes the selected report away from its study.")
        .cli("study unlink")
        .when("screen:studies && has:report && has:study && !read_only"),
    Command::new("study.list", Group::Studies, "Reports or studies", "Changes between reports without a study and all studies.")
        .cli("study list")
        .when("screen:studies"),
    Command::new("study.load", Group::Studies, "Studies from a file", "Takes which report belongs to which study from a table.")
        .cli("study load")
        .args(&[FILE])
        .only_on_command_line(BULK),
];
