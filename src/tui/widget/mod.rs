//! Pieces of screens: each holds its own state, changes it by keys and commands, and draws itself.

pub mod bars;
pub mod form;
pub mod panel;
pub mod progress;
pub mod record_card;
pub mod scroll;
pub mod table;
pub mod text;
pub mod text_area;
pub mod text_field;
pub mod vote_bar;
