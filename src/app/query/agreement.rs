//! How far reviewers agree, over the votes that each cast before others could be seen, and the records behind each number.

use serde::Serialize;

use crate::domain::decision::{Stage, Verdict, Vote};
use crate::domain::ids::ReviewerId;
use crate::domain::policy::MaybeRule;
use crate::domain::state::{RecordIndex, VoteRecord};
use crate::domain::text::counted;
use crate::stats::agreement::{AgreementTable, fleiss_kappa, interval, share_interval};

use super::super::error::{Error, Result};
use super::super::workspace::Workspace;
use super::records::ListedRecord;

/// The votes of which part of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementVotes {
    /// Those outside calibration rounds.
    Outside,
    /// Those of the round with this number.
    InRound(usize),
}

/// Which votes agreement is told about, and in which categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementOrder {
    /// The stage.
    pub stage: Stage,
    /// Those outside rounds, or those of one.
    pub votes: AgreementVotes,
    /// Only records whose second vote was cast in this month ("2026-11").
    pub month: Option<String>,
    /// One line for each month beside the whole.
    pub is_by_month: bool,
    /// Whether maybe (at title/abstract) or each exclusion reason (at full text) is a category of its own.
    pub is_detailed: bool,
}

impl AgreementOrder {
    /// Asks about all votes of a stage outside rounds, in the usual categories.
    pub fn of(stage: Stage) -> Self {
        Self { stage, votes: AgreementVotes::Outside, month: None, is_by_month: false, is_detailed: false }
    }
}

/// One cell of the table of two people: how each judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementCell {
    /// The one person.
    pub a: String,
    /// The category that the one chose ("include").
    pub a_said: String,
    /// The other person.
    pub b: String,
    /// The category that the other chose.
    pub b_said: String,
}

/// How far reviewers agree, before unblinding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreementReport {
    /// The stage.
    pub stage: Stage,
    /// The number of the calibration round; absent for votes outside rounds.
    pub round: Option<usize>,
    /// The categories, in the order of the tables ("include", "exclude").
    pub categories: Vec<String>,
    /// Each pair of people with records in common; where months are asked for, the whole first and then each month.
    pub pairs: Vec<PairAgreement>,
    /// All people together, where every record was judged by the same number of three or more.
    pub several: Option<SeveralRaters>,
}

/// How far three or more reviewers agree who all judged the same number of times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeveralRaters {
    /// Records.
    pub n: usize,
    /// Votes on each.
    pub raters: usize,
    /// Fleiss' kappa; absent where all votes fall into one category.
    pub fleiss_kappa: Option<f64>,
}

/// How far two reviewers agree, before unblinding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairAgreement {
    /// The one reviewer.
    pub a: String,
    /// The other reviewer.
    pub b: String,
    /// The month of the second votes ("2026-11"); absent for all together.
    pub month: Option<String>,
    /// Units on which both voted independently.
    pub n: usize,
    /// Units by the category of the one (row) and of the other (column), in the order of [`AgreementReport::categories`].
    pub table: Vec<Vec<usize>>,
    /// Both include.
    pub both_in: usize,
    /// The one includes, the other excludes.
    pub a_in_b_out: usize,
    /// The one excludes, the other includes.
    pub a_out_b_in: usize,
    /// Both exclude, for whatever reason.
    pub both_out: usize,
    /// At full text, of those that both exclude, how many for the same reason.
    pub same_reason: Option<usize>,
    /// Observed agreement, a fraction.
    pub po: Option<f64>,
    /// Wilson's interval of 95 % of it.
    pub po_interval: Option<(f64, f64)>,
    /// Agreement expected by chance, a fraction.
    pub pe: Option<f64>,
    /// Cohen's kappa; absent where chance agreement is complete.
    pub kappa: Option<f64>,
    /// Its standard error (Fleiss, Cohen and Everitt).
    pub kappa_se: Option<f64>,
    /// Its interval of 95 %; absent where the standard error is zero, which says that it cannot be estimated.
    pub kappa_interval: Option<(f64, f64)>,
    /// Prevalence- and bias-adjusted kappa.
    pub pabak: Option<f64>,
    /// Gwet's AC1.
    pub ac1: Option<f64>,
    /// Its standard error.
    pub ac1_se: Option<f64>,
    /// Its interval of 95 %.
    pub ac1_interval: Option<(f64, f64)>,
    /// Agreement on inclusion, a fraction; two categories only.
    pub positive: Option<f64>,
    /// Agreement on exclusion, a fraction; two categories only.
    pub negative: Option<f64>,
    /// How unlike the numbers of inclusions and exclusions are, 0 to 1; two categories only.
    pub prevalence_index: Option<f64>,
    /// How unlike the two people's shares of inclusions are, 0 to 1; two categories only.
    pub bias_index: Option<f64>,
}

