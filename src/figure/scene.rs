//! A picture as a list of simple shapes, in points from the top left corner.
//!
//! Figures are laid out into a [`Scene`]; `svg` writes it as text and `export::raster` turns that into pixels. Nothing here knows what is drawn.

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// Black, the colour of text and lines.
    pub const BLACK: Self = Self(0, 0, 0);
    /// White, the colour of the page.
    pub const WHITE: Self = Self(255, 255, 255);
    /// Grey for what should step back.
    pub const GREY: Self = Self(0x6B, 0x6B, 0x6B);
}

/// A line's colour, thickness and pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour of the line.
    pub color: Color,
    /// Thickness in points.
    pub width: f64,
    /// Lengths of dash and gap in points; `None` draws the line through.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    /// Creates an unbroken black line of the given thickness in points.
    pub const fn black(width: f64) -> Self {
        Self { color: Color::BLACK, width, dash: None }
    }

    /// Returns the same line in another colour.
    pub const fn colored(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// Returns the same line broken into dashes and gaps, lengths in points.
    pub const fn dashed(self, dash: f64, gap: f64) -> Self {
        Self { dash: Some((dash, gap)), ..self }
    }
}

/// Which point of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Plain letters.
    Regular,
    /// Bold letters.
    Bold,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Horizontal position of the anchor in points.
    pub x: f64,
    /// Vertical position of the baseline in points.
    pub y: f64,
    /// The letters; no markup, any characters (the writer escapes and cleans them).
    pub content: String,
    /// Size of the letters in points.
    pub size: f64,
    /// Regular or bold.
    pub weight: Weight,
    /// Which end `x` names.
    pub anchor: Anchor,
    /// Colour of the letters.
    pub color: Color,
    /// Turn about the anchor in degrees, clockwise; 0 for upright text.
    pub rotation: f64,
}

impl Text {
    /// Creates black upright text whose baseline starts at `x`, `y`.
    pub fn new(x: f64, y: f64, content: impl Into<String>, size: f64) -> Self {
        let (weight, anchor) = (Weight::Regular, Anchor::Start);
        Self { x, y, content: content.into(), size, weight, anchor, color: Color::BLACK, rotation: 0.0 }
    }

    /// Returns the same text with another weight.
    pub fn weight(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// Returns the same text in bold letters.
    pub fn bold(self) -> Self {
        self.weight(Weight::Bold)
    }

    /// Returns the same text held at another point.
    pub fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Returns the same text in another colour.
    pub fn color(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// Returns the same text turned by some degrees, clockwise about its anchor.
    pub fn rotated(self, rotation: f64) -> Self {
        Self { rotation, ..self }
    }
}

/// One thing to draw; later shapes cover earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A straight line.
    Line {
        /// Start, x and y in points.
        from: (f64, f64),
        /// End, x and y in points.
        to: (f64, f64),
        /// How it is drawn.
        stroke: Stroke,
    },
    /// A rectangle.
    Rect {
        /// Left edge in points.
        x: f64,
        /// Top edge in points.
        y: f64,
        /// Width in points.
        width: f64,
        /// Height in points.
        height: f64,
        /// Radius of the corners in points, 0 for sharp ones.
        radius: f64,
        /// Colour inside, if any.
        fill: Option<Color>,
        /// Line around, if any.
        stroke: Option<Stroke>,
    },
    /// A closed area with straight sides.
    Polygon {
        /// Corners in order, x and y in points.
        points: Vec<(f64, f64)>,
        /// Colour inside, if any.
        fill: Option<Color>,
        /// Line around, if any.
        stroke: Option<Stroke>,
    },
    /// A circle.
    Circle {
        /// Centre, x and y in points.
        center: (f64, f64),
        /// Radius in points.
        radius: f64,
        /// Colour inside, if any.
        fill: Option<Color>,
        /// Line around, if any.
        stroke: Option<Stroke>,
    },
    /// A line of text.
    Text(Text),
    /// Shapes that belong together.
    Group {
        /// What they are, for style sheets and readers of the file: `study`, `axis`.
        class: String,
        /// What they say, for people who listen to the figure or point at it.
        title: Option<String>,
        /// The shapes, in order of drawing.
        shapes: Vec<Shape>,
    },
}

impl Shape {
    /// Creates a line between two points.
    pub const fn line(from: (f64, f64), to: (f64, f64), stroke: Stroke) -> Self {
        Self::Line { from, to, stroke }
    }

    /// Creates a filled polygon without an outline.
    pub const fn filled(points: Vec<(f64, f64)>, fill: Color) -> Self {
        Self::Polygon { points, fill: Some(fill), stroke: None }
    }

    /// Creates a group with an accessible title.
    pub fn group(class: &str, title: Option<String>, shapes: Vec<Shape>) -> Self {
        Self::Group { class: class.to_owned(), title, shapes }
    }
}

impl From<Text> for Shape {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

/// A whole figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width of the page in points.
    pub width: f64,
    /// Height of the page in points.
    pub height: f64,
    /// Short name of the figure, read out first.
    pub title: String,
    /// What the figure shows, in sentences; may be empty.
    pub description: String,
    /// What is drawn, in order.
    pub shapes: Vec<Shape>,
}

impl Scene {
    /// Creates an empty page of the given size in points.
    pub fn new(width: f64, height: f64, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { width, height, title: title.into(), description: description.into(), shapes: Vec::new() }
    }

    /// Draws one more shape on top.
    pub fn push(&mut self, shape: impl Into<Shape>) {
        self.shapes.push(shape.into());
    }
}
