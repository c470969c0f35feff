//! One analysis under several conventions, side by side, as `pool --compare` and `analyse compare` print it.

use serde_json::{Value, json};

use super::json::number;
use super::output::{Output, Table};
use super::pooled;
use super::report::{Done, Failure};
use crate::app::conventions::set_out;
use crate::domain::text::clean_line;
use crate::meta::Convention;
use crate::meta::compare::{Column, Comparison};

/// The conventions that are compared where none are named.
pub const USUAL: &str = "revman54,revman_web,metafor";

/// Reads a list of conventions.
///
/// # Errors
/// A word that names none.
pub fn conventions(text: &str) -> Done<Vec<Convention>> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|_| {
                Failure::usage(format!("there is no convention \"{word}\""), "use some of revman54, revman_web, metafor, meta")
            })
        })
        .collect()
}

/// Returns the comparison for scripts.
pub fn object(comparison: &Comparison) -> Value {
    let columns: Vec<Value> = comparison.columns.iter().map(column_object).collect();
    let names: Vec<&str> = comparison.columns.iter().map(|column| column.convention.short()).collect();
    let differences: Vec<Value> = comparison
        .differences()
        .into_iter()
        .map(|(about, words)| {
            let says: serde_json::Map<String, Value> =
                names.iter().map(|name| (*name).to_owned()).zip(words.into_iter().map(Value::from)).collect();
            json!({ "about": about, "says": says })
        })
        .collect();
    json!({ "conventions": columns, "differences": differences })
}

fn column_object(column: &Column) -> Value {
    let mut object = match &column.result {
        Ok(found) => pooled::object(found, None),
        Err(error) => serde_json::Map::from_iter([("not_pooled".to_owned(), error.to_string().into())]),
    };
    object.insert("convention".to_owned(), column.convention.short().into());
    let steps: Vec<Value> = column
        .steps
        .iter()
        .map(|step| {
            let changes: Vec<Value> =
                step.changes.iter().map(|change| json!({ "about": change.about, "from": change.from, "to": change.to })).collect();
            let moved: Vec<Value> = step
                .moved()
                .into_iter()
                .map(|(name, from, to)| json!({ "quantity": name, "from": number(from), "to": number(to) }))
                .collect();
            json!({ "about": step.about, "rules": changes, "moved": moved })
        })
        .collect();
    object.insert("steps".to_owned(), steps.into());
    object.into()
}

/// Prints the comparison.
///
/// # Errors
/// Standard output that cannot be written to.
pub fn print(comparison: &Comparison, out: &mut Output) -> Done {
    let text = set_out(comparison);
    let heads: Vec<&str> = std::iter::once("~").chain(text.heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&heads);
    for (about, cells) in text.rows {
        table.row(std::iter::once(about).chain(cells));
    }
    out.table(&table)?;
    for (convention, why) in &text.refused {
        out.line(clean_line(&format!("{convention}: {why}")))?;
    }
    for (title, lines) in &text.reasons {
        out.heading(title)?;
        for line in lines {
            out.line(clean_line(line))?;
        }
    }
    for (convention, warning) in &text.warnings {
        out.talk(&clean_line(&format!("warning: {convention}: {warning}")));
    }
    Ok(())
}
