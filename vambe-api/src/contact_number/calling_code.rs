//! The calling codes of countries, from the list of assigned codes that ITU-T publishes with E.164.

use std::fmt;

use super::ContactNumber;

/// A calling code, such as `+56`, and the country that has it.
///
/// `Display` shows both: `Chile (+56)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallingCode {
    code: &'static str,
    country: &'static str,
}

impl CallingCode {
    /// Returns the code with its `+`.
    pub fn as_str(&self) -> &'static str {
        self.code
    }

    /// Returns the English name of the country, such as `Chile` or `the United Kingdom`; of the countries, such as `Russia or
    /// Kazakhstan`, if they share the code.
    pub fn country(&self) -> &'static str {
        self.country
    }
}

impl fmt::Display for CallingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.country, self.code)
    }
}

impl ContactNumber {
    /// Returns the calling code and the country of the number, or `None` if no country has the code. It is safe to log.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::ContactNumber;
    ///
    /// let number: ContactNumber = "+56 9 1234-5678".parse()?;
    /// assert_eq!(number.calling_code().unwrap().to_string(), "Chile (+56)");
    /// # Ok::<(), vambe_api::InvalidContactNumber>(())
    /// ```
    pub fn calling_code(&self) -> Option<CallingCode> {
        // No code is the beginning of another one.
        (2..=4).find_map(|len| {
            let index = COUNTRIES.binary_search_by_key(&self.as_str().get(..len)?, |(code, _)| code).ok()?;
            COUNTRIES.get(index).map(|&(code, country)| CallingCode { code, country })
        })
    }
}

