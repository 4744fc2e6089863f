//! The file of the rows that failed: in the format of the input, each with its reason, to be mended and imported again.
//!
//! Before each row stands its reason, and the row follows byte for byte: in front, it is in the right column also where a
//! row has too few cells or too many. The reader passes the reason over and takes it away, so nobody has to.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{
    input::{ERROR_FIELD, Header, LINE_FIELD, Raw},
    temporary,
};

/// Writes rows to a temporary file beside the one that they are meant for; only [`finish`](Self::finish) replaces that.
///
/// Nobody but the owner may read it, since it holds what the input does.
#[derive(Debug)]
pub(crate) struct FailedWriter {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    /// Of CSV; without it the rows are NDJSON.
    csv: Option<Csv>,
}

#[derive(Clone, Copy, Debug)]
struct Csv {
    delimiter: u8,
    line_end: &'static str,
}

impl FailedWriter {
    /// Begins a file; `header` is [`Input::header`](super::input::Input::header).
    pub(crate) fn create(path: &Path, header: Option<&Header>) -> Result<Self, FailedError> {
        let failed = |source| FailedError { path: path.to_owned(), source };
        let file = BufWriter::new(temporary::next_to(path).map_err(failed)?);
        let csv =
            header.map(|header| Csv { delimiter: header.delimiter, line_end: if header.crlf { "\r\n" } else { "\n" } });
        let mut writer = Self { path: path.to_owned(), file, csv };
        if let (Some(header), Some(csv)) = (header, csv) {
            let bom = if header.bom { "\u{feff}" } else { "" };
            writer.write_csv(csv, &format!("{bom}{ERROR_FIELD}"), &header.raw).map_err(failed)?;
        }
        Ok(writer)
    }

    /// Adds a row with the reason why it failed. Of a row that was too large to be kept, the reason stands alone.
    pub(crate) fn write(&mut self, raw: &Raw, reason: &str) -> Result<(), FailedError> {
        let written = match self.csv {
            Some(csv) => self.write_csv(csv, &format!("\"{}\"", reason.replace('"', "\"\"")), raw),
            None => self.write_ndjson(raw, reason),
        };
        written.map_err(|source| FailedError { path: self.path.clone(), source })
    }

    /// Puts the file in its place, whole and on disk.
    pub(crate) fn finish(self) -> Result<(), FailedError> {
        let Self { path, file, csv: _ } = self;
        let persist = |file: BufWriter<NamedTempFile>| {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        persist(file).map_err(|source| FailedError { path: path.clone(), source })
    }

    /// Whether the file at this path is what was written, instead of putting it there.
    pub(crate) fn equals(self, path: &Path) -> io::Result<bool> {
        let mut written = self.file.into_inner().map_err(io::IntoInnerError::into_error)?.reopen()?;
        let mut there = BufReader::new(File::open(path)?);
        if there.get_ref().metadata()?.len() != written.metadata()?.len() {
            return Ok(false);
        }
        let (mut ours, mut theirs) = ([0; 8192], [0; 8192]);
        loop {
            let count = written.read(&mut ours)?;
            let (Some(ours), Some(theirs)) = (ours.get(..count), theirs.get_mut(..count)) else { return Ok(false) };
            there.read_exact(theirs)?;
            if ours != theirs {
                return Ok(false);
            }
            if count == 0 {
                return Ok(true);
            }
        }
    }

    fn write_csv(&mut self, csv: Csv, first: &str, rest: &Raw) -> io::Result<()> {
        self.file.write_all(first.as_bytes())?;
        if !rest.as_bytes().is_empty() {
            self.file.write_all(&[csv.delimiter])?;
            self.file.write_all(rest.as_bytes())?;
        }
        self.file.write_all(csv.line_end.as_bytes())
    }

    fn write_ndjson(&mut self, raw: &Raw, reason: &str) -> io::Result<()> {
        let bytes = raw.as_bytes();
        let reason = serde_json::to_string(reason)?;
        let object = bytes.trim_ascii_start().strip_prefix(b"{");
        if let Some(rest) = object {
            // Into the text, so that the row stays as it is, right JSON or not.
            let (before, _) = bytes.split_at(bytes.len() - rest.len());
            let comma = if rest.trim_ascii_start().starts_with(b"}") { "" } else { "," };
            self.file.write_all(before)?;
            write!(self.file, "\"{ERROR_FIELD}\":{reason}{comma}")?;
            self.file.write_all(rest)?;
        } else if bytes.is_empty() {
            write!(self.file, "{{\"{ERROR_FIELD}\":{reason}}}")?;
        } else {
            write!(self.file, "{{\"{ERROR_FIELD}\":{reason},\"{LINE_FIELD}\":{}}}", serde_json::to_string(raw)?)?;
        }
        self.file.write_all(b"\n")
    }
}

/// The file of failed rows cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the failed rows cannot be written to `{}`: make room, or name another file", path.display())]
pub(crate) struct FailedError {
    path: PathBuf,
    source: io::Error,
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::import::input::{FormatName, Input, Options, Row};

