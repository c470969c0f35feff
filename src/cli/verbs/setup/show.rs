//! How the set-up is printed.

use serde_json::json;
use strum::IntoEnumIterator;

use crate::app::Workspace;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::cli::text::wrap;
use crate::domain::decision::Stage;
use crate::domain::policy::Policy;
use crate::domain::review::{Side, WordList};
use crate::domain::text::clean_line;

/// Prints everything.
pub fn all(workspace: &Workspace, out: &mut Output) -> Done {
    let info = workspace.review_info();
    let policies = [workspace.policy(Stage::TitleAbstract), workspace.policy(Stage::FullText)];
    if out.is_json() {
        return out.json(&json!({
            "review": info,
            "reviewers": workspace.people(),
            "criteria": workspace.criteria(),
            "reasons": workspace.reasons(),
            "words": workspace.words(),
            "policy": { "ta": policies[0], "ft": policies[1] },
        }));
    }
    let mut table = Table::new(&["", "~"]);
    let parts = [
        ("Title", &info.title),
        ("Population", &info.population),
        ("Intervention", &info.intervention),
        ("Comparator", &info.comparator),
        ("Outcomes", &info.outcomes),
        ("Designs", &info.designs),
    ];
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        table.row([name, text]);
    }
    out.table(&table)?;
    out.heading("People")?;
    people(workspace, out)?;
    criteria(workspace, out)?;
    if !workspace.reasons().is_empty() {
        out.heading("Exclusion reasons, in order")?;
        reasons(workspace, out)?;
    }
    highlight(workspace, out)?;
    out.heading("Policy")?;
    policy(&policies, out)
}

/// Prints the people.
pub fn people(workspace: &Workspace, out: &mut Output) -> Done {
    let mut table = Table::new(&["id", "name", "roles", ""]);
    for person in workspace.people() {
        let left = if person.is_active { "" } else { "takes no further part" };
        table.row([person.id.as_str(), &person.name, &person.roles.join(", ").replace('_', " "), left]);
    }
    out.table(&table)
}

/// Prints the criteria.
pub fn criteria(workspace: &Workspace, out: &mut Output) -> Done {
    for (side, title) in [(Side::Include, "Include"), (Side::Exclude, "Exclude")] {
        let texts: Vec<String> =
            workspace.criteria().into_iter().filter(|criterion| criterion.side == side).map(|criterion| criterion.text).collect();
        if !texts.is_empty() {
            out.heading(title)?;
        }
        for text in texts {
            for (at, line) in wrap(&clean_line(&text), out.drawing_width().saturating_sub(2)).iter().enumerate() {
                out.line(format!("{}{line}", if at == 0 { "- " } else { "  " }))?;
            }
        }
    }
    Ok(())
}

/// Prints the exclusion reasons.
pub fn reasons(workspace: &Workspace, out: &mut Output) -> Done {
    let mut table = Table::new(&[">", "code", "label"]);
    for (at, reason) in workspace.reasons().iter().enumerate() {
        table.row([&(at + 1).to_string(), &reason.code, &reason.label]);
    }
    out.table(&table)
}

/// Prints the words to highlight.
pub fn highlight(workspace: &Workspace, out: &mut Output) -> Done {
    let words = workspace.words();
    for list in WordList::iter() {
        let texts: Vec<&str> = words.iter().filter(|word| word.list == list).map(|word| word.text.as_str()).collect();
        if !texts.is_empty() {
            out.heading(&format!("Words: {}", list.label()))?;
            for line in wrap(&clean_line(&texts.join(", ")), out.drawing_width()) {
                out.line(line)?;
            }
        }
    }
    Ok(())
}

/// Prints policies.
pub fn policy(policies: &[Policy], out: &mut Output) -> Done {
    let mut table = Table::new(&["stage", ">votes", "maybe counts as", "differing reasons", "settled by", "votes in conflicts"]);
    for policy in policies {
        table.row([
            policy.stage.label(),
            &policy.required_votes.to_string(),
            &policy.maybe.to_string(),
            &policy.reason_tie.to_string(),
            &policy.resolver.to_string(),
            if policy.shows_votes_in_conflict { "shown" } else { "hidden" },
        ]);
    }
    out.table(&table)
}
