//! The progress of an import: a bar on a terminal, lines elsewhere, events for programs.

pub(super) mod format;

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    events,
    status::{Snapshot, Speed, Status},
};
use crate::{args::Format, numbers::count, output, terminal};

/// The interval between two drawings of the bar, and between two lines or events.
const BAR: Duration = Duration::from_millis(200);
const LINE: Duration = Duration::from_secs(10);

/// The form in which progress is shown.
#[derive(Debug)]
pub(crate) enum Display {
    Bar { bar: ProgressBar, has_colours: bool },
    Lines,
    Events,
}

impl Display {
    pub(crate) fn new(format: Format, rows: u64) -> Self {
        match format {
            Format::Json => Self::Events,
            Format::Text if io::stderr().is_terminal() => {
                let bar = bar(rows);
                // indicatif shows nothing on a terminal without cursor control.
                if bar.is_hidden() {
                    Self::Lines
                } else {
                    Self::Bar { bar, has_colours: terminal::stderr_has_colours() }
                }
            }
            Format::Text => Self::Lines,
        }
    }

    /// Shows the status periodically, until the future is dropped.
    pub(crate) async fn follow(&self, status: &Status) {
        let period = if matches!(self, Self::Bar { .. }) { BAR } else { LINE };
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        if !matches!(self, Self::Bar { .. }) {
            // The first tick is immediate, when there is no progress yet.
            ticks.tick().await;
        }
        loop {
            ticks.tick().await;
            self.show(&status.snapshot());
        }
    }

    fn show(&self, snapshot: &Snapshot) {
        match self {
            Self::Bar { bar, has_colours } => {
                bar.set_position(snapshot.done);
                let message = message(snapshot);
                bar.set_message(if *has_colours { message } else { terminal::without_colours(&message) });
            }
            Self::Lines => output::note(format_args!("{}", line(snapshot))),
            Self::Events => events::progress(snapshot),
        }
    }

    /// Shows a last message and stops drawing.
    ///
    /// The bar stays as it is: the terminal may have echoed `^C` after it, so clearing would erase the wrong line.
    pub(crate) fn end(&self, message: std::fmt::Arguments<'_>) {
        match self {
            Self::Bar { bar, .. } => {
                bar.set_draw_target(ProgressDrawTarget::hidden());
                output::note(format_args!("\n{message}"));
            }
            Self::Lines | Self::Events => output::note(message),
        }
    }

    /// Removes the bar, unless it has [ended](Self::end).
    pub(crate) fn clear(&self) {
        if let Self::Bar { bar, .. } = self {
            bar.finish_and_clear();
        }
    }
}

fn bar(rows: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr());
    let characters = if terminal::has_unicode() { "━╸─" } else { "#>-" };
    // An invalid template leaves indicatif's default.
    if let Ok(style) = ProgressStyle::with_template("[{wide_bar}] {msg}") {
        bar.set_style(style.progress_chars(characters));
    }
    bar
}

/// Returns the text after the bar and on the two lines below. Its first line has a constant width, so that the bar does too.
fn message(snapshot: &Snapshot) -> String {
    let Snapshot { done, rows, .. } = *snapshot;
    let (percent, rows) = (format::percent(done, rows), count(rows));
    let (done, width) = (count(done), rows.len());
    let (counts, state) = (format::counts(snapshot), format::state(snapshot));
    let speed = format::speed(snapshot).map(|speed| format!("{speed}; ")).unwrap_or_default();
    format!("{percent:>6}  {done:>width$} of {rows} rows\n{counts}\n{speed}{state}")
}

/// Returns the time that a run took and its mean rate; `None` if it has no outcome.
pub(super) fn took(speed: &Speed) -> Option<String> {
    let pace = speed.pace.map(|pace| format!(", {} on average", format::pace(pace))).unwrap_or_default();
    (speed.rows > 0).then(|| format!("took {}{pace}", format::duration(speed.elapsed)))
}

/// Returns the progress on one line.
fn line(snapshot: &Snapshot) -> String {
    let (done, rows) = (count(snapshot.done), count(snapshot.rows));
    let (counts, state) = (format::counts(snapshot), format::state(snapshot));
    let speed = format::speed(snapshot).map(|speed| format!(", {speed}")).unwrap_or_default();
    format!("{done} of {rows} rows{speed}: {counts}; {state}")
}

#[cfg(test)]
mod tests {
    use vambe_api::bulk::Wait;

    use super::*;
    use crate::import::journal::Tally;

    #[test]
    fn shows_counts_speed_and_the_reason_for_waiting() {
        let mut tally = Tally::default();
        (tally.applied, tally.rejected) = (12_300, 45);
        let mut snapshot = Snapshot {
            rows: 50_000,
            done: 12_345,
            tally,
            retried: 7,
            in_flight: 8,
            pace: None,
            left: None,
            wait: None,
            cause: None,
        };
        let line = |snapshot: &Snapshot| terminal::without_colours(&line(snapshot));
        let message = |snapshot: &Snapshot| terminal::without_colours(&message(snapshot));
        assert_eq!(line(&snapshot), "12,345 of 50,000 rows: 12,300 applied, 45 rejected, 7 retried; 8 in flight");
        assert_eq!(
            message(&snapshot),
            " 24.6%  12,345 of 50,000 rows\n12,300 applied, 45 rejected, 7 retried\n8 in flight"
        );
        snapshot.pace = Some(0.2767);
        snapshot.left = Some(Duration::from_secs(136_000));
        snapshot.wait = Some((Some(Duration::from_secs(42)), Wait::RateLimit));
        snapshot.tally.unknown = 2;
        assert_eq!(
            line(&snapshot),
            "12,345 of 50,000 rows, 996/h, 1d 13h left: 12,300 applied, 45 rejected, 7 retried, 2 unknown; waiting 42s for \
             the rate limit"
        );
        assert!(message(&snapshot).ends_with("\n996/h, 1d 13h left; waiting 42s for the rate limit"));
        snapshot.wait = Some((Some(Duration::from_secs(8)), Wait::Outage));
        snapshot.cause = Some("Connection refused (os error 111)".to_owned());
        let state = "no response from the server, waiting 8s; last error: Connection refused (os error 111)";
        assert!(line(&snapshot).ends_with(state), "{}", line(&snapshot));
        assert!(message(&snapshot).ends_with(state), "{}", message(&snapshot));
    }
}
