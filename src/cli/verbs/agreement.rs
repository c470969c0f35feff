//! `tamis agreement`: how far two reviewers agree before they see each other's votes.

use serde_json::json;

use crate::cli::args::{STAGES, words};
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::Done;
use crate::domain::decision::Stage;
use crate::figure::number::fixed;

/// Show how far reviewers agreed before they saw each other's votes
#[derive(Debug, clap::Args)]
pub struct AgreementArgs {
    /// The stage
    #[arg(long, default_value = "ta", value_parser = words::<Stage>(STAGES))]
    stage: Stage,
}

/// Runs the verb.
pub fn run(args: &AgreementArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    let pairs = workspace.agreement(args.stage);
    if context.out.is_json() {
        return context.out.json(&json!({ "stage": args.stage, "pairs": pairs }));
    }
    if pairs.is_empty() {
        context.out.talk(&format!("no record at {} has votes of two reviewers yet", args.stage.label()));
        return Ok(());
    }
    let number = |value: Option<f64>| value.map_or_else(|| "NA".to_owned(), |value| fixed(value, 2));
    for pair in &pairs {
        context.out.heading(&format!("{} and {}: {} records at {}", pair.a, pair.b, pair.n, args.stage.label()))?;
        let mut table = Table::new(&["", &format!(">{} includes", pair.b), &format!(">{} excludes", pair.b)]);
        table.row([format!("{} includes", pair.a), pair.both_in.to_string(), pair.a_in_b_out.to_string()]);
        table.row([format!("{} excludes", pair.a), pair.a_out_b_in.to_string(), pair.both_out.to_string()]);
        context.out.table(&table)?;
        let mut table = Table::new(&["", ">", ">SE"]);
        table.row(["observed agreement", &number(pair.po), ""]);
        table.row(["Cohen's kappa", &number(pair.kappa), &number(pair.kappa_se)]);
        table.row(["PABAK", &number(pair.pabak), ""]);
        table.row(["Gwet's AC1", &number(pair.ac1), &number(pair.ac1_se)]);
        table.row(["agreement on inclusion", &number(pair.positive), ""]);
        table.row(["agreement on exclusion", &number(pair.negative), ""]);
        context.out.line(String::new())?;
        context.out.table(&table)?;
    }
    Ok(())
}
