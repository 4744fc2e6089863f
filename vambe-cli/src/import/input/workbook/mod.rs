//! Converts a sheet of an .xlsx workbook to CSV, which the other modules read like any other.
//!
//! The CSV is in an unnamed temporary file: the rows of a workbook are read several times, and a large sheet takes no memory.
//! Each row of the sheet is one record, blank ones too, so that the number of a record is that of its row.

mod cell;
mod guard;
#[cfg(test)]
mod tests;

use std::{
    io::{self, BufReader, BufWriter, Write},
    panic::{self, AssertUnwindSafe},
};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};

pub(super) use self::cell::{column_name, fault};
use super::{
    fault::names,
    names::find,
    source::{Source, SourceReader},
};

/// The delimiter of the CSV. Spreadsheets in Spanish or Portuguese open the files of failed rows with it.
pub(super) const DELIMITER: u8 = b';';

/// The number of rows and columns of a sheet, by the format's limits.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: usize = 1 << 14;
/// The maximum size of the CSV: a small workbook can repeat a long text in every cell.
const MAX_CSV: u64 = 4 << 30;

type Workbook = Xlsx<BufReader<SourceReader>>;

/// A sheet as CSV.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) csv: Source,
}

/// An error in a workbook. Shows names of sheets and no content, so without the library's errors, which may quote cells.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkbookError {
    #[error("the input is an old or a password-protected workbook: save it as .xlsx without a password, or as CSV")]
    OldOrEncrypted,
    #[error("the input is a zip file, but not a workbook in the format .xlsx: save it as .xlsx, or unpack it")]
    NotAWorkbook,
    #[error("the workbook is damaged: open it in a spreadsheet program and save it again")]
    Damaged,
    #[error("the workbook unpacks to more than {} MiB: save its sheet as CSV", limit >> 20)]
    TooLarge { limit: u64 },
    #[error("no visible sheet of the workbook has content: name a hidden one with --sheet; found: {}", names(sheets))]
    NoContent { sheets: Vec<String> },
    #[error("several sheets of the workbook have content: name one with --sheet; found: {}", names(sheets))]
    SeveralSheets { sheets: Vec<String> },
    #[error("the workbook has no such sheet as --sheet names; found: {}", names(sheets))]
    NoSuchSheet { sheets: Vec<String> },
    #[error("--sheet is for workbooks: leave it out")]
    SheetOfText,
    #[error(
        "a workbook has no encoding, delimiter or other format: leave out --encoding, --delimiter and --input-format"
    )]
    OptionsOfText,
    #[error("cannot copy the sheet to a temporary file: free some space, or set TMPDIR to another directory")]
    Copy(#[source] io::Error),
}

/// Returns true if the first bytes are those of a workbook, or of another zip file.
pub(super) fn is_zip(first: &[u8]) -> bool {
    first.starts_with(b"PK\x03\x04")
}

/// Fails if the first bytes are those of a compound file: .xls, or .xlsx with a password.
pub(super) fn reject_compound(first: &[u8]) -> Result<(), WorkbookError> {
    if first.starts_with(b"\xd0\xcf\x11\xe0") { Err(WorkbookError::OldOrEncrypted) } else { Ok(()) }
}

impl Sheet {
    /// Converts the sheet with this name, or the only visible one with content.
    pub(super) fn convert(workbook: &Source, named: Option<&str>) -> Result<Self, WorkbookError> {
        guard::check(BufReader::new(workbook.reader()))?;
        // The library returns errors, but its arithmetic on positions can overflow, which panics in debug builds.
        let converted = panic::catch_unwind(AssertUnwindSafe(|| convert(workbook, named)));
        converted.unwrap_or(Err(WorkbookError::Damaged))
    }
}

