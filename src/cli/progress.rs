//! Long work: a bar on standard error while a person looks on, and Ctrl-C as a wish to stop.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::SigId;
use signal_hook::consts::SIGINT;

/// Work that is watched: it reports how far it is and learns whether it should stop.
pub struct Watched {
    bar: Option<ProgressBar>,
    phase: &'static str,
    stop: Arc<AtomicBool>,
    handlers: Vec<SigId>,
}

impl Watched {
    /// Begins to watch. The first Ctrl-C asks the work to stop, the second one ends the program; the review is whole either way.
    pub fn begin() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let twice = signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stop));
        let once = signal_hook::flag::register(SIGINT, Arc::clone(&stop));
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            if let Ok(style) = ProgressStyle::with_template("{msg:18} {bar:30} {percent:>3}%  {elapsed} (Ctrl-C stops)") {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar
        });
        Self { bar, phase: "", stop, handlers: [twice, once].into_iter().flatten().collect() }
    }

    /// Takes note of progress; false asks the work to stop.
    pub fn step(&mut self, done: usize, total: usize, phase: &'static str) -> bool {
        if let Some(bar) = self.bar.as_ref().filter(|bar| bar.elapsed() > Duration::from_millis(300)) {
            if self.phase != phase {
                self.phase = phase;
                bar.set_message(phase);
            }
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
        !self.stop.load(Ordering::Relaxed)
    }

    /// Ends the watch and takes the bar away.
    pub fn end(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        for handler in self.handlers {
            signal_hook::low_level::unregister(handler);
        }
    }
}
