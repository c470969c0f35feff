//! The review as a file of RevMan 5 (`.rm5`): studies with their characteristics, risk of bias, comparisons with every row and result.
//!
//! Text that a review of RevMan has and tamis has not (background, discussion, authors) is left empty in its place. Traps of the format, and
//! what is done about them: `LOG_...` are logarithms to base 10; `CHI2` is the heterogeneity within, `Q` the test between subgroups;
//! identities of studies escape everything but letters and digits; one tag stands on a line, for readers that read lines.

use super::package::in_words;
use super::study_data::{JudgedDomain, StudyData};
use super::{Comparison, Kind, Numbers, Outcome, Pooled, Study, Weighting, sums};
use crate::export::docx::escaped;

/// Returns the file. `title` is that of the review.
pub fn rm5(title: &str, comparisons: &[Comparison], studies: &StudyData) -> String {
    let mut file =
        File { out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"), labels: labels(comparisons, studies) };
    file.open(
        "COCHRANE_REVIEW",
        &[
            ("DESCRIPTION", ""),
            ("DOI", ""),
            ("GROUP_ID", ""),
            ("ID", "0"),
            ("MERGED_FROM", ""),
            ("REVIEW_NO", ""),
            ("REVMAN_SUB_VERSION", "5.4"),
            ("REVMAN_VERSION", "5"),
            ("SPLIT_FROM", ""),
            ("STAGE", "R"),
            ("STATUS", "A"),
            ("TYPE", "INTERVENTION"),
            ("VERSION_NO", "0.0"),
        ],
    );
    file.open("COVER_SHEET", &[]);
    file.text("TITLE", &[], title);
    file.close("COVER_SHEET");
    file.main_text();
    file.studies();
    file.characteristics(studies);
    file.quality_items(studies);
    file.empty("SOF_TABLES", &[]);
    file.empty("ADDITIONAL_TABLES", &[]);
    file.open("ANALYSES_AND_DATA", &[("CALCULATED_DATA", "YES")]);
    for comparison in comparisons {
        file.comparison(comparison);
    }
    file.close("ANALYSES_AND_DATA");
    file.close("COCHRANE_REVIEW");
    file.out
}

/// The labels of all studies, each once: those described, and those of analyses.
fn labels(comparisons: &[Comparison], studies: &StudyData) -> Vec<(String, Option<i32>)> {
    let described = studies.studies.iter().map(|study| (study.study.clone(), study.year));
    let outcomes = comparisons.iter().flat_map(|comparison| &comparison.outcomes);
    let pooled = outcomes.flat_map(Outcome::all_studies).map(|(_, study)| (study.label.clone(), study.year));
    let mut found: Vec<(String, Option<i32>)> = Vec::new();
    for (label, year) in described.chain(pooled) {
        if !found.iter().any(|(known, _)| *known == label) {
            found.push((label, year));
        }
    }
    found
}

/// Returns the identity of a study: a space becomes a hyphen, everything but letters and digits its number ("MRC-1" gives "STD-MRC_x002d_1").
fn study_id(label: &str) -> String {
    let mut id = String::from("STD-");
    for c in label.chars() {
        match c {
            ' ' => id.push('-'),
            c if c.is_ascii_alphanumeric() => id.push(c),
            c => id.push_str(&format!("_x{:04x}_", u32::from(c))),
        }
    }
    id
}

/// A file that is being written, one tag a line.
struct File {
    out: String,
    labels: Vec<(String, Option<i32>)>,
}

impl File {
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push_str(&format!(" {key}=\"{}\"", escaped(value)));
        }
        self.out.push_str(end);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
    }

    fn close(&mut self, name: &str) {
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        if text.trim().is_empty() {
            return self.empty(name, attributes);
        }
        self.tag(name, attributes, ">");
        self.out.push_str(&format!("{}</{name}>\n", escaped(text.trim())));
    }

    /// A text of one paragraph a line.
    fn paragraphs(&mut self, name: &str, text: &str) {
        if text.trim().is_empty() {
            return self.empty(name, &[]);
        }
        self.open(name, &[]);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            self.text("P", &[], line);
        }
        self.close(name);
    }

    /// The places of the text that people write in RevMan.
    fn main_text(&mut self) {
        self.open("MAIN_TEXT", &[]);
        self.open("BODY", &[]);
        for part in ["BACKGROUND", "OBJECTIVES", "METHODS", "RESULTS", "DISCUSSION", "CONCLUSIONS"] {
            self.empty(part, &[]);
        }
        self.close("BODY");
        self.close("MAIN_TEXT");
    }

    fn studies(&mut self) {
        self.open("STUDIES_AND_REFERENCES", &[]);
        self.open("STUDIES", &[]);
        self.open("INCLUDED_STUDIES", &[]);
        for (label, year) in self.labels.clone() {
            let year = year.map(|year| year.to_string()).unwrap_or_default();
            self.open("STUDY", &[("DATA_SOURCE", "PUB"), ("ID", &study_id(&label)), ("NAME", &label), ("YEAR", &year)]);
            self.open("REFERENCE", &[("PRIMARY", "NO"), ("TYPE", "JOURNAL_ARTICLE")]);
            self.text("YR", &[], &year);
            self.empty("IDENTIFIERS", &[]);
            self.close("REFERENCE");
            self.empty("IDENTIFIERS", &[]);
            self.close("STUDY");
        }
        self.close("INCLUDED_STUDIES");
        for kind in ["EXCLUDED_STUDIES", "AWAITING_STUDIES", "ONGOING_STUDIES"] {
            self.empty(kind, &[]);
        }
        self.close("STUDIES");
        self.open("OTHER_REFERENCES", &[]);
        for kind in ["ADDITIONAL_REFERENCES", "OTHER_VERSIONS_REFERENCES", "PENDING_REFERENCES"] {
            self.empty(kind, &[]);
        }
        self.close("OTHER_REFERENCES");
        self.close("STUDIES_AND_REFERENCES");
    }

    fn characteristics(&mut self, studies: &StudyData) {
        const FIVE: [&str; 5] = ["Methods", "Participants", "Interventions", "Outcomes", "Notes"];
        let flags = [("SORT_BY", "STUDY"), ("USER_DEF_1_ENABLED", "NO"), ("USER_DEF_2_ENABLED", "NO"), ("USER_DEF_3_ENABLED", "NO")];
        self.open("CHARACTERISTICS_OF_STUDIES", &[]);
        self.open("CHARACTERISTICS_OF_INCLUDED_STUDIES", &flags);
        for (label, _) in self.labels.clone() {
            let known = studies.studies.iter().find(|study| study.study == label);
            let text = |name: &str| {
                let at = studies.characteristics.iter().position(|known| known == name)?;
                known.and_then(|study| study.texts.get(at)).cloned()
            };
            self.open("INCLUDED_CHAR", &[("STUDY_ID", &study_id(&label))]);
            for name in &FIVE[..4] {
                self.paragraphs(&format!("CHAR_{}", name.to_uppercase()), &text(name).unwrap_or_default());
            }
            // What RevMan 5 has no row for stands with its name among the notes.
            let mut notes = text("Notes").unwrap_or_default();
            for name in studies.characteristics.iter().filter(|name| !FIVE.contains(&name.as_str())) {
                for line in text(name).unwrap_or_default().lines().filter(|line| !line.is_empty()) {
                    notes.push_str(&format!("\n{name}: {line}"));
                }
            }
            self.paragraphs("CHAR_NOTES", &notes);
            self.close("INCLUDED_CHAR");
        }
        self.empty("FOOTNOTES", &[]);
        self.close("CHARACTERISTICS_OF_INCLUDED_STUDIES");
        self.close("CHARACTERISTICS_OF_STUDIES");
    }

    fn quality_items(&mut self, studies: &StudyData) {
        self.open("QUALITY_ITEMS", &[]);
        for (at, domain) in studies.domains.iter().enumerate() {
            let number = (at + 1).to_string();
            let id = format!("QIT-{:02}", at + 1);
            self.open("QUALITY_ITEM", &[("CORE_ITEM", "NO"), ("ID", &id), ("LEVEL", "STUDY"), ("NO", &number)]);
            self.text("NAME", &[], domain);
            self.empty("DESCRIPTION", &[]);
            self.open("QUALITY_ITEM_DATA", &[]);
            for study in &studies.judged {
                let Some(judged) = study.domains.get(at).and_then(Option::as_ref) else { continue };
                self.open("QUALITY_ITEM_DATA_ENTRY", &[("RESULT", answer(judged)), ("STUDY_ID", &study_id(&study.study))]);
                // RevMan 5 has three answers; the judgement itself opens the support.
                self.paragraphs("DESCRIPTION", &format!("{}. {}", judged.judgement, judged.support).trim().replace('\n', " "));
                self.close("QUALITY_ITEM_DATA_ENTRY");
            }
            self.close("QUALITY_ITEM_DATA");
            self.close("QUALITY_ITEM");
        }
        self.close("QUALITY_ITEMS");
    }

    fn comparison(&mut self, comparison: &Comparison) {
        let id = format!("CMP-{:03}", comparison.number);
        self.open("COMPARISON", &[("ID", &id), ("NO", &comparison.number.to_string())]);
        self.text("NAME", &[], &comparison.name);
        for outcome in &comparison.outcomes {
            self.outcome(outcome, &format!("{id}.{:02}", outcome.number));
        }
        self.close("COMPARISON");
    }

    fn outcome(&mut self, outcome: &Outcome, id: &str) {
        let kind = prefix(outcome.kind);
        let has_groups = !outcome.groups.is_empty();
        let mut attributes = pooled_attributes(outcome, outcome.pooled.as_ref(), outcome.all_studies().map(|(_, study)| study));
        let level = outcome.level.to_string();
        let (method, measure) = match outcome.method {
            Weighting::InverseVariance => ("IV", outcome.measure),
            Weighting::MantelHaenszel => ("MH", outcome.measure),
            Weighting::Peto => ("PETO", "PETO_OR"),
        };
        let [q, df, p, i2] = outcome.between.map_or([Some(0.0); 4], |between| [between.q, between.df, between.p, between.i2].map(Some));
        attributes.extend([
            ("ID", id.to_owned()),
            ("NO", outcome.number.to_string()),
            ("METHOD", method.to_owned()),
            ("EFFECT_MEASURE", measure.to_owned()),
            ("RANDOM", yes(outcome.is_random)),
            ("TOTALS", "YES".to_owned()),
            ("SUBGROUPS", yes(has_groups)),
            ("SUBGROUP_TEST", yes(has_groups)),
            ("CI_STUDY", level.clone()),
            ("CI_TOTAL", level),
            ("Q", number(q)),
            ("P_Q", number(p)),
            ("I2_Q", number(i2)),
            ("SORT_BY", "USER".to_owned()),
            ("SCALE", if outcome.is_ratio { "100.0" } else { "50.0" }.to_owned()),
            ("UNITS", outcome.unit.clone()),
        ]);
        if has_groups {
            attributes.push(("DF_Q", number(df)));
        }
        match outcome.kind {
            Kind::Dichotomous => attributes.push(("SWAP_EVENTS", "NO".to_owned())),
            Kind::Estimate => attributes.push(("LOG_DATA", yes(outcome.is_ratio))),
            Kind::Continuous => {}
        }
        let name = format!("{kind}_OUTCOME");
        self.with(&name, attributes, false);
        self.text("NAME", &[], &outcome.name);
        for (tag, label) in ["GROUP_LABEL_1", "GROUP_LABEL_2", "GRAPH_LABEL_1", "GRAPH_LABEL_2"]
            .iter()
            .zip(outcome.arms.iter().chain(&outcome.graph_labels))
        {
            self.text(tag, &[], label);
        }
        if outcome.kind == Kind::Estimate {
            self.text("EFFECT_MEASURE", &[], in_words(outcome.measure));
        }
        let mut order = 0;
        for study in &outcome.studies {
            order += 1;
            self.study(outcome, study, order);
        }
        for (at, group) in (1..).zip(&outcome.groups) {
            let mut attributes = pooled_attributes(outcome, Some(&group.pooled), group.studies.iter());
            attributes.extend([("ID", format!("{id}.{at:02}")), ("NO", at.to_string())]);
            let tag = format!("{kind}_SUBGROUP");
            self.with(&tag, attributes, false);
            self.text("NAME", &[], &group.name);
            for study in &group.studies {
                order += 1;
                self.study(outcome, study, order);
            }
            self.close(&tag);
        }
        self.close(&name);
    }

    fn study(&mut self, outcome: &Outcome, study: &Study, order: u32) {
        let mut attributes = effect_attributes(outcome, study.effect, study.weight);
        attributes.extend([("ORDER", order.to_string()), ("STUDY_ID", study_id(&study.label))]);
        let se = match study.numbers {
            Numbers::Estimate { se, .. } => Some(se),
            _ => study.se,
        };
        attributes.push(("SE", number(se.or(Some(0.0)))));
        let people = study.numbers.people();
        attributes.extend([("TOTAL_1", number(people[0].or(Some(0.0)))), ("TOTAL_2", number(people[1].or(Some(0.0))))]);
        match study.numbers {
            Numbers::Counts([[events, _], [others, _]]) => {
                attributes.extend([("EVENTS_1", number(Some(events))), ("EVENTS_2", number(Some(others)))]);
                attributes.extend([("O_E", "0.0".to_owned()), ("VAR", number(study.se.map(|se| se * se).or(Some(0.0))))]);
            }
            Numbers::Means([[mean, sd, _], [other, spread, _]]) => attributes.extend([
                ("MEAN_1", number(Some(mean))),
                ("SD_1", number(Some(sd))),
                ("MEAN_2", number(Some(other))),
                ("SD_2", number(Some(spread))),
            ]),
            Numbers::Estimate { estimate, .. } => attributes.push(("ESTIMATE", number(Some(estimate)))),
        }
        self.with(&format!("{}_DATA", prefix(outcome.kind)), attributes, true);
    }

    /// Writes a tag with its attributes in the order of their names, as RevMan does.
    fn with(&mut self, name: &str, mut attributes: Vec<(&'static str, String)>, is_empty: bool) {
        attributes.sort_unstable_by_key(|(key, _)| *key);
        let borrowed: Vec<(&str, &str)> = attributes.iter().map(|(key, value)| (*key, value.as_str())).collect();
        if is_empty { self.empty(name, &borrowed) } else { self.open(name, &borrowed) }
    }
}

