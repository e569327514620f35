//! Two workers behind one load balancer, over one MongoDB: any of them serves any session.

use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    app::{BASE, TestApp, session_path},
    backend::Backend,
    candidate::Candidate,
    eventually::eventually_true,
};

struct Pair {
    backend: Backend,
    workers: [TestApp; 2],
}

impl Pair {
    async fn start() -> Self {
        let backend = Backend::mongo();
        let workers = [TestApp::start(&backend).await, TestApp::start(&backend).await];
        Self { backend, workers }
    }

    /// A session that the first worker made, and its candidate at each of them.
    async fn invite(&self, questions: &[&str]) -> (String, [Candidate; 2]) {
        let (id, one) = self.workers[0].invite(questions).await;
        let other = Candidate::new(self.workers[1].anonymous(), &one.invite);
        (id, [one, other])
    }

    async fn stop(self) {
        drop(self.workers);
        self.backend.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interview_goes_on_wherever_each_request_lands() {
    let pair = Pair::start().await;
    let (id, [one, other]) = pair.invite(&["First?", "Second?", "Third?"]).await;
    one.consent().await;
    other.start().await;
    assert_eq!(one.view().await["question"]["text"], "First?");
    one.answer(0, "at the first").await;
    other.answer(1, "at the second").await;
    let last = Uuid::new_v4();
    assert_eq!(one.submit(last, 2, "at the first").await.ok()["status"], "completed");
    assert_eq!(other.submit(last, 2, "at the first").await.ok()["status"], "completed", "sent again, to the other");
    for worker in &pair.workers {
        assert_eq!(worker.end_session(&id).await["questions_answered"], 3);
        assert_eq!(worker.stats().await["stats"]["completed_sessions"], 1);
        let expected = [
            "created",
            "consent_given",
            "started",
            "question_delivered",
            "answered",
            "question_delivered",
            "answered",
            "question_delivered",
            "answered",
            "ended",
        ];
        eventually_true("each event is there once", async || worker.history(&id).await == expected).await;
    }
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_answers_at_once_on_two_workers_one_is_taken() {
    let pair = Pair::start().await;
    for _ in 0..5 {
        let (id, candidates) = pair.invite(&["First?", "Second?"]).await;
        candidates[0].begin().await;
        candidates[1].view().await;
        let texts: Vec<String> = (0..8).map(|number| format!("answer {number}")).collect();
        let submits = texts.iter().zip(candidates.iter().cycle());
        let replies = join_all(submits.map(|(text, candidate)| candidate.submit(Uuid::new_v4(), 0, text))).await;
        let taken: Vec<usize> = (0..8).filter(|&number| replies[number].status == 200).collect();
        assert_eq!(taken.len(), 1, "{taken:?}");
        let detail = pair.workers[1].admin().await.rpc("load_session", &[("id", &id)]).await.ok();
        let answers: Vec<&Value> =
            detail["answers"].as_array().expect("answers").iter().map(|it| &it["text"]).collect();
        assert_eq!(answers, [&json!(texts[taken[0]])], "the acknowledged one");
    }
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_and_deletions_count_everywhere() {
    let pair = Pair::start().await;
    let [one, other] = &pair.workers;
    let (id, [_, candidate]) = pair.invite(&["First?"]).await;
    candidate.begin().await;
    let cookie = one.admin().await;
    let at_other = cookie.at_server(&other.url);
    at_other.get(&format!("{BASE}/stats")).await.ok();
    at_other.delete(&session_path(&id)).await.ok();
    one.api().get(&session_path(&id)).await.problem(404);
    one.api().post_empty(&format!("{}/start", session_path(&id))).await.problem(404);
    candidate.call("load_interview").await.rpc_error(404);
    cookie.rpc("logout", &[]).await;
    at_other.get(&format!("{BASE}/stats")).await.problem(401);
    pair.stop().await;
}