    const REASON: &str = "line 2, column 1: \"no\"; \\ ñ\nsecond line";

    fn csv() -> Options {
        Options { format: Some(FormatName::Csv), ..Options::default() }
    }

    fn ndjson() -> Options {
        Options { format: Some(FormatName::Ndjson), ..Options::default() }
    }

    fn rows(input: &Input) -> Vec<Row> {
        input.rows().unwrap().map(Result::unwrap).collect()
    }

    /// The failed file of an input of which every row has failed.
    fn failed(text: &[u8], options: Options) -> Vec<u8> {
        let input = Input::copy_of(text, options).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("failed");
        let mut writer = FailedWriter::create(&path, input.header().unwrap().as_ref()).unwrap();
        for row in rows(&input) {
            // As the journal keeps it.
            let raw = serde_json::from_str(&serde_json::to_string(&row.raw).unwrap()).unwrap();
            writer.write(&raw, REASON).unwrap();
        }
        writer.finish().unwrap();
        fs::read(&path).unwrap()
    }

    #[test]
    fn a_csv_file_gets_a_first_column_and_keeps_every_byte_of_its_rows() {
        let reason = "\"line 2, column 1: \"\"no\"\"; \\ ñ\nsecond line\"";
        let input = b"\xef\xbb\xbfticket_id; \"a;b\"\r\n\"x\";\"1\"\"\"\r\n\r\nfew\r\nto;o;many\r\n\xff;\"a\"b";
        let expected = [
            &b"\xef\xbb\xbfvambe_error;ticket_id; \"a;b\"\r\n"[..],
            &[reason.as_bytes(), b";\"x\";\"1\"\"\"\r\n"].concat(),
            &[reason.as_bytes(), b";few\r\n"].concat(),
            &[reason.as_bytes(), b";to;o;many\r\n"].concat(),
            &[reason.as_bytes(), b";\xff;\"a\"b\r\n"].concat(),
        ]
        .concat();
        let options = Options { delimiter: Some(b';'), ..csv() };
        let written = failed(input, options);
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
        assert_eq!(failed(&written, options), written, "a second import writes the same");
    }

