//! Decisions in every form that tools write, own text.

use super::*;

fn noted(notes: &[&str]) -> Decisions {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    decisions(&Citation { notes, ..Citation::default() })
}

fn with_columns(columns: &[(&str, &str)]) -> Decisions {
    let extra = columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    decisions(&Citation { extra, ..Citation::default() })
}

fn verdicts(read: &Decisions) -> Vec<(Option<&str>, Verdict)> {
    read.found.iter().map(|found| (found.person.as_deref(), found.verdict)).collect()
}

#[test]
fn a_note_of_several_people_gives_one_decision_each() {
    let read = noted(&[
        "RAYYAN-INCLUSION: {\"Anna B.\"=>\"Included\", \"Ben\"=>\"Excluded\",\"Čeněk\"=>\"Maybe\", \"Dora\"=>\"Undecided\"} | RAYYAN-LABELS: RCT,pilot | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {\"Ben\"=>[\"seen twice\", \"RAYYAN-LABELS: no\"]}",
    ]);
    assert_eq!(read.unreadable, []);
    assert_eq!(verdicts(&read), [(Some("Anna B."), Verdict::Include), (Some("Ben"), Verdict::Exclude), (Some("Čeněk"), Verdict::Maybe)]);
    assert_eq!(read.found[1].reasons, ["wrong population", "foreign language"]);
    assert!(read.found[0].reasons.is_empty(), "a reason belongs to an exclusion");
    assert_eq!(read.found[0].labels, ["RCT", "pilot"]);
    assert_eq!(read.found[1].note.as_deref(), Some("seen twice; RAYYAN-LABELS: no"));
    assert_eq!(read.found[0].note, None);
}

