//! Tables that become one request a row: retrieval, settlements, studies, settled cells.

use serde_json::json;

use crate::app::{Error, ErrorKind, Request, Workspace};
use crate::cli::context::Context;
use crate::cli::report::Done;
use crate::cli::text::count;

/// Runs the requests of a table in order and says how many changes came of them. Where one is refused, those before it stand; the
/// error names the row, so that the rest can be loaded after mending it.
pub fn run_all(name: &str, requests: Vec<Request>, words: (&str, &str, &str), workspace: &mut Workspace, context: &mut Context) -> Done {
    run_in(Some(name), requests, words, workspace, context)
}

/// As [`run_all`], for requests that come from no file.
pub fn run_each(requests: Vec<Request>, words: (&str, &str, &str), workspace: &mut Workspace, context: &mut Context) -> Done {
    run_in(None, requests, words, workspace, context)
}

fn run_in(file: Option<&str>, requests: Vec<Request>, words: (&str, &str, &str), workspace: &mut Workspace, context: &mut Context) -> Done {
    let total = requests.len();
    let mut operations: Vec<String> = Vec::new();
    let mut messages: Vec<String> = Vec::new();
    for (at, request) in requests.into_iter().enumerate() {
        let reply = workspace.run(request).map_err(|error| at_row(file, at + 1, operations.len(), error))?;
        operations.extend(reply.op.map(|op| op.to_string()));
        messages.push(reply.message);
    }
    let (what, one, many) = words;
    let known = total - operations.len();
    let from = file.map(|name| format!(" from {name}")).unwrap_or_default();
    let mut message = format!("{what} {}{from}", count(operations.len(), one, many));
    if known > 0 {
        message.push_str(&format!("; {known} stood as the table says already"));
    }
    if context.out.is_json() {
        let newest = operations.last().cloned();
        return context
            .out
            .json(&json!({ "message": message, "operation": newest, "operations": operations, "rows": total, "changes": messages }));
    }
    context.out.line(message)?;
    context.tell_next(workspace);
    Ok(())
}

fn at_row(file: Option<&str>, row: usize, done: usize, mut error: Error) -> Error {
    if let Some(name) = file {
        error.message = format!("{name} row {row}: {}", error.message);
    }
    if done > 0 && error.kind != ErrorKind::Internal {
        error.message.push_str(&format!(
            "; {} before it {} recorded",
            count(done, "change", "changes"),
            if done == 1 { "is" } else { "are" }
        ));
    }
    error
}
