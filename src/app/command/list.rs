//! The list of every command, in the order in which help prints them.

mod numbers;
mod reports;

use super::{Argument, Command, Group};
use numbers::NUMBERS;
use reports::REPORTS;

/// Names an argument and what to give for it.
const fn argument(name: &'static str, doc: &'static str) -> Argument {
    Argument { name, doc }
}

const REASON: Argument = argument("REASON", "the code of an exclusion reason");
const NOTE: Argument = argument("NOTE", "a note in your own words");
const WHY: Argument = argument("WHY", "why the conflict is decided so");
const FILE: Argument = argument("FILE", "the path of a file");
const WORDS: Argument = argument("WORDS", "words, fields and states to look for");
const BULK: &str = "It moves data in bulk from a table, which wants a dry run and a report.";
const SCRIPTS: &str = "It is meant for shells and scripts.";

/// Every command of the program.
pub const COMMANDS: &[Command] = &JOINED;

static JOINED: [Command; RECORDS.len() + REPORTS.len() + NUMBERS.len()] = {
    let parts = [RECORDS, REPORTS, NUMBERS];
    let mut all = [RECORDS[0]; RECORDS.len() + REPORTS.len() + NUMBERS.len()];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut within = 0;
        while within < parts[part].len() {
            all[at] = parts[part][within];
            (at, within) = (at + 1, within + 1);
        }
        part += 1;
    }
    all
};

