//! What the spec says of an operation, besides its types.

/// One operation of the API, as the spec describes it.
///
/// The generated constants are in [`raw::operations`](crate::raw::operations).
///
/// # Example
///
/// ```
/// use vambe_api::raw::operations;
///
/// for operation in operations::ALL {
///     println!("{} {} ({})", operation.method, operation.path, operation.id);
/// }
/// assert!(operations::UPDATE_TICKET_METADATA.idempotent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// Not `#[non_exhaustive]`: code generated into another crate, such as a test's, has to be able to write one.
#[allow(clippy::exhaustive_structs)]
pub struct Operation {
    /// The `operationId`, which is also the name of the method.
    pub id: &'static str,
    /// The HTTP method, upper-case.
    pub method: &'static str,
    /// The path template, below the base URL.
    pub path: &'static str,
    /// Whether the spec marks it `x-idempotent`: sent twice, it leaves the server as sent once.
    pub idempotent: bool,
}
