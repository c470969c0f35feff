//! `tamis analyse`: the review's own analyses, from the values that the extractors agreed upon.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::app::draw::forest_model;
use crate::app::{AnalysisResult, Request, Workspace};
use crate::cli::comparison;
use crate::cli::context::{Context, study};
use crate::cli::output::{Output, Table};
use crate::cli::pooled;
use crate::cli::report::Done;
use crate::domain::text::clean_line;
use crate::figure::number::{estimate_with_interval, fixed, i_squared};
use crate::figure::text::forest_text;
use crate::meta::Convention;

use super::{pool, screen_or_help};

/// Run the analyses that the extraction form plans
#[derive(Debug, clap::Args)]
pub struct AnalyseArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<AnalyseVerb>,
}

#[derive(Debug, Subcommand)]
enum AnalyseVerb {
    /// List the analyses
    List,
    /// Pool, and show the forest plot; without an ID every analysis in one line
    Run {
        /// The analysis
        id: Option<String>,
    },
    /// Pool an analysis under several conventions, side by side, with what moved and why
    Compare {
        /// The analysis
        id: String,
        /// The conventions
        #[arg(long, value_name = "CONVENTION,...", default_value = comparison::USUAL)]
        conventions: String,
    },
    /// Leave a study out of an analysis, with the reason
    Exclude {
        /// The analysis
        id: String,
        /// The study
        study: String,
        /// Why it is left out
        #[arg(long, value_name = "T", required_unless_present = "take_in")]
        why: Option<String>,
        /// Take it in again
        #[arg(long, conflicts_with = "why")]
        take_in: bool,
    },
    /// Show an analysis whole: studies with their cells, numbers, methods, warnings
    Show {
        /// The analysis
        id: String,
    },
}

/// Runs the verb.
pub fn run(args: AnalyseArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("analyse", "analysis", context) };
    let mut workspace = context.open()?;
    match verb {
        AnalyseVerb::Exclude { id, study: name, why, .. } => {
            let request = Request::ExcludeStudy { analysis: id, study: study(&name), reason: why.unwrap_or_default() };
            context.change(&mut workspace, request)
        }
        AnalyseVerb::List => list(&workspace, &mut context.out),
        AnalyseVerb::Run { id: None } => all(&workspace, &mut context.out),
        AnalyseVerb::Run { id: Some(id) } => one(&workspace.analysis(&id)?, false, &mut context.out),
        AnalyseVerb::Compare { id, conventions } => {
            let conventions = comparison::conventions(&conventions)?;
            side_by_side(&workspace.analysis(&id)?, &conventions, &mut context.out)
        }
        AnalyseVerb::Show { id } => one(&workspace.analysis(&id)?, true, &mut context.out),
    }
}

fn list(workspace: &Workspace, out: &mut Output) -> Done {
    let analyses = workspace.analyses()?;
    if out.is_json() {
        return out.json(&json!({ "analyses": analyses }));
    }
    let mut table = Table::new(&["id", "~title", "measure", "model", "method", "tau²"]);
    for spec in &analyses {
        table.row([
            spec.id.as_str(),
            &spec.title,
            spec.measure.short(),
            &spec.model.to_string(),
            &spec.method.to_string(),
            spec.tau2.short(),
        ]);
    }
    if analyses.is_empty() {
        out.talk("the extraction form plans no analysis");
    }
    out.table(&table)
}

fn all(workspace: &Workspace, out: &mut Output) -> Done {
    let results = workspace.analyses()?.iter().map(|spec| workspace.analysis(&spec.id)).collect::<Result<Vec<_>, _>>()?;
    if out.is_json() {
        let objects: Vec<Value> = results.iter().map(object).collect();
        return out.json(&json!({ "analyses": objects }));
    }
    let mut table = Table::new(&["id", "~title", ">studies", "measure", ">pooled", ">tau²", ">I²"]);
    for result in &results {
        let spec = &result.spec;
        match &result.pooled {
            Ok(pooled) if pooled.k > 0 => {
                let ci = pooled.ci_back();
                let effect = estimate_with_interval(pooled.estimate_back(), ci.lower, ci.upper);
                let numbers = [fixed(pooled.tau2, 2), i_squared(pooled::reported_i2(pooled))];
                table.row([&spec.id, &spec.title, &pooled.k.to_string(), spec.measure.short(), &effect, &numbers[0], &numbers[1]]);
            }
            _ => table.row([spec.id.as_str(), &spec.title, "0", spec.measure.short(), "-", "", ""]),
        }
    }
    out.table(&table)?;
    for result in &results {
        if let Err(why) = &result.pooled {
            out.line(clean_line(&format!("{}: {why}", result.spec.id)))?;
        }
    }
    if table.is_empty() {
        out.talk("the extraction form plans no analysis");
    } else {
        out.next("tamis analyse run ID, or tamis plot forest ID -o FILE.svg");
    }
    Ok(())
}

