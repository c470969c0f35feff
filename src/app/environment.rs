//! What the program takes from its surroundings: the clock, randomness, and the folder where it keeps what belongs to the device.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::time::{Clock, FixedClock, SystemClock, Timestamp};

use super::error::{Error, Result};

/// The surroundings of a run. Tests give their own; the program reads them once at its start.
pub struct Environment {
    /// Tells the time.
    pub clock: Box<dyn Clock>,
    /// Makes identities.
    pub names: Names,
    /// Where the device's state lives (log heads, locks, backups); `None` keeps nothing.
    pub home: Option<PathBuf>,
}

/// Makes identities that no other copy of the review can make.
#[derive(Debug, Clone)]
pub enum Names {
    /// Random, from the operating system.
    Random,
    /// From a seed, for transcripts that must not change.
    Seeded(u64),
}

impl Names {
    /// Returns sixteen bytes; with a seed they depend on the seed and on what is `salted` in.
    ///
    /// # Errors
    /// [`Error`] where the operating system has no randomness.
    pub fn next(&self, salted: &str) -> Result<[u8; 16]> {
        match self {
            Self::Random => {
                let mut bytes = [0; 16];
                getrandom::fill(&mut bytes).map_err(|error| {
                    Error::new(super::error::ErrorKind::Internal, format!("the system gave no random numbers: {error}"))
                })?;
                Ok(bytes)
            }
            Self::Seeded(seed) => {
                let digest: [u8; 32] = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(salted).finalize().into();
                Ok(digest[..16].try_into().expect("sixteen of thirty-two bytes"))
            }
        }
    }
}

impl Environment {
    /// Reads the surroundings of the process: `TAMIS_HOME` for the folder, else the platform's folder for application state; for
    /// repeatable transcripts `TAMIS_CLOCK` (a moment) and `TAMIS_SEED` (a number).
    ///
    /// # Errors
    /// [`Error`] where one of the two has a value that cannot be read.
    pub fn of_process() -> Result<Self> {
        let clock: Box<dyn Clock> = match std::env::var("TAMIS_CLOCK") {
            Ok(text) => Box::new(FixedClock(Timestamp::parse(&text).map_err(|error| Error::user(format!("TAMIS_CLOCK: {error}")))?)),
            Err(_) => Box::new(SystemClock),
        };
        let names = match std::env::var("TAMIS_SEED") {
            Ok(text) => Names::Seeded(text.parse().map_err(|_| Error::user(format!("TAMIS_SEED: \"{text}\" is not a number")))?),
            Err(_) => Names::Random,
        };
        Ok(Self { clock, names, home: home_folder() })
    }

    /// Returns the folder for lock files.
    pub fn lock_folder(&self) -> Option<PathBuf> {
        self.home.as_deref().map(|home| home.join("locks"))
    }

    /// Returns the folder for backups of a review.
    pub fn backup_folder(&self, file_id: &str) -> Option<PathBuf> {
        self.home.as_deref().map(|home| home.join("backups").join(file_id))
    }
}

fn home_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    if let Some(home) = std::env::var_os("TAMIS_HOME").filter(|home| !home.is_empty()) {
        return Some(PathBuf::from(home));
    }
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.state_dir().unwrap_or_else(|| places.data_dir()).join("tamis"))
}

/// Writes a small file so that a reader sees either the old or the new content.
///
/// # Errors
/// The operating system's error.
pub(super) fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}
