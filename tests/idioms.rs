//! Form bodies, answers that are not JSON, styles of parameters, and several keys, as the generated methods send and read them.

use std::time::Duration;

use vambe_api::Client;

use crate::{
    generated::idioms::{self, types},
    server::{answering_in_turn, http},
};

fn client(url: &str) -> idioms::Client {
    let client = Client::builder().api_key("the-key").base_url(url).backoff(Duration::ZERO, Duration::ZERO);
    idioms::Client::new(client.build().unwrap().raw().transport().clone())
}

fn line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

fn has(request: &str, header: &str) -> bool {
    request.lines().any(|line| line.eq_ignore_ascii_case(header))
}

#[tokio::test]
async fn a_form_is_sent_as_pairs_and_its_values_stay_private() {
    let refused = http(400, "application/json", r#"{"statusCode": 400, "message": "bad text my secret"}"#);
    let (url, seen) = answering_in_turn([http(201, "application/hal+json", r#"{"sid": "SM1"}"#), refused]);
    let form =
        types::MessageForm { text: "my secret".into(), tags: Some(vec!["a&b".into(), "c".into()]), silent: None };
    let answer = client(&url).mail_controller_send(&form).await.unwrap();
    assert_eq!(answer.body().unwrap().sid.as_deref(), Some("SM1"));
    {
        let seen = seen.lock().unwrap();
        assert!(seen[0].ends_with("text=my%20secret&tags=a%26b&tags=c"), "{}", seen[0]);
        assert!(has(&seen[0], "content-type: application/x-www-form-urlencoded"), "{}", seen[0]);
        assert!(has(&seen[0], "accept: application/hal+json"), "{}", seen[0]);
    }
    let error = client(&url).mail_controller_send(&form).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_text_or_bytes_is_returned_as_it_is() {
    let (url, seen) = answering_in_turn([
        http(200, "text/plain", "not JSON"),
        http(200, "application/pdf", "%PDF \u{1}"),
        http(200, "application/json", r#"["a"]"#),
    ]);
    let text = client(&url).transcript_controller_text("1", Some("2")).await.unwrap();
    assert_eq!(text.body().map(String::as_str), Some("not JSON"));
    let file = client(&url).transcript_controller_file(&vec!["a".into(), "b/c".into()]).await.unwrap();
    assert_eq!(file.body().map(Vec::as_slice), Some(&b"%PDF \x01"[..]));
    let list = client(&url).mail_controller_echo("hello").await.unwrap();
    assert_eq!(list.body(), Some(&vec!["a".to_owned()]));
    let seen = seen.lock().unwrap();
    assert_eq!(line(&seen[0]), "GET /transcripts/1?id=2 HTTP/1.1");
    assert!(has(&seen[0], "accept: text/plain"), "{}", seen[0]);
    assert_eq!(line(&seen[1]), "GET /transcripts/a,b%2Fc/file HTTP/1.1");
    assert!(has(&seen[1], "accept: application/pdf"), "{}", seen[1]);
    assert!(seen[2].ends_with("\"hello\""), "{}", seen[2]);
}

#[tokio::test]
async fn parameters_are_sent_in_the_style_of_the_document() {
    let (url, seen) = answering_in_turn([http(200, "application/json", "{}")]);
    let filter = types::Filter { status: Some("open".into()), from: Some(3) };
    let page = types::SearchControllerFindPage { limit: Some(9) };
    let place = serde_json::Map::from_iter([("a".to_owned(), 1.into())]);
    let (fields, tags) = (vec!["a".to_owned(), "b,c".to_owned()], vec!["x".to_owned(), "y".to_owned()]);
    let state = Some(types::State::Closed);
    let client = client(&url);
    let call = client.search_controller_find(
        Some(&fields),
        Some(&filter),
        Some("asc"),
        Some(&page),
        Some("b"),
        state,
        Some(&place),
        Some(&tags),
    );
    call.await.unwrap();
    let seen = seen.lock().unwrap();
    let (_, query) = line(&seen[0]).split_once('?').unwrap();
    let mut pairs: Vec<_> = query.trim_end_matches(" HTTP/1.1").split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "body=b",
            "fields=a,b%2Cc",
            "filter%5Bfrom%5D=3",
            "filter%5Bstatus%5D=open",
            "limit=9",
            "order=asc",
            "state=closed",
            "where=%7B%22a%22%3A1%7D",
        ]
    );
    assert!(has(&seen[0], "x-tags: x,y"), "{}", seen[0]);
}

#[tokio::test]
async fn each_key_is_sent_where_its_scheme_says() {
    let (url, seen) =
        answering_in_turn([http(200, "application/json", r#"{"name": "a"}"#), http(204, "text/plain", "")]);
    client(&url).account_controller_find(None).await.unwrap();
    client(&url).app_controller_find("app-1", "jwt").await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(has(&seen[0], "authorization: Basic dGhlLWtleQ=="), "{}", seen[0]);
    assert_eq!(line(&seen[1]), "GET /apps?app_id=app-1 HTTP/1.1");
    assert!(has(&seen[1], "authorization: the-key") && has(&seen[1], "app-kind: jwt"), "{}", seen[1]);
}
