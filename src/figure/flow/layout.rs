//! Places the flow diagram on a page: boxes grow with their text, rows with their boxes.

use super::content::{BoxText, Content, PHASES};
use super::{FlowModel, Method};
use crate::figure::metrics::{CAP_HEIGHT, LINE_HEIGHT, text_width, wrap};
use crate::figure::scene::{Anchor, Color, Scene, Shape, Stroke, Text, Weight};

const MARGIN: f64 = 14.0;
const SIZE: f64 = 9.0;
const LINE: f64 = SIZE * LINE_HEIGHT;
const TITLE_SIZE: f64 = 11.0;
const SMALL: f64 = 8.0;
const PADDING: f64 = 7.0;
const INDENT: f64 = 9.0;
const PHASE: f64 = 19.0;
const PHASE_GAP: f64 = 11.0;
const MAIN: f64 = 176.0;
const SIDE: f64 = 186.0;
const OTHER_MAIN: f64 = 152.0;
const OTHER_SIDE: f64 = 158.0;
const PREVIOUS: f64 = 132.0;
const ARROW_GAP: f64 = 28.0;
const COLUMN_GAP: f64 = 26.0;
const ROW_GAP: f64 = 22.0;
const HEAD: f64 = 5.5;
const BORDER: Stroke = Stroke::black(0.8);
const GOLD: Color = Color(0xFB, 0xD9, 0x7B);
const SILVER: Color = Color(0xDD, 0xDD, 0xDD);
const SKY: Color = Color(0xB7, 0xD4, 0xEE);

/// A placed box.
#[derive(Debug, Clone, Copy)]
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn right(&self) -> f64 {
        self.x + self.width
    }

    fn bottom(&self) -> f64 {
        self.y + self.height
    }

    fn middle(&self) -> f64 {
        self.x + self.width / 2.0
    }
}

/// Left edges of the columns.
struct Columns {
    previous: f64,
    main: f64,
    side: f64,
    other: f64,
    other_side: f64,
    right: f64,
}

impl Columns {
    fn new(content: &Content) -> Self {
        let previous = MARGIN + PHASE + PHASE_GAP;
        let main = if content.previous.is_some() { previous + PREVIOUS + COLUMN_GAP } else { previous };
        let side = main + MAIN + ARROW_GAP;
        let other = side + SIDE + COLUMN_GAP;
        let other_side = other + OTHER_MAIN + ARROW_GAP;
        let right = if content.other.is_some() { other_side + OTHER_SIDE } else { side + SIDE };
        Self { previous, main, side, other, other_side, right }
    }
}

