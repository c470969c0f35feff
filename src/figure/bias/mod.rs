//! Risk of bias: judgements study by study (the traffic lights), and how they are spread over the studies (the summary).
//!
//! A judgement carries a sign as well as a colour, in every drawing: who sees no colours, and a terminal without them, loses nothing. The
//! colours are those of Cochrane reviews, or a scale from light to dark that people with any colour vision tell apart.

mod lights;
mod summary;

pub use lights::layout as layout_lights;
pub use summary::layout as layout_summary;

use super::metrics::{CAP_HEIGHT, LINE_HEIGHT, text_width, wrap};
use super::scene::{Anchor, Color, Shape, Stroke, Text, Weight};

/// How bad a judgement is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Low risk.
    Low,
    /// Low risk but for one concern.
    NearlyLow,
    /// Some concerns, moderate, unclear.
    Some,
    /// High or serious.
    High,
    /// Critical.
    Critical,
    /// No information.
    NoInformation,
}

/// The colours of judgements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// Green, yellow, red, as in Cochrane reviews.
    #[default]
    Cochrane,
    /// From light to dark, for every kind of colour vision.
    ColourBlind,
}

impl Palette {
    /// Returns the colour of a judgement; `None` is one that is not made.
    pub const fn color(self, tone: Option<Tone>) -> Color {
        match (self, tone) {
            (_, None) => Color(0xCC, 0xCC, 0xCC),
            (Self::Cochrane, Some(Tone::Low)) => Color(0x02, 0xC1, 0x00),
            (Self::Cochrane, Some(Tone::NearlyLow)) => Color(0x9A, 0xD8, 0x3C),
            (Self::Cochrane, Some(Tone::Some)) => Color(0xE2, 0xDF, 0x07),
            (Self::Cochrane, Some(Tone::High)) => Color(0xBF, 0x00, 0x00),
            (Self::Cochrane, Some(Tone::Critical)) => Color(0x82, 0x00, 0x00),
            (Self::Cochrane, Some(Tone::NoInformation)) => Color(0x4E, 0xA1, 0xF7),
            (Self::ColourBlind, Some(Tone::Low)) => Color(0xFE, 0xD9, 0x8E),
            (Self::ColourBlind, Some(Tone::NearlyLow)) => Color(0xFE, 0xBE, 0x5C),
            (Self::ColourBlind, Some(Tone::Some)) => Color(0xFE, 0x99, 0x29),
            (Self::ColourBlind, Some(Tone::High)) => Color(0xD9, 0x5F, 0x0E),
            (Self::ColourBlind, Some(Tone::Critical)) => Color(0x99, 0x34, 0x04),
            (Self::ColourBlind, Some(Tone::NoInformation)) => Color::WHITE,
        }
    }
}

/// A judgement that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The words ("Low risk").
    pub label: String,
    /// The sign ("+", "-", "x", "!", "?").
    pub sign: char,
    /// Its colour.
    pub tone: Tone,
}

impl Level {
    /// Returns the sign as it is printed.
    pub fn printed(&self) -> &'static str {
        printed(self.sign)
    }
}

const fn printed(sign: char) -> &'static str {
    match sign {
        '+' => "+",
        '-' => "–",
        'x' => "×",
        '!' => "!",
        _ => "?",
    }
}

/// A column of judgements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The short name over the column ("D1").
    pub short: String,
    /// What it is about.
    pub title: String,
    /// Whether it is the whole, which stands apart and in bold.
    pub is_overall: bool,
}

/// A study with its judgements.
#[derive(Debug, Clone, PartialEq)]
pub struct BiasRow {
    /// The label.
    pub label: String,
    /// One entry for each domain: the place of the judgement among the levels, `None` where none is agreed.
    pub judgements: Vec<Option<usize>>,
    /// The weight of the study in percent, for a weighted summary.
    pub weight: Option<f64>,
}

/// Judgements of studies in domains.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BiasModel {
    /// The title above the figure; may be empty.
    pub title: String,
    /// The judgements that can be made, least biased first.
    pub levels: Vec<Level>,
    /// The domains, the whole last.
    pub domains: Vec<Domain>,
    /// The studies from top to bottom.
    pub rows: Vec<BiasRow>,
    /// What is to be said below.
    pub footnotes: Vec<String>,
}

impl BiasModel {
    /// Returns whether any study lacks a judgement.
    pub fn has_open(&self) -> bool {
        self.rows.iter().any(|row| row.judgements.iter().any(Option::is_none))
    }

    /// Returns the level of a study in a domain.
    pub fn level(&self, row: &BiasRow, domain: usize) -> Option<&Level> {
        row.judgements.get(domain).copied().flatten().and_then(|at| self.levels.get(at))
    }

    /// Returns the shares of the levels in a domain, each from 0 to 1, and behind them that of studies without a judgement; they sum to 1,
    /// or are all 0 where there are no studies. Weighted by the weights of the studies where `is_weighted`; a study without one counts
    /// nothing then.
    pub fn shares(&self, domain: usize, is_weighted: bool) -> Vec<f64> {
        let mut sums = vec![0.0; self.levels.len() + 1];
        for row in &self.rows {
            let weight = if is_weighted { row.weight.unwrap_or(0.0) } else { 1.0 };
            let at = row.judgements.get(domain).copied().flatten().filter(|at| *at < self.levels.len());
            sums[at.unwrap_or(self.levels.len())] += weight;
        }
        let total: f64 = sums.iter().sum();
        if total > 0.0 {
            sums.iter_mut().for_each(|sum| *sum /= total);
        }
        sums
    }
}

