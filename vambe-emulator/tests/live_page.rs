//! The live page in a real browser.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener},
    thread,
};

use serde_json::{Value, json};
use vambe_emulator::{Emulator, placeholders};

use crate::{
    browser::Browser,
    support::{Call, valid_body},
};

const DESK: (u32, u32) = (1280, 900);

fn start() -> Emulator {
    Emulator::builder().control().start().unwrap()
}

fn open(emulator: &Emulator) -> Browser {
    let browser = Browser::open(&format!("{}/", emulator.url()), DESK);
    browser.until("document.querySelector('.connection.live')");
    browser
}

fn text(browser: &Browser, css: &str) -> String {
    browser.run(&format!("return document.querySelector({css:?}).textContent")).as_str().unwrap().to_owned()
}

#[test]
fn an_update_appears_and_its_pair_is_marked() {
    let emulator = start();
    let browser = open(&emulator);
    let card = format!("[data-ticket='{}']", placeholders::TICKET_ID);
    assert!(text(&browser, &card).contains("open"));
    assert_eq!(browser.run("return document.querySelectorAll('.changed').length"), 0);

    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    browser.until("document.querySelector('.changed')");
    assert_eq!(
        text(&browser, &format!("{card} .changed")),
        "statusescalatedopen",
        "the key, the value, the earlier one"
    );
    assert_eq!(browser.run("return document.querySelectorAll('.changed').length"), 1);
    assert_eq!(text(&browser, "#requests .request"), "update by ticket_id");
    assert_eq!(text(&browser, "#requests .answer"), "200");
    assert_eq!(text(&browser, "#legend .success b"), "1");
    assert_ne!(browser.run("return document.querySelector('#chart .success').getAttribute('d')"), "");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn a_fault_button_changes_the_next_answer() {
    let emulator = start();
    let browser = open(&emulator);
    let update = || Call::update(&valid_body()).send(emulator.address()).status;
    browser.click("#fault-buttons button");
    browser.until("document.getElementById('fault-next').textContent === 'status:503'");
    assert_eq!([update(), update()], [503, 200]);
    browser.until("document.querySelectorAll('#requests tr').length === 2");
    assert_eq!(text(&browser, "#requests tr:last-child .answer"), "503");
    assert_eq!(text(&browser, "#requests tr:last-child .fault"), "status:503");

    // Every update, by the keyboard alone.
    browser.keys("input[value=rotation]", " ");
    browser.keys("#fault", "message-list:422\u{e007}");
    browser.until("document.getElementById('fault-default').textContent === 'message-list:422'");
    assert_eq!([update(), update()], [422, 422]);

    browser.keys("#fault", "nonsense\u{e007}");
    browser.until("document.querySelector('#fault-about.wrong')");
    assert!(text(&browser, "#fault-about").contains("unknown fault"));

    browser.click("#clear-faults");
    browser.until("document.getElementById('fault-default').textContent === 'none'");
    assert_eq!(update(), 200);
    browser.click("#reset");
    browser.until("document.querySelectorAll('#requests tr').length === 0");
    assert_eq!((emulator.updates(), emulator.requests().len()), (0, 0));
    // The browser reports the response to the fault that does not exist, and nothing else.
    let console = browser.console();
    assert!(matches!(console.as_slice(), [line] if line.contains("/faults") && line.contains("400")), "{console:?}");
}

#[test]
fn the_limit_is_drawn_with_its_counts() {
    let emulator = Emulator::builder().control().limit("2/h".parse().unwrap()).start().unwrap();
    let browser = open(&emulator);
    let statuses = [(); 3].map(|()| Call::update(&valid_body()).send(emulator.address()).status);
    assert_eq!(statuses, [200, 200, 429]);
    browser.until("document.querySelector('#legend .limited b').textContent === '1'");
    assert_eq!(text(&browser, "#limit"), "Limit 2/h, dashed: its average 2 used, peak 3, 1 refused");
    assert_ne!(browser.run("return document.querySelector('#chart .limit-line').getAttribute('d')"), "");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn the_shown_command_works_and_can_be_copied() {
    let emulator = start();
    let browser = open(&emulator);
    let command = text(&browser, "#curl");
    let quoted =
        |after: &str| command.split_once(&format!("{after} '")).unwrap().1.split_once('\'').unwrap().0.to_owned();
    assert_eq!(quoted("--request POST"), format!("{}/api/public/ticket/metadata", emulator.url()));
    assert!(command.contains(&format!("'x-api-key: {}'", emulator.api_key())), "{command}");
    Call::update_raw(quoted("--data-raw")).send(emulator.address()).assert_updated();
    browser.click("#copy");
    browser.until("document.querySelector('#copy').textContent !== 'Copy'");
}

#[test]
fn values_can_be_hidden() {
    let emulator = start();
    let browser = open(&emulator);
    let shown = "document.body.textContent.includes('whatsapp') || document.querySelector('#tickets').textContent.includes('+569')";
    assert_eq!(browser.run(&format!("return {shown}")), true);
    browser.click("#hide");
    browser.until(&format!("!({shown})"));
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    browser.until("document.querySelector('.changed')");
    assert!(!text(&browser, "#tickets").contains("escalated"));
    browser.click("#hide");
    browser.until(shown);
}

#[test]
fn values_of_another_state_are_hidden_at_first() {
    let seed = serde_json::from_str::<Value>(&serde_json::to_string(&vambe_emulator::Seed::default()).unwrap());
    let mut seed = seed.unwrap();
    seed["api_keys"] = json!(["planted-key"]);
    let seed = vambe_emulator::Seed::from_json(&seed.to_string()).unwrap();
    let emulator = Emulator::builder().state(seed).control().start().unwrap();
    let browser = open(&emulator);
    assert!(!text(&browser, "#tickets").contains("whatsapp"));
    assert!(!text(&browser, "body").contains("planted-key"));
    assert!(text(&browser, "#curl").contains("$VAMBE_API_KEY"));
}

#[test]
fn the_page_connects_again_by_itself() {
    let emulator = start();
    let browser = open(&emulator);
    emulator.refuse_connections();
    browser.until("document.querySelector('.connection.lost')");
    emulator.accept_connections().unwrap();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    browser.until("document.querySelector('.connection.live') && document.querySelector('.changed')");
}

#[test]
fn fits_a_narrow_screen() {
    let emulator = start();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    let browser = open(&emulator);
    browser.emulate(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": true }),
    );
    assert_eq!(browser.run("return [innerWidth, document.documentElement.scrollWidth]"), json!([360, 360]));
}

#[test]
fn its_policy_stops_foreign_scripts() {
    let browser = open(&start());
    let add = "const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        return window.ran === undefined";
    assert_eq!(browser.run(add), true);
    let console = browser.console();
    assert!(console.iter().any(|line| line.contains("Content Security Policy")), "{console:?}");
}

/// Serves one empty page, whatever is asked for.
fn other_page() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let _ = (&stream).write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            );
        }
    });
    url
}

