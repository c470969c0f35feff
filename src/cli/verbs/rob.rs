//! `tamis rob`: risk of bias by two people, and what they agree upon.

use clap::Subcommand;
use serde_json::json;

use crate::app::appraise::{AppraisalComparison, AppraisalView, DomainView, OVERALL, instruments};
use crate::app::{Request, Workspace};
use crate::cli::context::Context;
use crate::cli::output::{Output, Table};
use crate::cli::report::Done;
use crate::domain::appraisal::Appraised;
use crate::domain::text::clean_line;

use super::screen_or_help;

/// Appraise risk of bias, compare two appraisals and agree
#[derive(Debug, clap::Args)]
pub struct RobArgs {
    /// What to do.
    #[command(subcommand)]
    verb: Option<RobVerb>,
}

#[derive(Debug, Subcommand)]
enum RobVerb {
    /// List the instruments that come with the program
    Instruments,
    /// List the appraisals that the form plans, and where each stands
    List,
    /// Show your own appraisal of a study: questions, answers, what is proposed
    Show(Which),
    /// Answer a question, or judge a domain otherwise than is proposed
    Set {
        #[command(flatten)]
        which: Which,
        /// The question ("1.2"), the domain ("d1"), or "overall"
        item: String,
        /// The answer, or the judgement; leave it out with --clear
        #[arg(required_unless_present = "clear", conflicts_with = "clear")]
        answer: Option<String>,
        /// Take the answer away
        #[arg(long)]
        clear: bool,
        /// The words that support it
        #[arg(long, value_name = "T")]
        why: Option<String>,
        /// The page
        #[arg(long, value_name = "P")]
        page: Option<String>,
    },
    /// Hand in your appraisal, which locks it
    Submit(Which),
    /// Take your appraisal back, before both can be compared
    Withdraw(Which),
    /// Compare two appraisals; possible when both are handed in
    Compare(Which),
    /// Settle a judgement on which two people differ
    Agree {
        #[command(flatten)]
        which: Which,
        /// The domain, or "overall"
        item: String,
        /// The judgement
        judgement: String,
        /// Why
        #[arg(long, value_name = "T")]
        why: String,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The study
    study: String,
    /// The result, as outcome and time point; needed where the form plans several
    #[arg(long, value_name = "OUTCOME.TIMEPOINT")]
    result: Option<String>,
    /// The instrument; needed where the form plans several
    #[arg(long, value_name = "ID")]
    tool: Option<String>,
}

impl Which {
    fn find(&self, workspace: &Workspace) -> Result<Appraised, crate::app::Error> {
        workspace.find_appraisal(&self.study, self.result.as_deref(), self.tool.as_deref())
    }
}

/// Runs the verb.
pub fn run(args: RobArgs, context: &mut Context) -> Done {
    let Some(verb) = args.verb else { return screen_or_help("rob", "appraisal", context) };
    if matches!(verb, RobVerb::Instruments) {
        return list_instruments(&mut context.out);
    }
    let mut workspace = context.open()?;
    let request = match verb {
        RobVerb::Instruments => return Ok(()),
        RobVerb::List => return list(&workspace, &mut context.out),
        RobVerb::Show(which) => return show(&workspace.my_appraisal(&which.find(&workspace)?)?, &mut context.out),
        RobVerb::Compare(which) => return compare(&workspace.compare_appraisals(&which.find(&workspace)?)?, &mut context.out),
        RobVerb::Set { which, item, answer, why, page, .. } => {
            Request::AnswerAppraisal { of: which.find(&workspace)?, item, answer, support: why, page }
        }
        RobVerb::Submit(which) => Request::SubmitAppraisal(which.find(&workspace)?),
        RobVerb::Withdraw(which) => Request::WithdrawAppraisal(which.find(&workspace)?),
        RobVerb::Agree { which, item, judgement, why } => {
            Request::AgreeJudgement { of: which.find(&workspace)?, item, judgement, rationale: why }
        }
    };
    context.change(&mut workspace, request)
}

fn list_instruments(out: &mut Output) -> Done {
    if out.is_json() {
        let known: Vec<_> = instruments()
            .iter()
            .map(|tool| json!({ "id": tool.id, "title": tool.title, "edition": tool.edition, "source": tool.source, "unit": tool.unit.to_string() }))
            .collect();
        return out.json(&json!({ "instruments": known }));
    }
    let mut table = Table::new(&["id", "instrument", "edition", "appraises a", "~source"]);
    for tool in instruments() {
        table.row([tool.id.as_str(), &tool.title, &tool.edition, &tool.unit.to_string(), &tool.source]);
    }
    out.table(&table)
}

fn list(workspace: &Workspace, out: &mut Output) -> Done {
    let lines = workspace.appraisals()?;
    if out.is_json() {
        return out.json(&json!({ "appraisals": lines }));
    }
    let mut table = Table::new(&["study", "instrument", "~result", ">handed in", "yours", ">open", "overall"]);
    for line in &lines {
        let mine = match (line.is_mine_submitted, line.my_answers) {
            (true, _) => "handed in",
            (false, 0) => "empty",
            _ => "open",
        };
        table.row([
            line.label.as_str(),
            &line.title,
            &line.result_label,
            &format!("{} of {}", line.submitted, line.required),
            mine,
            &line.open.to_string(),
            line.overall.as_deref().unwrap_or("-"),
        ]);
    }
    out.table(&table)?;
    if lines.is_empty() {
        out.talk("the form plans no appraisal");
        out.next("add [[appraisal]] with instrument = \"rob2\" to the form");
    }
    Ok(())
}

fn show(view: &AppraisalView, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(view);
    }
    let state = if view.line.is_mine_submitted { "handed in" } else { "open" };
    let result = if view.line.result_label.is_empty() { String::new() } else { format!(", {}", view.line.result_label) };
    out.line(clean_line(&format!("{}{result}: {} by {}, {state}", view.line.label, view.line.title, view.reviewer)))?;
    for domain in &view.domains {
        out.heading(&format!("{} {}: {}", domain.id, domain.title, judged(domain)))?;
        let mut table = Table::new(&["", "", "", "~"]);
        for question in &domain.questions {
            let answer = match (&question.answer, question.is_asked) {
                (_, Some(false)) => "not asked".to_owned(),
                (Some(answer), _) => answer.clone(),
                (None, _) => format!("({})", question.answers.join(" ")),
            };
            let about: Vec<String> = question.page.iter().chain(&question.support).cloned().collect();
            table.row([question.id.as_str(), &question.text, &answer, &about.join("; ")]);
        }
        out.table(&table)?;
        if let Some(support) = &domain.support {
            out.line(format!("  {}", clean_line(support)))?;
        }
    }
    if let Some((given, most)) = view.stars {
        out.line(format!("{given} of {most} stars"))?;
    }
    if !view.line.is_mine_submitted {
        out.next(&format!("tamis rob set \"{}\" QUESTION ANSWER, then tamis rob submit \"{}\"", view.line.label, view.line.label));
    }
    Ok(())
}

