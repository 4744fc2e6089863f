//! Suggestions for a misspelled name.

/// Suggests the nearest of the known names, or lists them.
pub(crate) fn suggest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let nearest = known.iter().map(|known| (distance(name, known), known)).min();
    match nearest {
        None => "there is none".to_owned(),
        Some((distance, nearest)) if distance <= 1 + name.chars().count() / 4 => format!("did you mean `{nearest}`?"),
        Some(_) => {
            let shown: Vec<_> = known.iter().take(8).copied().collect();
            let more = if known.len() > shown.len() { ", …" } else { "" };
            format!("write one of: {}{more}", shown.join(", "))
        }
    }
}

/// The Levenshtein distance, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    if a.len().abs_diff(b.len()) > 8 || a.len().max(b.len()) > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, x) in a.iter().enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for ((y, above_left), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            left = (above_left + usize::from(x != y)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_edits() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2), ("Ab", "aB", 0)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_near_name_is_asked_for_and_else_the_known_ones_are_listed() {
        assert_eq!(suggest("tickt", ["ticket", "contact"].into_iter()), "did you mean `ticket`?");
        assert_eq!(suggest("nope", ["ticket", "contact"].into_iter()), "write one of: ticket, contact");
        assert_eq!(suggest("nope", [].into_iter()), "there is none");
    }
}
