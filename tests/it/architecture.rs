//! The house rules: who may import whom, as the tables of `docs/architecture.md` say, and that no file is forgotten.
//!
//! The sources are read as text, without comments, so that the rules need no compiler and name file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The longest file that is allowed under `src/`, in lines.
const LONGEST: usize = 500;

/// What touches the world outside the program; pure modules name none of it, their tests may.
const IMPURE: [&str; 6] = ["std::fs", "std::env", "std::net", "std::process", "SystemTime", "Instant::now"];

/// What prints.
const PRINTING: [&str; 5] = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the Rust files of a folder and its folders, by their path from the root, in order.
fn rust_files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).expect("the folder is part of the project").flatten() {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(rust_files(&path));
        } else if path.ends_with(".rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// One file under `src/`, cut into lines without comments.
struct Source {
    path: String,
    /// The top-level module that the file belongs to; `lib` and `main` for the roots.
    module: String,
    lines: Vec<String>,
}

impl Source {
    fn read_all() -> Vec<Self> {
        rust_files("src").into_iter().map(Self::read).collect()
    }

    fn read(path: String) -> Self {
        let below = path.trim_start_matches("src/");
        let module = below.split('/').next().unwrap_or(below).trim_end_matches(".rs").to_owned();
        let lines = without_comments(&read(&path));
        Self { path, module, lines }
    }

    /// Returns the lines that are part of the program: none of a file of tests, and those before the tests at the end of others.
    fn program_lines(&self) -> &[String] {
        let is_test_file = self.path.strip_suffix(".rs").is_some_and(|path| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("src", path));
            let parents = [format!("{folder}/mod.rs"), format!("{folder}.rs"), format!("{folder}/lib.rs")];
            let declaration = format!("#[cfg(test)]\nmod {name};");
            parents.iter().any(|parent| std::fs::read_to_string(root().join(parent)).is_ok_and(|text| text.contains(&declaration)))
        });
        let tests_begin = self.lines.iter().position(|line| line.starts_with("mod tests {")).unwrap_or(self.lines.len());
        if is_test_file { &[] } else { &self.lines[..tests_begin] }
    }

    /// Returns the path inside the module's folder ("state/undo.rs").
    fn path_in_module(&self) -> &str {
        self.path.trim_start_matches("src/").split_once('/').map_or("", |(_, rest)| rest)
    }

    /// Returns the depth of the module that the file is: 1 for `src/meta/mod.rs`, 2 for `src/meta/pool.rs`.
    fn depth(&self) -> usize {
        let parts = self.path.trim_start_matches("src/").split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

/// Cuts a text into lines and removes comments. A `//` inside a string is taken for a comment too, which hides at most the rest of
/// that line.
fn without_comments(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned()).collect()
}

/// What the tables of `docs/architecture.md` say.
struct Rules {
    /// What a module may import of ours: modules, each with the one file that may where the table names one.
    ours: BTreeMap<String, BTreeSet<(String, Option<String>)>>,
    /// Who may name an outside crate: modules, each with the one file that may where the table names one.
    crates: BTreeMap<String, BTreeSet<(String, Option<String>)>>,
    /// Modules that touch nothing outside.
    pure: BTreeSet<String>,
    /// Modules that print.
    printing: BTreeSet<String>,
}

impl Rules {
    fn read() -> Self {
        let text = read("docs/architecture.md");
        let mut rules = Self {
            ours: BTreeMap::new(),
            crates: BTreeMap::new(),
            pure: listed(&text, "Pure modules:"),
            printing: listed(&text, "Modules that print:"),
        };
        for row in table(&text, "| module |") {
            let module = names(&row[0]).remove(0);
            for (name, file) in entries(&row[2]) {
                rules.crates.entry(name).or_default().insert((module.clone(), file));
            }
            rules.ours.insert(module, entries(&row[1]).collect());
        }
        let all: Vec<String> = rules.ours.keys().cloned().collect();
        for row in table(&text, "| shared crate |") {
            let modules = if row[2].trim() == "all" { all.clone() } else { names(&row[2]) };
            let holders = rules.crates.entry(names(&row[0]).remove(0)).or_default();
            holders.extend(modules.into_iter().map(|module| (module, None)));
        }
        assert!(
            rules.ours.len() > 10 && rules.crates.len() > 20 && !rules.pure.is_empty() && !rules.printing.is_empty(),
            "the tables are there"
        );
        rules
    }

    fn allows_import(&self, name: &str, source: &Source) -> bool {
        self.ours[&source.module]
            .iter()
            .any(|(module, file)| module == name && file.as_deref().is_none_or(|file| file == source.path_in_module()))
    }

    fn allows_crate(&self, name: &str, source: &Source) -> bool {
        self.crates[name]
            .iter()
            .any(|(module, file)| *module == source.module && file.as_deref().is_none_or(|file| file == source.path_in_module()))
    }
}

