//! The certainty of the evidence, driven by keys.

use super::*;

#[test]
fn a_finding_is_rated_domain_by_domain_with_the_suggestion_at_hand() {
    let mut harness = open(worked_example(), 80, 24);
    harness.press("g i");
    snapshot("findings_80x24", &mut harness);
    // the starting level is the first that is open
    harness.press("enter enter");
    shows(&mut harness, "Starting level");
    harness.press("enter");
    shows(&mut harness, "Rated starting level of analysis 1.1.");
    // inconsistency, serious: the sentence about the numbers is proposed as the reason
    harness.press("enter 3 2");
    shows(&mut harness, "Why? Readers see it as a footnote");
    shows(&mut harness, "I² is 69 %");
    harness.press("enter");
    shows(&mut harness, "Rated inconsistency of analysis 1.1.");
    harness.press("enter 2 1 enter 4 1 enter 6 1 enter 5 2 enter");
    let text = harness.press("tab end").text();
    assert!(text.contains("▸ 1.1") && text.contains("Publication bias  undetected"), "{text}");
    harness.press("tab u");
    let text = harness.text();
    assert!(!text.contains("⊕⊕◯◯ low"), "{text}");
    harness.resize(160, 50);
    snapshot("findings_160x50", &mut harness);
}

#[test]
fn the_comparator_risk_is_laid_down_and_the_absolute_effect_follows() {
    let mut harness = open(worked_example(), 160, 50);
    harness.press("g i end b");
    shows(&mut harness, "Of 1000 people with the comparator");
    harness.press("ctrl+u 1 0 0 tab").type_text("registry").press("enter");
    shows(&mut harness, "100 per 1000 (registry, by");
    shows(&mut harness, "326 per 1000 (105 to 1,000)");
    shows(&mut harness, "A risk was cut off at nobody or everybody.");
    harness.press("c").type_text("More adverse events").press("enter");
    shows(&mut harness, "Comment  More adverse events");
    // means have no such risk
    harness.press("home b");
    shows(&mut harness, "The outcome is a mean");
}
