//! The database that a URL names, and whether the connection to it is encrypted.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::{Error, tls::Tls};

/// A database to connect to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) config: Config,
    /// `None` if the connection is not encrypted.
    pub(crate) tls: Option<Tls>,
}

impl Target {
    /// Reads a URL. It may have `sslmode` and `sslrootcert`, which are libpq's names.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let (config, roots) = read(url)?;
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(Tls::new(roots.as_deref().filter(|path| *path != Path::new("system")))?),
        };
        Ok(Self { config, tls })
    }
}

/// Reads a URL, and the file of `sslrootcert`, without opening it.
fn read(url: &str) -> Result<(Config, Option<PathBuf>), Error> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(Error::Url("it does not begin with postgres://".into()));
    }
    let (mut mode, mut roots) = (None, None);
    let (base, query) = url.rsplit_once('?').unwrap_or((url, ""));
    // The driver knows neither `sslrootcert` nor `verify-full`.
    let mut others = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => {
                let path = percent_decode_str(value).decode_utf8().map_err(|error| Error::Url(error.into()))?;
                roots = Some(PathBuf::from(path.as_ref()));
            }
            _ => others.push(pair),
        }
    }
    let mut config: Config = format!("{base}?{}", others.join("&"))
        .parse()
        .map_err(|error: tokio_postgres::Error| Error::Url(error.into()))?;
    config.ssl_mode(match mode {
        Some("disable") => SslMode::Disable,
        Some("prefer") => SslMode::Prefer,
        Some("require" | "verify-full") => SslMode::Require,
        Some(_) => return Err(Error::Url("sslmode is one of disable, prefer, require and verify-full".into())),
        // As for the API, only a connection within this machine may be in the clear unless the user asks for it.
        None if roots.is_none() && is_local(&config) => SslMode::Disable,
        None => SslMode::Require,
    });
    Ok((config, roots))
}

/// Returns true if all hosts are this machine.
fn is_local(config: &Config) -> bool {
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
            #[cfg(unix)]
            Host::Unix(_) => true,
        }),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_in_the_clear_by_default() {
        let cases = [
            ("postgres://u@localhost/d", SslMode::Disable),
            ("postgres://u@127.0.0.1:5433/d", SslMode::Disable),
            ("postgresql://u@[::1]/d", SslMode::Disable),
            ("postgres:///d?host=/var/run/postgresql", SslMode::Disable),
            ("postgres://u@db.example.com/d", SslMode::Require),
            ("postgres://u@localhost,db.example.com/d", SslMode::Require),
            ("postgres://u@localhost/d?hostaddr=192.0.2.1", SslMode::Require),
            ("postgres://u@localhost/d?sslrootcert=ca.pem", SslMode::Require),
            ("postgres://u@localhost/d?sslmode=verify-full", SslMode::Require),
            ("postgres://u@localhost/d?sslmode=require&connect_timeout=3", SslMode::Require),
            ("postgres://u@db.example.com/d?connect_timeout=3&sslmode=prefer", SslMode::Prefer),
            ("postgres://u@db.example.com/d?sslmode=disable", SslMode::Disable),
            ("postgres://u:sslmode=disable@db.example.com/d", SslMode::Require),
        ];
        for (url, expected) in cases {
            assert_eq!(read(url).unwrap().0.get_ssl_mode(), expected, "{url}");
        }
    }

    #[test]
    fn other_options_and_the_file_are_kept() {
        let (config, roots) = read("postgres://u:p%3F@h/d?sslrootcert=/a%20b.pem&connect_timeout=3").unwrap();
        assert_eq!(config.get_password(), Some(&b"p?"[..]));
        assert_eq!(config.get_connect_timeout().unwrap().as_secs(), 3);
        assert_eq!(roots.unwrap(), Path::new("/a b.pem"));
    }

    #[test]
    fn other_forms_and_modes_are_refused() {
        for url in
            ["host=h user=u", "mysql://u@h/d", "postgres://u@h/d?sslmode=allow", "postgres://u@h/d?sslmode=verify-ca"]
        {
            assert!(matches!(read(url), Err(Error::Url(_))), "{url}");
        }
    }
}
