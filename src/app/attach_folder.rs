//! Which PDF of a folder belongs to which report, and why: by DOI, PMID or title, in the file's name or in the text of its first pages.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::domain::decision::Stage;
use crate::domain::identifier::Doi;
use crate::domain::ids::RecordId;
use crate::domain::text::{clean_line, counted, fold};

use super::attach::PdfFile;
use super::error::{Error, ErrorKind, Result};
use super::pdf_text::{TIME_LIMIT, pages_of};
use super::request::Progress;
use super::workspace::Workspace;

/// How deep folders within the folder are looked into; reference managers keep each file in a folder of its own.
const MAX_DEPTH: usize = 6;
/// The most files that are looked at.
const MAX_FILES: usize = 20_000;
/// Pages whose text is compared: title and identifiers stand on the first, or behind a cover sheet on the second.
const FIRST_PAGES: usize = 2;
/// The least letters of a title that identify a report; shorter ones ("Editorial") do not.
const LEAST_TITLE: usize = 20;

/// A report that a file fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchedReport {
    /// The report.
    pub report: RecordId,
    /// Its title.
    pub title: String,
    /// What speaks for it, strongest first ("DOI 10.1000/x in the file's name").
    pub why: Vec<String>,
}

/// A file that fits one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileMatch {
    /// The file.
    pub file: PathBuf,
    /// The report.
    #[serde(flatten)]
    pub report: MatchedReport,
}

/// A file that fits several reports, or shares its report with another file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmbiguousFile {
    /// The file.
    pub file: PathBuf,
    /// Why it is left to a person.
    pub problem: String,
    /// The reports that it fits.
    pub candidates: Vec<MatchedReport>,
}

/// A file that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftFile {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub why: String,
}

/// What a folder holds for the reports that are sought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FolderPlan {
    /// Files that fit one report each, in the order of their names.
    pub matches: Vec<FileMatch>,
    /// Files that a person has to attach.
    pub ambiguous: Vec<AmbiguousFile>,
    /// Files that are left alone.
    pub left: Vec<LeftFile>,
    /// Reports that have no file, and find none in the folder.
    pub without: usize,
}

impl FolderPlan {
    /// Returns what to attach, as [`super::Request::AttachMany`] takes it.
    pub fn files(&self) -> Vec<(RecordId, PathBuf)> {
        self.matches.iter().map(|found| (found.report.report, found.file.clone())).collect()
    }
}

/// What identifies a report, prepared for comparing.
struct Sought {
    report: RecordId,
    title: String,
    has_file: bool,
    doi: Option<Doi>,
    /// The DOI as file names carry it: letters and digits with one underscore for anything else.
    doi_name: Option<String>,
    pmid: Option<String>,
    /// The title without spaces and signs; empty where it is too short to identify.
    letters: String,
}

/// How strongly a file speaks for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Title,
    Pmid,
    Doi,
}

impl Workspace {
    /// Matches the PDFs of a folder, and of the folders in it, to the reports that are sought. Nothing is attached.
    ///
    /// # Errors
    /// [`Error`] where the folder cannot be read, or `progress` asks to stop.
    pub fn plan_folder(&self, folder: &Path, progress: &mut Progress<'_>) -> Result<FolderPlan> {
        let sought = self.sought_reports()?;
        let files = pdf_files(folder)?;
        let mut plan = FolderPlan::default();
        for (at, path) in files.iter().enumerate() {
            if !progress(at, files.len(), "reading files") {
                return Err(Error::new(ErrorKind::Cancelled, "cancelled; nothing was changed"));
            }
            self.place_file(path, &sought, &mut plan);
        }
        settle_rivals(&mut plan);
        let finds = |report: RecordId| plan.matches.iter().any(|found| found.report.report == report);
        plan.without = sought.iter().filter(|report| !report.has_file && !finds(report.report)).count();
        Ok(plan)
    }

