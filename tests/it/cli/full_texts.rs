//! Attaching PDFs one by one and from a folder, their text, and checking what is kept.

use super::{Scratch, example};
use crate::pdf_file::pdf_of;

const TITLE: &str = "Absence of long-term analgesic effect from a short-term S-ketamine infusion on fibromyalgia pain:";
const REST: &str = "a randomized, prospective, double blind, active placebo-controlled trial";

/// A review in which 31 reports are sought, and a folder of PDFs.
fn sought() -> Scratch {
    let scratch = Scratch::with_votes();
    for person in ["AR", "BK"] {
        scratch.ok(&format!("--as {person} conflict load {}", example("conflicts-ta.csv")));
    }
    std::fs::create_dir_all(scratch.path("pdfs/zotero/AB12")).expect("a folder");
    scratch
}

fn write(scratch: &Scratch, name: &str, pages: &[&[&str]]) {
    std::fs::write(scratch.path(name), pdf_of(pages)).expect("a file");
}

#[test]
fn the_files_of_a_folder_find_their_reports() {
    let scratch = sought();
    let doi = scratch.json("show search-pubmed.nbib#1")["card"]["citation"]["doi"].as_str().expect("a DOI").to_owned();
    write(&scratch, &format!("pdfs/{}.pdf", doi.replace('/', "_")), &[&["Any text"]]);
    write(&scratch, "pdfs/zotero/AB12/main.pdf", &[&["European Journal of Pain 15 \\(2011\\)", TITLE, REST, "I. Noppers"]]);
    write(&scratch, "pdfs/scan0001.pdf", &[&[]]);
    scratch.write("pdfs/login.pdf", "<html>Please log in</html>");

    let plan = scratch.json("fulltext attach-folder pdfs");
    assert_eq!(plan["matches"].as_array().map(Vec::len), Some(2), "{plan}");
    assert_eq!(plan["attached"], 0, "without --yes nothing is attached: {plan}");
    assert_eq!(plan["without"], 29);
    assert!(plan["matches"][0]["why"][0].as_str().is_some_and(|why| why == format!("DOI {doi} in the file's name")), "{plan}");
    assert_eq!(plan["matches"][1]["why"][0], "the title on the first pages");
    let left: Vec<&str> = plan["left"].as_array().expect("a list").iter().filter_map(|left| left["why"].as_str()).collect();
    assert!(left.iter().any(|why| why.ends_with("login.pdf is no PDF file")), "{left:?}");
    assert!(left.iter().any(|why| why.ends_with("it has no text on its first pages")), "{left:?}");

    let run = scratch.run("fulltext attach-folder pdfs --yes");
    assert_eq!(run.code, 0, "{}{}", run.out, run.talk);
    assert!(run.out.contains("attached 2 files") && run.talk.contains("29 reports without a file"), "{}{}", run.out, run.talk);
    let kept = std::fs::read_dir(scratch.path("ket.files")).expect("the folder of files").count();
    assert_eq!(kept, 2);
    let again = scratch.json("fulltext attach-folder pdfs --yes");
    assert_eq!((again["attached"].clone(), again["matches"].as_array().map(Vec::len)), (0.into(), Some(0)), "{again}");
    scratch.ok("undo");
    let reports = scratch.json("fulltext list");
    assert!(reports["reports"].as_array().expect("a list").iter().all(|report| report["file"].is_null()), "one undo takes all back");
}

#[test]
fn two_files_of_one_report_are_left_to_a_person() {
    let scratch = sought();
    write(&scratch, "pdfs/a.pdf", &[&[TITLE, REST]]);
    write(&scratch, "pdfs/b.pdf", &[&[TITLE, REST, "Supplement"]]);
    let plan = scratch.json("fulltext attach-folder pdfs --yes");
    assert_eq!((plan["attached"].clone(), plan["ambiguous"].as_array().map(Vec::len)), (0.into(), Some(2)), "{plan}");
    assert!(plan["ambiguous"][0]["problem"].as_str().is_some_and(|text| text.starts_with("another file fits report")), "{plan}");
}

