//! Opens an input, and finds out how it has to be read.

use std::{io::Read, path::Path, sync::Arc};

use super::{
    Input, Options, delimiter,
    encoding::Encoding,
    error::InputError,
    format::{Compression, Format, FormatName, by_name},
    source::Source,
    text::{self, Text},
    workbook::{self, Sheet, WorkbookError},
};

impl Input {
    /// Opens a file; its first bytes decide about decompression.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, InputError> {
        let (format, compression) = by_name(path);
        Self::new(Source::open(path)?, options, format, compression)
    }

    /// Copies the standard input, or any other stream.
    pub(crate) fn copy_of(stream: impl Read, options: Options) -> Result<Self, InputError> {
        Self::new(Source::copy_of(stream)?, options, None, None)
    }

    fn new(
        source: Source,
        options: Options,
        named_format: Option<Format>,
        named_compression: Option<Compression>,
    ) -> Result<Self, InputError> {
        let mut first = Vec::new();
        let read = source.reader().take(4).read_to_end(&mut first);
        read.map_err(|source| InputError::Read { source })?;
        workbook::reject_compound(&first)?;
        if workbook::is_zip(&first) {
            return Self::of_workbook(source, options);
        }
        if options.sheet.is_some() {
            return Err(WorkbookError::SheetOfText.into());
        }
        let compression = Compression::of_bytes(&first);
        if let (None, Some(compression)) = (compression, named_compression) {
            return Err(InputError::NotCompressed { compression });
        }
        let encoding = Encoding::of(text::decompressed(source.reader(), compression), options.encoding)?;
        let comma = Format::Csv { delimiter: b',' };
        let text = || Text::new(source.reader(), compression, encoding);
        let first = || text()?.first_visible();
        let format = match (options.format, named_format) {
            (Some(FormatName::Ndjson), _) => Format::Ndjson,
            // The name may give the delimiter, unless it is that of NDJSON.
            (Some(FormatName::Csv), Some(named @ Format::Csv { .. })) => named,
            (Some(FormatName::Csv), _) => comma,
            (None, Some(named)) => named,
            (None, None) => match first()? {
                Some(b'{' | b'[') => Format::Ndjson,
                _ => comma,
            },
        };
        if format == Format::Ndjson && first()? == Some(b'[') {
            return Err(InputError::JsonArray);
        }
        let mut detected = Vec::new();
        if options.encoding.is_none() && encoding != Encoding::UTF_8 {
            detected.push(format!("as {encoding}"));
        }
        let format = match (format, options.delimiter) {
            (Format::Csv { delimiter }, None) => match delimiter::detect(text, &options.reading.maps) {
                Some(found) if found != delimiter => {
                    detected.push(format!("with {} as the delimiter", delimiter::describe(found)));
                    Format::Csv { delimiter: found }
                }
                _ => format,
            },
            (Format::Ndjson, None) => format,
            (Format::Csv { .. }, Some(delimiter)) => Format::Csv { delimiter },
            (Format::Ndjson, Some(_)) => return Err(InputError::DelimiterForNdjson),
        };
        options.reading.check(format != Format::Ndjson)?;
        let reading = Arc::new(options.reading);
        Ok(Self { source, format, compression, encoding, sheet: None, reading, detected })
    }

    fn of_workbook(source: Source, options: Options) -> Result<Self, InputError> {
        let Options { format, delimiter, encoding, sheet, mut reading } = options;
        if format.is_some() || delimiter.is_some() || encoding.is_some() {
            return Err(WorkbookError::OptionsOfText.into());
        }
        let state = source.state();
        let named = sheet.is_some();
        let sheet = Sheet::convert(&source, sheet.as_deref())?;
        reading.is_sheet = true;
        reading.check(true)?;
        Ok(Self {
            source,
            format: Format::Csv { delimiter: workbook::DELIMITER },
            compression: None,
            encoding: Encoding::UTF_8,
            detected: if named { Vec::new() } else { vec![format!("from the sheet {:?}", sheet.name)] },
            sheet: Some((sheet, state)),
            reading: Arc::new(reading),
        })
    }
}