/// A unit that two people judged independently of each other.
struct Judged<'a> {
    unit: RecordIndex,
    a: &'a Vote,
    b: &'a Vote,
    said: (usize, usize),
    month: String,
}

impl Workspace {
    /// Returns the agreement of every pair of people who voted in a stage, over the votes that each cast before others could be seen.
    ///
    /// Maybe counts as the policy says; where it means a conflict, it is a category of its own. Left out are units that are not open
    /// yet, votes that were taken over without being blind, votes on two records that were found to be one only afterwards, and at full
    /// text the verdicts that are neither include nor exclude.
    ///
    /// # Errors
    /// [`Error`] while the policy hides votes in conflicts and some stand: the numbers would tell them; where there is no such round.
    pub fn agreement(&self, order: &AgreementOrder) -> Result<AgreementReport> {
        self.check_unblinding(order.stage)?;
        let categories = self.categories(order);
        let people: Vec<ReviewerId> = self.state.reviewers().iter().map(|person| person.id.clone()).collect();
        let open = self.open_units(order)?;
        let mut pairs = Vec::new();
        for (at, a) in people.iter().enumerate() {
            for b in &people[at + 1..] {
                let judged = self.judged_by(order, &categories, &open, a, b);
                if judged.is_empty() {
                    continue;
                }
                pairs.push(pair(order, &categories, a, b, order.month.clone(), &judged.iter().collect::<Vec<_>>()));
                if order.is_by_month {
                    let mut months: Vec<&str> = judged.iter().map(|unit| unit.month.as_str()).collect();
                    months.sort_unstable();
                    months.dedup();
                    for month in months {
                        let of_month: Vec<&Judged<'_>> = judged.iter().filter(|unit| unit.month == month).collect();
                        pairs.push(pair(order, &categories, a, b, Some(month.to_owned()), &of_month));
                    }
                }
            }
        }
        let several = self.several(order, &categories, &open);
        let round = match order.votes {
            AgreementVotes::Outside => None,
            AgreementVotes::InRound(number) => Some(number),
        };
        Ok(AgreementReport { stage: order.stage, round, categories, pairs, several })
    }

    /// Returns the records in one cell of the table of two people, in the order of import.
    ///
    /// # Errors
    /// [`Error`] as [`Workspace::agreement`], and where a person or category is unknown or the file cannot be read.
    pub fn agreement_records(&self, order: &AgreementOrder, cell: &AgreementCell) -> Result<Vec<ListedRecord>> {
        self.check_unblinding(order.stage)?;
        let categories = self.categories(order);
        let person = |name: &str| {
            let found = self.state.reviewer(&ReviewerId::from(name)).map(|person| person.id.clone());
            found.ok_or_else(|| Error::not_found(format!("the review has no reviewer \"{name}\"")))
        };
        let category = |name: &str| {
            let found = categories.iter().position(|known| known == name);
            found.ok_or_else(|| {
                Error::user(format!("\"{name}\" is no category of this table"))
                    .hint(format!("the categories are {}", categories.join(", ")))
            })
        };
        let (a, b) = (person(&cell.a)?, person(&cell.b)?);
        let wanted = (category(&cell.a_said)?, category(&cell.b_said)?);
        let open = self.open_units(order)?;
        let judged = self.judged_by(order, &categories, &open, &a, &b);
        let units: Vec<RecordIndex> = judged.iter().filter(|unit| unit.said == wanted).map(|unit| unit.unit).collect();
        self.list(&units)
    }

