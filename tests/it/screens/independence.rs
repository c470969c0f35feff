//! Every question that the screens can ask, every change that they can make and every verb that reads: two reviews that differ in nothing
//! but how Ada judged are the same to Carl, letter by letter. A new question, change or verb fails here until somebody says how it is
//! asked, or why it need not be.

use std::collections::BTreeSet;

use strum::IntoEnumIterator;
use tamis::app::query::{AgreementCell, AgreementOrder, AgreementVotes, Queue};
use tamis::app::{CellEntry, Request, RequestKind, VoteEntry, Workspace};
use tamis::domain::decision::{Stage, Verdict};
use tamis::domain::flow::FlowBox;
use tamis::domain::highlight::{HighlightWord, WordList};
use tamis::domain::ids::{RecordId, ReviewerId, StudyId};
use tamis::domain::report::{RemovalKind, RetrievalState};
use tamis::domain::review::Role;
use tamis::domain::round::RoundVotes;
use tamis::tui::app_port::{AppService, Query, QueryKind};
use tamis::tui::port::Service;

use super::{grouped_review, vote_as};

/// How Ada judged, and what she wrote beside it.
#[derive(Clone, Copy)]
struct Hidden {
    verdict: Verdict,
    reason: &'static str,
    note: &'static str,
}

const ONE: Hidden = Hidden { verdict: Verdict::Include, reason: "population", note: "clearly eligible" };
const OTHER: Hidden = Hidden { verdict: Verdict::Exclude, reason: "design", note: "animals only" };

fn records(review: &Workspace) -> Vec<RecordId> {
    review.queue(Stage::TitleAbstract, Queue::All)
}

/// A review that Carl looks at. Ada has judged the first title, changed her mind twice on the third, judged a full text, taken one vote
/// back, and judged a record of an open round; Carl has judged none of these.
fn review(hidden: Hidden) -> Workspace {
    let mut review = grouped_review();
    let act = |review: &mut Workspace, who: &str| review.act_as(&ReviewerId::from(who)).expect("is of the review");
    let cast = |review: &mut Workspace, stage, record, verdict, reason: Option<&str>| {
        let note = Some(hidden.note.to_owned());
        let vote = VoteEntry { record, verdict, reason: reason.map(str::to_owned), note, milliseconds: None };
        review.run(Request::Vote { stage, votes: vec![vote] }).expect("votes");
    };
    for who in ["AB", "CD"] {
        vote_as(&mut review, who, 1, Verdict::Include).expect("votes");
    }
    act(&mut review, "AB");
    let all = records(&review);
    cast(&mut review, Stage::TitleAbstract, all[0], hidden.verdict, None);
    for verdict in [hidden.verdict, Verdict::Maybe, hidden.verdict] {
        cast(&mut review, Stage::TitleAbstract, all[2], verdict, None);
    }
    review.run(Request::Retrieve { record: all[1], state: RetrievalState::Retrieved, note: None }).expect("at hand");
    cast(&mut review, Stage::FullText, all[1], Verdict::Exclude, Some(hidden.reason));
    cast(&mut review, Stage::TitleAbstract, all[3], hidden.verdict, None);
    review.run(Request::Undo(None)).expect("takes it back");
    review.run(Request::StartRound { stage: Stage::TitleAbstract, size: 1, seed: Some(5), votes: RoundVotes::Count }).expect("starts");
    let of_round = review.queue(Stage::TitleAbstract, Queue::Undecided)[0];
    cast(&mut review, Stage::TitleAbstract, of_round, hidden.verdict, None);
    act(&mut review, "CD");
    review
}

