//! tamis: systematic reviews in one terminal program and one file, from search exports to forest plot.
//!
//! The layers, from left to right; a module imports only from its left, as `docs/architecture.md` lists and a test enforces:
//!
//! `domain`, `stats` -> `refs`, `dedup`, `meta`, `figure` -> `derive`, `guard` -> `export`, `store` -> `app` -> `cli`, `tui` -> `main`.

pub mod app;
pub mod cli;
pub mod dedup;
pub mod derive;
pub mod domain;
pub mod export;
pub mod figure;
pub mod guard;
pub mod meta;
pub mod pdf;
pub mod refs;
pub mod stats;
pub mod store;
pub mod tui;
