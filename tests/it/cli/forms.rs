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
    let said = scratch.ok("form use second.toml");
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
