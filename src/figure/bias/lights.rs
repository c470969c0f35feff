//! The traffic lights: a row a study, a column a domain, what the domains are about below.

use super::{BiasModel, LINE, MARGIN, Palette, RULE, SIZE, SMALL, baseline, footnotes, heading, legend, light};
use crate::figure::metrics::{LINE_HEIGHT, text_width, widest, wrap};
use crate::figure::scene::{Anchor, Color, Scene, Shape, Text, Weight};

const RADIUS: f64 = 6.5;
const ROW: f64 = 17.0;
const COLUMN: f64 = 26.0;
/// The room between the domains and the whole.
const APART: f64 = 10.0;
const MOST_LABEL: f64 = 190.0;
/// What the key below the figure needs at least.
const LEAST_WIDTH: f64 = 320.0;

/// Returns the figure as a scene; its size follows from the studies and domains. Without studies it has its headings and key.
pub fn layout(model: &BiasModel, palette: Palette) -> Scene {
    let labels = model.rows.iter().map(|row| wrap(&row.label, MOST_LABEL, SIZE, Weight::Regular)).collect::<Vec<_>>();
    let label_width = widest(labels.iter().flatten().map(String::as_str).chain(["Study"]), SIZE, Weight::Regular);
    let columns = columns(model, MARGIN + label_width + 12.0);
    let right = columns.iter().map(|(center, half)| center + half).fold(MARGIN + label_width, f64::max);
    let width = (right + MARGIN).max(LEAST_WIDTH);
    let mut shapes = Vec::new();
    let mut y = heading(model, width, &mut shapes);
    y += LINE;
    let mut header = vec![Text::new(MARGIN, y - 3.0, "Study", SIZE).bold().into()];
    for (domain, (center, _)) in model.domains.iter().zip(&columns) {
        header.push(Text::new(*center, y - 3.0, domain.short.as_str(), SIZE).bold().anchor(Anchor::Middle).into());
    }
    shapes.push(Shape::group("header", None, header));
    shapes.push(Shape::line((MARGIN, y + 1.0), (right, y + 1.0), RULE));
    y += 3.0;
    for (row, lines) in model.rows.iter().zip(&labels) {
        let height = ROW.max(lines.len() as f64 * LINE + 4.0);
        let middle = y + height / 2.0;
        let first = middle - (lines.len() as f64 - 1.0) * LINE / 2.0;
        let mut drawn: Vec<Shape> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            drawn.push(Text::new(MARGIN, baseline(first + at as f64 * LINE, SIZE), line.as_str(), SIZE).into());
        }
        let mut said = Vec::new();
        for (at, (domain, (center, _))) in model.domains.iter().zip(&columns).enumerate() {
            let level = model.level(row, at);
            drawn.extend(light(level, palette, (*center, middle), RADIUS));
            said.push(format!("{} {}", domain.short, level.map_or("not agreed upon yet", |level| level.label.as_str())));
        }
        shapes.push(Shape::group("study", Some(format!("{}: {}", row.label, said.join(", "))), drawn));
        y += height;
    }
    if model.rows.is_empty() {
        y += LINE + 4.0;
        shapes.push(Text::new(MARGIN, y - 4.0, "No study is appraised yet", SIZE).color(Color::GREY).into());
    }
    shapes.push(Shape::line((MARGIN, y + 2.0), (right, y + 2.0), RULE));
    y += 10.0;
    let (key, bottom) = legend(model, palette, MARGIN, width - 2.0 * MARGIN, y);
    shapes.push(key);
    y = bottom + 6.0;
    let (domains, bottom) = domain_key(model, width - 2.0 * MARGIN, y);
    shapes.push(domains);
    y = bottom;
    y = footnotes(model, width, y, &mut shapes);
    let title = if model.title.is_empty() { "Risk of bias".to_owned() } else { format!("Risk of bias: {}", model.title) };
    let description = format!("Judgements of {} studies in {} columns.", model.rows.len(), model.domains.len());
    let mut scene = Scene::new(width, y + MARGIN, title, description);
    scene.shapes = shapes;
    scene
}

/// Returns the middle and half the width of each column.
fn columns(model: &BiasModel, left: f64) -> Vec<(f64, f64)> {
    let mut x = left;
    let mut found = Vec::new();
    for domain in &model.domains {
        let wide = COLUMN.max(text_width(&domain.short, SIZE, Weight::Bold) + 8.0);
        if domain.is_overall && !found.is_empty() {
            x += APART;
        }
        found.push((x + wide / 2.0, wide / 2.0));
        x += wide;
    }
    found
}

/// Says what each short name stands for.
fn domain_key(model: &BiasModel, width: f64, top: f64) -> (Shape, f64) {
    let mut shapes = Vec::new();
    let mut y = top;
    let named = model.domains.iter().filter(|domain| !domain.is_overall);
    let indent = widest(named.clone().map(|domain| domain.short.as_str()), SMALL, Weight::Bold) + 8.0;
    for domain in named {
        for (at, line) in wrap(&domain.title, width - indent, SMALL, Weight::Regular).into_iter().enumerate() {
            y += SMALL * LINE_HEIGHT;
            if at == 0 {
                shapes.push(Text::new(MARGIN, y, domain.short.as_str(), SMALL).bold().into());
            }
            shapes.push(Text::new(MARGIN + indent, y, line, SMALL).into());
        }
    }
    (Shape::group("domains", None, shapes), y)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn circles(shapes: &[Shape]) -> usize {
        shapes
            .iter()
            .map(|shape| match shape {
                Shape::Circle { .. } => 1,
                Shape::Group { shapes, .. } => circles(shapes),
                _ => 0,
            })
            .sum()
    }

    #[test]
    fn every_study_has_a_light_for_each_domain_and_the_key_one_for_each_judgement() {
        for studies in [0, 1, 4, 60] {
            let scene = layout(&sample::rob2(studies), Palette::Cochrane);
            assert_eq!(circles(&scene.shapes), 6 * studies + 3, "{studies}");
            assert!(scene.width.is_finite() && scene.height.is_finite());
        }
    }

    #[test]
    fn a_row_says_its_judgements() {
        let mut model = sample::rob2(1);
        model.rows[0].judgements[1] = None;
        let scene = layout(&model, Palette::ColourBlind);
        let titles: Vec<&String> = scene
            .shapes
            .iter()
            .filter_map(|shape| if let Shape::Group { title: Some(title), .. } = shape { Some(title) } else { None })
            .collect();
        assert!(titles[0].starts_with("Study 1 2001: D1 Low risk, D2 not agreed upon yet, D3 Low risk"), "{titles:?}");
        assert_eq!(circles(&scene.shapes), 6 + 4, "the key has a light for what is open");
    }

    #[test]
    fn long_labels_break_and_nothing_leaves_the_page() {
        let mut model = sample::rob2(2);
        model.rows[0].label = "A very long name of a study with many authors, a group and a registry number NCT00000000".into();
        let scene = layout(&model, Palette::Cochrane);
        let mut most = 0.0_f64;
        fn right(shapes: &[Shape], most: &mut f64) {
            for shape in shapes {
                match shape {
                    Shape::Circle { center, radius, .. } => *most = most.max(center.0 + radius),
                    Shape::Group { shapes, .. } => right(shapes, most),
                    Shape::Text(text) if text.anchor == Anchor::Start => {
                        *most = most.max(text.x + text_width(&text.content, text.size, text.weight))
                    }
                    _ => {}
                }
            }
        }
        right(&scene.shapes, &mut most);
        assert!(most <= scene.width - MARGIN / 2.0, "{most} of {}", scene.width);
    }
}
