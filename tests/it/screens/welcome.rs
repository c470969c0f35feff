//! What opens without a review.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tamis::app::{Error, Result};
use tamis::tui::harness::Harness;
use tamis::tui::welcome::{Begin, Welcome, WelcomePort, WelcomeService};

type Asked = Rc<RefCell<Vec<Begin>>>;

type Program = Harness<WelcomePort, WelcomeService<Box<dyn FnMut(&Begin) -> Result<()>>>>;

/// The screen over a folder; what is asked for is kept, and a file called "missing.tamis" is not there.
fn welcome(reviews: &[&str], columns: u16, rows: u16) -> (Asked, Program) {
    let asked = Asked::default();
    let kept = Rc::clone(&asked);
    let begin = move |way: &Begin| {
        kept.borrow_mut().push(way.clone());
        if *way == Begin::Open(PathBuf::from("missing.tamis")) {
            return Err(Error::user("there is no file missing.tamis").hint("check the name and the folder"));
        }
        Ok(())
    };
    let reviews = reviews.iter().map(PathBuf::from).collect();
    let screen = Welcome::new(Path::new("/home/ada/ketamine"), reviews);
    (
        asked,
        Harness::new(vec![Box::new(screen)], WelcomeService::new(Box::new(begin) as Box<dyn FnMut(&Begin) -> Result<()>>), columns, rows),
    )
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn one_screen_explains_itself() {
    let (_, mut program) = welcome(&[], 80, 24);
    snapshot("welcome_80x24", &program.text());
    let (_, mut program) = welcome(&["old.tamis", "pain.tamis"], 160, 50);
    snapshot("welcome_160x50", &program.text());
    for (columns, rows) in [(1, 1), (60, 16), (100, 20), (300, 90)] {
        program.resize(columns, rows);
    }
}

#[test]
fn a_review_is_made_from_a_title_and_two_names() {
    let (asked, mut program) = welcome(&[], 80, 24);
    program.press("n").type_text("Ketamine for pain").press("tab").type_text("AR Ada Rao").press("tab").type_text("Ben Kim").press("enter");
    let people = vec![("AR".to_owned(), "Ada Rao".to_owned()), ("BK".to_owned(), "Ben Kim".to_owned())];
    let new = Begin::New { file: "review.tamis".into(), title: "Ketamine for pain".to_owned(), people };
    assert_eq!(*asked.borrow(), [new]);
    assert!(program.has_ended(), "the review's own screens follow");
}

#[test]
fn reviews_of_the_folder_are_listed_and_a_wrong_name_is_told() {
    let (asked, mut program) = welcome(&["old.tamis", "pain.tamis"], 80, 24);
    program.press("enter");
    assert!(program.text().contains("Which review?"), "two reviews are there, so opening one is selected:\n{}", program.text());
    program.press("2");
    assert_eq!(*asked.borrow(), [Begin::Open("pain.tamis".into())]);
    let (_, mut program) = welcome(&[], 80, 24);
    program.press("o").type_text("missing.tamis").press("enter");
    let notice = program.model().notice().map(|notice| notice.text.clone()).unwrap_or_default();
    assert_eq!(notice, "There is no file missing.tamis. Check the name and the folder.");
    assert!(!program.has_ended());
    program.paste("'/tmp/dropped.tamis'\n");
    assert!(program.has_ended(), "a file dropped on the terminal is opened");
}

#[test]
fn the_example_is_built_by_key_and_by_mouse() {
    let (asked, mut program) = welcome(&[], 80, 24);
    program.click("See the worked example").click("See the worked example").press("enter");
    assert_eq!(*asked.borrow(), [Begin::Example("ketamine-demo".into())]);
    assert!(program.has_ended());
}