fn one(result: &AnalysisResult, is_whole: bool, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(&object(result));
    }
    let pooled = match &result.pooled {
        Ok(pooled) => pooled,
        Err(why) => {
            out.line(clean_line(&format!("{} {}: nothing could be pooled: {why}", result.spec.id, result.spec.title)))?;
            return left_out(result, out);
        }
    };
    if let Some(model) = forest_model(result) {
        let width = u16::try_from(out.drawing_width()).unwrap_or(u16::MAX);
        out.figure(&forest_text(&model, width))?;
    }
    out.line(String::new())?;
    pooled::print(pooled, out)?;
    if let Some(subgroups) = &result.subgroups {
        pooled::print_subgroups(pooled, subgroups, out)?;
    }
    match regression(result) {
        Some(Ok(section)) => pool::show(&section, out)?,
        Some(Err(why)) => out.line(clean_line(&format!("Meta-regression: {why}")))?,
        None => {}
    }
    if is_whole {
        out.heading("Where the numbers come from")?;
        let mut table = Table::new(&["study", "~cells"]);
        for row in &result.rows {
            table.row([&row.study, &row.paths.join(", ")]);
        }
        out.table(&table)?;
        if !result.steps.is_empty() {
            out.heading("What was derived")?;
            let mut table = Table::new(&["study", "cell", ">value", "~how"]);
            for (study, step) in &result.steps {
                table.row([study.as_str(), &step.path, &fixed(step.value, 6), &step.words()]);
            }
            out.table(&table)?;
        }
        out.next("tamis extract trace STUDY CELL");
    }
    left_out(result, out)?;
    for warning in &pooled.warnings {
        out.talk(&clean_line(&format!("warning: {warning}")));
    }
    Ok(())
}

/// Prints an analysis under several conventions.
fn side_by_side(result: &AnalysisResult, conventions: &[Convention], out: &mut Output) -> Done {
    let Some(compared) = result.compare(conventions) else { return one(result, false, out) };
    if out.is_json() {
        let mut object = comparison::object(&compared);
        object["id"] = result.spec.id.clone().into();
        object["title"] = result.spec.title.clone().into();
        return out.json(&object);
    }
    out.line(clean_line(&format!("{} {}", result.spec.id, result.spec.title)))?;
    out.line(String::new())?;
    comparison::print(&compared, out)?;
    left_out(result, out)
}

/// Returns the meta-regression of an analysis; `None` where it has no moderators or nothing is pooled.
fn regression(result: &AnalysisResult) -> Option<Result<pool::Section, String>> {
    let terms = result.terms();
    let (dataset, options) = (result.dataset.as_ref()?, result.options().ok()?);
    (!terms.is_empty()).then(|| pool::regression_section(dataset, &options, &terms).map_err(|error| error.to_string()))
}

fn left_out(result: &AnalysisResult, out: &mut Output) -> Done {
    for (study, why) in &result.left_out {
        out.line(clean_line(&format!("Left out: {study}: {why}")))?;
    }
    Ok(())
}

/// Returns an analysis as JSON: the keys of `pool`, and what was to be pooled.
fn object(result: &AnalysisResult) -> Value {
    let mut object = match &result.pooled {
        Ok(pooled) => pooled::object(pooled, result.subgroups.as_ref()),
        Err(why) => {
            let mut object = serde_json::Map::new();
            object.insert("k".to_owned(), 0.into());
            object.insert("not_pooled".to_owned(), why.clone().into());
            object
        }
    };
    object.insert("id".to_owned(), result.spec.id.clone().into());
    object.insert("title".to_owned(), result.spec.title.clone().into());
    object.insert("experimental".to_owned(), result.experimental.clone().into());
    object.insert("control".to_owned(), result.control.clone().into());
    let cells: Vec<Value> =
        result.rows.iter().map(|row| json!({ "study": row.study, "subgroup": row.subgroup, "cells": row.paths })).collect();
    object.insert("rows".to_owned(), cells.into());
    match regression(result) {
        Some(Ok(section)) => _ = object.insert(section.key.to_owned(), section.object),
        Some(Err(why)) => _ = object.insert("regression".to_owned(), json!({ "not_fitted": why })),
        None => {}
    }
    let derived = result.steps.iter().map(|(study, step)| {
        let inputs: Vec<Value> = step.inputs.iter().map(|(cell, value)| json!({ "cell": cell, "value": value })).collect();
        json!({
            "study": study,
            "cell": step.path,
            "value": step.value,
            "formula": step.formula,
            "source": step.source,
            "inputs": inputs,
            "note": step.note,
        })
    });
    object.insert("derived".to_owned(), derived.collect::<Vec<Value>>().into());
    let left_out: Vec<Value> = result.left_out.iter().map(|(study, why)| json!({ "study": study, "why": why })).collect();
    object.insert("left_out".to_owned(), left_out.into());
    object.into()
}
