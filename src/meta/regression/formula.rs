//! The right-hand side of a meta-regression as people write it: `year`, `dose + factor(alloc)`, `a*b`, `(a + b)^2`, `I(year - 1990)`,
//! `log(dose)`, `0 + factor(alloc)`; a name with spaces stands in backticks.
//!
//! Terms are set in the order of R: main effects first, then products of two, then of three. A factor has one column per level but the
//! first where the model holds the term without it, and one column per level otherwise, as in R's `model.matrix`.

mod expression;

use super::Term;
use crate::meta::dataset::{Dataset, Moderator};
use crate::meta::result::MetaError;
use expression::{Expression, Token, tokens};

/// A linear model: terms, and whether there is an intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    terms: Vec<Vec<Atom>>,
    has_intercept: bool,
}

/// One variable of a term.
#[derive(Debug, Clone, PartialEq)]
struct Atom {
    /// As it was written: `year`, `factor(alloc)`, `I(year - 1990)`.
    text: String,
    kind: AtomKind,
}

#[derive(Debug, Clone, PartialEq)]
enum AtomKind {
    /// A moderator, of numbers or of categories.
    Variable(String),
    /// A moderator as categories, whatever its values.
    Factor(String),
    /// A calculation with moderators.
    Calculation(Expression),
}

/// The columns of one atom, each with its name.
type Columns = Vec<(String, Vec<f64>)>;

fn problem(name: &str, why: impl Into<String>) -> MetaError {
    MetaError::Variable { name: name.into(), why: why.into() }
}

impl Formula {
    /// Reads a formula; a leading `~` is passed over, commas stand for `+`.
    ///
    /// # Errors
    /// [`MetaError::Variable`] that names what cannot be read, or a function that is not known.
    pub fn parse(text: &str) -> Result<Self, MetaError> {
        let trimmed = text.trim().trim_start_matches('~');
        let tokens = tokens(trimmed).map_err(|why| problem(text.trim(), why))?;
        let mut reader = Reader { text: trimmed, tokens: &tokens, at: 0, has_intercept: true };
        let mut terms = reader.sum()?;
        if reader.at < tokens.len() {
            return Err(problem(text.trim(), "a sign or a name is missing"));
        }
        // R sorts terms by the number of variables and keeps the order of writing among equals.
        terms.sort_by_key(Vec::len);
        Ok(Self { terms, has_intercept: reader.has_intercept })
    }

    /// Makes the formula of terms, with an intercept.
    pub fn of(terms: &[Term]) -> Self {
        let atom = |name: &String| Atom { text: name.clone(), kind: AtomKind::Variable(name.clone()) };
        let mut own: Vec<Vec<Atom>> = terms
            .iter()
            .map(|term| match term {
                Term::Main(name) => vec![atom(name)],
                Term::Interaction(a, b) => vec![atom(a), atom(b)],
            })
            .collect();
        own.sort_by_key(Vec::len);
        Self { terms: own, has_intercept: true }
    }

    /// Returns the names of the moderators that the formula needs, each once.
    pub fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for atom in self.terms.iter().flatten() {
            let found = match &atom.kind {
                AtomKind::Variable(name) | AtomKind::Factor(name) => vec![name.clone()],
                AtomKind::Calculation(expression) => expression.names(),
            };
            for name in found {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Returns true when the model has an intercept.
    pub fn has_intercept(&self) -> bool {
        self.has_intercept
    }

    /// Returns the columns of the design beside the intercept, each with its name; NaN where a moderator is missing.
    ///
    /// # Errors
    /// [`MetaError::Variable`] for a moderator that the dataset lacks, a factor of one level, a calculation with categories.
    pub fn columns(&self, dataset: &Dataset) -> Result<Columns, MetaError> {
        let mut columns = Columns::new();
        for term in &self.terms {
            let mut product: Columns = vec![(String::new(), vec![1.0; dataset.len()])];
            for (at, atom) in term.iter().enumerate() {
                let rest: Vec<&Atom> = term.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, atom)| atom).collect();
                let found = atom.columns(dataset, self.holds(&rest))?;
                // The first variable of a product varies fastest.
                product = found
                    .iter()
                    .flat_map(|(name, values)| {
                        product.iter().map(move |(before, so_far)| {
                            let joined = if before.is_empty() { name.clone() } else { format!("{before} x {name}") };
                            (joined, so_far.iter().zip(values).map(|(x, y)| x * y).collect())
                        })
                    })
                    .collect();
            }
            columns.extend(product);
        }
        Ok(columns)
    }