    fn sought_reports(&self) -> Result<Vec<Sought>> {
        let units = self.state.units_in(Stage::FullText).map(|(unit, _)| unit).collect::<Vec<_>>();
        let mut sought = Vec::with_capacity(units.len());
        for unit in units {
            let report = self.state.record_id(unit);
            let citation = self.card(report)?.citation;
            let letters = letters_of(&citation.title);
            sought.push(Sought {
                report,
                has_file: self.attached(unit).is_some(),
                doi_name: citation.doi.as_ref().map(|doi| name_form(doi.as_str())),
                doi: citation.doi,
                pmid: citation.pmid.map(|pmid| pmid.as_str().to_owned()),
                letters: if letters.chars().count() < LEAST_TITLE { String::new() } else { letters },
                title: citation.title,
            });
        }
        Ok(sought)
    }

    fn place_file(&self, path: &Path, sought: &[Sought], plan: &mut FolderPlan) {
        let mut leave = |why: String| plan.left.push(LeftFile { file: path.to_owned(), why });
        let file = match PdfFile::read(path) {
            Ok(file) => file,
            Err(error) => return leave(error.message),
        };
        if let Some(report) = self.report_with(&file.sha256) {
            return leave(format!("it is attached to report {report} already"));
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let (text, no_text) = match pages_of(file.bytes, FIRST_PAGES, TIME_LIMIT) {
            Ok(pages) if pages.pages.iter().all(String::is_empty) => (pages.pages, Some("it has no text on its first pages".to_owned())),
            Ok(pages) => (pages.pages, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let candidates = candidates(&stem, &text, sought);
        match &candidates[..] {
            [] => {
                let because = no_text.map(|why| format!("; {why}")).unwrap_or_default();
                leave(format!("no DOI, PMID or title of a report in its name or on its first pages{because}"));
            }
            [(at, found)] if sought[*at].has_file => {
                leave(format!("it fits report {} ({}), which has a file already", found.report, found.why.join("; ")));
            }
            [(_, found)] => plan.matches.push(FileMatch { file: path.to_owned(), report: found.clone() }),
            several => plan.ambiguous.push(AmbiguousFile {
                file: path.to_owned(),
                problem: format!("it fits {}", counted(several.len(), "report")),
                candidates: several.iter().map(|(_, found)| found.clone()).collect(),
            }),
        }
    }
}

/// Returns the reports that a file fits best, with what speaks for each: evidence of a weaker kind does not count against a stronger one
/// in the name, but two kinds that point to different reports leave both.
fn candidates(stem: &str, pages: &[String], sought: &[Sought]) -> Vec<(usize, MatchedReport)> {
    let name = name_form(stem);
    let stem_letters = letters_of(stem);
    let page_letters: Vec<String> = pages.iter().map(|page| letters_of(page)).collect();
    let dois: Vec<Doi> = pages.iter().flat_map(|page| dois_in(page)).collect();
    let mut found: Vec<(usize, Strength, MatchedReport)> = Vec::new();
    for (at, report) in sought.iter().enumerate() {
        let mut why: Vec<(Strength, String)> = Vec::new();
        if let (Some(doi), Some(form)) = (&report.doi, &report.doi_name) {
            if holds_word(&name, form) {
                why.push((Strength::Doi, format!("DOI {doi} in the file's name")));
            }
            if dois.contains(doi) {
                why.push((Strength::Doi, format!("DOI {doi} on the first pages")));
            }
        }
        if let Some(pmid) = report.pmid.as_ref().filter(|pmid| pmid.len() >= 5) {
            if name.split('_').any(|word| word == pmid || word.strip_prefix("pmid") == Some(pmid)) {
                why.push((Strength::Pmid, format!("PMID {pmid} in the file's name")));
            }
            if pages.iter().any(|page| labelled_pmid(page, pmid)) {
                why.push((Strength::Pmid, format!("PMID {pmid} on the first pages")));
            }
        }
        if !report.letters.is_empty() {
            if stem_letters.contains(&report.letters) {
                why.push((Strength::Title, "the title in the file's name".to_owned()));
            } else if ends_with_beginning_of(&stem_letters, &report.letters) {
                why.push((Strength::Title, "the beginning of the title in the file's name".to_owned()));
            }
            if page_letters.iter().any(|page| page.contains(&report.letters)) {
                why.push((Strength::Title, "the title on the first pages".to_owned()));
            }
        }
        if let Some(strength) = why.iter().map(|(strength, _)| *strength).max() {
            why.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
            let why = why.into_iter().map(|(_, why)| why).collect();
            found.push((at, strength, MatchedReport { report: report.report, title: report.title.clone(), why }));
        }
    }
    // An identifier decides between reports of the same title (a conference abstract and its paper); two identifiers do not.
    let best = found.iter().map(|(_, strength, _)| *strength).max();
    let titles_agree = |at: usize| {
        let strongest = found.iter().filter(|(_, strength, _)| Some(*strength) == best);
        strongest.into_iter().any(|(other, ..)| sought[*other].letters == sought[at].letters)
    };
    let kept: Vec<bool> = found.iter().map(|(at, strength, _)| Some(*strength) == best || !titles_agree(*at)).collect();
    found.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|((at, _, report), _)| (at, report)).collect()
}

/// Moves files that fit the same report to those that a person has to attach.
fn settle_rivals(plan: &mut FolderPlan) {
    let rivals: Vec<RecordId> = plan.matches.iter().map(|found| found.report.report).collect();
    let is_rival = |report: RecordId| rivals.iter().filter(|other| **other == report).count() > 1;
    let (several, one): (Vec<_>, Vec<_>) = std::mem::take(&mut plan.matches).into_iter().partition(|found| is_rival(found.report.report));
    plan.matches = one;
    plan.ambiguous.extend(several.into_iter().map(|found| AmbiguousFile {
        file: found.file,
        problem: format!("another file fits report {} too", found.report.report),
        candidates: vec![found.report],
    }));
}

/// Returns the PDF files of a folder and of the folders in it, by path; hidden ones and links to folders are left out.
fn pdf_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let shown = clean_line(&folder.display().to_string()).into_owned();
    let cannot = |error: std::io::Error| Error::new(ErrorKind::File, format!("{shown} cannot be read: {error}"));
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((here, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&here) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(cannot(error)),
            Err(_) => continue,
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) && path.is_file() {
                files.push(path);
            }
            if files.len() > MAX_FILES {
                return Err(Error::user(format!("{shown} holds more than {MAX_FILES} PDF files")).hint("name a smaller folder"));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Returns a text as file names carry it: lower case, one underscore for any run of other signs than letters and digits.
fn name_form(text: &str) -> String {
    let decoded = crate::domain::identifier::percent_decoded(text);
    let mut form = String::with_capacity(decoded.len());
    for c in decoded.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            form.push(c);
        } else if !form.is_empty() && !form.ends_with('_') {
            form.push('_');
        }
    }
    form.trim_end_matches('_').to_owned()
}

/// Tells whether a form of a name holds another one between its ends or underscores.
fn holds_word(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        let end = at + word.len();
        (at == 0 || name[..at].ends_with('_')) && (end == name.len() || name[end..].starts_with('_'))
    })
}

