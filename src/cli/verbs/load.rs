//! Tables: all rows of a file become one operation, or none of them is recorded.

use crate::app::{Detail, Load, Reply, Request, Workspace};
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::report::Done;
use crate::cli::text::count;

/// What every verb that loads a table takes.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct LoadArgs {
    /// Record the good rows where others are wrong, and list those
    #[arg(long)]
    pub keep_going: bool,
}

/// Records a table and tells what came of it.
pub fn table(load: Load, args: LoadArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let reply = workspace.run(Request::Load(load.keep_going(args.keep_going)))?;
    tell(&reply, &[], context)?;
    context.tell_next(workspace);
    Ok(())
}

/// Prints the reply to a table, with the rows that could not be recorded.
pub fn tell(reply: &Reply, further: &[(&str, serde_json::Value)], context: &mut Context) -> Done {
    let operations: Vec<String> = reply.op.iter().map(ToString::to_string).collect();
    let mut keys = vec![("operations", operations.into())];
    keys.extend(further.iter().cloned());
    context.out.reply_with(reply, &keys)?;
    if let Detail::Load(report) = &reply.detail {
        for problem in &report.problems {
            context.out.talk(&crate::domain::text::clean_line(&format!(
                "not recorded: {}, {}: {}",
                problem.file,
                problem.place(),
                problem.message
            )));
        }
    }
    Ok(())
}

/// Runs requests that come from no file, one operation each, and says how many changes came of them.
pub fn run_each(requests: Vec<Request>, words: (&str, &str, &str), workspace: &mut Workspace, context: &mut Context) -> Done {
    let total = requests.len();
    let mut operations: Vec<String> = Vec::new();
    let mut messages: Vec<String> = Vec::new();
    for request in requests {
        let reply = workspace.run(request).map_err(|mut error| {
            if !operations.is_empty() {
                error.message.push_str(&format!("; {} before it recorded", count(operations.len(), "change was", "changes were")));
            }
            error
        })?;
        operations.extend(reply.op.map(|op| op.to_string()));
        messages.push(reply.message);
    }
    let (what, one, many) = words;
    let known = total - operations.len();
    let mut message = format!("{what} {}", count(operations.len(), one, many));
    if known > 0 {
        message.push_str(&format!("; {known} stood that way already"));
    }
    if context.out.is_json() {
        let newest = operations.last().cloned();
        return context.out.json(&json::of(
            &serde_json::json!({ "message": message, "operation": newest, "operations": operations, "rows": total, "changes": messages }),
        ));
    }
    context.out.line(message)?;
    context.tell_next(workspace);
    Ok(())
}