/// The ways to ask one kind of question; none where another test asks it or it tells nothing about a review, with the reason.
fn questions(kind: QueryKind, review: &Workspace) -> Result<Vec<Query>, &'static str> {
    use QueryKind as K;
    let all = records(review);
    let stages = [Stage::TitleAbstract, Stage::FullText];
    let each =
        |ask: &dyn Fn(Stage, RecordId) -> Query| stages.iter().flat_map(|stage| all.iter().map(|record| ask(*stage, *record))).collect();
    let study = || StudyId::from("none");
    Ok(match kind {
        K::Overview => vec![Query::Overview],
        K::Setup => vec![Query::Setup],
        K::Progress => vec![Query::Progress],
        K::PolicyEffect => {
            let policies = stages.iter().map(|stage| review.policy(*stage));
            policies.map(|policy| Query::PolicyEffect(tamis::domain::policy::Policy { required_votes: 3, ..policy })).collect()
        }
        K::Flow => vec![Query::Flow],
        K::FlowAt => (0..=review.log_length()).map(Query::FlowAt).collect(),
        K::BoxRecords => FlowBox::iter().map(Query::BoxRecords).collect(),
        K::Sources => vec![Query::Sources],
        K::SourceRemarks => review.sources().into_iter().map(|source| Query::SourceRemarks(source.source.id.clone())).collect(),
        K::Groups => vec![Query::Groups],
        K::PossiblePairs => vec![Query::PossiblePairs],
        K::ExplainPair => vec![Query::ExplainPair(all[0], all[1])],
        K::Queue => stages.iter().flat_map(|stage| Queue::iter().map(|queue| Query::Queue(*stage, queue))).collect(),
        K::Unit => each(&Query::Unit),
        K::Units => stages.iter().map(|stage| Query::Units(*stage, all.clone())).collect(),
        K::Raw => all.iter().map(|record| Query::Raw(*record)).collect(),
        K::FindRecord => all.iter().map(|record| Query::FindRecord(record.to_string())).collect(),
        K::Conflicts => stages.map(Query::Conflicts).to_vec(),
        K::Agreement => stages.map(Query::Agreement).to_vec(),
        K::AgreementRecords => {
            let cell =
                |a: &str, b: &str| AgreementCell { a: "AB".to_owned(), a_said: a.to_owned(), b: "CD".to_owned(), b_said: b.to_owned() };
            let cells = || [cell("include", "include"), cell("include", "exclude"), cell("exclude", "include"), cell("exclude", "exclude")];
            let orders = [AgreementVotes::Outside, AgreementVotes::InRound(1)];
            let orders = orders.map(|votes| AgreementOrder { votes, ..AgreementOrder::of(Stage::TitleAbstract) });
            orders.iter().flat_map(|order| cells().map(|cell| Query::AgreementRecords(order.clone(), cell))).collect()
        }
        K::Rounds => vec![Query::Rounds],
        K::RoundRecords => vec![Query::RoundRecords(Stage::TitleAbstract, 1)],
        K::Reports => vec![Query::Reports],
        K::AttachedFile => all.iter().map(|record| Query::AttachedFile(*record)).collect(),
        K::Studies => vec![Query::Studies],
        K::Draft => vec![Query::Draft(study())],
        K::Comparison => vec![Query::Comparison(study())],
        K::Trace => vec![Query::Trace(study(), "condition".to_owned())],
        K::Paste => {
            vec![Query::Paste { study: study(), text: "1\t2".to_owned(), at: tamis::app::paste::PasteAt::Anywhere, is_turned: false }]
        }
        K::ExtractionAgreement => vec![Query::ExtractionAgreement],
        K::FormMove => vec![Query::FormMove],
        K::FormChanges => vec![Query::FormChanges("form = \"x\"\nversion = 1\ntitle = \"X\"\n".to_owned())],
        K::Form => vec![Query::Form],
        K::Analyses => vec![Query::Analyses],
        K::Analysis => vec![Query::Analysis("1".to_owned())],
        K::Findings => vec![Query::Findings],
        K::Log => vec![Query::Log { first: 0, limit: 1000 }],
        K::Check => vec![Query::Check],
        K::FormFile => return Err("it reads a file of the person, not the review"),
        K::SaveForm => return Err("it writes a text of the person into a file of the person"),
        K::SaveFigure => return Err("it draws what Flow and Analysis tell"),
        K::BackUp => return Err("it writes the whole file, which is for its owner"),
        other => return Err(asked_elsewhere(&other.to_string())),
    })
}

/// Kinds whose tests of independence stand beside their rules.
fn asked_elsewhere(kind: &str) -> &'static str {
    match kind {
        "pace" | "desk" => "it tells of the acting reviewer's own votes in this sitting",
        "search" | "filter" => "app::tests: queries are answered alike whatever others judged",
        "tags" => "app::tests::marks: tags of others show when their votes may",
        "mark" => "app::tests::marks: it answers from one's own marks alone",
        "set-order" | "take-batch" => "it changes the order for the acting reviewer alone",
        "attach-many" | "report-text" => "it is about files of reports, which no judgement touches",
        "study-hints" => "it compares records, which no judgement touches",
        "appraisals" | "appraisal" | "appraisal-comparison" => "cli::appraising: answers are one's own until all are in",
        "answer-appraisal" | "submit-appraisal" | "withdraw-appraisal" | "agree-judgement" => "cli::appraising: as their questions",
        "warnings" | "mend" => "cli::extracting: warnings are on one's own draft until all are in",
        "dismiss" => "cli::extracting: a dismissal is one's own until all drafts are in",
        "exclude-study" | "rate" => "it is about agreed values, which are open",
        "start-update" | "update" | "update-records" => "it counts records and what is decided, which is open",
        _ => "",
    }
}