#[test]
fn names_with_quotation_marks_braces_and_escapes_are_read() {
    let read = noted(&[r#"RAYYAN-INCLUSION: {"An\"na"=>"Included", "B}e|n" => "Excluded", "Zo\u00eb": "Maybe"}"#]);
    assert_eq!(verdicts(&read), [(Some("An\"na"), Verdict::Include), (Some("B}e|n"), Verdict::Exclude), (Some("Zoë"), Verdict::Maybe)]);
    let read = noted(&["RAYYAN-INCLUSION: {\"Max\"=>true, \"Eva\"=>false, \"Ida\"=>nil}"]);
    assert_eq!(verdicts(&read), [(Some("Max"), Verdict::Include), (Some("Eva"), Verdict::Exclude)]);
    let read = noted(&["RAYYAN-INCLUSION: {} | RAYYAN-LABELS: 12\" screen,x"]);
    assert!(read.is_empty());
}

#[test]
fn contradictory_notes_give_both_and_damaged_ones_are_named() {
    let read = noted(&["RAYYAN-INCLUSION: {\"Anna\"=>\"Included\"}", "RAYYAN-INCLUSION: {\"Anna\"=>\"Excluded\"}"]);
    assert_eq!(verdicts(&read), [(Some("Anna"), Verdict::Include), (Some("Anna"), Verdict::Exclude)]);
    for damaged in [
        "RAYYAN-INCLUSION: {\"Anna\"=>\"Inclu",
        "RAYYAN-INCLUSION: {\"Anna\"=>}",
        "RAYYAN-INCLUSION: Included",
        "RAYYAN-INCLUSION: {\"Anna\"=>\"Perhaps\"}",
        "RAYYAN-INCLUSION: {\"\"=>\"Included\"}",
        "RAYYAN-INCLUSION: {\"Anna\"=>\"Included\"} and more",
        "RAYYAN-INCLUSION: {\"Anna\"=>\"Included\" \"Ben\"=>\"Excluded\"}",
    ] {
        let read = noted(&[damaged]);
        assert!(read.found.is_empty() && read.unreadable.len() == 1, "{damaged}: {read:?}");
        assert!(read.unreadable[0].message.contains("no decision was read"), "{read:?}");
    }
    assert!(noted(&["RAYYAN was used", "rayyan-inclusion in words"]).is_empty());
}

#[test]
fn labels_of_asreview_stand_anywhere_in_a_note() {
    for (note, verdict) in [
        ("ASReview_relevant", Verdict::Include),
        ("Seen before. ASReview_irrelevant. Later.", Verdict::Exclude),
        ("ASReview_relevant. ASReview_prior", Verdict::Include),
    ] {
        assert_eq!(verdicts(&noted(&[note])), [(None, verdict)], "{note}");
    }
    assert!(noted(&["ASReview_not_seen", "ASReview_prior"]).is_empty());
    assert_eq!(noted(&["ASReview_relevent"]).unreadable.len(), 1);
    let both = noted(&["ASReview_relevant. ASReview_irrelevant"]);
    assert_eq!(verdicts(&both), [(None, Verdict::Include), (None, Verdict::Exclude)]);
}

#[test]
fn columns_of_asreview_hold_one_zero_or_nothing() {
    let read = with_columns(&[("asreview_label", "1"), ("asreview_note", "check dose"), ("asreview_user_name", "Anna"), ("included", "0")]);
    assert_eq!(verdicts(&read), [(Some("Anna"), Verdict::Include)], "its own label counts before those of the data set");
    assert_eq!(read.found[0].note.as_deref(), Some("check dose"));
    assert_eq!(verdicts(&with_columns(&[("label_included", "0")])), [(None, Verdict::Exclude)]);
    assert_eq!(verdicts(&with_columns(&[("included", "1.0")])), [(None, Verdict::Include)]);
    assert!(with_columns(&[("asreview_label", "-1")]).is_empty());
    assert_eq!(with_columns(&[("asreview_label", "7")]).unreadable.len(), 1);
    let stages = with_columns(&[("label_abstract_screening", "1"), ("label_included", "0")]);
    assert_eq!(stages.found.iter().map(|found| found.stage).collect::<Vec<_>>(), [Some(Stage::TitleAbstract), None]);
}

#[test]
fn covidence_says_why_a_report_was_excluded() {
    let read = noted(&["Exclusion reason: Wrong patient population; asked the authors;"]);
    assert_eq!(verdicts(&read), [(None, Verdict::Exclude)]);
    let found = &read.found[0];
    assert_eq!((found.stage, found.tool), (Some(Stage::FullText), Tool::Covidence));
    assert_eq!(
        (found.reasons.as_slice(), found.note.as_deref()),
        (&["Wrong patient population".to_owned()][..], Some("asked the authors"))
    );
    let read = with_columns(&[("Covidence #", "#4"), ("Status", "Irrelevant"), ("Tags", "ongoing; letter")]);
    assert_eq!(verdicts(&read), [(None, Verdict::Exclude)]);
    assert_eq!((read.found[0].tool, read.found[0].labels.len()), (Tool::Covidence, 2));
}

#[test]
fn abstrackr_gives_a_column_to_each_person() {
    let read = with_columns(&[
        ("(internal) id", "4"),
        ("consensus", "1"),
        ("labeled_at", "2024-08-15"),
        ("Anna", "-1"),
        ("labeled_at", "2024-08-15"),
        ("Ben", "0"),
        ("labeled_at", "2024-08-16"),
        ("general notes (Ben)", "1"),
    ]);
    assert_eq!(verdicts(&read), [(Some("Anna"), Verdict::Exclude), (Some("Ben"), Verdict::Maybe)]);
}

#[test]
fn columns_that_mean_something_else_are_left_alone() {
    for columns in [
        [("Study Status", "Completed"), ("Status", "Active, not recruiting")],
        [("label", "Smith2009"), ("Status", "1")],
        [("U1", "102199191"), ("TY", "GEN")],
        [("included", "12 trials"), ("inclusion", "adults with pain")],
    ] {
        assert!(with_columns(&columns).is_empty(), "{columns:?}");
    }
    assert_eq!(with_columns(&[("decision", "perhaps not")]).unreadable.len(), 1);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(note in ".{0,80}", cut in 0usize..120) {
        let whole = format!("RAYYAN-INCLUSION: {{\"Anna\"=>\"Included\"}} | RAYYAN-LABELS: {note}");
        let cut: String = whole.chars().take(cut).collect();
        for text in [note.clone(), cut, format!("RAYYAN-INCLUSION: {{{note}}}"), format!("ASReview_{note}")] {
            let _ = noted(&[&text]);
        }
    }
}
