//! Units of measurement as forms and reports write them: which can be turned into which, and by what factor.

/// A unit by what it measures and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Known {
    /// What is measured ("mass").
    of: &'static str,
    /// How many of the smallest unit of its kind it is.
    size: f64,
}

/// Returns the factor that turns a number in one unit into a number in another: 1000 from "g" to "mg", 60 from "mg/kg/min" to "mg/kg/h".
///
/// Units are compared part by part between slashes, so "mg/kg" turns into "\u{b5}g/kg" and not into "mg". `None` where one of them is not
/// known or they measure different things. Months and years are not turned into days: they have no fixed length.
pub fn unit_factor(from: &str, to: &str) -> Option<f64> {
    let (from, to) = (parts(from), parts(to));
    if from == to {
        return Some(1.0);
    }
    if from.len() != to.len() {
        return None;
    }
    let mut factor = 1.0;
    for (place, (one, other)) in from.iter().zip(&to).enumerate() {
        if one == other {
            continue;
        }
        let (one, other) = (known(one)?, known(other)?);
        if one.of != other.of {
            return None;
        }
        factor *= if place == 0 { one.size / other.size } else { other.size / one.size };
    }
    Some(factor)
}

/// Tells whether two spellings are the same unit ("mcg" and "\u{b5}g", "hours" and "h").
pub fn is_same_unit(one: &str, other: &str) -> bool {
    parts(one) == parts(other)
}

fn parts(unit: &str) -> Vec<String> {
    unit.split('/').map(spelled).collect()
}

/// Spells a unit in one way.
fn spelled(unit: &str) -> String {
    let unit = unit.trim().replace('\u{3bc}', "\u{b5}");
    let small = unit.to_lowercase();
    let known = match small.as_str() {
        "mcg" | "ug" | "\u{b5}g" | "microgram" | "micrograms" => "\u{b5}g",
        "milligram" | "milligrams" => "mg",
        "gram" | "grams" => "g",
        "kilogram" | "kilograms" => "kg",
        "ml" | "millilitre" | "millilitres" => "mL",
        "dl" => "dL",
        "l" | "litre" | "litres" | "liter" | "liters" => "L",
        "ul" | "\u{b5}l" => "\u{b5}L",
        "umol" | "\u{b5}mol" => "\u{b5}mol",
        "sec" | "second" | "seconds" => "s",
        "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "wk" | "week" | "weeks" => "w",
        "month" | "months" => "mo",
        "yr" | "year" | "years" => "y",
        _ => return unit,
    };
    known.to_owned()
}

fn known(unit: &str) -> Option<Known> {
    let of = |of, size| Some(Known { of, size });
    match unit {
        "ng" => of("mass", 1.0),
        "\u{b5}g" => of("mass", 1e3),
        "mg" => of("mass", 1e6),
        "g" => of("mass", 1e9),
        "kg" => of("mass", 1e12),
        "\u{b5}L" => of("volume", 1.0),
        "mL" => of("volume", 1e3),
        "dL" => of("volume", 1e5),
        "L" => of("volume", 1e6),
        "nmol" => of("amount", 1.0),
        "\u{b5}mol" => of("amount", 1e3),
        "mmol" => of("amount", 1e6),
        "mol" => of("amount", 1e9),
        "mm" => of("length", 1.0),
        "cm" => of("length", 10.0),
        "m" => of("length", 1e3),
        "s" => of("time", 1.0),
        "min" => of("time", 60.0),
        "h" => of("time", 3600.0),
        "d" => of("time", 86_400.0),
        "w" => of("time", 604_800.0),
        "mo" => of("calendar", 1.0),
        "y" => of("calendar", 12.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_are_turned_into_each_other() {
        for (from, to, factor) in [
            ("g", "mg", 1000.0),
            ("mg", "g", 0.001),
            ("mcg", "\u{b5}g", 1.0),
            ("mg/kg/min", "mg/kg/h", 60.0),
            ("\u{3bc}g/kg", "mg/kg", 0.001),
            ("mg/dL", "g/L", 0.01),
            ("hours", "min", 60.0),
            ("weeks", "days", 7.0),
            ("years", "months", 12.0),
            ("points", "points", 1.0),
        ] {
            let found = unit_factor(from, to).unwrap_or_else(|| panic!("{from} to {to}"));
            assert!((found - factor).abs() <= 1e-12 * factor, "{from} to {to}: {found}");
        }
    }

    #[test]
    fn units_of_different_kinds_are_not() {
        for (from, to) in [("mg", "mg/kg"), ("mg", "mL"), ("months", "days"), ("points", "mg"), ("mg/kg/h", "mg/kg")] {
            assert_eq!(unit_factor(from, to), None, "{from} to {to}");
        }
        assert!(is_same_unit("mcg/h", "\u{b5}g/hour") && !is_same_unit("mg", "g"));
    }
}