#[test]
fn no_question_of_a_screen_is_answered_by_how_somebody_else_judged() {
    let mut services = [ONE, OTHER].map(|hidden| AppService::new(review(hidden)));
    for kind in QueryKind::iter() {
        let asked = match questions(kind, services[0].review()) {
            Ok(asked) => asked,
            Err(why) => {
                assert!(!why.is_empty(), "say how the question \"{kind}\" is asked, or why it need not be");
                continue;
            }
        };
        for query in asked {
            let [one, other] = services.each_mut().map(|service| format!("{:#?}", service.load(query.clone())));
            let differs = one.lines().zip(other.lines()).find(|(one, other)| one != other);
            assert!(differs.is_none() && one.len() == other.len(), "{query:?}: {differs:?}");
            assert!(!one.contains(ONE.note), "{query:?} tells the note");
        }
    }
}

/// The ways for Carl to make one kind of change; none where it is tried elsewhere, with the reason.
fn changes(kind: RequestKind, review: &Workspace) -> Result<Vec<Request>, &'static str> {
    use RequestKind as K;
    let all = records(review);
    let ops: Vec<_> = (1..=review.log_length()).map(|n| review.find_operation(&n.to_string()).expect("an operation")).collect();
    let stages = [Stage::TitleAbstract, Stage::FullText];
    let vote = |record| VoteEntry { record, verdict: Verdict::Include, reason: None, note: None, milliseconds: None };
    let study = || StudyId::from("none");
    Ok(match kind {
        K::SetReview => vec![Request::SetReview(review.review_info())],
        K::SetReviewer => {
            let entry =
                |is_active| Request::SetReviewer { id: "AB".into(), name: "Ada".to_owned(), roles: vec![Role::Reviewer], is_active };
            vec![entry(false), entry(true)]
        }
        K::SetCriteria => vec![Request::SetCriteria(Vec::new())],
        K::SetReasons => vec![Request::SetReasons(Vec::new())],
        K::SetWords => vec![Request::SetWords(vec![HighlightWord { list: WordList::Include, text: "pain".to_owned() }])],
        K::SetPolicy => stages.iter().map(|stage| Request::SetPolicy(review.policy(*stage))).collect(),
        K::AddSource => {
            vec![Request::AddSource { name: "New".to_owned(), kind: tamis::domain::source::SourceKind::Database, platform: None }]
        }
        K::FindDuplicates => return Err("it compares records, which no judgement touches, and tells how long that took"),
        K::Group => vec![Request::Group(vec![all[0], all[2]])],
        K::Split => all.iter().map(|record| Request::Split(vec![*record])).collect(),
        K::KeepApart => vec![Request::KeepApart(all[0], all[2])],
        K::Remove => {
            let remove = |record: &RecordId| Request::Remove { record: *record, kind: RemovalKind::Other, reason: "x".to_owned() };
            all.iter().map(remove).collect()
        }
        K::Vote => {
            stages.iter().flat_map(|stage| all.iter().map(|record| Request::Vote { stage: *stage, votes: vec![vote(*record)] })).collect()
        }
        K::StartRound => {
            stages.iter().map(|stage| Request::StartRound { stage: *stage, size: 2, seed: Some(1), votes: RoundVotes::Count }).collect()
        }
        K::CloseRound => [false, true].map(|is_early| Request::CloseRound { stage: Stage::TitleAbstract, number: None, is_early }).to_vec(),
        K::Resolve => {
            let settle =
                |stage, record| Request::Resolve { stage, record, verdict: Verdict::Include, reason: None, rationale: "x".to_owned() };
            stages.iter().flat_map(|stage| all.iter().map(|record| settle(*stage, *record))).collect()
        }
        K::Retrieve => {
            let note = |record: &RecordId| Request::Retrieve { record: *record, state: RetrievalState::NotRetrieved, note: None };
            all.iter().map(note).collect()
        }
        K::Attach => all.iter().map(|record| Request::Attach { record: *record, path: "none.pdf".into() }).collect(),
        K::LinkStudy => all.iter().map(|record| Request::LinkStudy { record: *record, study: "S".to_owned() }).collect(),
        K::UnlinkStudy => all.iter().map(|record| Request::UnlinkStudy { record: *record, study: "S".to_owned() }).collect(),
        K::UseForm => vec![Request::UseForm { file_name: "form.toml".to_owned(), text: String::new() }],
        K::MigrateStudies => vec![Request::MigrateStudies(vec![study()])],
        K::SetCells => {
            let cell = CellEntry { study: study(), path: "x".to_owned(), raw: None, report: None, page: None, quote: None };
            vec![Request::SetCells(vec![cell])]
        }
        K::SubmitDraft => vec![Request::SubmitDraft(study())],
        K::WithdrawDraft => vec![Request::WithdrawDraft(study())],
        K::Agree => {
            vec![Request::Agree { study: study(), path: "x".to_owned(), choice: "a".to_owned(), rationale: "x".to_owned() }]
        }
        K::Undo => ops.iter().map(|op| Request::Undo(Some(*op))).chain([Request::Undo(None)]).collect(),
        K::Redo => ops.iter().map(|op| Request::Redo(Some(*op))).chain([Request::Redo(None)]).collect(),
        K::Import => return Err("it reads a file of the person and answers about that alone"),
        K::Load => return Err("each row is one of the changes that are tried here; cli::blinding loads tables"),
        K::Merge => return Err("it answers with the number of operations and records"),
        other => return Err(asked_elsewhere(&other.to_string())),
    })
}

