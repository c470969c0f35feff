//! `tamis dedup`: groups of duplicate records, and a person's verdicts.

use clap::Subcommand;
use serde_json::json;

use crate::app::query::{GroupView, ListedRecord, PairView};
use crate::app::{Detail, Request, Workspace};
use crate::cli::context::{Context, records};
use crate::cli::json;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::{count, cut};
use crate::dedup::{FieldEvidence, FieldVerdict, PairExplanation, PairVerdict};
use crate::domain::text::clean_line;
use crate::figure::number::fixed;

use super::screen_or_help;

/// Group duplicate records, and decide on pairs that need a person
#[derive(Debug, clap::Args)]
pub struct DedupArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<DedupVerb>,
}

#[derive(Debug, Subcommand)]
enum DedupVerb {
    /// Look for duplicates among all records; verdicts of people stay
    Run,
    /// List the groups and the pairs that need a person
    List {
        /// Only the pairs that need a person
        #[arg(long)]
        possible: bool,
    },
    /// Compare two records field by field and say what the program makes of them
    Explain {
        /// The one record: its name, FILE#N, doi:... or pmid:...
        a: String,
        /// The other record
        b: String,
    },
    /// Call records the same report
    Group {
        /// The records
        #[arg(required = true, num_args = 2.., value_name = "RECORD")]
        records: Vec<String>,
    },
    /// Take records out of their groups
    Split {
        /// The records
        #[arg(required = true, value_name = "RECORD")]
        records: Vec<String>,
    },
    /// Call two records different reports, for good
    Keep {
        /// The one record
        a: String,
        /// The other record
        b: String,
    },
}

/// Runs the verb.
pub fn run(args: DedupArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("dedup", "duplicates", context) };
    let mut workspace = context.open()?;
    match verb {
        DedupVerb::Run => search(&mut workspace, context),
        DedupVerb::List { possible } => list(&workspace, possible, &mut context.out),
        DedupVerb::Explain { a, b } => explain(&workspace, [&a, &b], &mut context.out),
        DedupVerb::Group { records: names } => {
            let records = records(&workspace, &names)?;
            context.change(&mut workspace, Request::Group(records))
        }
        DedupVerb::Split { records: names } => {
            let records = records(&workspace, &names)?;
            context.change(&mut workspace, Request::Split(records))
        }
        DedupVerb::Keep { a, b } => {
            let (a, b) = (workspace.find_record(&a)?, workspace.find_record(&b)?);
            context.change(&mut workspace, Request::KeepApart(a, b))
        }
    }
}

fn search(workspace: &mut Workspace, context: &mut Context) -> Done {
    let reply = context.long_change(workspace, Request::FindDuplicates)?;
    context.out.reply(&reply)?;
    if let Detail::Duplicates(report) = &reply.detail {
        if report.possible > 0 {
            context.out.next("tamis dedup list --possible, then tamis dedup group A B or tamis dedup keep A B");
        } else {
            context.tell_next(workspace);
        }
    }
    Ok(())
}

fn list(workspace: &Workspace, only_possible: bool, out: &mut Output) -> Done {
    let groups = if only_possible { Vec::new() } else { workspace.groups()? };
    let possible = workspace.possible_duplicates()?;
    if out.is_json() {
        let groups = groups.iter().map(|group| group_object(workspace, group)).collect::<Result<Vec<_>, _>>()?;
        return out.json(&json!({ "groups": groups, "possible": possible }));
    }
    for group in &groups {
        out.heading(&format!("{}: {}", group.id, count(group.members.len(), "record", "records")))?;
        let mut table = Table::new(&["", "rule", ">score", "source", "~title", ">year"]);
        for member in &group.members {
            let score = if member.rule == "primary" { String::new() } else { fixed(member.score, 2) };
            table.row([
                &member.line.record.to_string(),
                &member.rule,
                &score,
                &member.line.source_id,
                &member.line.title,
                &year(&member.line),
            ]);
        }
        out.table(&table)?;
    }
    if !possible.is_empty() {
        out.heading(&format!("{} need a person", count(possible.len(), "pair", "pairs")))?;
        out.table(&pairs(&possible))?;
        out.next("tamis dedup explain A B, then tamis dedup group A B or tamis dedup keep A B");
    } else if groups.is_empty() {
        out.talk(if only_possible { "no pair needs a person" } else { "there are no groups of duplicates" });
        if workspace.overview().records > 0 && !only_possible {
            out.next("tamis dedup run");
        }
    }
    Ok(())
}

