//! The command line as people and scripts use it: the real program in a folder of its own, with a fixed clock and fixed identities.

mod appraising;
mod blinding;
mod cancel;
mod describing;
mod errors;
mod export;
mod extracting;
mod extraction_file;
mod forms;
mod full_texts;
mod handing_over;
mod help;
mod history;
mod hostile;
mod keys;
mod loading;
mod pasting;
mod plain;
mod pool;
mod review;
mod spreadsheets;
mod taking_over;
mod words;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

pub use blinding::tried;

/// A folder in which the program runs.
pub struct Scratch {
    folder: tempfile::TempDir,
    seed: &'static str,
}

/// A folder (no bytes) or a file of a folder that many tests begin with.
pub struct Kept {
    path: PathBuf,
    bytes: Option<Vec<u8>>,
}

/// What a run gave.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub talk: String,
}

impl Scratch {
    /// Makes an empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), seed: "7" }
    }

    /// Makes a folder that holds what `build` gives: built once, and copied for each test that begins there.
    pub fn begun(once: &'static OnceLock<Vec<Kept>>, build: impl FnOnce() -> Self) -> Self {
        let kept = once.get_or_init(|| {
            let scratch = build();
            let mut kept = Vec::new();
            keep(scratch.folder.path(), Path::new(""), &mut kept);
            kept
        });
        let scratch = Self::new();
        for Kept { path, bytes } in kept {
            let path = scratch.folder.path().join(path);
            match bytes {
                None => std::fs::create_dir(path).expect("a folder that can be made"),
                Some(bytes) => std::fs::write(path, bytes).expect("a file that can be written"),
            }
        }
        scratch
    }

    /// Makes a folder with the review `ket.tamis` of AR and BK, set up as in the worked example.
    pub fn with_review() -> Self {
        static ONCE: OnceLock<Vec<Kept>> = OnceLock::new();
        Self::begun(&ONCE, || {
            let scratch = Self::new();
            scratch.ok("init ket.tamis --title Ketamine --reviewer AR --reviewer BK");
            scratch.ok(&format!("setup load {}", example("review.toml")));
            scratch
        })
    }

    /// As [`Scratch::with_review`], with all five files imported and duplicates grouped.
    pub fn with_records() -> Self {
        static ONCE: OnceLock<Vec<Kept>> = OnceLock::new();
        Self::begun(&ONCE, || {
            let scratch = Self::with_review();
            scratch.import_all();
            scratch.ok("dedup run");
            scratch
        })
    }

    /// As [`Scratch::with_records`], with both reviewers' votes at title and abstract.
    pub fn with_votes() -> Self {
        static ONCE: OnceLock<Vec<Kept>> = OnceLock::new();
        Self::begun(&ONCE, || {
            let scratch = Self::with_records();
            for person in ["AR", "BK"] {
                scratch.ok(&format!("--as {person} screen votes {}", example(&format!("votes-ta-{person}.csv"))));
            }
            scratch
        })
    }

    /// As [`Scratch::with_votes`], carried on to six studies with an extraction form.
    pub fn with_studies() -> Self {
        static ONCE: OnceLock<Vec<Kept>> = OnceLock::new();
        Self::begun(&ONCE, || {
            let scratch = Self::with_votes();
            let both = |words: &dyn Fn(&str) -> String| {
                for person in ["AR", "BK"] {
                    scratch.ok(&format!("--as {person} {}", words(person)));
                }
            };
            both(&|_| format!("conflict load {}", example("conflicts-ta.csv")));
            scratch.ok(&format!("fulltext load {}", example("retrieval.csv")));
            both(&|person| format!("fulltext votes {}", example(&format!("votes-ft-{person}.csv"))));
            both(&|_| format!("conflict load {}", example("conflicts-ft.csv")));
            scratch.ok(&format!("study load {}", example("studies.csv")));
            scratch.ok(&format!("form use {}", example("form.toml")));
            scratch
        })
    }

    /// The worked example whole, as `tamis demo d` leaves it.
    pub fn with_demo() -> Self {
        static ONCE: OnceLock<Vec<Kept>> = OnceLock::new();
        Self::begun(&ONCE, || {
            let scratch = Self::new();
            scratch.ok("demo d");
            scratch
        })
    }

    /// Imports the five files of the worked example.
    pub fn import_all(&self) {
        for (file, source) in SOURCES {
            self.ok_words(&["import", &example(file), "--source", source]);
        }
    }

    /// Returns the path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file that can be written");
    }

    /// Returns the program, ready to run in the folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamis"));
        command
            .current_dir(self.folder.path())
            .env("TAMIS_HOME", self.path("home"))
            .env("TAMIS_CLOCK", "2026-11-22T09:00:00Z")
            .env("TAMIS_SEED", self.seed)
            .env_remove("TAMIS_REVIEW")
            .env_remove("TAMIS_REVIEWER")
            .env_remove("RUST_BACKTRACE")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program with a list of words.
    pub fn run_words(&self, words: &[&str]) -> Run {
        Run::of(&self.command().args(words).output().expect("the program runs"))
    }

    /// Runs the program with words divided by spaces.
    pub fn run(&self, words: &str) -> Run {
        self.run_words(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the program and expects exit code 0; returns standard output.
    pub fn ok_words(&self, words: &[&str]) -> String {
        let run = self.run_words(words);
        assert_eq!(run.code, 0, "tamis {}\n{}{}", words.join(" "), run.out, run.talk);
        run.out
    }

    /// Runs the program with words divided by spaces and expects exit code 0; returns standard output.
    pub fn ok(&self, words: &str) -> String {
        self.ok_words(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the program with `--json` and expects exit code 0; returns the value.
    pub fn json(&self, words: &str) -> Value {
        let text = self.ok(&format!("{words} --json"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("tamis {words} --json: {error}\n{text}"))
    }
}

/// Reads what lies in a folder, the folders before what is in them; paths are relative to the first folder.
fn keep(folder: &Path, at: &Path, kept: &mut Vec<Kept>) {
    for entry in std::fs::read_dir(folder.join(at)).expect("a folder") {
        let path = at.join(entry.expect("an entry").file_name());
        let whole = folder.join(&path);
        if whole.is_dir() {
            kept.push(Kept { path: path.clone(), bytes: None });
            keep(folder, &path, kept);
        } else {
            kept.push(Kept { path, bytes: Some(std::fs::read(&whole).expect("a file")) });
        }
    }
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8");
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), talk: text(&output.stderr) }
    }
}

/// The files of the worked example with their sources.
pub const SOURCES: [(&str, &str); 5] = [
    ("search-pubmed.nbib", "PubMed"),
    ("search-embase.ris", "Embase"),
    ("search-central.ris", "CENTRAL"),
    ("search-other.ris", "Organisations and publishers"),
    ("found-by-citation.ris", "Citation searching"),
];

/// Returns the path of a file of the worked example.
pub fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ketamine").join(name).display().to_string()
}

/// Returns the path of a reference table.
pub fn pooling_table(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pooling").join(name).display().to_string()
}

/// Returns the keys of an object, sorted.
pub fn keys_of(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default();
    keys.sort_unstable();
    keys
}

/// Fails unless an object has all these keys.
pub fn has_keys(value: &Value, wanted: &str) {
    for key in wanted.split_whitespace() {
        assert!(value.get(key).is_some(), "{key} is missing among {:?}", keys_of(value));
    }
}
