//! ClinicalTrials.gov JSON: studies with a `protocolSection`, as the site downloads them and its programming interface gives them.
//!
//! What a screener reads becomes the abstract, in labelled paragraphs; the modules that describe the conduct of a trial (sites, contacts) stay
//! in the record's text.

use serde_json::Value;

use super::builder::{Builder, Role};
use super::json::JsonReader;
use super::tagged::Remarks;
use crate::domain::record::{Citation, PublicationKind};

/// Single values that are kept under their names.
const KEPT: &[(&str, &str)] = &[
    ("acronym", "/identificationModule/acronym"),
    ("orgStudyId", "/identificationModule/orgStudyIdInfo/id"),
    ("overallStatus", "/statusModule/overallStatus"),
    ("whyStopped", "/statusModule/whyStopped"),
    ("startDate", "/statusModule/startDateStruct/date"),
    ("primaryCompletionDate", "/statusModule/primaryCompletionDateStruct/date"),
    ("completionDate", "/statusModule/completionDateStruct/date"),
    ("studyType", "/designModule/studyType"),
    ("allocation", "/designModule/designInfo/allocation"),
    ("interventionModel", "/designModule/designInfo/interventionModel"),
    ("masking", "/designModule/designInfo/maskingInfo/masking"),
    ("enrollment", "/designModule/enrollmentInfo/count"),
    ("sex", "/eligibilityModule/sex"),
    ("minimumAge", "/eligibilityModule/minimumAge"),
    ("maximumAge", "/eligibilityModule/maximumAge"),
];

/// Reports whether the beginning of a text has the mark of a study.
pub(super) fn is_registry(text: &str) -> bool {
    text.contains("\"protocolSection\"")
}

/// Returns the reader of the format.
pub(super) fn reader() -> JsonReader {
    JsonReader::new(interpret)
}

fn interpret(study: &Value, line: usize, remarks: &mut Remarks) -> Option<Citation> {
    let study = study.get("study").or_else(|| study.get("FullStudy")).unwrap_or(study);
    let protocol = study.get("protocolSection")?;
    let mut builder = Builder::new(&[], line, remarks);
    let text = |path: &str| protocol.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let list = |path: &str| protocol.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    builder.take(Role::Accession, "nctId", line, text("/identificationModule/nctId"));
    builder.take(Role::Title, "briefTitle", line, text("/identificationModule/briefTitle"));
    let official = text("/identificationModule/officialTitle");
    builder.take(Role::Title, "officialTitle", line, if builder.citation.title.is_empty() { official } else { "" });
    for id in list("/identificationModule/secondaryIdInfos") {
        builder.take(Role::Registry, "secondaryId", line, id.get("id").and_then(Value::as_str).unwrap_or_default());
    }
    let posted = text("/statusModule/studyFirstPostDateStruct/date");
    let submitted = text("/statusModule/studyFirstSubmitDate");
    let started = text("/statusModule/startDateStruct/date");
    builder.take(
        Role::Date,
        "studyFirstPostDate",
        line,
        [posted, submitted, started].into_iter().find(|date| !date.is_empty()).unwrap_or(""),
    );
    builder.take(Role::Publisher, "leadSponsor", line, text("/sponsorCollaboratorsModule/leadSponsor/name"));
    for sponsor in list("/sponsorCollaboratorsModule/collaborators") {
        builder.take(Role::Extra, "collaborator", line, sponsor.get("name").and_then(Value::as_str).unwrap_or_default());
    }
    for path in ["/conditionsModule/conditions", "/conditionsModule/keywords"] {
        for word in list(path).iter().filter_map(Value::as_str) {
            builder.take(Role::Keyword, "condition", line, word);
        }
    }
    for phase in list("/designModule/phases").iter().filter_map(Value::as_str) {
        builder.take(Role::Extra, "phase", line, phase);
    }
    take_description(protocol, official, line, &mut builder);
    for (name, path) in KEPT {
        match protocol.pointer(path) {
            Some(Value::String(value)) => builder.take(Role::Extra, name, line, value),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => builder.take(Role::Extra, name, line, &value.to_string()),
            _ => {}
        }
    }
    if let Some(Value::Bool(value)) = study.get("hasResults") {
        builder.take(Role::Extra, "hasResults", line, &value.to_string());
    }
    builder.citation.kind = PublicationKind::RegistryEntry;
    Some(builder.finish())
}

