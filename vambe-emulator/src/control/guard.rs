//! The check that a request for the control API comes from this machine's programs or from the emulator's own page.
//!
//! Any web page can make its visitor's browser send requests to this machine. The browser then sends the page's name, which the
//! page cannot change: in `Origin` and, if that name itself leads to this machine (DNS rebinding), in `Host`.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::{HeaderMap, HeaderName, header};

/// The reason that a request is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    Host,
    Origin,
}

impl Rejection {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Host => "the Host header has to be an IP address or localhost; send `Host: localhost`",
            Self::Origin => {
                "the Origin header names another page; only the emulator's own page may use the control API"
            }
        }
    }
}

/// Checks the headers of a request. Programs send no `Origin`, which is fine.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Rejection> {
    let host = single(headers, header::HOST).flatten().filter(|host| is_address(host)).ok_or(Rejection::Host)?;
    match single(headers, header::ORIGIN) {
        Some(None) => Ok(()),
        Some(Some(origin)) if is_of_host(origin, host) => Ok(()),
        _ => Err(Rejection::Origin),
    }
}

/// Returns the value of a header, `Some(None)` if it is absent, and `None` if it is repeated or not text.
fn single(headers: &HeaderMap, name: HeaderName) -> Option<Option<&str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(value), None) => value.to_str().ok().map(Some),
        _ => None,
    }
}

/// Returns `true` for `localhost` and for IP addresses, with any port: nobody can make them lead elsewhere.
fn is_address(host: &str) -> bool {
    let port = host.rsplit_once(':').filter(|(_, port)| parses::<u16>(port));
    let name = port.map_or(host, |(name, _)| name);
    let v6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    name.eq_ignore_ascii_case("localhost") || parses::<Ipv4Addr>(name) || v6.is_some_and(parses::<Ipv6Addr>)
}

fn parses<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

fn is_of_host(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(pairs: &[(&'static str, &str)]) -> Result<(), Rejection> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        check(&headers)
    }

    #[test]
    fn accepts_programs_and_the_own_page() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "192.168.1.5:9000", "[::1]:8080", "[::1]"] {
            assert_eq!(checked(&[("host", host)]), Ok(()), "{host}");
            for scheme in ["http", "https"] {
                assert_eq!(checked(&[("host", host), ("origin", &format!("{scheme}://{host}"))]), Ok(()), "{host}");
            }
        }
    }

    #[test]
    fn rejects_names_that_can_lead_anywhere() {
        for host in [
            "",
            "example.com",
            "example.com:8080",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "localhost@example.com",
            "example.com@localhost",
            "[::1].example.com",
            "::1",
            "2130706433",
        ] {
            assert_eq!(checked(&[("host", host)]), Err(Rejection::Host), "{host}");
        }
        assert_eq!(checked(&[]), Err(Rejection::Host), "no host");
        assert_eq!(checked(&[("host", "localhost"), ("host", "localhost")]), Err(Rejection::Host), "two hosts");
    }

    #[test]
    fn rejects_pages_of_another_origin() {
        for origin in [
            "",
            "null",
            "http://example.com",
            "http://localhost",
            "http://localhost:8081",
            "http://127.0.0.1:8080",
            "http://localhost:8080.example.com",
            "file://localhost:8080",
            "localhost:8080",
        ] {
            assert_eq!(checked(&[("host", "localhost:8080"), ("origin", origin)]), Err(Rejection::Origin), "{origin}");
        }
        let own = ("origin", "http://localhost");
        assert_eq!(checked(&[("host", "localhost"), own, own]), Err(Rejection::Origin), "two origins");
    }
}