    /// Refuses where a number could tell a vote that the policy hides.
    fn check_unblinding(&self, stage: Stage) -> Result<()> {
        if self.state.policy(stage).shows_votes_in_conflict {
            return Ok(());
        }
        let hidden = self.state.units_in(stage).filter(|(_, status)| status.is_conflict()).count();
        if hidden == 0 {
            return Ok(());
        }
        let message = format!("agreement at {} would tell votes that the policy hides in {}", stage.label(), counted(hidden, "conflict"));
        Err(Error::blocked(message).hint("settle the conflicts first: tamis conflict list"))
    }

    /// Returns the units on which all votes needed are in: of the stage, or of the round everybody's.
    fn open_units(&self, order: &AgreementOrder) -> Result<Vec<RecordIndex>> {
        match order.votes {
            AgreementVotes::Outside => {
                let units = self.state.units_in(order.stage).map(|(unit, _)| unit);
                Ok(units.filter(|unit| self.is_open(order.stage, *unit)).collect())
            }
            AgreementVotes::InRound(number) => {
                let found = self.round_of(order.stage, Some(number))?;
                let units = self.state.units_of_round(found.round).into_iter();
                Ok(units.filter(|unit| self.is_complete_in(found, *unit)).collect())
            }
        }
    }

    /// Returns the last vote of each person on a unit, of those that are asked about, before others could be seen.
    fn independent(&self, order: &AgreementOrder, unit: RecordIndex) -> Vec<VoteRecord<'_>> {
        match order.votes {
            AgreementVotes::Outside => self.state.independent_votes(order.stage, unit),
            AgreementVotes::InRound(number) => {
                let found = self.round_of(order.stage, Some(number)).ok();
                found.map(|found| self.state.independent_round_votes(found.round, unit)).unwrap_or_default()
            }
        }
    }

    /// Returns the names of the categories.
    fn categories(&self, order: &AgreementOrder) -> Vec<String> {
        let has_maybe = order.is_detailed || self.state.policy(order.stage).maybe == MaybeRule::Conflict;
        let mut names = vec!["include".to_owned()];
        match order.stage {
            Stage::TitleAbstract if has_maybe => names.extend(["maybe".to_owned(), "exclude".to_owned()]),
            Stage::FullText if order.is_detailed => names.extend(self.state.reasons().iter().map(|reason| reason.code.clone())),
            _ => names.push("exclude".to_owned()),
        }
        names
    }

    /// Returns the category of a vote; `None` where it falls into none.
    fn category_of(&self, order: &AgreementOrder, categories: &[String], vote: &Vote) -> Option<usize> {
        let name = match vote.verdict {
            Verdict::Include => "include",
            Verdict::Maybe if categories.iter().any(|name| name == "maybe") => "maybe",
            Verdict::Maybe => "include",
            Verdict::Exclude if order.stage == Stage::FullText && order.is_detailed => vote.reason.as_deref()?,
            Verdict::Exclude => "exclude",
            Verdict::Ongoing | Verdict::Awaiting => return None,
        };
        categories.iter().position(|known| known == name)
    }

    fn judged_by(
        &self,
        order: &AgreementOrder,
        categories: &[String],
        open: &[RecordIndex],
        a: &ReviewerId,
        b: &ReviewerId,
    ) -> Vec<Judged<'_>> {
        let judged = open.iter().filter_map(|unit| {
            let votes = self.independent(order, *unit);
            let vote = |id: &ReviewerId| votes.iter().find(|found| found.vote.reviewer == *id).copied();
            let (of_a, of_b): (VoteRecord<'_>, VoteRecord<'_>) = (vote(a)?, vote(b)?);
            if of_a.vote.record != of_b.vote.record {
                return None;
            }
            let said = (self.category_of(order, categories, of_a.vote)?, self.category_of(order, categories, of_b.vote)?);
            let month = [of_a.op, of_b.op].map(|op| self.state.op(op).at.date()).into_iter().max()?.chars().take(7).collect::<String>();
            let is_wanted = order.month.as_ref().is_none_or(|wanted| *wanted == month);
            is_wanted.then_some(Judged { unit: *unit, a: of_a.vote, b: of_b.vote, said, month })
        });
        judged.collect()
    }

    /// Returns the agreement of all, where each open unit was judged by the same number of three or more people.
    fn several(&self, order: &AgreementOrder, categories: &[String], open: &[RecordIndex]) -> Option<SeveralRaters> {
        let mut counts: Vec<Vec<u64>> = Vec::new();
        for unit in open {
            let votes = self.independent(order, *unit);
            let mut of_unit = vec![0; categories.len()];
            for found in votes {
                if let Some(category) = self.category_of(order, categories, found.vote) {
                    of_unit[category] += 1;
                }
            }
            counts.push(of_unit);
        }
        counts.retain(|unit| unit.iter().sum::<u64>() > 0);
        let raters: u64 = counts.first()?.iter().sum();
        let is_even = raters >= 3 && order.month.is_none() && counts.iter().all(|unit| unit.iter().sum::<u64>() == raters);
        is_even.then(|| SeveralRaters { n: counts.len(), raters: raters as usize, fleiss_kappa: fleiss_kappa(&counts) })
    }
}