/// Takes what describes a trial as paragraphs of the abstract.
fn take_description(protocol: &Value, official: &str, line: usize, builder: &mut Builder<'_>) {
    let text = |path: &str| protocol.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let mut paragraph = |label: &str, text: &str| {
        if !text.trim().is_empty() {
            let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
            builder.take(Role::Abstract, "description", line, &format!("{label}{text}"));
        }
    };
    paragraph("", text("/descriptionModule/briefSummary"));
    paragraph("Official title", official);
    let joined = |path: &str, fields: [&str; 2]| {
        let entries = protocol.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let entry = |entry: &Value| {
            let parts = fields.map(|field| entry.get(field).and_then(Value::as_str).unwrap_or_default());
            parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
        };
        entries.iter().map(entry).filter(|entry| !entry.is_empty()).collect::<Vec<_>>().join("; ")
    };
    paragraph("Interventions", &joined("/armsInterventionsModule/interventions", ["name", "description"]));
    paragraph("Primary outcomes", &joined("/outcomesModule/primaryOutcomes", ["measure", "timeFrame"]));
    paragraph("Secondary outcomes", &joined("/outcomesModule/secondaryOutcomes", ["measure", "timeFrame"]));
    paragraph("Eligibility", text("/eligibilityModule/eligibilityCriteria"));
    paragraph("Detailed description", text("/descriptionModule/detailedDescription"));
}

#[cfg(test)]
mod tests {
    use crate::domain::record::PublicationKind;
    use crate::refs::{Format, ParseOptions, parse};

    #[test]
    fn studies_are_read_from_downloads_and_from_answers_of_the_interface() {
        let study = "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00579085\",\"briefTitle\":\"Ketamine\",\"officialTitle\":\"A trial of ketamine\",\
                     \"secondaryIdInfos\":[{\"id\":\"2004-000446-20\"}]},\"statusModule\":{\"overallStatus\":\"COMPLETED\",\"studyFirstPostDateStruct\":{\"date\":\"2007-12-21\"}},\
                     \"sponsorCollaboratorsModule\":{\"leadSponsor\":{\"name\":\"Leiden\"}},\"descriptionModule\":{\"briefSummary\":\"One.\\n\\nTwo.\"},\
                     \"conditionsModule\":{\"conditions\":[\"CRPS\"]},\"designModule\":{\"enrollmentInfo\":{\"count\":60}},\
                     \"armsInterventionsModule\":{\"interventions\":[{\"type\":\"DRUG\",\"name\":\"Ketamine\"}]}},\"hasResults\":false}";
        for text in [
            format!("[\n{study},\n{study}\n]"),
            format!("{{\"studies\":[{study},{study}],\"nextPageToken\":\"x\"}}"),
            format!("{study}\n{study}"),
        ] {
            let parsed = parse(text.as_bytes(), &ParseOptions::default()).expect("ClinicalTrials.gov");
            assert_eq!((parsed.format, parsed.drafts.len(), parsed.diagnostics.len()), (Format::CtgovJson, 2, 0));
            let citation = &parsed.drafts[0].citation;
            assert_eq!((citation.title.as_str(), citation.year, citation.kind), ("Ketamine", Some(2007), PublicationKind::RegistryEntry));
            assert_eq!(citation.registry_ids, ["NCT00579085", "EUCTR2004-000446-20"]);
            assert_eq!(citation.abstract_text.as_deref(), Some("One.\nTwo.\nOfficial title: A trial of ketamine\nInterventions: Ketamine"));
            assert!(citation.extra.contains(&("enrollment".to_owned(), "60".to_owned())));
        }
    }
}
