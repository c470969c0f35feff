//! Changes of the set-up.

use serde_json::{Value, json};

use crate::app::{Error, Request, ReviewFile, Workspace};
use crate::cli::context::Context;
use crate::cli::output::Table;
use crate::cli::report::{Done, Failure};
use crate::cli::text::count;
use crate::domain::ids::ReviewerId;
use crate::domain::policy::Policy;
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo, Role, Side};
use crate::domain::text::clean_line;

use super::{PolicyArgs, show};

/// The question (PICO with designs).
#[derive(Debug, clap::Args)]
pub struct QuestionArgs {
    /// Who is studied
    #[arg(long)]
    population: Option<String>,
    /// What is done
    #[arg(long)]
    intervention: Option<String>,
    /// What it is compared with
    #[arg(long)]
    comparator: Option<String>,
    /// What is measured
    #[arg(long)]
    outcomes: Option<String>,
    /// Which designs are eligible
    #[arg(long)]
    designs: Option<String>,
}

/// Texts for and against a record.
#[derive(Debug, clap::Args)]
pub struct SidesArgs {
    /// Speaks for inclusion; give it once for each
    #[arg(long, value_name = "TEXT")]
    include: Vec<String>,
    /// Speaks for exclusion; give it once for each
    #[arg(long, value_name = "TEXT")]
    exclude: Vec<String>,
    /// Remove all
    #[arg(long, conflicts_with_all = ["include", "exclude"])]
    clear: bool,
}

impl SidesArgs {
    fn is_question(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty() && !self.clear
    }

    fn all<T>(&self, make: impl Fn(Side, String) -> T) -> Vec<T> {
        let of = |side: Side, texts: &[String]| texts.iter().map(|text| make(side, clean_line(text).into_owned())).collect::<Vec<T>>();
        let mut all = of(Side::Include, &self.include);
        all.extend(of(Side::Exclude, &self.exclude));
        all
    }
}

/// Brings the review to what a set-up file says.
pub fn load(name: &str, file: &ReviewFile, is_sure: bool, workspace: &mut Workspace, context: &mut Context) -> Done {
    for request in file.requests(workspace) {
        if let Request::SetPolicy(policy) = &request {
            check_effect(&effects(workspace, policy), is_sure)?;
        }
    }
    let mut messages = Vec::new();
    let mut operations = Vec::new();
    // A policy may need an adjudicator that the same file adds, so what is still to do is asked anew after each change.
    for _ in 0..64 {
        let Some(request) = file.requests(workspace).into_iter().next() else { break };
        let reply = workspace.run(request)?;
        messages.push(reply.message);
        operations.extend(reply.op.map(|op| op.to_string()));
    }
    let message = if operations.is_empty() {
        format!("the review already is as {name} says")
    } else {
        format!("took {} from {name}", count(operations.len(), "change", "changes"))
    };
    if context.out.is_json() {
        let newest = operations.last().cloned();
        return context.out.json(&json!({ "message": message, "operation": newest, "operations": operations, "changes": messages }));
    }
    for line in &messages {
        context.out.line(format!("  {}", clean_line(line)))?;
    }
    context.out.line(message)?;
    if !workspace.sources().is_empty() && workspace.overview().records == 0 {
        context.out.next("tamis import FILE --source NAME");
    }
    Ok(())
}

/// Changes the title.
pub fn title(title: String, workspace: &mut Workspace, context: &mut Context) -> Done {
    let info = ReviewInfo { title: clean_line(&title).into_owned(), ..workspace.review_info() };
    context.change(workspace, Request::SetReview(info))
}

/// Changes parts of the question.
pub fn question(args: QuestionArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let standing = workspace.review_info();
    let new = |given: Option<String>, standing: String| given.map_or(standing, |text| clean_line(&text).into_owned());
    let info = ReviewInfo {
        title: standing.title.clone(),
        population: new(args.population, standing.population.clone()),
        intervention: new(args.intervention, standing.intervention.clone()),
        comparator: new(args.comparator, standing.comparator.clone()),
        outcomes: new(args.outcomes, standing.outcomes.clone()),
        designs: new(args.designs, standing.designs.clone()),
    };
    if info == standing {
        return Err(Failure::usage(
            "nothing of the question was given",
            "add --population, --intervention, --comparator, --outcomes or --designs",
        ));
    }
    context.change(workspace, Request::SetReview(info))
}