#[test]
fn a_page_of_another_origin_changes_and_reads_nothing() {
    let emulator = start();
    let control = format!("{}/__emulator/", emulator.url());
    let browser = Browser::open(&other_page(), DESK);
    let attempts = format!(
        "const [done] = arguments;
         const text = '{{\"next\": [\"503\"]}}';
         const attempt = (path, init) => fetch({control:?} + path, init).then((response) => response.text(), () => 'blocked');
         Promise.all([
           attempt('state', {{}}),
           attempt('faults', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, body: text }}),
           attempt('faults', {{ method: 'POST', mode: 'no-cors', body: text }}),
           attempt('reset', {{ method: 'POST', mode: 'no-cors' }}),
           attempt('requests', {{ method: 'DELETE' }}),
         ]).then(done);"
    );
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_eq!(browser.run_async(&attempts), json!(vec!["blocked"; 5]));
    assert_eq!((emulator.updates(), emulator.requests().len()), (1, 1));
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
}

#[test]
fn a_name_that_leads_to_this_machine_does_not_open_it() {
    let emulator = start();
    let url = format!("http://rebound.example:{}/", emulator.address().port());
    let browser = Browser::with_arguments(&url, DESK, &["--host-resolver-rules=MAP rebound.example 127.0.0.1"]);
    assert!(text(&browser, "body").contains("the Host header has to be"), "{}", text(&browser, "body"));
}
