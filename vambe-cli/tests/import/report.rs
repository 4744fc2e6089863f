//! `vambe ticket metadata report`: the page on an import.

use serde_json::Value;
use vambe_emulator::Fault;

use super::{Bench, NUMBER, SECRET, checked, csv};
use crate::{
    echo,
    support::{Outcome, number, run, vambe},
};

const REPORT: [&str; 4] = ["ticket", "metadata", "report", "orders.csv"];

/// Writes the page of a bench to the standard output.
#[track_caller]
fn page(bench: &Bench, args: &[&str]) -> Outcome {
    let outcome = run(vambe(&REPORT).args(["--html", "-"]).args(args).current_dir(bench.dir.path()));
    outcome.assert(0, &[]);
    outcome
}

#[test]
fn the_page_has_counts_reasons_and_next_steps() {
    let bench = Bench::new(10, "orders.csv", csv(12) + "no number,hunter2-13\n");
    bench.emulator.inject_all(vec![Fault::reset_after_write(); 3]);
    bench.run(&["--in-flight", "1"]).assert(3, &[]);
    let page = page(&bench, &[]).stdout;
    for expected in [
        "<h1>Import of orders.csv</h1>",
        "<dt>rows</dt><dd>13</dd>",
        "<dt>applied</dt><dd>9 <small>69.2%</small></dd>",
        "<dt>rejected</dt><dd>3 <small>23.0%</small></dd>",
        "<dt>unknown</dt><dd>1 <small>7.6%</small></dd>",
        "<li>Unknown, so perhaps applied (1 row): run the same command again.",
        "<li>Invalid, so not sent (1 row): correct them in the file of rejected rows",
        "<li>Rejected by the server (2 rows): correct wrong rows",
        "<td>404 Contact not found<br><small>lines 12, 13</small></td>",
        "<svg ",
        "aria-label=\"12 rows in ",
        "<dt>API key</dt><dd>fingerprint ",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    for private in [SECRET, NUMBER] {
        assert!(!page.contains(private), "{page}");
    }
    // It loads nothing and runs nothing.
    for active in ["<script", "src=", "href=", "url(", "@import", "http-equiv=\"refresh"] {
        assert!(!page.contains(active), "{active}: {page}");
    }
}

#[test]
fn values_are_shown_only_on_demand() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    bench.run(&[]).assert(1, &[]);
    let page = page(&bench, &["--show-values"]).stdout;
    let row = format!("<li>line 3: <code>{},{SECRET}-2</code></li>", number(2));
    assert!(page.contains(&row), "{page}");
    assert!(!page.contains(&number(1)), "the row was applied");
}

#[test]
fn a_hostile_server_writes_no_markup_into_the_page() {
    fn message(_: &Value) -> String {
        "</td><script>alert(1)</script>\"><img src=x onerror=alert(2)> &amp; \u{202e}\u{1b}[31m <svg onload='x'>"
            .to_owned()
    }
    let bench = Bench::new(0, "orders.csv", csv(1) + "+56900000002,<script>alert(3)</script>\n");
    let url = echo::start(404, message);
    checked(&mut bench.command(&["--base-url", &url, "--max-rejected", "9"])).assert(1, &[]);
    let page = page(&bench, &["--show-values"]).stdout;
    for markup in ["<script", "<img", "onload='", "\"><img", "\u{202e}", "\u{1b}"] {
        assert!(!page.contains(markup), "{markup:?}: {page}");
    }
    assert_eq!(page.matches("<svg").count(), 1, "the chart: {page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(3)&lt;/script&gt;"), "{page}");
}

#[test]
fn the_page_is_a_file_that_overwrites_nothing_of_the_import() {
    let bench = Bench::new(1, "orders.csv", csv(1));
    let report = |html: &str| checked(vambe(&REPORT).args(["--html", html]).current_dir(bench.dir.path()));
    report("page.html").assert(2, &["error: `orders.csv` is not a journal, and its journal"]);
    bench.run(&[]).assert(0, &[]);
    for (what, path) in [("input", "orders.csv"), ("journal", "./orders.csv.journal")] {
        report(path).assert(2, &[&format!("error: the page would overwrite the {what} `{path}`")]);
    }
    report("missing/page.html").assert(2, &["error: cannot write the page `missing/page.html`", "caused by: "]);
    for _ in 0..2 {
        report("page.html").assert(0, &[]);
        let page = String::from_utf8(bench.read("page.html")).unwrap();
        assert!(page.contains("Nothing: every row is done."), "{page}");
    }
    assert_eq!(bench.files().len(), 3, "{:?}", bench.files());
}
