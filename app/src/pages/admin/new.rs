//! A new interview.

use std::sync::Arc;

use leptos::{html::Textarea, prelude::*, task::spawn_local};
use leptos_meta::Title;

use super::guard::{Refused, Trouble};
use crate::{
    api::{create_interview, current_admin},
    browser,
    components::{
        AdminBar, Arrival, Coming, CopyField, Fields, Heading, Loaded, Notice, Page, PostForm, Tone, aria, beside,
        first_look, react,
    },
    error::{AppError, ErrorKind, Field},
    model::{CreatedView, QuestionKind, Timers},
    validate::{MAX_EMAIL, MAX_NAME, MAX_PHONE, MAX_QUESTION, MAX_QUESTIONS, MAX_TIMER_S},
};

const ACTION: &str = "/rpc/create_interview";

/// Rows of an empty form. Those that stay empty do not count.
const ROWS: u32 = 3;

/// Fields that say themselves what is wrong with them.
const BESIDE: [Field; 6] =
    [Field::Name, Field::Email, Field::Phone, Field::Questions, Field::TextTimer, Field::CodingTimer];

/// `/admin/new`.
#[component]
pub fn NewPage() -> impl IntoView {
    let admin = first_look(|| (), |()| current_admin());
    let load = move || -> Coming {
        Box::pin(async move {
            let stranger = || AppError::new(ErrorKind::Unauthorized, "Please log in first.");
            match admin.await.and_then(|admin| admin.ok_or_else(stranger)) {
                Ok(_) => view! { <Form /> }.into_any(),
                Err(error) => view! { <Refused error=error /> }.into_any(),
            }
        })
    };
    view! { <Loaded load=Arc::new(load) /> }
}

#[component]
fn Form() -> impl IntoView {
    provide_context(Arrival::new());
    let created = RwSignal::new(None::<CreatedView>);
    let body = move || match created.get() {
        Some(view) => view! { <Created view=view again=Callback::new(move |()| created.set(None)) /> }.into_any(),
        None => view! { <Fields created=created /> }.into_any(),
    };
    view! {
        <Title text="New interview" />
        <AdminBar page=Page::New />
        <main id="main" class="narrow stack">{body}</main>
    }
    .into_any()
}

#[component]
fn Fields(created: RwSignal<Option<CreatedView>>) -> impl IntoView {
    let trouble = Trouble::new().of_form(ACTION);
    let awake = RwSignal::new(false);
    react(move || awake.set(true));
    let refused = trouble.refused;
    let busy = RwSignal::new(false);
    let send = move |fields: Fields| {
        busy.set(true);
        spawn_local(async move {
            match trouble.tried(create(&fields).await) {
                Some(view) => {
                    created.try_set(Some(view));
                }
                None => browser::show_refused(),
            }
            busy.try_set(false);
        });
    };
    let rows = RwSignal::new((0..ROWS).collect::<Vec<_>>());
    let focused = RwSignal::new(None);
    let add = move |_| {
        rows.update(|rows| {
            let next = rows.iter().max().map_or(0, |last| last + 1);
            rows.push(next);
            focused.set(Some(next));
        });
    };
    let Timers { text_s, coding_s } = Timers::default();
    view! {
        <Heading>"New interview"</Heading>
        <PostForm action=ACTION on_send=Callback::new(send)>
            <div class="stack">
                <fieldset class="card pad">
                    <legend>"Candidate"</legend>
                    <div class="columns">
                        {line(refused, Field::Name, view! { <span>"Name"</span> }.into_any(), ("text", "name", true, MAX_NAME))}
                        {line(
                            refused,
                            Field::Email,
                            view! { <span>"E-mail address"</span> }.into_any(),
                            ("email", "email", true, MAX_EMAIL),
                        )}
                        {line(
                            refused,
                            Field::Phone,
                            view! {
                                <span>
                                    "Phone " <small>"(optional)"</small>
                                </span>
                            }
                            .into_any(),
                            ("tel", "phone", false, MAX_PHONE),
                        )}
                    </div>
                </fieldset>
                <fieldset class="card pad">
                    <legend>"Questions"</legend>
                    {move || refused.with(|error| beside(error.as_ref(), Field::Questions))}
                    <ol class="questions">
                        <For each=move || rows.get() key=|row| *row let:row>
                            <QuestionRow row=row rows=rows focused=focused awake=awake refused=refused />
                        </For>
                    </ol>
                    <div class="row">
                        <button
                            type="button"
                            class="btn"
                            disabled=move || !awake.get() || (rows.with(Vec::len) >= MAX_QUESTIONS)
                            on:click=add
                        >
                            "Add question"
                        </button>
                        <small>"Empty ones do not count. They are asked in this order."</small>
                    </div>
                </fieldset>
                <fieldset class="card pad">
                    <legend>"Time for an answer, in seconds"</legend>
                    <div class="columns">
                        {timer(refused, Field::TextTimer, "In words", "text_question_timer", text_s)}
                        {timer(refused, Field::CodingTimer, "In code", "coding_question_timer", coding_s)}
                    </div>
                </fieldset>
                {trouble.above(&BESIDE)}
                <div class="row">
                    <button type="submit" class="btn main big" disabled=busy>
                        "Create interview"
                    </button>
                    <a class="btn quiet" href="/admin">
                        "Cancel"
                    </a>
                </div>
            </div>
        </PostForm>
    }
    .into_any()
}