#[test]
fn the_text_of_a_report_is_shown_and_searched() {
    let scratch = sought();
    write(&scratch, "trial.pdf", &[&["Methods", "Sixty patients were randomised"], &["Results", "Pain fell in both groups"]]);
    scratch.ok("fulltext attach search-pubmed.nbib#1 trial.pdf");
    let shown = scratch.ok("fulltext text search-pubmed.nbib#1");
    assert_eq!(shown, "\nPage 1 of 2\nMethods\nSixty patients were randomised\n\nPage 2 of 2\nResults\nPain fell in both groups\n");
    let found = scratch.json("fulltext text search-pubmed.nbib#1 --find FELL");
    assert_eq!(found["found"][0]["page"], 2, "{found}");
    write(&scratch, "scan.pdf", &[&[]]);
    scratch.ok("fulltext attach search-pubmed.nbib#1 scan.pdf");
    let run = scratch.run("fulltext text search-pubmed.nbib#1");
    assert!(run.talk.contains("no text in this PDF: a scan"), "{}", run.talk);
    let none = scratch.run("fulltext text search-pubmed.nbib#3");
    assert!(none.code == 1 && none.talk.contains("no file is attached"), "{}", none.talk);
}

#[test]
fn check_finds_files_that_are_missing_or_were_changed() {
    let scratch = sought();
    write(&scratch, "trial.pdf", &[&["Methods"]]);
    scratch.ok("fulltext attach search-pubmed.nbib#1 trial.pdf");
    scratch.ok("check");
    let kept = std::fs::read_dir(scratch.path("ket.files")).expect("the folder").next().expect("a file").expect("a file").path();
    std::fs::write(&kept, "%PDF-1.4 something else").expect("writes");
    let changed = scratch.run("check");
    assert!(changed.code == 3 && changed.out.contains("was changed after it was attached"), "{}", changed.out);
    scratch.ok("fulltext attach search-pubmed.nbib#1 trial.pdf");
    scratch.ok("check");
    std::fs::remove_file(&kept).expect("removes");
    let missing = scratch.run("check");
    assert_eq!(missing.code, 0, "{}", missing.talk);
    assert!(missing.out.contains("The file is whole"), "an absent file damages nothing: {}", missing.out);
    assert!(missing.talk.contains("1 attached PDF is not at hand: copy it from a colleague into ket.files"), "{}", missing.talk);
    assert!(scratch.json("check")["remarks"][0].as_str().is_some_and(|remark| remark.starts_with("1 attached PDF")));
}

#[test]
fn conflicts_on_the_reason_are_listed_apart() {
    let scratch = sought();
    scratch.ok(&format!("fulltext load {}", example("retrieval.csv")));
    for person in ["AR", "BK"] {
        scratch.ok(&format!("--as {person} fulltext votes {}", example(&format!("votes-ft-{person}.csv"))));
    }
    let number = |words: &str| scratch.json(words)["conflicts"].as_array().map_or(0, Vec::len);
    assert_eq!(number("conflict list --stage ft"), 2);
    assert_eq!((number("conflict list --about inclusion"), number("conflict list --about reason")), (1, 1));
    assert_eq!(scratch.json("conflict list --about reason")["conflicts"][0]["is_about_reason"], true);
}

#[test]
fn a_report_without_a_study_gets_a_hint_with_its_reasons() {
    let scratch = Scratch::with_review();
    let report = |title: &str, author: &str, text: &str| format!("TY  - JOUR\nTI  - {title}\nAU  - {author}\nAB  - {text}\nER  - \n\n");
    let first = report("Ketamine for pain of the back", "Alpha, Anna", "Registered as NCT00579085.");
    let second = report("Ten years later", "Beta, Ben", "A follow-up of NCT00579085.");
    scratch.write("own.ris", &format!("{first}{second}"));
    scratch.ok("import own.ris --source PubMed");
    for verb in ["screen", "fulltext"] {
        for person in ["AR", "BK"] {
            for record in ["own.ris#1", "own.ris#2"] {
                scratch.ok(&format!("--as {person} {verb} vote {record} include"));
            }
        }
    }
    let hint = scratch.json("study hints")["hints"][0].clone();
    assert!(hint["study"].is_null() && hint["why"][0] == "both name NCT00579085", "{hint}");
    scratch.ok("study link own.ris#1 Alpha");
    let hints = scratch.json("study hints");
    assert_eq!(hints["hints"].as_array().map(Vec::len), Some(1), "{hints}");
    assert_eq!((&hints["hints"][0]["study"], &hints["hints"][0]["title"]), (&"Alpha".into(), &"Ten years later".into()), "{hints}");
    scratch.ok("study link own.ris#2 Alpha");
    let none = scratch.run("study hints");
    assert!(none.talk.contains("nothing speaks for further ties"), "{}{}", none.out, none.talk);
}
