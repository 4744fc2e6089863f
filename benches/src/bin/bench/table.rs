//! Samples of several rounds, and tables of their results.

use std::fmt::Write as _;

/// Samples of several contenders, measured in turns: values of the same round have the same index.
#[derive(Default)]
pub(crate) struct Samples(Vec<(String, Vec<f64>)>);

impl Samples {
    pub(crate) fn push(&mut self, name: &str, value: f64) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name.to_owned(), vec![value])),
        }
    }

    fn of(&self, name: &str) -> &[f64] {
        self.0.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    /// Returns the number of rounds, if it is the same for all contenders.
    fn rounds(&self) -> Option<usize> {
        let rounds = self.0.first()?.1.len();
        self.0.iter().all(|(_, values)| values.len() == rounds).then_some(rounds)
    }

    /// Returns the ratios of one contender to another, one per round.
    fn ratios(&self, name: &str, reference: &str) -> Vec<f64> {
        self.of(name).iter().zip(self.of(reference)).map(|(value, reference)| value / reference).collect()
    }
}

/// A bar for a median, and what was tried to meet it.
pub(crate) struct Bar {
    limit: Limit,
    tried: &'static str,
}

enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    pub(crate) fn at_most(limit: f64) -> Self {
        Self { limit: Limit::AtMost(limit), tried: "" }
    }

    pub(crate) fn at_least(limit: f64) -> Self {
        Self { limit: Limit::AtLeast(limit), tried: "" }
    }

    /// Sets the sentences that the results show if the bar is missed. Figures in them need a date: no run renews them.
    pub(crate) fn tried(self, tried: &'static str) -> Self {
        Self { tried, ..self }
    }
}

/// The tables of a run, with the bars that are met.
#[derive(Default)]
pub(crate) struct Report {
    bars: String,
    /// The bars that are missed, and what was tried.
    missed: String,
    tables: String,
}

impl Report {
    /// Adds a table of medians and of their ratios to `reference`, each with minimum and maximum over the rounds.
    pub(crate) fn table(&mut self, title: &str, what: &str, digits: usize, samples: &Samples, reference: Option<&str>) {
        // Writing to a `String` does not fail.
        let _ = writeln!(self.tables, "## {title}\n");
        if let Some(rounds) = samples.rounds().filter(|rounds| *rounds > 1) {
            let _ = writeln!(self.tables, "Of {rounds} rounds.\n");
        }
        let ratio = reference.map_or_else(String::new, |reference| format!(" × {reference} |"));
        let _ = writeln!(self.tables, "| | {what} |{ratio}\n|---|---:|{}", if ratio.is_empty() { "" } else { "---:|" });
        for (name, values) in &samples.0 {
            let _ = write!(self.tables, "| {name} | {} |", spread(values, digits));
            if let Some(reference) = reference {
                let _ = write!(self.tables, " {} |", spread(&samples.ratios(name, reference), 3));
            }
            self.tables.push('\n');
        }
        self.tables.push('\n');
    }

    /// Adds a table of what each contender does not do.
    pub(crate) fn lacks(&mut self, title: &str, contenders: &[(&str, &str)]) {
        let _ = writeln!(self.tables, "## {title}\n\n| | does not do |\n|---|---|");
        for (name, lacks) in contenders.iter().filter(|(_, lacks)| !lacks.is_empty()) {
            let _ = writeln!(self.tables, "| {name} | {lacks} |");
        }
        self.tables.push('\n');
    }

    /// Judges by the median of the ratios.
    pub(crate) fn ratio_bar(&mut self, what: &str, samples: &Samples, name: &str, reference: &str, bar: &Bar) {
        self.bar(&format!("{what}, × {reference}"), &samples.ratios(name, reference), bar);
    }

    /// Judges by the median.
    pub(crate) fn value_bar(&mut self, what: &str, samples: &Samples, name: &str, bar: &Bar) {
        self.bar(what, samples.of(name), bar);
    }

    fn bar(&mut self, what: &str, values: &[f64], bar: &Bar) {
        let value = median(values);
        let (sign, limit, is_met) = match bar.limit {
            Limit::AtMost(limit) => ("≤", limit, value <= limit),
            Limit::AtLeast(limit) => ("≥", limit, value >= limit),
        };
        let result = match (value / limit - 1.0) * 100.0 {
            _ if is_met => "met".to_owned(),
            miss if miss.is_finite() => format!("**missed by {:.1} %**", miss.abs()),
            _ => "**missed**".to_owned(),
        };
        let measured = spread(values, if limit < 100.0 { 3 } else { 0 });
        let _ = writeln!(self.bars, "| {what} | {sign} {} | {measured} | {result} |", thousands(&limit.to_string()));
        if !is_met {
            let tried = if bar.tried.is_empty() { "nothing tried yet." } else { bar.tried };
            let _ = writeln!(self.missed, "- **{what}**: {tried}");
        }
    }

    pub(crate) fn to_markdown(&self) -> String {
        let Self { bars, missed, tables } = self;
        let missed = if missed.is_empty() {
            String::new()
        } else {
            format!("\nCauses of the misses, and what was tried:\n\n{missed}")
        };
        format!("## Bars\n\n| | bar | measured | |\n|---|---:|---:|---|\n{bars}{missed}\n{}\n", tables.trim_end())
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    (middle(values.len().saturating_sub(1) / 2) + middle(values.len() / 2)) / 2.0
}

/// Formats the median and, if rounds differ, minimum and maximum.
fn spread(values: &[f64], digits: usize) -> String {
    let shown = |value: f64| thousands(&format!("{value:.digits$}"));
    let least = shown(values.iter().copied().fold(f64::INFINITY, f64::min));
    let greatest = shown(values.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let median = shown(median(values));
    if least == greatest { median } else { format!("{median} ({least}–{greatest})") }
}

fn thousands(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut text = String::new();
    for (index, c) in number.chars().enumerate() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_the_median_and_the_ratio_of_each_round() {
        let mut samples = Samples::default();
        for (ours, theirs) in [(1000.0, 2000.0), (3000.0, 3000.0), (2000.0, 4000.0)] {
            samples.push("ours", ours);
            samples.push("theirs", theirs);
        }
        let mut report = Report::default();
        report.table("Title", "what", 0, &samples, Some("theirs"));
        report.ratio_bar("what", &samples, "ours", "theirs", &Bar::at_most(0.4).tried("Less."));
        report.value_bar("what", &samples, "ours", &Bar::at_least(2000.0).tried("More."));
        assert_eq!(
            report.to_markdown(),
            "## Bars\n\n| | bar | measured | |\n|---|---:|---:|---|\n\
             | what, × theirs | ≤ 0.4 | 0.500 (0.500–1.000) | **missed by 25.0 %** |\n\
             | what | ≥ 2,000 | 2,000 (1,000–3,000) | met |\n\n\
             Causes of the misses, and what was tried:\n\n- **what, × theirs**: Less.\n\n\
             ## Title\n\nOf 3 rounds.\n\n| | what | × theirs |\n|---|---:|---:|\n\
             | ours | 2,000 (1,000–3,000) | 0.500 (0.500–1.000) |\n| theirs | 3,000 (2,000–4,000) | 1.000 |\n"
        );
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_two_in_the_middle() {
        for (values, expected) in [(vec![3.0, 1.0, 2.0], 2.0), (vec![4.0, 1.0, 2.0, 3.0], 2.5), (vec![7.0], 7.0)] {
            assert_eq!(median(&values), expected);
        }
    }
}
