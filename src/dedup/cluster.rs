//! Groups of duplicates: pairs joined from the surest down, each group checked as a whole, a person's verdicts first.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::block::candidates;
use super::evidence::Evidence;
use super::explain::reason;
use super::keys::Prepared;
use super::score::{Judgement, PairVerdict, is_plainly_different, judge};
use super::similarity::TitleComparator;

/// A group with more members of different content than this is not joined further without a person.
const LARGEST_CHECKED: usize = 400;

/// How many pairs a thread judges before it reports.
const PAIRS_AT_ONCE: usize = 2_048;

/// A pair found to be duplicates or possible duplicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Index of the first record; below `b`.
    pub a: usize,
    /// Index of the second record.
    pub b: usize,
    /// `Duplicate` or `Possible`, never `Different`.
    pub verdict: PairVerdict,
    /// A short stable name of the rule, for example "same-doi".
    pub rule: &'static str,
    /// 0 to 1: at least .9 for duplicates, .5 to .9 for possible ones.
    pub score: f64,
    /// The reason as a sentence.
    pub reason: String,
}

/// What was decided before: a person's verdicts, which always win, and the links of earlier runs, which are kept.
///
/// Pairs are indexes into the records, in any order; at most one verdict per pair. Pairs out of range are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Pairs that a person called the same report.
    pub same: Vec<(usize, usize)>,
    /// Pairs that a person called different reports; they never share a group, however they are chained.
    pub different: Vec<(usize, usize)>,
    /// Links of earlier runs that still stand.
    pub grouped: Vec<(usize, usize)>,
}

/// The result of a search for duplicates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// New links, sorted by `a`, `b`. Each duplicate link joined two groups, so a group of n has n - 1 links in all, old and new.
    pub links: Vec<Link>,
    /// Groups of two or more records; members ascending, groups by first member.
    pub groups: Vec<Vec<usize>>,
    /// The number of possible duplicates among the links.
    pub possible: usize,
}

/// Finds the duplicates among prepared records.
///
/// `progress` is told (pairs done, pairs in all) from time to time and returns `false` to cancel, which gives `None`.
/// No records give an empty outcome. The groups do not depend on the order of the records.
pub fn find_duplicates(records: &[Prepared], settled: &Settled, progress: &mut dyn FnMut(usize, usize) -> bool) -> Option<Outcome> {
    find_duplicates_from(records, 0, settled, progress)
}