/// The commands of the frame, of set-up, sources, duplicates and screening.
const RECORDS: &[Command] = &[
    // Everywhere
    Command::new("help", Group::Everywhere, "Help", "Shows the keys and commands of this screen."),
    Command::new("palette", Group::Everywhere, "Commands", "Finds any command by a few of its letters."),
    Command::new("undo", Group::Everywhere, "Undo", "Takes back your last change; the change stays in the log.")
        .cli("undo")
        .when("has:undo && !read_only"),
    Command::new("redo", Group::Everywhere, "Redo", "Puts back the change that you took back last.")
        .cli("redo")
        .when("has:redo && !read_only"),
    Command::new("reload", Group::Everywhere, "Reload", "Reads the shown data again from the file."),
    Command::new("theme.next", Group::Everywhere, "Next colours", "Changes to the next colour theme."),
    Command::new("jobs", Group::Everywhere, "Running work", "Shows what is being worked on in the background.").when("has:job"),
    Command::new("job.cancel", Group::Everywhere, "Stop work", "Stops the work that is running; nothing of it is kept.").when("has:job"),
    Command::new("suspend", Group::Everywhere, "Suspend", "Puts the program into the background of the shell."),
    Command::new("quit", Group::Everywhere, "Quit", "Leaves the program; everything is already saved."),
    // Go to
    Command::new("go.home", Group::Go, "Home", "Goes to the home screen, where the review stands and what is next."),
    Command::new("go.sources", Group::Go, "Sources", "Goes to the sources and their imported records."),
    Command::new("go.duplicates", Group::Go, "Duplicates", "Goes to the duplicates and the pairs that need a person."),
    Command::new("go.screening", Group::Go, "Screening", "Goes to the screening of titles and abstracts."),
    Command::new("go.rounds", Group::Go, "Rounds", "Goes to the calibration rounds and the agreement of reviewers.").cli("round list"),
    Command::new("go.fulltext", Group::Go, "Full text", "Goes to the retrieval and assessment of full texts."),
    Command::new("go.conflicts", Group::Go, "Conflicts", "Goes to the conflicts between reviewers."),
    Command::new("go.studies", Group::Go, "Studies", "Goes to the studies and their reports."),
    Command::new("go.extraction", Group::Go, "Extraction", "Goes to your data extraction."),
    Command::new("go.consensus", Group::Go, "Consensus", "Goes to the comparison of two extractions."),
    Command::new("go.warnings", Group::Go, "Warnings", "Goes to the warnings on extracted numbers, with what to check."),
    Command::new("go.appraisal", Group::Go, "Bias", "Goes to the risk of bias of the studies."),
    Command::new("go.analysis", Group::Go, "Analysis", "Goes to the meta-analyses and their figures."),
    Command::new("go.findings", Group::Go, "Findings", "Goes to the certainty of the evidence and the summary of findings."),
    Command::new("go.flow", Group::Go, "Flow", "Goes to the PRISMA flow diagram."),
    Command::new("go.log", Group::Go, "Log", "Goes to the log of every change."),
    Command::new("go.setup", Group::Go, "Setup", "Goes to question, people, criteria, reasons, words and policies.").cli("setup show"),
    Command::new("go.next", Group::Go, "Next screen", "Goes to the screen on the right."),
    Command::new("go.previous", Group::Go, "Previous screen", "Goes to the screen on the left."),
    Command::new("go.back", Group::Go, "Back", "Goes back to the screen that was shown before."),
    // Move
    Command::new("move.up", Group::Move, "Up", "Moves up by one line.").when("list"),
    Command::new("move.down", Group::Move, "Down", "Moves down by one line.").when("list"),
    Command::new("move.page_up", Group::Move, "Page up", "Moves up by one page.").when("list"),
    Command::new("move.page_down", Group::Move, "Page down", "Moves down by one page.").when("list"),
    Command::new("move.first", Group::Move, "First", "Moves to the beginning.").when("list"),
    Command::new("move.last", Group::Move, "Last", "Moves to the end.").when("list"),
    Command::new("pane.next", Group::Move, "Next pane", "Moves the keys to the next pane.").when("panes"),
    Command::new("search", Group::Move, "Search", "Filters what this screen lists by words, fields and states, as you type.")
        .cli("find")
        .args(&[WORDS])
        .when("searchable"),
    Command::new("search.clear", Group::Move, "Clear search", "Lists everything again.").when("searchable && !has:records"),
    Command::new("search.help", Group::Move, "Search words", "Explains the words, fields and states that a search can use.")
        .cli("find")
        .when("searchable"),
    // Review
    Command::new("home.next", Group::Review, "Open", "Goes to the screen of the selected step, or opens the records of the selected box.")
        .cli("status")
        .when("screen:home"),
    Command::new("review.demo", Group::Review, "Worked example", "Builds a finished example review in a folder of its own.")
        .cli("demo")
        .args(&[argument("DIR", "the folder to write into")])
        .when("screen:welcome"),
    Command::new("review.init", Group::Review, "New review", "Makes the file of a new review with its reviewers.")
        .cli("init")
        .args(&[FILE])
        .when("screen:welcome"),
    Command::new("review.open", Group::Review, "Open a review", "Opens the file of a review.").args(&[FILE]).when("screen:welcome"),
    Command::new("welcome.take", Group::Review, "Take", "Does what the selected line says.").when("screen:welcome"),
    Command::new("export.tables", Group::Review, "Export", "Writes records, votes, extraction or analyses to a file.")
        .cli("export")
        .args(&[argument("WHAT", "records, duplicates, votes, marks, extraction, analysis, prisma or bundle"), FILE])
        .only_on_command_line("It writes many kinds of files for other programs, chosen by the words of the command line."),
    Command::new("list.close", Group::Review, "Close the list", "Goes back from the records of a box to the diagram.")
        .when("(screen:home || screen:flow) && has:records"),
    // Setup
    Command::new("setup.edit", Group::Review, "Edit", "Edits the selected part of the setup.")
        .cli("setup")
        .when("screen:setup && list && !read_only"),
    Command::new("setup.add", Group::Review, "Add", "Adds an entry to the selected list of the setup.")
        .cli("setup")
        .when("screen:setup && list && !read_only"),
    Command::new("setup.remove", Group::Review, "Remove", "Takes the selected entry off its list; the list as it was stays in the log.")
        .cli("setup")
        .when("screen:setup && has:entry && !read_only"),
    Command::new("setup.up", Group::Review, "Move up", "Moves the selected entry of a list up by one place.")
        .cli("setup")
        .when("screen:setup && has:entry && !read_only"),
    Command::new("setup.down", Group::Review, "Move down", "Moves the selected entry of a list down by one place.")
        .cli("setup")
        .when("screen:setup && has:entry && !read_only"),
    Command::new(
        "setup.load",
        Group::Review,
        "Setup from a file",
        "Takes question, people, criteria, reasons, words and policies from a file.",
    )
    .cli("setup load")
    .args(&[FILE])
    .only_on_command_line("The file is written in an editor, and the screens change each part where it stands."),
    // Sources
    Command::new("import.file", Group::Sources, "Import", "Imports a search export as records of a source.")
        .cli("import")
        .args(&[FILE, argument("SOURCE", "the database, register or other place that was searched")])
        .when("screen:sources && !read_only"),
    Command::new("source.add", Group::Sources, "New source", "Names a database, register or other place before its first import.")
        .cli("source add")
        .args(&[argument("SOURCE", "the name of the source")])
        .when("screen:sources && !read_only"),
    Command::new("import.remarks", Group::Sources, "Details", "Shows the selected source with its files, searches and remarks.")
        .cli("source")
        .when("screen:sources && has:source"),
    Command::new("update.start", Group::Sources, "Begin an update", "Begins an update of the review: later imports belong to it.")
        .cli("update start")
        .args(&[argument("NAME", "what to call it")])
        .when("screen:sources && !read_only"),
    Command::new("update.show", Group::Sources, "Update", "Shows what the update found in each source: new, known, gone.")
        .cli("update show")
        .when("screen:sources"),
    Command::new("update.list", Group::Sources, "Records of the update", "Lists the records that are new, known or gone.")
        .cli("update list")
        .args(&[argument("PART", "new, known or gone")])
        .when("screen:sources"),
    // Duplicates
    Command::new("dedup.run", Group::Duplicates, "Find duplicates", "Groups duplicate records and lists the pairs that need a person.")
        .cli("dedup run")
        .when("screen:duplicates && !read_only"),
    Command::new("dedup.same", Group::Duplicates, "Same", "Groups the two records as duplicates and goes on.")
        .cli("dedup group")
        .when("screen:duplicates && has:pair && !read_only"),
    Command::new("dedup.different", Group::Duplicates, "Different", "Keeps the two records apart for good and goes on.")
        .cli("dedup keep")
        .when("screen:duplicates && has:pair && !read_only"),
    Command::new("dedup.skip", Group::Duplicates, "Skip", "Leaves the pair for later and goes on.").when("screen:duplicates && has:pair"),
    Command::new("dedup.back", Group::Duplicates, "Back", "Shows the pair before.").when("screen:duplicates && has:pair"),
    Command::new("dedup.explain", Group::Duplicates, "Why", "Shows the fields and scores that speak for and against a duplicate.")
        .cli("dedup explain")
        .when("screen:duplicates && (has:pair || has:group)"),
    Command::new("dedup.split", Group::Duplicates, "Split", "Takes the selected record out of its group.")
        .cli("dedup split")
        .when("screen:duplicates && has:group && !read_only"),
    Command::new("dedup.view", Group::Duplicates, "Pairs or groups", "Changes between the possible pairs and the groups.")
        .cli("dedup list")
        .when("screen:duplicates"),
    Command::new("dedup.rule", Group::Duplicates, "One rule", "Shows only what one rule found; again for the next rule, at last all.")
        .when("screen:duplicates"),
    Command::new("dedup.record", Group::Duplicates, "Whole record", "Shows the group's record field by field, with the source of each.")
        .when("screen:duplicates && has:group"),
    // Screening
    Command::new("screen.include", Group::Screening, "Include", "Votes to include the record and goes on to the next.")
        .cli("screen vote")
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.maybe", Group::Screening, "Maybe", "Votes maybe on the record and goes on to the next.")
        .cli("screen vote")
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.exclude", Group::Screening, "Exclude", "Votes to exclude the record and goes on to the next.")
        .cli("screen vote")
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.exclude_because", Group::Screening, "Exclude because", "Votes to exclude the record for a reason of the list.")
        .cli("screen vote")
        .args(&[REASON])
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.skip", Group::Screening, "Skip", "Leaves the record for later and shows the next.")
        .cli("screen next")
        .when("screen:screening && has:record"),
    Command::new("screen.back", Group::Screening, "Back", "Shows the record before.").when("screen:screening && has:record"),
    Command::new("screen.note", Group::Screening, "Note", "Writes your note on the record, kept at once; an empty one takes it away.")
        .cli("screen note")
        .args(&[NOTE])
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.tag", Group::Screening, "Tag", "Puts a tag of the list or a new one on the record, or takes it away.")
        .cli("screen tag")
        .args(&[argument("TAG", "a word or a few")])
        .when("screen:screening && has:record && !read_only"),
    Command::new("screen.key_paper", Group::Screening, "Key paper", "Marks the record as a key paper, or no longer.")
        .cli("screen star")
        .when("screen:screening && has:record && !read_only"),
    Command::new(
        "screen.reference_list",
        Group::Screening,
        "Check references",
        "Marks that its reference list is worth checking, or no longer.",
    )
    .cli("screen star")
    .when("screen:screening && has:record && !read_only"),
    Command::new(
        "screen.jump",
        Group::Screening,
        "Go to record",
        "Shows the record of a number in the list, a name, a DOI, a PMID, or a place such as file.ris#12.",
    )
    .cli("show")
    .args(&[argument("RECORD", "its number in the list, its name, FILE#N, doi:... or pmid:...")])
    .when("screen:screening"),
    Command::new("screen.open_link", Group::Screening, "Open link", "Opens the record's DOI, PubMed page or other link in the browser.")
        .args(&[argument("URL", "one of the record's addresses")])
        .when("screen:screening && has:record"),
    Command::new("screen.copy", Group::Screening, "Copy", "Puts DOI, PMID, reference, title or link into the clipboard of the terminal.")
        .args(&[argument("WHAT", "doi, pmid, reference, title or link")])
        .when("screen:screening && has:record"),
    Command::new(
        "screen.words",
        Group::Screening,
        "Words",
        "Changes the words that are highlighted: adds one, moves it to another list, removes it.",
    )
    .cli("words add")
    .args(&[argument("WORD", "a word or phrase"), argument("LIST", "the list, or none to take it off")])
    .when("screen:screening && !read_only"),
    Command::new("words.list", Group::Screening, "Words, list by list", "Lists the words that are highlighted while reading.")
        .cli("words list")
        .only_on_command_line("On the screen the lists open where words are changed."),
    Command::new("words.remove", Group::Screening, "Remove words", "Takes words off the lists.")
        .cli("words remove")
        .only_on_command_line("On the screen a word is taken off where it is chosen."),
    Command::new("words.usual", Group::Screening, "Usual words", "Lists words that many reviews use and yours does not, or adds them.")
        .cli("words usual")
        .only_on_command_line("On the screen they are offered in the list of words."),
    Command::new("words.load", Group::Screening, "Words from a file", "Puts the words of a table on the lists.")
        .cli("words load")
        .args(&[FILE])
        .only_on_command_line(BULK),
    Command::new("screen.criteria", Group::Screening, "Criteria", "Shows the eligibility criteria and the exclusion reasons.")
        .when("screen:screening"),
    Command::new("screen.raw", Group::Screening, "Raw record", "Shows the record's text as it stood in the imported file.")
        .when("screen:screening && has:record"),
    Command::new(
        "screen.remove",
        Group::Screening,
        "Remove before screening",
        "Takes the record out before screening, with the reason in words.",
    )
    .args(&[argument("KIND", "automation, other or restored"), argument("WHY", "why it is taken out")])
    .when("screen:screening && has:record && !read_only"),
    Command::new("screen.list", Group::Screening, "List", "Changes between one record and the list of records.")
        .cli("screen list")
        .when("screen:screening"),
    Command::new("screen.filter", Group::Screening, "Filter", "Chooses which records are listed by your vote or their state.")
        .when("screen:screening"),
    Command::new(
        "screen.order",
        Group::Screening,
        "Order",
        "Chooses the order of the records: import, year, title, author, or random with a seed.",
    )
    .cli("screen order")
    .args(&[argument("ORDER", "import, newest, oldest, title, author or random"), argument("SEED", "the seed of a random order")])
    .when("screen:screening"),
    Command::new("screen.batch", Group::Screening, "Batch", "Takes the next records as a batch to be done in one go; 0 ends it.")
        .cli("screen batch")
        .args(&[argument("SIZE", "how many records; 0 ends the batch")])
        .when("screen:screening"),
    Command::new("screen.highlight", Group::Screening, "Highlight", "Shows or hides the words that speak for and against a record.")
        .when("screen:screening"),
    Command::new("screen.stats", Group::Screening, "Progress", "Shows how far each reviewer has come.")
        .cli("screen stats")
        .when("screen:screening"),
    Command::new("screen.agreement", Group::Screening, "Agreement", "Shows how far two reviewers agreed, with kappa.")
        .cli("agreement")
        .when("screen:screening || screen:fulltext || screen:conflicts"),
    Command::new("screen.votes", Group::Screening, "Votes from a file", "Takes your votes from a table of records and votes.")
        .cli("screen votes")
        .args(&[FILE])
        .only_on_command_line(BULK),
    Command::new("screen.tags", Group::Screening, "Tags in use", "Lists the tags that you may see, with the number of records.")
        .cli("screen tags")
        .only_on_command_line("On the screen the list of tags opens where one is put on a record."),
    // Rounds
    Command::new("round.start", Group::Screening, "Start a round", "Draws a random sample that all screen before they compare.")
        .cli("round start")
        .args(&[argument("N", "how many records")])
        .when("screen:rounds && !read_only"),
    Command::new("round.open", Group::Screening, "Open", "Opens the records of the round, or the selected record for reading.")
        .cli("round show")
        .when("screen:rounds && has:round"),
    Command::new("round.back", Group::Screening, "Back", "Goes back from the listed records to the rounds.")
        .when("screen:rounds && has:records"),
    Command::new("round.differ", Group::Screening, "All or differing", "Changes between all records of the round and those in dispute.")
        .cli("round show")
        .when("screen:rounds && has:sample"),
    Command::new("round.cell", Group::Screening, "Open a cell", "Lists the records behind one number of the table of agreement.")
        .cli("agreement")
        .when("screen:rounds"),
    Command::new("round.close", Group::Screening, "Close the round", "Ends the round; its records are screened like any others.")
        .cli("round close")
        .when("screen:rounds && has:round && !read_only"),
];
