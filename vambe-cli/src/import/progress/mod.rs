//! Showing how far an import is: a bar on a terminal, a line now and then elsewhere, an event for programs.

mod words;

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{MissedTickBehavior, interval};

pub(super) use self::words::count;
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
            Format::Text if std::io::stderr().is_terminal() => Self::Bar(bar(rows)),
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

    /// Says something besides.
    pub(crate) fn note(&self, message: std::fmt::Arguments<'_>) {
        match self {
            Self::Bar(bar) => bar.suspend(|| output::note(message)),
            Self::Lines | Self::Events => output::note(message),
        }
    }

    /// Leaves the terminal as it was before the bar.
    pub(crate) fn clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn bar(rows: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr());
    // Without colours, and of characters that every terminal has. A template that is wrong leaves the usual look.
    if let Ok(style) = ProgressStyle::with_template("[{bar:40}] {percent:>3}%  {msg}") {
        bar.set_style(style.progress_chars("#>-"));
    }
    bar
}

/// What stands behind and below the bar.
fn message(snapshot: &Snapshot) -> String {
    let Snapshot { done, rows, in_flight, .. } = snapshot;
    let speed = words::speed(snapshot);
    let state = match snapshot.wait {
        Some(wait) => words::wait(wait),
        None => format!("{in_flight} in flight"),
    };
    format!("{} of {} rows  {speed}\n{}; {state}", count(*done), count(*rows), words::counts(snapshot))
}

fn line(snapshot: &Snapshot) -> String {
    message(snapshot).replace("  \n", ": ").replace("  ", ", ").replace('\n', ": ")
}

#[cfg(test)]
mod tests {
    use vambe_api::bulk::Wait;

    use super::*;

    #[test]
    fn a_line_tells_how_far_it_is_how_fast_and_what_is_waited_for() {
        let mut snapshot = Snapshot {
            rows: 50_000,
            done: 12_345,
            applied: 12_300,
            rejected: 45,
            not_sent: 0,
            unknown: 0,
            retried: 7,
            in_flight: 8,
            pace: None,
            left: None,
            wait: None,
        };
        assert_eq!(line(&snapshot), "12,345 of 50,000 rows: 12,300 applied, 45 rejected, 7 retried; 8 in flight");
        snapshot.pace = Some(0.2767);
        snapshot.left = Some(Duration::from_secs(136_000));
        snapshot.wait = Some((Duration::from_secs(42), Wait::RateLimit));
        snapshot.unknown = 2;
        assert_eq!(
            line(&snapshot),
            "12,345 of 50,000 rows, 17/min, 1d 13h left: 12,300 applied, 45 rejected, 7 retried, 2 unknown; waiting 42s for \
             the rate limit"
        );
    }
}
