//! A whole review of two reviewers on the command line, from the first file to the flow diagram.

use super::{SOURCES, Scratch, example};

/// Runs verbs and writes down what a person would see.
struct Transcript {
    scratch: Scratch,
    text: String,
}

impl Transcript {
    fn run(&mut self, shown: &str, words: &[&str]) {
        let run = self.scratch.run_words(words);
        assert_eq!(run.code, 0, "{shown}\n{}{}", run.out, run.talk);
        self.text.push_str(&format!("$ tamis {shown}\n{}", run.out));
        self.text.extend(run.talk.lines().map(|line| format!("| {line}\n")));
        self.text.push('\n');
    }

    /// Runs a verb; a word that names a file of the worked example is shown without its folder.
    fn step(&mut self, shown: &str) {
        let words: Vec<String> = split(shown).into_iter().map(|word| if is_example(&word) { example(&word) } else { word }).collect();
        self.run(shown, &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

fn is_example(word: &str) -> bool {
    !word.starts_with('-') && std::path::Path::new(&example(word)).is_file()
}

/// Splits at spaces outside of double quotes.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            letter => words.last_mut().expect("the list begins with one word").push(letter),
        }
    }
    words
}

#[test]
fn a_whole_review_of_two_reviewers_can_be_done_on_the_command_line() {
    let mut review = Transcript { scratch: Scratch::new(), text: String::new() };
    review.step("init ket --title \"Ketamine for chronic pain\" --reviewer \"AR=First Reviewer\" --reviewer BK");
    review.step("setup load review.toml");
    for (file, source) in SOURCES {
        review.step(&format!("import {file} --source \"{source}\""));
    }
    review.step("dedup run");
    review.step("screen next");
    for person in ["AR", "BK"] {
        review.step(&format!("--as {person} screen votes votes-ta-{person}.csv"));
    }
    review.step("agreement");
    review.step("conflict list");
    for person in ["AR", "BK"] {
        review.step(&format!("--as {person} conflict load conflicts-ta.csv"));
    }
    review.step("fulltext load retrieval.csv");
    for person in ["AR", "BK"] {
        review.step(&format!("--as {person} fulltext votes votes-ft-{person}.csv"));
    }
    for person in ["AR", "BK"] {
        review.step(&format!("--as {person} conflict load conflicts-ft.csv"));
    }
    review.step("study load studies.csv");
    review.step("form use form.toml");
    for person in ["AR", "BK"] {
        review.step(&format!("--as {person} extract load extraction-{person}.csv"));
        review.step(&format!("--as {person} extract submit --all"));
    }
    review.step("extract compare \"Lumanauw 2019\"");
    review.step("extract agree --load consensus.csv");
    review.step("extract trace \"Lumanauw 2019\" outcome.pain.immediate.ketamine.mean");
    review.step("study list");
    review.step("analyse run");
    review.step("flow --check");
    review.step("flow --open not_retrieved");
    review.step("check");
    review.step("status");
    review.step("export prisma");
    insta::assert_snapshot!("whole_review", review.text);

    let flow = review.scratch.json("flow");
    let expected = [
        ("database_results", 131),
        ("duplicates", 54),
        ("records_screened", 77),
        ("records_excluded", 47),
        ("dbr_sought_reports", 30),
        ("dbr_notretrieved_reports", 2),
        ("dbr_assessed", 28),
        ("organisation_results", 6),
        ("citations_results", 1),
        ("other_sought_reports", 1),
        ("new_studies", 6),
        ("new_reports", 9),
        ("total_studies_ma", 6),
        ("pending", 0),
    ];
    for (key, number) in expected {
        assert_eq!(flow[key], number, "{key}");
    }
    assert_eq!(flow["dbr_excluded"]["No numbers per arm in the material at hand"], 13);
    for (id, estimate, low, high) in [("1.1", -15.79, -32.09, 0.51), ("1.4", -5.32, -15.51, 4.87), ("1.9", 3.26, 1.05, 10.09)] {
        let back = review.scratch.json(&format!("analyse show {id}"))["back"].clone();
        for (key, number) in [("estimate", estimate), ("ci_lb", low), ("ci_ub", high)] {
            let found = back[key].as_f64().expect("a number");
            assert!((found - number).abs() < 0.005, "{id} {key}: {found} is not {number}");
        }
    }
}

#[test]
fn the_worked_example_is_built_by_one_verb() {
    let scratch = Scratch::new();
    let told = scratch.ok("demo here");
    for part in ["Search import", "82 distinct records", "MD -15.79 (-32.09 to 0.51)", "RR 3.26 (1.05 to 10.09)", "6 studies in 9 reports"]
    {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    for file in
        ["ketamine.tamis", "figures/forest-1.1.svg", "figures/funnel-1.9.txt", "figures/flow.svg", "prisma.csv", "input/review.toml"]
    {
        assert!(scratch.path("here").join(file).is_file(), "{file} was not written");
    }
    let again = scratch.run("demo here");
    assert_eq!(again.code, 1, "{}", again.talk);
    assert!(again.talk.contains("exists already"), "{}", again.talk);
    assert_eq!(scratch.json("check --review here/ketamine.tamis")["problems"], serde_json::json!([]));
    assert_eq!(scratch.json("status -r here/ketamine.tamis")["next"], serde_json::json!([]));
}

#[test]
fn figures_are_drawn_into_files_by_their_ending() {
    let scratch = Scratch::new();
    scratch.ok("demo here");
    let review = "--review here/ketamine.tamis";
    scratch.ok(&format!("plot forest 1.1 -o forest.svg {review}"));
    scratch.ok(&format!("plot forest 1.1 -o forest.png --dpi 72 {review}"));
    scratch.ok(&format!("plot funnel 1.9 --contours -o funnel.txt --ascii {review}"));
    let read = |name: &str| std::fs::read(scratch.path(name)).expect("the figure was written");
    assert!(read("forest.svg").starts_with(b"<svg") || read("forest.svg").starts_with(b"<?xml"));
    assert!(read("forest.png").starts_with(b"\x89PNG"));
    assert!(read("funnel.txt").is_ascii());
    let drawn = scratch.ok(&format!("plot forest 1.1 --width 80 {review}"));
    assert!(drawn.contains("-15.79 [-32.09, 0.51]"), "{drawn}");
    let pdf = scratch.run(&format!("plot flow -o flow.pdf {review}"));
    assert_eq!((pdf.code, pdf.talk.contains("no .pdf files")), (2, true), "{}", pdf.talk);
    let many = scratch.run(&format!("plot forest {review}"));
    assert_eq!((many.code, many.talk.contains("1.1, 1.2, 1.4, 1.9")), (2, true), "{}", many.talk);
}
