//! The options that decide what update a row becomes.

use vambe_api::{ContactNumber, Country, InvalidTicketRef, Metadata, TicketRef};

use super::{error::InputError, names::ColumnMap, update::reserved};

/// The options for the rows of an input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// `--map`.
    pub(crate) maps: Vec<ColumnMap>,
    /// `--set`: pairs of every row.
    pub(crate) constants: Option<Metadata>,
    /// `--default-country`: contact numbers without `+` are read as numbers of this country.
    pub(crate) country: Option<Country>,
    /// True if the rows are those of a sheet, so that positions are cells.
    pub(super) is_sheet: bool,
}

impl Reading {
    pub(crate) fn new(maps: Vec<ColumnMap>, constants: Option<Metadata>, country: Option<Country>) -> Self {
        Self { maps, constants, country, is_sheet: false }
    }

    /// Returns the pairs of `--set`.
    pub(super) fn constants(&self) -> impl Iterator<Item = (&str, &str)> {
        self.constants.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Returns true if `--set` has this key.
    pub(super) fn sets(&self, key: &str) -> bool {
        self.constants.as_ref().is_some_and(|constants| constants.get(key).is_some())
    }

    /// Parses a contact number. Returns true if it was read as a number of the default country.
    pub(super) fn contact_number(&self, text: &str) -> Result<(TicketRef, bool), InvalidTicketRef> {
        let international = text.parse::<ContactNumber>();
        match (international, self.country) {
            (Err(_), Some(country)) => Ok((ContactNumber::parse_in(country, text)?.into(), true)),
            (international, _) => Ok((international?.into(), false)),
        }
    }

    /// Fails if `--set` has the name of a field, or `--map` reads two columns as the same one or is for an input without columns.
    pub(super) fn check(&self, has_columns: bool) -> Result<(), InputError> {
        if let Some(name) = reserved().find(|name| self.sets(name)) {
            return Err(InputError::ReservedConstant { name });
        }
        if !self.maps.is_empty() && !has_columns {
            return Err(InputError::MapForNdjson);
        }
        for (index, map) in self.maps.iter().enumerate() {
            if self.maps.iter().skip(index + 1).any(|other| other.field == map.field) {
                return Err(InputError::MappedTwice { field: map.field.clone() });
            }
        }
        Ok(())
    }
}
