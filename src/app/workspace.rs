//! An open review: the file, the state folded from it, and the one door through which every change goes.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use crate::domain::change::ChangeSet;
use crate::domain::ids::{BatchId, LogId, OpId, RecordId, ReviewerId};
use crate::domain::operation::{OpKind, Row};
use crate::domain::review::Reviewer;
use crate::domain::state::{FoldError, OpHead, ReviewState};
use crate::store::{Appended, NewOperation, Place, RecordWriter, Store, StoreError, StoredOperation, list_backups, thin_backups};

use super::agreed::AgreedNumbers;
use super::arrange::Sequence;
use super::compared::Compared;
use super::environment::Environment;
use super::error::{Error, Result};
use super::forms::Forms;
use super::log_book::LogBook;
use super::memo::Memo;
use super::moved::may_move;
use super::query::Waiting;
use super::request::{Detail, Progress, Reply, Request};
use super::texts::Texts;

/// An open review.
pub struct Workspace {
    pub(super) store: Store,
    pub(super) state: ReviewState,
    pub(super) environment: Environment,
    logs: LogBook,
    file_id: String,
    reviewer: Option<ReviewerId>,
    data_version: i64,
    pub(super) fold_problems: Vec<FoldError>,
    /// What the last search for duplicates prepared, so that the next one need not read it again.
    pub(super) compared: Compared,
    /// The index of words, as far as it has been asked for.
    pub(super) texts: RefCell<Texts>,
    /// All records in the order that was asked for last.
    pub(super) sequence: Sequence,
    /// The units that wait for the acting reviewer, as they were found last.
    pub(super) waiting: RefCell<Vec<Waiting>>,
    /// The versions of the form, each read once.
    pub(super) known_forms: Memo<Forms>,
    /// What the extractors agree on.
    pub(super) agreed: Memo<[AgreedNumbers]>,
    is_backed_up: bool,
}

/// A change on its way through [`Workspace::transact`].
pub(super) struct Change {
    /// The kind of operation.
    pub kind: OpKind,
    /// One line for people. It must not tell how somebody voted.
    pub summary: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// For undo and redo the operation that is switched.
    pub target: Option<OpId>,
}

impl Change {
    /// Creates a change that switches nothing.
    pub fn new(kind: OpKind, summary: impl Into<String>, rows: Vec<Row>) -> Self {
        Self { kind, summary: summary.into(), rows, target: None }
    }
}

impl Workspace {
    /// Creates a review file and opens it.
    ///
    /// # Errors
    /// [`Error`] where the file exists or cannot be written.
    pub fn create(path: &Path, place: Place, environment: Environment) -> Result<Self> {
        let file_id = OpId::from_bytes(environment.names.next("review file")?).to_string();
        let created_at = environment.clock.now().to_string();
        let store = Store::create(path, place, &file_id, &created_at, environment.lock_folder().as_deref())?;
        Self::over(store, environment)
    }

    /// Creates a review that lives in memory.
    ///
    /// # Errors
    /// [`Error`] where the system has no randomness.
    pub fn in_memory(environment: Environment) -> Result<Self> {
        let file_id = OpId::from_bytes(environment.names.next("review file")?).to_string();
        let store = Store::in_memory(&file_id, &environment.clock.now().to_string())?;
        Self::over(store, environment)
    }

    /// Opens a review file. A file of an older version is backed up and brought up to date.
    ///
    /// # Errors
    /// [`Error`] that says in words why the file cannot be opened; it is then unchanged.
    pub fn open(path: &Path, environment: Environment) -> Result<Self> {
        let stamp = stamp(&environment);
        let home = environment.home.clone();
        let store = Store::open(path, environment.lock_folder().as_deref(), |file| {
            let folder = home.map_or_else(|| file.with_extension("backups"), |home| home.join("backups").join("before-migration"));
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("review.tamis");
            let target = folder.join(format!("{stamp}-{name}"));
            std::fs::create_dir_all(&folder)
                .and_then(|()| std::fs::copy(file, &target))
                .map(|_| ())
                .map_err(|error| StoreError::Io { path: target, message: error.to_string() })
        })?;
        Self::over(store, environment)
    }