/// Returns the letters and digits of a text, folded, without spaces and signs: lines and hyphens divide titles differently.
fn letters_of(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Tells whether a name ends with at least 25 letters with which a title begins: programs cut long names.
fn ends_with_beginning_of(name: &str, title: &str) -> bool {
    const LEAST: usize = 25;
    let head: String = title.chars().take(LEAST).collect();
    head.chars().count() == LEAST && name.find(&head).is_some_and(|at| title.starts_with(&name[at..]))
}

/// Returns every DOI of a text.
fn dois_in(text: &str) -> Vec<Doi> {
    text.split_whitespace().filter_map(Doi::find).collect()
}

/// Tells whether a text holds a PMID with its label.
fn labelled_pmid(text: &str, pmid: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("pmid") && words.peek() == Some(&pmid) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::Pmid;

    fn report(number: u8, title: &str, doi: &str, pmid: &str) -> Sought {
        let letters = letters_of(title);
        let doi = Doi::find(doi);
        Sought {
            report: format!("6nabkwt35c{number:02}").parse().expect("a record"),
            title: title.to_owned(),
            has_file: false,
            doi_name: doi.as_ref().map(|doi| name_form(doi.as_str())),
            doi,
            pmid: Pmid::find(pmid).map(|pmid| pmid.as_str().to_owned()),
            letters: if letters.len() < LEAST_TITLE { String::new() } else { letters },
        }
    }

    fn some() -> Vec<Sought> {
        vec![
            report(1, "Ketamine produces effective and long-term pain relief", "10.1016/j.pain.2009.06.023", "19604642"),
            report(2, "Absence of long-term analgesic effect in fibromyalgia", "10.1016/j.ejpain.2011.03.008", "21482474"),
            report(3, "Editorial", "10.1000/abc1", ""),
            report(4, "Letter", "10.1000/abc12", ""),
        ]
    }

    fn found(stem: &str, pages: &[&str]) -> Vec<(usize, String)> {
        let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
        candidates(stem, &pages, &some()).into_iter().map(|(at, found)| (at + 1, found.why.join("; "))).collect()
    }

    #[test]
    fn a_doi_in_the_name_is_found_however_its_signs_were_replaced() {
        for stem in ["10.1016_j.pain.2009.06.023", "10.1016%2Fj.pain.2009.06.023", "Sigtermans 10.1016-J.PAIN.2009.06.023 (1)"] {
            assert_eq!(found(stem, &[]), [(1, "DOI 10.1016/j.pain.2009.06.023 in the file's name".to_owned())], "{stem}");
        }
    }

    #[test]
    fn a_doi_that_begins_another_is_not_taken_for_it() {
        assert_eq!(found("10.1000_abc12", &[]), [(4, "DOI 10.1000/abc12 in the file's name".to_owned())]);
        assert_eq!(found("10.1000_abc1", &[]), [(3, "DOI 10.1000/abc1 in the file's name".to_owned())]);
    }

    #[test]
    fn a_pmid_is_a_word_of_the_name_or_has_its_label_in_the_text() {
        assert_eq!(found("19604642", &[])[0].0, 1);
        assert_eq!(found("noppers_pmid21482474", &[])[0].0, 2);
        assert_eq!(found("scan", &["PMID: 21482474"]), [(2, "PMID 21482474 on the first pages".to_owned())]);
        assert!(found("119604642", &["order 21482474"]).is_empty());
    }

    #[test]
    fn a_title_is_found_across_lines_and_in_names_that_were_cut() {
        let text = "Pain 145 (2009)\nKetamine produces effective and long-\nterm pain relief\nM. Sigtermans";
        assert_eq!(found("main", &[text]), [(1, "the title on the first pages".to_owned())]);
        let cut = "Sigtermans et al. - 2009 - Ketamine produces effective and long-term pa";
        assert_eq!(found(cut, &[]), [(1, "the beginning of the title in the file's name".to_owned())]);
        assert!(found("Ketamine produces", &["Editorial"]).is_empty(), "too short to identify");
    }

    #[test]
    fn evidence_for_two_reports_leaves_both() {
        let both = found("10.1016_j.pain.2009.06.023", &["Absence of long-term analgesic effect in fibromyalgia"]);
        assert_eq!(both.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn an_identifier_decides_between_reports_of_one_title() {
        let title = "Ketamine produces effective and long-term pain relief";
        let twins = vec![report(1, title, "10.1000/paper", ""), report(2, title, "10.1000/abstract", "")];
        let pages = [format!("{title} doi:10.1000/abstract")];
        let best = candidates("x", &pages, &twins);
        assert_eq!(best.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1]);
        assert_eq!(candidates("x", &[title.to_owned()], &twins).len(), 2);
    }
}
