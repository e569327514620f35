//! `GET /api/openapi.json` is valid, complete, and true of what the endpoints answer.

use std::{collections::BTreeSet, sync::Arc};

use app::{
    model::{TimeRules, is_score},
    validate::{
        MAX_EMAIL, MAX_KEEP_DAYS, MAX_KEY_POINT, MAX_KEY_POINTS, MAX_LANGUAGE, MAX_NAME, MAX_NOTICE, MAX_PHONE,
        MAX_QUESTION, MAX_QUESTIONS, MAX_TIMER_S, MAX_URL,
    },
};
use axum::{Json, Router, routing::post};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Mutex};

use super::{create_path, endpoints, wish};
use crate::support::{
    app::{BASE, TestApp},
    backend::Backend,
    proctoring::FLAG,
};

async fn document(app: &TestApp) -> Value {
    app.anonymous().get("/api/openapi.json").await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_lists_every_route() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let document = document(&app).await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")));
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let mut listed = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            check_operation(path, operation);
            listed.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut expected: BTreeSet<String> =
        endpoints("{id}").iter().map(|(method, path)| format!("{method} {path}")).collect();
    expected.extend(BEYOND.iter().map(|(method, path)| format!("{method} {BASE}{path}")));
    expected.insert("GET /api/openapi.json".into());
    assert_eq!(listed, expected);
    check_references(&document, &document);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["api_key"], json!({ "type": "http", "scheme": "bearer", "description": "An API key" }));
    assert_eq!(
        (&schemes["admin_cookie"]["in"], &schemes["admin_cookie"]["name"]),
        (&json!("cookie"), &json!("pi_admin"))
    );
    assert_eq!(document["security"], json!([{ "api_key": [] }, { "admin_cookie": [] }]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_names_the_limits_that_are_checked() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let document = document(&app).await;
    for (schema, field, limit, expected) in [
        ("CreateRequest", "name", "maxLength", MAX_NAME),
        ("CreateRequest", "email", "maxLength", MAX_EMAIL),
        ("CreateRequest", "phone", "maxLength", MAX_PHONE),
        ("CreateRequest", "questions", "maxItems", MAX_QUESTIONS),
        ("CreateRequest", "max_questions", "minimum", 1),
        ("CreateRequest", "text_question_timer", "minimum", 1),
        ("CreateRequest", "text_question_timer", "maximum", MAX_TIMER_S as usize),
        ("CreateRequest", "coding_question_timer", "minimum", 1),
        ("CreateRequest", "coding_question_timer", "maximum", MAX_TIMER_S as usize),
        ("CreateRequest", "time_multiplier", "minimum", 1),
        ("CreateRequest", "time_multiplier", "maximum", TimeRules::MAX_PERCENT as usize / 100),
        ("CreateRequest", "extra_minutes", "minimum", 0),
        ("CreateRequest", "extra_minutes", "maximum", TimeRules::MAX_S as usize / 60),
        ("JobBody", "title", "maxLength", MAX_NAME),
        ("JobBody", "description", "maxLength", MAX_QUESTION),
        ("JobBody", "max_questions", "minimum", 1),
        ("JobBody", "text_question_timer", "minimum", 1),
        ("JobBody", "text_question_timer", "maximum", MAX_TIMER_S as usize),
        ("JobBody", "coding_question_timer", "minimum", 1),
        ("JobBody", "coding_question_timer", "maximum", MAX_TIMER_S as usize),
        ("JobBody", "questions", "maxItems", MAX_QUESTIONS),
        ("QuestionBody", "text", "maxLength", MAX_QUESTION),
        ("RubricBody", "key_points", "maxItems", MAX_KEY_POINTS),
        ("RubricBody", "reference_answer", "maxLength", MAX_QUESTION),
        ("RubricBody", "language", "maxLength", MAX_LANGUAGE),
        ("KeyPointBody", "text", "maxLength", MAX_KEY_POINT),
        ("KeyPointBody", "weight", "minimum", 1),
        ("KeyPointBody", "weight", "maximum", 10),
        ("ProctoringBody", "keep_days", "minimum", 1),
        ("ProctoringBody", "keep_days", "maximum", MAX_KEEP_DAYS as usize),
        ("HookBody", "url", "maxLength", MAX_URL),
        ("ScoreBody", "score", "minimum", 0),
        ("ScoreBody", "score", "maximum", 10),
        ("ScoreBody", "reason", "maxLength", MAX_NOTICE),
        ("ReviewBody", "reason", "maxLength", MAX_NOTICE),
    ] {
        let said = &document["components"]["schemas"][schema]["properties"][field][limit];
        assert_eq!(said.as_f64(), Some(expected as f64), "{limit} of {schema}.{field}");
    }
    assert!(is_score(0.0) && is_score(10.0) && !is_score(-0.1) && !is_score(10.1));
}

/// What there is beside the seven endpoints whose contract is fixed.
const BEYOND: [(&str, &str); 20] = [
    ("GET", "/session/{id}/events"),
    ("GET", "/session/{id}/violations"),
    ("POST", "/session/{id}/violations/{violation}/review"),
    ("GET", "/session/{id}/violations/{violation}/stills/{number}"),
    ("GET", "/session/{id}/report"),
    ("GET", "/session/{id}/report.pdf"),
    ("POST", "/session/{id}/score"),
    ("POST", "/jobs"),
    ("GET", "/jobs"),
    ("GET", "/jobs/{id}"),
    ("PUT", "/jobs/{id}"),
    ("DELETE", "/jobs/{id}"),
    ("POST", "/jobs/{id}/invitations"),
    ("GET", "/invitations/{id}"),
    ("GET", "/invitations/{id}/csv"),
    ("POST", "/webhooks"),
    ("GET", "/webhooks"),
    ("DELETE", "/webhooks/{id}"),
    ("GET", "/webhooks/deliveries"),
    ("POST", "/webhooks/deliveries/{id}/again"),
];

/// OpenAPI asks for responses with descriptions, and for each part in braces a parameter that is required.
fn check_operation(path: &str, operation: &Value) {
    let responses = operation["responses"].as_object().expect("responses");
    for (status, response) in responses {
        assert!(status.parse::<u16>().is_ok(), "{path}: {status}");
        assert!(response["description"].is_string(), "{path}: {status}");
    }
    if path.starts_with(BASE) {
        assert!(responses.contains_key("200") || responses.contains_key("202"), "{path} does not say what success is");
        for status in ["401", "429"] {
            assert!(responses.contains_key(status), "{path} does not say what {status} is");
        }
    }
    if operation["requestBody"].is_object() {
        for status in ["400", "413"] {
            assert!(responses.contains_key(status), "{path} does not say what {status} is");
        }
    }
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        assert!(
            parameters.iter().any(|one| one["name"] == name && one["in"] == "path" && one["required"] == true),
            "{path} does not describe {name}"
        );
    }
    for parameter in parameters {
        assert!(parameter["schema"].is_object() && parameter["in"].is_string(), "{path}: {parameter}");
    }
}

