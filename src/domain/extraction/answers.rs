//! What is known about one study, cell by cell: a draft or the agreed values, looked up by path.

use std::collections::BTreeMap;

use super::DraftValue;
use crate::domain::form::Form;
use crate::domain::value::{ParsedValue, parse_number};

/// The answers of one study that fit their cells, by path; each as typed and with its meaning.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers(BTreeMap<String, (String, ParsedValue)>);

impl Answers {
    /// Collects the values of a draft that fit their cells; of several values of one cell the last one stands.
    pub fn of_draft(draft: &[DraftValue]) -> Self {
        let mut answers = Self::default();
        for value in draft {
            match &value.parsed {
                Ok(parsed) => answers.set(&value.path, &value.raw, parsed.clone()),
                Err(_) => answers.remove(&value.path),
            }
        }
        answers
    }

    /// Sets the answer to a cell.
    pub fn set(&mut self, path: &str, raw: &str, value: ParsedValue) {
        self.0.insert(path.to_owned(), (raw.to_owned(), value));
    }

    /// Takes the answer to a cell away.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Returns what an answer means.
    pub fn value(&self, path: &str) -> Option<&ParsedValue> {
        self.0.get(path).map(|(_, value)| value)
    }

    /// Returns an answer as typed.
    pub fn raw(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(|(raw, _)| raw.as_str())
    }

    /// Returns an answer in words, options spelled as in the form.
    pub fn text(&self, path: &str) -> Option<String> {
        self.value(path).map(ToString::to_string)
    }

    /// Returns the number that an answer is.
    pub fn number(&self, path: &str) -> Option<f64> {
        self.value(path).and_then(ParsedValue::number)
    }

    /// Returns how many decimals a number was typed with.
    pub fn decimals(&self, path: &str) -> Option<u32> {
        let raw = self.raw(path)?;
        // A unit behind the number is none of its digits.
        let digits: String = raw.trim().chars().take_while(|c| !c.is_alphabetic() && *c != '%').collect();
        parse_number(&digits, None).ok().and_then(|number| number.decimals).and_then(|decimals| u32::try_from(decimals).ok())
    }

    /// Returns half a unit in the last digit that was typed; 0 where that is not known.
    pub fn half_a_digit(&self, path: &str) -> f64 {
        self.decimals(path).and_then(|decimals| i32::try_from(decimals).ok()).map_or(0.0, |decimals| 0.5 * 10.0_f64.powi(-decimals))
    }

    /// Returns all answers with their paths, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &ParsedValue)> {
        self.0.iter().map(|(path, (raw, value))| (path.as_str(), raw.as_str(), value))
    }

    /// Tells whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the answers without those to cells that are not asked, given the others.
    #[must_use]
    pub fn asked(mut self, form: &Form) -> Self {
        let hidden: Vec<String> =
            form.cells().into_iter().filter(|cell| !cell.is_asked(|path| self.text(path))).map(|cell| cell.path).collect();
        for path in hidden {
            self.remove(&path);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_draft;
    use super::*;
    use crate::domain::form::{ShowIf, sample};

    #[test]
    fn answers_keep_what_was_typed_and_its_digits() {
        let form = sample::form();
        let (draft, _) = read_draft(&form, [("arm.drug.dose", "0,50 mg/kg"), ("design", "rct parallel"), ("funding", "the moon")]);
        let answers = Answers::of_draft(&draft);
        assert_eq!((answers.number("arm.drug.dose"), answers.decimals("arm.drug.dose")), (Some(0.5), Some(2)));
        assert!((answers.half_a_digit("arm.drug.dose") - 0.005).abs() < 1e-15);
        assert_eq!((answers.text("design").as_deref(), answers.raw("design")), (Some("RCT parallel"), Some("rct parallel")));
        assert_eq!(answers.value("funding"), None);
    }

    #[test]
    fn what_is_not_asked_does_not_count() {
        let mut form = sample::form();
        form.fields[1].show_if = Some(ShowIf { field: "design".into(), is: vec!["RCT crossover".into()] });
        let typed = |design| {
            let (draft, _) = read_draft(&form, [("design", design), ("funding", "public"), ("unit.correlation", "0.5")]);
            Answers::of_draft(&draft).asked(&form).iter().map(|(path, ..)| path.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(typed("RCT parallel"), ["design"]);
        assert_eq!(typed("RCT crossover"), ["design", "funding", "unit.correlation"]);
    }
}
