//! Which keys of a form file are known.

use crate::app::form_keys::{self, Part};

/// Keys that the format has for later versions; this version keeps a file that uses them, and says that it does not act on them.
const LATER_KEYS: [(Part, &str); 3] = [(Part::Outcome, "change"), (Part::Timepoint, "upto"), (Part::Analysis, "sensitivity")];

/// Returns the keys of a part that this version acts on, those of its lists included.
pub(super) fn known(part: Part) -> Vec<&'static str> {
    use strum::IntoEnumIterator;
    let lists = Part::iter().filter(|_| part == Part::Form).flat_map(Part::lists).copied();
    form_keys::keys(part).iter().map(|key| key.name).chain(lists).collect()
}

/// Tells whether a key is one of later versions.
pub(super) fn is_later(part: Part, name: &str) -> bool {
    LATER_KEYS.contains(&(part, name))
}
