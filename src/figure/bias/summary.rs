//! The summary: for each domain a bar of the whole width, divided as the judgements are.

use super::{BiasModel, LINE, MARGIN, Palette, RULE, SIZE, SMALL, baseline, footnotes, heading, ink, legend};
use crate::figure::metrics::{text_width, widest, wrap};
use crate::figure::number;
use crate::figure::scene::{Anchor, Scene, Shape, Stroke, Text, Weight};

const BAR: f64 = 300.0;
const THICK: f64 = 13.0;
const ROW: f64 = 19.0;
const MOST_LABEL: f64 = 200.0;

/// Returns the figure as a scene. Without studies the bars are empty.
pub fn layout(model: &BiasModel, palette: Palette, is_weighted: bool) -> Scene {
    let weight = |is_overall: bool| if is_overall { Weight::Bold } else { Weight::Regular };
    let labels: Vec<Vec<String>> =
        model.domains.iter().map(|domain| wrap(&domain.title, MOST_LABEL, SIZE, weight(domain.is_overall))).collect();
    let label_width = widest(labels.iter().flatten().map(String::as_str), SIZE, Weight::Bold);
    let left = MARGIN + label_width + 10.0;
    let width = left + BAR + MARGIN + 8.0;
    let mut shapes = Vec::new();
    let mut y = heading(model, width, &mut shapes);
    for (at, (domain, lines)) in model.domains.iter().zip(&labels).enumerate() {
        let height = ROW.max(lines.len() as f64 * LINE + 5.0);
        if domain.is_overall && at > 0 {
            y += 4.0;
        }
        let middle = y + height / 2.0;
        let first = middle - (lines.len() as f64 - 1.0) * LINE / 2.0;
        let mut drawn: Vec<Shape> = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let text = Text::new(MARGIN, baseline(first + place as f64 * LINE, SIZE), line.as_str(), SIZE);
            drawn.push(text.weight(weight(domain.is_overall)).into());
        }
        let shares = model.shares(at, is_weighted);
        let mut x = left;
        let mut said = Vec::new();
        for (place, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let level = model.levels.get(place);
            let fill = palette.color(level.map(|level| level.tone));
            let wide = BAR * share;
            let stroke = Some(Stroke::black(0.5));
            drawn.push(Shape::Rect { x, y: middle - THICK / 2.0, width: wide, height: THICK, radius: 0.0, fill: Some(fill), stroke });
            let percent = format!("{}%", number::fixed(100.0 * share, 0));
            let words = level.map_or_else(|| percent.clone(), |level| format!("{} {percent}", level.printed()));
            if text_width(&words, SMALL, Weight::Regular) + 4.0 <= wide {
                let text = Text::new(x + wide / 2.0, baseline(middle, SMALL), words, SMALL);
                drawn.push(text.anchor(Anchor::Middle).color(ink(fill)).into());
            }
            said.push(format!("{} {percent}", level.map_or("not agreed upon yet", |level| level.label.as_str())));
            x += wide;
        }
        if said.is_empty() {
            drawn.push(Shape::Rect {
                x: left,
                y: middle - THICK / 2.0,
                width: BAR,
                height: THICK,
                radius: 0.0,
                fill: None,
                stroke: Some(RULE),
            });
        }
        shapes.push(Shape::group("domain", Some(format!("{}: {}", domain.title, said.join(", "))), drawn));
        y += height;
    }
    y += 2.0;
    let mut axis = vec![Shape::line((left, y), (left + BAR, y), Stroke::black(0.6))];
    for quarter in 0..=4_u32 {
        let x = left + BAR * f64::from(quarter) / 4.0;
        axis.push(Shape::line((x, y), (x, y + 3.5), Stroke::black(0.6)));
        axis.push(Text::new(x, y + 4.0 + SMALL, format!("{}%", quarter * 25), SMALL).anchor(Anchor::Middle).into());
    }
    y += 6.0 + SMALL;
    let of = if is_weighted { "Share of the weight in the analysis" } else { "Share of the studies" };
    y += LINE;
    axis.push(Text::new(left + BAR / 2.0, y, of, SIZE).anchor(Anchor::Middle).into());
    shapes.push(Shape::group("axis", None, axis));
    y += 10.0;
    let (key, bottom) = legend(model, palette, MARGIN, width - 2.0 * MARGIN, y);
    shapes.push(key);
    y = bottom;
    y = footnotes(model, width, y, &mut shapes);
    let title = if model.title.is_empty() { "Risk of bias".to_owned() } else { format!("Risk of bias: {}", model.title) };
    let mut scene = Scene::new(width, y + MARGIN, title, format!("Judgements of {} studies, domain by domain.", model.rows.len()));
    scene.shapes = shapes;
    scene
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// The widths of the filled parts of each bar.
    fn bars(scene: &Scene) -> Vec<Vec<f64>> {
        let filled = |shape: &Shape| if let Shape::Rect { width, fill: Some(_), .. } = shape { Some(*width) } else { None };
        let groups = scene.shapes.iter().filter_map(|shape| match shape {
            Shape::Group { class, shapes, .. } if class == "domain" => Some(shapes.iter().filter_map(filled).collect()),
            _ => None,
        });
        groups.collect()
    }

    #[test]
    fn every_bar_is_full_whatever_the_number_of_studies() {
        for (studies, is_weighted) in [(1, false), (3, true), (7, false), (101, true)] {
            let scene = layout(&sample::rob2(studies), Palette::Cochrane, is_weighted);
            let bars = bars(&scene);
            assert_eq!(bars.len(), 6);
            assert!(bars.iter().all(|parts| (parts.iter().sum::<f64>() - BAR).abs() < 1e-9), "{studies}: {bars:?}");
        }
    }

    #[test]
    fn weights_move_the_bars_and_no_study_leaves_them_empty() {
        let even = bars(&layout(&sample::rob2(3), Palette::Cochrane, false));
        let weighted = bars(&layout(&sample::rob2(3), Palette::Cochrane, true));
        assert_ne!(even[0], weighted[0]);
        assert!((weighted[0][0] - BAR / 6.0).abs() < 1e-9, "weights 1, 2, 3: {weighted:?}");
        assert!(bars(&layout(&sample::rob2(0), Palette::Cochrane, false)).iter().all(Vec::is_empty));
    }
}