    /// Tells whether the model has the term of these variables; the term of none is the intercept.
    fn holds(&self, atoms: &[&Atom]) -> bool {
        if atoms.is_empty() {
            return self.has_intercept;
        }
        self.terms.iter().any(|term| term.len() == atoms.len() && atoms.iter().all(|atom| term.iter().any(|own| own == *atom)))
    }
}

impl Atom {
    /// Returns the columns of the variable; categories are set against the first level when `is_contrast`.
    fn columns(&self, dataset: &Dataset, is_contrast: bool) -> Result<Columns, MetaError> {
        match &self.kind {
            AtomKind::Calculation(expression) => {
                let names = expression.names();
                let columns = names.iter().map(|name| numbers(dataset, name)).collect::<Result<Vec<_>, _>>()?;
                let value = |row: usize| {
                    expression.value(&|name| names.iter().position(|known| known == name).map_or(f64::NAN, |at| columns[at][row]))
                };
                Ok(vec![(self.text.clone(), (0..dataset.len()).map(value).collect())])
            }
            AtomKind::Factor(name) => indicators(name, &labels(find(dataset, name)?), is_contrast),
            AtomKind::Variable(name) => match find(dataset, name)? {
                Moderator::Number { .. } => Ok(vec![(name.clone(), numbers(dataset, name)?)]),
                categories @ Moderator::Factor { .. } => indicators(name, &labels(categories), is_contrast),
            },
        }
    }
}

fn find<'a>(dataset: &'a Dataset, name: &str) -> Result<&'a Moderator, MetaError> {
    let found = dataset.moderators.iter().find(|moderator| moderator.name() == name);
    let found = found.ok_or_else(|| problem(name, "there is no such moderator"))?;
    let got = match found {
        Moderator::Number { values, .. } => values.len(),
        Moderator::Factor { values, .. } => values.len(),
    };
    if got == dataset.len() { Ok(found) } else { Err(MetaError::Length { what: name.into(), got, want: dataset.len() }) }
}

fn numbers(dataset: &Dataset, name: &str) -> Result<Vec<f64>, MetaError> {
    match find(dataset, name)? {
        Moderator::Number { values, .. } => Ok(values.clone()),
        Moderator::Factor { .. } => Err(problem(name, "its values are categories, not numbers")),
    }
}

fn labels(moderator: &Moderator) -> Vec<Option<String>> {
    match moderator {
        Moderator::Factor { values, .. } => values.clone(),
        Moderator::Number { values, .. } => values.iter().map(|value| value.is_finite().then(|| value.to_string())).collect(),
    }
}

/// Returns one indicator per level; levels are sorted, as numbers where all are.
fn indicators(name: &str, labels: &[Option<String>], is_contrast: bool) -> Result<Columns, MetaError> {
    let mut levels: Vec<&String> = labels.iter().flatten().collect();
    levels.sort();
    levels.dedup();
    let as_numbers: Option<Vec<f64>> = levels.iter().map(|level| level.parse().ok()).collect();
    if let Some(as_numbers) = as_numbers {
        let mut order: Vec<usize> = (0..levels.len()).collect();
        order.sort_by(|&a, &b| as_numbers[a].total_cmp(&as_numbers[b]));
        levels = order.into_iter().map(|at| levels[at]).collect();
    }
    if levels.len() < 2 {
        return Err(problem(name, "a factor needs at least two levels"));
    }
    let shown = &levels[usize::from(is_contrast)..];
    Ok(shown
        .iter()
        .map(|level| {
            let indicator = |label: &Option<String>| label.as_ref().map_or(f64::NAN, |label| if label == *level { 1.0 } else { 0.0 });
            (format!("{name}: {level}"), labels.iter().map(indicator).collect())
        })
        .collect())
}

