//! Pass: a generated method builds its request and hands it, with its operation, to the hand-written transport.
//!
//! progenitor's method runs hooks and decodes the answer itself. Its error loses the status and the headers of an answer
//! whose body is not the documented one, and prints bodies. The transport sees the whole exchange instead, so that
//! retries, deadlines, limits and errors are the same for every operation, and hand-written in one place.
//!
//! The request is one of ours rather than reqwest's, which each call would have to copy for a second attempt, and whose URL
//! would be written and read anew for each call, also where it is always the same.
//!
//! The pass also removes the `api-version` header, which the page does not mention.

use proc_macro2::Ident;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Expr, ExprField, ExprLit, ExprMacro, ExprMethodCall, FnArg, ImplItemFn, Lit, Local, Member, Pat, ReturnType, Stmt,
    Token, Type, parse_quote, punctuated::Punctuated,
};

use super::{argument_of, missing, parameters};
use crate::{
    document::Diagnostic,
    generate::{Answer, AnswerKind, Wire},
};

/// Rewrites one method; its name is the operation's id.
pub(super) fn hand_to_transport(mut method: ImplItemFn, wire: &Wire) -> Result<ImplItemFn, Diagnostic> {
    let name = method.sig.ident.to_string();
    let lacks = |what: &str| missing(format!("{what} in the method `{name}`"));

    let answer = answer_type(&method.sig.output).ok_or_else(|| lacks("`Result<ResponseValue<_>, _>`"))?.clone();
    if !method.sig.inputs.iter().any(|input| matches!(input, FnArg::Receiver(_))) {
        return Err(lacks("`&self`"));
    }

    let mut statements = Vec::new();
    let mut request = None;
    for mut statement in std::mem::take(&mut method.block.stmts) {
        request = take_out_build(&mut statement);
        statements.push(statement);
        // What follows runs the hooks and decodes the answer.
        if request.is_some() {
            break;
        }
    }
    let request = request.ok_or_else(|| lacks("`let request = ….build()?`"))?;
    take_out_api_version(&mut statements);
    parameters::write(&mut statements, &name, &wire.parameters).map_err(|what| lacks(&what))?;
    let operation = format_ident!("{}", name.to_uppercase());
    begin_by_transport(&mut statements, &operation).map_err(|what| lacks(&what))?;

    let (request, kind) = match wire.answers.get(&name) {
        None => (quote!(#request), &AnswerKind::Json),
        Some(Answer { media_type, kind }) => (quote!(#request.accept(#media_type)), kind),
    };
    let (sent, answer) = match kind {
        AnswerKind::Json => (quote!(send(#request)), answer),
        AnswerKind::Text => (quote!(send_text(#request)), parse_quote!(::std::string::String)),
        AnswerKind::Bytes => (quote!(send_bytes(#request)), parse_quote!(::std::vec::Vec<u8>)),
    };
    statements.push(Stmt::Expr(parse_quote!(self.transport.#sent.await), None));
    method.block.stmts = statements;
    method.sig.output = parse_quote!(-> Result<crate::Response<#answer>, crate::Error>);
    Ok(method)
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn answer_type(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, result) = output else { return None };
    argument_of(argument_of(result, "Result")?, "ResponseValue")
}

/// Makes `let variable = chain;` of `let mut variable = chain.build()?;`, and returns the variable.
fn take_out_build(statement: &mut Stmt) -> Option<Ident> {
    let Stmt::Local(Local { attrs, pat: Pat::Ident(variable), init: Some(init), .. }) = statement else { return None };
    let Expr::Try(tried) = &*init.expr else { return None };
    let Expr::MethodCall(ExprMethodCall { receiver, method, .. }) = &*tried.expr else { return None };
    if method != "build" {
        return None;
    }
    init.expr = receiver.clone();
    attrs.clear();
    variable.mutability = None;
    Some(variable.ident.clone())
}

/// Lets the transport begin the request, at a path below its base URL; if there is no parameter in it, with the URL that it has.
fn begin_by_transport(statements: &mut Vec<Stmt>, operation: &Ident) -> Result<(), String> {
    let url = statements.first_mut().and_then(take_out_base_url);
    let url = url.ok_or("`let url = format!(\"{}/…\", self.baseurl, …)`")?;
    let begun = if url.is_fixed {
        statements.remove(0);
        parse_quote!(self.transport.request(&operations::#operation)?)
    } else {
        let variable = url.variable;
        parse_quote!(self.transport.request_at(&operations::#operation, &#variable)?)
    };
    let Some(Stmt::Local(Local { init: Some(init), .. })) = statements.last_mut() else {
        return Err("`let request = …`".into());
    };
    *init.expr = chain(&init.expr, &begun)?;
    Ok(())
}

struct Url {
    variable: Ident,
    /// True if it has no parameter.
    is_fixed: bool,
}

/// Makes `let url = format!("/path/{}", id)` of `let url = format!("{}/path/{}", self.baseurl, id)`.
fn take_out_base_url(statement: &mut Stmt) -> Option<Url> {
    let Stmt::Local(Local { pat: Pat::Ident(variable), init: Some(init), .. }) = statement else { return None };
    let Expr::Macro(ExprMacro { mac, .. }) = &mut *init.expr else { return None };
    let mut arguments = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?.into_iter();
    let Expr::Lit(ExprLit { lit: Lit::Str(template), .. }) = arguments.next()? else { return None };
    let path = template.value().strip_prefix("{}")?.to_owned();
    arguments.next().filter(|base_url| is_own(base_url, "baseurl"))?;
    let parameters: Vec<_> = arguments.collect();
    mac.tokens = quote!(#path, #(#parameters),*);
    // The parameters of the query are added to it later.
    Some(Url { variable: variable.ident.clone(), is_fixed: parameters.is_empty() && variable.mutability.is_none() })
}

/// Returns whether an expression is this field of `self`.
fn is_own(expr: &Expr, field: &str) -> bool {
    let Expr::Field(ExprField { base, member: Member::Named(name), .. }) = expr else { return false };
    name == field && matches!(&**base, Expr::Path(base) if base.path.is_ident("self"))
}

/// The calls of a request of reqwest as calls of ours.
fn chain(expr: &Expr, begun: &Expr) -> Result<Expr, String> {
    // progenitor writes `form_urlencoded(…)?`.
    let expr = if let Expr::Try(tried) = expr { &*tried.expr } else { expr };
    let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = expr else {
        return Err("`self.client`".into());
    };
    if is_own(receiver, "client") {
        return Ok(begun.clone());
    }
    let receiver = chain(receiver, begun)?;
    match method.to_string().as_str() {
        // The transport asks for JSON by itself.
        "header" if args.to_token_stream().to_string().contains("ACCEPT") => Ok(receiver),
        "headers" => Ok(parse_quote!(#receiver.headers(#args))),
        "json" => Ok(parse_quote!(#receiver.json(#args)?)),
        "form_urlencoded" => Ok(parse_quote!(#receiver.form(#args)?)),
        other => Err(format!("a request without `.{other}(…)`")),
    }
}

/// Takes out the header, and where it was the only one, also the map that was made for it.
fn take_out_api_version(statements: &mut Vec<Stmt>) {
    statements.retain(|statement| !adds_api_version(statement));
    // Headers are the only ones that are added by statements without `let`.
    if !statements.iter().any(|statement| matches!(statement, Stmt::Expr(..))) {
        let is_map = |local: &Local| matches!(&local.pat, Pat::Ident(variable) if variable.ident == "header_map");
        statements.retain(|statement| !matches!(statement, Stmt::Local(local) if is_map(local)));
        for statement in statements {
            if let Stmt::Local(local) = statement
                && let Some(init) = &mut local.init
            {
                take_out_headers(&mut init.expr);
            }
        }
    }
}

/// Recognises `header_map.append(HeaderName::from_static("api-version"), …);`.
fn adds_api_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(ExprMethodCall { args, .. }), _) = statement else { return false };
    let Some(Expr::Call(name)) = args.first() else { return false };
    matches!(name.args.first(), Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) if name.value() == "api-version")
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
        let method = hand_to_transport(syn::parse_str(METHOD).unwrap(), &Wire::default()).unwrap();
        let expected: ImplItemFn = parse_quote! {
            pub async fn set_thing<'a>(&'a self, body: &'a types::Thing) -> Result<crate::Response<types::Done>, crate::Error> {
                let request = self.transport.request(&operations::SET_THING)?.json(&body)?;
                self.transport.send(request).await
            }
        };
        assert_eq!(method.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }

    #[test]
    fn a_parameter_is_written_below_the_base_url() {
        let code =
            METHOD.replace("{}/thing\", self.baseurl", "{}/thing/{}\", self.baseurl, encode_path(&id.to_string())");
        let method =
            hand_to_transport(syn::parse_str(&code).unwrap(), &Wire::default()).unwrap().to_token_stream().to_string();
        let expected = quote! {
            let url = format!("/thing/{}", crate::parameters::path(&id)?);
            let request = self.transport.request_at(&operations::SET_THING, &url)?.json(&body)?;
        };
        assert!(method.contains(&expected.to_string()), "{method}");
    }

    #[test]
    fn a_header_of_the_operation_stays() {
        let code = METHOD.replace(
            "let mut request",
            "header_map.append(\"x-trace\", trace.to_string().try_into()?); let mut request",
        );
        let method =
            hand_to_transport(syn::parse_str(&code).unwrap(), &Wire::default()).unwrap().to_token_stream().to_string();
        assert!(method.contains("x-trace") && method.contains(". headers (header_map)"), "{method}");
        assert!(!method.contains("api-version"), "{method}");
    }

    #[test]
    fn a_method_of_another_form_is_an_error_that_names_what_is_missing() {
        let cases = [
            (METHOD.replace(".build()", ".finish()"), "build()"),
            (METHOD.replace("ResponseValue", "Answer"), "ResponseValue"),
            (METHOD.replace("self.baseurl", "self.base"), "self.baseurl"),
            (METHOD.replace(".json(&body)", ".form(&body)"), ".form("),
        ];
        for (code, expected) in cases {
            let message =
                hand_to_transport(syn::parse_str(&code).unwrap(), &Wire::default()).err().unwrap().to_string();
            assert!(message.contains(expected) && message.contains("set_thing"), "{message}");
        }
    }
}
