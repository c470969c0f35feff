//! `tamis flow`: the numbers of the PRISMA 2020 flow diagram.

use serde_json::{Map, Value, json};

use crate::app::draw::flow_model;
use crate::app::query::FlowView;
use crate::app::{Error, Workspace};
use crate::cli::args::words;
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::output::{Output, Table};
use crate::cli::report::{Done, Failure};
use crate::domain::cycle::CycleNumber;
use crate::domain::flow::{FlowBox, LabelledCount};
use crate::figure::text::flow_text;

use super::update::cycle_of;

/// The boxes that can be opened.
pub const BOXES: &[&str] = &[
    "identified",
    "duplicates",
    "automation",
    "removed_other",
    "screened",
    "excluded",
    "pending_screening",
    "sought",
    "not_retrieved",
    "assessed",
    "reports_excluded",
    "included",
    "other_identified",
    "other_sought",
    "other_not_retrieved",
    "other_assessed",
    "other_excluded",
];

/// Show the numbers of the PRISMA 2020 flow diagram
#[derive(Debug, clap::Args)]
pub struct FlowArgs {
    /// Check that the numbers add up; exit code 3 where they do not
    #[arg(long)]
    check: bool,
    /// As they were after so many operations of the log
    #[arg(long, value_name = "SEQ")]
    at: Option<usize>,
    /// Of one version: a label, the number of an update, or first; otherwise of the latest
    #[arg(long, value_name = "VERSION", conflicts_with = "at")]
    version: Option<String>,
    /// List the records behind a box
    #[arg(long, value_name = "BOX", value_parser = words::<FlowBox>(BOXES), conflicts_with_all = ["check", "at"])]
    open: Option<FlowBox>,
}

/// Runs the verb.
pub fn run(args: &FlowArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    if let Some(flow_box) = args.open {
        let cycle = cycle_of(&workspace, args.version.as_deref())?;
        return open(&workspace, flow_box, cycle, &mut context.out);
    }
    let view = match &args.version {
        Some(version) => workspace.flow_of_cycle(workspace.find_version(version)?),
        None => view(&workspace, args.at)?,
    };
    let out = &mut context.out;
    if out.is_json() {
        let mut object = object(&view);
        if args.check {
            object.insert("identities".to_owned(), view.identities.iter().map(identity).collect::<Vec<_>>().into());
        }
        out.json(&object)?;
    } else if args.check {
        print_identities(&view, out)?;
    } else {
        let model = flow_model(&workspace.review_info().title, &view);
        let width = u16::try_from(out.drawing_width()).unwrap_or(u16::MAX);
        out.figure(&flow_text(&model, width))?;
    }
    let is_wrong = view.identities.iter().any(|identity| !identity.holds());
    if args.check && is_wrong { Err(Failure::Problems) } else { Ok(()) }
}

/// Returns the flow now, or as it was after so many operations.
pub fn view(workspace: &Workspace, at: Option<usize>) -> Done<FlowView> {
    match at {
        None => Ok(workspace.flow()),
        Some(at) => Ok(workspace.flow_at(checked_place(workspace, at)?)?),
    }
}

/// Checks that the log has so many operations.
pub fn checked_place(workspace: &Workspace, at: usize) -> Done<usize> {
    let length = workspace.log_length();
    if at == 0 || at > length {
        return Err(Error::not_found(format!("the log has operations 1 to {length}, not {at}")).hint("tamis log shows them").into());
    }
    Ok(at)
}

