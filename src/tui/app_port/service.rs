//! Carries out what the screens ask: small changes at once, long ones on a thread with its own connection to the same file.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::filter::TextReader;
use super::load::load;
use super::pace::{Pace, Watch};
use super::texts::Texts;
use super::{AppPort, Data, Query, problem};
use crate::app::{self, Environment, Error, ErrorKind, ImportOrder, Request, Workspace};
use crate::domain::change::ChangeSet;
use crate::domain::decision::Stage;
use crate::domain::ids::ReviewerId;
use crate::tui::keymap::KeyContext;
use crate::tui::port::{Finished, Header, JobId, Problem, Progress, Reporter, Service};

/// How often a job reports at most.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// How many of the newest operations are looked at for one of the acting reviewer's that can be taken back.
const NEWEST: usize = 40;

/// Makes the surroundings for the thread of a job.
pub type MakeEnvironment = Arc<dyn Fn() -> app::Result<Environment> + Send + Sync>;

/// The open review behind the screens.
pub struct AppService {
    review: Workspace,
    environment: MakeEnvironment,
    running: HashMap<JobId, Arc<AtomicBool>>,
    unseen: ChangeSet,
    pace: Pace,
    texts: TextReader,
    reports: Texts,
}

impl AppService {
    /// Takes an open review; jobs take their surroundings from the process.
    pub fn new(review: Workspace) -> Self {
        Self::with_environment(review, Arc::new(Environment::of_process))
    }

    /// Takes an open review, and what makes the surroundings for jobs.
    pub fn with_environment(review: Workspace, environment: MakeEnvironment) -> Self {
        Self {
            review,
            environment,
            running: HashMap::new(),
            unseen: ChangeSet::NONE,
            pace: Pace::new(),
            texts: TextReader::default(),
            reports: Texts::default(),
        }
    }

    /// Measures the pace of voting by another watch than that of the machine: it tells the time since some moment.
    #[must_use]
    pub fn with_watch(mut self, watch: Watch) -> Self {
        self.pace = Pace::with_watch(watch);
        self
    }

    /// Waits so long for the text of a PDF before the screens go on without it; a fraction of a second unless told otherwise.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.reports.set_patience(patience);
        self
    }

    /// Returns the review.
    pub fn review(&mut self) -> &mut Workspace {
        &mut self.review
    }

    /// Sees what other programs wrote; screens are told of it at the next [`Service::poll`].
    fn refresh(&mut self) -> Result<(), Problem> {
        let seen = self.review.refresh().map_err(problem)?;
        self.unseen = self.unseen.with(seen);
        Ok(())
    }

    /// Tells whether something of the acting reviewer can be taken back, and whether something taken back can be put back.
    fn toggles(&self) -> (bool, bool) {
        let Some(me) = self.review.reviewer().map(|person| person.id.to_string()) else { return (false, false) };
        let Ok(newest) = self.review.log(0, NEWEST) else { return (false, false) };
        let is_toggle = |kind: &str| kind == "undo" || kind == "redo";
        let mut own = newest.iter().filter(|entry| entry.reviewer == me);
        // The first operation began the review; there is nothing before it to go back to.
        let can_undo =
            own.clone().any(|entry| entry.seq > 1 && !is_toggle(&entry.kind) && entry.is_live) || self.review.log_length() > NEWEST;
        let can_redo = own.next().is_some_and(|entry| is_toggle(&entry.kind))
            && newest
                .iter()
                .filter(|entry| entry.reviewer == me)
                .take_while(|entry| is_toggle(&entry.kind))
                .filter(|e| e.kind == "undo")
                .any(|undo| {
                    let target = newest.iter().find(|entry| Some(entry.seq) == undo.target);
                    target.is_none_or(|target| !target.is_live)
                });
        (can_undo, can_redo)
    }
}