/// Returns the diagram as a scene; its size follows from the text.
pub fn layout(model: &FlowModel) -> Scene {
    let content = Content::new(model);
    let columns = Columns::new(&content);
    let mut drawing = Drawing { shapes: Vec::new() };
    let width = columns.right + MARGIN;
    let mut y = MARGIN;
    if !model.title.is_empty() {
        for line in wrap(&model.title, width - 2.0 * MARGIN, TITLE_SIZE, Weight::Bold) {
            y += TITLE_SIZE * LINE_HEIGHT;
            drawing.shapes.push(Text::new(MARGIN, y - 3.0, line, TITLE_SIZE).bold().into());
        }
        y += 8.0;
    }
    y = drawing.headings(&content, &columns, y) + 14.0;

    // The arrow from the other methods joins at the included box, the one from the previous studies at the total.
    let start = y;
    let previous = content.previous.as_ref().map(|(_, text)| drawing.text_box("previous", text, columns.previous, y, PREVIOUS));
    let height = box_height(&content.identified, MAIN).max(box_height(&content.removed, SIDE)).max(phase_height(PHASES[0]));
    let other_height = content.other.as_ref().map_or(0.0, |(_, text, _)| box_height(text, OTHER_MAIN));
    let identified = drawing.sized_box("identified", &content.identified, columns.main, y, MAIN, height);
    let removed = drawing.sized_box("removed", &content.removed, columns.side, y, SIDE, height);
    drawing.across(identified, removed);
    let elsewhere = content.other.as_ref().map(|(_, text, _)| drawing.text_box("other-identified", text, columns.other, y, OTHER_MAIN));
    let identification = (start, y + height.max(other_height).max(previous.map_or(0.0, |frame| frame.height)));
    y = identification.1 + ROW_GAP;

    let screening = y;
    let (screened, excluded) =
        drawing.pair(("screened", &content.screened), ("excluded", &content.excluded), (columns.main, columns.side), y, (MAIN, SIDE));
    drawing.down(identified, screened);
    y = screened.bottom().max(excluded.bottom()) + ROW_GAP;

    let other = content.other.as_ref().map(|(_, _, method)| method);
    let main_sought = method_row(&content.reports, false);
    let (sought, absent) = drawing.pair(main_sought.0, main_sought.1, (columns.main, columns.side), y, (MAIN, SIDE));
    drawing.down(screened, sought);
    let mut bottom = sought.bottom().max(absent.bottom());
    let other_sought = other.map(|method| {
        let boxes = method_row(method, false);
        let at = (columns.other, columns.other_side);
        drawing.pair(boxes.0, boxes.1, at, y, (OTHER_MAIN, OTHER_SIDE))
    });
    if let (Some(above), Some((below, beside))) = (elsewhere, other_sought) {
        drawing.down(above, below);
        bottom = bottom.max(below.bottom()).max(beside.bottom());
    }
    y = bottom + ROW_GAP;

    let boxes = method_row(&content.reports, true);
    let (assessed, reasons) = drawing.pair(boxes.0, boxes.1, (columns.main, columns.side), y, (MAIN, SIDE));
    drawing.down(sought, assessed);
    bottom = assessed.bottom().max(reasons.bottom());
    let other_assessed = other.map(|method| {
        let boxes = method_row(method, true);
        drawing.pair(boxes.0, boxes.1, (columns.other, columns.other_side), y, (OTHER_MAIN, OTHER_SIDE))
    });
    if let (Some((above, _)), Some((below, beside))) = (other_sought, other_assessed) {
        drawing.down(above, below);
        bottom = bottom.max(below.bottom()).max(beside.bottom());
    }
    let screening = (screening, bottom);
    y = bottom + ROW_GAP;

    let included_top = y;
    let mut above = assessed;
    let mut frames = Vec::new();
    for text in &content.included {
        let height = if content.included.len() == 1 { phase_height(PHASES[2]) } else { 0.0 };
        let height = box_height(text, MAIN).max(height);
        let frame = drawing.sized_box("included", text, columns.main, y, MAIN, height);
        drawing.down(above, frame);
        above = frame;
        y = frame.bottom() + ROW_GAP;
        frames.push(frame);
    }
    if let (Some((from, _)), Some(into)) = (other_assessed, frames.first()) {
        drawing.joint(from, *into, true);
    }
    if let (Some(from), Some(into)) = (previous, frames.get(content.total.unwrap_or(0))) {
        drawing.joint(from, *into, false);
    }
    bottom = y - ROW_GAP;
    for (phase, (top, end)) in PHASES.into_iter().zip([identification, screening, (included_top, bottom)]) {
        drawing.phase(phase, top, end);
    }
    for footnote in &model.footnotes {
        bottom += 5.0;
        for line in wrap(footnote, width - 2.0 * MARGIN, SMALL, Weight::Regular) {
            bottom += SMALL * LINE_HEIGHT;
            drawing.shapes.push(Text::new(MARGIN, bottom + 3.0, line, SMALL).into());
        }
    }
    let title = if model.title.is_empty() { "PRISMA 2020 flow diagram".to_owned() } else { format!("Flow diagram: {}", model.title) };
    let mut scene = Scene::new(width, bottom + MARGIN, title, describe(&content));
    scene.shapes = drawing.shapes;
    scene
}

/// A box's class and text.
type Named<'a> = (&'static str, &'a BoxText);