    #[test]
    fn an_ndjson_file_gets_a_first_field_and_keeps_every_byte_of_its_rows() {
        let reason = serde_json::to_string(REASON).unwrap();
        let input = b"{\"a\":1}\r\n {}\n\n{ \"a\" : \n{\"\xff\":1}\n{\n[1, \"x\"]\n\"\xff";
        let expected = [
            &[b"{\"vambe_error\":", reason.as_bytes(), b",\"a\":1}\n"].concat()[..],
            &[b" {\"vambe_error\":", reason.as_bytes(), b"}\n"].concat(),
            &[b"{\"vambe_error\":", reason.as_bytes(), b", \"a\" : \n"].concat(),
            &[b"{\"vambe_error\":", reason.as_bytes(), b",\"\xff\":1}\n"].concat(),
            &[b"{\"vambe_error\":", reason.as_bytes(), b",\n"].concat(),
            &[b"{\"vambe_error\":", reason.as_bytes(), b",\"vambe_line\":\"[1, \\\"x\\\"]\"}\n"].concat(),
            &[b"{\"vambe_error\":", reason.as_bytes(), b",\"vambe_line\":[34,255]}\n"].concat(),
        ]
        .concat();
        let written = failed(input, ndjson());
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
        assert_eq!(failed(&written, ndjson()), written, "a second import writes the same");
    }

    #[test]
    fn a_row_that_was_not_kept_leaves_its_reason() {
        let large = "x".repeat(9 << 20);
        let csv_text = failed(format!("ticket_id,a\n{large}\n").as_bytes(), csv());
        let reason = REASON.replace('"', "\"\"");
        assert_eq!(String::from_utf8(csv_text.clone()).unwrap(), format!("vambe_error,ticket_id,a\n\"{reason}\"\n"));
        assert_eq!(failed(&csv_text, csv()), csv_text);
        let ndjson_text = failed(large.as_bytes(), ndjson());
        assert_eq!(ndjson_text, format!("{{\"vambe_error\":{}}}\n", serde_json::to_string(REASON).unwrap()).as_bytes());
    }

    #[test]
    fn the_file_is_there_when_it_is_finished_and_nobody_else_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("failed.ndjson");
        fs::write(&path, "before").unwrap();
        let mut writer = FailedWriter::create(&path, None).unwrap();
        writer.write(&b"{}".to_vec().into(), "why").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"before");
        writer.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{\"vambe_error\":\"why\"}\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(FailedWriter::create(&path, None).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "what is not finished leaves nothing");
        let error = FailedWriter::create(&dir.path().join("none/failed"), None).unwrap_err().to_string();
        assert!(error.contains("none/failed`: make room, or name another file"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn any_rows_come_back_from_a_failed_file_as_they_were(lines: Vec<Vec<u8>>, objects: bool, as_csv: bool) {
            let mut text = if as_csv { b"contact_number,a,b\n".to_vec() } else { Vec::new() };
            for line in lines {
                // Fewer of those that mean nothing to either format.
                let common = |byte| *b"{}\",: \n\r\\a1\xff\xc3".get(usize::from(byte % 20)).unwrap_or(&byte);
                let line = line.into_iter().map(common);
                text.extend(objects.then_some(b'{').into_iter().chain(line).chain([b'\n']));
            }
            let options = if as_csv { csv() } else { ndjson() };
            // A quote may stay open: then there are no rows to compare.
            let Ok(input) = Input::copy_of(text.as_slice(), options) else { return Ok(()) };
            if input.survey().is_err() {
                return Ok(());
            }
            let before: Vec<_> = rows(&input).into_iter().map(|row| row.raw).collect();
            let written = failed(&text, options);
            let again = rows(&Input::copy_of(written.as_slice(), options).unwrap());
            let again: Vec<_> = again.into_iter().map(|row| row.raw).collect();
            // A line of an object is itself again; any other one is in the field that holds it.
            let expected: Vec<Raw> = before.into_iter().map(|raw| {
                if as_csv || raw.as_bytes().trim_ascii_start().starts_with(b"{") {
                    raw
                } else {
                    format!("{{\"{LINE_FIELD}\":{}}}", serde_json::to_string(&raw).unwrap()).into_bytes().into()
                }
            }).collect();
            let shown = |raw: &Raw| raw.as_bytes().escape_ascii().to_string();
            assert_eq!(again.iter().map(shown).collect::<Vec<_>>(), expected.iter().map(shown).collect::<Vec<_>>());
        }
    }
}
