//! Numbers with a country code, in any notation.

#![cfg(test)]

use super::*;

#[test]
fn normalises_common_notations_to_e164() {
    for text in [
        "+56912345678",
        "+56 9 1234-5678",
        " (+56) 9 1234 5678 ",
        "(+56) 9.1234.5678",
        "tel:+56-9-1234-5678",
        " Tel: +56912345678",
        "whatsapp:+56912345678",
        "56912345678@c.us",
        " 56912345678@c.us ",
        "+56/9/12345678",
        "\u{202a}+56\u{a0}9\u{2011}1234\u{2011}5678\u{202c}",
    ] {
        assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), "+56912345678", "{text:?}");
    }
}

#[test]
fn rejects_other_texts_with_the_reason() {
    use InvalidContactNumber::*;
    let cases = [
        ("", Empty),
        ("+", Empty),
        (" - ", Empty),
        ("+56 9 CALL", Letter { position: 7 }),
        ("ñ", Letter { position: 1 }),
        ("+56912345678 ext 2", Letter { position: 14 }),
        ("tel:+56912345678;ext=2", UnexpectedCharacter { position: 17 }),
        (" whatsapp:+56x", Letter { position: 14 }),
        ("sip:+56912345678", Letter { position: 1 }),
        ("56912345678@g.us", UnexpectedCharacter { position: 12 }),
        ("56912345678", MissingPlus),
        ("912345678", MissingPlus),
        ("(56) 9.1234.5678", MissingPlus),
        ("tel:912345678", MissingPlus),
        ("whatsapp:56912345678", MissingPlus),
        ("0912345678@c.us", LeadingZero),
        ("+569;12345678", UnexpectedCharacter { position: 5 }),
        ("+569\u{0}", UnexpectedCharacter { position: 5 }),
        ("٥٦٩١٢٣٤٥٦٧٨", UnexpectedCharacter { position: 1 }),
        ("+56📞", UnexpectedCharacter { position: 4 }),
        ("++56912345678", MisplacedPlus { position: 2 }),
        ("569+12345678", MisplacedPlus { position: 4 }),
        ("0056912345678", LeadingZero),
        ("+0912345678", LeadingZero),
        ("123456", TooShort { digits: 6 }),
        ("1234567890123456", TooLong { digits: 16 }),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<ContactNumber>().unwrap_err(), expected, "{text:?}");
    }
}

#[test]
fn accepts_the_shortest_and_the_longest_number() {
    for text in ["1234567", "123456789012345"] {
        let number = format!("+{text}");
        assert_eq!(number.parse::<ContactNumber>().unwrap().as_str(), number);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_rejected_or_normalised_to_e164(text in ".*") {
        if let Ok(number) = text.parse::<ContactNumber>() {
            let digits = number.as_str().strip_prefix('+').unwrap();
            assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
            assert_eq!(number.as_str().parse(), Ok(number.clone()), "normalising twice is normalising once");
            assert!(!format!("{number:?}").contains(digits));
        }
    }

    #[test]
    fn separators_do_not_change_a_number(digits in "[1-9][0-9]{6,14}", separators in "[ ()./-]{16}") {
        let mut text = String::from("+");
        for (digit, separator) in digits.chars().zip(separators.chars()) {
            text.extend([digit, separator]);
        }
        assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), format!("+{digits}"));
    }
}
