//! Groups of records of the same report.
//!
//! What is stored are verdicts on pairs; the groups are computed from those that stand. A person's word wins over the program's,
//! and a later word of a person over an earlier one. Two records that a person called different never share a group, however
//! they are chained through others.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::ids::RecordId;

/// What a link says of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkVerdict {
    /// The same report.
    Same,
    /// Perhaps the same report; a person decides.
    Possible,
    /// Not the same report.
    Different,
}

/// One verdict on one pair of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicateLink {
    /// The one record.
    pub a: RecordId,
    /// The other record.
    pub b: RecordId,
    /// The verdict.
    pub verdict: LinkVerdict,
    /// Whether a person gave it.
    pub by_person: bool,
    /// The rule that the program applied ("same-doi"), or "person".
    pub rule: String,
    /// How alike the two are, 0 to 1.
    pub score: f64,
    /// The reason in words.
    pub reason: String,
}

/// A link between two places of a list of records, as [`Groups::compute`] takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedLink {
    /// Place of the one record.
    pub a: u32,
    /// Place of the other record.
    pub b: u32,
    /// The verdict.
    pub verdict: LinkVerdict,
    /// Whether a person gave it.
    pub by_person: bool,
    /// How alike the two are, 0 to 1.
    pub score: f64,
}

/// The groups that follow from the links that stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Groups {
    /// For each record the place of the primary of its group (its own where it stands alone).
    primary_of: Vec<u32>,
    /// The members of each group of two or more, ascending, by primary.
    members: HashMap<u32, Vec<u32>>,
    /// Pairs that a person should look at: possible, not settled, not in one group; ascending.
    possible: Vec<(u32, u32)>,
}

impl Groups {
    /// Computes the groups of `count` records from the links that stand, given in the order in which they were made.
    ///
    /// `is_live` tells whether a record counts at all; links to one that does not are ignored. The primary of a group is the
    /// member that was imported first. The result depends on the order of links only through "a later word of a person wins".
    pub fn compute(count: usize, is_live: impl Fn(u32) -> bool, links: impl IntoIterator<Item = PlacedLink>) -> Self {
        let mut settled: HashMap<(u32, u32), LinkVerdict> = HashMap::new();
        let mut automatic: HashMap<(u32, u32), (LinkVerdict, f64)> = HashMap::new();
        for link in links {
            if link.a == link.b || !is_live(link.a) || !is_live(link.b) {
                continue;
            }
            let pair = (link.a.min(link.b), link.a.max(link.b));
            if link.by_person {
                settled.insert(pair, link.verdict);
            } else {
                let best = automatic.entry(pair).or_insert((link.verdict, link.score));
                if link.verdict == LinkVerdict::Same && best.0 != LinkVerdict::Same {
                    *best = (link.verdict, link.score);
                }
            }
        }
        let mut forest = Forest::new(count);
        for (&(a, b), &verdict) in &settled {
            if verdict == LinkVerdict::Different {
                forest.forbid(a, b);
            }
        }
        let mut wanted: Vec<(u32, u32)> = settled.iter().filter(|(_, v)| **v == LinkVerdict::Same).map(|(pair, _)| *pair).collect();
        wanted.sort_unstable();
        for (a, b) in wanted {
            forest.join(a, b);
        }
        let mut offered: Vec<((u32, u32), f64)> = automatic
            .iter()
            .filter(|(pair, (v, _))| *v == LinkVerdict::Same && !settled.contains_key(pair))
            .map(|(pair, (_, score))| (*pair, *score))
            .collect();
        offered.sort_unstable_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        for ((a, b), _) in offered {
            forest.join(a, b);
        }
        let mut possible: Vec<(u32, u32)> = automatic
            .iter()
            .filter(|(pair, (v, _))| {
                *v == LinkVerdict::Possible && !settled.contains_key(pair) && forest.root(pair.0) != forest.root(pair.1)
            })
            .map(|(pair, _)| *pair)
            .collect();
        possible.sort_unstable();
        let primary_of: Vec<u32> = (0..count as u32).map(|at| forest.root(at)).collect();
        let members = forest.members.into_iter().filter(|(_, m)| m.len() > 1).map(|(root, mut m)| {
            m.sort_unstable();
            (root, m)
        });
        Self { primary_of, members: members.collect(), possible }
    }