/// Finds the duplicates of the records from index `first_new` on, among themselves and among the earlier ones.
///
/// Earlier records are not compared with each other again; their groups come from `settled`. Otherwise as [`find_duplicates`].
pub fn find_duplicates_from(
    records: &[Prepared],
    first_new: usize,
    settled: &Settled,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Outcome> {
    if !progress(0, records.len()) {
        return None;
    }
    let pairs = candidates(records, first_new);
    let mut found = judge_all(records, &pairs, progress)?;
    drop(pairs);
    let known = Known::new(records.len(), settled);
    let mut is_touched = vec![false; records.len()];
    let compared = found.iter().flat_map(|(a, b, _)| [*a, *b]);
    let verdicts = settled.different.iter().flat_map(|(a, b)| [*a, *b]).filter(|index| *index < records.len());
    compared.chain(verdicts).for_each(|index| is_touched[known.root(index)] = true);
    let is_open = |pair: &&(usize, usize)| known.is_pair(pair) && is_touched[known.root(pair.0)];
    let open_pairs = || [&settled.same, &settled.grouped].map(|pairs| pairs.iter().filter(is_open).copied().collect::<Vec<_>>());

    let rank = content_ranks(records, found.iter().map(|(a, b, _)| (*a, *b)).chain(open_pairs().into_iter().flatten()));
    let by_rank = |a: usize, b: usize| (rank[&a].min(rank[&b]), rank[&a].max(rank[&b]));
    found.sort_by(|x, y| {
        y.2.score.total_cmp(&x.2.score).then_with(|| by_rank(x.0, x.1).cmp(&by_rank(y.0, y.1))).then((x.0, x.1).cmp(&(y.0, y.1)))
    });

    let mut groups = Groups::new(records, &rank, &settled.different);
    for mut pairs in open_pairs() {
        pairs.sort_by_key(|(a, b)| (by_rank(*a, *b), *a, *b));
        for (a, b) in pairs {
            groups.join_unless_forbidden(a, b);
        }
    }
    let settled_pairs: HashSet<(usize, usize)> =
        [&settled.same, &settled.different, &settled.grouped].into_iter().flatten().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
    let mut links = Vec::new();
    let mut doubtful = Vec::new();
    for (a, b, judgement) in found {
        if judgement.verdict == PairVerdict::Duplicate {
            match groups.join(a, b) {
                Joined::New => links.push((a, b, judgement)),
                Joined::Already | Joined::Forbidden => {}
                Joined::Contradicted => {
                    doubtful.push((a, b, Judgement { verdict: PairVerdict::Possible, rule: "chain-conflict", score: 0.89, ..judgement }))
                }
            }
        } else {
            doubtful.push((a, b, judgement));
        }
    }
    let mut seen = HashSet::new();
    for (a, b, judgement) in doubtful {
        let (x, y) = (groups.root(a), groups.root(b));
        let is_open = x != y && !groups.are_forbidden(x, y) && !settled_pairs.contains(&(a, b));
        if is_open && seen.insert((x.min(y), x.max(y))) {
            links.push((a, b, judgement));
        }
    }
    links.retain(|(a, b, _)| !settled_pairs.contains(&(*a, *b)));
    links.sort_by_key(|(a, b, _)| (*a, *b));
    let possible = links.iter().filter(|(_, _, j)| j.verdict == PairVerdict::Possible).count();
    let links = links.into_iter().map(|(a, b, judgement)| link(records, a, b, judgement)).collect();
    let mut lists = groups.into_lists();
    lists.extend(known.into_lists().into_iter().filter(|members| !is_touched[members[0]]));
    lists.sort_unstable();
    Some(Outcome { links, groups: lists, possible })
}

/// What is joined already, verdicts of different reports left aside. Where nothing found and no such verdict touches a part, it is
/// a group as it stands, whatever the order of its pairs; only the other parts are built up pair by pair.
struct Known {
    root_of: Vec<usize>,
}

impl Known {
    fn new(count: usize, settled: &Settled) -> Self {
        let mut known = Self { root_of: (0..count).collect() };
        for (a, b) in settled.same.iter().chain(&settled.grouped) {
            if known.is_pair(&(*a, *b)) {
                let (x, y) = (known.root(*a), known.root(*b));
                // the first member is the root
                known.root_of[x.max(y)] = x.min(y);
                known.root_of[*a] = x.min(y);
                known.root_of[*b] = x.min(y);
            }
        }
        for index in 0..count {
            known.root_of[index] = known.root_of[known.root_of[index]];
        }
        known
    }

    fn is_pair(&self, (a, b): &(usize, usize)) -> bool {
        a != b && *a < self.root_of.len() && *b < self.root_of.len()
    }

    fn root(&self, mut index: usize) -> usize {
        while self.root_of[index] != index {
            index = self.root_of[index];
        }
        index
    }

    /// Returns the parts of two or more, members ascending; the first member is the root.
    fn into_lists(self) -> Vec<Vec<usize>> {
        let mut lists: HashMap<usize, Vec<usize>> = HashMap::new();
        for index in 0..self.root_of.len() {
            let root = self.root(index);
            if root != index {
                lists.entry(root).or_insert_with(|| vec![root]).push(index);
            }
        }
        lists.into_values().collect()
    }
}

fn link(records: &[Prepared], a: usize, b: usize, judgement: Judgement) -> Link {
    let title = TitleComparator::new(&records[a]).similarity(&records[b]);
    let evidence = Evidence::new(&records[a], &records[b], title);
    Link { a, b, verdict: judgement.verdict, rule: judgement.rule, score: judgement.score, reason: reason(&judgement, &evidence) }
}

/// Judges sorted candidate pairs on all processors and returns those that are not different, in order.
fn judge_all(
    records: &[Prepared],
    pairs: &[(u32, u32)],
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Vec<(usize, usize, Judgement)>> {
    let chunks: Vec<&[(u32, u32)]> = pairs.chunks(PAIRS_AT_ONCE).collect();
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let chunk = chunks.get(at)?;
        let found = judge_chunk(records, chunk);
        done.fetch_add(chunk.len(), Ordering::Relaxed);
        Some((at, found))
    };
    let helpers = std::thread::available_parallelism().map_or(1, usize::from).min(chunks.len()).saturating_sub(1);
    let mut found = std::thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(|| std::iter::from_fn(take).collect::<Vec<_>>())).collect();
        let mut found = Vec::new();
        while let Some(part) = take() {
            found.push(part);
            if !progress(done.load(Ordering::Relaxed), pairs.len()) {
                next.store(chunks.len(), Ordering::Relaxed);
                return None;
            }
        }
        for helper in helpers {
            match helper.join() {
                Ok(parts) => found.extend(parts),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Some(found)
    })?;
    found.sort_by_key(|(at, _)| *at);
    progress(pairs.len(), pairs.len()).then(|| found.into_iter().flat_map(|(_, part)| part).collect())
}

fn judge_chunk(records: &[Prepared], pairs: &[(u32, u32)]) -> Vec<(usize, usize, Judgement)> {
    let mut found = Vec::new();
    for group in pairs.chunk_by(|x, y| x.0 == y.0) {
        let a = group[0].0 as usize;
        let comparator = TitleComparator::new(&records[a]);
        for (_, b) in group {
            let b = *b as usize;
            let title = comparator.similarity(&records[b]);
            if is_plainly_different(&records[a], &records[b], title) {
                continue;
            }
            let judgement = judge(&records[a], &records[b], &Evidence::new(&records[a], &records[b], title));
            if judgement.verdict != PairVerdict::Different {
                found.push((a, b, judgement));
            }
        }
    }
    found
}

