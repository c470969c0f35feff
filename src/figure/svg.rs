//! Writes a [`Scene`] as SVG text: the same scene always gives the same bytes.
//!
//! Text stays text (it can be searched, copied and edited), in the bundled typeface or its common twins. Characters that XML or a terminal
//! could stumble over are left out. Units are points: one unit of the view box is 1/72 inch.

use std::fmt::Write;

use super::clean::one_line;
use super::scene::{Anchor, Color, Scene, Shape, Stroke, Text, Weight};

/// Families asked for, best first; the three have the same widths.
pub const FONT_FAMILY: &str = "Liberation Sans, Arial, Helvetica, sans-serif";

/// Returns the scene as an SVG document, with title and description for screen readers.
pub fn write(scene: &Scene) -> String {
    let mut out = String::with_capacity(4096);
    let (width, height) = (decimal(scene.width), decimal(scene.height));
    let described = if scene.description.is_empty() { "title" } else { "title description" };
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-labelledby=\"{described}\" font-family=\"{FONT_FAMILY}\">\n"
        ),
    );
    push(&mut out, format_args!("<title id=\"title\">{}</title>\n", escape(&scene.title)));
    if !scene.description.is_empty() {
        push(&mut out, format_args!("<desc id=\"description\">{}</desc>\n", escape(&scene.description)));
    }
    push(&mut out, format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"));
    for shape in &scene.shapes {
        write_shape(&mut out, shape, 0);
    }
    out.push_str("</svg>\n");
    out
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("writing to a string cannot fail");
}

fn write_shape(out: &mut String, shape: &Shape, depth: usize) {
    let indent = "  ".repeat(depth);
    match shape {
        Shape::Line { from, to, stroke } => {
            let (x1, y1, x2, y2) = (decimal(from.0), decimal(from.1), decimal(to.0), decimal(to.1));
            let stroke = stroke_attributes(stroke);
            push(out, format_args!("{indent}<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{stroke}/>\n"));
        }
        Shape::Rect { x, y, width, height, radius, fill, stroke } => {
            let (x, y, width, height) = (decimal(*x), decimal(*y), decimal(*width), decimal(*height));
            let rounded = if *radius > 0.0 { format!(" rx=\"{}\"", decimal(*radius)) } else { String::new() };
            let paint = paint_attributes(*fill, stroke.as_ref());
            push(out, format_args!("{indent}<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{rounded}{paint}/>\n"));
        }
        Shape::Polygon { points, fill, stroke } => {
            let corners: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", decimal(*x), decimal(*y))).collect();
            let paint = paint_attributes(*fill, stroke.as_ref());
            push(out, format_args!("{indent}<polygon points=\"{}\"{paint}/>\n", corners.join(" ")));
        }
        Shape::Circle { center, radius, fill, stroke } => {
            let (x, y, r) = (decimal(center.0), decimal(center.1), decimal(*radius));
            let paint = paint_attributes(*fill, stroke.as_ref());
            push(out, format_args!("{indent}<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{paint}/>\n"));
        }
        Shape::Text(text) => write_text(out, text, &indent),
        Shape::Group { class, title, shapes } => {
            push(out, format_args!("{indent}<g class=\"{}\">\n", escape(class)));
            if let Some(title) = title {
                push(out, format_args!("{indent}  <title>{}</title>\n", escape(title)));
            }
            for shape in shapes {
                write_shape(out, shape, depth + 1);
            }
            push(out, format_args!("{indent}</g>\n"));
        }
    }
}

fn write_text(out: &mut String, text: &Text, indent: &str) {
    let (x, y, size) = (decimal(text.x), decimal(text.y), decimal(text.size));
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = if text.weight == Weight::Bold { " font-weight=\"bold\"" } else { "" };
    let fill = if text.color == Color::BLACK { String::new() } else { format!(" fill=\"{}\"", hex(text.color)) };
    let turn = if text.rotation == 0.0 { String::new() } else { format!(" transform=\"rotate({} {x} {y})\"", decimal(text.rotation)) };
    let content = escape(&text.content);
    push(out, format_args!("{indent}<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor}{fill}{turn}>{content}</text>\n"));
}

fn paint_attributes(fill: Option<Color>, stroke: Option<&Stroke>) -> String {
    let fill = fill.map_or_else(|| " fill=\"none\"".to_owned(), |color| format!(" fill=\"{}\"", hex(color)));
    fill + &stroke.map(stroke_attributes).unwrap_or_default()
}

fn stroke_attributes(stroke: &Stroke) -> String {
    let mut text = format!(" stroke=\"{}\" stroke-width=\"{}\"", hex(stroke.color), decimal(stroke.width));
    if let Some((dash, gap)) = stroke.dash {
        push(&mut text, format_args!(" stroke-dasharray=\"{} {}\"", decimal(dash), decimal(gap)));
    }
    text
}

fn hex(Color(red, green, blue): Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Returns a coordinate with at most two decimals; what is not finite becomes 0, for a viewer would reject the whole file.
fn decimal(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = super::number::fixed(value.clamp(-1e7, 1e7), 2);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns text for use between tags or in an attribute: one line, without control characters, with the five XML entities.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_leave_its_element() {
        let mut scene = Scene::new(10.0, 10.0, "a & b", "");
        scene.push(Text::new(1.0, 2.0, "</text><script>\"x'\u{1b}[31m\n\u{202e}", 9.0));
        let svg = write(&scene);
        assert!(svg.contains("&lt;/text&gt;&lt;script&gt;&quot;x&#39;[31m"), "{svg}");
        assert!(svg.contains("<title id=\"title\">a &amp; b</title>"));
        assert!(!svg.contains('\u{1b}') && !svg.contains('\u{202e}'));
    }

    #[test]
    fn coordinates_are_short_and_always_numbers() {
        let shown: Vec<String> = [1.0, -0.001, 2.345_678, 100.0, f64::NAN, f64::INFINITY].into_iter().map(decimal).collect();
        assert_eq!(shown, ["1", "0", "2.35", "100", "0", "0"]);
    }

    #[test]
    fn groups_carry_a_class_and_a_title() {
        let mut scene = Scene::new(10.0, 10.0, "t", "d");
        let line = Shape::line((0.0, 0.0), (1.0, 1.0), Stroke::black(0.5).dashed(2.0, 1.0));
        scene.push(Shape::group("study", Some("Noppers 2011".to_owned()), vec![line]));
        let svg = write(&scene);
        assert!(svg.contains("<g class=\"study\">\n  <title>Noppers 2011</title>\n  <line "), "{svg}");
        assert!(svg.contains("stroke-dasharray=\"2 1\""));
    }
}
