//! The chart of outcomes over time, as inline SVG.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::{
    import::{journal::Timeline, overview::minute, progress::format},
    numbers::{count, plural},
};

/// The height of the chart in units of its own; it is stretched to the page.
const HEIGHT: u64 = 1_000;

/// The least number of periods that the chart has room for, so that a single one does not fill it.
const FEWEST: usize = 30;

/// Returns the chart with its heading and legend; empty without rows that were sent.
pub(super) fn figure(timeline: &Timeline) -> String {
    let buckets = timeline.buckets();
    let most = buckets.iter().map(|bucket| bucket.rows()).max().unwrap_or_default();
    if most == 0 {
        return String::new();
    }
    let width = format::duration(std::time::Duration::from_secs(timeline.width_seconds().unsigned_abs()));
    let columns = buckets.len().max(FEWEST);
    let mut bars = String::new();
    for (index, bucket) in buckets.iter().enumerate() {
        let mut below = 0;
        for (class, rows) in [("applied", bucket.applied), ("rejected", bucket.rejected), ("unknown", bucket.unknown)] {
            if rows > 0 {
                // At least visible: one unit is less than a pixel.
                let height = (u128::from(rows) * u128::from(HEIGHT) / u128::from(most)).max(10);
                let top = i128::from(HEIGHT) - below - height.cast_signed();
                // Writing to a `String` cannot fail.
                let _ = writeln!(
                    bars,
                    "<rect class=\"{class}\" x=\"{index}.1\" y=\"{top}\" width=\"0.8\" height=\"{height}\"/>"
                );
                below += height.cast_signed();
            }
        }
    }
    let legend =
        ["applied", "rejected", "unknown"].map(|name| format!("<span class=\"{name}\">{name}</span>")).concat();
    let (start, end) = (time(timeline.start_ms()), time(timeline.end_ms(columns)));
    format!(
        "<h2>Over time</h2>
<figure>
<figcaption>Rows sent per {width}, at most {}. {legend}</figcaption>
<svg viewBox=\"0 0 {columns} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{} in {}\">
{bars}</svg>
<div class=\"axis\"><span>{start}</span><span>{end}</span></div>
</figure>
",
        count(most),
        plural(buckets.iter().map(|bucket| bucket.rows()).sum(), "row"),
        plural(buckets.len() as u64, "period"),
    )
}

fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(minute).unwrap_or_default()
}
