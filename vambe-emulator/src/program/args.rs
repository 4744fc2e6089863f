//! The whole grammar of the command line, and its help.

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use lexopt::{Arg, Error, Parser, ValueExt as _};

use crate::{Fault, FaultError, FaultMix};

const DEFAULT_HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const DEFAULT_PORT: u16 = 8080;

/// What stands after the program's name in a usage line.
pub(super) const USAGE: &str = "[--host ADDRESS] [--port PORT] [--state FILE] [--fault FAULT]...";

/// The options, as `--help` has them.
const OPTIONS: &str = "
  --host ADDRESS    the IP address to listen on (default: 127.0.0.1)
  --port PORT       the port to listen on; 0 takes any free one (default: 8080)
  --state FILE      start with the keys, contacts and tickets in this JSON file
  --print-state     print the default state as JSON, to start a file from
  --fault FAULT     let every update meet this fault; given several times, the updates
                    meet the faults one after the other, and again from the first
  --fault-mix MIX   let every update draw a fault from FAULT=WEIGHT,FAULT=WEIGHT,...;
                    the share of `none` goes well
  --fault-seed N    the seed of the mix: the same one draws the same faults (default: 0)
  --list-faults     print all faults
  --help            print this
  --version         print the version

Ctrl-C or SIGTERM stops it. Nothing is stored: it always starts with the same state.
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Version,
    PrintState,
    ListFaults,
    Serve { address: SocketAddr, state: Option<PathBuf>, faults: Faults },
}

/// What goes wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Faults {
    None,
    Rotation(Vec<Fault>),
    Mix(FaultMix),
}

/// Writes the answer to `--help`.
pub(super) fn write_help(out: &mut dyn Write, name: &str) -> io::Result<()> {
    write!(out, "Serves Vambe's public ticket API from memory, for tests.\n\nusage: {name} {USAGE}\n{OPTIONS}")
}

/// Reads the command line. The last of several values for one option counts.
pub(super) fn parse(mut parser: Parser) -> Result<Command, Error> {
    let mut host = DEFAULT_HOST;
    let mut port = DEFAULT_PORT;
    let mut state = None;
    let mut rotation = Vec::new();
    let mut mix: Option<FaultMix> = None;
    let mut seed = None;
    let mut print = None;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Command::Version),
            Arg::Long("print-state") => print = Some(Command::PrintState),
            Arg::Long("list-faults") => print = Some(Command::ListFaults),
            Arg::Long("host") => host = value(&mut parser, "--host takes an IP address such as 127.0.0.1")?,
            Arg::Long("port") => port = value(&mut parser, "--port takes a number from 0 to 65535")?,
            Arg::Long("state") => state = Some(PathBuf::from(parser.value()?)),
            Arg::Long("fault") => rotation.push(fault(&mut parser, "--fault")?),
            Arg::Long("fault-mix") => mix = Some(fault(&mut parser, "--fault-mix")?),
            Arg::Long("fault-seed") => {
                seed = Some(value(&mut parser, "--fault-seed takes a whole number that is not negative")?);
            }
            other => return Err(other.unexpected()),
        }
    }
    if let Some(print) = print {
        return Ok(print);
    }
    let faults = match (rotation.is_empty(), mix, seed) {
        (true, Some(mix), seed) => Faults::Mix(mix.with_seed(seed.unwrap_or_default())),
        (_, None, Some(_)) => return Err("--fault-seed is the seed of a mix; give it one with --fault-mix".into()),
        (false, Some(_), _) => return Err("--fault and --fault-mix exclude each other; leave one out".into()),
        (false, None, None) => Faults::Rotation(rotation),
        (true, None, None) => Faults::None,
    };
    Ok(Command::Serve { address: SocketAddr::new(host, port), state, faults })
}

fn value<T: FromStr>(parser: &mut Parser, expected: &'static str) -> Result<T, Error> {
    let value = parser.value()?;
    value.to_str().and_then(|value| value.parse().ok()).ok_or_else(|| expected.into())
}

fn fault<T: FromStr<Err = FaultError>>(parser: &mut Parser, option: &str) -> Result<T, Error> {
    parser.value()?.string()?.parse().map_err(|error: FaultError| format!("{option}: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(address: &str, state: Option<&str>) -> Command {
        Command::Serve { address: address.parse().unwrap(), state: state.map(PathBuf::from), faults: Faults::None }
    }

    fn faults(faults: Faults) -> Command {
        Command::Serve { address: SocketAddr::new(DEFAULT_HOST, DEFAULT_PORT), state: None, faults }
    }

    #[test]
    fn every_option_has_its_effect() {
        let mix = FaultMix::seeded(0).with(Fault::none(), 9).with(Fault::body_cut(crate::StatusCode::OK), 1);
        for (args, expected) in [
            (&[][..], serve("127.0.0.1:8080", None)),
            (&["--port", "0"], serve("127.0.0.1:0", None)),
            (&["--port=1", "--port=2"], serve("127.0.0.1:2", None)),
            (&["--host", "::1"], serve("[::1]:8080", None)),
            (&["--state", "seed.json"], serve("127.0.0.1:8080", Some("seed.json"))),
            (&["--print-state"], Command::PrintState),
            (&["--list-faults", "--port", "1"], Command::ListFaults),
            (&["--fault", "reset-after-write"], faults(Faults::Rotation(vec![Fault::reset_after_write()]))),
            (
                &["--fault", "none", "--fault=html-200"],
                faults(Faults::Rotation(vec![Fault::none(), Fault::html_200()])),
            ),
            (&["--fault-mix", "none=9,body-cut=1"], faults(Faults::Mix(mix.clone()))),
            (&["--fault-seed", "7", "--fault-mix", "none=9,body-cut=1"], faults(Faults::Mix(mix.with_seed(7)))),
            (&["--help"], Command::Help),
            (&["-h"], Command::Help),
            (&["--version"], Command::Version),
            (&["-V"], Command::Version),
        ] {
            assert_eq!(parse(Parser::from_args(args)).unwrap(), expected, "{args:?}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for args in [
            &["--unknown"][..],
            &["file"],
            &["--port"],
            &["--port", "65536"],
            &["--host", "localhost"],
            &["--state"],
            &["--print-state=yes"],
            &["--fault"],
            &["--fault", "nonsense"],
            &["--fault-mix", "none"],
            &["--fault-seed", "-1", "--fault-mix", "none=1"],
            &["--fault-seed", "1"],
            &["--fault-seed", "1", "--fault", "none"],
            &["--fault", "none", "--fault-mix", "none=1"],
        ] {
            assert!(parse(Parser::from_args(args)).is_err(), "{args:?}");
        }
    }
}