impl Service<AppPort> for AppService {
    fn header(&mut self) -> Header {
        let _first = self.texts.make_way();
        let (can_undo, can_redo) = self.toggles();
        let mut waiting: Vec<(&'static str, usize)> = Vec::new();
        for step in self.review.next_steps() {
            match waiting.iter_mut().find(|(screen, _)| *screen == step.screen) {
                Some((_, number)) => *number += step.count,
                None => waiting.push((step.screen, step.count)),
            }
        }
        let name = |person: &crate::domain::review::Reviewer| format!("{} ({})", person.name, person.id);
        Header {
            review: self.review.review_info().title,
            reviewer: self.review.reviewer().map_or_else(|| "nobody is acting".to_owned(), name),
            words: KeyContext::new()
                .with_if(can_undo, "has:undo")
                .with_if(can_redo, "has:redo")
                .with_if(self.review.is_read_only(), "read_only")
                .with_if(self.review.form_text().is_some(), "has:form"),
            waiting,
        }
    }

    fn load(&mut self, query: Query) -> Result<Data, Problem> {
        let _first = self.texts.make_way();
        self.refresh()?;
        match &query {
            Query::Unit(_, record) => self.pace.shows(*record),
            Query::Queue(Stage::TitleAbstract, _) => self.texts.begin(&self.review),
            Query::Filter(filter) => {
                let found = self.texts.answer(&self.review, filter).map_err(problem)?;
                return Ok(Data::Filtered(filter.clone(), found));
            }
            Query::ReportText(record) => {
                let text = self.reports.text(&self.review, *record).map_err(problem)?;
                return Ok(Data::ReportText(*record, text.map(Box::new)));
            }
            _ => {}
        }
        load(&self.review, query).map_err(problem)
    }

    fn run(&mut self, request: Request) -> Result<Finished<AppPort>, Problem> {
        let _first = self.texts.make_way();
        let mut request = at_home(request);
        if let Request::Vote { votes, .. } = &mut request {
            votes.iter_mut().for_each(|vote| self.pace.votes_on(vote));
        }
        let reply = self.review.run(request).map_err(problem)?;
        Ok(Finished { change: reply.changes, reply })
    }

    fn spawn(&mut self, request: Request, reporter: Reporter<AppPort>) {
        let request = at_home(request);
        let stop = Arc::new(AtomicBool::new(false));
        self.running.insert(reporter.job(), Arc::clone(&stop));
        match self.review.path().map(Path::to_owned) {
            None => {
                let done = run_reporting(&mut self.review, request, &stop, &reporter);
                reporter.finished(done.map_err(problem));
            }
            Some(path) => {
                let environment = Arc::clone(&self.environment);
                let reviewer = self.review.reviewer().map(|person| person.id.clone());
                thread::spawn(move || {
                    let work = || work(&path, &environment, reviewer.as_ref(), request, &stop, &reporter);
                    let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(stopped_by(panic.as_ref())));
                    reporter.finished(done.map_err(problem));
                });
            }
        }
    }

    fn cancel(&mut self, job: JobId) {
        if let Some(stop) = self.running.remove(&job) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn poll(&mut self) -> Option<ChangeSet> {
        // A file that cannot be read now is told about by the next request, with its reason.
        let _told_later = self.refresh();
        if self.texts.take_finished(&self.review) {
            self.unseen = self.unseen.with(ChangeSet::VOTES);
        }
        if self.reports.has_news() {
            self.unseen = self.unseen.with(ChangeSet::REPORTS);
        }
        let unseen = std::mem::take(&mut self.unseen);
        (unseen != ChangeSet::NONE).then_some(unseen)
    }
}

/// Puts the person's home folder in place of a leading `~`, as a shell would have done.
fn at_home(request: Request) -> Request {
    let full = |path: PathBuf| match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path,
    };
    match request {
        Request::Import(order) => Request::Import(ImportOrder { path: full(order.path), ..order }),
        Request::Merge(path) => Request::Merge(full(path)),
        Request::Attach { record, path } => Request::Attach { record, path: full(path) },
        other => other,
    }
}

/// Opens the file anew and runs the request there.
fn work(
    path: &Path,
    environment: &MakeEnvironment,
    reviewer: Option<&ReviewerId>,
    request: Request,
    stop: &AtomicBool,
    reporter: &Reporter<AppPort>,
) -> app::Result<Finished<AppPort>> {
    let mut review = Workspace::open(path, environment()?)?;
    if let Some(reviewer) = reviewer {
        review.act_as(reviewer)?;
    }
    run_reporting(&mut review, request, stop, reporter)
}

/// Runs the request, reports how far it is a few times a second, and stops where that is asked for.
fn run_reporting(
    review: &mut Workspace,
    request: Request,
    stop: &AtomicBool,
    reporter: &Reporter<AppPort>,
) -> app::Result<Finished<AppPort>> {
    let mut told: Option<(Instant, &'static str)> = None;
    let reply = review.run_with(request, &mut |done, total, phase| {
        if told.is_none_or(|(at, known)| at.elapsed() >= REPORT_EVERY || known != phase) {
            told = Some((Instant::now(), phase));
            reporter.progress(Progress { phase: phase.to_owned(), done: done as u64, total: total as u64 });
        }
        !stop.load(Ordering::Relaxed)
    })?;
    Ok(Finished { change: reply.changes, reply })
}

/// Describes a panic of a job as a fault of the program.
fn stopped_by(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "no reason was given".to_owned());
    Error::new(ErrorKind::Internal, format!("the work stopped because of a fault in the program: {text}"))
        .hint("nothing of it was kept; the review is as it was")
}
