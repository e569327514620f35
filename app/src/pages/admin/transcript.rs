//! What was asked and answered so far.

use leptos::prelude::*;

use crate::{
    components::words::{clock, kind, outcome},
    model::{QuestionKind, SessionDetail},
};

/// Questions with their answers, in order. Those that are still to come are shown too: admins know them.
#[component]
pub fn Transcript(detail: RwSignal<SessionDetail>) -> impl IntoView {
    let asked = detail.with_untracked(|detail| detail.max_questions);
    view! {
        <section class="card">
            <header>
                <h2>"Transcript"</h2>
                <span class="grow"></span>
                <small class="num">
                    {move || detail.with(|d| format!("{} of {} dealt with", d.answers.len(), d.max_questions))}
                </small>
            </header>
            <ol class="transcript">{(0..asked).map(|index| view! { <Entry index=index detail=detail /> }).collect_view()}</ol>
        </section>
    }
    .into_any()
}

#[component]
fn Entry(index: u32, detail: RwSignal<SessionDetail>) -> impl IntoView {
    let (text, of_kind) = detail.with_untracked(|detail| {
        detail.questions.get(index as usize).map_or_else(Default::default, |q| (q.text.clone(), q.kind))
    });
    let answer = Memo::new(move |_| detail.with(|d| d.answers.iter().find(|answer| answer.question == index).cloned()));
    let open = Memo::new(move |_| detail.with(|d| d.open.is_some_and(|open| open.index == index)));
    let class = if of_kind == QuestionKind::Coding { "written code" } else { "written" };
    let body = move || match answer.get() {
        Some(answer) => {
            let used = clock(answer.time_used_ms / 1000);
            let given = answer.is_given();
            view! {
                {given.then(|| view! { <pre class=class>{answer.text.clone()}</pre> })}
                <small class="num">{format!("{} · {used} used", outcome(answer.outcome))}</small>
            }
            .into_any()
        }
        None if open.get() => view! { <span class="state live">"Answering now"</span> }.into_any(),
        None => view! { <small>"Not answered yet"</small> }.into_any(),
    };
    view! {
        <li class:ahead=move || answer.with(Option::is_none) && !open.get()>
            <p class="asked">
                {text} " " <small>{kind(of_kind)}</small>
            </p>
            {body}
        </li>
    }
    .into_any()
}
