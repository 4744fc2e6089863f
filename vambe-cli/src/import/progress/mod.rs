//! Showing how far an import is: a bar on a terminal, a line now and then elsewhere, an event for programs.

mod words;

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{MissedTickBehavior, interval};

pub(super) use self::words::{count, plural};
use super::{
    events,
    status::{Snapshot, Status},
};
use crate::{args::Format, output};

/// How often a bar is drawn, and how often a line is written.
const BAR: Duration = Duration::from_millis(200);
const LINE: Duration = Duration::from_secs(10);

/// Where the progress is shown.
#[derive(Debug)]
pub(crate) enum Display {
    Bar(ProgressBar),
    Lines,
    Events,
}

impl Display {
    pub(crate) fn new(format: Format, rows: u64) -> Self {
        match format {
            Format::Json => Self::Events,
            Format::Text if io::stderr().is_terminal() => {
                let bar = bar(rows);
                // On a terminal that can only write lines, indicatif shows nothing at all.
                if bar.is_hidden() { Self::Lines } else { Self::Bar(bar) }
            }
            Format::Text => Self::Lines,
        }
    }

    /// Shows the status again and again, until it is dropped.
    pub(crate) async fn follow(&self, status: &Status) {
        let period = if matches!(self, Self::Bar(_)) { BAR } else { LINE };
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        if !matches!(self, Self::Bar(_)) {
            // The first one is at once, and there is nothing to tell yet.
            ticks.tick().await;
        }
        loop {
            ticks.tick().await;
            self.show(&status.snapshot());
        }
    }

    fn show(&self, snapshot: &Snapshot) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(snapshot.done);
                bar.set_message(message(snapshot));
            }
            Self::Lines => output::note(format_args!("{}", line(snapshot))),
            Self::Events => events::progress(snapshot),
        }
    }

    /// Says how it ends, and draws no more.
    ///
    /// A bar stays as it is: the terminal may have written `^C` behind it, and what is cleared would be a line too low.
    pub(crate) fn end(&self, message: std::fmt::Arguments<'_>) {
        match self {
            Self::Bar(bar) => {
                bar.set_draw_target(ProgressDrawTarget::hidden());
                output::note(format_args!("\n{message}"));
            }
            Self::Lines | Self::Events => output::note(message),
        }
    }

    /// Leaves the terminal as it was before the bar, unless that has [ended](Self::end).
    pub(crate) fn clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn bar(rows: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr());
    // Without colours, and of characters that every terminal has. A template that is wrong leaves the usual look.
    if let Ok(style) = ProgressStyle::with_template("[{wide_bar}] {msg}") {
        bar.set_style(style.progress_chars("#>-"));
    }
    bar
}

/// What stands behind the bar, and on two lines below. It is as wide as it will be, so that the bar stays as long as it is.
fn message(snapshot: &Snapshot) -> String {
    let Snapshot { done, rows, .. } = *snapshot;
    let (percent, rows) = (words::percent(done, rows), count(rows));
    let (done, width) = (count(done), rows.len());
    let (counts, state) = (words::counts(snapshot), words::state(snapshot));
    let speed = words::speed(snapshot).map(|speed| format!("{speed}; ")).unwrap_or_default();
    format!("{percent:>6}  {done:>width$} of {rows} rows\n{counts}\n{speed}{state}")
}

/// The same on one line.
fn line(snapshot: &Snapshot) -> String {
    let (done, rows) = (count(snapshot.done), count(snapshot.rows));
    let (counts, state) = (words::counts(snapshot), words::state(snapshot));
    let speed = words::speed(snapshot).map(|speed| format!(", {speed}")).unwrap_or_default();
    format!("{done} of {rows} rows{speed}: {counts}; {state}")
}

#[cfg(test)]
mod tests {
    use vambe_api::bulk::Wait;

    use super::*;

    #[test]
    fn the_display_tells_how_far_it_is_how_fast_and_what_is_waited_for() {
        let mut snapshot = Snapshot {
            rows: 50_000,
            done: 12_345,
            applied: 12_300,
            rejected: 45,
            not_sent: 0,
            unknown: 0,
            settled: 0,
            superseded: 0,
            retried: 7,
            in_flight: 8,
            pace: None,
            left: None,
            wait: None,
            cause: None,
        };
        assert_eq!(line(&snapshot), "12,345 of 50,000 rows: 12,300 applied, 45 rejected, 7 retried; 8 in flight");
        assert_eq!(
            message(&snapshot),
            " 24.6%  12,345 of 50,000 rows\n12,300 applied, 45 rejected, 7 retried\n8 in flight"
        );
        snapshot.pace = Some(0.2767);
        snapshot.left = Some(Duration::from_secs(136_000));
        snapshot.wait = Some((Some(Duration::from_secs(42)), Wait::RateLimit));
        snapshot.unknown = 2;
        assert_eq!(
            line(&snapshot),
            "12,345 of 50,000 rows, 996/h, 1d 13h left: 12,300 applied, 45 rejected, 7 retried, 2 unknown; waiting 42s for \
             the rate limit"
        );
        assert!(message(&snapshot).ends_with("\n996/h, 1d 13h left; waiting 42s for the rate limit"));
        snapshot.wait = Some((Some(Duration::from_secs(8)), Wait::Outage));
        snapshot.cause = Some("Connection refused (os error 111)".to_owned());
        let state = "nothing gets through, waiting 8s; last error: Connection refused (os error 111)";
        assert!(line(&snapshot).ends_with(state), "{}", line(&snapshot));
        assert!(message(&snapshot).ends_with(state), "{}", message(&snapshot));
    }
}
