//! Colours by meaning: roles, themes as data, and the signs that carry every state without colour.

pub mod role;
pub mod scheme;

pub use role::{Mark, Role};
pub use scheme::{Theme, ThemeError};
