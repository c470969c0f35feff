//! `tamis screen`: screening of titles and abstracts.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::app::query::Queue;
use crate::app::{Detail, LARGEST_BATCH, Request, VoteEntry, VoteOrder, Workspace};
use crate::cli::args::{QUEUES, words};
use crate::cli::context::{Context, read_bytes};
use crate::cli::output::Table;
use crate::cli::report::{Done, Failure};
use crate::domain::decision::{Stage, Verdict};
use crate::domain::order::ScreeningOrder;
use crate::domain::report::RemovalKind;
use crate::domain::text::{clean_line, counted};

use super::{card, load, mark, plain, screen_or_help};

/// Screen titles and abstracts
#[derive(Debug, clap::Args)]
pub struct ScreenArgs {
    /// One record after another on plain lines with a question: for screen readers and plain terminals
    #[arg(long)]
    plain: bool,
    /// What to do.
    #[command(subcommand)]
    verb: Option<ScreenVerb>,
}

/// Where votes are read from, and whose they are.
#[derive(Debug, clap::Args)]
pub struct VotesArgs {
    /// A table of votes, or an export of Rayyan, Covidence, ASReview or Abstrackr with decisions in it
    #[arg(required_unless_present = "from")]
    file: Option<PathBuf>,
    /// Take over the decisions that the imported records of this source or file hold
    #[arg(long, value_name = "SOURCE", conflicts_with = "file")]
    from: Option<String>,
    /// Your name in the file, where it holds decisions of several people
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// The vote on records without a decision, for a list of one kind such as Covidence's irrelevant studies
    #[arg(long, value_name = "VOTE", value_parser = words::<Verdict>(&["include", "maybe", "exclude"]))]
    every: Option<Verdict>,
    /// The decisions were made blind to each other, so they may enter agreement statistics
    #[arg(long)]
    blinded: bool,
    /// Tell what would be recorded, and record nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    load: load::LoadArgs,
}

