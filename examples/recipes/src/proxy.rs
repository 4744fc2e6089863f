//! A network with a proxy, and a certificate authority of its own.

#![cfg_attr(not(test), expect(dead_code, reason = "the test starts a server with such a certificate, and a proxy"))]

use vambe_api::{Client, ClientBuilder, reqwest::Proxy};

/// Builds a client that trusts `authority`, a PEM text, next to the platform's certificates, and connects through `proxy`.
///
/// Without `configure_http`, the client uses the proxies of the environment, such as `https_proxy`.
pub(crate) fn client(builder: ClientBuilder, authority: &str, proxy: &str) -> crate::Result<Client> {
    let proxy = Proxy::https(proxy)?.basic_auth("orders-service", "secret");
    Ok(builder.add_root_certificates(authority).configure_http(move |http| http.proxy(proxy.clone())).build()?)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional},
        net::{TcpListener, TcpStream},
    };
    use vambe_api::{Metadata, TicketRef};
    use vambe_emulator::Emulator;

    /// Takes one connection as an HTTP proxy. Returns the head of its request.
    async fn proxy_once(listener: TcpListener) -> Vec<String> {
        let mut client = BufReader::new(listener.accept().await.unwrap().0);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            client.read_line(&mut line).await.unwrap();
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let target = head[0].split(' ').nth(1).unwrap();
        let mut server = TcpStream::connect(target).await.unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        // Ends with the client.
        tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        head
    }

    #[tokio::test]
    async fn the_request_goes_through_the_proxy_and_the_authority_is_trusted() {
        let vambe = Emulator::builder().tls_self_signed().start().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let head = tokio::spawn(proxy_once(listener));

        let builder = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
        let client = super::client(builder, vambe.certificate_pem().unwrap(), &proxy).unwrap();
        let ticket = TicketRef::contact_number("+56912345678").unwrap();
        client.update_ticket_metadata(ticket, Metadata::from([("order_id", "ORD-12345")])).await.unwrap();

        let head = head.await.unwrap();
        assert!(head[0].starts_with("CONNECT "), "{head:?}");
        assert!(head.iter().any(|line| line.to_lowercase().starts_with("proxy-authorization: basic ")), "{head:?}");
        assert!(!head.iter().any(|line| line.contains(vambe.api_key())), "the proxy sees no key: {head:?}");
    }
}
