//! Remembers, outside the review, where this device's logs ended.
//!
//! A log belongs to one reviewer on one device in one copy of the file. The device keeps the hash of each log's last operation; where
//! the file's log does not end with that hash (a cloned laptop, a restored backup, a copied file) a new log begins, so that a log
//! never forks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::ids::{LogId, ReviewerId};

use super::environment::write_whole;

/// The log heads of this device.
#[derive(Debug, Clone, Default)]
pub(super) struct LogBook {
    file: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Page {
    /// By "review id / reviewer / path of the file".
    heads: BTreeMap<String, Head>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    log: String,
    last_hash: String,
}

impl LogBook {
    /// Opens the log book of a home folder; without one nothing is remembered.
    pub fn new(home: Option<&Path>) -> Self {
        Self { file: home.map(|home| home.join("logs.json")) }
    }

    /// Returns the log to continue, with the hash that it must end with.
    pub fn find(&self, file_id: &str, reviewer: &ReviewerId, review: Option<&Path>) -> Option<(LogId, String)> {
        let head = self.read().heads.remove(&key(file_id, reviewer, review))?;
        Some((head.log.parse().ok()?, head.last_hash))
    }

    /// Remembers the end of a log. A failure is not an error: a new log begins next time.
    pub fn remember(&self, file_id: &str, reviewer: &ReviewerId, review: Option<&Path>, log: LogId, last_hash: &str) {
        let Some(file) = &self.file else { return };
        let mut page = self.read();
        page.heads.insert(key(file_id, reviewer, review), Head { log: log.to_string(), last_hash: last_hash.to_owned() });
        if let Ok(text) = serde_json::to_string_pretty(&page) {
            let _ = write_whole(file, &text);
        }
    }

    fn read(&self) -> Page {
        let text = self.file.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

fn key(file_id: &str, reviewer: &ReviewerId, review: Option<&Path>) -> String {
    let path = review.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_owned())).unwrap_or_default();
    format!("{file_id} / {reviewer} / {}", path.display())
}
