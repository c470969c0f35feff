//! Forms to begin with: one for each usual kind of review, with guidance for every field.

use super::error::{Error, Result};
use super::form_file;

/// A form to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The id by which it is named ("rct").
    pub id: &'static str,
    /// What it is for, as a phrase.
    pub about: &'static str,
    /// The text of the form file.
    pub text: &'static str,
}

/// The templates in the order in which they are offered.
pub const TEMPLATES: [Template; 4] = [
    Template { id: "rct", about: "randomised trials of an intervention, with RoB 2", text: include_str!("../../assets/forms/rct.toml") },
    Template {
        id: "cohort",
        about: "cohort studies of an exposure, with confounders and ROBINS-I V2",
        text: include_str!("../../assets/forms/cohort.toml"),
    },
    Template {
        id: "diagnostic-accuracy",
        about: "accuracy of a test: two by two tables, with QUADAS-2",
        text: include_str!("../../assets/forms/diagnostic-accuracy.toml"),
    },
    Template {
        id: "prevalence",
        about: "prevalence of a condition: sampling, definition, counts, with JBI's list",
        text: include_str!("../../assets/forms/prevalence.toml"),
    },
];

/// Returns the template with this id.
///
/// # Errors
/// [`Error`] with the known ids.
pub fn template(id: &str) -> Result<&'static Template> {
    TEMPLATES.iter().find(|known| known.id == id).ok_or_else(|| {
        let known: Vec<&str> = TEMPLATES.iter().map(|known| known.id).collect();
        Error::not_found(format!("there is no template \"{id}\"")).hint(format!("the templates are {}", known.join(", ")))
    })
}

/// Returns the text of a new form made from a template, under an id and a title of its own where they are given.
///
/// # Errors
/// [`Error`] where the id or the title does not fit a form.
pub fn new_form(template: &Template, id: Option<&str>, title: Option<&str>) -> Result<String> {
    let quoted = |text: &str| format!("\"{}\"", text.trim().replace('\\', "\\\\").replace('"', "\\\""));
    let mut lines: Vec<String> = template.text.lines().map(str::to_owned).collect();
    for (key, value) in [("form", id), ("title", title)] {
        if let (Some(value), Some(line)) = (value, lines.iter_mut().find(|line| line.starts_with(&format!("{key} = ")))) {
            *line = format!("{key} = {}", quoted(value));
        }
    }
    let text = lines.join("\n") + "\n";
    form_file::parse_form(&text, template.id).map_err(|error| Error::user(error.to_string()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::{CellPlace, Scope};

    #[test]
    fn every_template_is_free_of_problems_and_remarks() {
        for template in TEMPLATES {
            assert_eq!(form_file::check_text(template.text, template.id), [], "{}", template.id);
        }
    }

    #[test]
    fn every_template_names_itself_and_advises_on_every_field() {
        for template in TEMPLATES {
            let form = form_file::parse_form(template.text, template.id).expect("a sound form");
            assert_eq!((form.form.as_str(), form.version, form.extractors), (template.id, 1, 2));
            for field in &form.fields {
                assert!(
                    field.label.is_some() && field.guidance.as_ref().is_some_and(|text| text.len() > 12),
                    "{} {}",
                    template.id,
                    field.id
                );
            }
            assert!(form.fields.iter().filter(|field| field.required).count() >= 4, "{}", template.id);
            assert!(form.fields.iter().any(|field| field.scope == Scope::Arm), "{}", template.id);
            assert_eq!(form.appraisals.len(), 1, "{}", template.id);
        }
    }

    #[test]
    fn counts_and_means_can_be_typed_into_every_template() {
        let numbers = |id: &str| {
            let form = form_file::parse_form(template(id).expect("known").text, id).expect("a sound form");
            form.cells()
                .into_iter()
                .filter(|cell| matches!(cell.place, CellPlace::Outcome { .. }))
                .map(|cell| cell.path)
                .collect::<Vec<_>>()
        };
        assert!(numbers("rct").contains(&"outcome.primary.end.intervention.sd".to_owned()));
        assert!(numbers("cohort").contains(&"outcome.primary.end.exposed.events".to_owned()));
        assert!(numbers("prevalence").contains(&"outcome.cases.all.sample.n".to_owned()));
        let form = form_file::parse_form(template("diagnostic-accuracy").expect("known").text, "x").expect("a sound form");
        assert!(["tp", "fp", "fn", "tn"].iter().all(|cell| form.cell(&format!("arm.index.{cell}")).is_some_and(|cell| cell.required)));
    }

    #[test]
    fn a_new_form_takes_an_id_and_a_title() {
        let rct = template("rct").expect("known");
        let text = new_form(rct, Some("ketamine"), Some("Ketamine \"in the vein\"")).expect("fits");
        let form = form_file::parse_form(&text, "x").expect("a sound form");
        assert_eq!((form.form.as_str(), form.title.as_str()), ("ketamine", "Ketamine \"in the vein\""));
        assert!(text.contains("# ---- design"), "comments stay");
        assert!(new_form(rct, Some("Not An Id"), None).is_err());
        assert!(template("rat").is_err_and(|error| error.hint.is_some_and(|hint| hint.contains("rct, cohort"))));
    }
}
