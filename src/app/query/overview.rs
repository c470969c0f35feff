//! Where the review stands, and what is next.

use serde::Serialize;

use crate::domain::cycle::CycleNumber;
use crate::domain::decision::Stage;
use crate::domain::flow::{Flow, FlowBox, Identity};
use crate::domain::operation::OpKind;
use crate::domain::policy::Policy;
use crate::domain::review::{Criterion, ExclusionReason, HighlightWord, ReviewInfo};
use crate::domain::screening::Status;
use crate::domain::state::{ReviewState, StageCounts};
use crate::domain::text::counted;

use super::super::error::Result;
use super::super::workspace::Workspace;
use super::records::ListedRecord;

/// A person of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// The short name.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The roles.
    pub roles: Vec<String>,
    /// Whether the person takes part.
    pub is_active: bool,
}

/// How far a person has come in a stage: numbers only, never which records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonProgress {
    /// The short name.
    pub reviewer: String,
    /// The stage.
    pub stage: Stage,
    /// Units with a vote of this person.
    pub done: usize,
    /// Units that this person could have voted on.
    pub total: usize,
}

/// Something that waits for the acting reviewer or for the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// What, as a sentence.
    pub what: String,
    /// How much of it.
    pub count: usize,
    /// The command that does it ("tamis screen").
    pub command: &'static str,
    /// The screen that does it ("screening").
    pub screen: &'static str,
}

/// The flow with its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowView {
    /// The numbers.
    pub flow: Flow,
    /// What people call the cycle that they count; `None` where the review has not been updated.
    pub version: Option<String>,
    /// The equations that must hold.
    pub identities: Vec<Identity>,
    /// What still waits.
    pub pending: usize,
    /// Studies whose numbers entered an analysis.
    pub studies_in_analysis: usize,
}

/// Where the review stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Title and question.
    pub review: ReviewInfo,
    /// The acting reviewer, where known.
    pub reviewer: Option<String>,
    /// The people.
    pub reviewers: Vec<PersonView>,
    /// Records that stand.
    pub records: usize,
    /// Units: groups of duplicates and single records.
    pub units: usize,
    /// Records beyond the first of each group.
    pub duplicates: usize,
    /// Pairs that wait for a person.
    pub possible_duplicates: usize,
    /// Counts at title and abstract.
    #[serde(serialize_with = "serialize_counts")]
    pub title_abstract: StageCounts,
    /// Counts at full text.
    #[serde(serialize_with = "serialize_counts")]
    pub full_text: StageCounts,
    /// Studies, included or not.
    pub studies: usize,
    /// Everybody's progress.
    pub progress: Vec<PersonProgress>,
    /// What is next.
    pub next: Vec<NextStep>,
    /// Whether the file can only be read.
    pub is_read_only: bool,
}

impl Workspace {
    /// Returns where the review stands and what is next for the acting reviewer.
    pub fn overview(&self) -> Overview {
        let state = &self.state;
        let units = state.units().count();
        let records = state.live_records();
        Overview {
            review: state.review(),
            reviewer: self.reviewer().map(|person| person.id.to_string()),
            reviewers: self.people(),
            records,
            units,
            duplicates: records - units,
            possible_duplicates: state.groups().possible().len(),
            title_abstract: state.counts(Stage::TitleAbstract),
            full_text: state.counts(Stage::FullText),
            studies: state.studies().len(),
            progress: self.progress(),
            next: self.next_steps(),
            is_read_only: self.is_read_only(),
        }
    }

    /// Returns the people of the review.
    pub fn people(&self) -> Vec<PersonView> {
        let people = self.state.reviewers();
        let view = people.into_iter().map(|person| PersonView {
            id: person.id.to_string(),
            name: person.name.clone(),
            roles: person.roles.iter().map(ToString::to_string).collect(),
            is_active: person.is_active,
        });
        view.collect()
    }

    /// Returns title and question.
    pub fn review_info(&self) -> ReviewInfo {
        self.state.review()
    }

    /// Returns the eligibility criteria.
    pub fn criteria(&self) -> Vec<Criterion> {
        self.state.criteria().to_vec()
    }

    /// Returns the exclusion reasons in their order.
    pub fn reasons(&self) -> Vec<ExclusionReason> {
        self.state.reasons().to_vec()
    }

    /// Returns the words to highlight.
    pub fn words(&self) -> Vec<HighlightWord> {
        self.state.words().to_vec()
    }

    /// Returns the policy of a stage.
    pub fn policy(&self, stage: Stage) -> Policy {
        self.state.policy(stage)
    }

    /// Returns the PRISMA flow with its checks.
    pub fn flow(&self) -> FlowView {
        self.flow_of(&self.state, self.state.cycle())
    }

    /// Returns the PRISMA flow of one cycle with its checks.
    pub fn flow_of_cycle(&self, cycle: CycleNumber) -> FlowView {
        self.flow_of(&self.state, cycle)
    }

