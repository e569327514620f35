//! Who and what, and the consent: nothing is recorded before it.

use leptos::{html::Form, prelude::*};
use leptos_meta::Title;
use proctor::{reporter::LOOKS_PER_S, wire::MAX_STILLS};

use super::{preparation::Preparation, state::Interview, watch::RecordLink};
use crate::{
    api::give_consent,
    browser,
    components::{
        Heading, Notice, Tone,
        violation_words::ends_after,
        words::{count, duration},
    },
    model::{CandidateView, Timers},
};

/// The first step.
#[component]
pub fn Welcome() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let view = interview.view.get_untracked();
    let asked = Memo::new(move |_| interview.view.with(Asked::of));
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None);
    let hint = RwSignal::new(false);
    let form = NodeRef::<Form>::new();
    let agree = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // As it stands in the form: it may have been ticked before this page was awake.
        if browser::fields(form).iter().any(|(name, _)| name == "agree") {
            interview.command(busy, refused, give_consent);
        } else {
            hint.set(true);
        }
    };
    view! {
        <Title text="Your interview" />
        <main id="main" class="narrow stack">
            <Preparation />
            <Heading>{format!("Hello, {}", view.name)}</Heading>
            <p class="lead">{invitation(&view)}</p>
            <section class="card pad">
                <h2>"What to expect"</h2>
                // Time may be added while this is read.
                <dl class="facts">{move || facts(asked.get())}</dl>
                <p class="dim">
                    "One question at a time. Your answer is sent when you submit it, or when the time is over. You can reload this page at any point and come back to the same place."
                </p>
            </section>
            <form class="card pad" node_ref=form on:submit=agree>
                <h2>"What is recorded"</h2>
                <ul class="list">
                    <li>"Your answers and drafts, and when you wrote them."</li>
                    <li>
                        "Your camera and microphone are shown live to the hiring team during the interview. They are not recorded. You try both out first, and can go on without them."
                    </li>
                    {record(&view)}
                </ul>
                <label class="check">
                    <input
                        type="checkbox"
                        name="agree"
                        required
                        aria-describedby="agree-hint"
                        on:change=move |_| hint.set(false)
                    />
                    <span>"I have read this and agree to be recorded and supervised during the interview."</span>
                </label>
                <p id="agree-hint" class="problem" role="alert">
                    {move || hint.get().then_some("Please tick the box first, if you agree.")}
                </p>
                {move || refused.get().map(|text| view! { <Notice tone=Tone::Bad>{text}</Notice> })}
                <div class="row">
                    <button class="btn main big" disabled=move || busy.get() || !interview.awake.get()>
                        "Agree and continue"
                    </button>
                    <small>"If you do not agree, close this page and write to the people who invited you."</small>
                </div>
            </form>
        </main>
    }
    .into_any()
}

/// What is recorded beyond answers, as it is.
fn record(view: &CandidateView) -> AnyView {
    let is_proctored = view.proctored.is_some();
    let lines = if is_proctored {
        vec![
            format!("The interview is proctored. Your browser looks at the camera's picture on this device: how many faces are seen, where the largest one points, and how good the picture is. What it sees is noted up to {LOOKS_PER_S} times a second."),
            format!("Still pictures are kept: one of your face at each visit before the start, or once it is seen well (the last one counts); some at random times, to check the notes and to compare the faces; and up to {MAX_STILLS} around anything that is flagged. No others are."),
            "Other signs are noted: leaving this page, its window or full screen; copying, pasting and printing; the context menu and the browser's tools; more than one screen, and a screen that is shared; camera and microphone switched off or changed; a loud room or several voices (your browser listens; no sound is kept); lost connections; and how long you typed.".to_owned(),
        ]
    } else {
        vec![
            "The hiring team can see whether you are at the screen, and notes anything unusual. People decide what it means, not a machine.".to_owned(),
        ]
    };
    let keep_days = view.keep_days;
    let shares = view.asks.share_screen;
    view! {
        {shares
            .then(|| {
                view! {
                    <li>
                        "Your screen is shown live to the hiring team, if you share it. It is not recorded. You choose it before the interview, and can go on without; that is noted."
                    </li>
                }
            })}
        {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
        {view.terminate_after.map(|flags| view! { <li>{ends_after(flags)}</li> })}
        {is_proctored
            .then(|| {
                view! {
                    <li>
                        {format!("Pictures and logs are erased {} after the end of the interview, or after you were last here if it never ends. What was flagged stays with your answers. ", count(keep_days, "day"))}
                        "A flag is a hint for people, not a verdict: people decide what it means. You can see what was noted, and add a note of your own, in "
                        <RecordLink /> "."
                    </li>
                }
            })}
    }
    .into_any()
}

fn invitation(view: &CandidateView) -> String {
    match &view.job_title {
        Some(job) => format!(
            "This is your interview for the position {job}. Take your time reading this page: no clock runs yet."
        ),
        None => "This is your interview. Take your time reading this page: no clock runs yet.".to_owned(),
    }
}

/// How much is asked, and in what time.
#[derive(Clone, Copy, PartialEq)]
struct Asked {
    text: u32,
    coding: u32,
    timers: Timers,
}

impl Asked {
    fn of(view: &CandidateView) -> Self {
        Self { text: view.text_questions, coding: view.coding_questions, timers: view.timers }
    }
}

fn facts(Asked { text, coding, timers }: Asked) -> impl IntoView {
    let fact = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let kinds = match (text, coding) {
        (_, 0) => count(text, "question"),
        (0, _) => format!("{} with code", count(coding, "question")),
        _ => format!("{}: {text} in words, {coding} in code", count(text + coding, "question")),
    };
    let longest = text * timers.text_s + coding * timers.coding_s;
    view! {
        {fact("Questions", kinds)}
        {(text > 0).then(|| fact("Time for an answer in words", duration(timers.text_s)))}
        {(coding > 0).then(|| fact("Time for an answer in code", duration(timers.coding_s)))}
        {fact("In all", format!("at most {}", duration(longest.max(1))))}
        {fact("Camera and microphone", "on, watched live by the hiring team".to_owned())}
    }
    .into_any()
}