    /// Returns the place of the primary of the record's group, its own where it stands alone.
    pub fn primary_of(&self, record: u32) -> u32 {
        self.primary_of.get(record as usize).copied().unwrap_or(record)
    }

    /// Returns the members of the group with this primary, ascending; only the primary where it stands alone.
    pub fn members_of<'a>(&'a self, primary: &'a u32) -> &'a [u32] {
        self.members.get(primary).map_or_else(|| std::slice::from_ref(primary), Vec::as_slice)
    }

    /// Returns the primaries of all groups of two or more, ascending.
    pub fn primaries(&self) -> Vec<u32> {
        let mut primaries: Vec<u32> = self.members.keys().copied().collect();
        primaries.sort_unstable();
        primaries
    }

    /// Returns the pairs that wait for a person's word, ascending.
    pub fn possible(&self) -> &[(u32, u32)] {
        &self.possible
    }
}

/// Union-find in which the smallest place is the root and forbidden pairs stay apart.
struct Forest {
    parent: Vec<u32>,
    members: HashMap<u32, Vec<u32>>,
    forbidden: HashMap<u32, HashSet<u32>>,
}

impl Forest {
    fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect(), members: HashMap::new(), forbidden: HashMap::new() }
    }

    fn forbid(&mut self, a: u32, b: u32) {
        self.forbidden.entry(a).or_default().insert(b);
        self.forbidden.entry(b).or_default().insert(a);
    }

    fn root(&mut self, at: u32) -> u32 {
        let mut root = at;
        while self.parent[root as usize] != root {
            root = self.parent[root as usize];
        }
        let mut walk = at;
        while self.parent[walk as usize] != root {
            walk = std::mem::replace(&mut self.parent[walk as usize], root);
        }
        root
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (root, child) = (a.min(b), a.max(b));
        let mut ours = self.members.remove(&root).unwrap_or_else(|| vec![root]);
        let mut theirs = self.members.remove(&child).unwrap_or_else(|| vec![child]);
        let (few, many) = if ours.len() < theirs.len() { (&ours, &theirs) } else { (&theirs, &ours) };
        let is_forbidden =
            few.iter().any(|one| self.forbidden.get(one).is_some_and(|apart| many.iter().any(|other| apart.contains(other))));
        if is_forbidden {
            if ours.len() > 1 {
                self.members.insert(root, ours);
            }
            if theirs.len() > 1 {
                self.members.insert(child, theirs);
            }
            return;
        }
        ours.append(&mut theirs);
        self.parent[child as usize] = root;
        self.members.insert(root, ours);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(a: u32, b: u32, verdict: LinkVerdict, by_person: bool) -> PlacedLink {
        PlacedLink { a, b, verdict, by_person, score: 0.9 }
    }

    #[test]
    fn chained_links_make_one_group_with_the_first_import_as_primary() {
        let groups = Groups::compute(5, |_| true, [link(3, 1, LinkVerdict::Same, false), link(3, 4, LinkVerdict::Same, false)]);
        assert_eq!(groups.members_of(&1), [1, 3, 4]);
        assert_eq!(groups.primary_of(4), 1);
        assert_eq!(groups.members_of(&0), [0]);
        assert_eq!(groups.primaries(), [1]);
    }

    #[test]
    fn records_that_a_person_called_different_never_meet_through_a_third() {
        let links = [link(0, 1, LinkVerdict::Same, false), link(1, 2, LinkVerdict::Same, false), link(0, 2, LinkVerdict::Different, true)];
        let groups = Groups::compute(3, |_| true, links);
        assert_ne!(groups.primary_of(0), groups.primary_of(2));
    }

    #[test]
    fn a_persons_later_word_wins_and_settles_a_possible_pair() {
        let possible = link(0, 1, LinkVerdict::Possible, false);
        assert_eq!(Groups::compute(2, |_| true, [possible]).possible(), [(0, 1)]);
        let groups =
            Groups::compute(2, |_| true, [possible, link(0, 1, LinkVerdict::Different, true), link(1, 0, LinkVerdict::Same, true)]);
        assert!(groups.possible().is_empty());
        assert_eq!(groups.primary_of(1), 0);
    }

    #[test]
    fn links_to_records_that_do_not_count_are_ignored() {
        let groups = Groups::compute(3, |at| at != 1, [link(0, 1, LinkVerdict::Same, false), link(1, 2, LinkVerdict::Same, false)]);
        assert_eq!(groups.primary_of(2), 2);
    }
}