    /// Returns the PRISMA flow as it was after the first so many operations of the log.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn flow_at(&self, operations: usize) -> Result<FlowView> {
        let (state, _) = self.store.load_state_until(operations)?;
        Ok(self.flow_of(&state, state.cycle()))
    }

    fn flow_of(&self, state: &ReviewState, cycle: CycleNumber) -> FlowView {
        let flow = Flow::count_cycle(state, cycle);
        let version = (state.cycle() > 1).then(|| self.cycle_label(cycle));
        let (identities, pending) = (flow.identities(), flow.pending());
        FlowView { flow, version, identities, pending, studies_in_analysis: self.studies_in_analysis() }
    }

    /// Returns the records behind a box of the flow.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn box_records(&self, flow_box: FlowBox) -> Result<Vec<ListedRecord>> {
        self.box_records_of_cycle(flow_box, self.state.cycle())
    }

    /// Returns the records behind a box of the flow of one cycle.
    ///
    /// # Errors
    /// [`super::super::error::Error`] where the file cannot be read.
    pub fn box_records_of_cycle(&self, flow_box: FlowBox, cycle: CycleNumber) -> Result<Vec<ListedRecord>> {
        self.list(&flow_box.members(&self.state, cycle))
    }

    /// Returns how far each person has come in each stage.
    pub fn progress(&self) -> Vec<PersonProgress> {
        let mut progress = Vec::new();
        for stage in [Stage::TitleAbstract, Stage::FullText] {
            let units: Vec<u32> =
                self.state.units_in(stage).filter(|(_, status)| **status != Status::NotRetrieved).map(|(unit, _)| unit).collect();
            for person in self.state.voters() {
                let has_voted = self.state.voted_by(stage, &person.id);
                let done = units.iter().filter(|unit| has_voted(**unit)).count();
                progress.push(PersonProgress { reviewer: person.id.to_string(), stage, done, total: units.len() });
            }
        }
        progress
    }

    /// Returns what is next for the acting reviewer and the team.
    pub fn next_steps(&self) -> Vec<NextStep> {
        let mut next = Vec::new();
        let mut add = |count: usize, what: String, command: &'static str, screen: &'static str| {
            if count > 0 {
                next.push(NextStep { what, count, command, screen });
            }
        };
        let state = &self.state;
        add(usize::from(state.live_records() == 0), "import the first search".to_owned(), "tamis import FILE --source NAME", "sources");
        let newest = |kind: OpKind| (0..state.ops().len() as u32).rev().find(|op| state.op(*op).kind == kind && state.is_live(*op));
        let is_unsearched = state.live_records() > 0 && newest(OpKind::FindDuplicates) < newest(OpKind::Import);
        add(usize::from(is_unsearched), "look for duplicates".to_owned(), "tamis dedup run", "duplicates");
        let possible = state.groups().possible().len();
        add(possible, format!("decide {}", counted(possible, "possible duplicate")), "tamis dedup", "duplicates");
        for (stage, command, screen) in
            [(Stage::TitleAbstract, "tamis screen", "screening"), (Stage::FullText, "tamis fulltext", "fulltext")]
        {
            let mine = self.waiting_for_my_vote(stage).len();
            add(mine, format!("vote on {} at {}", counted(mine, "record"), stage.label()), command, screen);
            let conflicts = state.units_in(stage).filter(|(_, status)| status.is_conflict()).count();
            add(conflicts, format!("settle {} at {}", counted(conflicts, "conflict"), stage.label()), "tamis conflict", "conflicts");
        }
        let sought = state.counts(Stage::FullText).awaiting_report;
        add(sought, format!("retrieve {}", counted(sought, "report")), "tamis fulltext", "fulltext");
        let unlinked = state.reports_without_study().len();
        add(unlinked, format!("tie {} to studies", counted(unlinked, "included report")), "tamis study", "studies");
        self.next_in_extraction(&mut add);
        next
    }

    fn next_in_extraction(&self, add: &mut impl FnMut(usize, String, &'static str, &'static str)) {
        let studies: Vec<_> = self.state.studies().into_iter().filter(|study| study.is_included).collect();
        let Ok(forms) = self.forms() else {
            add(usize::from(!studies.is_empty()), "take an extraction form into use".to_owned(), "tamis form use FILE.toml", "extraction");
            return;
        };
        if let Some(person) = self.reviewer().filter(|person| person.votes()) {
            let mine = studies
                .iter()
                .filter(|study| !self.is_comparable(&forms, study) && !self.state.is_submitted(&study.id, &person.id))
                .count();
            add(mine, format!("extract {}", counted(mine, "study")), "tamis extract", "extraction");
        }
        let open = studies.iter().filter(|study| self.is_comparable(&forms, study)).map(|study| self.open_cells(&forms, study)).sum();
        add(open, format!("settle {} on which drafts differ", counted(open, "cell")), "tamis extract compare", "consensus");
        let behind = studies.iter().filter(|study| forms.is_behind(&self.state, &study.id)).count();
        let what = format!("move {} to version {} of the form", counted(behind, "study"), forms.current().version);
        add(behind, what, "tamis extract migrate", "extraction");
    }
}

fn serialize_counts<S: serde::Serializer>(counts: &StageCounts, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let entries = [
        ("total", counts.total()),
        ("removed", counts.removed),
        ("awaiting_report", counts.awaiting_report),
        ("not_retrieved", counts.not_retrieved),
        ("unscreened", counts.unscreened),
        ("partial", counts.partial),
        ("conflict", counts.conflict),
        ("included", counts.included),
        ("excluded", counts.excluded),
        ("other", counts.other),
    ];
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (name, count) in entries {
        map.serialize_entry(name, &count)?;
    }
    map.end()
}