/// Sorted by code.
const COUNTRIES: [(&str, &str); 206] = [
    ("+1", "North America"),
    ("+20", "Egypt"),
    ("+211", "South Sudan"),
    ("+212", "Morocco or Western Sahara"),
    ("+213", "Algeria"),
    ("+216", "Tunisia"),
    ("+218", "Libya"),
    ("+220", "the Gambia"),
    ("+221", "Senegal"),
    ("+222", "Mauritania"),
    ("+223", "Mali"),
    ("+224", "Guinea"),
    ("+225", "Côte d'Ivoire"),
    ("+226", "Burkina Faso"),
    ("+227", "Niger"),
    ("+228", "Togo"),
    ("+229", "Benin"),
    ("+230", "Mauritius"),
    ("+231", "Liberia"),
    ("+232", "Sierra Leone"),
    ("+233", "Ghana"),
    ("+234", "Nigeria"),
    ("+235", "Chad"),
    ("+236", "the Central African Republic"),
    ("+237", "Cameroon"),
    ("+238", "Cabo Verde"),
    ("+239", "São Tomé and Príncipe"),
    ("+240", "Equatorial Guinea"),
    ("+241", "Gabon"),
    ("+242", "the Congo"),
    ("+243", "the Democratic Republic of the Congo"),
    ("+244", "Angola"),
    ("+245", "Guinea-Bissau"),
    ("+246", "the British Indian Ocean Territory"),
    ("+247", "Ascension Island"),
    ("+248", "Seychelles"),
    ("+249", "Sudan"),
    ("+250", "Rwanda"),
    ("+251", "Ethiopia"),
    ("+252", "Somalia"),
    ("+253", "Djibouti"),
    ("+254", "Kenya"),
    ("+255", "Tanzania"),
    ("+256", "Uganda"),
    ("+257", "Burundi"),
    ("+258", "Mozambique"),
    ("+260", "Zambia"),
    ("+261", "Madagascar"),
    ("+262", "Réunion or Mayotte"),
    ("+263", "Zimbabwe"),
    ("+264", "Namibia"),
    ("+265", "Malawi"),
    ("+266", "Lesotho"),
    ("+267", "Botswana"),
    ("+268", "Eswatini"),
    ("+269", "the Comoros"),
    ("+27", "South Africa"),
    ("+290", "Saint Helena or Tristan da Cunha"),
    ("+291", "Eritrea"),
    ("+297", "Aruba"),
    ("+298", "the Faroe Islands"),
    ("+299", "Greenland"),
    ("+30", "Greece"),
    ("+31", "the Netherlands"),
    ("+32", "Belgium"),
    ("+33", "France"),
    ("+34", "Spain"),
    ("+350", "Gibraltar"),
    ("+351", "Portugal"),
    ("+352", "Luxembourg"),
    ("+353", "Ireland"),
    ("+354", "Iceland"),
    ("+355", "Albania"),
    ("+356", "Malta"),
    ("+357", "Cyprus"),
    ("+358", "Finland"),
    ("+359", "Bulgaria"),
    ("+36", "Hungary"),
    ("+370", "Lithuania"),
    ("+371", "Latvia"),
    ("+372", "Estonia"),
    ("+373", "Moldova"),
    ("+374", "Armenia"),
    ("+375", "Belarus"),
    ("+376", "Andorra"),
    ("+377", "Monaco"),
    ("+378", "San Marino"),
    ("+380", "Ukraine"),
    ("+381", "Serbia"),
    ("+382", "Montenegro"),
    ("+383", "Kosovo"),
    ("+385", "Croatia"),
    ("+386", "Slovenia"),
    ("+387", "Bosnia and Herzegovina"),
    ("+389", "North Macedonia"),
    ("+39", "Italy"),
    ("+40", "Romania"),
    ("+41", "Switzerland"),
    ("+420", "Czechia"),
    ("+421", "Slovakia"),
    ("+423", "Liechtenstein"),
    ("+43", "Austria"),
    ("+44", "the United Kingdom"),
    ("+45", "Denmark"),
    ("+46", "Sweden"),
    ("+47", "Norway"),
    ("+48", "Poland"),
    ("+49", "Germany"),
    ("+500", "the Falkland Islands"),
    ("+501", "Belize"),
    ("+502", "Guatemala"),
    ("+503", "El Salvador"),
    ("+504", "Honduras"),
    ("+505", "Nicaragua"),
    ("+506", "Costa Rica"),
    ("+507", "Panama"),
    ("+508", "Saint Pierre and Miquelon"),
    ("+509", "Haiti"),
    ("+51", "Peru"),
    ("+52", "Mexico"),
    ("+53", "Cuba"),
    ("+54", "Argentina"),
    ("+55", "Brazil"),
    ("+56", "Chile"),
    ("+57", "Colombia"),
    ("+58", "Venezuela"),
    ("+590", "Guadeloupe, Saint Barthélemy or Saint Martin"),
    ("+591", "Bolivia"),
    ("+592", "Guyana"),
    ("+593", "Ecuador"),
    ("+594", "French Guiana"),
    ("+595", "Paraguay"),
    ("+596", "Martinique"),
    ("+597", "Suriname"),
    ("+598", "Uruguay"),
    ("+599", "Curaçao or Bonaire"),
    ("+60", "Malaysia"),
    ("+61", "Australia"),
    ("+62", "Indonesia"),
    ("+63", "the Philippines"),
    ("+64", "New Zealand"),
    ("+65", "Singapore"),
    ("+66", "Thailand"),
    ("+670", "Timor-Leste"),
    ("+672", "Norfolk Island"),
    ("+673", "Brunei"),
    ("+674", "Nauru"),
    ("+675", "Papua New Guinea"),
    ("+676", "Tonga"),
    ("+677", "Solomon Islands"),
    ("+678", "Vanuatu"),
    ("+679", "Fiji"),
    ("+680", "Palau"),
    ("+681", "Wallis and Futuna"),
    ("+682", "the Cook Islands"),
    ("+683", "Niue"),
    ("+685", "Samoa"),
    ("+686", "Kiribati"),
    ("+687", "New Caledonia"),
    ("+688", "Tuvalu"),
    ("+689", "French Polynesia"),
    ("+690", "Tokelau"),
    ("+691", "Micronesia"),
    ("+692", "the Marshall Islands"),
    ("+7", "Russia or Kazakhstan"),
    ("+81", "Japan"),
    ("+82", "South Korea"),
    ("+84", "Vietnam"),
    ("+850", "North Korea"),
    ("+852", "Hong Kong"),
    ("+853", "Macao"),
    ("+855", "Cambodia"),
    ("+856", "Laos"),
    ("+86", "China"),
    ("+880", "Bangladesh"),
    ("+886", "Taiwan"),
    ("+90", "Türkiye"),
    ("+91", "India"),
    ("+92", "Pakistan"),
    ("+93", "Afghanistan"),
    ("+94", "Sri Lanka"),
    ("+95", "Myanmar"),
    ("+960", "the Maldives"),
    ("+961", "Lebanon"),
    ("+962", "Jordan"),
    ("+963", "Syria"),
    ("+964", "Iraq"),
    ("+965", "Kuwait"),
    ("+966", "Saudi Arabia"),
    ("+967", "Yemen"),
    ("+968", "Oman"),
    ("+970", "Palestine"),
    ("+971", "the United Arab Emirates"),
    ("+972", "Israel"),
    ("+973", "Bahrain"),
    ("+974", "Qatar"),
    ("+975", "Bhutan"),
    ("+976", "Mongolia"),
    ("+977", "Nepal"),
    ("+98", "Iran"),
    ("+992", "Tajikistan"),
    ("+993", "Turkmenistan"),
    ("+994", "Azerbaijan"),
    ("+995", "Georgia"),
    ("+996", "Kyrgyzstan"),
    ("+998", "Uzbekistan"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calling_code_of_a_number_is_found() {
        for (number, expected) in [
            ("+56912345678", Some("Chile (+56)")),
            ("+12015550123", Some("North America (+1)")),
            ("+77012345678", Some("Russia or Kazakhstan (+7)")),
            ("+59171234567", Some("Bolivia (+591)")),
            ("+912345678", Some("India (+91)")),
            ("+99912345678", None),
            ("+21012345678", None),
        ] {
            let number: ContactNumber = number.parse().unwrap();
            assert_eq!(number.calling_code().map(|code| code.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn no_calling_code_begins_another() {
        assert!(COUNTRIES.is_sorted());
        for ((code, _), (next, _)) in COUNTRIES.iter().zip(&COUNTRIES[1..]) {
            assert!(!next.starts_with(code), "{code} and {next}");
        }
    }
}
