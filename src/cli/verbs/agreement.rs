//! `tamis agreement`: how far two reviewers agree before they see each other's votes.

use serde_json::json;

use crate::app::query::{AgreementCell, AgreementOrder, AgreementReport, AgreementVotes, ExtractionAgreement, PairAgreement};
use crate::cli::args::{STAGES, words};
use crate::cli::context::Context;
use crate::cli::json;
use crate::cli::output::Table;
use crate::cli::report::{Done, Failure};
use crate::cli::text::count;
use crate::domain::decision::Stage;
use crate::domain::text::clean_line;
use crate::figure::number::fixed;

/// Show how far reviewers agreed before they saw each other's votes
#[derive(Debug, clap::Args)]
pub struct AgreementArgs {
    /// The stage
    #[arg(long, default_value = "ta", value_parser = words::<Stage>(STAGES))]
    stage: Stage,
    /// The drafts of extraction, field by field, instead of votes
    #[arg(long, conflicts_with_all = ["round", "month", "by_month", "detail", "cell"])]
    extraction: bool,
    /// The votes of a calibration round instead of those outside rounds
    #[arg(long, value_name = "N")]
    round: Option<usize>,
    /// Only records whose second vote was cast in this month
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<String>,
    /// Show each month, too
    #[arg(long, conflicts_with_all = ["month", "cell"])]
    by_month: bool,
    /// Give maybe (or, at full text, each exclusion reason) a category of its own
    #[arg(long)]
    detail: bool,
    /// List the records of one cell, for example AR=include,BK=exclude
    #[arg(long, value_name = "ID=WORD,ID=WORD")]
    cell: Option<String>,
}

/// Runs the verb.
pub fn run(args: &AgreementArgs, context: &mut Context) -> Done {
    let workspace = context.open()?;
    if args.extraction {
        return extraction(&workspace.extraction_agreement()?, context);
    }
    let order = AgreementOrder {
        stage: args.stage,
        votes: args.round.map_or(AgreementVotes::Outside, AgreementVotes::InRound),
        month: args.month.clone(),
        is_by_month: args.by_month,
        is_detailed: args.detail,
    };
    if let Some(text) = &args.cell {
        let cell = cell(text)?;
        let records = workspace.agreement_records(&order, &cell)?;
        if context.out.is_json() {
            return context.out.json(&json!({ "stage": args.stage, "cell": text, "total": records.len(), "records": records }));
        }
        let mut table = Table::new(&["record", ">year", "~title"]);
        for line in &records {
            let year = line.year.map(|year| year.to_string()).unwrap_or_default();
            table.row([line.record.to_string(), year, line.title.clone()]);
        }
        context.out.table(&table)?;
        context.out.talk(&count(records.len(), "record", "records"));
        return Ok(());
    }
    let report = workspace.agreement(&order)?;
    if context.out.is_json() {
        return context.out.json(&json::of(&report));
    }
    tell(&report, args.detail, context)
}

/// Prints the agreement of extractors, field by field.
fn extraction(report: &ExtractionAgreement, context: &mut Context) -> Done {
    if context.out.is_json() {
        return context.out.json(&json::of(report));
    }
    if report.pairs.is_empty() {
        context.out.talk("no study has the drafts of two extractors yet");
        return Ok(());
    }
    let pairs = report.pairs.iter().map(|(a, b, studies)| format!("{a} and {b}: {}", count(*studies, "study", "studies")));
    context.out.line(clean_line(&format!("{}, as handed in before either saw the other", pairs.collect::<Vec<_>>().join("; "))))?;
    context.out.line(String::new())?;
    let mut table =
        Table::new(&["field", ">cells", ">same", ">%", ">one only", ">kappa", ">mean diff", ">SD diff", ">ICC", "95% interval"]);
    let maybe = |value: Option<f64>| value.map(|value| fixed(value, 3)).unwrap_or_default();
    for field in report.fields.iter().chain([&report.whole]) {
        let percent = field.share.map(|share| fixed(100.0 * share, 1)).unwrap_or_default();
        let interval = field.icc_interval.map(|(low, high)| format!("{} to {}", fixed(low, 3), fixed(high, 3))).unwrap_or_default();
        table.row([
            field.field.clone(),
            field.n.to_string(),
            field.same.to_string(),
            percent,
            field.missing.to_string(),
            maybe(field.kappa),
            maybe(field.mean_difference),
            maybe(field.sd_difference),
            maybe(field.icc),
            interval,
        ]);
    }
    context.out.table(&table)
}

