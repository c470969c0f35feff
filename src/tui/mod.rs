//! The screens: state, keys and drawing. Only this layer names ratatui and crossterm.
//!
//! Elm's shape: [`model::Model::update`] turns a message into a new state and wishes, [`model::Model::view`] draws the
//! state, [`runtime::Runtime`] carries the wishes out through a [`port::Service`]. The loop handles every waiting message
//! and then draws once. Boxes over the screen are a stack; the top one gets the keys first.

pub mod app_port;
pub mod effect;
pub mod harness;
pub mod keymap;
pub mod message;
pub mod model;
pub mod mouse;
pub mod overlay;
pub mod port;
pub mod run;
pub mod runtime;
pub mod screen;
pub mod start;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod welcome;
pub mod widget;

pub use start::{Options, run_screens, run_welcome};

#[cfg(test)]
mod tests;
