//! The whole grammar of the command line, and its help.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use lexopt::{Arg, Error, Parser};

const DEFAULT_HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const DEFAULT_PORT: u16 = 8080;

/// The reminder after a command line that makes no sense.
pub(crate) const USAGE: &str = "usage: vambe-emulator [--host ADDRESS] [--port PORT] [--state FILE] (--help says more)";

/// The answer to `--help`.
pub(crate) const HELP: &str = "\
Serves Vambe's public ticket API from memory, for tests.

usage: vambe-emulator [--host ADDRESS] [--port PORT] [--state FILE]

  --host ADDRESS  the IP address to listen on (default: 127.0.0.1)
  --port PORT     the port to listen on; 0 takes any free one (default: 8080)
  --state FILE    start with the keys, contacts and tickets in this JSON file
  --print-state   print the default state as JSON, to start a file from
  --help          print this
  --version       print the version

Ctrl-C stops it. Nothing is stored: it always starts with the same state.
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Version,
    PrintState,
    Serve { address: SocketAddr, state: Option<PathBuf> },
}

/// Reads the command line. The last of several values for one option counts.
pub(crate) fn parse(mut parser: Parser) -> Result<Command, Error> {
    let mut host = DEFAULT_HOST;
    let mut port = DEFAULT_PORT;
    let mut state = None;
    let mut print_state = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Command::Version),
            Arg::Long("print-state") => print_state = true,
            Arg::Long("host") => host = value(&mut parser, "--host takes an IP address such as 127.0.0.1")?,
            Arg::Long("port") => port = value(&mut parser, "--port takes a number from 0 to 65535")?,
            Arg::Long("state") => state = Some(PathBuf::from(parser.value()?)),
            other => return Err(other.unexpected()),
        }
    }
    if print_state {
        return Ok(Command::PrintState);
    }
    Ok(Command::Serve { address: SocketAddr::new(host, port), state })
}

fn value<T: FromStr>(parser: &mut Parser, expected: &'static str) -> Result<T, Error> {
    let value = parser.value()?;
    value.to_str().and_then(|value| value.parse().ok()).ok_or_else(|| expected.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(address: &str, state: Option<&str>) -> Command {
        Command::Serve { address: address.parse().unwrap(), state: state.map(PathBuf::from) }
    }

    #[test]
    fn every_option_has_its_effect() {
        for (args, expected) in [
            (&[][..], serve("127.0.0.1:8080", None)),
            (&["--port", "0"], serve("127.0.0.1:0", None)),
            (&["--port=1", "--port=2"], serve("127.0.0.1:2", None)),
            (&["--host", "::1"], serve("[::1]:8080", None)),
            (&["--state", "seed.json"], serve("127.0.0.1:8080", Some("seed.json"))),
            (&["--print-state"], Command::PrintState),
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
        ] {
            assert!(parse(Parser::from_args(args)).is_err(), "{args:?}");
        }
    }
}
