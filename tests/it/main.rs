//! The integration tests, in one binary.

mod architecture;
mod cli;
mod crash;
mod dedup;
mod docs;
mod figures;
mod import;
mod numeric;
mod parity;
mod pty;
mod screens;
mod study_screens;