/// Says what is judged of a domain and what is proposed.
fn judged(domain: &DomainView) -> String {
    match (&domain.judged, &domain.proposed, &domain.waits_for) {
        (Some(judged), Some(proposed), _) if domain.is_overridden => format!("{} (proposed: {})", judged.label, proposed.label),
        (Some(judged), ..) => judged.label.clone(),
        (None, _, Some(question)) if domain.id == OVERALL => format!("waits for {question}"),
        (None, _, Some(question)) => format!("waits for question {question}"),
        (None, ..) if domain.questions.is_empty() => "not judged yet".to_owned(),
        (None, ..) => "answers as they are".to_owned(),
    }
}

fn compare(view: &AppraisalComparison, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(view);
    }
    let result = if view.line.result_label.is_empty() { String::new() } else { format!(", {}", view.line.result_label) };
    out.line(clean_line(&format!("{}{result}: {}, {} open", view.line.label, view.line.title, view.line.open)))?;
    let mut table = Table::new(&["", "~about", &format!("a: {}", view.a), &format!("b: {}", view.b), "agreed", "~settled"]);
    for item in &view.items {
        let value = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let agreed = item.agreed.clone().unwrap_or_else(|| "open".to_owned());
        table.row([
            item.item.as_str(),
            &item.title,
            &value(&item.a),
            &value(&item.b),
            &agreed,
            item.settled.as_deref().unwrap_or_default(),
        ]);
    }
    out.table(&table)?;
    if view.line.open > 0 {
        out.next(&format!("tamis rob agree \"{}\" DOMAIN JUDGEMENT --why \"...\"", view.line.label));
    }
    Ok(())
}
