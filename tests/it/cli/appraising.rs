//! Risk of bias: two people answer blind, the table proposes, they agree, and the table leaves for robvis.

use super::{Scratch, example};

const STUDY: &str = "Sigtermans 2009";

fn appraised() -> Scratch {
    let scratch = Scratch::with_studies();
    let text = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example");
    let plan = "\n[[appraisal]]\ninstrument = \"rob2\"\nresults = [\"pain.immediate\"]\n";
    scratch.write("form.toml", &format!("{}{plan}", text.replace("version = 1", "version = 2")));
    scratch.ok("form use form.toml");
    scratch
}

fn answer(scratch: &Scratch, person: &str, answers: &[(&str, &str)]) {
    for (item, answer) in answers {
        scratch.ok_words(&["--as", person, "rob", "set", STUDY, item, answer, "--page", "p. 305"]);
    }
}

const LOW: [(&str, &str); 14] = [
    ("1.1", "Y"),
    ("1.2", "py"),
    ("1.3", "N"),
    ("2.1", "N"),
    ("2.2", "N"),
    ("2.6", "Y"),
    ("3.1", "Y"),
    ("4.1", "N"),
    ("4.2", "N"),
    ("4.3", "N"),
    ("5.1", "NI"),
    ("5.2", "N"),
    ("5.3", "PN"),
    ("d1", "low"),
];