/// Returns the cells of each row of the table whose head begins so.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(head)).skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// Returns the names between backticks on the line that begins so, after a list mark.
fn listed(text: &str, head: &str) -> BTreeSet<String> {
    let line = text.lines().find(|line| line.trim_start_matches("- ").starts_with(head));
    names(line.unwrap_or_else(|| panic!("docs/architecture.md has a line \"{head}\""))).into_iter().collect()
}

/// Returns the entries of a cell, "`name`" or "`name` in `file`".
fn entries(cell: &str) -> impl Iterator<Item = (String, Option<String>)> + '_ {
    cell.split(',').filter_map(|entry| {
        let mut words = names(entry).into_iter();
        words.next().map(|name| (name, words.next()))
    })
}

/// Returns what stands between pairs of backticks.
fn names(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Returns the names that follow `prefix` in a file (`crate::a`, `crate::{a, b::c}`), each with its 1-based line.
fn names_after(lines: &[String], prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (place, _) in line.match_indices(prefix) {
            let before = line[..place].chars().next_back();
            if before.is_some_and(|letter| is_name(letter) || letter == ':') {
                continue;
            }
            let rest = &line[place + prefix.len()..];
            if rest.starts_with('{') {
                let joined = std::iter::once(rest).chain(lines[at + 1..].iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
                found.extend(top_names(&joined).into_iter().map(|name| (at + 1, name)));
            } else {
                let name: String = rest.chars().take_while(|letter| is_name(*letter)).collect();
                found.push((at + 1, name));
            }
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

/// Returns the first name of each entry of a group that begins with a brace.
fn top_names(group: &str) -> Vec<String> {
    let (mut depth, mut expects, mut found) = (0, false, Vec::new());
    let mut letters = group.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' => {
                depth += 1;
                expects = depth == 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            ',' => expects = depth == 1,
            letter if is_name(letter) && expects => {
                let mut name = letter.to_string();
                while let Some(next) = letters.next_if(|next| is_name(*next)) {
                    name.push(next);
                }
                found.push(name);
                expects = false;
            }
            _ => {}
        }
    }
    found
}

/// Tells whether a line names an outside crate: `name::`, `::name::` or `use name;`, not as a part of a longer path.
///
/// Where the module has a part of the same name (`refs::csv`), only `::name::` means the crate.
fn names_crate(line: &str, name: &str, is_also_ours: bool) -> bool {
    line.match_indices(name).any(|(place, _)| {
        let (before, after) = (&line[..place], &line[place + name.len()..]);
        let is_rooted = before.strip_suffix("::").is_some_and(|path| !path.ends_with(|letter| is_name(letter) || letter == '>'));
        let is_first = !before.ends_with(is_name) && !before.trim_end().ends_with([':', '.']);
        let is_used = after.starts_with("::") || (after.starts_with(';') && line.trim_start().starts_with("use "));
        is_used && (is_rooted || (is_first && !is_also_ours))
    })
}

/// Returns the crates of a section of `Cargo.toml`, written as in Rust.
fn dependencies(section: &str) -> Vec<String> {
    let manifest = read("Cargo.toml");
    let lines = manifest.lines().skip_while(|line| line.trim() != section).skip(1).take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .filter(|name| !name.starts_with('#'))
        .collect()
}

/// Returns the names of the files and folders of a module: what may be named there as a part of it.
fn parts(sources: &[Source], module: &str) -> BTreeSet<String> {
    let paths = sources.iter().filter(|source| source.module == module).map(Source::path_in_module);
    paths.flat_map(|path| path.trim_end_matches(".rs").split('/')).map(str::to_owned).collect()
}

fn assert_none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}\n  {}", problems.join("\n  "));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let rules = Rules::read();
    let mut problems = Vec::new();
    for source in Source::read_all().iter().filter(|source| source.module != "lib") {
        assert!(rules.ours.contains_key(&source.module), "docs/architecture.md has a row for `{}`", source.module);
        let prefix = if source.module == "main" { "tamis::" } else { "crate::" };
        for (line, name) in names_after(&source.lines, prefix) {
            if name != source.module && rules.ours.contains_key(&name) && !rules.allows_import(&name, source) {
                problems.push(format!("{}:{line}: `{}` may not import `{name}`", source.path, source.module));
            }
        }
    }
    assert_none(&problems, "docs/architecture.md lists who may import whom:");
}

#[test]
fn no_module_leaves_its_folder_by_super() {
    let mut problems = Vec::new();
    for source in Source::read_all().iter().filter(|source| source.path.matches('/').count() > 1) {
        let mut inner = 0;
        for (at, line) in source.lines.iter().enumerate() {
            inner += usize::from(line.starts_with("mod ") && line.trim_end().ends_with('{'));
            let longest =
                line.split(|letter: char| !is_name(letter) && letter != ':').map(|path| path.matches("super::").count()).max().unwrap_or(0);
            if longest > source.depth() - 1 + inner.min(1) {
                problems.push(format!("{}:{}: write crate:: to name another module", source.path, at + 1));
            }
        }
    }
    assert_none(&problems, "other modules are named by crate::, so that imports can be read and checked:");
}

