//! Tests with workbooks of LibreOffice and openpyxl, and with damaged ones.

use std::{
    io::{Cursor, Read as _, Write as _},
    path::Path,
};

use proptest::prelude::*;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::*;

/// Rows 2 and 3 have numbers, dates and booleans, row 4 is blank, rows 5 and 6 have formulas, and B7 is merged with B8.
const OPENPYXL: &str = "openpyxl.xlsx";
/// The same workbook, saved by LibreOffice.
const LIBREOFFICE: &str = "libreoffice.xlsx";

fn fixture(name: &str) -> Source {
    // Cargo runs tests in the folder of their package.
    Source::open(&Path::new("tests/fixtures/workbooks").join(name)).unwrap()
}

fn csv(sheet: &Sheet) -> String {
    let mut csv = Vec::new();
    sheet.csv.reader().read_to_end(&mut csv).unwrap();
    String::from_utf8_lossy(&csv).replace(char::REPLACEMENT_CHARACTER, "!")
}

/// Writes a workbook from its parts.
fn zipped(parts: &[(String, Vec<u8>)]) -> Source {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    Source::copy_of(zip.finish().unwrap().into_inner().as_slice()).unwrap()
}

fn parts(name: &str) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(BufReader::new(fixture(name).reader())).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// Replaces a text in a part.
fn with(name: &str, part: &str, from: &str, to: &str) -> Source {
    let mut parts = parts(name);
    let (_, content) = parts.iter_mut().find(|(name, _)| name.ends_with(part)).unwrap();
    let text = String::from_utf8(content.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    *content = text.replace(from, to).into_bytes();
    zipped(&parts)
}

#[test]
fn sheets_of_two_programs_have_the_same_rows() {
    let expected = |number: &str, formula: &str| {
        format!(
            "Teléfono;Pedido;Fecha;Monto;Activo;Nota\n\
             56900000001;hunter2-1;2026-11-29;0.3;true;\"hunter2 \"\"ñ\"\";\nlínea\"\n\
             +569 0000 0002;!N{number};2026-11-29T10:30:00;1500;false;\n\
             \n\
             +56900000003;hunter2-3;;;;{}\n\
             +56900000004;hunter2-4;;;;{formula}\n\
             +56900000001;hunter2-7;;;;\n\
             +56900000002;;;;;\n",
            if formula == "!F" { "!F" } else { "!E#N/A" }
        )
    };
    // openpyxl computes no formulas, and LibreOffice keeps 15 digits.
    let openpyxl = Sheet::convert(&fixture(OPENPYXL), None).unwrap();
    assert_eq!((openpyxl.name.as_str(), csv(&openpyxl)), ("Clientes", expected("1234567890123457000", "!F")));
    let libreoffice = Sheet::convert(&fixture(LIBREOFFICE), None).unwrap();
    assert_eq!(csv(&libreoffice), expected("1234567890123460000", "hunter2-3"));
}

#[test]
fn a_sheet_has_to_be_named_if_several_have_content() {
    let two = fixture("two-sheets.xlsx");
    let error = Sheet::convert(&two, None).unwrap_err().to_string();
    assert_eq!(error, "several sheets of the workbook have content: name one with --sheet; found: `Enero`, `Febrero`");
    let error = Sheet::convert(&two, Some("Marzo")).unwrap_err().to_string();
    assert_eq!(error, "the workbook has no such sheet as --sheet names; found: `Enero`, `Febrero`");
    assert_eq!(csv(&Sheet::convert(&two, Some("febrero")).unwrap()), "contact_number;a\n+56900000001;hunter2\n");
    // A hidden one, by its name.
    assert_eq!(csv(&Sheet::convert(&fixture(OPENPYXL), Some("Listas")).unwrap()), "oculta\n");
    let hidden = with(LIBREOFFICE, "workbook.xml", "state=\"visible\"", "state=\"hidden\"");
    assert!(matches!(Sheet::convert(&hidden, None), Err(WorkbookError::NoContent { .. })));
}

#[test]
fn refuses_what_is_no_workbook_or_would_fill_memory_or_disk() {
    let no_workbook = zipped(&[("a.csv".to_owned(), b"contact_number,a".to_vec())]);
    assert!(matches!(Sheet::convert(&no_workbook, None), Err(WorkbookError::NotAWorkbook)));
    let cut = {
        let mut bytes = Vec::new();
        fixture(LIBREOFFICE).reader().read_to_end(&mut bytes).unwrap();
        Source::copy_of(&bytes[..bytes.len() - 100]).unwrap()
    };
    assert!(matches!(Sheet::convert(&cut, None), Err(WorkbookError::Damaged)));
    for (part, from, to) in [
        ("sheet1.xml", "r=\"A3\"", "r=\"A4000000\""),
        ("sheet1.xml", "r=\"A3\"", "r=\"XFE3\""),
        ("sheet1.xml", "r=\"A3\"", "r=\"A2\" x=\"\"><v>1</v></c><c r=\"A1\""),
        ("sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"99999999999"),
        ("sheet1.xml", "</sheetData>", ""),
    ] {
        let damaged = with(LIBREOFFICE, part, from, to);
        let result = Sheet::convert(&damaged, None);
        assert!(matches!(result, Err(WorkbookError::Damaged)), "{to}: {result:?}");
    }
    let bomb = with(LIBREOFFICE, "sharedStrings.xml", "hunter2-3", &"x".repeat(3 << 20));
    assert!(matches!(Sheet::convert(&bomb, None), Err(WorkbookError::TooLarge { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_damage_ends_with_rows_or_an_error(
        part in 0_usize..12,
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut parts = parts(LIBREOFFICE);
        let index = part % parts.len();
        for (at, byte) in edits {
            let content = &mut parts[index].1;
            let at = at.index(content.len());
            content[at] = byte;
        }
        drop(Sheet::convert(&zipped(&parts), None));
    }
}
