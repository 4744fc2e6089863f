//! The base URL: where the API is, and over what it may be spoken to.

use std::net::IpAddr;

use reqwest::Url;

use super::ConfigError;

/// Where Vambe's API is, by the published page.
pub(crate) const DEFAULT: &str = "https://api.vambe.me";

/// A parsed base URL.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// Without a slash at its end.
    pub(crate) text: String,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    pub(crate) is_https: bool,
    /// Whether the host is this one: `localhost`, `127.0.0.0/8` or `::1`.
    pub(crate) is_loopback: bool,
    /// Host and port, as the header `Host` has them: without the port that the scheme stands for.
    pub(crate) authority: String,
}

impl BaseUrl {
    /// Parses it; `plain_http` allows http also to other hosts than this one.
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
            return Err(invalid("it holds a user name or a password"));
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
    fn it_may_have_a_path_and_a_slash_at_its_end() {
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
    fn the_authority_has_the_port_only_where_the_scheme_has_another() {
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
    fn what_is_none_is_refused_without_being_shown() {
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
    fn plain_http_is_for_this_host_alone_unless_it_is_allowed() {
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