/// Returns the numbers under the keys of the PRISMA2020 R package. Numbers are numbers; boxes that divide are objects.
pub fn object(view: &FlowView) -> Map<String, Value> {
    let flow = &view.flow;
    let by_label = |counts: &[LabelledCount]| -> Value {
        counts.iter().map(|count| (count.label.clone(), Value::from(count.count))).collect::<Map<_, _>>().into()
    };
    let sum = |counts: &[LabelledCount]| -> usize { counts.iter().map(|count| count.count).sum() };
    let previous = flow.previous.unwrap_or_default();
    let pairs: [(&str, Value); 29] = [
        ("database_results", sum(&flow.databases).into()),
        ("database_specific_results", by_label(&flow.databases)),
        ("register_results", sum(&flow.registers).into()),
        ("register_specific_results", by_label(&flow.registers)),
        ("website_results", flow.websites.into()),
        ("organisation_results", flow.organisations.into()),
        ("citations_results", flow.citations.into()),
        ("duplicates", flow.duplicates.into()),
        ("excluded_automatic", flow.automation.into()),
        ("excluded_other", flow.removed_other.into()),
        ("records_screened", flow.screened.into()),
        ("records_excluded", flow.excluded.into()),
        ("dbr_sought_reports", flow.searched.sought.into()),
        ("dbr_notretrieved_reports", flow.searched.not_retrieved.into()),
        ("dbr_assessed", flow.searched.assessed.into()),
        ("dbr_excluded", by_label(&flow.searched.excluded)),
        ("other_sought_reports", flow.other.sought.into()),
        ("other_notretrieved_reports", flow.other.not_retrieved.into()),
        ("other_assessed", flow.other.assessed.into()),
        ("other_excluded", by_label(&flow.other.excluded)),
        ("previous_studies", previous.studies.into()),
        ("previous_reports", previous.reports.into()),
        ("new_studies", flow.studies.into()),
        ("new_reports", flow.reports.into()),
        ("total_studies", flow.total.studies.into()),
        ("total_reports", flow.total.reports.into()),
        ("total_studies_ma", view.studies_in_analysis.into()),
        ("pending", view.pending.into()),
        (
            "waiting",
            json!({
                "screening": flow.pending_screening,
                "retrieval": flow.searched.pending_retrieval + flow.other.pending_retrieval,
                "decision": flow.searched.pending_decision + flow.other.pending_decision,
                "ongoing": flow.searched.ongoing + flow.other.ongoing,
                "awaiting_classification": flow.searched.awaiting + flow.other.awaiting,
                "other_not_sought": flow.other_not_sought,
                "added_to_previous": flow.added_reports,
                "reports_without_study": flow.reports_without_study,
            }),
        ),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn identity(identity: &crate::domain::flow::Identity) -> Value {
    let mut object = json::of(identity);
    if let Some(keys) = object.as_object_mut() {
        keys.insert("holds".to_owned(), identity.holds().into());
    }
    object
}

fn print_identities(view: &FlowView, out: &mut Output) -> Done {
    let mut table = Table::new(&["", ">left", ">right", "~identity"]);
    for identity in &view.identities {
        let word = if identity.holds() { "ok" } else { "WRONG" };
        table.row([word, &identity.left.to_string(), &identity.right.to_string(), identity.name]);
    }
    out.table(&table)?;
    let wrong = view.identities.iter().filter(|identity| !identity.holds()).count();
    let waiting =
        if view.pending > 0 { format!("; {} still wait for a vote, a settlement or a document", view.pending) } else { String::new() };
    out.line(if wrong == 0 {
        format!("The numbers add up{waiting}.")
    } else {
        format!("{wrong} of {} identities do not hold{waiting}.", view.identities.len())
    })
}

fn open(workspace: &Workspace, flow_box: FlowBox, cycle: CycleNumber, out: &mut Output) -> Done {
    let records = workspace.box_records_of_cycle(flow_box, cycle)?;
    if out.is_json() {
        return out.json(&json!({ "box": flow_box, "total": records.len(), "records": records }));
    }
    let mut table = Table::new(&["record", ">year", "~title", "source"]);
    for line in &records {
        table.row([&line.record.to_string(), &line.year.map(|year| year.to_string()).unwrap_or_default(), &line.title, &line.source_id]);
    }
    out.table(&table)?;
    if records.is_empty() {
        out.talk("this box is empty");
    }
    Ok(())
}