fn method_row(method: &Method, is_assessment: bool) -> (Named<'_>, Named<'_>) {
    if is_assessment {
        (("assessed", &method.assessed), ("reports-excluded", &method.excluded))
    } else {
        (("sought", &method.sought), ("not-retrieved", &method.not_retrieved))
    }
}

/// Returns all boxes as sentences, for people who listen to the figure.
fn describe(content: &Content) -> String {
    let mut boxes: Vec<&BoxText> = vec![&content.identified, &content.removed, &content.screened, &content.excluded];
    let reports = |method: &'_ Method| -> Vec<BoxText> {
        vec![method.sought.clone(), method.not_retrieved.clone(), method.assessed.clone(), method.excluded.clone()]
    };
    let main = reports(&content.reports);
    boxes.extend(&main);
    let other = content.other.as_ref().map(|(_, _, method)| reports(method)).unwrap_or_default();
    if let Some((_, identified, _)) = &content.other {
        boxes.push(identified);
        boxes.extend(&other);
    }
    boxes.extend(&content.included);
    boxes.into_iter().map(sentence).collect::<Vec<_>>().join(". ") + "."
}

fn sentence(text: &BoxText) -> String {
    let mut out = String::new();
    for line in text {
        if !out.is_empty() {
            out.push_str(if out.ends_with(':') || line.text.starts_with('(') { " " } else { ", " });
        }
        out.push_str(&line.text.replace('\u{a0}', " "));
    }
    out
}

fn box_lines(text: &BoxText, width: f64) -> Vec<(f64, String)> {
    let mut lines = Vec::new();
    for line in text {
        let indent = INDENT * line.indent as f64;
        let mut hang = 0.0;
        for part in wrap_hanging(&line.text, width - 2.0 * PADDING - indent) {
            lines.push((indent + hang, part));
            hang = if line.indent > 0 { INDENT } else { 0.0 };
        }
    }
    lines
}

/// Wraps with room for the indentation of the second and later lines.
fn wrap_hanging(text: &str, width: f64) -> Vec<String> {
    let lines = wrap(text, width, SIZE, Weight::Regular);
    if lines.len() == 1 { lines } else { wrap(text, width - INDENT, SIZE, Weight::Regular) }
}

fn box_height(text: &BoxText, width: f64) -> f64 {
    box_lines(text, width).len() as f64 * LINE + 2.0 * PADDING
}

/// Returns the height that the turned name of a phase needs.
fn phase_height(name: &str) -> f64 {
    text_width(name, SIZE, Weight::Bold) + 2.0 * PADDING
}

struct Drawing {
    shapes: Vec<Shape>,
}

impl Drawing {
    fn headings(&mut self, content: &Content, columns: &Columns, y: f64) -> f64 {
        let mut bars = vec![(columns.main, MAIN + ARROW_GAP + SIDE, content.heading.as_str(), GOLD)];
        if let Some((heading, _)) = &content.previous {
            bars.push((columns.previous, PREVIOUS, heading, SILVER));
        }
        if let Some((heading, _, _)) = &content.other {
            bars.push((columns.other, OTHER_MAIN + ARROW_GAP + OTHER_SIDE, heading, SILVER));
        }
        let lines = |width: f64, text: &str| wrap(text, width - 2.0 * PADDING, SIZE, Weight::Bold);
        let tallest = bars.iter().map(|(_, width, text, _)| lines(*width, text).len()).max().unwrap_or(1);
        let height = tallest as f64 * LINE + PADDING;
        for (x, width, text, fill) in bars {
            let mut shapes = vec![Shape::Rect { x, y, width, height, radius: 4.0, fill: Some(fill), stroke: Some(BORDER) }];
            let lines = lines(width, text);
            let middle = y + height / 2.0 - (lines.len() - 1) as f64 * LINE / 2.0;
            for (index, line) in lines.into_iter().enumerate() {
                let baseline = middle + index as f64 * LINE + CAP_HEIGHT * SIZE / 2.0;
                shapes.push(Text::new(x + width / 2.0, baseline, line, SIZE).bold().anchor(Anchor::Middle).into());
            }
            self.shapes.push(Shape::group("heading", None, shapes));
        }
        y + height
    }