fn pair(
    order: &AgreementOrder,
    categories: &[String],
    a: &ReviewerId,
    b: &ReviewerId,
    month: Option<String>,
    judged: &[&Judged<'_>],
) -> PairAgreement {
    let counts = AgreementTable::from_pairs(categories.len(), judged.iter().map(|unit| unit.said));
    let found = counts.agreement();
    let cells = |row: usize| (0..categories.len()).map(move |column| (row, column));
    let table: Vec<Vec<usize>> = (0..categories.len()).map(|row| cells(row).map(|(a, b)| counts.count(a, b) as usize).collect()).collect();
    let agreed: u64 = (0..categories.len()).map(|at| counts.count(at, at)).sum();
    // Maybe stands with include unless it is a category of its own; an exclusion is one for whatever reason.
    let is_in = |said: usize| categories[said] == "include";
    let is_out = |said: usize| !is_in(said) && categories[said] != "maybe";
    let count = |one: &dyn Fn(usize) -> bool, other: &dyn Fn(usize) -> bool| {
        judged.iter().filter(|unit| one(unit.said.0) && other(unit.said.1)).count()
    };
    let both_excluded = || judged.iter().filter(|unit| is_out(unit.said.0) && is_out(unit.said.1));
    PairAgreement {
        a: a.to_string(),
        b: b.to_string(),
        month,
        n: judged.len(),
        table,
        both_in: count(&is_in, &is_in),
        a_in_b_out: count(&is_in, &is_out),
        a_out_b_in: count(&is_out, &is_in),
        both_out: count(&is_out, &is_out),
        same_reason: (order.stage == Stage::FullText).then(|| both_excluded().filter(|unit| unit.a.reason == unit.b.reason).count()),
        po: found.po,
        po_interval: share_interval(agreed, found.n),
        pe: found.pe,
        kappa: found.kappa,
        kappa_se: found.kappa_se,
        kappa_interval: found.kappa.zip(found.kappa_se).and_then(|(kappa, se)| interval(kappa, se)),
        pabak: found.pabak,
        ac1: found.ac1,
        ac1_se: found.ac1_se,
        ac1_interval: found.ac1.zip(found.ac1_se).and_then(|(ac1, se)| interval(ac1, se)),
        positive: found.positive,
        negative: found.negative,
        prevalence_index: found.prevalence_index,
        bias_index: found.bias_index,
    }
}