#[test]
fn outside_crates_are_named_only_where_the_tables_allow() {
    let rules = Rules::read();
    let mut problems = Vec::new();
    let sources = Source::read_all();
    for name in dependencies("[dependencies]").iter().filter(|name| !rules.crates.contains_key(*name)) {
        problems.push(format!("Cargo.toml: `{name}` stands in no table of docs/architecture.md"));
    }
    for source in &sources {
        let parts = parts(&sources, &source.module);
        for (at, line) in source.lines.iter().enumerate() {
            for name in rules.crates.keys().filter(|name| names_crate(line, name, parts.contains(*name))) {
                if !rules.allows_crate(name, source) {
                    problems.push(format!("{}:{}: `{}` may not name `{name}`", source.path, at + 1, source.module));
                }
            }
        }
    }
    assert_none(&problems, "docs/architecture.md lists who may name an outside crate:");
}

#[test]
fn every_dependency_is_used() {
    let sources = Source::read_all();
    let tests: Vec<Source> = ["tests", "benches"].into_iter().flat_map(rust_files).map(Source::read).collect();
    let is_used = |name: &str| sources.iter().chain(&tests).any(|source| source.lines.iter().any(|line| names_crate(line, name, false)));
    let unused: Vec<String> =
        ["[dependencies]", "[dev-dependencies]"].into_iter().flat_map(dependencies).filter(|name| !is_used(name)).collect();
    assert_none(&unused, "Cargo.toml lists crates that nothing names:");
}

#[test]
fn pure_modules_touch_no_files_or_clocks_and_nobody_prints_but_the_command_line() {
    let rules = Rules::read();
    let mut problems = Vec::new();
    for source in Source::read_all() {
        for (at, line) in source.program_lines().iter().enumerate() {
            if rules.pure.contains(&source.module) {
                let named = IMPURE.iter().filter(|what| line.contains(*what));
                problems
                    .extend(named.map(|what| format!("{}:{}: `{}` is pure and may not name {what}", source.path, at + 1, source.module)));
            }
            if !rules.printing.contains(&source.module) && PRINTING.iter().any(|what| names_macro(line, what)) {
                problems.push(format!("{}:{}: `{}` may not print", source.path, at + 1, source.module));
            }
        }
    }
    assert_none(&problems, "docs/architecture.md lists which modules are pure and which print:");
}

fn names_macro(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(place, _)| !line[..place].chars().next_back().is_some_and(is_name))
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let exceptions = listed(&read("docs/architecture.md"), "No file under");
    let long = rust_files("src")
        .into_iter()
        .filter(|path| !exceptions.contains(path))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST);
    let long: Vec<String> = long.map(|(lines, path)| format!("{path}: {lines} lines")).collect();
    assert_none(&long, &format!("a file of more than {LONGEST} lines asks for a folder:"));
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let silent = rust_files("src").into_iter().chain(rust_files("tests")).filter(|path| !read(path).starts_with("//! "));
    let silent: Vec<String> = silent.filter(|path| !path.ends_with("tests.rs")).collect();
    assert_none(&silent, "each file begins with a sentence about itself:");
}

#[test]
fn no_test_file_is_forgotten() {
    let mut forgotten = Vec::new();
    for path in rust_files("tests/it").into_iter().filter(|path| path != "tests/it/main.rs") {
        let (folder, name) = path.rsplit_once('/').expect("a file lies in a folder");
        let name = name.trim_end_matches(".rs");
        let parents = if folder == "tests/it" {
            vec!["tests/it/main.rs".to_owned()]
        } else if name == "mod" {
            continue;
        } else {
            vec![format!("{folder}.rs"), format!("{folder}/mod.rs")]
        };
        let declares = |parent: &String| {
            std::fs::read_to_string(root().join(parent)).is_ok_and(|text| text.lines().any(|line| line.trim() == format!("mod {name};")))
        };
        if !parents.iter().any(declares) {
            forgotten.push(path.clone());
        }
    }
    assert_none(&forgotten, "these files are in no `mod` line and never run:");
}

#[test]
fn the_lock_file_holds_one_version_of_what_must_not_be_doubled() {
    let lock = read("Cargo.lock");
    for name in ["rusqlite", "libsqlite3-sys", "ratatui", "crossterm", "resvg", "usvg"] {
        let versions = lock.lines().filter(|line| *line == format!("name = \"{name}\"")).count();
        assert_eq!(versions, 1, "{name}");
    }
    assert!(!lock.contains("name = \"tokio\""), "no asynchronous runtime");
}

#[test]
fn the_map_names_every_top_level_module() {
    let text = read("docs/architecture.md");
    let modules: BTreeSet<String> = Source::read_all().into_iter().map(|source| source.module).collect();
    let missing: Vec<String> = modules
        .into_iter()
        .filter(|module| !text.contains(&format!("src/{module}/")) && !Path::new("src").join(format!("{module}.rs")).exists())
        .collect();
    assert_none(&missing, "docs/architecture.md has no line for:");
}