    fn text_box(&mut self, class: &'static str, text: &BoxText, x: f64, y: f64, width: f64) -> Frame {
        self.sized_box(class, text, x, y, width, box_height(text, width))
    }

    /// Draws a box; text that is lower than the box is centred in its height.
    fn sized_box(&mut self, class: &'static str, text: &BoxText, x: f64, y: f64, width: f64, height: f64) -> Frame {
        let lines = box_lines(text, width);
        let mut shapes = vec![Shape::Rect { x, y, width, height, radius: 0.0, fill: Some(Color::WHITE), stroke: Some(BORDER) }];
        let top = y + (height - lines.len() as f64 * LINE) / 2.0;
        for (index, (indent, line)) in lines.into_iter().enumerate() {
            let baseline = top + (index as f64 + 0.5) * LINE + CAP_HEIGHT * SIZE / 2.0;
            shapes.push(Text::new(x + PADDING + indent, baseline, line, SIZE).into());
        }
        self.shapes.push(Shape::group(class, Some(sentence(text)), shapes));
        Frame { x, y, width, height }
    }

    /// Draws a box and the one on its right that receives what leaves the flow.
    fn pair(&mut self, left: Named<'_>, right: Named<'_>, x: (f64, f64), y: f64, width: (f64, f64)) -> (Frame, Frame) {
        let stays = self.text_box(left.0, left.1, x.0, y, width.0);
        let leaves = self.text_box(right.0, right.1, x.1, y, width.1);
        self.across(stays, leaves);
        (stays, leaves)
    }

    fn across(&mut self, from: Frame, to: Frame) {
        let y = from.y + from.height.min(to.height) / 2.0;
        self.arrow(&[(from.right(), y), (to.x, y)]);
    }

    fn down(&mut self, from: Frame, to: Frame) {
        self.arrow(&[(from.middle(), from.bottom()), (from.middle(), to.y)]);
    }

    /// Draws an arrow down from a box and then sideways into another.
    fn joint(&mut self, from: Frame, into: Frame, comes_from_right: bool) {
        let y = into.y + into.height / 2.0;
        let end = if comes_from_right { into.right() } else { into.x };
        self.arrow(&[(from.middle(), from.bottom()), (from.middle(), y), (end, y)]);
    }

    /// Draws a line through the points with a head at the last.
    fn arrow(&mut self, points: &[(f64, f64)]) {
        let [.., before, tip] = points else { return };
        let (dx, dy) = ((tip.0 - before.0).clamp(-1.0, 1.0), (tip.1 - before.1).clamp(-1.0, 1.0));
        let base = (tip.0 - dx * HEAD, tip.1 - dy * HEAD);
        let mut shapes = Vec::new();
        for pair in points.windows(2) {
            let to = if pair[1] == *tip { base } else { pair[1] };
            shapes.push(Shape::line(pair[0], to, BORDER));
        }
        let half = HEAD * 0.45;
        let wings = [(base.0 - dy * half, base.1 - dx * half), (base.0 + dy * half, base.1 + dx * half)];
        shapes.push(Shape::filled(vec![*tip, wings[0], wings[1]], Color::BLACK));
        self.shapes.push(Shape::group("arrow", None, shapes));
    }

    fn phase(&mut self, name: &str, top: f64, bottom: f64) {
        let height = (bottom - top).max(phase_height(name));
        let middle = f64::midpoint(top, bottom);
        let x = MARGIN + PHASE / 2.0 + CAP_HEIGHT * SIZE / 2.0;
        let (y, radius) = (middle - height / 2.0, 4.0);
        let shapes = vec![
            Shape::Rect { x: MARGIN, y, width: PHASE, height, radius, fill: Some(SKY), stroke: Some(BORDER) },
            Text::new(x, middle, name, SIZE).bold().anchor(Anchor::Middle).rotated(-90.0).into(),
        ];
        self.shapes.push(Shape::group("phase", None, shapes));
    }
}
