//! `--watch`: shows each change of an import until its run ends, in place on a terminal and line by line elsewhere.

use std::{
    io::{self, IsTerminal as _, Write as _},
    thread,
    time::Duration,
};

use super::{OverviewError, View, text};
use crate::{
    args::Format,
    exit::Exit,
    import::{
        events,
        journal::{Activity, Overview, Tally},
    },
    output, terminal,
};

/// The time between two looks at the journal.
const PERIOD: Duration = Duration::from_secs(1);

/// Shows each change until the run ends.
pub(super) fn run(mut overview: Overview, format: Format) -> Result<Exit, OverviewError> {
    let mut screen = Screen::new(format);
    loop {
        let view = View::of(&overview);
        if let Err(error) = screen.show(&view) {
            // Nobody reads on.
            return Ok(output::check(Err(error)).err().unwrap_or(Exit::Done));
        }
        if !matches!(view.activity, Activity::Running | Activity::RunningOrKilled) {
            return Ok(Exit::Done);
        }
        thread::sleep(PERIOD);
        overview.refresh().map_err(|error| OverviewError::new(overview.path().to_owned(), error))?;
    }
}

/// The form in which changes are shown.
enum Screen {
    /// The number of lines that are on the terminal.
    Terminal(usize),
    /// The last state that was printed.
    Lines(Option<(Activity, Tally)>),
    Events(Option<(Activity, Tally)>),
}

impl Screen {
    fn new(format: Format) -> Self {
        match format {
            Format::Json => Self::Events(None),
            Format::Text if io::stdout().is_terminal() && terminal::has_cursor_control() => Self::Terminal(0),
            Format::Text => Self::Lines(None),
        }
    }

    fn show(&mut self, view: &View) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let state = (view.activity, view.tally.clone());
        match self {
            Self::Terminal(lines) => {
                let text = terminal::fit(&terminal::for_stdout(&text::of(view)));
                if *lines > 0 {
                    // To the first line, and everything below it is erased.
                    write!(out, "\x1b[{lines}A\x1b[J")?;
                }
                *lines = text.lines().count();
                out.write_all(text.as_bytes())?;
            }
            Self::Lines(last) if last.as_ref() != Some(&state) => {
                let of = if view.activity == Activity::Running { text::line(view) } else { text::of(view) };
                writeln!(out, "{}", terminal::for_stdout(of.trim_end()))?;
                *last = Some(state);
            }
            Self::Events(last) if last.as_ref() != Some(&state) => {
                events::write(&mut out, &events::status(view))?;
                *last = Some(state);
            }
            Self::Lines(_) | Self::Events(_) => {}
        }
        out.flush()
    }
}
