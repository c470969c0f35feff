//! Figures as a reader meets them: SVG and text kept as files, compared letter by letter (`TAMIS_BLESS=1` rewrites them; look at the change).
//! `TAMIS_PICTURES=FOLDER` writes each of them there as PNG, to be looked at.

mod bias;

use std::path::PathBuf;

use tamis::export::raster;
use tamis::figure::axis::{Axis, Scale};
use tamis::figure::bias::{Palette, layout_lights, layout_summary};
use tamis::figure::flow::{self, Count, ExcludedBy, FlowModel, Included, OtherMethods, Reports};
use tamis::figure::forest::{
    self, Builder, DataColumns, Effect, EventArm, Favours, Head, Heterogeneity, MeanArm, Model, OverallTest, Pooled, Study, StudyData,
};
use tamis::figure::funnel::{self, FunnelModel, FunnelPoint};
use tamis::figure::metrics::text_width;
use tamis::figure::scene::{Anchor, Scene, Shape, Text};
use tamis::figure::{svg, text};

fn assert_file(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/figures").join(name);
    if std::env::var_os("TAMIS_BLESS").is_some() {
        std::fs::write(&path, actual).expect("the folder of figures is there");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if actual != expected {
        let line = actual.lines().zip(expected.lines()).position(|(a, b)| a != b).unwrap_or_else(|| expected.lines().count());
        let (now, before) = (actual.lines().nth(line).unwrap_or("(end)"), expected.lines().nth(line).unwrap_or("(end)"));
        panic!("{name} differs in line {}:\n  now    {now}\n  before {before}\nTAMIS_BLESS=1 rewrites the file", line + 1);
    }
}

fn head(title: &str, data: DataColumns, measure: &str, scale: Scale) -> Head {
    Head {
        title: title.to_owned(),
        description: String::new(),
        data,
        measure: measure.to_owned(),
        method: "IV, Random, 95% CI".to_owned(),
        scale,
        null: Some(if scale == Scale::Log { 1.0 } else { 0.0 }),
        favours: Some(Favours::arms("ketamine", "placebo")),
    }
}

fn arms() -> [String; 2] {
    ["Ketamine".to_owned(), "Placebo".to_owned()]
}

fn continuous(title: &str) -> Head {
    let [experimental, control] = arms();
    head(title, DataColumns::Continuous { experimental, control }, "Mean Difference", Scale::Linear)
}

fn dichotomous(title: &str) -> Head {
    let [experimental, control] = arms();
    head(title, DataColumns::Dichotomous { experimental, control }, "Risk Ratio", Scale::Log)
}

fn mean_study(label: &str, arms: [(f64, f64, u64); 2], effect: (f64, f64, f64), weight: f64) -> Study {
    let [experimental, control] = arms.map(|(mean, sd, total)| MeanArm { mean, sd, total });
    let data = StudyData::Continuous(experimental, control);
    Study { label: label.to_owned(), data, effect: Effect::new(effect.0, effect.1, effect.2), weight: Some(weight) }
}

fn event_study(label: &str, counts: [(u64, u64); 2], effect: Option<(f64, f64, f64)>, weight: Option<f64>) -> Study {
    let [experimental, control] = counts.map(|(events, total)| EventArm { events, total });
    let effect = effect.and_then(|(point, low, high)| Effect::new(point, low, high));
    Study { label: label.to_owned(), data: StudyData::Dichotomous(experimental, control), effect, weight }
}

/// Pain directly after ketamine or placebo: analysis 1.1 of Cochrane review CD015373, three trials.
fn pain() -> Model {
    let mut builder = Builder::new(continuous("1.1 Pain intensity, immediate (0 to 100)"));
    builder.study(&mean_study("Lumanauw 2019", [(60.03, 38.03, 59), (61.30, 32.70, 30)], (-1.27, -16.47, 13.94), 34.1));
    builder.study(&mean_study("Noppers 2011", [(56.0, 31.18, 12), (74.0, 10.39, 12)], (-18.0, -36.59, 0.59), 29.8));
    builder.study(&mean_study("Sigtermans 2009", [(26.8, 27.93, 30), (54.5, 26.29, 30)], (-27.7, -41.43, -13.97), 36.1));
    builder.total(&Pooled {
        totals: Some([101, 72]),
        weight: Some(100.0),
        effect: Effect::new(-15.7911, -32.0875, 0.5053),
        heterogeneity: Some(Heterogeneity { tau_squared: Some(142.376), chi_squared: 6.44, df: 2.0, p: 0.04, i_squared: 68.9 }),
        test: Some(OverallTest { statistic: -1.9, df: None, p: 0.0576 }),
        ..Pooled::default()
    });
    builder.finish()
}

/// A made-up analysis with everything a row can be: long, Greek and right-to-left labels, arrows, nothing to estimate, no weight.
fn everything() -> Model {
    let heterogeneity = Some(Heterogeneity { tau_squared: Some(0.5067), chi_squared: 4.88, df: 3.0, p: 0.18, i_squared: 38.49 });
    let test = |statistic, p| Some(OverallTest { statistic, df: None, p });
    let mut builder = Builder::new(dichotomous("1.9 Any adverse event, by dose"));
    builder.subgroup("1.9.1 Low dose (up to 0.3 mg/kg/h) of ketamine by continuous intravenous infusion");
    builder.study(&event_study("Schwartzman 2009", [(4, 9), (1, 10)], Some((4.44, 0.61, 32.5)), Some(22.6)));
    let long = "Łukaszewicz-Gómez and the Ομάδα Μελέτης Πόνου Study Group 2011";
    builder.study(&event_study(long, [(12, 30), (0, 30)], Some((25.0, 1.55, 403.0)), Some(10.6)));
    builder.study(&event_study("Empty 2001", [(0, 30), (0, 30)], None, None));
    let (totals, events) = (Some([69, 70]), Some([16, 1]));
    let effect = Effect::new(7.3, 1.4, 38.2);
    let pooled = Pooled { totals, events, weight: Some(33.2), effect, heterogeneity, test: test(2.36, 0.018), ..Pooled::default() };
    builder.subtotal(&pooled);
    builder.subgroup("1.9.2 High dose");
    builder.study(&event_study("Sigtermans 2009", [(28, 30), (5, 30)], Some((5.6, 2.5, 12.53)), Some(60.0)));
    builder.study(&event_study("כהן 2019", [(0, 300), (30, 300)], Some((0.0001, 0.000_001, 0.005)), Some(6.8)));
    builder.study(&event_study("Left out 2020", [(3, 30), (3, 30)], Some((1.0, 0.2, 5.0)), None));
    builder.subtotal(&Pooled {
        totals: Some([360, 360]),
        events: Some([31, 38]),
        weight: Some(66.8),
        effect: Effect::new(2.3, 0.004, 5.2),
        ..pooled
    });
    builder.total(&Pooled {
        totals: Some([429, 430]),
        events: Some([47, 39]),
        weight: Some(100.0),
        effect: Effect::new(3.2575, 1.0518, 10.0889),
        prediction: Some((0.1, 130.0)),
        heterogeneity,
        test: test(2.05, 0.0406),
        ..Pooled::default()
    });
    builder.subgroup_difference(Some(&Heterogeneity { tau_squared: None, chi_squared: 3.04, df: 1.0, p: 0.0813, i_squared: 67.1 }));
    builder.footnote("Empty 2001 had no events in either arm and gives no effect.");
    builder.finish()
}

fn not_estimable() -> Model {
    let mut builder = Builder::new(dichotomous("Serious adverse events"));
    for label in ["Noppers 2011", "Sigtermans 2009"] {
        builder.study(&event_study(label, [(0, 12), (0, 12)], None, None));
    }
    builder.total(&Pooled { totals: Some([24, 24]), events: Some([0, 0]), ..Pooled::default() });
    builder.finish()
}

fn one_study() -> Model {
    let mut builder = Builder::new(continuous(""));
    builder.study(&mean_study("Noppers 2011", [(56.0, 31.18, 12), (74.0, 10.39, 12)], (-18.0, -36.59, 0.59), 100.0));
    let effect = Effect::new(-18.0, -36.59, 0.59);
    let test = Some(OverallTest { statistic: 1.9, df: None, p: 0.0576 });
    builder.total(&Pooled { totals: Some([12, 12]), weight: Some(100.0), effect, test, ..Pooled::default() });
    builder.finish()
}

fn sixty_studies() -> Model {
    let mut builder = Builder::new(Head { favours: None, ..head("", DataColumns::Effects, "Standardised Mean Difference", Scale::Linear) });
    for index in 0..60 {
        let point = (f64::from(index) * 0.7).sin() * 0.4 - 0.3;
        let half = 0.2 + 0.01 * f64::from(index);
        let effect = Effect::new(point, point - half, point + half);
        builder.study(&Study { label: format!("Study {index} of 60"), data: StudyData::None, effect, weight: Some(100.0 / 60.0) });
    }
    builder.total(&Pooled { weight: Some(100.0), effect: Effect::new(-0.3, -0.32, -0.28), ..Pooled::default() });
    builder.finish()
}

fn forests() -> Vec<(&'static str, Model)> {
    vec![
        ("pain", pain()),
        ("everything", everything()),
        ("not-estimable", not_estimable()),
        ("one-study", one_study()),
        ("sixty", sixty_studies()),
        ("empty", Builder::new(continuous("No studies")).finish()),
    ]
}

fn new_review() -> FlowModel {
    FlowModel {
        databases: 105,
        database_sources: vec![Count::new("PubMed", 26), Count::new("Embase", 79)],
        registers: Some(34),
        register_sources: vec![Count::new("CENTRAL", 34)],
        duplicates: 58,
        automation: Some(0),
        other_reasons: Some(1),
        screened: 80,
        excluded: 52,
        reports: Reports {
            sought: 28,
            not_retrieved: 2,
            assessed: 26,
            excluded: vec![
                Count::new("Wrong comparator", 5),
                Count::new("No pain outcome at an eligible time point, or only a composite that could not be separated", 8),
                Count::new("Not randomised", 3),
            ],
        },
        included: Included { studies: 9, reports: Some(10) },
        footnotes: vec!["2 reports await classification.".to_owned()],
        ..FlowModel::default()
    }
}

fn with_other_methods() -> FlowModel {
    let excluded = vec![Count::new("Protocol only", 4)];
    let reports = Reports { sought: 6, not_retrieved: 0, assessed: 6, excluded };
    FlowModel {
        title: "Ketamine for chronic pain".to_owned(),
        automation: Some(12_345),
        excluded_by: Some(ExcludedBy { human: 50, automation: 2 }),
        other: Some(OtherMethods { websites: Some(1), organisations: Some(0), citations: Some(5), further: Vec::new(), reports }),
        ..new_review()
    }
}

fn update() -> FlowModel {
    FlowModel {
        previous: Some(Included { studies: 12, reports: Some(15) }),
        total: Some(Included { studies: 21, reports: Some(25) }),
        meta_analysis: Some(Included { studies: 18, reports: None }),
        ..with_other_methods()
    }
}

fn flows() -> Vec<(&'static str, FlowModel)> {
    vec![("new", new_review()), ("other-methods", with_other_methods()), ("update", update()), ("empty", FlowModel::default())]
}

fn asymmetric_funnel() -> FunnelModel {
    let points = (0..24).map(|index| {
        let standard_error = 0.08 + 0.03 * f64::from(index);
        let effect = (0.3 + standard_error * (f64::from(index) * 1.7).sin() * 1.4).exp();
        FunnelPoint { label: format!("Study {index}"), effect, standard_error }
    });
    FunnelModel::new("1.9 Any adverse event", "Risk Ratio", Scale::Log, Some(1.0), Some(1.35), points.collect())
}

fn funnels() -> Vec<(&'static str, FunnelModel)> {
    let empty = FunnelModel::new("Nothing", "Mean Difference", Scale::Linear, Some(0.0), Some(3.0), Vec::new());
    vec![("plain", asymmetric_funnel()), ("contours", asymmetric_funnel().with_contours()), ("empty", empty)]
}

fn scenes() -> Vec<(String, Scene)> {
    let mut scenes: Vec<(String, Scene)> = Vec::new();
    scenes.extend(forests().into_iter().map(|(name, model)| (format!("forest-{name}"), forest::layout(&model))));
    scenes.extend(flows().into_iter().map(|(name, model)| (format!("flow-{name}"), flow::layout(&model))));
    scenes.extend(funnels().into_iter().map(|(name, model)| (format!("funnel-{name}"), funnel::layout(&model))));
    for (name, model) in bias::models() {
        scenes.push((format!("lights-{name}"), layout_lights(&model, Palette::Cochrane)));
        scenes.push((format!("summary-{name}"), layout_summary(&model, Palette::Cochrane, false)));
    }
    let judged = bias::models();
    let (_, of_pain) = &judged[0];
    let (_, of_forty) = &judged[1];
    scenes.push(("lights-colour-blind".to_owned(), layout_lights(of_forty, Palette::ColourBlind)));
    scenes.push(("summary-weighted".to_owned(), layout_summary(of_forty, Palette::ColourBlind, true)));
    scenes.push(("forest-bias".to_owned(), forest::layout_with_bias(&pain(), of_pain, Palette::Cochrane)));
    scenes
}

#[test]
fn figures_are_drawn_as_before() {
    for (name, scene) in scenes().iter().filter(|(name, _)| name != "forest-sixty") {
        assert_file(&format!("{name}.svg"), &svg::write(scene));
    }
}

#[test]
fn text_figures_are_drawn_as_before() {
    for (name, model) in forests().iter().filter(|(name, _)| *name != "sixty") {
        for width in [80, 160] {
            assert_file(&format!("forest-{name}-{width}.txt"), &text::plain(&text::forest_text(model, width)));
        }
    }
    for (name, model) in &flows() {
        for width in [80, 160] {
            assert_file(&format!("flow-{name}-{width}.txt"), &text::plain(&text::flow_text(model, width)));
        }
    }
    for (name, model) in &funnels() {
        assert_file(&format!("funnel-{name}-80.txt"), &text::plain(&text::funnel_text(model, 80)));
    }
    for (name, model) in &bias::models() {
        assert_file(&format!("lights-{name}-80.txt"), &text::plain(&text::lights_text(model, 80)));
        assert_file(&format!("summary-{name}-80.txt"), &text::plain(&text::bias_summary_text(model, 80, false)));
    }
    assert_file("forest-pain-80-ascii.txt", &text::plain(&text::ascii(&text::forest_text(&pain(), 80))));
}

#[test]
fn drawing_twice_gives_the_same_bytes() {
    for ((name, first), (_, second)) in scenes().into_iter().zip(scenes()) {
        assert_eq!(svg::write(&first), svg::write(&second), "{name}");
    }
}

/// Calls `see` for each text of the shapes, also within groups.
fn each_text(shapes: &[Shape], see: &mut dyn FnMut(&Text)) {
    for shape in shapes {
        match shape {
            Shape::Text(text) => see(text),
            Shape::Group { shapes, .. } => each_text(shapes, see),
            _ => {}
        }
    }
}

/// Left and right end of an upright text.
fn extent(text: &Text) -> (f64, f64) {
    let wide = text_width(&text.content, text.size, text.weight);
    let left = match text.anchor {
        Anchor::Start => text.x,
        Anchor::Middle => text.x - wide / 2.0,
        Anchor::End => text.x - wide,
    };
    (left, left + wide)
}

#[test]
fn all_text_is_on_the_page_and_nothing_is_written_over() {
    for (name, scene) in scenes() {
        let mut texts: Vec<Text> = Vec::new();
        each_text(&scene.shapes, &mut |text| texts.push(text.clone()));
        assert!(!texts.is_empty(), "{name}");
        texts.retain(|text| text.rotation == 0.0 && !text.content.is_empty());
        for (index, text) in texts.iter().enumerate() {
            let (left, right) = extent(text);
            assert!(left >= 2.0 && right <= scene.width - 2.0, "{name}: {:?} leaves the page", text.content);
            assert!(text.y >= text.size && text.y <= scene.height - 2.0, "{name}: {:?} leaves the page", text.content);
            for other in &texts[index + 1..] {
                let (from, to) = extent(other);
                let is_beside = right <= from + 0.01 || to <= left + 0.01;
                let is_above = (text.y - other.y).abs() >= 0.9 * text.size.min(other.size);
                assert!(is_beside || is_above, "{name}: {:?} covers {:?}", text.content, other.content);
            }
        }
    }
}

#[test]
fn text_figures_fit_any_width() {
    for width in (1..=40).chain([60, 79, 80, 81, 100, 119, 120, 139, 140, 200, 400]) {
        let mut figures = Vec::new();
        figures.extend(forests().into_iter().map(|(name, model)| (name, text::forest_text(&model, width))));
        figures.extend(flows().into_iter().map(|(name, model)| (name, text::flow_text(&model, width))));
        figures.extend(funnels().into_iter().map(|(name, model)| (name, text::funnel_text(&model, width))));
        let judged = bias::models();
        figures.extend(judged.iter().map(|(name, model)| (*name, text::lights_text(model, width))));
        figures.extend(judged.iter().map(|(name, model)| (*name, text::bias_summary_text(model, width, true))));
        for (name, lines) in figures {
            for line in lines {
                assert!(line.width() <= usize::from(width.max(8)), "{name} at {width}: {}", line.plain());
                assert_eq!(line.ascii().width(), line.width());
                assert!(line.ascii().plain().is_ascii());
            }
        }
    }
}

#[test]
fn every_number_of_the_table_is_in_the_terminal_from_140_cells() {
    for model in [pain(), one_study()] {
        let drawn = text::plain(&text::forest_text(&model, 140));
        for cell in model.rows.iter().flat_map(|row| &row.cells) {
            assert!(drawn.contains(cell.as_str()), "{cell:?} is missing in\n{drawn}");
        }
    }
}

#[test]
fn eighty_columns_show_study_effect_weight_and_plot() {
    let drawn = text::plain(&text::forest_text(&pain(), 80));
    for needed in
        ["Noppers 2011", "29.8%", "-18.00 [-36.59, 0.59]", "■", "◆", "Tau² = 142.38; Chi² = 6.44, df = 2 (P = 0.04); I² = 69%", "Favours"]
    {
        assert!(drawn.contains(needed), "{needed} is missing in\n{drawn}");
    }
}

#[test]
fn an_axis_of_the_user_replaces_the_automatic_one() {
    let mut builder = Builder::new(continuous("")).axis(Axis::custom(Scale::Linear, -20.0, 20.0, None, Some(0.0)).unwrap());
    builder.study(&mean_study("Sigtermans 2009", [(26.8, 27.93, 30), (54.5, 26.29, 30)], (-27.7, -41.43, -13.97), 100.0));
    let model = builder.finish();
    assert_eq!((model.axis.low, model.axis.high), (-20.0, 20.0));
    let drawn = text::plain(&text::forest_text(&model, 80));
    assert!(drawn.contains('←') && !drawn.contains('■'), "the point lies beyond the axis:\n{drawn}");
}

#[test]
fn hostile_labels_stay_on_their_line() {
    let mut builder = Builder::new(dichotomous("a\u{1b}]0;title\u{7}"));
    builder.study(&event_study("x\r\n\u{1b}[2J\u{202e}<script>&", [(1, 2), (1, 2)], Some((1.0, 0.5, 2.0)), Some(100.0)));
    let model = builder.finish();
    let drawing = svg::write(&forest::layout(&model));
    assert!(drawing.contains("&lt;script&gt;&amp;") && !drawing.contains("<script"), "{drawing}");
    let drawn = drawing + &text::plain(&text::forest_text(&model, 80));
    assert!(!drawn.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{drawn}");
}

#[test]
fn extreme_numbers_do_not_break_a_figure() {
    let mut builder = Builder::new(dichotomous(""));
    for (point, low, high) in [(1e300, 1e-300, f64::INFINITY), (0.0, 0.0, 1.0), (f64::INFINITY, 1.0, f64::INFINITY), (-5.0, -6.0, 2.0)] {
        builder.study(&event_study("Extreme", [(1, 2), (1, 2)], Some((point, low, high)), Some(f64::NAN)));
    }
    builder.total(&Pooled { effect: Effect::new(1e9, 1e-9, 1e12), weight: Some(f64::INFINITY), ..Pooled::default() });
    let model = builder.finish();
    let drawn = svg::write(&forest::layout(&model));
    assert!(!drawn.contains("\"NaN") && !drawn.contains("\"inf"), "{drawn}");
    assert!(!raster::png_of_svg(&drawn, 72.0).unwrap().is_empty());
    for width in [30, 80, 160] {
        assert!(!text::forest_text(&model, width).is_empty());
    }
}

#[test]
fn every_figure_becomes_a_picture() {
    for (name, scene) in scenes() {
        let picture = raster::png(&scene, 72.0).unwrap();
        assert!(picture.len() > 1_000, "{name}");
        if let Some(folder) = std::env::var_os("TAMIS_PICTURES") {
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), picture).unwrap();
        }
    }
}