async fn create(fields: &Fields) -> Result<CreatedView, AppError> {
    let kind = |word: &str| if word == "coding" { QuestionKind::Coding } else { QuestionKind::Text };
    // The browser lets nothing but whole numbers within the limits through.
    let seconds = |name| fields.one(name).parse().unwrap_or(0);
    create_interview(
        fields.one("name"),
        fields.one("email"),
        fields.one("phone"),
        fields.list("questions").into_iter().map(str::to_owned).collect(),
        fields.list("question_types").into_iter().map(kind).collect(),
        seconds("text_question_timer"),
        seconds("coding_question_timer"),
    )
    .await
}

/// Why the form was not taken.
type Refusal = RwSignal<Option<AppError>>;

/// A field of one line: its label, and its type, name, whether it has to be filled in, and its length at most.
fn line(
    refused: Refusal,
    field: Field,
    label: AnyView,
    (kind, name, required, max): (&'static str, &'static str, bool, usize),
) -> AnyView {
    let aria = move || refused.with(|error| aria(error.as_ref(), field));
    view! {
        <div>
            <label class="field">
                {label}
                <input
                    type=kind
                    name=name
                    required=required
                    maxlength=max
                    autocomplete="off"
                    aria-invalid=move || aria().0
                    aria-describedby=move || aria().1
                />
            </label>
            {move || refused.with(|error| beside(error.as_ref(), field))}
        </div>
    }
    .into_any()
}

fn timer(refused: Refusal, field: Field, label: &'static str, name: &'static str, seconds: u32) -> AnyView {
    let aria = move || refused.with(|error| aria(error.as_ref(), field));
    view! {
        <div>
            <label class="field">
                <span>{label}</span>
                <input
                    type="number"
                    name=name
                    value=seconds
                    required
                    min="1"
                    max=MAX_TIMER_S
                    inputmode="numeric"
                    aria-invalid=move || aria().0
                    aria-describedby=move || aria().1
                />
            </label>
            {move || refused.with(|error| beside(error.as_ref(), field))}
        </div>
    }
    .into_any()
}

#[component]
fn QuestionRow(
    row: u32,
    rows: RwSignal<Vec<u32>>,
    /// The row that is written in next.
    focused: RwSignal<Option<u32>>,
    awake: RwSignal<bool>,
    refused: Refusal,
) -> impl IntoView {
    let field = NodeRef::<Textarea>::new();
    react(move || {
        if focused.get() == Some(row) {
            browser::focus(field);
        }
    });
    // Names and labels follow the place in the list, because the server reads a list without gaps.
    let place = Memo::new(move |_| rows.with(|rows| rows.iter().position(|other| *other == row).unwrap_or(0)));
    let here = move || Field::Question(place.get() + 1);
    // That there is none at all is mended in the first one.
    let aria = move || {
        let of = |field| refused.with(|error| aria(error.as_ref(), field));
        if place.get() == 0 && of(Field::Questions).0.is_some() { of(Field::Questions) } else { of(here()) }
    };
    let remove = move |_| {
        let at = place.get_untracked();
        rows.update(|rows| {
            rows.retain(|other| *other != row);
            focused.set(rows.get(at).or(rows.last()).copied());
        });
    };
    let label = move |what: &str| format!("{what} {}", place.get() + 1);
    let kind = |kind: QuestionKind| match kind {
        QuestionKind::Text => ("text", "Answer in words"),
        QuestionKind::Coding => ("coding", "Answer in code"),
    };
    view! {
        <li>
            <textarea
                node_ref=field
                rows="2"
                maxlength=MAX_QUESTION
                name=move || format!("questions[{}]", place.get())
                aria-label=move || label("Question")
                aria-invalid=move || aria().0
                aria-describedby=move || aria().1
            ></textarea>
            {move || refused.with(|error| beside(error.as_ref(), here()))}
            <div class="row">
                <select name=move || format!("question_types[{}]", place.get()) aria-label=move || label("Type of question")>
                    {[QuestionKind::Text, QuestionKind::Coding]
                        .map(|of| {
                            let (value, label) = kind(of);
                            view! { <option value=value>{label}</option> }
                        })}
                </select>
                <button
                    type="button"
                    class="btn quiet small"
                    aria-label=move || label("Remove question")
                    disabled=move || !awake.get() || (rows.with(Vec::len) < 2)
                    on:click=remove
                >
                    "Remove"
                </button>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Created(view: CreatedView, again: Callback<()>) -> impl IntoView {
    let address = format!("/admin/session/{}", view.session_id);
    view! {
        <section class="card pad message">
            <span class="tick" aria-hidden="true">
                "✓"
            </span>
            <Heading>{format!("The interview for {} is ready", view.name)}</Heading>
            <p>"Send this link to the candidate. It is good for this one interview, and nobody can guess it."</p>
            <CopyField label="Link for the candidate" text=view.join_url />
            {view.warning.map(|text| view! { <Notice tone=Tone::Warn>{text}</Notice> })}
            <div class="row">
                <a class="btn main" href=address>
                    "Open the interview"
                </a>
                <button type="button" class="btn" on:click=move |_| again.run(())>
                    "Make another one"
                </button>
                <a class="btn quiet" href="/admin">
                    "All interviews"
                </a>
            </div>
        </section>
    }
    .into_any()
}
