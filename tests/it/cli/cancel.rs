//! Ctrl-C in the middle of long work leaves all of it or nothing.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Scratch;

const RECORDS: usize = 12_000;

#[test]
fn an_import_that_is_interrupted_is_there_whole_or_not_at_all() {
    let text: String =
        (0..RECORDS).map(|n| format!("TY  - JOUR\nTI  - Title {n} about something\nAU  - Author{n}, A\nPY  - 2001\nER  - \n")).collect();
    let mut outcomes = Vec::new();
    // A machine that is busy may end the import before it comes to send the wish: then the next one is tried.
    for delay in [30u64, 150, 400, 900, 0] {
        let scratch = Scratch::with_review();
        scratch.write("big.ris", &text);
        let mut command = scratch.command();
        let mut child = command
            .args(["import", "big.ris", "--source", "Big"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let since = Instant::now();
        let mut has_asked = false;
        let status = loop {
            if let Some(status) = child.try_wait().expect("the program can be watched") {
                break status;
            }
            if !has_asked && since.elapsed() > Duration::from_millis(delay) {
                has_asked = true;
                // One wish to stop, as Ctrl-C sends it.
                let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            }
            assert!(since.elapsed() < Duration::from_secs(120), "the import neither ended nor stopped");
            std::thread::yield_now();
        };
        let records = scratch.json("status")["records"].as_u64().expect("a number") as usize;
        match status.code() {
            Some(0) => assert_eq!(records, RECORDS),
            // Stopped by the program itself, or by the signal before the program had begun to watch for it.
            Some(1) | None => assert_eq!(records, 0),
            other => panic!("exit code {other:?}"),
        }
        assert_eq!(scratch.json("check")["problems"], serde_json::json!([]));
        outcomes.push(status.code());
        if outcomes.contains(&Some(0)) && outcomes.iter().any(|code| *code != Some(0)) {
            break;
        }
    }
    assert!(outcomes.iter().any(|code| *code != Some(0)), "at least one was stopped: {outcomes:?}");
}
