//! Keys as data: a list of bindings that a person can patch, conditions, sequences, and the hints made from them.

pub mod binding;
pub mod condition;
pub mod hints;
pub mod key;
pub mod resolve;

pub use binding::{Binding, KeymapProblem};
pub use condition::{Condition, KeyContext};
pub use hints::{HelpEntry, Hint};
pub use key::Key;
pub use resolve::{Keymap, Resolved};
