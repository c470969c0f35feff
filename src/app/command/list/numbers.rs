//! The commands of numbers: extraction, consensus, warnings, analyses, figures, and what leaves the review.

use super::{FILE, SCRIPTS, WHY, argument};
use crate::app::command::{Argument, Command, Group};

const WHY_IT_STANDS: Argument = argument("WHY", "why the number may stand");
const DOMAIN: Argument = argument("DOMAIN", "the domain, the starting level included");
const RATING: Argument = argument("RATING", "the rating");
const WHY_RATED: Argument = argument("WHY", "why, where the rating moves the certainty");
const RISK: Argument = argument("RISK", "people of 1000 with the event");
const WHY_LEFT_OUT: Argument = argument("WHY", "why the study is left out");
const ANSWER: Argument = argument("ANSWER", "the answer, or the judgement");
const WHICH: Argument = argument("WHICH", "this study, or all of them");
const NUMBER: Argument = argument("NUMBER", "the number of the answer in the list");
const VALUE: Argument = argument("VALUE", "the value as the report prints it");

/// The commands of what follows: numbers, figures, history.
pub(super) const NUMBERS: &[Command] = &[
    // Extraction
    Command::new("extract.edit", Group::Extraction, "Edit", "Edits the selected field.")
        .cli("extract set")
        .args(&[VALUE])
        .when("screen:extraction && has:field && !read_only && !designing"),
    Command::new("extract.source", Group::Extraction, "Page and quote", "Notes the page and the words that the value comes from.")
        .cli("extract set")
        .when("screen:extraction && has:field && !read_only"),
    Command::new(
        "extract.read",
        Group::Extraction,
        "Text of the PDF",
        "Shows the text of a report beside the form; again goes back to the form.",
    )
    .cli("fulltext text")
    .when("screen:extraction && (has:field || reading)"),
    Command::new("extract.clear", Group::Extraction, "Clear", "Empties the selected field.")
        .cli("extract set")
        .when("screen:extraction && has:field && !read_only && !designing"),
    Command::new("extract.open", Group::Extraction, "Open", "Opens your draft of the selected study.")
        .cli("extract show")
        .when("screen:extraction && has:study && has:form && !has:field && !designing"),
    Command::new("extract.list", Group::Extraction, "Studies or form", "Changes between the list of studies and the form of one.")
        .when("screen:extraction && has:study && !designing"),
    Command::new("extract.grid", Group::Extraction, "Tables or list", "Changes between tables of arms and numbers and one list of fields.")
        .when("screen:extraction && has:field && !designing"),
    Command::new("grid.left", Group::Extraction, "Cell before", "Goes to the column before in a table.")
        .when("screen:extraction && grid && !designing && !reading"),
    Command::new("grid.right", Group::Extraction, "Cell behind", "Goes to the column behind in a table.")
        .when("screen:extraction && grid && !designing && !reading"),
    Command::new("grid.next", Group::Extraction, "Next cell", "Goes to the next cell, at the end of a row to the next row.")
        .when("screen:extraction && grid && !designing && !reading && !typing"),
    Command::new("grid.back", Group::Extraction, "Back one cell", "Goes back one cell, at the beginning of a row to the row above.")
        .when("screen:extraction && grid && !designing && !reading && !typing"),
    Command::new("grid.next_table", Group::Extraction, "Next table", "Goes to the next outcome, time point or section.")
        .when("screen:extraction && grid && !designing && !reading"),
    Command::new("grid.previous_table", Group::Extraction, "Table before", "Goes to the outcome, time point or section before.")
        .when("screen:extraction && grid && !designing && !reading"),
    Command::new(
        "grid.format",
        Group::Extraction,
        "Other format",
        "Shows the next format that an outcome accepts, at last all its numbers.",
    )
    .when("screen:extraction && grid && !designing && !reading"),
    Command::new("extract.not_reported", Group::Extraction, "Not reported", "Notes that the reports do not give the selected field.")
        .cli("extract set")
        .when("screen:extraction && has:field && !reading && !read_only"),
    Command::new("extract.unclear", Group::Extraction, "Unclear", "Notes that the reports give the selected field, but not clearly.")
        .cli("extract set")
        .when("screen:extraction && has:field && !read_only && !designing"),
    Command::new(
        "extract.same_source",
        Group::Extraction,
        "Same source",
        "Gives the selected value the report and page that you noted last.",
    )
    .cli("extract set")
    .when("screen:extraction && has:field && !read_only"),
    Command::new(
        "extract.keep_source",
        Group::Extraction,
        "Keep the source",
        "Gives every value that you type from now on one report and page, or stops doing so.",
    )
    .when("screen:extraction && has:field && !read_only"),
    Command::new("extract.next", Group::Extraction, "Next study", "Shows the next study.").when("screen:extraction && has:study"),
    Command::new("extract.previous", Group::Extraction, "Previous study", "Shows the study before.")
        .cli("extract show")
        .when("screen:extraction && has:study"),
    Command::new("extract.submit", Group::Extraction, "Submit", "Submits your extraction of the study, which locks it.")
        .cli("extract submit")
        .when("screen:extraction && has:study && has:form && !read_only && !designing"),
    Command::new("extract.withdraw", Group::Extraction, "Withdraw", "Takes your submitted extraction of the study back.")
        .cli("extract withdraw")
        .when("screen:extraction && has:study && has:form && !read_only"),
    Command::new(
        "extract.mend",
        Group::Extraction,
        "Mend",
        "Does what the remark on the selected field proposes, such as treating an SD as SE.",
    )
    .cli("extract mend")
    .when("screen:extraction && has:mend && !read_only"),
    Command::new("warning.show", Group::Extraction, "Details", "Shows the selected warning whole, with its rule.")
        .cli("extract warnings")
        .when("screen:warnings && list"),
    Command::new("warning.mend", Group::Extraction, "Mend", "Does what the selected warning proposes, in your own draft.")
        .cli("extract mend")
        .when("screen:warnings && has:mend && !read_only"),
    Command::new("warning.dismiss", Group::Extraction, "Let stand", "Lets the selected warning stand, with the reason.")
        .cli("extract dismiss")
        .args(&[WHY_IT_STANDS])
        .when("screen:warnings && list && !read_only"),
    Command::new("warning.open", Group::Extraction, "Open again", "Opens a warning again that you let stand.")
        .cli("extract dismiss")
        .when("screen:warnings && has:dismissed && !read_only"),
    Command::new("extract.paste", Group::Extraction, "Paste a table", "Fills many fields at once from a table that you paste.")
        .cli("extract paste")
        .args(&[argument("TABLE", "what to do with the table that was pasted")])
        .when("screen:extraction && has:field && !read_only"),
    Command::new("extract.confirm", Group::Extraction, "Confirm", "Lets the selected value stand although the form changed since.")
        .cli("extract confirm")
        .when("screen:extraction && has:stale && !read_only"),
    Command::new(
        "extract.migrate",
        Group::Extraction,
        "New form version",
        "Shows what the version of the form in use changes for a study, and moves it there.",
    )
    .cli("extract migrate")
    .args(&[WHICH])
    .when("screen:extraction && has:behind && !read_only"),
    Command::new("extract.form", Group::Extraction, "Form", "Shows the extraction form with its guidance.")
        .cli("form show")
        .when("screen:extraction && has:form"),
    Command::new("form.check", Group::Extraction, "Check a form", "Checks the file of an extraction form and lists what is wrong.")
        .cli("form check")
        .args(&[FILE])
        .only_on_command_line("Forms are written in an editor and checked beside it."),
    Command::new("form.design", Group::Extraction, "Design the form", "Opens the form as a list of its parts and keys to be changed.")
        .when("screen:extraction && has:form && !designing && !read_only"),
    Command::new("designer.close", Group::Extraction, "Back to the studies", "Leaves the designer; what is not saved waits there.")
        .when("screen:extraction && designing"),
    Command::new("designer.edit", Group::Extraction, "Edit", "Opens the keys of the selected part, or changes the selected key.")
        .when("screen:extraction && designing && has:entry"),
    Command::new("designer.back", Group::Extraction, "Back to the parts", "Leaves the keys of a part.")
        .when("screen:extraction && designing && has:keys && !searchable"),
    Command::new(
        "designer.add",
        Group::Extraction,
        "Add",
        "Adds a field, arm, outcome, time point, analysis, appraisal or check after the selected part.",
    )
    .when("screen:extraction && designing"),
    Command::new("designer.remove", Group::Extraction, "Take out", "Takes the selected part or key out of the form.")
        .when("screen:extraction && designing && has:entry"),
    Command::new("designer.up", Group::Extraction, "Move up", "Moves the selected part up by one.")
        .when("screen:extraction && designing && has:entry"),
    Command::new("designer.down", Group::Extraction, "Move down", "Moves the selected part down by one.")
        .when("screen:extraction && designing && has:entry"),
    Command::new("designer.check", Group::Extraction, "Check", "Lists what is to be said about the form as it is now.")
        .cli("form check")
        .when("screen:extraction && designing"),
    Command::new("designer.undo", Group::Extraction, "Back one change", "Takes the last change back that is not saved.")
        .when("screen:extraction && designing && has:edits"),
    Command::new("designer.discard", Group::Extraction, "Discard", "Goes back to the form in use, without what is not saved.")
        .when("screen:extraction && designing && has:edits"),
    Command::new("designer.save", Group::Extraction, "Save", "Saves the form as its next version and takes it into use.")
        .cli("form use")
        .args(&[FILE])
        .when("screen:extraction && designing && !read_only"),
    Command::new(
        "form.template",
        Group::Extraction,
        "Begin with a template",
        "Takes a form for the kind of review into use, to be changed.",
    )
    .cli("form new")
    .args(&[argument("TEMPLATE", "the template")])
    .when("screen:extraction && !has:form && !read_only && !reading"),
    Command::new("form.templates", Group::Extraction, "Templates", "Lists the forms to begin with.")
        .cli("form templates")
        .only_on_command_line("The screen lists them where a review has no form yet."),
    Command::new("form.use", Group::Extraction, "Use a form", "Takes a file as the extraction form of the review.")
        .cli("form use")
        .args(&[FILE])
        .when("screen:extraction && !read_only"),
    Command::new("extract.load", Group::Extraction, "Load values", "Takes extracted values from a table.")
        .cli("extract load")
        .args(&[FILE])
        .only_on_command_line("It moves values in bulk from another tool, which wants a dry run and a report."),
    // Consensus
    Command::new("consensus.take_a", Group::Consensus, "Take A", "Agrees on the value of the first extraction and goes on.")
        .cli("extract agree")
        .args(&[WHY])
        .when("screen:consensus && has:difference && !read_only"),
    Command::new("consensus.take_b", Group::Consensus, "Take B", "Agrees on the value of the second extraction and goes on.")
        .cli("extract agree")
        .args(&[WHY])
        .when("screen:consensus && has:difference && !read_only"),
    Command::new("consensus.other", Group::Consensus, "Other value", "Agrees on a value that neither extraction has.")
        .cli("extract agree")
        .args(&[VALUE, argument("WHY", "where the value comes from")])
        .when("screen:consensus && has:difference && !read_only"),
    Command::new("consensus.next_open", Group::Consensus, "Next open value", "Goes to the next value that nobody has agreed on.")
        .when("screen:consensus && has:difference"),
    Command::new("consensus.filter", Group::Consensus, "Differences only", "Shows only values that differ, or all of them.")
        .cli("extract compare")
        .when("screen:consensus"),
    Command::new(
        "consensus.agreement",
        Group::Consensus,
        "Agreement",
        "Shows how far the extractors agreed in each field before consensus.",
    )
    .cli("agreement")
    .when("screen:consensus && has:study"),
    Command::new("consensus.next", Group::Consensus, "Next study", "Shows the next study.").when("screen:consensus && has:study"),
    Command::new("consensus.previous", Group::Consensus, "Previous study", "Shows the study before.").when("screen:consensus && has:study"),
    // Risk of bias
    Command::new("appraisal.open", Group::Appraisal, "Open", "Opens your appraisal of the selected study.")
        .cli("rob show")
        .when("screen:appraisal && has:entry"),
    Command::new("appraisal.list", Group::Appraisal, "List", "Goes back to the list of appraisals.")
        .cli("rob list")
        .when("screen:appraisal && has:study"),
    Command::new("appraisal.instruments", Group::Appraisal, "Instruments", "Lists the instruments that come with the program.")
        .cli("rob instruments")
        .only_on_command_line("The form names the instruments, and it is written in an editor."),
    Command::new("appraisal.compare", Group::Appraisal, "Compare", "Shows two appraisals side by side once both are handed in.")
        .cli("rob compare")
        .when("screen:appraisal && has:study"),
    Command::new("appraisal.answer", Group::Appraisal, "Answer", "Answers the selected question, or judges the selected domain.")
        .cli("rob set")
        .args(&[ANSWER])
        .when("screen:appraisal && has:field && !has:entry && !has:difference && !read_only"),
    Command::new(
        "appraisal.answer_nth",
        Group::Appraisal,
        "Answer by number",
        "Gives the answer with this number to the selected question.",
    )
    .args(&[NUMBER])
    .when("screen:appraisal && has:field && !has:entry && !has:difference && !read_only"),
    Command::new("appraisal.support", Group::Appraisal, "Support", "Notes the words and the page that support an answer.")
        .cli("rob set")
        .when("screen:appraisal && has:field && !has:entry && !has:difference && !read_only"),
    Command::new("appraisal.submit", Group::Appraisal, "Hand in", "Hands in your appraisal, which locks it.")
        .cli("rob submit")
        .when("screen:appraisal && has:study && !read_only"),
    Command::new("appraisal.withdraw", Group::Appraisal, "Take back", "Takes your handed-in appraisal back.")
        .cli("rob withdraw")
        .when("screen:appraisal && has:study && !read_only"),
    Command::new("appraisal.agree", Group::Appraisal, "Agree", "Settles the selected judgement, with the reason.")
        .cli("rob agree")
        .when("screen:appraisal && has:difference && !has:entry && !read_only"),
    Command::new("appraisal.next", Group::Appraisal, "Next", "Shows the next appraisal.").when("screen:appraisal && has:study"),
    Command::new("appraisal.previous", Group::Appraisal, "Previous", "Shows the appraisal before.").when("screen:appraisal && has:study"),
    // Findings
    Command::new("finding.rate", Group::Findings, "Rate", "Rates a domain of the selected finding: which, how, and why.")
        .cli("grade set")
        .args(&[DOMAIN, RATING, WHY_RATED])
        .when("screen:findings && has:analysis && !read_only"),
    Command::new("finding.baseline", Group::Findings, "Comparator risk", "Lays down the risk with the comparator for absolute effects.")
        .cli("grade set")
        .args(&[RISK, argument("WHY", "where the number comes from")])
        .when("screen:findings && has:analysis && !read_only"),
    Command::new("finding.comment", Group::Findings, "Comment", "Writes what the summary of findings says beside the numbers.")
        .cli("grade set")
        .args(&[argument("TEXT", "the comment; empty takes it away")])
        .when("screen:findings && has:analysis && !read_only"),
    Command::new("finding.show", Group::Findings, "Ratings", "Shows the ratings of an analysis and what speaks for rating.")
        .cli("grade show")
        .only_on_command_line("The screen shows them beside the list."),
    Command::new("finding.list", Group::Findings, "Findings", "Lists the analyses with absolute effects and certainty.")
        .cli("grade list")
        .only_on_command_line("The screen is the list."),
    Command::new("finding.table", Group::Findings, "Summary of findings", "Writes the summary of findings as CSV, Markdown or Word.")
        .cli("grade table")
        .only_on_command_line(SCRIPTS),
    // Analysis
    Command::new("analyse.next", Group::Analysis, "Next analysis", "Shows the next analysis.")
        .cli("analyse list")
        .when("screen:analysis && has:analysis"),
    Command::new("analyse.previous", Group::Analysis, "Previous analysis", "Shows the analysis before.")
        .when("screen:analysis && has:analysis"),
    Command::new("analyse.list", Group::Analysis, "Analyses", "Chooses one of the analyses of the form.")
        .cli("analyse list")
        .when("screen:analysis && has:analysis"),
    Command::new("analyse.run", Group::Analysis, "Run", "Pools the studies of the analysis again from the agreed values.")
        .cli("analyse run")
        .when("screen:analysis && has:analysis"),
    Command::new("analyse.details", Group::Analysis, "Details", "Shows the numbers, methods and warnings of the analysis.")
        .cli("analyse show")
        .when("screen:analysis && has:analysis"),
    Command::new("analyse.compare", Group::Analysis, "Conventions", "Shows the analysis under RevMan 5.4, RevMan Web and metafor.")
        .cli("analyse compare")
        .when("screen:analysis && has:analysis"),
    Command::new(
        "analyse.exclude",
        Group::Analysis,
        "Leave out",
        "Leaves the selected study out of the analysis, with the reason, or takes it in again.",
    )
    .cli("analyse exclude")
    .args(&[WHY_LEFT_OUT])
    .when("screen:analysis && has:study && !read_only"),
    Command::new("analyse.trace", Group::Analysis, "Trace", "Shows where each number of the selected study comes from.")
        .cli("extract trace")
        .when("screen:analysis && has:analysis && has:study"),
    Command::new("plot.kind", Group::Analysis, "Forest or funnel", "Changes between the forest plot and the funnel plot.")
        .cli("plot")
        .when("screen:analysis && has:analysis"),
    Command::new("plot.save", Group::Analysis, "Save figure", "Saves the shown figure as SVG, PNG or text.")
        .cli("plot")
        .args(&[FILE])
        .when("(screen:analysis || screen:flow) && has:figure"),
    Command::new("analyse.pool", Group::Analysis, "Pool a table", "Pools a table of numbers without a review.")
        .cli("pool")
        .args(&[FILE])
        .only_on_command_line("It needs no review, and its result is meant for scripts."),
    // Flow
    Command::new("flow.open", Group::Flow, "Open a box", "Lists the records behind a box of the diagram.")
        .cli("flow")
        .args(&[argument("BOX", "the box")])
        .when("screen:flow"),
    Command::new("flow.check", Group::Flow, "Check counts", "Checks that the numbers of the flow diagram add up.")
        .cli("flow")
        .when("screen:flow"),
    // History
    Command::new("log.show", Group::History, "Details", "Shows everything that the selected operation wrote.")
        .cli("log")
        .when("screen:log && has:operation"),
    Command::new("log.at", Group::History, "Flow at that moment", "Shows the flow diagram as it was after the selected operation.")
        .cli("flow")
        .when("screen:log && has:operation"),
    Command::new("log.undo", Group::History, "Take this back", "Takes the selected operation of yours back; it stays in the log.")
        .cli("undo")
        .when("screen:log && has:operation && !read_only"),
    Command::new("log.redo", Group::History, "Put this back", "Puts the selected operation of yours back after it was undone.")
        .cli("redo")
        .when("screen:log && has:operation && !read_only"),
    Command::new("review.merge", Group::History, "Merge a copy", "Merges what another copy of the review holds into this one.")
        .cli("merge")
        .args(&[FILE])
        .when("screen:log && !read_only"),
    Command::new("review.check", Group::History, "Check the file", "Checks the file for damage and contradictions.")
        .cli("check")
        .when("screen:log"),
    Command::new("review.backup", Group::History, "Back up", "Writes a verified copy of the file into the backup folder.")
        .cli("backup")
        .when("screen:log"),
    // Reference
    Command::new("reference.keys", Group::Reference, "List keys", "Prints every command with its keys.")
        .cli("keys")
        .only_on_command_line(SCRIPTS),
    Command::new("reference.schema", Group::Reference, "Schema", "Prints the tables of the review file.")
        .cli("schema")
        .only_on_command_line(SCRIPTS),
    Command::new("reference.completions", Group::Reference, "Completions", "Prints the completions for a shell.")
        .cli("completions")
        .args(&[argument("SHELL", "bash, elvish, fish, powershell or zsh")])
        .only_on_command_line(SCRIPTS),
    Command::new("reference.man", Group::Reference, "Manual page", "Prints the manual page.").cli("man").only_on_command_line(SCRIPTS),
];