#[derive(Debug, Subcommand)]
enum ScreenVerb {
    /// Show the next record that waits for your vote
    Next,
    /// Vote on a record
    Vote {
        /// The record: its name, FILE#N, doi:... or pmid:...
        record: String,
        /// The vote
        #[arg(value_parser = words::<Verdict>(&["include", "maybe", "exclude"]))]
        vote: Verdict,
        /// The code of an exclusion reason
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// A note
        #[arg(long, value_name = "T")]
        note: Option<String>,
    },
    /// Cast your votes from a table (columns record, vote, and perhaps reason and note), or take over your decisions from another tool
    Votes(VotesArgs),
    /// Write your note on a record
    Note(mark::NoteArgs),
    /// Put tags on a record, or take them away
    Tag(mark::TagArgs),
    /// Mark a record as a key paper, or its reference list as worth checking
    Star(mark::StarArgs),
    /// List the tags in use
    Tags,
    /// List records by your vote, their state, or what they hold
    #[command(after_long_help = crate::cli::text::search_help())]
    List {
        /// Which records [default: undecided; all with --filter]
        #[arg(long, value_parser = words::<Queue>(QUEUES))]
        queue: Option<Queue>,
        /// Only records that fit a query, such as: "ketamine -animal year:2010..2015"
        #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
        filter: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Show or choose the order in which you screen; it is remembered in the file
    Order {
        /// The order; without it, the present one is shown
        #[arg(value_parser = words::<OrderWord>(ScreeningOrder::WORDS))]
        order: Option<OrderWord>,
        /// The seed of a random order [default: a new one]
        #[arg(long, value_name = "N", requires = "order")]
        seed: Option<u32>,
    },
    /// Take the next records as a batch, or show how far the present one is
    Batch {
        /// How many records
        #[arg(value_parser = clap::value_parser!(u16).range(1..=LARGEST_BATCH as i64))]
        size: Option<u16>,
        /// End the batch: all records wait again
        #[arg(long, conflicts_with = "size")]
        end: bool,
    },
    /// Show how far each reviewer has come, your pace, and how long the rest may take
    Stats,
    /// Take a record out before screening, or put it back
    Remove {
        /// The record
        record: String,
        /// By an automation tool, for another reason, or put back
        #[arg(long, default_value = "other", value_parser = words::<RemovalKind>(&["automation", "other", "restored"]))]
        kind: RemovalKind,
        /// Why
        #[arg(long, value_name = "T", default_value = "")]
        reason: String,
    },
}

/// Runs the verb.
pub fn run(args: ScreenArgs, context: &mut Context) -> Done {
    if args.plain && args.verb.is_none() {
        let mut workspace = context.open()?;
        return plain::run(&mut workspace, &mut std::io::stdin().lock(), context);
    }
    let Some(verb) = args.verb else { return screen_or_help("screen", "screening", context) };
    let mut workspace = context.open()?;
    match verb {
        ScreenVerb::Next => next(&workspace, context),
        ScreenVerb::Vote { record, vote, reason, note } => {
            let entry = VoteEntry { record: workspace.find_record(&record)?, verdict: vote, reason, note, milliseconds: None };
            cast(Stage::TitleAbstract, vec![entry], &mut workspace, context)
        }
        ScreenVerb::Votes(args) => votes(Stage::TitleAbstract, &args, &mut workspace, context),
        ScreenVerb::Note(args) => mark::note(args, &mut workspace, context),
        ScreenVerb::Tag(args) => mark::tag(args, &mut workspace, context),
        ScreenVerb::Star(args) => mark::star(&args, &mut workspace, context),
        ScreenVerb::Tags => mark::tags(&workspace, context),
        ScreenVerb::List { queue, filter, limit } => list(&workspace, queue, filter.as_deref(), limit, context),
        ScreenVerb::Order { order, seed } => self::order(order.map(|word| word.0), seed, &mut workspace, context),
        ScreenVerb::Batch { size, end } => batch(size, end, &mut workspace, context),
        ScreenVerb::Stats => stats(&workspace, context),
        ScreenVerb::Remove { record, kind, reason } => {
            let record = workspace.find_record(&record)?;
            context.change(&mut workspace, Request::Remove { record, kind, reason })
        }
    }
}

/// Casts votes and says how many still wait.
pub fn cast(stage: Stage, votes: Vec<VoteEntry>, workspace: &mut Workspace, context: &mut Context) -> Done {
    let reply = workspace.run(Request::Vote { stage, votes })?;
    let remaining = workspace.remaining(stage);
    context.out.reply_with(&reply, &[("remaining", remaining.into())])?;
    if remaining > 0 {
        let verb = if stage == Stage::TitleAbstract { "screen" } else { "fulltext" };
        context.out.next(&format!("{remaining} more wait for your vote: tamis {verb} next"));
    }
    Ok(())
}

/// Casts the votes of a table, or takes over the decisions of an export; one wrong row stops all, unless told otherwise.
pub fn votes(stage: Stage, args: &VotesArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let order =
        VoteOrder { stage, person: args.person.clone(), every: args.every, is_blinded: args.blinded, keeps_going: args.load.keep_going };
    let load = match (&args.from, &args.file) {
        (Some(source), _) if args.dry_run => {
            let tally = workspace.decisions_of_source(source)?;
            if !context.out.is_json() {
                for line in tally.told() {
                    context.out.talk(&clean_line(&format!("{source} holds {line}")));
                }
            }
            workspace.votes_of_source(&order, source)?
        }
        (Some(source), _) => workspace.votes_of_source(&order, source)?,
        (None, Some(file)) => {
            let (name, bytes) = read_bytes(file)?;
            workspace.votes_of_file(&order, &bytes, &name)?
        }
        (None, None) => return Err(Failure::usage("there is nothing to read votes from", "name a file, or --from SOURCE")),
    };
    let reply = if args.dry_run { workspace.preview(load)? } else { workspace.run(Request::Load(load))? };
    let remaining = workspace.remaining(stage);
    let cast = if let Detail::Load(report) = &reply.detail { report.changed } else { 0 };
    load::tell(&reply, &[("cast", cast.into()), ("remaining", remaining.into())], context)?;
    if let Detail::Load(report) = &reply.detail {
        for line in report.aside.told(stage) {
            context.out.talk(&line);
        }
    }
    if args.dry_run {
        context.out.talk("nothing was recorded");
    } else {
        context.tell_next(workspace);
    }
    Ok(())
}

fn next(workspace: &Workspace, context: &mut Context) -> Done {
    workspace.acting()?;
    let batch = workspace.batch();
    if let Some(batch) = batch.filter(|batch| batch.done == batch.size) {
        let done = format!("The batch of {} is done.", counted(batch.size, "record"));
        if context.out.is_json() {
            return context.out.json(&json!({ "record": null, "remaining": workspace.remaining(Stage::TitleAbstract), "batch": batch }));
        }
        context.out.line(done)?;
        context.out.next("take the next batch, or end it: tamis screen batch N, tamis screen batch --end");
        return Ok(());
    }
    let queue = workspace.queue(Stage::TitleAbstract, if batch.is_some() { Queue::Batch } else { Queue::Undecided });
    if let Some(batch) = batch.filter(|_| !context.out.is_json()) {
        context.out.talk(&format!("{} of {} in this batch", batch.done + 1, batch.size));
    }
    card::next(workspace, Stage::TitleAbstract, &queue, context)
}

fn order(order: Option<ScreeningOrder>, seed: Option<u32>, workspace: &mut Workspace, context: &mut Context) -> Done {
    if let Some(order) = order {
        let reply = workspace.run(Request::SetOrder { order: order.word().to_owned(), seed })?;
        let now = workspace.screening_order();
        return context.out.reply_with(&reply, &[("order", now.word().into()), ("seed", now.seed().into())]);
    }
    let now = workspace.screening_order();
    if context.out.is_json() {
        return context.out.json(&json!({ "order": now.word(), "seed": now.seed() }));
    }
    context.out.line(format!("You screen {}.", now.label()))
}

fn batch(size: Option<u16>, end: bool, workspace: &mut Workspace, context: &mut Context) -> Done {
    let size = if end { Some(0) } else { size.map(usize::from) };
    if let Some(size) = size {
        let reply = workspace.run(Request::TakeBatch(size))?;
        return context.out.reply_with(&reply, &[("batch", json!(workspace.batch()))]);
    }
    let batch = workspace.batch();
    if context.out.is_json() {
        return context.out.json(&json!({ "batch": batch, "remaining": workspace.remaining(Stage::TitleAbstract) }));
    }
    match batch {
        Some(batch) => context.out.line(format!("{} of {} in your batch are done.", batch.done, counted(batch.size, "record"))),
        None => {
            context.out.line("You work on no batch.")?;
            context.out.next("take the next records as one: tamis screen batch 50");
            Ok(())
        }
    }
}

/// An order of the command line, without its seed.
#[derive(Debug, Clone, Copy)]
struct OrderWord(ScreeningOrder);

impl std::str::FromStr for OrderWord {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "random" { Ok(Self(ScreeningOrder::Random(0))) } else { word.parse().map(Self) }
    }
}