const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Dichotomous => "DICH",
        Kind::Continuous => "CONT",
        Kind::Estimate => "IV",
    }
}

/// The three answers that RevMan 5 has: low risk, high risk, unclear.
fn answer(judged: &JudgedDomain) -> &'static str {
    let words = judged.judgement.to_lowercase();
    if words.starts_with("low") || words == "y" {
        "YES"
    } else if ["high", "serious", "critical"].iter().any(|bad| words.starts_with(bad)) || words == "n" {
        "NO"
    } else {
        "UNKNOWN"
    }
}

fn yes(is: bool) -> String {
    if is { "YES" } else { "NO" }.to_owned()
}

/// A number at full precision, as RevMan writes it: with a point, counts without.
fn number(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() && value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        Some(value) if value.is_finite() => value.to_string(),
        _ => String::new(),
    }
}

/// Effect, limits and weight; logarithms to base 10 for ratios; zeros where nothing is estimable.
fn effect_attributes(outcome: &Outcome, effect: Option<[f64; 3]>, weight: Option<f64>) -> Vec<(&'static str, String)> {
    let shown = effect.filter(|effect| effect.iter().all(|value| value.is_finite()));
    let [estimate, low, high] = shown.unwrap_or([0.0; 3]);
    let mut attributes = vec![
        ("EFFECT_SIZE", number(Some(estimate))),
        ("CI_START", number(Some(low))),
        ("CI_END", number(Some(high))),
        ("ESTIMABLE", yes(shown.is_some())),
        ("WEIGHT", number(weight.or(Some(0.0)))),
    ];
    if outcome.is_ratio {
        let [estimate, low, high] = shown.map_or([0.0; 3], |effect| effect.map(f64::log10));
        attributes.extend([
            ("LOG_EFFECT_SIZE", number(Some(estimate))),
            ("LOG_CI_START", number(Some(low))),
            ("LOG_CI_END", number(Some(high))),
        ]);
    }
    attributes
}

