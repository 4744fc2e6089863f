//! Pass: a method writes its parameters by functions of the hand-written layer.
//!
//! progenitor's own are in `progenitor-client`, which would come along to every consumer, and the query needs a feature of
//! reqwest. Its `encode_path` also lets `..` through, which takes a request to another path. The functions of ours are in
//! `vambe-api/src/parameters.rs`; they take the value itself, so that any type that is one plain value can be sent.

use quote::quote;
use syn::{
    Expr, ExprLit, ExprMacro, ExprMethodCall, ExprTry, Lit, Pat, Stmt, Token, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use crate::generate::{Parameters, Sent, Style};

/// Rewrites the statements up to the request.
///
/// # Errors
///
/// Returns the missing part if the statements are not of the form that progenitor writes.
pub(super) fn write(statements: &mut Vec<Stmt>, operation: &str, sent: &Parameters) -> Result<(), String> {
    let mut rewrite = Rewrite { operation, sent, query: Vec::new(), missing: None };
    statements.iter_mut().for_each(|statement| rewrite.visit_stmt_mut(statement));
    let Rewrite { mut query, missing, .. } = rewrite;
    if let Some(missing) = missing {
        return Err(missing);
    }
    if query.is_empty() {
        return Ok(());
    }
    // The calls nest from the last to the first.
    query.reverse();
    let Some(Stmt::Local(local)) = statements.first_mut() else { return Err("`let url = …`".into()) };
    let Pat::Ident(url) = &mut local.pat else { return Err("`let url = …`".into()) };
    url.mutability = Some(Token![mut](url.ident.span()));
    let url = url.ident.clone();
    let pushed = query.into_iter().map(|(Sent { name, style }, value)| match style {
        Style::Form => parse_quote!(crate::parameters::query(&mut #url, #name, #value)?;),
        Style::Joined(by) => parse_quote!(crate::parameters::query_joined(&mut #url, #name, #value, #by)?;),
        Style::Deep => parse_quote!(crate::parameters::query_deep(&mut #url, #name, #value)?;),
        Style::Json => parse_quote!(crate::parameters::query_json(&mut #url, #name, #value)?;),
    });
    statements.splice(1..1, pushed.collect::<Vec<Stmt>>());
    Ok(())
}

struct Rewrite<'a> {
    operation: &'a str,
    sent: &'a Parameters,
    /// Each parameter of the query, and its value.
    query: Vec<(Sent, Expr)>,
    missing: Option<String>,
}

impl Rewrite<'_> {
    /// The way in which a parameter is sent, by its name in the method.
    fn sent(&self, name: String) -> Sent {
        let key = (self.operation.to_owned(), name);
        self.sent.get(&key).cloned().unwrap_or(Sent { name: key.1, style: Style::Form })
    }
}

impl VisitMut for Rewrite<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Macro(ExprMacro { mac, .. }) if mac.path.is_ident("format") => match url_arguments(&mac.tokens) {
                Some(tokens) => mac.tokens = tokens,
                None => self.missing = Some("`format!` with `encode_path(…)`".into()),
            },
            Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) if method == "query" => {
                match args.first().and_then(query_parameter) {
                    Some((name, value)) => self.query.push((self.sent(name), value)),
                    None => self.missing = Some("`.query(&QueryParam::new(…))`".into()),
                }
                *expr = (**receiver).clone();
                self.visit_expr_mut(expr);
                return;
            }
            Expr::MethodCall(call) if call.method == "append" => match header(call) {
                Some((name, value)) => {
                    let name = self.sent(name).name;
                    call.args = parse_quote!(#name, crate::parameters::header(#name, &#value)?);
                }
                None => self.missing = Some("`header_map.append(name, ….to_string().try_into()?)`".into()),
            },
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// The arguments of `format!`, with `crate::parameters::path(&id)?` for `encode_path(&id.to_string())`.
fn url_arguments(tokens: &proc_macro2::TokenStream) -> Option<proc_macro2::TokenStream> {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let mut arguments = syn::parse::Parser::parse2(parser, tokens.clone()).ok()?;
    for argument in &mut arguments {
        if let Expr::Call(call) = &*argument {
            let Expr::Reference(text) = call.args.first()? else { return None };
            let value = receiver_of(&text.expr, "to_string")?;
            *argument = parse_quote!(crate::parameters::path(&#value)?);
        }
    }
    Some(quote!(#arguments))
}

/// The name and `&value` of `&progenitor_client::QueryParam::new("name", &value)`.
fn query_parameter(argument: &Expr) -> Option<(String, Expr)> {
    let Expr::Reference(reference) = argument else { return None };
    let Expr::Call(call) = &*reference.expr else { return None };
    let mut args = call.args.iter();
    Some((literal(args.next()?)?, args.next()?.clone()))
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The name and the value of `header_map.append("name", value.to_string().try_into()?)`.
fn header(call: &ExprMethodCall) -> Option<(String, Expr)> {
    let name = literal(call.args.first()?)?;
    let Expr::Try(ExprTry { expr, .. }) = call.args.last()? else { return None };
    let value = receiver_of(receiver_of(expr, "try_into")?, "to_string")?;
    Some((name, value.clone()))
}

fn receiver_of<'a>(expr: &'a Expr, method: &str) -> Option<&'a Expr> {
    match expr {
        Expr::MethodCall(call) if call.method == method => Some(&call.receiver),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::{Block, ImplItemFn};

    use super::*;

    fn written(statements: &str) -> Result<String, String> {
        let block: Block = syn::parse_str(&format!("{{ {statements} }}")).unwrap();
        let mut statements = block.stmts;
        write(&mut statements, "a", &Parameters::new())?;
        Ok(quote!(#(#statements)*).to_string())
    }

    #[test]
    fn each_kind_of_parameter_is_written_by_its_function() {
        let code = written(
            r#"let url = format!("{}/a/{}", self.baseurl, encode_path(&id.to_string()),);
               header_map.append("x-a", x_a.to_string().try_into()?);
               if let Some(value) = x_b { header_map.append("x-b", value.to_string().try_into()?); }
               let request = http.get(url).query(&progenitor_client::QueryParam::new("q", &q))
                   .query(&progenitor_client::QueryParam::new("r", &r)).headers(header_map);"#,
        );
        let expected: ImplItemFn = parse_quote! {
            fn f() {
                let mut url = format!("{}/a/{}", self.baseurl, crate::parameters::path(&id)?,);
                crate::parameters::query(&mut url, "q", &q)?;
                crate::parameters::query(&mut url, "r", &r)?;
                header_map.append("x-a", crate::parameters::header("x-a", &x_a)?);
                if let Some(value) = x_b { header_map.append("x-b", crate::parameters::header("x-b", &value)?); }
                let request = http.get(url).headers(header_map);
            }
        };
        let expected: String = expected.block.stmts.iter().map(|s| s.to_token_stream().to_string() + " ").collect();
        assert_eq!(code.unwrap(), expected.trim_end());
    }

    #[test]
    fn a_call_of_another_form_is_named_as_missing() {
        let cases = [
            (r#"let url = format!("{}", encode_path(id));"#, "encode_path"),
            ("let url = a; let request = http.query(b);", "QueryParam"),
            (r#"map.append("a", b);"#, "header_map.append"),
            ("let request = http.query(&QueryParam::new(a, &b));", ""),
        ];
        for (statements, expected) in cases {
            let message = written(statements);
            assert!(expected.is_empty() || message.unwrap_err().contains(expected), "{statements}");
        }
    }
}
