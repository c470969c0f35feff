//! The JSON keys that scripts rely on.

use super::{Scratch, example, has_keys, keys_of, pooling_table};

#[test]
fn init_and_status_have_their_keys() {
    let scratch = Scratch::new();
    let made = scratch.json("init ket.tamis --title Ketamine --reviewer AR=Ada --reviewer BK --adjudicator CM");
    has_keys(&made, "message operation review reviewers");
    assert_eq!(made["reviewers"][0]["id"], "AR");
    assert_eq!(made["reviewers"][2]["roles"][0], "adjudicator");
    let status = scratch.json("status");
    has_keys(&status, "records reports studies stages reviewer reviewers next duplicates possible_duplicates");
    assert_eq!(status["records"], 0);
    has_keys(&status["stages"]["ta"], "total unscreened partial conflict included excluded");
    has_keys(&status["stages"]["ft"], "total awaiting_report not_retrieved");
}

#[test]
fn a_dry_run_of_an_import_needs_no_review_and_prints_the_records() {
    let scratch = Scratch::new();
    let read = scratch.json(&format!("import {} {} --dry-run", example("search-embase.ris"), example("search-pubmed.nbib")));
    assert_eq!(keys_of(&read), ["files"]);
    let file = &read["files"][0];
    has_keys(file, "file format encoding found kept not_understood diagnostics records");
    assert_eq!((&file["file"], &file["format"], &file["found"]), (&"search-embase.ris".into(), &"ris".into(), &74.into()));
    assert_eq!(read["files"][1]["records"].as_array().map(Vec::len), Some(26));
    let record = &file["records"][0];
    has_keys(record, "title year authors journal volume issue start_page end_page doi pmid issn abstract keywords type ids raw");
    assert!(record["authors"][0].as_str().is_some_and(|name| name.contains(", ")), "{record}");
    assert!(record["raw"].as_str().is_some_and(|raw| raw.contains("TY  - ")), "{record}");
    assert_eq!(std::fs::read_dir(scratch.path(".")).expect("the folder").filter(|entry| entry.is_ok()).count(), 0, "nothing was written");
}

#[test]
fn import_dedup_and_votes_have_their_keys() {
    let scratch = Scratch::with_review();
    let imported = scratch.json(&format!("import {} --source Embase --date 2026-11-02 --hits 75", example("search-embase.ris")));
    has_keys(&imported, "message operation files");
    has_keys(&imported["files"][0], "file format encoding found kept not_understood diagnostics");
    assert!(imported["files"][0].get("records").is_none());
    assert!(imported["files"][0]["diagnostics"].to_string().contains("75 hits"), "{imported}");
    let found = scratch.json("dedup run");
    has_keys(&found, "message operation records groups duplicates possible ms");
    let voted = scratch.json("screen vote search-embase.ris#1 include");
    has_keys(&voted, "message operation cast remaining");
    has_keys(&scratch.json("screen next"), "record remaining");
    has_keys(&scratch.json("screen list --queue mine"), "queue total records");
    has_keys(&scratch.json("screen stats"), "counts progress");
    has_keys(&scratch.json("source list")["sources"][0], "id name kind records imports");
    let source = scratch.json("source show Embase");
    has_keys(&source, "id name kind platform records imports");
    has_keys(&source["imports"][0], "id file_name sha256 found kept not_understood hits_reported records_digest remarks listed");
    has_keys(&source["imports"][0]["remarks"], "notes warnings errors");
    assert!(source["imports"][0]["listed"].to_string().contains("75 hits"), "{source}");
    has_keys(&scratch.json("setup"), "review reviewers criteria reasons words policy");
}

#[test]
fn the_later_stages_have_their_keys() {
    let scratch = Scratch::with_votes();
    let listed = scratch.json("dedup list");
    has_keys(&listed, "groups possible");
    has_keys(&listed["groups"][0], "id primary members");
    has_keys(&listed["groups"][0]["members"][1], "record rule score fields reason");
    has_keys(&listed["groups"][0]["members"][1]["fields"][0], "field verdict a b");
    has_keys(&scratch.json("dedup explain search-pubmed.nbib#1 search-embase.ris#1"), "a b verdict rule score reason is_grouped fields");
    has_keys(
        &scratch.json("agreement --stage ta")["pairs"][0],
        "a b n both_in a_in_b_out a_out_b_in both_out po pe kappa kappa_se pabak ac1 ac1_se positive negative",
    );
    has_keys(&scratch.json("conflict list")["conflicts"][0], "stage record title votes resolutions waiting_for is_about_reason");
    has_keys(&scratch.json("fulltext list")["reports"][0], "record title retrieval status studies");
    let flow = scratch.json("flow --check");
    has_keys(
        &flow,
        "database_results register_results duplicates excluded_automatic excluded_other records_screened records_excluded dbr_sought_reports \
         dbr_notretrieved_reports dbr_assessed dbr_excluded other_sought_reports other_notretrieved_reports other_assessed other_excluded \
         new_studies new_reports total_studies total_reports total_studies_ma pending identities",
    );
    has_keys(&scratch.json("log --limit 1"), "total operations");
    has_keys(&scratch.json("log --at 5")["flow"], "database_results pending");
    assert_eq!(scratch.json("check")["problems"], serde_json::json!([]));
    has_keys(&scratch.json("show search-pubmed.nbib#1"), "stage card status mine votes");
    has_keys(&scratch.json("find ketamine phantom"), "total records");
    has_keys(&scratch.json("keys")["commands"][0], "id title doc group keys cli");
}

#[test]
fn pool_has_the_keys_of_the_reference() {
    let scratch = Scratch::new();
    let pooled = scratch.json(&format!("pool {} --measure RR --subgroup alloc", pooling_table("bcg.csv")));
    has_keys(
        &pooled,
        "measure model method tau2_method test level k estimate se stat df pval ci_lb ci_ub tau2 se_tau2 I2 H2 Q Q_df Q_p pi_lb pi_ub \
         weights_pct studies warnings exp subgroups",
    );
    has_keys(&pooled["studies"][0], "label yi vi ci_lb ci_ub weight_pct");
    has_keys(&pooled["exp"], "estimate ci_lb ci_ub pi_lb pi_ub");
    has_keys(&pooled["subgroups"], "groups Q_between df p");
    assert_eq!((&pooled["model"], &pooled["method"], &pooled["test"]), (&"random".into(), &"iv".into(), &"knha".into()));
}
