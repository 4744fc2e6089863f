//! The checks before progenitor: each finds one kind of thing that would panic below, overflow the stack, or be given away unsaid.
//!
//! # What panics in progenitor-impl 0.15.1 and typify-impl 0.8.0, and why a document cannot get there
//!
//! | Where | Panics on | Held by |
//! |---|---|---|
//! | `lib.rs` `as_item().unwrap()` | a path by `$ref` | `document::operation`, `form` |
//! | `lib.rs` `unimplemented!` | separate tags | settings: they are merged |
//! | `method.rs` `operation_id.unwrap()` | no operationId | `operations` |
//! | `method.rs` `assert!(parameter_data.required)` | an optional path parameter | `parameters` |
//! | `method.rs` `{} missing from path`, `template.rs` `missing path name mapping` | path and parameters that differ | `parameters` |
//! | `method.rs` `unsupported style`, `cookie`, `schema()` (errors) | styles, cookies, `content` of a parameter | `parameters` |
//! | `method.rs` `assert!(code < 1000)`, `range < 10` | other statuses | `responses`, and openapiv3 reads none |
//! | `method.rs` `assert!(encoding.is_empty())`, `todo!` | `encoding` | `media_types` |
//! | `method.rs` `todo!("… no schema")` | a JSON answer without schema | `media_types` |
//! | `method.rs` `todo!("more media types …")` | a request body of two media types | `document::bodies` keeps JSON, `media_types` refuses the rest |
//! | `method.rs` `assert!(response_types.len() <= 1)` | two bodies of success; of errors they are taken out before | `responses` |
//! | `method.rs` `todo!("non-default error response …")` | an error answer with status 101 | `document::responses` takes it out |
//! | `method.rs` `should only be one body`, `unreachable!` | nothing: an operation has one body, whose kinds are matched before | openapiv3's types |
//! | `util.rs` `unwrap()`, `key {} is missing` | a `$ref` elsewhere, or that leads nowhere | `references` |
//! | `util.rs` recursion (stack) | a parameter, body or response that is a `$ref` to itself | `cycles` |
//! | `to_schema.rs` `exclusive_minimum set without minimum` | that | `schemas` |
//! | `to_schema.rs` `invalid type` | a type that is not one of the six | `schemas` |
//! | `to_schema.rs` `from_f64().unwrap()` | a number that is not finite | `parse`: there is none |
//! | `cli.rs`, `httpmock.rs` | nothing: neither is generated | not called |
//! | typify `convert.rs` recursion (stack) | a schema that contains itself by `allOf` and the like, or by a long chain | `cycles` |
//! | typify `merge.rs` recursion (stack) | properties that merge with each other without end | `merges` |
//! | typify: the rest, some hundred | `not`, `default`, `enum` in combinations that it does not expect | caught, and told as progenitor's fault |

mod cycles;
mod form;
mod media_types;
mod merges;
mod operations;
mod parameters;
mod references;
mod responses;
mod schemas;

use super::{finding::Finding, tree::Node};

/// Runs every check; what they find is sorted later, by place.
pub(crate) fn check(root: &Node) -> Vec<Finding> {
    let checks = [
        form::check,
        references::check,
        operations::check,
        parameters::check,
        media_types::check,
        responses::check,
        schemas::check,
    ];
    let mut findings = Vec::new();
    for check in checks {
        check(root, &mut findings);
    }
    let before = findings.len();
    cycles::check(root, &mut findings);
    // It follows all references, which a cycle or a long chain makes too many.
    if findings.len() == before {
        merges::check(root, &mut findings);
    }
    findings
}

/// What a `$ref` leads to, if it is one; after more steps than there are parts, nothing.
fn resolve<'a>(root: &'a Node, mut node: &'a Node) -> Option<&'a Node> {
    for _ in 0..64 {
        match node.text_of("$ref") {
            None => return Some(node),
            Some(reference) => node = root.follow(reference.strip_prefix('#')?)?,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::parse::parse;

    /// What one check finds in a document that is written from its second line on: `pointer: what`.
    pub(super) fn found(check: fn(&Node, &mut Vec<Finding>), yaml: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check(&parse(yaml).unwrap(), &mut findings);
        findings.into_iter().map(|finding| format!("{}: {}", finding.pointer, finding.what)).collect()
    }
}