/// Prints a report.
pub(super) fn tell(report: &AgreementReport, is_detailed: bool, context: &mut Context) -> Done {
    if report.pairs.is_empty() {
        let what = report.round.map_or_else(|| format!("at {}", report.stage.label()), |number| format!("of round {number}"));
        context.out.talk(&format!("no record {what} has independent votes of two reviewers yet"));
        return Ok(());
    }
    for pair in &report.pairs {
        tell_pair(report, pair, context)?;
    }
    if let Some(several) = &report.several {
        let kappa = number(several.fleiss_kappa);
        context.out.line(String::new())?;
        context.out.line(format!("All {} reviewers, {}: Fleiss' kappa {kappa}", several.raters, count(several.n, "record", "records")))?;
    }
    let differ = report.pairs.iter().find(|pair| pair.month.is_none() && pair.a_in_b_out > 0);
    if let Some(pair) = differ.filter(|_| !is_detailed) {
        let stage = if report.stage == Stage::FullText { " --stage ft" } else { "" };
        let round = report.round.map(|number| format!(" --round {number}")).unwrap_or_default();
        context.out.next(&format!("tamis agreement{stage}{round} --cell {}=include,{}=exclude", pair.a, pair.b));
    }
    Ok(())
}

fn tell_pair(report: &AgreementReport, pair: &PairAgreement, context: &mut Context) -> Done {
    let month = pair.month.as_ref().map(|month| format!(", {month}")).unwrap_or_default();
    let what = count(pair.n, "record", "records");
    let round = report.round.map(|number| format!(", round {number}")).unwrap_or_default();
    context.out.heading(&format!("{} and {}: {what} at {}{round}{month}", pair.a, pair.b, report.stage.label()))?;
    let says = |name: &str, word: &String| {
        format!("{name} {}", if word == "include" || word == "exclude" { format!("{word}s") } else { word.clone() })
    };
    let mut heads = vec![String::new()];
    heads.extend(report.categories.iter().map(|word| format!(">{}", says(&pair.b, word))));
    let mut table = Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>());
    for (word, row) in report.categories.iter().zip(&pair.table) {
        table.row([says(&pair.a, word)].into_iter().chain(row.iter().map(ToString::to_string)));
    }
    context.out.table(&table)?;
    let span = |(low, high): (f64, f64)| format!("{} to {}", fixed(low, 3), fixed(high, 3));
    let mut table = Table::new(&["", ">", ">SE", "95% interval"]);
    let mut row = |name: &str, value: Option<f64>, se: Option<f64>, interval: Option<(f64, f64)>| {
        // A standard error of zero has no interval.
        let interval = interval.map_or_else(|| if se.is_some() { "not estimable".to_owned() } else { String::new() }, span);
        let se = se.map(|se| fixed(se, 3)).unwrap_or_default();
        table.row([name.to_owned(), number(value), se, interval]);
    };
    row("observed agreement", pair.po, None, pair.po_interval);
    row("Cohen's kappa", pair.kappa, pair.kappa_se, pair.kappa_interval);
    row("PABAK", pair.pabak, None, None);
    row("Gwet's AC1", pair.ac1, pair.ac1_se, pair.ac1_interval);
    if report.categories.len() == 2 {
        row("agreement on inclusion", pair.positive, None, None);
        row("agreement on exclusion", pair.negative, None, None);
        row("prevalence index", pair.prevalence_index, None, None);
        row("bias index", pair.bias_index, None, None);
    }
    context.out.line(String::new())?;
    context.out.table(&table)?;
    if let Some(same) = pair.same_reason.filter(|_| pair.both_out > 0) {
        context.out.line(format!("same reason in {same} of {} that both exclude", pair.both_out))?;
    }
    Ok(())
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "NA".to_owned(), |value| fixed(value, 3))
}

/// Reads "AR=include,BK=exclude".
fn cell(text: &str) -> Done<AgreementCell> {
    let said = |part: &str| part.split_once('=').map(|(who, what)| (who.trim().to_owned(), what.trim().to_owned()));
    let parts: Option<Vec<(String, String)>> = text.split(',').map(said).collect();
    match parts.as_deref() {
        Some([(a, a_said), (b, b_said)]) => {
            Ok(AgreementCell { a: a.clone(), a_said: a_said.clone(), b: b.clone(), b_said: b_said.clone() })
        }
        _ => Err(Failure::usage(format!("\"{text}\" names no cell"), "for example --cell AR=include,BK=exclude")),
    }
}
