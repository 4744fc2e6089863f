//! Refuses a workbook that would fill the memory: a zip file of a few kilobytes can unpack to gigabytes.

use std::io::{BufRead, Read, Seek};

use zip::ZipArchive;

use super::WorkbookError;

/// The maximum unpacked size of a sheet, which is read as a stream.
const MAX_SHEET: u64 = 1 << 30;
/// The maximum unpacked size of any other part. The shared texts are in memory.
const MAX_PART: u64 = 256 << 20;
/// The maximum number of bytes without a tag, which are in memory at a time. A cell has 32,767 characters at most.
const MAX_TEXT: u64 = 2 << 20;
/// The size of the start of a part, which has its first tag.
const HEAD: usize = 4096;

/// Unpacks the parts that are read, and fails if one of them is too large.
pub(super) fn check(workbook: impl BufRead + Seek) -> Result<(), WorkbookError> {
    let mut zip = ZipArchive::new(workbook).map_err(|_| WorkbookError::Damaged)?;
    let mut is_workbook = false;
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| WorkbookError::Damaged)?;
        let name = part.name().map_err(|_| WorkbookError::Damaged)?.to_ascii_lowercase();
        is_workbook |= name.ends_with("workbook.xml");
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let limit = if name.contains("worksheets/") { MAX_SHEET } else { MAX_PART };
            check_part(part, limit, name.ends_with("sharedstrings.xml"))?;
        }
    }
    if is_workbook { Ok(()) } else { Err(WorkbookError::NotAWorkbook) }
}

fn check_part(mut part: impl Read, limit: u64, has_texts: bool) -> Result<(), WorkbookError> {
    let (mut size, mut run, mut recent, mut in_comment) = (0_u64, 0_u64, [0; 2], false);
    let mut head = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = part.read(&mut buffer).map_err(|_| WorkbookError::Damaged)?;
        let chunk = buffer.get(..count).unwrap_or_default();
        head.extend(chunk.iter().take(HEAD.saturating_sub(head.len())));
        size += chunk.len() as u64;
        if size > limit {
            return Err(WorkbookError::TooLarge { limit });
        }
        for byte in chunk.iter().copied() {
            run += 1;
            match (byte, recent) {
                // A comment is in memory too, whatever it contains.
                (b'!', [_, b'<']) => in_comment = true,
                (b'>', [b'-', b'-'] | [b']', b']']) => in_comment = false,
                (b'<', _) if !in_comment => run = 0,
                _ => {}
            }
            if run > MAX_TEXT {
                return Err(WorkbookError::TooLarge { limit: MAX_TEXT });
            }
            recent = [recent[1], byte];
        }
        if count == 0 {
            break;
        }
    }
    if has_texts && !is_plausible(&head, size) { Err(WorkbookError::Damaged) } else { Ok(()) }
}

/// Returns true if the part can have as many texts as it claims, for which memory is reserved.
fn is_plausible(head: &[u8], size: u64) -> bool {
    let head = String::from_utf8_lossy(head);
    let Some((_, tag)) = head.split_once("sst") else { return false };
    let Some((tag, _)) = tag.split_once('>') else { return false };
    let claimed = tag.split_once("uniqueCount").map_or("0", |(_, value)| value);
    let digits: String = claimed.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    // The shortest text is `<si/>`.
    !head.contains("<!") && digits.parse::<u64>().is_ok_and(|claimed| claimed <= size / 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_parts_that_would_fill_the_memory() {
        let long = "x".repeat(3 << 20);
        for (part, has_texts, is_ok) in [
            ("<sst uniqueCount=\"2\"><si><t>a</t></si><si><t>b</t></si></sst>".to_owned(), true, true),
            ("<sst><si><t>a</t></si></sst>".to_owned(), true, true),
            ("<sst uniqueCount=\"99999999999\"></sst>".to_owned(), true, false),
            ("<!-- sst> --><sst uniqueCount=\"99999999999\"></sst>".to_owned(), true, false),
            (format!("<{}sst></sst>", " ".repeat(HEAD)), true, false),
            (format!("<a>{}</a>", "<b>x</b>".repeat(1 << 19)), false, true),
            (format!("<a>{long}</a>"), false, false),
            (format!("<a x=\"{long}\"/>"), false, false),
            (format!("<!-- {} --></a>", "<>".repeat(2 << 20)), false, false),
            (format!("<![CDATA[{}]]></a>", "<>".repeat(2 << 20)), false, false),
        ] {
            let checked = check_part(part.as_bytes(), MAX_PART, has_texts);
            assert_eq!(checked.is_ok(), is_ok, "{}", &part[..part.len().min(60)]);
        }
        assert!(matches!(check_part(&b"<a><b></b></a>"[..], 10, false), Err(WorkbookError::TooLarge { limit: 10 })));
    }
}