#[test]
fn two_people_appraise_blind_the_table_proposes_and_they_agree() {
    let scratch = appraised();
    let before = scratch.ok("--as BK rob list --json");
    let reads = ["export rob", "plot bias", "plot bias --summary", "plot bias --json", "export extraction --format json", "export revman"];
    let told = |scratch: &Scratch| reads.map(|read| scratch.ok(&format!("--as BK {read}"))).join("\n");
    let nothing = told(&scratch);
    answer(&scratch, "AR", &LOW[..13]);
    assert_eq!(scratch.ok("--as BK rob list --json"), before, "nothing of AR's answers is anybody's business yet");
    let view = scratch.json(&format!("--as AR rob show {}", "sigtermans-2009"));
    let domains = view["domains"].as_array().expect("domains");
    let proposed: Vec<&str> = domains.iter().map(|domain| domain["judged"]["id"].as_str().unwrap_or("-")).collect();
    assert_eq!(proposed, ["low", "low", "low", "low", "some", "some"]);
    let shown = scratch.ok_words(&["--as", "AR", "rob", "show", STUDY]);
    assert!(shown.contains("d5 Selection of the reported result: Some concerns") && shown.contains("not asked"), "{shown}");
    // BK answers less favourably and judges one domain against the proposal, which needs a reason.
    let mut worse = LOW[..13].to_vec();
    worse[1] = ("1.2", "NI");
    answer(&scratch, "BK", &worse);
    let early = scratch.run_words(&["rob", "compare", STUDY]);
    assert!(early.code == 1 && early.talk.contains("0 of 2 handed in"), "{}", early.talk);
    scratch.ok_words(&["--as", "BK", "rob", "set", STUDY, "d5", "low"]);
    let refused = scratch.run_words(&["--as", "BK", "rob", "submit", STUDY]);
    assert!(refused.code == 1 && refused.talk.contains("d5 is judged against the proposal without a reason"), "{}", refused.talk);
    scratch.ok_words(&["--as", "BK", "rob", "set", STUDY, "d5", "low", "--why", "the protocol was sent by the authors"]);
    scratch.ok_words(&["--as", "AR", "rob", "submit", STUDY]);
    assert_eq!(told(&scratch), nothing, "AR's judgements are nobody's business before BK's are in");
    scratch.ok("--as BK export package -o early");
    assert!(!scratch.path("early/review-study-data/review-risk-of-bias.csv").exists());
    scratch.ok_words(&["--as", "BK", "rob", "submit", STUDY]);
    let locked = scratch.run_words(&["--as", "AR", "rob", "set", STUDY, "1.1", "N"]);
    assert!(locked.code == 1 && locked.talk.contains("locked"), "{}", locked.talk);
    let compared = scratch.ok_words(&["rob", "compare", STUDY]);
    assert!(compared.contains("2 open") || compared.contains("3 open"), "{compared}");
    for (item, judgement) in [("d1", "some"), ("d5", "low")] {
        scratch.ok_words(&["--as", "AR", "rob", "agree", STUDY, item, judgement, "--why", "read together"]);
    }
    let line = &scratch.json("rob list")["appraisals"];
    let line = line.as_array().and_then(|lines| lines.iter().find(|line| line["label"] == STUDY)).expect("a line").clone();
    assert_eq!((&line["open"], &line["overall"]), (&0.into(), &"Some concerns".into()), "{line}");
    let lights = scratch.ok("plot bias");
    assert!(lights.contains("RoB 2: Pain intensity, Immediate term") && lights.contains("5 studies are not shown"), "{lights}");
    let row = lights.lines().find(|line| line.starts_with(STUDY)).expect("a row");
    assert_eq!(row.split_whitespace().skip(2).collect::<Vec<_>>(), ["–", "+", "+", "+", "+", "–"]);
    let summary = scratch.ok("plot bias --summary --weights 1.1 --width 100");
    assert!(summary.contains("Share of the weight in the analysis") && summary.contains("Weights of analysis 1.1"), "{summary}");
    scratch.ok("plot bias -o lights.svg");
    scratch.ok("plot bias --summary --colours colour-blind -o summary.png");
    let svg = std::fs::read_to_string(scratch.path("lights.svg")).expect("a figure");
    assert!(svg.contains("Sigtermans 2009: D1 Some concerns, D2 Low risk"), "{svg}");
    let refused = scratch.run("plot forest 1.1 --bias");
    assert!(refused.code == 1 && refused.talk.contains("1.1"), "nothing is pooled here: {}", refused.talk);
    scratch.ok("export package -o package");
    let bias = std::fs::read_to_string(scratch.path("package/review-study-data/review-risk-of-bias.csv")).expect("a table");
    assert!(bias.contains("Domain (judgement): Randomisation process: Pain intensity, Immediate term"), "{bias}");
    assert!(bias.contains("Sigtermans 2009,Some concerns,"), "{bias}");
    let csv = scratch.ok("export rob --format csv");
    assert_eq!(csv.lines().next(), Some("Study,D1,D2,D3,D4,D5,Overall"), "{csv}");
    assert!(csv.contains("Sigtermans 2009,Some concerns,Low,Low,Low,Low,Some concerns"), "{csv}");
    scratch.ok("--as AR undo");
    assert!(scratch.ok_words(&["rob", "compare", STUDY]).contains("1 open"));
    assert_eq!(scratch.run("check").code, 0);
}

#[test]
fn answers_are_those_of_the_instrument_and_questions_those_of_the_form() {
    let scratch = appraised();
    for (words, part) in [
        (vec!["rob", "set", STUDY, "1.1", "perhaps"], "the answers are Y, PY, PN, N, NI"),
        (vec!["rob", "set", STUDY, "9.9", "Y"], "no question or domain \"9.9\""),
        (vec!["rob", "set", STUDY, "d1", "dreadful"], "low, some, high"),
        (vec!["rob", "show", STUDY, "--tool", "quadas-2"], "plans no such appraisal"),
        (vec!["rob", "submit", STUDY], "no judgement of d1 (question 1.2 is open)"),
    ] {
        let run = scratch.run_words(&words);
        assert!(run.code == 1 && run.talk.contains(part), "{words:?}: {}", run.talk);
    }
    scratch.write("bad.toml", &std::fs::read_to_string(scratch.path("form.toml")).expect("a form").replace("\"rob2\"", "\"rob9\""));
    let run = scratch.run("form check bad.toml");
    assert!(run.out.contains("rob9") || run.talk.contains("rob9"), "{}{}", run.out, run.talk);
    assert!(scratch.ok("rob instruments").contains("robins-i-2016"));
}