/// Ranks the records of some pairs by content: the rank does not depend on the order of the records, and equal records share it.
fn content_ranks(records: &[Prepared], pairs: impl Iterator<Item = (usize, usize)>) -> HashMap<usize, usize> {
    let mut order: Vec<usize> = pairs.flat_map(|(a, b)| [a, b]).filter(|index| *index < records.len()).collect();
    order.sort_unstable();
    order.dedup();
    order.sort_by(|a, b| records[*a].cmp(&records[*b]));
    let mut ranks = HashMap::with_capacity(order.len());
    let mut rank = 0;
    for (at, index) in order.iter().enumerate() {
        if at > 0 && records[order[at - 1]] != records[*index] {
            rank += 1;
        }
        ranks.insert(*index, rank);
    }
    ranks
}

/// What came of joining two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    New,
    Already,
    /// A person said that a pair across the two is different.
    Forbidden,
    /// A pair across the two rules each other out.
    Contradicted,
}

/// The records of one group.
#[derive(Debug, Clone)]
struct Members {
    all: Vec<usize>,
    /// One record for each content, by rank.
    distinct: HashMap<usize, usize>,
}

/// A partition of the records that remembers its members and which records may not meet.
struct Groups<'a> {
    records: &'a [Prepared],
    rank: &'a HashMap<usize, usize>,
    root_of: Vec<usize>,
    members: HashMap<usize, Members>,
    forbidden: HashMap<usize, Vec<usize>>,
}

impl<'a> Groups<'a> {
    fn new(records: &'a [Prepared], rank: &'a HashMap<usize, usize>, different: &[(usize, usize)]) -> Self {
        let mut forbidden: HashMap<usize, Vec<usize>> = HashMap::new();
        for (a, b) in different.iter().filter(|(a, b)| *a < records.len() && *b < records.len()) {
            forbidden.entry(*a).or_default().push(*b);
            forbidden.entry(*b).or_default().push(*a);
        }
        Self { records, rank, root_of: (0..records.len()).collect(), members: HashMap::new(), forbidden }
    }

    fn root(&self, mut index: usize) -> usize {
        while self.root_of[index] != index {
            index = self.root_of[index];
        }
        index
    }

    fn all<'s>(&'s self, root: &'s usize) -> &'s [usize] {
        self.members.get(root).map_or(std::slice::from_ref(root), |members| &members.all)
    }

    fn are_forbidden(&self, x: usize, y: usize) -> bool {
        if self.forbidden.is_empty() {
            return false;
        }
        let (small, other) = if self.all(&x).len() <= self.all(&y).len() { (x, y) } else { (y, x) };
        self.all(&small).iter().filter_map(|member| self.forbidden.get(member)).flatten().any(|enemy| self.root(*enemy) == other)
    }

    fn join_unless_forbidden(&mut self, a: usize, b: usize) {
        let (x, y) = (self.root(a), self.root(b));
        if x != y && !self.are_forbidden(x, y) {
            self.unite(x, y);
        }
    }

    fn join(&mut self, a: usize, b: usize) -> Joined {
        let (x, y) = (self.root(a), self.root(b));
        if x == y {
            return Joined::Already;
        }
        if self.are_forbidden(x, y) {
            return Joined::Forbidden;
        }
        if self.is_contradicted(x, y) {
            return Joined::Contradicted;
        }
        self.unite(x, y);
        Joined::New
    }

    /// Tells whether any two records across two groups rule each other out; records of equal content are checked once.
    fn is_contradicted(&self, x: usize, y: usize) -> bool {
        let distinct = |root: usize| match self.members.get(&root) {
            Some(members) => members.distinct.values().copied().collect(),
            None => vec![root],
        };
        let (left, right) = (distinct(x), distinct(y));
        if left.len() == 1 && right.len() == 1 {
            return false;
        }
        if left.len() + right.len() > LARGEST_CHECKED {
            return true;
        }
        left.iter().any(|a| {
            let a = &self.records[*a];
            let comparator = TitleComparator::new(a);
            right.iter().any(|b| {
                let b = &self.records[*b];
                judge(a, b, &Evidence::new(a, b, comparator.similarity(b))).is_contradiction
            })
        })
    }

    fn take(&mut self, root: usize) -> Members {
        self.members.remove(&root).unwrap_or_else(|| {
            let rank = self.rank.get(&root).copied().unwrap_or(usize::MAX);
            Members { all: vec![root], distinct: HashMap::from([(rank, root)]) }
        })
    }

    fn unite(&mut self, x: usize, y: usize) {
        let (large, small) = if self.all(&x).len() >= self.all(&y).len() { (x, y) } else { (y, x) };
        let mut members = self.take(large);
        let joining = self.take(small);
        self.root_of[small] = large;
        members.all.extend(joining.all);
        members.distinct.extend(joining.distinct);
        self.members.insert(large, members);
    }

    fn into_lists(self) -> Vec<Vec<usize>> {
        let mut lists: Vec<Vec<usize>> = self.members.into_values().map(|members| members.all).collect();
        lists.iter_mut().for_each(|members| members.sort_unstable());
        lists
    }
}
