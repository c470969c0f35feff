//! The WHO's International Clinical Trials Registry Platform: XML with one `<Trial>` per registry entry.
//!
//! Entities are escaped twice and lines are wrapped with `<br>`. What a screener reads stands in several fields, which become labelled
//! paragraphs of the abstract; everything else is kept under its name. The platform's CSV is read by [`csv`](super::csv).

use crate::domain::record::{Citation, PublicationKind};

use super::builder::{Builder, Role};
use super::lines::LineCounter;
use super::tagged::{Remarks, line_of};
use super::xml::{Element, XmlReader};

/// The fields that describe a trial, and what their paragraphs are called.
const DESCRIPTION: &[(&str, &str)] = &[
    ("Scientific_title", "Scientific title"),
    ("Condition", "Condition"),
    ("Intervention", "Intervention"),
    ("Primary_outcome", "Primary outcome"),
    ("Secondary_outcome", "Secondary outcome"),
    ("Inclusion_Criteria", "Inclusion criteria"),
    ("Exclusion_Criteria", "Exclusion criteria"),
    ("Study_design", "Study design"),
];

/// Returns the reader of the format.
pub(super) fn reader() -> XmlReader {
    XmlReader::new(&["Trial"], interpret)
}

fn interpret(trial: &Element<'_>, counter: &mut LineCounter<'_>, remarks: &mut Remarks) -> Citation {
    let line = counter.line_at(trial.start);
    let mut builder = Builder::new(&[], line, remarks);
    for field in trial.children() {
        let line = counter.line_at(field.start);
        let text = field.text();
        if let Some((_, label)) = DESCRIPTION.iter().find(|(name, _)| *name == field.name) {
            let text = line_of(&text);
            if !text.is_empty() {
                builder.take(Role::Abstract, field.name, line, &format!("{label}: {text}"));
            }
            continue;
        }
        let role = match field.name {
            "TrialID" => Role::Accession,
            "Public_title" => Role::Title,
            "Primary_sponsor" => Role::Publisher,
            "Date_registration" => Role::Date,
            "web_address" => Role::Url,
            "Secondary_ID" | "Secondary_IDs" | "SecondaryIDs" => Role::Registry,
            "Internal_Number" | "Export_date" => Role::Nothing,
            _ => Role::Extra,
        };
        builder.take(role, field.name, line, &text);
    }
    if builder.citation.title.is_empty() {
        builder.take(Role::Title, "Scientific_title", line, &trial.text_at(&["Scientific_title"]));
    }
    builder.citation.kind = PublicationKind::RegistryEntry;
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::{Format, ParseOptions, parse};

    #[test]
    fn a_trial_has_its_number_title_date_and_description() {
        let text = "<?xml version='1.0' encoding='UTF-8' ?>\n<Trials_downloaded_from_ICTRP>\n  <Trial><Export_date>06/29/2026</Export_date>\n    <TrialID>JPRN-UMIN000007004\n    </TrialID>\n\
                    <Public_title>A trial of x &amp;amp; y\n    </Public_title>\n<Scientific_title>Long title</Scientific_title><Date_registration>10/05/2026</Date_registration>\n\
                    <web_address>https://e.org/x</web_address><Condition>Pain&lt;br&gt;Acute</Condition>\n<Phase>Phase 2</Phase><Secondary_ID>NCT00579085;x</Secondary_ID>\n</Trial>\n<Trial><TrialID>NCT1</TrialID></Trial>\n";
        let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("ICTRP");
        assert_eq!((parsed.format, parsed.drafts.len()), (Format::Ictrp, 2));
        let citation = &parsed.drafts[0].citation;
        assert_eq!(
            (citation.title.as_str(), citation.year, citation.date.as_deref()),
            ("A trial of x & y", Some(2026), Some("10/05/2026"))
        );
        assert_eq!((citation.accession.as_deref(), citation.kind), (Some("JPRN-UMIN000007004"), PublicationKind::RegistryEntry));
        assert_eq!(citation.registry_ids, ["JPRN-UMIN000007004", "NCT00579085"]);
        assert_eq!(citation.abstract_text.as_deref(), Some("Scientific title: Long title\nCondition: Pain Acute"));
        assert!(citation.extra.contains(&("Phase".to_owned(), "Phase 2".to_owned())));
    }
}
