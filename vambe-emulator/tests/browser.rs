//! A real browser, driven by WebDriver, which is JSON over HTTP.

use std::{
    io::{self, BufRead as _, BufReader, Read as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{Call, PATIENCE};

const HOW_TO_INSTALL: &str = "chromedriver is not on the PATH: run `cargo xtask test`, or install Chromium and its driver \
     (Debian: `apt install chromium chromium-driver`)";

const ARGUMENTS: &[&str] = &[
    "--headless=new",
    // Tests may run as root or in a container, where Chromium's sandbox does not start.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    // Nothing but the page.
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A headless Chromium with one page. Dropping it closes the browser.
pub(crate) struct Browser {
    driver: Child,
    /// Held open: the driver would not survive writing to a closed pipe.
    _stdout: BufReader<ChildStdout>,
    address: SocketAddr,
    session: String,
}

impl Browser {
    /// Opens the page in a window of this size.
    pub(crate) fn open(url: &str, size: (u32, u32)) -> Self {
        Self::with_arguments(url, size, &[])
    }

    /// Opens the page in a browser with further arguments.
    pub(crate) fn with_arguments(url: &str, (width, height): (u32, u32), arguments: &[&str]) -> Self {
        let driver = Command::new("chromedriver").arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut driver = match driver {
            Err(error) if error.kind() == io::ErrorKind::NotFound => panic!("{HOW_TO_INSTALL}"),
            driver => driver.unwrap(),
        };
        let mut stdout = BufReader::new(driver.stdout.take().unwrap());
        let port = stdout.by_ref().lines().map(Result::unwrap).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.expect("chromedriver names its port")));
        let mut browser = Self { driver, _stdout: stdout, address, session: String::new() };
        let size = format!("--window-size={width},{height}");
        let arguments = [ARGUMENTS, &[&size], arguments].concat();
        let capabilities = json!({
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "args": arguments },
            "timeouts": { "script": PATIENCE.as_millis() },
        });
        let session = browser.send("POST", "/session", &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        browser.command("/url", &json!({ "url": url }));
        browser
    }

    /// Runs JavaScript in the page, and returns its result.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.command("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs JavaScript that ends by calling `arguments[0]` with its result.
    pub(crate) fn run_async(&self, script: &str) -> Value {
        self.command("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a JavaScript expression is true, which is evaluated whenever the page changes.
    pub(crate) fn until(&self, condition: &str) {
        let script = format!(
            "const [done] = arguments;
             const check = () => {{ if ({condition}) {{ observer.disconnect(); done(null); }} }};
             const observer = new MutationObserver(check);
             observer.observe(document, {{ attributes: true, characterData: true, childList: true, subtree: true }});
             check();"
        );
        self.run_async(&script);
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub(crate) fn emulate(&self, command: &str, parameters: &Value) {
        self.command("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    /// Clicks on the element as a person would: it has to be visible.
    pub(crate) fn click(&self, css: &str) {
        self.command(&format!("{}/click", self.element(css)), &json!({}));
    }

    /// Focuses an element, and types.
    pub(crate) fn keys(&self, css: &str, keys: &str) {
        self.command(&format!("{}/value", self.element(css)), &json!({ "text": keys }));
    }

    fn element(&self, css: &str) -> String {
        let element = self.command("/element", &json!({ "using": "css selector", "value": css }));
        format!("/element/{}", element.as_object().unwrap().values().next().unwrap().as_str().unwrap())
    }

    /// Returns what the browser reported since the last call: errors and warnings of scripts, of the
    /// network and of the security policy.
    pub(crate) fn console(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "browser" }));
        entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        self.send("POST", &format!("{}{path}", self.session), body)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let call = Call::new(method, path).header("content-type", "application/json").with_body(body.to_string());
        let answer = exchange(self.address, &call).unwrap();
        let mut answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["value"].get("error"), None, "WebDriver: {}", answer["value"]["message"]);
        answer["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser would outlive its driver. The test may be failing already, so that an error here does not matter.
        let _ = exchange(self.address, &Call::new("DELETE", &self.session));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Sends a request and returns the body of the response. The driver does not close the connection.
fn exchange(address: SocketAddr, call: &Call) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    call.write(&mut stream);
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().to_ascii_lowercase().split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse().map_err(io::Error::other)?,
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}
