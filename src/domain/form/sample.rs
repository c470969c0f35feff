//! A small form that the tests of several modules share.

use super::{Arm, ArmRole, Direction, Field, FieldType, Form, Outcome, OutcomeKind, Scope, Timepoint};
use crate::domain::analysis::{AnalysisSpec, EffectMeasure};

/// Builds a form with two arms, four fields, a continuous and a dichotomous outcome, and two analyses.
pub(crate) fn form() -> Form {
    let arm = |id: &str, label: &str, role| Arm { id: id.into(), label: label.into(), role };
    let timepoint = |id: &str, label: &str| Timepoint { id: id.into(), label: Some(label.into()) };
    Form {
        form: "pain".into(),
        version: 1,
        title: "Pain".into(),
        extractors: 2,
        arms: vec![arm("drug", "Drug", ArmRole::Experimental), arm("placebo", "Placebo", ArmRole::Control)],
        fields: vec![
            Field { required: true, options: vec!["RCT parallel".into(), "RCT crossover".into()], ..field("design", FieldType::Choice) },
            Field { options: vec!["public".into(), "industry".into(), "none".into()], ..field("funding", FieldType::Multi) },
            Field { min: Some(1.0), scope: Scope::Arm, ..field("n_randomised", FieldType::Integer) },
            Field { unit: Some("mg/kg".into()), min: Some(0.0), scope: Scope::Arm, ..field("dose", FieldType::Decimal) },
        ],
        outcomes: vec![
            Outcome {
                id: "pain".into(),
                label: "Pain".into(),
                kind: OutcomeKind::Continuous,
                direction: Some(Direction::LowerBetter),
                event: None,
                scale: Some([0.0, 100.0]),
                unit: Some("points".into()),
                accept: Vec::new(),
                harmonise: false,
                mid: None,
                granularity: None,
                timepoints: vec![timepoint("immediate", "Immediate"), timepoint("short", "Short term")],
            },
            Outcome {
                id: "harm".into(),
                label: "Adverse events".into(),
                kind: OutcomeKind::Dichotomous,
                direction: None,
                event: Some("any adverse event".into()),
                scale: None,
                unit: None,
                accept: Vec::new(),
                harmonise: false,
                mid: None,
                granularity: None,
                timepoints: vec![timepoint("any", "Any time")],
            },
        ],
        analyses: vec![
            AnalysisSpec { subgroup: Some("design".into()), ..analysis("1.1", "pain", "immediate", EffectMeasure::MeanDifference) },
            analysis("1.2", "harm", "any", EffectMeasure::RiskRatio),
        ],
        appraisals: Vec::new(),
        validations: Vec::new(),
    }
}

/// Builds a field of the study that may stay empty.
pub(crate) fn field(id: &str, kind: FieldType) -> Field {
    Field {
        section: "methods".into(),
        id: id.into(),
        label: None,
        kind,
        required: false,
        options: Vec::new(),
        unit: None,
        units: Vec::new(),
        precision: None,
        min: None,
        max: None,
        guidance: None,
        scope: Scope::Study,
        show_if: None,
        characteristic: None,
    }
}

fn analysis(id: &str, outcome: &str, timepoint: &str, measure: EffectMeasure) -> AnalysisSpec {
    AnalysisSpec {
        id: id.into(),
        title: id.into(),
        outcome: outcome.into(),
        timepoint: timepoint.into(),
        experimental: "drug".into(),
        control: "placebo".into(),
        measure,
        model: Default::default(),
        method: Default::default(),
        tau2: Default::default(),
        test: Default::default(),
        level: 95.0,
        subgroup: None,
        cuts: Vec::new(),
        moderators: Vec::new(),
        favours_left: None,
        favours_right: None,
    }
}