/// Returns a group as `dedup list --json` prints it, with the fields on which each member agrees with the primary or differs.
fn group_object(workspace: &Workspace, group: &GroupView) -> Result<serde_json::Value, crate::app::Error> {
    let members = group.members.iter().map(|member| {
        let mut object = json::of(member);
        if let Some(keys) = object.as_object_mut() {
            let fields = if member.rule == "primary" { Vec::new() } else { workspace.differences_in_group(member.line.record)? };
            keys.insert("fields".to_owned(), fields.iter().map(field).collect::<Vec<_>>().into());
        }
        Ok(object)
    });
    let members = members.collect::<Result<Vec<_>, crate::app::Error>>()?;
    Ok(json!({ "id": group.id, "primary": group.primary, "members": members }))
}

fn field(evidence: &FieldEvidence) -> serde_json::Value {
    json!({ "field": evidence.field, "verdict": field_word(evidence.verdict), "a": evidence.left, "b": evidence.right, "note": evidence.note })
}

fn field_word(verdict: FieldVerdict) -> &'static str {
    match verdict {
        FieldVerdict::Agree => "agree",
        FieldVerdict::Differ => "differ",
        FieldVerdict::Unknown => "unknown",
    }
}

fn pair_word(verdict: PairVerdict) -> &'static str {
    match verdict {
        PairVerdict::Duplicate => "duplicate",
        PairVerdict::Possible => "possible",
        PairVerdict::Different => "different",
    }
}

fn pairs(possible: &[PairView]) -> Table {
    let mut table = Table::new(&["a", "b", ">score", "~why", "title of a"]);
    for pair in possible {
        table.row([&pair.a.record.to_string(), &pair.b.record.to_string(), &fixed(pair.score, 2), &pair.reason, &pair.a.title]);
    }
    table
}

fn year(line: &ListedRecord) -> String {
    line.year.map(|year| year.to_string()).unwrap_or_default()
}

fn explain(workspace: &Workspace, names: [&String; 2], out: &mut Output) -> Done {
    let [a, b] = names.map(|name| workspace.find_record(name));
    let (a, b) = (a?, b?);
    let explanation: PairExplanation = workspace.explain_pair(a, b)?;
    let is_grouped = workspace
        .groups()?
        .iter()
        .any(|group| [a, b].iter().all(|record| group.members.iter().any(|member| member.line.record == *record)));
    if out.is_json() {
        return out.json(&json!({
            "a": a,
            "b": b,
            "verdict": pair_word(explanation.verdict),
            "rule": explanation.rule,
            "score": explanation.score,
            "reason": explanation.reason,
            "is_grouped": is_grouped,
            "fields": explanation.fields.iter().map(field).collect::<Vec<_>>(),
        }));
    }
    let cells = out.drawing_width().saturating_sub(24) / 2;
    let mut table = Table::new(&["field", "", &a.to_string(), &b.to_string(), "~"]);
    for field in explanation.fields.iter().filter(|field| !(field.left.is_empty() && field.right.is_empty())) {
        let word = if field.verdict == FieldVerdict::Unknown { "" } else { field_word(field.verdict) };
        table.row([field.field, word, &cut(&field.left, cells), &cut(&field.right, cells), field.note.as_deref().unwrap_or_default()]);
    }
    out.table(&table)?;
    let verdict = format!(
        "{} (rule {}, score {}): {}",
        pair_word(explanation.verdict),
        explanation.rule,
        fixed(explanation.score, 2),
        explanation.reason
    );
    out.line(String::new())?;
    out.line(clean_line(&verdict))?;
    out.line(if is_grouped { "The two are in one group now." } else { "The two are not in one group now." })
}
