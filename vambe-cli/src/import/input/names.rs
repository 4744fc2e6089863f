//! The names of columns: those of `--map`, and those that people use for the identifiers of a ticket.

use std::fmt;

use super::{fault::Escaped, update::IDENTIFIERS};

/// A column of the input to read as another one: `--map contact_number=Teléfono`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnMap {
    /// The name as which the column is read: that of a field or of a metadata key.
    pub(super) field: String,
    /// The name in the input.
    pub(super) column: String,
}

impl fmt::Display for ColumnMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.field, self.column)
    }
}

/// Parses `NAME=COLUMN`. Both are names, so clap may show them.
pub(crate) fn parse_column_map(text: &str) -> Result<ColumnMap, InvalidColumnMap> {
    match text.split_once('=').map(|(field, column)| (field.trim(), column.trim())) {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => {
            Ok(ColumnMap { field: field.to_owned(), column: column.to_owned() })
        }
        _ => Err(InvalidColumnMap),
    }
}

/// An invalid `--map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write NAME=COLUMN, as in contact_number=Phone, in quotes if the name of the column has spaces")]
pub(crate) struct InvalidColumnMap;

/// Returns the index of the column with this name: written like it, or else the only one that differs in case, accents or
/// punctuation.
pub(super) fn find(names: &[String], wanted: &str) -> Option<usize> {
    if let Some(index) = names.iter().position(|name| name == wanted) {
        return Some(index);
    }
    let wanted = folded(wanted).concat();
    let mut alike = names.iter().enumerate().filter(|(_, name)| folded(name).concat() == wanted);
    match (alike.next(), alike.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    }
}

/// Returns the identifier that a column with this name probably has, in English, Spanish or Portuguese.
pub(super) fn suggested(name: &str) -> Option<&'static str> {
    /// Parts of longer words, such as "phonenumber" and "teléfonos".
    const PHONE_PARTS: &[&str] = &["phone", "telefon", "celular", "whatsapp", "telemovel", "msisdn", "mobile"];
    const PHONE_WORDS: &[&str] = &["tel", "cell", "movil", "fono", "fone"];
    const TICKET: &[&str] =
        &["ticket", "ticketid", "idticket", "iddeticket", "iddelticket", "iddoticket", "ticketuuid"];
    const CONTACT: &[&str] = &[
        "contactid",
        "idcontact",
        "idcontacto",
        "iddecontacto",
        "iddelcontacto",
        "contactoid",
        "idcontato",
        "iddocontato",
        "contatoid",
    ];
    let words = folded(name);
    let whole = words.concat();
    let has_word = words.iter().any(|word| PHONE_WORDS.contains(&word.as_str()));
    if has_word || PHONE_PARTS.iter().any(|part| whole.contains(part)) {
        return Some("contact_number");
    }
    match whole.as_str() {
        whole if TICKET.contains(&whole) => Some("ticket_id"),
        whole if CONTACT.contains(&whole) => Some("ai_contact_id"),
        _ => None,
    }
}

/// Returns the options that would map the columns that look like identifiers.
pub(super) fn advice(names: &[String]) -> String {
    let likely = names.iter().filter_map(|name| Some((name, suggested(name)?)));
    let advice: Vec<_> = likely
        .take(3)
        .map(|(name, field)| format!("`{0}` looks like {field}: add `{1}`", Escaped(name), option(field, name)))
        .collect();
    advice.join("; ")
}

/// Returns `--map` as it is typed in a shell.
pub(super) fn option(field: &str, column: &str) -> String {
    let quote = if column.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) { "" } else { "\"" };
    format!("--map {quote}{field}={}{quote}", Escaped(column))
}

/// Returns true if a column with this name is an identifier, is mapped, or looks like an identifier.
pub(super) fn is_known(name: &str, maps: &[ColumnMap]) -> bool {
    let is_mapped = |map: &ColumnMap| folded(&map.column).concat() == folded(name).concat();
    IDENTIFIERS.contains(&name) || maps.iter().any(is_mapped) || suggested(name).is_some()
}

/// Returns the words of a name in lower case and without accents.
fn folded(name: &str) -> Vec<String> {
    let letters = name.chars().flat_map(char::to_lowercase).filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    let plain: String = letters.map(without_accent).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns a lower-case letter of Spanish or Portuguese without its accent. A decomposed accent is a character of its own.
fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'ª' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'º' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_identifiers_in_three_languages() {
        for (name, expected) in [
            ("Teléfono", Some("contact_number")),
            ("TELE\u{301}FONO MÓVIL", Some("contact_number")),
            ("Nº de teléfono", Some("contact_number")),
            ("Celular 1", Some("contact_number")),
            ("Telemóvel", Some("contact_number")),
            ("phoneNumber", Some("contact_number")),
            ("Tel.", Some("contact_number")),
            ("Número WhatsApp", Some("contact_number")),
            ("Ticket", Some("ticket_id")),
            ("ID del ticket", Some("ticket_id")),
            ("ID contacto", Some("ai_contact_id")),
            ("ID do contato", Some("ai_contact_id")),
            ("Hotel", None),
            ("Número", None),
            ("Nombre", None),
            ("ticket_status", None),
            ("", None),
        ] {
            assert_eq!(suggested(name), expected, "{name}");
        }
    }

    #[test]
    fn finds_a_column_despite_case_and_accents_if_it_is_the_only_one() {
        let names = ["Teléfono", "telefono 2", "Tel", "TEL"].map(str::to_owned);
        for (wanted, expected) in [
            ("Teléfono", Some(0)),
            ("telefono", Some(0)),
            ("Telefono-2", Some(1)),
            ("TEL", Some(3)),
            ("tel", None),
            ("x", None),
        ] {
            assert_eq!(find(&names, wanted), expected, "{wanted}");
        }
    }

    #[test]
    fn advises_an_option_that_a_shell_takes() {
        let names = ["Nombre", "Teléfono", "Nº de teléfono"].map(str::to_owned);
        assert_eq!(
            advice(&names),
            "`Teléfono` looks like contact_number: add `--map contact_number=Teléfono`; `Nº de teléfono` looks like \
             contact_number: add `--map \"contact_number=Nº de teléfono\"`"
        );
        for (text, expected) in
            [("a=b c", Some(("a", "b c"))), (" a = b=c ", Some(("a", "b=c"))), ("a", None), ("=a", None), ("a= ", None)]
        {
            let found = parse_column_map(text).ok();
            assert_eq!(found.as_ref().map(|map| (map.field.as_str(), map.column.as_str())), expected, "{text}");
        }
    }
}
