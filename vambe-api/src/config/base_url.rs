//! The base URL of the API, and the rule that plain HTTP is allowed for localhost only.

use std::net::IpAddr;

use reqwest::Url;

use super::ConfigError;
use crate::generated::SERVER;

/// The base URL of the OpenAPI document.
pub(crate) const DEFAULT: &str = SERVER;

/// A parsed base URL.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// The URL, without a trailing slash.
    pub(crate) text: String,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    pub(crate) is_https: bool,
    /// True if the host is `localhost`, in `127.0.0.0/8`, or `::1`.
    pub(crate) is_loopback: bool,
    /// Host and port, as in the `Host` header: without the default port of the scheme.
    pub(crate) authority: String,
}

impl BaseUrl {
    /// Parses a base URL; `plain_http` allows plain HTTP to any host.
    pub(crate) fn parse(text: &str, plain_http: bool) -> Result<Self, ConfigError> {
        let invalid = |reason| ConfigError::InvalidBaseUrl { reason };
        let url = Url::parse(text).map_err(|_| invalid("it is not an absolute URL"))?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(invalid("its scheme is neither https nor http")),
        };
        let Some(host) = url.host_str() else { return Err(invalid("it has no host")) };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it contains a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it has a query or a fragment"));
        }
        let is_loopback = is_loopback(host);
        if !is_https && !plain_http && !is_loopback {
            return Err(ConfigError::PlainHttp);
        }
        Ok(Self {
            text: url.as_str().trim_end_matches('/').to_owned(),
            host: host.to_owned(),
            port: url.port_or_known_default(),
            is_https,
            is_loopback,
            authority: url.authority().to_owned(),
        })
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_path_and_a_trailing_slash() {
        let cases = [
            ("https://api.vambe.me", "https://api.vambe.me"),
            ("https://api.vambe.me/", "https://api.vambe.me"),
            ("http://127.0.0.1:8080/proxy/vambe//", "http://127.0.0.1:8080/proxy/vambe"),
            ("HTTPS://API.VAMBE.ME:443/a%20b", "https://api.vambe.me/a%20b"),
        ];
        for (text, expected) in cases {
            assert_eq!(BaseUrl::parse(text, false).unwrap().text, expected);
        }
    }

    #[test]
    fn the_authority_omits_the_default_port_of_the_scheme() {
        let cases = [
            ("https://API.VAMBE.ME:443/a", "api.vambe.me"),
            ("https://api.vambe.me:8443", "api.vambe.me:8443"),
            ("http://[::1]:80", "[::1]"),
            ("http://[::1]:8080", "[::1]:8080"),
        ];
        for (text, expected) in cases {
            assert_eq!(BaseUrl::parse(text, false).unwrap().authority, expected);
        }
    }

    #[test]
    fn rejects_an_invalid_url_without_showing_it() {
        for text in [
            "",
            "api.vambe.me",
            "/path",
            "https://",
            "ftp://api.vambe.me",
            "data:hunter2",
            "https://user:hunter2@api.vambe.me",
            "https://api.vambe.me?key=hunter2",
            "https://api.vambe.me/#hunter2",
            "https://exa mple.com",
            "http://[::1",
        ] {
            let error = BaseUrl::parse(text, true).unwrap_err();
            assert!(matches!(error, ConfigError::InvalidBaseUrl { .. }), "{text}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn plain_http_is_for_localhost_only_unless_allowed() {
        let cases = [
            ("http://127.0.0.1:1", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080/x", true),
            ("http://localhost:8080", true),
            ("http://LOCALHOST", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://api.vambe.me", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
        ];
        for (text, allowed) in cases {
            let refused = matches!(BaseUrl::parse(text, false), Err(ConfigError::PlainHttp));
            assert_eq!(refused, !allowed, "{text}");
            assert!(BaseUrl::parse(text, true).is_ok(), "{text}");
        }
    }
}
