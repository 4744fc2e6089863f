//! Pass: a generated method builds its request and hands it, with its operation, to the hand-written transport.
//!
//! progenitor's method runs hooks and decodes the answer itself. Its error loses the status and the headers of an answer
//! whose body is not the documented one, and prints bodies. The transport sees the whole exchange instead, so that
//! retries, deadlines, limits and errors are the same for every operation, and hand-written in one place.
//!
//! The pass also takes out the `api-version` header, of which the page knows nothing.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Expr, ExprMethodCall, FnArg, GenericArgument, ImplItemFn, Pat, PathArguments, ReturnType, Stmt, Type, parse_quote,
};

use super::{missing, parameters};
use crate::error::Refusal as Error;

/// Rewrites one method; its name is the operation's id.
pub(super) fn hand_to_transport(method: ImplItemFn) -> Result<ImplItemFn, Error> {
    let name = method.sig.ident.to_string();
    let lacks = |what: &str| missing(format!("{what} in the method `{name}`"));

    let answer = answer_type(&method.sig.output).ok_or_else(|| lacks("`Result<ResponseValue<_>, _>`"))?;
    let mut method: ImplItemFn = syn::parse2(replace_fields(method.into_token_stream()))
        .map_err(|error| missing(format!("fields that can be renamed in the method `{name}` ({error})")))?;
    if !method.sig.inputs.iter().any(|input| matches!(input, FnArg::Receiver(_))) {
        return Err(lacks("`&self`"));
    }

    let mut statements = Vec::new();
    let mut request = None;
    for mut statement in std::mem::take(&mut method.block.stmts) {
        if let Some((variable, chain)) = built_request(&mut statement) {
            statements.push(parse_quote!(let #variable = #chain;));
            request = Some(variable);
            // What follows runs the hooks and decodes the answer.
            break;
        }
        statements.push(statement);
    }
    let request = request.ok_or_else(|| lacks("`let request = ….build()?`"))?;
    take_out_api_version(&mut statements);
    parameters::write(&mut statements).map_err(|what| lacks(&what))?;

    let operation = format_ident!("{}", name.to_uppercase());
    statements.push(Stmt::Expr(parse_quote!(self.transport.send(&operations::#operation, #request).await), None));
    method.block.stmts = statements;
    method.sig.output = parse_quote!(-> Result<crate::Response<#answer>, crate::Error>);
    Ok(method)
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn answer_type(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else { return None };
    first_argument(&first_argument(result, "Result")?, "ResponseValue")
}

fn first_argument(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// `self.client` and `self.baseurl` are the transport's; they also stand in the tokens of a `format!`.
fn replace_fields(tokens: TokenStream) -> TokenStream {
    let mut replaced: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let field = match (&token, replaced.as_slice()) {
            (TokenTree::Ident(field), [.., TokenTree::Ident(this), TokenTree::Punct(dot)])
                if this == "self" && dot.as_char() == '.' =>
            {
                field.to_string()
            }
            _ => String::new(),
        };
        match (field.as_str(), token) {
            ("client", _) => replaced.extend(quote!(transport.http())),
            ("baseurl", _) => replaced.extend(quote!(transport.base_url())),
            (_, TokenTree::Group(group)) => {
                let mut inner = Group::new(group.delimiter(), replace_fields(group.stream()));
                inner.set_span(group.span());
                replaced.push(TokenTree::Group(inner));
            }
            (_, token) => replaced.push(token),
        }
    }
    replaced.into_iter().collect()
}

/// The variable and the chain of `let mut variable = chain.build()?;`.
fn built_request(statement: &mut Stmt) -> Option<(Pat, Expr)> {
    let Stmt::Local(local) = statement else { return None };
    let Expr::Try(tried) = &*local.init.as_ref()?.expr else { return None };
    let Expr::MethodCall(ExprMethodCall { receiver, method, .. }) = &*tried.expr else { return None };
    let Pat::Ident(variable) = &local.pat else { return None };
    let variable = &variable.ident;
    (method == "build").then(|| (parse_quote!(#variable), (**receiver).clone()))
}

/// Takes out the header, and where it was the only one, also the map that was made for it.
fn take_out_api_version(statements: &mut Vec<Stmt>) {
    let mentions = |statement: &Stmt, what: &str| statement.to_token_stream().to_string().contains(what);
    statements.retain(|statement| !mentions(statement, "\"api-version\""));
    let uses = statements.iter().filter(|statement| mentions(statement, "header_map")).count();
    // One statement makes the map, one adds it to the request.
    if uses == 2 {
        statements.retain(|statement| !mentions(statement, "let mut header_map"));
        for statement in statements {
            if let Stmt::Local(local) = statement
                && let Some(init) = &mut local.init
            {
                take_out_headers(&mut init.expr);
            }
        }
    }
}

fn take_out_headers(chain: &mut Expr) {
    let Expr::MethodCall(call) = chain else { return };
    if call.method == "headers" {
        *chain = (*call.receiver).clone();
    } else {
        take_out_headers(&mut call.receiver);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = r#"
        pub async fn set_thing<'a>(&'a self, body: &'a types::Thing) -> Result<ResponseValue<types::Done>, Error<()>> {
            let url = format!("{}/thing", self.baseurl,);
            let mut header_map = HeaderMap::with_capacity(1usize);
            header_map.append(HeaderName::from_static("api-version"), HeaderValue::from_static(Self::api_version()));
            let mut request = self.client.post(url).json(&body).headers(header_map).build()?;
            let info = OperationInfo { operation_id: "set_thing" };
            self.pre(&mut request, &info).await?;
            match self.exec(request, &info).await?.status() { _ => Err(()) }
        }"#;

    #[test]
    fn the_method_builds_a_request_without_api_version_and_hands_it_to_the_transport() {
        let method = hand_to_transport(syn::parse_str(METHOD).unwrap()).unwrap();
        let expected: ImplItemFn = parse_quote! {
            pub async fn set_thing<'a>(&'a self, body: &'a types::Thing) -> Result<crate::Response<types::Done>, crate::Error> {
                let url = format!("{}/thing", self.transport.base_url(),);
                let request = self.transport.http().post(url).json(&body);
                self.transport.send(&operations::SET_THING, request).await
            }
        };
        assert_eq!(method.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }

    #[test]
    fn a_header_of_the_operation_stays() {
        let code = METHOD.replace(
            "let mut request",
            "header_map.append(\"x-trace\", trace.to_string().try_into()?); let mut request",
        );
        let method = hand_to_transport(syn::parse_str(&code).unwrap()).unwrap().to_token_stream().to_string();
        assert!(method.contains("x-trace") && method.contains(". headers (header_map)"), "{method}");
        assert!(!method.contains("api-version"), "{method}");
    }

    #[test]
    fn a_method_of_another_form_is_an_error_that_names_what_is_missing() {
        let cases = [
            (METHOD.replace(".build()", ".finish()"), "build()"),
            (METHOD.replace("ResponseValue", "Answer"), "ResponseValue"),
        ];
        for (code, expected) in cases {
            let message = hand_to_transport(syn::parse_str(&code).unwrap()).err().unwrap().to_string();
            assert!(message.contains(expected) && message.contains("set_thing"), "{message}");
        }
    }
}
