//! The options of the program, for `vambe-emulator` and `vambe emulator` alike.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, ValueHint};

use crate::{Answers, Fault, FaultMix, Limit};

/// The options of the program, as arguments for clap.
#[derive(Clone, Debug, Args)]
#[command(
    about = "Serve Vambe's public ticket API from memory, for tests",
    long_about = "Serve Vambe's public ticket API from memory, for tests\n\n\
                  Ctrl-C or SIGTERM stops the server. Nothing is stored: every start begins with the same state.\n\n\
                  The exit code is 0 after a signal, 1 after an error, and 2 if the command line is invalid."
)]
pub struct Options {
    /// IP address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 takes any free port
    #[arg(long, value_name = "PORT", default_value = "8080")]
    port: u16,
    /// Start with the API keys, contacts and tickets in this JSON file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) state: Option<PathBuf>,
    /// Print the default state as JSON, a template for --state
    #[arg(long)]
    pub(super) print_state: bool,
    /// Accept every well-formed identifier: an unknown one gets a new contact with an active ticket
    #[arg(long)]
    pub(super) any_contact: bool,
    /// Style of the responses to rejected requests; nestjs by default
    #[arg(long, value_name = "STYLE", value_enum, default_value = "nestjs", hide_default_value = true)]
    pub(super) answers: Answers,
    /// Inject this fault into every update; several faults are injected in turn, an outage once
    #[arg(long, value_name = "FAULT")]
    pub(super) fault: Vec<Fault>,
    /// Inject a random fault of this mix into every update, e.g. 503=1,none=9
    ///
    /// Each fault has a weight; the weight of `none` is the share of updates that succeed.
    #[arg(long, value_name = "MIX", conflicts_with = "fault")]
    fault_mix: Option<FaultMix>,
    /// Seed of the mix; the same seed draws the same faults
    #[arg(long, value_name = "N", default_value = "0", requires = "fault_mix", conflicts_with = "fault")]
    fault_seed: u64,
    /// Maximum request rate, e.g. 1000/h, 600/min, 10/s; other updates get 429 with Retry-After
    #[arg(long, value_name = "RATE")]
    pub(super) limit: Option<Limit>,
    /// Serve a live page at / and a control API below /__emulator/, which need no API key
    #[arg(long)]
    pub(super) control: bool,
    /// Print no line per request
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Print all faults and their text forms
    #[arg(long)]
    pub(super) list_faults: bool,
}

impl Options {
    pub(super) fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    pub(super) fn fault_mix(&self) -> Option<FaultMix> {
        self.fault_mix.clone().map(|mix| mix.with_seed(self.fault_seed))
    }
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn parse(args: &[&str]) -> Result<Options, clap::Error> {
        let command = Options::augment_args(clap::Command::new("emulator").no_binary_name(true));
        Options::from_arg_matches(&command.try_get_matches_from(args)?)
    }

    #[test]
    fn the_grammar_does_not_contradict_itself() {
        Options::augment_args(clap::Command::new("emulator")).debug_assert();
    }

    #[test]
    fn every_option_has_its_effect() {
        let address = |args: &[&str]| parse(args).unwrap().address().to_string();
        assert_eq!(address(&[]), "127.0.0.1:8080");
        assert_eq!(address(&["--port", "0"]), "127.0.0.1:0");
        assert_eq!(address(&["--host", "::1"]), "[::1]:8080");
        assert_eq!(parse(&["--state", "seed.json"]).unwrap().state, Some("seed.json".into()));
        assert!(parse(&["--print-state"]).unwrap().print_state);
        assert!(parse(&["--any-contact"]).unwrap().any_contact);
        assert!(parse(&["--control"]).unwrap().control);
        assert!(!parse(&[]).unwrap().control && !parse(&[]).unwrap().any_contact);
        assert_eq!(parse(&["--limit", "1000/h"]).unwrap().limit, "1000/h".parse().ok());
        assert!(parse(&["--list-faults", "--port", "1"]).unwrap().list_faults);
        let rotation = parse(&["--fault", "none", "--fault=html-200"]).unwrap();
        assert_eq!((rotation.fault_mix(), rotation.fault), (None, vec![Fault::none(), Fault::html_200()]));
        let mix = FaultMix::seeded(0).with(Fault::none(), 9).with(Fault::body_cut(crate::StatusCode::OK), 1);
        assert_eq!(parse(&["--fault-mix", "none=9,body-cut=1"]).unwrap().fault_mix(), Some(mix.clone()));
        let seeded = parse(&["--fault-seed", "7", "--fault-mix", "none=9,body-cut=1"]).unwrap();
        assert_eq!(seeded.fault_mix(), Some(mix.with_seed(7)));
    }

    #[test]
    fn rejects_everything_else() {
        for args in [
            &["--unknown"][..],
            &["file"],
            &["--port"],
            &["--port", "65536"],
            &["--host", "localhost"],
            &["--state"],
            &["--print-state=yes"],
            &["--control=yes"],
            &["--fault"],
            &["--fault", "nonsense"],
            &["--limit", "1000"],
            &["--fault-mix", "none"],
            &["--fault-seed", "-1", "--fault-mix", "none=1"],
            &["--fault-seed", "1"],
            &["--fault-seed", "1", "--fault", "none"],
            &["--fault", "none", "--fault-mix", "none=1"],
        ] {
            assert!(parse(args).is_err(), "{args:?}");
        }
    }
}
