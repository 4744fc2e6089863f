//! The delimiter of CSV: the one of the option, or an unmistakable one in the header.

use super::{
    cells::Cells,
    error::InputError,
    format::Format,
    names::{self, ColumnMap},
    records::RecordReader,
    text::Text,
};

/// Common delimiters.
pub(super) const DELIMITERS: &[u8] = b",;\t|";

/// Returns the delimiter that the header shows: the only one with which it has several columns, or with which it has the most
/// known ones. `None` if there is no such one.
pub(super) fn detect<'a>(text: impl Fn() -> Result<Text<'a>, InputError>, maps: &[ColumnMap]) -> Option<u8> {
    let mut candidates = Vec::new();
    for delimiter in DELIMITERS.iter().copied() {
        let mut header = Vec::new();
        let record =
            text().and_then(|text| RecordReader::new(text, Format::Csv { delimiter }, false).next(&mut header));
        // The reader of the rows reports the error.
        if !matches!(record, Ok(Some(record)) if !record.too_large) || Cells::new(&header, delimiter).count() < 2 {
            continue;
        }
        let is_known = |name: &str| !name.contains([',', ';', '\t', '|']) && names::is_known(name.trim(), maps);
        let known =
            Cells::new(&header, delimiter).filter(|cell| is_known(&String::from_utf8_lossy(&cell.content()))).count();
        candidates.push((known, delimiter));
    }
    if let [(_, only)] = candidates.as_slice() {
        return Some(*only);
    }
    let most = candidates.iter().map(|(known, _)| *known).max()?;
    let mut best = candidates.iter().filter(|(known, _)| *known == most && most > 0);
    match (best.next(), best.next()) {
        (Some((_, delimiter)), None) => Some(*delimiter),
        _ => None,
    }
}

/// Describes a delimiter to people.
pub(super) fn describe(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "a tab".to_owned(),
        byte => format!("`{}`", char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::encoding::Encoding, *};

    #[test]
    fn finds_an_unmistakable_delimiter() {
        let phone = ColumnMap { field: "contact_number".to_owned(), column: "Contacto".to_owned() };
        for (header, maps, expected) in [
            ("contact_number,a\n", &[][..], Some(b',')),
            ("\n \ncontact_number;a\n", &[], Some(b';')),
            ("a\tb", &[], Some(b'\t')),
            ("a|b\r\n1,2", &[], Some(b'|')),
            ("contact_number;\"a,\nb\";c,d\n", &[], Some(b';')),
            ("Teléfono;Apellido, nombre\n", &[], Some(b';')),
            ("Contacto;Apellido, nombre\n", std::slice::from_ref(&phone), Some(b';')),
            ("Contacto;Apellido, nombre\n", &[], None),
            ("ticket_id\n", &[], None),
            ("", &[], None),
            ("\"contact_number;a", &[], None),
        ] {
            let text = || Text::new(header.as_bytes(), None, Encoding::UTF_8);
            assert_eq!(detect(text, maps), expected, "{header}");
        }
    }
}
