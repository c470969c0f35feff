//! How much the checks matter in one review: the form may switch one off, or make it a note, a warning or an error.

use super::{Rule, Warning};
use crate::domain::diagnostic::Severity;
use crate::domain::form::{Form, Validation, ValidationSeverity};

/// Gives each warning the severity that the form names; of several that fit the last one counts, and one for the outcome before one for all.
///
/// What cannot be stays an error, whatever the form says.
pub fn apply(form: &Form, found: &mut Vec<Warning>) {
    if form.validations.is_empty() {
        return;
    }
    found.retain_mut(|warning| {
        let Some(validation) = named_for(form, warning).filter(|_| warning.severity != Severity::Error) else { return true };
        warning.severity = match validation.severity {
            ValidationSeverity::Off => return false,
            ValidationSeverity::Note => Severity::Note,
            ValidationSeverity::Warning => Severity::Warning,
            ValidationSeverity::Error => Severity::Error,
        };
        true
    });
}

fn named_for<'a>(form: &'a Form, warning: &Warning) -> Option<&'a Validation> {
    let mut parts = warning.path.split('.');
    let outcome = parts.next().filter(|first| ["outcome", "contrast", "measure"].contains(first)).and_then(|_| parts.next());
    let fits = |of_outcome: bool| {
        let mut all = form.validations.iter().rev().filter(|known| Rule::named(&known.rule) == Some(warning.rule));
        all.find(|known| if of_outcome { known.outcome.is_some() && known.outcome.as_deref() == outcome } else { known.outcome.is_none() })
    };
    fits(true).or_else(|| fits(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::sample;

    fn severities(validations: &[(&str, Option<&str>, ValidationSeverity)]) -> Vec<(Rule, Severity)> {
        let mut form = sample::form();
        form.validations = validations
            .iter()
            .map(|(rule, outcome, severity)| Validation {
                rule: (*rule).to_owned(),
                outcome: outcome.map(str::to_owned),
                severity: *severity,
                why: None,
            })
            .collect();
        let mut found = vec![
            Warning::new(Rule::V7, Severity::Warning, "outcome.pain.short.drug.sd", "x"),
            Warning::new(Rule::V7, Severity::Warning, "outcome.sleep.short.drug.sd", "x"),
            Warning::new(Rule::V1, Severity::Error, "outcome.pain.short.drug.n", "x"),
        ];
        apply(&form, &mut found);
        found.into_iter().map(|warning| (warning.rule, warning.severity)).collect()
    }

    #[test]
    fn a_form_without_a_word_changes_nothing() {
        assert_eq!(severities(&[]).len(), 3);
    }

    #[test]
    fn a_check_is_switched_off_for_one_outcome_or_for_all() {
        assert_eq!(severities(&[("V7", Some("pain"), ValidationSeverity::Off)]).len(), 2);
        assert_eq!(severities(&[("sd_se_confusion", None, ValidationSeverity::Off)]), [(Rule::V1, Severity::Error)]);
        let both = [("V7", Some("pain"), ValidationSeverity::Error), ("V7", None, ValidationSeverity::Note)];
        assert_eq!(severities(&both)[..2], [(Rule::V7, Severity::Error), (Rule::V7, Severity::Note)]);
    }

    #[test]
    fn what_cannot_be_stays_an_error() {
        assert_eq!(severities(&[("V1", None, ValidationSeverity::Off)])[2], (Rule::V1, Severity::Error));
    }
}