const MARGIN: f64 = 14.0;
const SIZE: f64 = 9.0;
const TITLE_SIZE: f64 = 11.0;
const SMALL: f64 = 8.0;
const LINE: f64 = SIZE * LINE_HEIGHT;
const RULE: Stroke = Stroke::black(0.5).colored(Color(0x8A, 0x8A, 0x8A));

/// Returns the baseline that centres one line of text on `y`.
pub(super) fn baseline(y: f64, size: f64) -> f64 {
    y + CAP_HEIGHT * size / 2.0
}

/// Writes the title at the top of a figure `width` wide, in as many lines as it takes; returns where it ends.
fn heading(model: &BiasModel, width: f64, shapes: &mut Vec<Shape>) -> f64 {
    if model.title.is_empty() {
        return MARGIN;
    }
    let mut y = MARGIN;
    for line in wrap(&model.title, width - 2.0 * MARGIN, TITLE_SIZE, Weight::Bold) {
        y += TITLE_SIZE * LINE_HEIGHT;
        shapes.push(Text::new(MARGIN, y - 3.0, line, TITLE_SIZE).bold().into());
    }
    y + 6.0
}

/// Writes the footnotes below `y`; returns where they end.
fn footnotes(model: &BiasModel, width: f64, mut y: f64, shapes: &mut Vec<Shape>) -> f64 {
    for footnote in &model.footnotes {
        y += 4.0;
        for line in wrap(footnote, width - 2.0 * MARGIN, SMALL, Weight::Regular) {
            y += SMALL * LINE_HEIGHT;
            shapes.push(Text::new(MARGIN, y, line, SMALL).into());
        }
    }
    y
}

/// Draws one judgement: a circle in its colour with its sign.
pub(super) fn light(level: Option<&Level>, palette: Palette, center: (f64, f64), radius: f64) -> Vec<Shape> {
    let fill = palette.color(level.map(|level| level.tone));
    let mut shapes =
        vec![Shape::Circle { center, radius, fill: Some(fill), stroke: Some(Stroke::black(0.5).colored(Color(0x55, 0x55, 0x55))) }];
    if let Some(level) = level {
        let size = radius * 1.75;
        // Plus, minus and times sit on the axis of mathematics, a little below the middle of a capital letter.
        let lift = if matches!(level.sign, '+' | '-' | 'x') { size * 0.02 } else { 0.0 };
        let text = Text::new(center.0, baseline(center.1, size) - lift, level.printed(), size);
        shapes.push(text.bold().anchor(Anchor::Middle).color(ink(fill)).into());
    }
    shapes
}

/// Returns black or white, whichever is easier to read on a colour (relative luminance as in WCAG 2).
fn ink(fill: Color) -> Color {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * part(fill.0) + 0.7152 * part(fill.1) + 0.0722 * part(fill.2);
    if luminance > 0.179 { Color::BLACK } else { Color::WHITE }
}

/// Draws what the colours and signs mean, in rows no wider than `width`, from `top` on; returns the shapes and where they end.
pub(super) fn legend(model: &BiasModel, palette: Palette, left: f64, width: f64, top: f64) -> (Shape, f64) {
    const RADIUS: f64 = 5.0;
    let mut entries: Vec<(Option<&Level>, &str)> = model.levels.iter().map(|level| (Some(level), level.label.as_str())).collect();
    if model.has_open() {
        entries.push((None, "Not agreed upon yet"));
    }
    let (mut x, mut y) = (left, top + RADIUS);
    let mut shapes = Vec::new();
    for (level, words) in entries {
        let wide = 2.0 * RADIUS + 5.0 + text_width(words, SIZE, Weight::Regular);
        if x > left && x + wide > left + width {
            x = left;
            y += 2.0 * RADIUS + 4.0;
        }
        shapes.extend(light(level, palette, (x + RADIUS, y), RADIUS));
        shapes.push(Text::new(x + 2.0 * RADIUS + 5.0, baseline(y, SIZE), words, SIZE).into());
        x += wide + 16.0;
    }
    (Shape::group("key", None, shapes), y + RADIUS)
}

#[cfg(test)]
pub(super) mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_studies_and_follow_the_weights() {
        let model = sample::rob2(3);
        assert_eq!(model.shares(0, false), [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0]);
        let weighted = model.shares(0, true);
        assert!(
            (weighted.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weighted[0] < weighted[1] && weighted[1] < weighted[2],
            "{weighted:?}"
        );
        assert_eq!(BiasModel::default().shares(0, false), [0.0]);
    }

    #[test]
    fn a_judgement_that_is_not_made_has_a_share_of_its_own() {
        let mut model = sample::rob2(4);
        model.rows[0].judgements[0] = None;
        assert!(model.has_open());
        assert_eq!(model.shares(0, false)[3], 0.25);
    }

    #[test]
    fn signs_are_readable_on_every_colour() {
        use Tone as T;
        for palette in [Palette::Cochrane, Palette::ColourBlind] {
            for tone in [T::Low, T::NearlyLow, T::Some, T::High, T::Critical, T::NoInformation] {
                let fill = palette.color(Some(tone));
                let ink = ink(fill);
                assert_ne!(ink, fill);
            }
        }
        assert_eq!(ink(Palette::Cochrane.color(Some(T::Critical))), Color::WHITE);
        assert_eq!(ink(Palette::Cochrane.color(Some(T::Some))), Color::BLACK);
    }
}
