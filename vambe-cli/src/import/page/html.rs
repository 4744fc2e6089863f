//! The page as HTML. Every text that is not its own is escaped.

use std::fmt::Write as _;

use super::{chart, next_steps};
use crate::{
    import::{
        journal::{Activity, Example, ReasonRows, Timeline},
        overview::{View, lines, minute},
        progress::format,
    },
    numbers::{count, plural},
};

const STYLE: &str = include_str!("style.css");

/// Returns the page on an import of `file`.
pub(super) fn page(file: &str, view: &View, timeline: &Timeline) -> String {
    let title = format!("Import of {}", escape(file));
    let counts = counts(view);
    let chart = chart::figure(timeline);
    let reasons = reasons(&view.reasons);
    let steps: String = next_steps::of(view).iter().map(|step| format!("<li>{}</li>\n", escape(step))).collect();
    let (state, details) = (escape(&state(view)), details(view));
    // Without scripts and other files, also if a text should be mistaken for markup.
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<meta name=\"referrer\" content=\"no-referrer\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{state}</p>
{counts}
<h2>What to do next</h2>
<ul>
{steps}</ul>
{chart}{reasons}<h2>Details</h2>
{details}</main>
</body>
</html>
"
    )
}

fn state(view: &View) -> String {
    let (elapsed, now) = (format::duration(view.elapsed), minute(view.now));
    match view.activity {
        Activity::Running => format!("Running for {elapsed}. This page shows the state of {now}."),
        Activity::Ended => format!("Ended {} after {elapsed}.", view.run_ended.map(minute).unwrap_or_default()),
        Activity::Killed => format!("Stopped without an end; last moved {}.", minute(view.last_moved)),
        Activity::RunningOrKilled => {
            format!("Running, or stopped without an end; last moved {}.", minute(view.last_moved))
        }
        Activity::NotStarted => "No run has started.".to_owned(),
    }
}

/// Returns the counts as tiles, above a bar of their shares.
fn counts(view: &View) -> String {
    let tally = &view.tally;
    let always = [("applied", "applied", tally.applied), ("rejected", "rejected", tally.rejected)];
    let sometimes = [
        ("unknown", "unknown", tally.unknown),
        ("rest", "not sent", tally.not_sent),
        ("settled", "settled", tally.settled),
        ("settled", "superseded", tally.superseded),
    ];
    let shown: Vec<_> = always.into_iter().chain(sometimes.into_iter().filter(|(.., rows)| *rows > 0)).collect();
    let mut html = format!("<dl class=\"counts\">\n<div><dt>rows</dt><dd>{}</dd></div>\n", count(view.rows));
    for (class, name, rows) in &shown {
        let percent = format::percent(*rows, view.rows);
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            html,
            "<div class=\"{class}\"><dt>{name}</dt><dd>{} <small>{percent}</small></dd></div>",
            count(*rows)
        );
    }
    html += "</dl>\n<div class=\"bar\" aria-hidden=\"true\">";
    for (class, _, rows) in shown.iter().filter(|(.., rows)| *rows > 0) {
        let _ = write!(html, "<i class=\"{class}\" style=\"flex-grow:{rows}\"></i>");
    }
    html + "</div>"
}

fn reasons(reasons: &[ReasonRows]) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<h2>Reasons</h2>
<table>
<thead><tr><th class=\"number\">Rows</th><th>Outcome</th><th>Reason</th></tr></thead>
<tbody>
",
    );
    for reason in reasons {
        let status = reason.status.map(|status| format!("{status} ")).unwrap_or_default();
        let _ = writeln!(
            html,
            "<tr><td class=\"number\">{}</td><td class=\"{outcome}\">{outcome}</td><td>{status}{}{}</td></tr>",
            count(reason.rows),
            escape(&reason.reason),
            examples(reason),
            outcome = reason.outcome.as_str(),
        );
    }
    html + "</tbody>\n</table>\n"
}

/// Returns the lines of example rows, or a list of their texts.
fn examples(reason: &ReasonRows) -> String {
    let texts: Vec<_> = reason.examples.iter().filter_map(|example| Some((example, example.text.as_ref()?))).collect();
    if texts.is_empty() {
        return format!("<br><small>{}</small>", lines(reason));
    }
    let items = texts.iter().map(|(Example { row, line, .. }, text)| {
        let at = line.map_or_else(|| format!("row {row}"), |line| format!("line {line}"));
        format!("<li>{at}: <code>{}</code></li>", escape(text))
    });
    let items: String = items.collect();
    let more = match reason.rows.saturating_sub(texts.len() as u64) {
        0 => String::new(),
        more => format!("<li>and {} more</li>", count(more)),
    };
    format!("<ul class=\"examples\">{items}{more}</ul>")
}

fn details(view: &View) -> String {
    let run = view.run_started.map(|started| format!("{}, {}", minute(started), plural(view.runs, "run")));
    let rows = [
        ("Server", Some(view.server.clone())),
        ("First start", Some(minute(view.started))),
        ("Last start", run.filter(|_| view.runs > 1)),
        ("Last moved", Some(minute(view.last_moved))),
        ("Speed of the last run", view.pace.map(|pace| format!("{} on average", format::pace(pace)))),
        ("Time left", view.left.map(format::duration)),
        ("Retried requests of the last run", (view.retried > 0).then(|| count(view.retried))),
        ("API key", view.key.as_ref().map(|key| format!("fingerprint {key}"))),
        ("Journal", Some(view.journal.display().to_string())),
        ("Damaged lines of the journal", (view.lost_lines > 0).then(|| count(view.lost_lines))),
        ("Page written", Some(format!("{}, by vambe {}", minute(view.now), env!("CARGO_PKG_VERSION")))),
    ];
    let mut html = String::from("<dl class=\"details\">\n");
    for (name, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(html, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
        }
    }
    html + "</dl>\n"
}

/// Escapes a text for HTML, and makes characters visible that would not be or would turn the direction of the text.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\\' => escaped.push('\\'),
            _ => escaped.extend(character.escape_debug()),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        for (text, expected) in [
            ("plain: añadir 5 €, \\d", "plain: añadir 5 €, \\d"),
            ("<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"),
            ("\"><img src=x onerror=y>", "&quot;&gt;&lt;img src=x onerror=y&gt;"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("a\u{202e}b\u{1b}[31m\0\n", "a\\u{202e}b\\u{1b}[31m\\0\\n"),
        ] {
            assert_eq!(escape(text), expected);
        }
    }
}
