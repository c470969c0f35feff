//! Text of strangers: nothing in a file that is read reaches the terminal as anything but text.

use super::Scratch;

/// A file with escape sequences, a title that turns around, and a file name in the same spirit.
const EVIL: &str = "TY  - JOUR\nTI  - \u{1b}]0;owned\u{7}Safe title\u{1b}[2J \u{202e}txet\u{202c} \u{9b}31mred\nAU  - Evil\u{1b}[1m, Ann\nPY  - 2001\n\
                    AB  - Abstract \u{1b}[31mwith\u{8}colour\u{7}\nKW  - \u{1b}Pq#0\u{1b}\\key\nN1  - \u{0}note\nER  - \n";

fn is_clean(text: &str) -> bool {
    !text.chars().any(|letter| {
        (letter.is_control() && letter != '\n') || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

#[test]
fn no_verb_lets_a_file_steer_the_terminal() {
    let scratch = Scratch::with_review();
    scratch.write("evil.ris", EVIL);
    scratch.write("twin.ris", &EVIL.replace("2001", "2002"));
    scratch.ok("import evil.ris --source Evil");
    scratch.ok("import twin.ris --source Ev\u{1b}[31mil2");
    scratch.ok("dedup run");
    scratch.ok("screen vote evil.ris#1 include --note no\u{1b}[2Jte");
    let reads = [
        "import evil.ris --dry-run",
        "source list",
        "source show Evil",
        "status",
        "dedup list",
        "dedup explain evil.ris#1 twin.ris#1",
        "screen next",
        "screen list --queue all",
        "show evil.ris#1",
        "show evil.ris#1 --raw",
        "find safe",
        "export records",
        "export records --format md",
        "export votes",
        "log",
        "flow",
        "flow --open identified",
    ];
    for read in reads {
        for words in [read.to_owned(), format!("{read} --json"), format!("{read} --color never")] {
            let run = scratch.run(&words);
            assert_eq!(run.code, 0, "tamis {words}: {}", run.talk);
            assert!(is_clean(&run.out) && is_clean(&run.talk), "tamis {words}:\n{:?}\n{:?}", run.out, run.talk);
        }
    }
}

#[test]
fn no_error_repeats_control_characters() {
    let scratch = Scratch::with_review();
    scratch.write("votes.csv", "record,vote\n\u{1b}[2Jx,inc\u{1b}[31mlude\n");
    scratch.write("form.toml", "form = \"\u{1b}[2J\"\n");
    scratch.write("table.csv", "study,yi,vi\n\u{1b}[2JA,\u{1b}[31mx,1\n");
    for words in [
        "screen votes votes.csv",
        "form check form.toml",
        "form use form.toml",
        "setup load form.toml",
        "pool table.csv --measure GEN",
        "pool table.csv --measure GEN --columns yi=\u{1b}[2J",
        "show \u{1b}[2Jabcd",
        "--as \u{1b}[31mA status",
        "\u{1b}[2J",
    ] {
        for words in [words.to_owned(), format!("{words} --json")] {
            let run = scratch.run(&words);
            assert_ne!(run.code, 0, "tamis {words:?}");
            assert!(is_clean(&run.out) && is_clean(&run.talk), "tamis {words:?}:\n{:?}\n{:?}", run.out, run.talk);
        }
    }
}
