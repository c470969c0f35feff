//! Numbers: special functions, distributions, root finding, small linear algebra and measures of agreement.
//!
//! Pure functions on plain numbers. Nothing here knows what a study or a reviewer is. Accuracy goal: 1e-12 relative for every
//! distribution function and quantile, down to probabilities of 1e-300.

pub mod agreement;
pub mod dist;
pub mod icc;
pub mod lanes;
pub mod linear;
pub mod optimise;
pub mod pace;
pub mod random;
pub mod root;
pub mod special;
