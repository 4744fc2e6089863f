//! The way to the server: proxy, name and port.

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use hyper_util::client::proxy::matcher::Matcher;
use tokio::{net::TcpStream, time::timeout};
use vambe_api::reqwest::Url;

use super::{Finding, STEP};
use crate::exit::Exit;

/// The host to connect to: that of the server, or of a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_proxy: bool,
}

impl Route {
    /// Finds the proxy like the client does.
    pub(super) fn to(url: &Url) -> (Self, Finding) {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let direct = Self { host, port: url.port_or_known_default().unwrap_or(443), is_proxy: false };
        if direct.is_loopback() {
            return (direct, Finding::skipped("proxy", "this host is reached without one"));
        }
        let proxy = url.as_str().parse().ok().and_then(|uri| Matcher::from_system().intercept(&uri));
        let Some(proxy) = proxy else {
            return (direct, Finding::fine("proxy", "none is set for this server"));
        };
        let scheme = proxy.uri().scheme_str().unwrap_or("http");
        let port = proxy.uri().port_u16().unwrap_or(match scheme {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        });
        let Some(host) = proxy.uri().host() else {
            let next = "correct HTTPS_PROXY, ALL_PROXY or the system's settings";
            return (direct, Finding::problem("proxy", Exit::Unusable, "the proxy setting has no host", next));
        };
        let route = Self { host: host.trim_matches(['[', ']']).to_owned(), port, is_proxy: true };
        let text = format!(
            "requests go through {scheme}://{host}:{port}, from HTTPS_PROXY, ALL_PROXY or the system's settings"
        );
        (route, Finding::fine("proxy", text))
    }

    fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// Names the host in a sentence.
    pub(super) fn name(&self) -> String {
        if self.is_proxy { format!("the proxy {}", self.host) } else { self.host.clone() }
    }
}

/// Resolves the name and connects to the port.
pub(super) async fn check(route: &Route) -> Vec<Finding> {
    let (addresses, dns) = resolve(route).await;
    let mut findings = vec![dns];
    if !addresses.is_empty() {
        findings.push(connect(route, &addresses).await);
    }
    findings
}

async fn resolve(route: &Route) -> (Vec<SocketAddr>, Finding) {
    if let Some(address) = route.address() {
        return (vec![(address, route.port).into()], Finding::skipped("DNS", "the host is an address"));
    }
    let found = timeout(STEP, tokio::net::lookup_host((route.host.as_str(), route.port))).await;
    let reason = match found {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            if !addresses.is_empty() {
                let text = format!("{} has {} addresses", route.name(), addresses.len());
                return (addresses, Finding::fine("DNS", text));
            }
            "the name has no address".to_owned()
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} s", STEP.as_secs()),
    };
    let next = if route.is_proxy {
        "check the host of the proxy in HTTPS_PROXY, ALL_PROXY or the system's settings"
    } else {
        "check the base URL and the network; where only a proxy leads out, set HTTPS_PROXY"
    };
    (Vec::new(), Finding::problem("DNS", Exit::Unfinished, format!("cannot find {}: {reason}", route.name()), next))
}

async fn connect(route: &Route, addresses: &[SocketAddr]) -> Finding {
    let Route { port, .. } = route;
    let mut reason = String::new();
    for address in addresses {
        let begun = Instant::now();
        match timeout(STEP / 3, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                let text = format!("connected to port {port} in {} ms", begun.elapsed().as_millis());
                return Finding::fine("TCP", text);
            }
            Ok(Err(error)) => reason = error.to_string(),
            Err(_) => reason = format!("no answer within {} s", (STEP / 3).as_secs()),
        }
    }
    let next = "check the port in the URL, and whether a firewall blocks the connection; where only a proxy leads out, set \
                HTTPS_PROXY";
    let text = format!("cannot connect to port {port} of {}: {reason}", route.name());
    Finding::problem("TCP", Exit::Unfinished, text, next)
}
