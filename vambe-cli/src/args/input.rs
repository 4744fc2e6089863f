//! The options for the way in which an input becomes updates.

use clap::{Args, error::ErrorKind};
use vambe_api::Country;

use crate::{
    import::{ColumnMap, Encoding, FormatName, Options, Reading, parse_column_map, parse_delimiter, parse_encoding},
    pairs::{self, PairError},
};

#[derive(Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Format of the input [default: from the file name or the first character]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<FormatName>,
    /// Character encoding of the input, e.g. windows-1252 [default: detected; UTF-8, UTF-16 or Windows-1252]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub(crate) encoding: Option<Encoding>,
    /// Field delimiter of CSV input: one character, or `tab` [default: from the header, or a comma; a tab for .tsv files]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// Sheet of an .xlsx workbook [default: the only visible one with content]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Read the column COLUMN as NAME: an identifier, `allow_closed_ticket` or a metadata key; can be repeated, e.g.
    /// contact_number=Phone
    #[arg(long, value_name = "NAME=COLUMN", value_parser = parse_column_map)]
    pub(crate) map: Vec<ColumnMap>,
    /// Read contact numbers without `+` as numbers of this country, e.g. CL; --dry-run says how many there are
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) default_country: Option<Country>,
    /// Set this pair in every row, e.g. source=backfill; can be repeated
    // A string: clap would show an invalid value.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Read only the first N rows, to try an import; the same command without this option continues it
    #[arg(long, value_name = "N")]
    pub(crate) limit_rows: Option<u64>,
}

impl InputArgs {
    /// Returns the names of the given options that apply to the rows of a failed file as to those of the input. The file is CSV
    /// in UTF-8 or NDJSON, so it needs no other ones.
    pub(crate) fn row_options(&self) -> Vec<&'static str> {
        let options = [
            ("--map", !self.map.is_empty()),
            ("--set", !self.set.is_empty()),
            ("--default-country", self.default_country.is_some()),
            ("--delimiter", self.delimiter.is_some()),
        ];
        options.into_iter().filter_map(|(option, is_given)| is_given.then_some(option)).collect()
    }

    /// Checks what the grammar cannot express: options that exclude each other by their values.
    pub(super) fn check(&self, grammar: &mut clap::Command) -> Result<(), clap::Error> {
        if self.delimiter.is_some() && self.input_format == Some(FormatName::Ndjson) {
            let message = "--delimiter is for CSV only: leave it out, or use --input-format csv";
            return Err(grammar.error(ErrorKind::ArgumentConflict, message));
        }
        Ok(())
    }

    /// Returns the options for the input, with the parsed pairs of `--set`.
    pub(crate) fn options(&self) -> Result<Options, PairError> {
        let constants = if self.set.is_empty() { None } else { Some(pairs::parse(&self.set)?) };
        Ok(Options {
            format: self.input_format,
            delimiter: self.delimiter,
            encoding: self.encoding,
            sheet: self.sheet.clone(),
            reading: Reading::new(self.map.clone(), constants, self.default_country),
        })
    }
}
