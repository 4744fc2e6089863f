#[derive(TicketMetadata)]
#[metadata(rename_all = "kebab-case")]
enum Priority {
    VeryHigh,
    #[metadata(rename = "whenever")]
    Low,
    r#None,
}

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_variables)]
impl ::core::fmt::Display for Priority {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter
            .pad(
                match self {
                    Self::VeryHigh => "very-high",
                    Self::Low => "whenever",
                    Self::r#None => "none",
                },
            )
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::vambe_api::__private::EnumValues for Priority {
    const VALUES: &'static [&'static str] = &["very-high", "whenever", "none"];
}