fn pooled_attributes<'a>(
    outcome: &Outcome,
    pooled: Option<&Pooled>,
    studies: impl Iterator<Item = &'a Study> + Clone,
) -> Vec<(&'static str, String)> {
    let mut attributes = effect_attributes(outcome, pooled.and_then(|pooled| pooled.effect), pooled.and_then(|pooled| pooled.weight));
    let of = |value: fn(&Pooled) -> Option<f64>| number(pooled.and_then(value).or(Some(0.0)));
    attributes.extend([
        ("CHI2", of(|pooled| pooled.q)),
        ("P_CHI2", of(|pooled| pooled.p_q)),
        ("DF", of(|pooled| pooled.df)),
        ("I2", of(|pooled| pooled.i2)),
        ("TAU2", of(|pooled| pooled.tau2)),
        ("Z", of(|pooled| pooled.z.map(f64::abs))),
        ("P_Z", of(|pooled| pooled.p_z)),
        ("STUDIES", studies.clone().count().to_string()),
    ]);
    let people = sums(studies.clone(), Numbers::people);
    attributes.extend([("TOTAL_1", number(people[0].or(Some(0.0)))), ("TOTAL_2", number(people[1].or(Some(0.0))))]);
    if outcome.kind == Kind::Dichotomous {
        let events = sums(studies, Numbers::events);
        attributes.extend([("EVENTS_1", number(events[0].or(Some(0.0)))), ("EVENTS_2", number(events[1].or(Some(0.0))))]);
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::export::revman::{Characteristics, JudgedStudy};

    fn studies() -> StudyData {
        StudyData {
            characteristics: vec!["Methods".into(), "Funding".into()],
            studies: vec![Characteristics {
                study: "Noppers 2011".into(),
                year: Some(2011),
                texts: vec!["Design: RCT\nBlinding: <double>".into(), "public".into()],
            }],
            domains: vec!["Randomisation".into()],
            judged: vec![JudgedStudy {
                study: "Noppers 2011".into(),
                domains: vec![Some(JudgedDomain { judgement: "Some concerns".into(), support: "envelopes".into() })],
            }],
            ..StudyData::default()
        }
    }

    #[test]
    fn one_tag_stands_on_a_line_and_all_are_closed() {
        let file = rm5("A \"review\" & more", &[sample::ketamine(), sample::estimates()], &studies());
        let mut open: Vec<&str> = Vec::new();
        for line in file.lines().skip(1) {
            assert!(line.starts_with('<') && line.ends_with('>'), "{line}");
            let name = line.trim_start_matches(['<', '/']).split([' ', '>', '/']).next().expect("a name");
            if line.starts_with("</") {
                assert_eq!(open.pop(), Some(name));
            } else if !line.ends_with("/>") && !line.contains("</") {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
        assert!(file.contains("<TITLE>A &quot;review&quot; &amp; more</TITLE>"), "{file}");
    }

    #[test]
    fn ids_escape_what_is_no_letter_or_digit() {
        for (label, id) in [("MRC-1", "STD-MRC_x002d_1"), ("Noppers 2011", "STD-Noppers-2011"), ("Müller 2001a", "STD-M_x00fc_ller-2001a")]
        {
            assert_eq!(study_id(label), id);
        }
    }

    #[test]
    fn logarithms_have_base_ten_and_what_is_not_estimable_says_so() {
        let file = rm5("", &[sample::ketamine()], &studies());
        let row = |part: &str| file.lines().find(|line| line.contains(part) && line.contains("_DATA ")).expect("a row").to_owned();
        let first = row("STD-A-2001");
        assert!(
            first.starts_with("<DICH_DATA CI_END=\"9\" CI_START=\"0.4\" EFFECT_SIZE=\"2.5\" ESTIMABLE=\"YES\" EVENTS_1=\"5\""),
            "{first}"
        );
        assert!(first.contains("LOG_EFFECT_SIZE=\"0.3979400086720376\""), "{first}");
        let second = row("STD-_x003d_B-2002");
        assert!(
            second.contains("ESTIMABLE=\"NO\"") && second.contains("EFFECT_SIZE=\"0\"") && second.contains("TOTAL_1=\"11\""),
            "{second}"
        );
        let outcome = file.lines().find(|line| line.starts_with("<DICH_OUTCOME")).expect("an outcome");
        for part in
            ["CHI2=\"0.4\"", "Q=\"0.1\"", "P_Q=\"0.75\"", "METHOD=\"PETO\"", "SUBGROUPS=\"YES\"", "ID=\"CMP-001.02\"", "RANDOM=\"NO\""]
        {
            assert!(outcome.contains(part), "{part} in {outcome}");
        }
        assert!(file.contains("<DICH_SUBGROUP") && file.contains("ID=\"CMP-001.02.01\""));
    }

    #[test]
    fn characteristics_without_a_row_of_their_own_are_notes_and_judgements_open_their_support() {
        let file = rm5("", &[], &studies());
        assert!(file.contains("<CHAR_METHODS>\n<P>Design: RCT</P>\n<P>Blinding: &lt;double&gt;</P>\n</CHAR_METHODS>"), "{file}");
        assert!(file.contains("<CHAR_NOTES>\n<P>Funding: public</P>\n</CHAR_NOTES>"), "{file}");
        assert!(
            file.contains("RESULT=\"UNKNOWN\" STUDY_ID=\"STD-Noppers-2011\">\n<DESCRIPTION>\n<P>Some concerns. envelopes</P>"),
            "{file}"
        );
    }
}