fn list(workspace: &Workspace, queue: Option<Queue>, filter: Option<&str>, limit: Option<usize>, context: &mut Context) -> Done {
    let queue = queue.unwrap_or(if filter.is_some() { Queue::All } else { Queue::Undecided });
    let units = match filter {
        Some(query) => workspace.filter(Stage::TitleAbstract, queue, query, false)?.records,
        None => workspace.queue(Stage::TitleAbstract, queue),
    };
    let shown = &units[..units.len().min(limit.unwrap_or(usize::MAX))];
    let views = shown.iter().map(|unit| workspace.unit_view(Stage::TitleAbstract, *unit)).collect::<Result<Vec<_>, _>>()?;
    if context.out.is_json() {
        return context.out.json(&json!({ "queue": queue, "filter": filter, "total": units.len(), "records": views }));
    }
    let mut table = Table::new(&["record", ">year", "~title", "status", "your vote"]);
    for view in &views {
        let citation = &view.card.citation;
        table.row([
            view.card.record.to_string(),
            citation.year.map(|year| year.to_string()).unwrap_or_default(),
            citation.title.clone(),
            view.status.replace('_', " "),
            card::vote_words(view.mine.as_ref()),
        ]);
    }
    context.out.table(&table)?;
    let rest = units.len() - shown.len();
    if units.is_empty() && filter.is_some() {
        context.out.talk(&format!("no record in the queue \"{queue}\" fits"));
    } else if units.is_empty() {
        context.out.talk(&format!("no record is in the queue \"{queue}\""));
    } else if rest > 0 {
        context.out.talk(&format!("and {rest} more"));
    }
    Ok(())
}

fn stats(workspace: &Workspace, context: &mut Context) -> Done {
    let overview = workspace.overview();
    let desk = workspace.reviewer().filter(|person| person.votes()).map(|_| workspace.desk());
    let progress: Vec<_> = overview.progress.iter().filter(|person| person.stage == Stage::TitleAbstract).collect();
    if context.out.is_json() {
        let counts = crate::cli::json::of(&overview)["title_abstract"].clone();
        return context.out.json(&json!({ "counts": counts, "progress": progress, "desk": desk }));
    }
    let mut table = Table::new(&["reviewer", ">voted", ">of", ">%"]);
    for person in progress {
        let percent = if person.total > 0 { person.done as f64 / person.total as f64 * 100.0 } else { f64::NAN };
        table.row([person.reviewer.clone(), person.done.to_string(), person.total.to_string(), crate::figure::number::fixed(percent, 0)]);
    }
    context.out.table(&table)?;
    let counts = &overview.title_abstract;
    context.out.line(format!(
        "{} included, {} excluded, {} in conflict, {} waiting",
        counts.included,
        counts.excluded,
        counts.conflict,
        counts.unscreened + counts.partial
    ))?;
    let Some(desk) = desk.filter(|desk| desk.remaining > 0) else { return Ok(()) };
    if let Some(batch) = desk.batch {
        context.out.line(format!("{} of {} in your batch are done", batch.done, counted(batch.size, "record")))?;
    }
    match (desk.votes_per_hour, desk.time_left()) {
        (Some(rate), Some(left)) => context.out.line(format!("you vote on {rate:.0} records an hour; the rest takes {left} of screening")),
        (Some(rate), None) => {
            context.out.line(format!("you vote on {rate:.0} records an hour; too few votes to say how long the rest takes"))
        }
        (None, _) => Ok(()),
    }
}
