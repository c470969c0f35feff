//! Pooling: from the numbers of studies to a meta-analysis. Pure functions on plain values; no ids, no strings but labels.
//!
//! The way of the numbers: a [`Dataset`] of studies in one of nine shapes ([`StudyData`]) -> [`measure::effects`] gives effect and
//! variance per study -> [`pool`](pool::pool) gives a [`Pooled`] result. Studies that cannot be estimated keep their place in every
//! vector as `None`. Ratio measures are on the natural-log scale throughout; [`EffectMeasure::back_transform`] leads to the scale
//! that people read.
//!
//! ```
//! use tamis::meta::{Dataset, EffectMeasure, Options, StudyData, measure::TwoByTwo, pool};
//!
//! let studies = vec![TwoByTwo::new(4.0, 123.0, 11.0, 139.0), TwoByTwo::new(6.0, 306.0, 29.0, 303.0)];
//! let dataset = Dataset::new(vec!["Aronson 1948".into(), "Ferguson 1949".into()], StudyData::TwoByTwo(studies));
//! let pooled = pool(&dataset, &Options::new(EffectMeasure::RiskRatio)).unwrap();
//! assert_eq!(pooled.k, 2);
//! assert!(pooled.estimate < 0.0);
//! ```

pub mod accuracy;
pub mod bias;
pub mod compare;
pub mod components;
pub mod convert;
pub mod cumulative;
pub mod dataset;
mod deletion;
pub mod fit;
pub mod glmm;
pub mod heterogeneity;
pub mod influence;
pub mod interval;
pub mod mantel_haenszel;
pub mod measure;
pub mod multilevel;
mod nested;
pub mod network;
pub mod options;
pub mod permutation;
pub mod pool;
pub mod predict;
pub mod regression;
mod remarks;
pub mod resample;
pub mod result;
pub mod rules;
pub mod selection;
pub mod subgroup;
pub mod subsets;
pub mod tau2;
pub mod trim_and_fill;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod published;

pub use dataset::{Dataset, Moderator, StudyData, Totals};
pub use measure::{Effect, EffectMeasure};
pub use options::{Convention, Correction, CorrectionAmount, CorrectionRule, Method, Model, Options, Test, VarianceType};
pub use pool::pool;
pub use regression::{Formula, Regression, Term, regress, regress_formula};
pub use result::{Interval, MetaError, Pooled, StudyEffect, Usable};
pub use subgroup::{CommonTau2, Subgroup, SubgroupAnalysis, pool_subgroups, pool_subgroups_common_tau2};
pub use tau2::Tau2Method;
