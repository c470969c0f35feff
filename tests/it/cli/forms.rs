//! Forms on the command line: templates to begin with, and studies on a new version.

use super::{Scratch, example};

const STUDY: &str = "Sigtermans 2009";

/// The form of the worked example as its second version: an option came, the registration number went, the setting is needed.
fn second() -> String {
    let text = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example");
    let setting = "[[field]]\nsection = \"methods\"\nid = \"setting\"\nlabel = \"Setting\"\ntype = \"text\"\nrequired = true\n";
    let changed = text
        .replace("version = 1", "version = 2")
        .replace("options = [\"public\", \"industry\", \"none\"]", "options = [\"public\", \"industry\", \"charity\", \"none\"]")
        .replace("[[field]]\nsection = \"methods\"\nid = \"registration\"\nlabel = \"Registration number\"\ntype = \"text\"\n", setting);
    assert!(changed.contains("charity") && changed.contains("setting") && !changed.contains("registration"));
    changed
}

fn drafted() -> Scratch {
    let scratch = Scratch::with_studies();
    for (path, value) in [("funding", "public"), ("registration", "NCT00000001"), ("condition", "CRPS")] {
        scratch.ok_words(&["--as", "AR", "extract", "set", STUDY, path, value]);
    }
    scratch.write("second.toml", &second());
    scratch
}

#[test]
fn a_study_is_moved_to_a_new_version_and_what_changed_is_confirmed() {
    let scratch = drafted();
    let used = scratch.run("form use second.toml");
    assert!(used.talk.contains("1 to look at again where answered, 1 dropped, answers kept, 1 newly asked"), "{}", used.talk);
    let said = used.out;
    assert!(said.contains("version 2 into use") && said.contains("1 study stays on the version before"), "{said}");
    let plan = scratch.ok("--as AR extract migrate");
    let lines: Vec<&str> = plan.lines().map(str::trim_end).collect();
    assert_eq!(
        lines[0],
        "Sigtermans 2009, on version 1 (your draft): 1 carried over, 1 dropped but kept, 1 to look at again, 1 newly asked"
    );
    assert!(lines[1].starts_with("dropped") && lines[1].contains("registration") && lines[1].contains("NCT00000001"), "{plan}");
    assert!(lines[2].starts_with("look again") && lines[2].contains("public") && lines[2].contains("options came: charity"), "{plan}");
    assert!(lines[3].starts_with("asked") && lines[3].contains("setting") && lines[3].contains("needed"), "{plan}");
    let dry = scratch.ok("--as AR extract migrate --all --dry-run");
    assert_eq!(dry, plan);
    // Somebody else learns of no value.
    let seen = scratch.ok("--as BK extract migrate") + &scratch.ok("--as BK extract migrate --json");
    assert!(seen.contains("nobody's") && !seen.contains("NCT00000001") && !seen.contains("public"), "{seen}");

    let moved = scratch.json("--as AR extract migrate --all");
    assert_eq!(moved["message"], "moved Sigtermans 2009 to version 2 of the form");
    assert_eq!(moved["studies"][0]["carried"], 1);
    let draft = scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]);
    assert!(draft.contains("the form changed since: options came: charity") && draft.contains("registration  NCT00000001"), "{draft}");
    let refused = scratch.run_words(&["--as", "AR", "extract", "confirm", STUDY, "condition"]);
    assert!(refused.code == 1 && refused.talk.contains("no value of condition that must be looked at again"), "{}", refused.talk);
    scratch.ok_words(&["--as", "AR", "extract", "confirm", STUDY, "--all"]);
    let draft = scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]);
    assert!(!draft.contains("the form changed since"), "{draft}");
    scratch.ok("--as AR undo");
    scratch.ok("--as AR undo");
    assert!(scratch.ok_words(&["--as", "AR", "extract", "show", STUDY]).contains("on version 1 of the form; version 2 is in use"));
    assert_eq!(scratch.ok("check").lines().count(), 1);
}

#[test]
fn a_used_version_is_not_rewritten() {
    let scratch = drafted();
    scratch.write("same.toml", &second().replace("version = 2", "version = 1"));
    let refused = scratch.run("form use same.toml");
    assert_eq!(refused.code, 1);
    assert!(refused.talk.contains("values have been typed on version 1") && refused.talk.contains("write version = 2"), "{}", refused.talk);
}

#[test]
fn a_template_is_written_checked_and_taken_into_use() {
    let scratch = Scratch::with_review();
    let listed = scratch.ok("form templates");
    for id in ["rct", "cohort", "diagnostic-accuracy", "prevalence"] {
        assert!(listed.contains(id), "{listed}");
        scratch.ok_words(&["form", "new", &format!("{id}.toml"), "--template", id, "--id", "mine", "--title", "Mine: a \"title\""]);
        let checked = scratch.ok(&format!("form check {id}.toml"));
        assert_eq!(checked.trim_end(), format!("{id}.toml can be used"));
    }
    let refused = scratch.run("form new rct.toml --template rct");
    assert!(refused.code == 1 && refused.talk.contains("exists already"), "{}", refused.talk);
    let refused = scratch.run("form new other.toml --template rat");
    assert!(refused.code == 1 && refused.talk.contains("the templates are rct"), "{}", refused.talk);
    scratch.ok("form use rct.toml");
    let shown = scratch.json("form show");
    assert_eq!((&shown["form"], &shown["title"]), (&"mine".into(), &"Mine: a \"title\"".into()));
}