fn convert(workbook: &Source, named: Option<&str>) -> Result<Sheet, WorkbookError> {
    let mut workbook = Xlsx::new(BufReader::new(workbook.reader())).map_err(|_| WorkbookError::Damaged)?;
    let name = choose(&mut workbook, named)?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| WorkbookError::Damaged)?;
    let mut file = tempfile::tempfile().map_err(WorkbookError::Copy)?;
    let mut csv = CsvWriter::new(BufWriter::new(&mut file));
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| WorkbookError::Damaged)? {
        let (row, column) = (cell.pos.0, usize::try_from(cell.pos.1).unwrap_or(MAX_COLUMNS));
        if row < csv.row || row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(WorkbookError::Damaged);
        }
        csv.advance(row)?;
        csv.put(column, cell::text(&cell.value, cell.formula.is_some()));
    }
    csv.finish()?;
    drop(cells);
    Source::rewound(file).map(|csv| Sheet { name, csv }).map_err(WorkbookError::Copy)
}

/// Returns the name of the sheet to read.
fn choose(workbook: &mut Workbook, named: Option<&str>) -> Result<String, WorkbookError> {
    let worksheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (mut sheets, mut visible) = (Vec::new(), Vec::new());
    for sheet in worksheets {
        sheets.push(sheet.name.clone());
        visible.extend((sheet.visible == SheetVisible::Visible).then(|| sheet.name.clone()));
    }
    if let Some(named) = named {
        let found = find(&sheets, named).and_then(|index| sheets.get(index)).cloned();
        return found.ok_or(WorkbookError::NoSuchSheet { sheets });
    }
    let mut with_content = Vec::new();
    for name in visible {
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| WorkbookError::Damaged)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| WorkbookError::Damaged)? {
            if cell.formula.is_some() || cell.value != DataRef::Empty {
                with_content.push(name);
                break;
            }
        }
    }
    match <[String; 1]>::try_from(with_content) {
        Ok([only]) => Ok(only),
        Err(none) if none.is_empty() => Err(WorkbookError::NoContent { sheets }),
        Err(sheets) => Err(WorkbookError::SeveralSheets { sheets }),
    }
}

/// Writes the rows of a sheet as records.
struct CsvWriter<W> {
    out: W,
    bytes: u64,
    /// The row that is being collected, from 0, and its cells.
    row: u32,
    cells: Vec<Vec<u8>>,
    /// The number of columns of the header, the first row with content.
    width: usize,
}

impl<W: Write> CsvWriter<W> {
    fn new(out: W) -> Self {
        Self { out, bytes: 0, row: 0, cells: Vec::new(), width: 0 }
    }

    fn put(&mut self, column: usize, text: Vec<u8>) {
        if !text.is_empty() {
            if self.cells.len() <= column {
                self.cells.resize(column + 1, Vec::new());
            }
            if let Some(cell) = self.cells.get_mut(column) {
                *cell = text;
            }
        }
    }

    /// Writes the rows before `row`.
    fn advance(&mut self, row: u32) -> Result<(), WorkbookError> {
        while self.row < row {
            self.end_row()?;
            self.row += 1;
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), WorkbookError> {
        if !self.cells.is_empty() {
            if self.width == 0 {
                self.width = self.cells.len();
            }
            self.cells.resize(self.cells.len().max(self.width), Vec::new());
        }
        for (index, cell) in std::mem::take(&mut self.cells).into_iter().enumerate() {
            if index > 0 {
                self.write(&[DELIMITER])?;
            }
            self.write(&quoted(cell))?;
        }
        self.write(b"\n")?;
        if self.bytes > MAX_CSV { Err(WorkbookError::TooLarge { limit: MAX_CSV }) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WorkbookError> {
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(WorkbookError::Copy)
    }

    fn finish(mut self) -> Result<(), WorkbookError> {
        self.end_row()?;
        self.out.flush().map_err(WorkbookError::Copy)
    }
}

/// Returns the content of a cell in quotes if it needs them.
fn quoted(cell: Vec<u8>) -> Vec<u8> {
    if !cell.iter().any(|byte| matches!(*byte, b'"' | b'\n' | b'\r' | DELIMITER)) {
        return cell;
    }
    let mut quoted = vec![b'"'];
    for byte in cell {
        quoted.extend(if byte == b'"' { &b"\"\""[..] } else { std::slice::from_ref(&byte) });
    }
    quoted.push(b'"');
    quoted
}