#[test]
fn no_change_is_answered_by_how_somebody_else_judged() {
    let looked_at = review(ONE);
    for kind in RequestKind::iter() {
        let asked = match changes(kind, &looked_at) {
            Ok(asked) => asked,
            Err(why) => {
                assert!(!why.is_empty(), "say how the change \"{kind}\" is made, or why it need not be");
                continue;
            }
        };
        for request in asked {
            // What Carl is told when he votes second is his to know; but not before.
            let [one, other] = [ONE, OTHER].map(|hidden| format!("{:?}", review(hidden).run(request.clone())));
            assert_eq!(one, other, "{request:?}");
        }
    }
}

/// The verbs that change something or need no review; what they print is the answer of a request above, or no part of a review.
const NO_READS: &[&str] = &[
    "demo",
    "init",
    "import",
    "pool",
    "plot",
    "merge",
    "check",
    "backup",
    "undo",
    "redo",
    "keys",
    "schema",
    "completions",
    "man",
    "mark",
    "update",
    "source add",
    "dedup run",
    "dedup group",
    "dedup split",
    "dedup keep",
    "dedup explain",
    "screen vote",
    "screen votes",
    "screen remove",
    "screen mark",
    "screen note",
    "screen tag",
    "screen star",
    "screen order",
    "screen batch",
    "round start",
    "round close",
    "fulltext retrieval",
    "fulltext attach",
    "fulltext attach-folder",
    "fulltext text",
    "fulltext vote",
    "fulltext votes",
    "fulltext load",
    "conflict resolve",
    "conflict later",
    "conflict load",
    "study link",
    "study unlink",
    "study load",
    "form",
    "extract set",
    "extract confirm",
    "extract paste",
    "extract load",
    "extract submit",
    "extract withdraw",
    "extract agree",
    "extract compare",
    "extract trace",
    "analyse compare",
    "analyse exclude",
    "grade set",
    "extract mend",
    "rob set",
    "rob submit",
    "rob withdraw",
    "rob agree",
    "rob compare",
    "rob instruments",
    "extract dismiss",
    "setup",
    "words add",
    "words load",
    "words remove",
];

#[test]
fn every_verb_of_the_command_line_that_reads_is_tried_by_the_test_of_blinding() {
    fn leaves(command: &clap::Command, before: &str, found: &mut BTreeSet<String>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let path = format!("{before} {}", verb.get_name()).trim().to_owned();
            if verb.get_subcommands().next().is_none() {
                found.insert(path.clone());
            }
            leaves(verb, &path, found);
        }
    }
    let mut all = BTreeSet::new();
    leaves(&tamis::cli::command(), "", &mut all);
    let begins = |path: &str, verb: &str| path == verb || path.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' '));
    let tried = crate::cli::tried();
    let forgotten: Vec<&String> =
        all.iter().filter(|path| !NO_READS.iter().any(|verb| begins(path, verb)) && !tried.iter().any(|read| begins(read, path))).collect();
    assert!(forgotten.is_empty(), "these verbs read, and no test tries them: {forgotten:?}");
}
