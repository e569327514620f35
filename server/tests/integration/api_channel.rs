//! The live channel, over a real WebSocket.

use app::{
    interview::Command,
    model::{Actor, Contact, NoticeId, Session},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{
    app::string,
    app::{TestApp, session_id},
    backend::Backend,
    candidate::Candidate,
    eventually::eventually_true,
    page::Page,
    stores::over_both_stores,
};

/// What the server closes with when the browser may come again, and when it did not keep to the rules.
const AGAIN: u16 = 1013;
const POLICY: u16 = 1008;

over_both_stores! {
    a_good_invite_is_shown_the_interview,
    a_bad_invite_is_told_that_it_is_gone,
    whoever_does_not_say_hello_is_closed,
    a_hello_is_short_and_what_follows_it_need_not_be,
    a_notice_is_pushed,
    an_answer_over_http_is_pushed,
    a_newer_page_takes_over,
    a_page_that_is_left_left,
    a_kept_draft_is_the_answer_when_the_time_is_over,
    the_longest_draft_in_any_script_is_kept,
    what_is_too_long_to_be_read_ends_the_connection,
    messages_from_later_versions_do_no_harm,
    a_restart_gives_its_time_back,
    a_deleted_interview_is_gone,
}

async fn notify(app: &TestApp, id: &str, text: &str) {
    let command = Command::SendNotice { id: NoticeId(Uuid::new_v4()), text: text.into(), by: Actor::Admin };
    app.state.sessions.step(session_id(id), &command).await.expect("a step");
}

async fn session(app: &TestApp, id: &str) -> Session {
    app.state.sessions.get(session_id(id)).await.expect("the session").as_ref().clone()
}

/// An interview whose first question is open. It is not proctored: pages here report nothing, which would be noted.
async fn begun(app: &TestApp, questions: &[&str]) -> (String, Candidate) {
    let created = app.create(json!({ "questions": questions, "proctored": false })).await;
    let (id, candidate) = (string(&created["session_id"]), app.candidate(&created));
    candidate.begin().await;
    (id, candidate)
}

async fn a_good_invite_is_shown_the_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?", "Second?"]).await;
    let (mut page, view) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    assert_eq!(view, candidate.view().await, "as over HTTP");
    assert_eq!(view["question"]["text"], "First?");
    page.say(&json!({ "type": "away", "away": true })).await;
    eventually_true("away", async || matches!(session(&app, &id).await.contact(), Contact::Away { .. })).await;
}

async fn a_bad_invite_is_told_that_it_is_gone(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for invite in ["", "guess", &"x".repeat(10_000)] {
        let mut page = Page::hello(&app.url, invite, Uuid::new_v4()).await;
        let gone = page.next().await.expect("a message");
        assert_eq!(gone["type"], "gone");
        assert!(gone["detail"].as_str().is_some_and(|detail| detail.contains("link")), "{gone}");
        assert_eq!(page.next().await, Err(AGAIN));
    }
}

async fn whoever_does_not_say_hello_is_closed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = begun(&app, &["First?"]).await;
    let no_uuid = json!({ "type": "hello", "invite": candidate.invite, "channel": "1" }).to_string();
    for first in ["", "garbage", "{}", r#"{"type":"away","away":true}"#, no_uuid.as_str()] {
        let mut page = Page::connect(&app.url).await;
        page.send(Message::text(first)).await;
        assert_eq!(page.next().await, Err(POLICY), "{first}");
    }
    let mut page = Page::connect(&app.url).await;
    page.send(Message::binary(vec![0, 159, 146, 150])).await;
    page.next().await.expect_err("no words");
    assert_eq!(app.state.channels.count(), 0);
}

async fn a_hello_is_short_and_what_follows_it_need_not_be(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = begun(&app, &["First?"]).await;
    let hello = json!({ "type": "hello", "invite": candidate.invite, "channel": Uuid::new_v4() });
    let mut long = hello.clone();
    long["more"] = json!("x".repeat(32 * 1024));
    let mut page = Page::connect(&app.url).await;
    page.say(&long).await;
    page.next().await.expect_err("it is not even read");
    assert_eq!(app.state.channels.count(), 0);

    let mut page = Page::connect(&app.url).await;
    page.say(&hello).await;
    let text = "y".repeat(30_000);
    page.say(&json!({ "type": "draft", "question": 0, "id": Uuid::nil(), "rev": 1, "text": text })).await;
    page.view().await;
    assert_eq!(page.next().await, Ok(json!({ "type": "kept", "question": 0, "rev": 1 })));
}

async fn a_notice_is_pushed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    let (mut page, view) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    assert_eq!(view["notices"], json!([]));
    notify(&app, &id, "Take your \u{1F600} time.").await;
    assert_eq!(page.view().await["notices"][0]["text"], "Take your \u{1F600} time.");
}

async fn an_answer_over_http_is_pushed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?", "Second?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    candidate.answer(0, "one").await;
    assert_eq!(page.view().await["question"]["text"], "Second?");
    app.end_session(&id).await;
    let view = page.view().await;
    assert_eq!((&view["status"], &view["end_reason"]), (&json!("completed"), &json!("ended_by_api")));
}

