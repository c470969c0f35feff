//! How many keys it takes to extract a trial of two arms with one continuous and three dichotomous outcomes: the numbers of the guide.

use super::*;

/// The numbers of a trial as its report prints them, in the order of the form.
const NUMBERS: [(&str, &str); 18] = [
    ("pain.end.ketamine.n", "30"),
    ("pain.end.ketamine.mean", "27.9"),
    ("pain.end.ketamine.sd", "18.2"),
    ("pain.end.placebo.n", "30"),
    ("pain.end.placebo.mean", "54.5"),
    ("pain.end.placebo.sd", "20.1"),
    ("nausea.end.ketamine.events", "12"),
    ("nausea.end.ketamine.n", "30"),
    ("nausea.end.placebo.events", "5"),
    ("nausea.end.placebo.n", "30"),
    ("dizziness.end.ketamine.events", "17"),
    ("dizziness.end.ketamine.n", "30"),
    ("dizziness.end.placebo.events", "4"),
    ("dizziness.end.placebo.n", "30"),
    ("withdrawal.end.ketamine.events", "2"),
    ("withdrawal.end.ketamine.n", "30"),
    ("withdrawal.end.placebo.events", "1"),
    ("withdrawal.end.placebo.n", "30"),
];

const PAGE: &str = "t2";

fn trial() -> Workspace {
    let mut review = linked();
    let outcome = |id: &str| {
        format!(
            "[[outcome]]\nid = \"{id}\"\nlabel = \"{id}\"\nkind = \"dichotomous\"\ntimepoints = [{{ id = \"end\", label = \"End\" }}]\n"
        )
    };
    let (head, tail) = FORM.split_once("[[analysis]]").expect("an analysis");
    let text = format!("{head}{}{}{}[[analysis]]{tail}", outcome("nausea"), outcome("dizziness"), outcome("withdrawal"))
        .replace("version = 1", "version = 2")
        .replace("{ id = \"short\", label = \"3 months\" }", "{ id = \"end\", label = \"End\" }")
        .replace("timepoint = \"short\"", "timepoint = \"end\"");
    run(&mut review, Request::UseForm { file_name: "form.toml".to_owned(), text });
    review
}

/// Types, and counts the keys.
struct Typist {
    harness: Screens,
    keys: usize,
}

impl Typist {
    fn new() -> Self {
        let mut harness = open(trial(), 80, 24);
        harness.press("g x enter");
        Self { harness, keys: 0 }
    }

    fn press(&mut self, keys: &str) {
        self.keys += keys.split_whitespace().count();
        self.harness.press(keys);
    }

    fn write(&mut self, text: &str) {
        self.keys += text.chars().count();
        self.harness.type_text(text);
    }

    /// The design, and then the first number of the first outcome.
    fn begin(&mut self) {
        self.press("enter 1");
        self.press("j j j");
    }

    /// Every number one after the other, each left by Tab, the last one by Enter.
    fn numbers(&mut self) {
        self.press("enter");
        for (at, (_, raw)) in NUMBERS.iter().enumerate() {
            self.write(raw);
            self.press(if at + 1 == NUMBERS.len() { "enter" } else { "tab" });
        }
    }

    /// Tells how many of the numbers stand in the draft with their page.
    fn filled(&mut self) -> usize {
        let draft = self.harness.service().review().my_draft(&StudyId::from("noppers-2011")).expect("a draft");
        let stands = |(path, raw): &(&str, &str)| {
            let path = format!("outcome.{path}");
            draft.cells.iter().any(|cell| cell.path == path && cell.raw.as_deref() == Some(*raw) && cell.page.as_deref() == Some(PAGE))
        };
        NUMBERS.iter().filter(|number| stands(number)).count()
    }
}

/// The digits and points themselves.
fn digits() -> usize {
    NUMBERS.iter().map(|(_, raw)| raw.len()).sum()
}

#[test]
fn typing_with_the_source_kept_takes_few_keys_in_the_list() {
    let mut typist = Typist::new();
    typist.begin();
    typist.press("R tab");
    typist.write(PAGE);
    typist.press("enter");
    typist.numbers();
    assert_eq!(typist.filled(), 18);
    assert_eq!((digits(), typist.keys), DOCUMENTED_KEPT);
    // The design was answered before the source was kept; one key gives it the same.
    typist.press("S");
    assert_eq!(notice(&typist.harness), "Your draft of Noppers 2011 is submitted and locked.");
}

#[test]
fn typing_in_tables_takes_the_fewest_keys_of_all_typing() {
    let mut typist = Typist::new();
    typist.press("w enter 1 J");
    typist.press("R tab");
    typist.write(PAGE);
    typist.press("enter");
    for (_, raw) in NUMBERS {
        typist.write(raw);
        typist.press("enter");
    }
    assert_eq!(typist.filled(), 18);
    assert_eq!(typist.keys, DOCUMENTED_TABLES);
}

#[test]
fn noting_the_source_value_by_value_takes_more() {
    let mut typist = Typist::new();
    typist.begin();
    typist.numbers();
    typist.press("p tab");
    typist.write(PAGE);
    typist.press("enter");
    for _ in 1..NUMBERS.len() {
        typist.press("k r");
    }
    assert_eq!(typist.filled(), 18);
    assert_eq!(typist.keys, DOCUMENTED_EACH);
}

#[test]
fn pasting_the_table_takes_few() {
    let mut typist = Typist::new();
    typist.begin();
    let table = "\tKetamine\t\t\tPlacebo\t\t\n\tn\tMean\tSD\tn\tMean\tSD\nPain\t30\t27.9\t18.2\t30\t54.5\t20.1";
    let counts = "\tKetamine n/N\tPlacebo n/N\nNausea\t12/30\t5/30\nDizziness\t17/30\t4/30\nWithdrawal\t2/30\t1/30";
    for table in [table, counts] {
        typist.keys += 1;
        typist.harness.paste(table);
        typist.press("1");
        if table != counts {
            typist.press("tab");
            typist.write(PAGE);
        }
        // The second table is proposed the page of the first.
        typist.press("enter");
    }
    assert_eq!(typist.filled(), 18);
    assert_eq!(typist.keys, DOCUMENTED_PASTED);
}

/// The digits, and all keys, as the guide says.
const DOCUMENTED_KEPT: (usize, usize) = (40, 69);
const DOCUMENTED_TABLES: usize = 67;
const DOCUMENTED_EACH: usize = 103;
const DOCUMENTED_PASTED: usize = 14;

#[test]
fn the_guide_says_these_numbers() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/guide/extraction.md")).expect("the guide");
    for number in [DOCUMENTED_KEPT.0, DOCUMENTED_KEPT.1, DOCUMENTED_TABLES, DOCUMENTED_EACH, DOCUMENTED_PASTED] {
        assert!(guide.contains(&format!("| {number} |")), "{number}");
    }
}
