//! The words of OpenAPI whose meaning several parts ask for: methods, statuses and media types.

/// The HTTP methods that a path may have.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns whether a key of `responses` is a status: a number, a range such as `4XX`, or `default`.
pub(crate) fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        b"default" | [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        _ => false,
    }
}

/// Returns whether a status is one of success.
pub(crate) fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Returns whether a media type is JSON, without regard to its parameters.
pub(crate) fn is_json(media_type: &str) -> bool {
    essence(media_type) == "application/json"
}

/// Returns whether a media type is JSON, also by another name such as `application/problem+json`.
pub(crate) fn is_like_json(media_type: &str) -> bool {
    is_json(media_type) || essence(media_type).ends_with("+json") || essence(media_type) == "text/json"
}

/// Returns whether a media type is that of an HTML form without files.
pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// The media type without its parameters.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}