async fn a_newer_page_takes_over(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    let (mut older, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    let channel = Uuid::new_v4();
    let (mut newer, _) = Page::open(&app.url, &candidate.invite, channel).await;
    assert_eq!(older.next().await, Ok(json!({ "type": "taken_over" })));
    assert_eq!(older.next().await, Err(AGAIN));
    // The same page again is no newer page.
    let (mut again, _) = Page::open(&app.url, &candidate.invite, channel).await;
    assert_eq!(newer.next().await, Err(AGAIN), "nobody took over");
    notify(&app, &id, "Hello").await;
    again.view().await;
}

async fn a_page_that_is_left_left(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    let (page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    page.leave().await;
    eventually_true("it left", async || matches!(session(&app, &id).await.contact(), Contact::Left { .. })).await;
    let (page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    // A connection that breaks says nothing.
    drop(page);
    eventually_true("it is lost", async || matches!(session(&app, &id).await.contact(), Contact::Lost { .. })).await;
}

async fn a_kept_draft_is_the_answer_when_the_time_is_over(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?", "Second?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    page.write(0, 1, "half a").await;
    page.write(0, 2, "half a sentence & more").await;
    assert_eq!(candidate.view().await["draft"]["text"], "half a sentence & more");
    app.clock.advance_s(124);
    app.state.upkeep.keep_time().await;
    let view = page.view().await;
    assert_eq!((&view["question"], &view["answered"]), (&Value::Null, &json!(1)));
    let answers = app.answers_of(&id).await;
    assert_eq!(answers[0]["outcome"], "timed_out");
    assert_eq!(answers[0]["text"], "half a sentence & more");
    candidate.submit(Uuid::nil(), 0, "half a sentence & more").await.ok();
    let detail = candidate.submit(Uuid::nil(), 0, "half a sentence, and the other half").await.rpc_error(409);
    assert!(detail.contains("time"), "{detail}");
}

async fn the_longest_draft_in_any_script_is_kept(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = begun(&app, &["First?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    let longest = "\u{1F914}".repeat(50_000);
    page.write(0, 1, &longest).await;
    // Six bytes each as JSON writes them.
    let controls = "\u{1}".repeat(50_000);
    page.write(0, 2, &controls).await;
    assert_eq!(candidate.view().await["draft"]["text"], controls);
}

async fn what_is_too_long_to_be_read_ends_the_connection(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    page.send(Message::text("x".repeat(proctor::wire::MAX_MESSAGE + 1))).await;
    page.next().await.expect_err("closed");
    eventually_true("it is lost", async || matches!(session(&app, &id).await.contact(), Contact::Lost { .. })).await;
}

async fn messages_from_later_versions_do_no_harm(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = begun(&app, &["First?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    page.say(&json!({ "type": "something_new", "a": 1 })).await;
    page.send(Message::text("{")).await;
    page.send(Message::binary(vec![1, 2, 3])).await;
    page.say(&json!({ "type": "draft", "question": -1, "id": "?", "rev": 0, "text": "" })).await;
    page.write(0, 1, "still there").await;
}

async fn a_restart_gives_its_time_back(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    app.clock.advance_s(20);
    let channel = Uuid::new_v4();
    let (mut page, _) = Page::open(&app.url, &candidate.invite, channel).await;
    page.write(0, 1, "before").await;
    app.state.channels.stop();
    assert_eq!(page.next().await, Err(AGAIN));
    let app = app.restart(backend).await;
    app.clock.advance_s(110);
    app.state.upkeep.put_right().await;
    let (_page, view) = Page::open(&app.url, &candidate.invite, channel).await;
    assert_eq!(view["draft"]["text"], "before");
    assert_eq!(view["question"]["deadline"], app.state.clock.now().plus_seconds(100).0, "as much as was left");
    let history = app.history(&id).await;
    let ends = ["channel_opened", "channel_closed", "time_credited", "channel_opened"];
    assert_eq!(history[history.len() - 4..], ends);
}

async fn a_deleted_interview_is_gone(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = begun(&app, &["First?"]).await;
    let (mut page, _) = Page::open(&app.url, &candidate.invite, Uuid::new_v4()).await;
    app.state.rooms.delete_session(session_id(&id)).await.expect("it is deleted");
    assert_eq!(page.next().await.expect("a message")["type"], "gone");
    assert_eq!(page.next().await, Err(AGAIN));
}

/// Two workers over one MongoDB that do their chores.
struct Pair {
    backend: Backend,
    workers: [TestApp; 2],
    chores: [JoinHandle<()>; 2],
}

impl Pair {
    async fn start() -> Self {
        let backend = Backend::mongo();
        let workers = [TestApp::start(&backend).await, TestApp::start(&backend).await];
        let chores = [0, 1].map(|worker: usize| tokio::spawn(server::chores(workers[worker].state.clone())));
        for worker in &workers {
            // Whoever was never heard of is taken for dead.
            worker.state.upkeep.say_at_work().await;
        }
        Self { backend, workers, chores }
    }

    async fn stop(self) {
        for chores in &self.chores {
            chores.abort();
        }
        drop(self.workers);
        self.backend.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_at_one_worker_reaches_a_page_at_another() {
    let pair = Pair::start().await;
    let [here, there] = &pair.workers;
    let (id, candidate) = begun(here, &["First?", "Second?"]).await;
    let (mut page, _) = Page::open(&there.url, &candidate.invite, Uuid::new_v4()).await;
    notify(here, &id, "Hello").await;
    assert_eq!(page.view().await["notices"][0]["text"], "Hello");
    candidate.answer(0, "one").await;
    assert_eq!(page.view().await["question"]["text"], "Second?");
    page.write(1, 1, "a draft").await;
    assert_eq!(candidate.view().await["draft"]["text"], "a draft", "kept at one worker, shown by the other");
    let channel = Uuid::new_v4();
    let (mut newer, _) = Page::open(&here.url, &candidate.invite, channel).await;
    assert_eq!(page.next().await, Ok(json!({ "type": "taken_over" })));
    let (mut again, _) = Page::open(&there.url, &candidate.invite, channel).await;
    assert_eq!(newer.next().await, Err(AGAIN), "the same page went elsewhere");
    there.state.rooms.delete_session(session_id(&id)).await.expect("it is deleted");
    assert_eq!(again.next().await.expect("a message")["type"], "gone");
    pair.stop().await;
}