#[test]
fn a_number_keeps_its_unit_and_two_units_of_one_quantity_agree() {
    let scratch = Scratch::with_studies();
    let text = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example");
    let dose = "[[field]]\nsection = \"arms\"\nscope = \"arm\"\nid = \"total\"\ntype = \"decimal\"\nunits = [\"mg\", \"g\", \"mg/kg\"]\n";
    scratch.write("units.toml", &text.replace("version = 1", "version = 2").replace("# ---- fields of the study", dose));
    scratch.ok("form use units.toml");
    let required = [
        ("design", "RCT parallel"),
        ("condition", "CRPS"),
        ("condition_group", "complex regional pain syndrome"),
        ("duration", ">1 day to ≤7 days"),
        ("arm.ketamine.drug", "S-ketamine"),
    ];
    for (person, total) in [("AR", "500"), ("BK", "0.5 g")] {
        for (path, value) in required.iter().chain(&[("arm.ketamine.total", total)]) {
            scratch.ok_words(&["--as", person, "extract", "set", STUDY, path, value]);
        }
        scratch.ok_words(&["--as", person, "extract", "submit", STUDY]);
    }
    let compared = scratch.ok_words(&["extract", "compare", STUDY]);
    assert!(compared.contains("0 differ, 0 open") && compared.contains("equal after unit"), "{compared}");
    let refused = scratch.run_words(&["--as", "AR", "extract", "set", "Noppers 2011", "arm.ketamine.total", "5 mL"]);
    assert!(refused.code == 1 && refused.talk.contains("is not in one of the units: mg; g; mg/kg"), "{}", refused.talk);
    let agreement = scratch.json("agreement --extraction");
    assert_eq!((&agreement["whole"]["n"], &agreement["whole"]["same"]), (&6.into(), &6.into()), "{agreement}");
}

#[test]
fn extractors_are_compared_field_by_field_before_consensus() {
    let scratch = Scratch::with_studies();
    assert!(scratch.run("agreement --extraction").talk.contains("no study has the drafts of two extractors yet"));
    for person in ["AR", "BK"] {
        scratch.ok(&format!("--as {person} extract load {}", example(&format!("extraction-{person}.csv"))));
        scratch.ok(&format!("--as {person} extract submit --all"));
    }
    let report = scratch.json("agreement --extraction");
    let number = |value: &serde_json::Value| value.as_u64().unwrap_or_else(|| panic!("{value}"));
    // The guide: 9 cells are to be settled.
    assert_eq!(number(&report["whole"]["n"]) - number(&report["whole"]["same"]), 9, "{report}");
    assert_eq!(report["pairs"], serde_json::json!([["AR", "BK", 6]]));
    let of = |id: &str| {
        report["fields"].as_array().expect("a list").iter().find(|field| field["field"] == id).unwrap_or_else(|| panic!("{id}")).clone()
    };
    let sd = of("outcome.pain.sd");
    assert!(sd["icc"].as_f64().is_some_and(|icc| icc < 0.9) && sd["mean_difference"].as_f64().is_some_and(|mean| mean > 0.0), "{sd}");
    assert_eq!(of("outcome.pain.n")["icc"], 1.0);
    let table = scratch.ok("agreement --extraction");
    assert!(
        table.starts_with("AR and BK: 6 studies, as handed in before either saw the other") && table.contains("outcome.pain.sd"),
        "{table}"
    );
    scratch.ok(&format!("extract agree --load {}", example("consensus.csv")));
    assert_eq!(scratch.json("agreement --extraction"), report, "consensus changes nothing of it");
}

#[test]
fn a_check_is_switched_off_by_the_form_with_the_reason_beside_it() {
    let scratch = Scratch::with_studies();
    let pain = "outcome.pain.immediate";
    let typed = |scratch: &Scratch| {
        for (arm, mean, sd) in [("ketamine", "26.8", "5.1"), ("placebo", "54.5", "4.8")] {
            for (part, value) in [("n", "30"), ("mean", mean), ("sd", sd)] {
                scratch.ok_words(&["--as", "AR", "extract", "set", STUDY, &format!("{pain}.{arm}.{part}"), value]);
            }
        }
        scratch.ok("--as AR extract warnings --all")
    };
    assert!(typed(&scratch).contains("V7"));
    let text = std::fs::read_to_string(example("form.toml")).expect("the form of the worked example").replace("version = 1", "version = 2");
    scratch.write("quiet.toml", &format!("{text}\n[[validate]]\nrule = \"sd_se_confusion\"\noutcome = \"pain\"\nseverity = \"off\"\n"));
    scratch.ok("form use quiet.toml");
    scratch.ok("--as AR extract migrate --all");
    assert!(!scratch.ok("--as AR extract warnings --all").contains("V7"));
}