fn check_references(document: &Value, part: &Value) {
    match part {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                resolve(document, reference);
            }
            fields.values().for_each(|field| check_references(document, field));
        }
        Value::Array(items) => items.iter().for_each(|item| check_references(document, item)),
        _ => {}
    }
}

fn resolve<'a>(document: &'a Value, reference: &str) -> &'a Value {
    let found = document.pointer(reference.strip_prefix('#').expect("a reference into this document"));
    found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_describes_what_is_answered() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let document = document(&app).await;
    let id = app.api().post(&create_path(), &wish()).await.ok()["session_id"].as_str().expect("an id").to_owned();
    for ((method, path), (_, template)) in endpoints(&id).into_iter().zip(endpoints("{id}")) {
        let body = wish().to_string().into_bytes();
        let method: axum::http::Method = method.parse().expect("a method");
        let responses = &document["paths"][&template][method.as_str().to_lowercase()]["responses"];
        let answered = app.api().send(method.clone(), &path, None, body).await.ok();
        conforms(&document, &responses["200"]["content"]["application/json"]["schema"], &answered, &path);

        let refused = app.anonymous().send(method, &path, None, vec![]).await;
        refused.problem(401);
        let schema = &responses["401"]["content"]["application/problem+json"]["schema"];
        conforms(&document, schema, &refused.json(), &path);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_about_proctoring_are_as_the_document_says() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let document = document(&app).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    let conforming = |path: &str, method: &str, answered: &Value| {
        let responses = &document["paths"][format!("{BASE}/session/{{id}}{path}")][method]["responses"];
        conforms(&document, &responses["200"]["content"]["application/json"]["schema"], answered, path);
    };
    let decision = json!({ "decision": "dismissed", "reason": "The cat." });
    let reviewed = app.api().post(&format!("{BASE}/session/{id}/violations/{FLAG}/review"), &decision).await.ok();
    conforming("/violations/{violation}/review", "post", &reviewed);
    conforming("/violations", "get", &app.api().get(&format!("{BASE}/session/{id}/violations")).await.ok());
    conforming("/events", "get", &app.api().get(&format!("{BASE}/session/{id}/events")).await.ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_describes_what_is_sent() {
    let backend = Backend::sqlite();
    let document = document(&TestApp::start(&backend).await).await;
    let body = &document["paths"][create_path()]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let schema = resolve(&document, body["$ref"].as_str().expect("a named schema"));
    let fields: BTreeSet<&str> =
        schema["properties"].as_object().expect("properties").keys().map(String::as_str).collect();
    let expected = [
        "name",
        "email",
        "phone",
        "job_id",
        "questions",
        "question_types",
        "max_questions",
        "text_question_timer",
        "coding_question_timer",
        "time_multiplier",
        "extra_minutes",
        "proctored",
    ];
    assert_eq!(fields, expected.into());
    assert_eq!(schema["required"], json!(["name", "email"]));
    let names = |path: &str, method: &str| -> Vec<Value> {
        let parameters = document["paths"][path][method]["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().map(|parameter| parameter["name"].clone()).collect()
    };
    assert_eq!(names(&format!("{BASE}/sessions"), "get"), ["status", "limit", "offset"]);
    assert_eq!(names(&format!("{BASE}/jobs"), "get"), ["limit", "offset"]);
    for path in [create_path(), format!("{BASE}/jobs"), format!("{BASE}/webhooks")] {
        assert_eq!(names(&path, "post"), ["Idempotency-Key"]);
    }
    assert_eq!(names(&format!("{BASE}/jobs/{{id}}/invitations"), "post"), ["id", "Idempotency-Key"]);
    for (method, path) in [("post", "/jobs"), ("put", "/jobs/{id}"), ("post", "/webhooks")] {
        let conflict = &document["paths"][format!("{BASE}{path}")][method]["responses"]["409"];
        assert!(conflict["description"].as_str().is_some_and(|text| text.len() > 10), "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_is_as_the_document_says() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let arrived = Arc::new(Mutex::new(Vec::<Value>::new()));
    let take = {
        let arrived = arrived.clone();
        move |Json(news): Json<Value>| async move { arrived.lock().await.push(news) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    app.api().post(&format!("{BASE}/webhooks"), &json!({ "url": url })).await.ok();
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    candidate.answer(0, "A queue, since order matters there.").await;
    app.state.work.run().await;
    app.state.hooks.run().await;
    app.api().delete(&format!("{BASE}/session/{id}")).await.ok();
    app.clock.advance_s(2);
    app.state.hooks.run().await;

    let document = document(&app).await;
    let arrived = arrived.lock().await;
    for news in arrived.iter() {
        conforms(&document, &json!({ "$ref": "#/components/schemas/WebhookNews" }), news, "news");
    }
    let about = |kind: &str| arrived.iter().find(|news| news["type"] == kind).map(|news| news["data"].clone());
    for kind in ["session.created", "session.started", "session.completed"] {
        assert_eq!(about(kind).unwrap()["status"], "completed");
    }
    assert!(about("report.ready").unwrap()["report_version"].is_u64());
    assert_eq!(about("session.deleted").unwrap(), json!({ "session_id": id }));
}

/// The part of JSON Schema that the document uses: types, properties, and nothing beside what is described.
fn conforms(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return conforms(document, resolve(document, reference), value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let schema = choices.iter().find(|choice| (choice["type"] == "null") == value.is_null());
        return conforms(document, schema.unwrap_or_else(|| panic!("{place}: {value}")), value, place);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|allowed| allowed == kind),
        allowed => allowed == kind,
    };
    assert!(allowed, "{place}: {value} is {kind} and is described as {schema}");
    if let Some(items) = value.as_array() {
        items.iter().for_each(|item| conforms(document, &schema["items"], item, &format!("{place}[]")));
    }
    // Without properties it may hold anything.
    if let Some(fields) = value.as_object().filter(|_| schema["properties"].is_object()) {
        for (name, field) in fields {
            let described = &schema["properties"][name];
            assert!(described.is_object(), "{place}: {name} is not described");
            conforms(document, described, field, &format!("{place}.{name}"));
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(fields.contains_key(name.as_str().expect("a name")), "{place}: {name} is missing");
        }
    }
}