    fn over(store: Store, environment: Environment) -> Result<Self> {
        let file_id = store.file_id()?;
        let data_version = store.data_version()?;
        let (state, fold_problems) = store.load_state()?;
        let logs = LogBook::new(environment.home.as_deref());
        let mut workspace = Self {
            store,
            state,
            environment,
            logs,
            file_id,
            reviewer: None,
            data_version,
            fold_problems,
            compared: Compared::default(),
            texts: RefCell::default(),
            sequence: Sequence::default(),
            waiting: RefCell::default(),
            known_forms: Memo::default(),
            agreed: Memo::default(),
            is_backed_up: false,
        };
        workspace.reviewer = workspace.remembered_reviewer()?;
        Ok(workspace)
    }

    /// Closes the review and returns the surroundings, to open another one in them.
    pub fn into_environment(self) -> Environment {
        self.environment
    }

    /// Returns the file; `None` for a review in memory.
    pub fn path(&self) -> Option<&Path> {
        self.store.path()
    }

    /// Tells whether the file can only be read.
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only()
    }

    /// Returns the acting reviewer: the one chosen, or remembered by this device, or the only one there is.
    pub fn reviewer(&self) -> Option<&Reviewer> {
        match &self.reviewer {
            Some(id) => self.state.reviewer(id),
            None => {
                let people = self.state.reviewers();
                if people.len() == 1 { people.first().copied() } else { None }
            }
        }
    }

    /// Returns the short name of the acting reviewer.
    ///
    /// # Errors
    /// [`Error`] that lists the people of the review where nobody is acting.
    pub fn acting(&self) -> Result<ReviewerId> {
        let named = self.reviewer().map(|person| person.id.clone());
        named.ok_or_else(|| {
            let people: Vec<&str> = self.state.reviewers().iter().map(|person| person.id.as_str()).collect();
            Error::user("tamis does not know who you are in this review")
                .hint(format!("add --as ID; the reviewers are {}", people.join(", ")))
        })
    }

    /// Chooses the acting reviewer.
    ///
    /// # Errors
    /// [`Error`] where the review has no such person.
    pub fn act_as(&mut self, id: &ReviewerId) -> Result<()> {
        let Some(person) = self.state.reviewer(id) else {
            let people: Vec<&str> = self.state.reviewers().iter().map(|person| person.id.as_str()).collect();
            return Err(
                Error::not_found(format!("the review has no reviewer \"{id}\"")).hint(format!("the reviewers are {}", people.join(", ")))
            );
        };
        self.reviewer = Some(person.id.clone());
        Ok(())
    }

    /// Remembers for this device who is acting. A file that cannot be written remembers nothing.
    pub fn remember_reviewer(&mut self) {
        if let (Some(id), false) = (self.reviewer.clone(), self.store.is_read_only()) {
            let _ = self.store.remember(&self.device_key(), id.as_str());
        }
    }

    fn remembered_reviewer(&self) -> Result<Option<ReviewerId>> {
        let remembered = self.store.remembered(&self.device_key())?.map(|text| ReviewerId::from(text.as_str()));
        Ok(remembered.filter(|id| self.state.reviewer(id).is_some()))
    }

    fn device_key(&self) -> String {
        let Some(home) = &self.environment.home else { return "acting reviewer".to_owned() };
        let file = home.join("device");
        let known = std::fs::read_to_string(&file).ok().filter(|name| name.len() == 32);
        let device = known.or_else(|| {
            let name = OpId::from_bytes(self.environment.names.next("device").ok()?).to_string();
            super::environment::write_whole(&file, &name).ok().map(|()| name)
        });
        format!("acting reviewer on {}", device.unwrap_or_default())
    }

    /// Runs a request without looking at its progress.
    ///
    /// # Errors
    /// [`Error`]; the review is then as it was.
    pub fn run(&mut self, request: Request) -> Result<Reply> {
        self.run_with(request, &mut |_, _, _| true)
    }

    /// Runs a request; long work reports its progress and stops, without a trace, where `progress` returns false.
    ///
    /// # Errors
    /// [`Error`]; the review is then as it was.
    pub fn run_with(&mut self, request: Request, progress: &mut Progress<'_>) -> Result<Reply> {
        let seen = self.refresh()?;
        let standing = may_move(request.kind()).then(|| self.standing_results()).filter(|standing| !standing.is_empty());
        let mut reply = match request {
            Request::SetReview(info) => self.set_review(info),
            Request::SetReviewer { id, name, roles, is_active } => self.set_reviewer(&id, &name, roles, is_active),
            Request::SetCriteria(criteria) => self.set_criteria(criteria),
            Request::SetReasons(reasons) => self.set_reasons(reasons),
            Request::SetWords(words) => self.set_words(words),
            Request::SetPolicy(policy) => self.set_policy(policy),
            Request::StartUpdate { label, studies_before, reports_before } => self.start_update(&label, studies_before, reports_before),
            Request::AddSource { name, kind, platform } => self.add_source(&name, kind, platform),
            Request::Import(order) => self.import(&order, progress),
            Request::FindDuplicates => self.find_duplicates(progress),
            Request::Group(records) => self.group(&records),
            Request::Split(records) => self.split(&records),
            Request::KeepApart(a, b) => self.keep_apart(a, b),
            Request::Remove { record, kind, reason } => self.remove(record, kind, &reason),
            Request::Vote { stage, votes } => self.vote(stage, votes),
            Request::Mark { record, changes } => self.mark(record, changes),
            Request::StartRound { stage, size, seed, votes } => self.start_round(stage, size, seed, votes),
            Request::CloseRound { stage, number, is_early } => self.close_round(stage, number, is_early),
            Request::SetOrder { order, seed } => self.set_order(&order, seed),
            Request::TakeBatch(size) => self.take_batch(size),
            Request::Load(load) => self.load(load),
            Request::Resolve { stage, record, verdict, reason, rationale } => self.resolve(stage, record, verdict, reason, &rationale),
            Request::Retrieve { record, state, note } => self.retrieve(record, state, note),
            Request::Attach { record, path } => self.attach(record, &path),
            Request::AttachMany(files) => self.attach_many(&files, progress),
            Request::LinkStudy { record, study } => self.link_study(record, &study),
            Request::UnlinkStudy { record, study } => self.unlink_study(record, &study),
            Request::UseForm { file_name, text } => self.use_form(&file_name, &text),
            Request::MigrateStudies(studies) => self.migrate_studies(&studies),
            Request::SetCells(cells) => self.set_cells(cells),
            Request::SubmitDraft(study) => self.submit_draft(&study),
            Request::WithdrawDraft(study) => self.withdraw_draft(&study),
            Request::Agree { study, path, choice, rationale } => self.agree(&study, &path, &choice, &rationale),
            Request::Dismiss { study, rule, path, reason } => self.dismiss(&study, &rule, &path, &reason),
            Request::ExcludeStudy { analysis, study, reason } => self.exclude_study(&analysis, &study, &reason),
            Request::AnswerAppraisal { of, item, answer, support, page } => {
                self.answer_appraisal(&of, &item, answer.as_deref(), support, page)
            }
            Request::SubmitAppraisal(of) => self.submit_appraisal(&of, true),
            Request::WithdrawAppraisal(of) => self.submit_appraisal(&of, false),
            Request::AgreeJudgement { of, item, judgement, rationale } => self.agree_judgement(&of, &item, &judgement, &rationale),
            Request::Rate { analysis, item, rating, explanation } => self.rate(&analysis, item, &rating, &explanation),
            Request::Undo(op) => self.undo(op),
            Request::Redo(op) => self.redo(op),
            Request::Merge(path) => self.merge(&path),
        }?;
        reply.changes = reply.changes.with(seen);
        if let Some(before) = standing {
            self.tell_moved(&before, &mut reply);
        }
        Ok(reply)
    }

    /// Sees what other programs wrote into the file since the last look.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read any more.
    pub fn refresh(&mut self) -> Result<ChangeSet> {
        let version = self.store.data_version()?;
        if version == self.data_version {
            return Ok(ChangeSet::NONE);
        }
        self.reload()?;
        self.data_version = version;
        Ok(ChangeSet::ALL)
    }

    pub(super) fn reload(&mut self) -> Result<()> {
        (self.state, self.fold_problems) = self.store.load_state()?;
        self.texts.get_mut().forget_places();
        self.sequence = Sequence::default();
        self.waiting.get_mut().clear();
        Ok(())
    }

    /// The one door for every change: appends the operation and brings the state up to date.
    pub(super) fn transact(&mut self, change: Change) -> Result<Reply> {
        let reviewer = if self.state.reviewers().is_empty() { self.founder(&change.rows)? } else { self.acting()? };
        let new = self.next_operation(reviewer, change.kind, change.summary, change.target)?;
        let stored = self.store.append(new, &change.rows)?;
        self.take_in(stored, change.rows, None)
    }

    /// As [`Workspace::transact`], for an import: `write` hands the records over as it reads them, and returns sentence and rows.
    pub(super) fn transact_records(
        &mut self,
        kind: OpKind,
        batch: BatchId,
        write: impl FnOnce(&mut RecordWriter<'_>) -> Result<(String, Vec<Row>)>,
    ) -> Result<Reply> {
        let reviewer = if self.state.reviewers().is_empty() { self.founder(&[])? } else { self.acting()? };
        let new = self.next_operation(reviewer, kind, String::new(), None)?;
        let Appended { stored, rows, records } = self.store.append_records(new, write)?;
        self.take_in(stored, rows, Some((batch, records)))
    }

    fn next_operation(&mut self, reviewer: ReviewerId, kind: OpKind, summary: String, target: Option<OpId>) -> Result<NewOperation> {
        self.back_up_once_a_day()?;
        let log = self.log_to_continue(&reviewer)?;
        let salt = format!("{log} {} {}", self.state.lamport(), self.state.ops().len());
        let id = OpId::from_bytes(self.environment.names.next(&salt)?);
        Ok(NewOperation { id, log, at: self.environment.clock.now(), reviewer, kind, summary, target })
    }

    /// Brings the state up to date with an operation that lies in the file.
    fn take_in(&mut self, stored: StoredOperation, rows: Vec<Row>, records: Option<(BatchId, Vec<RecordId>)>) -> Result<Reply> {
        let StoredOperation { operation, hash, .. } = stored;
        self.logs.remember(&self.file_id, &operation.reviewer, self.store.path(), operation.log, &hash);
        let is_foreign = operation.lamport != self.state.lamport() + 1;
        if is_foreign || self.fold_in(OpHead::from(&operation), rows, records).is_err() {
            self.reload()?;
        }
        let target_kind = operation.target.and_then(|target| self.state.op_place(target)).map(|at| self.state.op(at).kind);
        let changes = target_kind.unwrap_or(operation.kind).touches();
        Ok(Reply { message: operation.summary, op: Some(operation.id), changes, detail: Detail::None })
    }

    fn fold_in(&mut self, head: OpHead, rows: Vec<Row>, records: Option<(BatchId, Vec<RecordId>)>) -> Result<(), FoldError> {
        let (kind, target) = (head.kind, head.target);
        let op = self.state.add_operation(head)?;
        let (first, later): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| matches!(row, Row::Source(_) | Row::Batch(_)));
        for row in first {
            self.state.add_row(op, row)?;
        }
        if let Some((batch, records)) = records {
            for (id, ordinal) in records.into_iter().zip(1..) {
                self.state.add_record(id, batch, ordinal)?;
            }
        }
        for row in later {
            self.state.add_row(op, row)?;
        }
        let switched = target.and_then(|target| self.state.op_place(target));
        let kinds = [Some(kind), switched.map(|at| self.state.op(at).kind)];
        self.state.settle(kinds.into_iter().flatten().filter(|kind| !kind.is_toggle()));
        let touched = self.state.records_touched_by(switched.unwrap_or(op));
        self.state.refresh(&touched);
        Ok(())
    }

    /// Returns the author of the very first operation: the first person that it adds.
    #[allow(clippy::unused_self)]
    fn founder(&self, rows: &[Row]) -> Result<ReviewerId> {
        let first = rows.iter().find_map(|row| if let Row::Reviewer(person) = row { Some(person.id.clone()) } else { None });
        first.ok_or_else(|| Error::user("the review has no people yet").hint("add one with tamis setup reviewer ID --name NAME"))
    }

    fn log_to_continue(&self, reviewer: &ReviewerId) -> Result<LogId> {
        if let Some((log, last_hash)) = self.logs.find(&self.file_id, reviewer, self.store.path())
            && self.store.log_head(log)?.is_some_and(|(_, hash)| hash == last_hash)
        {
            return Ok(log);
        }
        let salt = format!("log {reviewer} {}", self.state.ops().len());
        Ok(LogId::from_bytes(self.environment.names.next(&salt)?))
    }

    fn back_up_once_a_day(&mut self) -> Result<()> {
        let today = self.environment.clock.now().date();
        let has_older_work = self.state.ops().last().is_some_and(|op| op.at.date() != today);
        if self.is_backed_up || !has_older_work {
            return Ok(());
        }
        self.is_backed_up = true;
        let Some(folder) = self.environment.backup_folder(&self.file_id) else { return Ok(()) };
        let day = today.replace('-', "");
        if list_backups(&folder).last().is_none_or(|last| !last.stamp.starts_with(&day)) {
            self.back_up()?;
        }
        Ok(())
    }

    /// Writes a backup into the device's backup folder and thins the old ones; returns the file.
    ///
    /// # Errors
    /// [`Error`] where there is no such folder or it cannot be written.
    pub fn back_up(&self) -> Result<PathBuf> {
        let folder = self.environment.backup_folder(&self.file_id).ok_or_else(|| {
            Error::user("this device has no folder for backups").hint("set TAMIS_HOME to a folder, or name a file: tamis backup --to FILE")
        })?;
        let stamp = stamp(&self.environment);
        let mut target = folder.join(format!("{stamp}.tamis"));
        let mut again = 1;
        while target.exists() {
            again += 1;
            target = folder.join(format!("{stamp}-{again}.tamis"));
        }
        self.store.copy_to(&target)?;
        for old in thin_backups(&list_backups(&folder)) {
            let _ = std::fs::remove_file(&old.path);
        }
        Ok(target)
    }

    /// Writes a backup to a file of the user's choice.
    ///
    /// # Errors
    /// [`Error`] where the file exists or cannot be written.
    pub fn back_up_to(&self, target: &Path) -> Result<()> {
        self.store.copy_to(target)?;
        Ok(())
    }

    /// Returns this device's backups of the review, oldest first.
    pub fn backups(&self) -> Vec<PathBuf> {
        let folder = self.environment.backup_folder(&self.file_id);
        folder.map(|folder| list_backups(&folder).into_iter().map(|backup| backup.path).collect()).unwrap_or_default()
    }
}

/// Returns the present moment as it stands in names of files, "20260131-093000".
fn stamp(environment: &Environment) -> String {
    let digits: String = environment.clock.now().to_string().chars().filter(|c| c.is_ascii_digit()).take(14).collect();
    format!("{}-{}", &digits[..8], &digits[8..])
}

/// Returns a reply for a request that changed nothing.
pub(super) fn nothing(message: impl Into<String>) -> Reply {
    Reply { message: message.into(), op: None, changes: ChangeSet::NONE, detail: Detail::None }
}