/// Reads terms from tokens.
struct Reader<'a> {
    text: &'a str,
    tokens: &'a [(Token, usize, usize)],
    at: usize,
    has_intercept: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _, _)| token)
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn missing(&self, what: &str) -> MetaError {
        problem(self.text.trim(), format!("{what} is missing"))
    }

    /// Terms with `+`, `,` and `-` between them.
    fn sum(&mut self) -> Result<Vec<Vec<Atom>>, MetaError> {
        let mut terms: Vec<Vec<Atom>> = Vec::new();
        let mut is_removed = self.take('-');
        loop {
            if matches!(self.peek(), None | Some(Token::Sign(')'))) {
                break;
            }
            if self.take('+') || self.take(',') {
                continue;
            }
            if self.take('-') {
                is_removed = true;
                continue;
            }
            if let Some(Token::Number(number)) = self.peek() {
                let is_one = *number == 1.0;
                self.at += 1;
                self.has_intercept = is_one != is_removed;
            } else {
                for term in self.crossed()? {
                    if is_removed {
                        terms.retain(|known| !same(known, &term));
                    } else {
                        add(&mut terms, term);
                    }
                }
            }
            is_removed = false;
            if !matches!(self.peek(), None | Some(Token::Sign(')' | '+' | ',' | '-'))) {
                return Err(self.missing("a sign between two names"));
            }
        }
        Ok(terms)
    }

    /// Factors with `*` between them: both, and their product.
    fn crossed(&mut self) -> Result<Vec<Vec<Atom>>, MetaError> {
        let mut terms = self.product()?;
        while self.take('*') {
            let right = self.product()?;
            let left = terms.clone();
            for term in right.iter().cloned().chain(products(&left, &right)) {
                add(&mut terms, term);
            }
        }
        Ok(terms)
    }

    /// Factors with `:` between them: the product alone.
    fn product(&mut self) -> Result<Vec<Vec<Atom>>, MetaError> {
        let mut terms = self.power()?;
        while self.take(':') {
            terms = products(&terms, &self.power()?);
        }
        Ok(terms)
    }

    /// A variable, or terms in brackets, perhaps with `^2`: all products of up to that many.
    fn power(&mut self) -> Result<Vec<Vec<Atom>>, MetaError> {
        let terms = if self.take('(') {
            let inner = self.sum()?;
            if !self.take(')') {
                return Err(self.missing("a closing bracket"));
            }
            inner
        } else {
            vec![vec![self.atom()?]]
        };
        if !self.take('^') {
            return Ok(terms);
        }
        let Some(Token::Number(power)) = self.peek() else { return Err(self.missing("a number after ^")) };
        let power = *power;
        self.at += 1;
        let mut all = terms.clone();
        for _ in 1..(power.clamp(1.0, 9.0) as usize) {
            for term in products(&all.clone(), &terms) {
                add(&mut all, term);
            }
        }
        Ok(all)
    }

    fn atom(&mut self) -> Result<Atom, MetaError> {
        let Some((Token::Name(name), begin, end)) = self.tokens.get(self.at).cloned() else {
            return Err(self.missing("the name of a moderator"));
        };
        self.at += 1;
        if self.peek() != Some(&Token::Sign('(')) {
            return Ok(Atom { text: self.text[begin..end].to_owned(), kind: AtomKind::Variable(name) });
        }
        self.at += 1;
        let kind = if matches!(name.as_str(), "factor" | "as.factor") {
            let Some(Token::Name(inner)) = self.peek().cloned() else { return Err(self.missing("the name of a factor")) };
            self.at += 1;
            AtomKind::Factor(inner)
        } else {
            let inner = Expression::read(self.tokens, &mut self.at).map_err(|why| problem(self.text.trim(), why))?;
            AtomKind::Calculation(Expression::call(&name, inner).map_err(|why| problem(&name, why))?)
        };
        if !self.take(')') {
            return Err(self.missing("a closing bracket"));
        }
        let end = self.tokens[self.at - 1].2;
        Ok(Atom { text: self.text[begin..end].to_owned(), kind })
    }
}

