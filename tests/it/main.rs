//! The integration tests, in one binary.

mod architecture;
mod cli;
mod crash;
mod decisions;
mod dedup;
mod docs;
mod endnote;
mod figures;
mod import;
mod import_corpus;
mod import_laws;
mod import_mutations;
mod import_quirks;
mod import_regressions;
mod numeric;
mod parity;
#[path = "../../src/pdf/sample.rs"]
mod pdf_file;
mod pool_digits;
mod pty;
mod screens;
mod stream;
mod study_screens;
mod zotero;