/// Adds a person, or changes the entry of one; what is not given stays.
pub fn reviewer(
    id: &str,
    name: Option<String>,
    roles: Vec<Role>,
    activity: Option<bool>,
    workspace: &mut Workspace,
    context: &mut Context,
) -> Done {
    let known = workspace.people().into_iter().find(|person| person.id == id);
    let standing_roles = known
        .as_ref()
        .map(|person| person.roles.iter().filter_map(|role| role.parse().ok()).collect())
        .unwrap_or_else(|| vec![Role::Reviewer]);
    let request = Request::SetReviewer {
        id: ReviewerId::from(id),
        name: name
            .map(|name| clean_line(&name).into_owned())
            .or_else(|| known.as_ref().map(|person| person.name.clone()))
            .unwrap_or_default(),
        roles: if roles.is_empty() { standing_roles } else { roles },
        is_active: activity.unwrap_or_else(|| known.as_ref().is_none_or(|person| person.is_active)),
    };
    context.change(workspace, request)
}

/// Shows or replaces the criteria.
pub fn criteria(args: SidesArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    if !args.is_question() {
        return context.change(workspace, Request::SetCriteria(args.all(|side, text| Criterion { side, text })));
    }
    if context.out.is_json() {
        context.out.json(&json!({ "criteria": workspace.criteria() }))
    } else {
        show::criteria(workspace, &mut context.out)
    }
}

/// Shows or replaces the words to highlight.
pub fn highlight(args: SidesArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    if !args.is_question() {
        return context.change(workspace, Request::SetWords(args.all(|side, text| HighlightWord { list: side.into(), text })));
    }
    if context.out.is_json() {
        context.out.json(&json!({ "words": workspace.words() }))
    } else {
        show::highlight(workspace, &mut context.out)
    }
}

/// Shows or replaces the exclusion reasons.
pub fn reasons(given: &[String], workspace: &mut Workspace, context: &mut Context) -> Done {
    if given.is_empty() {
        let reasons = json!({ "reasons": workspace.reasons() });
        return if context.out.is_json() { context.out.json(&reasons) } else { show::reasons(workspace, &mut context.out) };
    }
    let reasons = given.iter().map(|text| {
        let (code, label) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("\"{text}\" is not CODE=LABEL"), "for example population=\"Wrong population\""))?;
        Ok(ExclusionReason { code: code.trim().to_owned(), label: clean_line(label).trim().to_owned() })
    });
    let reasons = reasons.collect::<Done<Vec<_>>>()?;
    context.change(workspace, Request::SetReasons(reasons))
}

/// Shows or changes the policy of a stage. A change that moves any record is shown first and needs `--yes`.
pub fn policy(args: &PolicyArgs, workspace: &mut Workspace, context: &mut Context) -> Done {
    let standing = workspace.policy(args.stage);
    let wanted = Policy {
        stage: args.stage,
        required_votes: args.votes.unwrap_or(standing.required_votes),
        maybe: args.maybe.unwrap_or(standing.maybe),
        reason_tie: args.tie.unwrap_or(standing.reason_tie),
        resolver: args.resolver.unwrap_or(standing.resolver),
        shows_votes_in_conflict: if args.hide_votes { false } else { args.show_votes || standing.shows_votes_in_conflict },
    };
    if wanted == standing {
        return if context.out.is_json() {
            context.out.json(&json!({ "policy": standing }))
        } else {
            show::policy(&[standing], &mut context.out)
        };
    }
    let effects = effects(workspace, &wanted);
    if !context.out.is_json() && !effects.is_empty() {
        let mut table = Table::new(&["status now", "status then", ">records"]);
        for (from, to, units) in &effects {
            table.row([from.as_str(), to, &units.to_string()]);
        }
        context.out.table(&table)?;
    }
    check_effect(&effects, args.yes)?;
    let reply = workspace.run(Request::SetPolicy(wanted))?;
    let effects: Vec<Value> = effects.iter().map(|(from, to, units)| json!({ "from": from, "to": to, "records": units })).collect();
    context.out.reply_with(&reply, &[("effects", effects.into())])
}

/// The units of a stage that change their status: from, to, how many.
type Effects = Vec<(String, String, usize)>;

fn effects(workspace: &Workspace, policy: &Policy) -> Effects {
    workspace.policy_effect(policy)
}

/// Refuses a policy that moves records, unless the user is sure.
fn check_effect(effects: &Effects, is_sure: bool) -> Result<(), Error> {
    let moved: usize = effects.iter().map(|(_, _, units)| units).sum();
    if moved == 0 || is_sure {
        return Ok(());
    }
    let words: Vec<String> = effects.iter().map(|(from, to, units)| format!("{units} from {from} to {to}")).collect();
    let message = format!("{} would change their status ({}); nothing was changed", count(moved, "record", "records"), words.join("; "));
    Err(Error::blocked(message).hint("add --yes to change the policy"))
}
