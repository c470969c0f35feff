//! The document of everything extracted: it fits its published schema, holds what was typed, and tells nothing too early.

use serde_json::Value;

use super::{Scratch, example};

/// What does not fit a JSON Schema, for the part of the language that the published schema uses; a keyword that is not known here fails.
fn misfits(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else { return found.push(format!("{at}: the schema is no object")) };
    for (key, rule) in schema {
        match key.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "properties" => {}
            "$ref" => {
                let name = rule.as_str().and_then(|text| text.strip_prefix("#/$defs/")).unwrap_or_default();
                misfits(root, &root["$defs"][name], value, at, found);
            }
            "type" => {
                let names: Vec<&str> = rule
                    .as_array()
                    .map_or_else(|| rule.as_str().into_iter().collect(), |list| list.iter().filter_map(Value::as_str).collect());
                let is = |name: &&str| match *name {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    _ => *name == "null" && value.is_null(),
                };
                if !names.iter().any(is) {
                    found.push(format!("{at}: {value} is not {names:?}"));
                }
            }
            "const" if rule != value => found.push(format!("{at}: {value} is not {rule}")),
            "enum" if !rule.as_array().is_some_and(|list| list.contains(value)) => found.push(format!("{at}: {value} is none of {rule}")),
            "const" | "enum" => {}
            "required" => {
                let missing = rule.as_array().into_iter().flatten().filter_map(Value::as_str).filter(|name| value.get(*name).is_none());
                found.extend(missing.map(|name| format!("{at}: {name} is missing")));
            }
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                for (name, inside) in value.as_object().into_iter().flatten() {
                    match schema["properties"].get(name) {
                        Some(rule) => misfits(root, rule, inside, &format!("{at}.{name}"), found),
                        None => found.push(format!("{at}: {name} is not of the schema")),
                    }
                }
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    misfits(root, rule, item, &format!("{at}[{place}]"), found);
                }
            }
            "minItems" | "maxItems" => assert_eq!(value.as_array().map(|list| list.len() as u64), rule.as_u64(), "{at}"),
            "minimum" if value.as_f64() < rule.as_f64() => found.push(format!("{at}: {value} is below {rule}")),
            "maximum" if value.as_f64() > rule.as_f64() => found.push(format!("{at}: {value} is above {rule}")),
            // Dates and rules are short; their patterns are checked by the script in tests/peers with a real validator.
            "minimum" | "maximum" | "pattern" => {}
            "oneOf" | "anyOf" => {
                let fits = |one: &&Value| {
                    let mut inside = Vec::new();
                    misfits(root, one, value, at, &mut inside);
                    inside.is_empty()
                };
                let count = rule.as_array().into_iter().flatten().filter(fits).count();
                if count == 0 || (key == "oneOf" && count > 1) {
                    found.push(format!("{at}: {value} fits {count} of {key}"));
                }
            }
            other => found.push(format!("{at}: the test does not know the keyword {other}")),
        }
    }
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/reference/extraction.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON")
}

fn document(scratch: &Scratch, words: &str) -> Value {
    let value: Value = serde_json::from_str(&scratch.ok(words)).expect("JSON");
    let schema = schema();
    let mut found = Vec::new();
    misfits(&schema, &schema, &value, "$", &mut found);
    assert_eq!(found, Vec::<String>::new());
    value
}

fn study<'a>(document: &'a Value, label: &str) -> &'a Value {
    document["studies"].as_array().expect("a list").iter().find(|study| study["label"] == label).expect("the study")
}

#[test]
fn the_document_fits_its_schema_and_holds_what_was_typed_and_decided() {
    let scratch = Scratch::with_demo();
    let all = document(&scratch, "--review d/ketamine.tamis --as AR export extraction --format json");
    assert_eq!((&all["format"], &all["version"], &all["seen_by"]), (&"tamis-extraction".into(), &1.into(), &"AR".into()));
    assert!(all["form"]["text"].as_str().is_some_and(|text| text.contains("[[analysis]]")));
    assert_eq!(all["studies"].as_array().map(Vec::len), Some(6));
    let one = study(&all, "Sigtermans 2009");
    let people: Vec<&str> = one["drafts"].as_array().expect("drafts").iter().filter_map(|draft| draft["reviewer"].as_str()).collect();
    assert_eq!(people, ["AR", "BK"]);
    // Every row that was loaded is there as typed, with its page.
    for (at, person) in ["AR", "BK"].into_iter().enumerate() {
        let mut reader = csv::Reader::from_path(example(&format!("extraction-{person}.csv"))).expect("the table");
        let names = reader.headers().expect("names").clone();
        let mut compared = 0;
        for row in reader.records() {
            let row = row.expect("a row");
            let cell = |name: &str| names.iter().position(|known| known == name).and_then(|at| row.get(at)).unwrap_or_default();
            let of = study(&all, cell("study"));
            let values = of["drafts"][at]["values"].as_array().expect("values");
            let value = values.iter().find(|value| value["path"] == cell("path")).unwrap_or_else(|| panic!("{row:?} is in the document"));
            assert_eq!(value["raw"], cell("value").trim());
            assert_eq!(value["page"].as_str().unwrap_or_default(), cell("page"));
            compared += 1;
        }
        assert!(compared > 50, "{compared}");
    }
    let decided: usize =
        all["studies"].as_array().expect("a list").iter().filter_map(|study| study["decisions"].as_array()).map(Vec::len).sum();
    assert_eq!(decided, csv::Reader::from_path(example("consensus.csv")).expect("the table").records().count());
    let agreed = one["agreed"].as_array().expect("values").iter().find(|value| value["path"] == "outcome.pain.immediate.ketamine.mean");
    assert_eq!(agreed.expect("a value")["value"], serde_json::json!({"type": "decimal", "value": 26.8}));
}

#[test]
fn derivations_and_studies_left_out_are_in_the_document() {
    let scratch = super::extracting::agreed_by_se();
    scratch.ok_words(&["--as", "AR", "analyse", "exclude", "1.1", "Sigtermans 2009", "--why", "a trial of others"]);
    let all = document(&scratch, "--as BK export extraction --format json");
    let steps = study(&all, "Sigtermans 2009")["derived"]["steps"].as_array().expect("steps");
    let step = steps.iter().find(|step| step["path"] == "outcome.pain.immediate.ketamine.sd" && step["formula"] == "SD = SE × √n");
    assert_eq!(step.expect("the step")["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!(all["left_out"][0]["reason"], "a trial of others");
}

#[test]
fn a_draft_of_somebody_else_is_not_in_the_document_before_all_are_in() {
    let scratch = Scratch::with_studies();
    scratch.ok(&format!("--as AR extract load {}", example("extraction-AR.csv")));
    scratch.ok("--as AR extract submit --all");
    let seen = document(&scratch, "--as BK export extraction --format json");
    for one in seen["studies"].as_array().expect("a list") {
        assert_eq!(
            (&one["submitted"], &one["drafts"], &one["agreed"], &one["derived"]),
            (&1.into(), &serde_json::json!([]), &serde_json::json!([]), &Value::Null),
            "{one}"
        );
    }
    let own = document(&scratch, "--as AR export extraction --format json");
    assert_eq!(own["studies"][0]["drafts"][0]["reviewer"], "AR");
    let warnings = |all: &Value| {
        all["studies"].as_array().into_iter().flatten().filter_map(|one| one["warnings"].as_array()).map(Vec::len).sum::<usize>()
    };
    assert_eq!(warnings(&seen), 0, "warnings on the numbers of somebody else tell of them");
}