fn same(a: &[Atom], b: &[Atom]) -> bool {
    a.len() == b.len() && a.iter().all(|atom| b.contains(atom))
}

fn add(terms: &mut Vec<Vec<Atom>>, term: Vec<Atom>) {
    if !terms.iter().any(|known| same(known, &term)) {
        terms.push(term);
    }
}

fn products(left: &[Vec<Atom>], right: &[Vec<Atom>]) -> Vec<Vec<Atom>> {
    let mut found = Vec::new();
    for a in left {
        for b in right {
            let mut term = a.clone();
            term.extend(b.iter().filter(|atom| !a.contains(atom)).cloned());
            add(&mut found, term);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset() -> Dataset {
        let mut dataset = Dataset::generic(&[0.1, 0.2, 0.3, 0.4], &[1.0; 4]);
        let factor = |name: &str, values: [&str; 4]| Moderator::Factor {
            name: name.into(),
            values: values.iter().map(|value| Some((*value).to_owned())).collect(),
        };
        dataset.moderators = vec![
            Moderator::Number { name: "x".into(), values: vec![1.0, 2.0, 10.0, f64::NAN] },
            factor("g", ["b", "a", "b", "a"]),
            factor("h", ["u", "u", "v", "v"]),
        ];
        dataset
    }

    fn names(text: &str) -> Vec<String> {
        let formula = Formula::parse(text).expect("a formula");
        formula.columns(&dataset()).expect("columns").into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn terms_stand_in_the_order_of_r() {
        assert_eq!(names("~ x:g + x"), ["x", "x x g: b"]);
        assert_eq!(names("x*g"), ["x", "g: b", "x x g: b"]);
        assert_eq!(names("(x + g + h)^2"), ["x", "g: b", "h: v", "x x g: b", "x x h: v", "g: b x h: v"]);
        assert_eq!(names("x, g"), ["x", "g: b"]);
        assert_eq!(names("x + g - x"), ["g: b"]);
        assert!(names(" ~ 1").is_empty());
    }

    #[test]
    fn a_factor_without_its_own_term_has_a_column_for_each_level() {
        assert_eq!(names("x:g"), ["x x g: a", "x x g: b"]);
        assert_eq!(names("0 + g"), ["g: a", "g: b"]);
        assert_eq!(names("g - 1"), ["g: a", "g: b"]);
        assert!(!Formula::parse("g - 1").expect("a formula").has_intercept());
    }

    #[test]
    fn numbers_can_be_calculated_or_taken_as_categories() {
        let formula = Formula::parse("I((x - 1)^2) + log(x)").expect("a formula");
        let columns = formula.columns(&dataset()).expect("columns");
        assert_eq!(columns[0].0, "I((x - 1)^2)");
        assert_eq!(columns[0].1[..3], [0.0, 1.0, 81.0]);
        assert!((columns[1].1[2] - 10f64.ln()).abs() < 1e-15 && columns[1].1[3].is_nan());
        // As numbers, 2 comes before 10.
        assert_eq!(names("factor(x)"), ["x: 2", "x: 10"]);
        assert_eq!(formula.variables(), ["x"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, part) in [("x +* g", "x +* g"), ("(x", "closing bracket"), ("spline(x)", "spline"), ("log(g)", "categories"), ("z", "z")]
        {
            let found = Formula::parse(text).and_then(|formula| formula.columns(&dataset()));
            let message = found.expect_err(text).to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
