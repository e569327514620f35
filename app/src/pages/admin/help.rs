//! What an admin can do for a candidate during an interview: a word, more time, accommodations.

use leptos::{html::Textarea, prelude::*, task::spawn_local};

use super::guard::Trouble;
use crate::{
    api::{grant_time, send_notice, set_time_rules},
    browser,
    components::{
        Fields, PostForm, When, aria, beside,
        words::{duration, unit},
    },
    error::{AppError, Field},
    model::{NoticeId, SessionDetail, SessionId, TimeRules},
    validate::MAX_NOTICE,
};

const SAY: &str = "/rpc/send_notice";

const SET_TIME: &str = "/rpc/set_time_rules";

/// Minutes that one press of a button gives.
const GRANTS_MIN: [u32; 3] = [1, 2, 5];

/// Fields that say themselves what is wrong with them.
const BESIDE: [Field; 4] = [Field::TimePercent, Field::ExtraMinutes, Field::CreditQuestion, Field::CreditTotal];

/// Sends something and shows the session anew.
#[derive(Clone, Copy)]
struct Sender {
    trouble: Trouble,
    refresh: Callback<()>,
}

impl Sender {
    fn send(self, act: impl Future<Output = Result<(), AppError>> + 'static) {
        spawn_local(async move {
            if self.trouble.tried(act.await).is_some() {
                self.refresh.try_run(());
            } else {
                browser::show_refused();
            }
        });
    }
}

/// Two cards: messages, and time.
#[component]
pub fn Help(id: SessionId, detail: RwSignal<SessionDetail>, trouble: Trouble, refresh: Callback<()>) -> impl IntoView {
    let sender = move |action| Sender { trouble: trouble.of_form(action), refresh };
    view! {
        <Messages id=id detail=detail sender=sender(SAY) />
        <Time id=id detail=detail sender=sender(SET_TIME) />
    }
    .into_any()
}

#[component]
fn Messages(id: SessionId, detail: RwSignal<SessionDetail>, sender: Sender) -> impl IntoView {
    let notices = Memo::new(move |_| detail.with(|detail| detail.notices.clone()));
    let field = NodeRef::<Textarea>::new();
    let send = Callback::new(move |fields: Fields| {
        let notice = NoticeId(browser::new_id());
        sender.send(async move {
            send_notice(id, Some(notice), fields.one("text")).await?;
            browser::set_text(field, "");
            Ok(())
        });
    });
    let read = |at| match at {
        Some(at) => view! { <small>"Read " <When at=at /></small> }.into_any(),
        None => view! { <small>"Not read yet"</small> }.into_any(),
    };
    view! {
        <section class="card">
            <header>
                <h2>"Messages to the candidate"</h2>
            </header>
            <div class="pad stack">
                <PostForm action=SAY on_send=send>
                    <input type="hidden" name="id" value=id.to_string() />
                    <div class="stack">
                        <label class="field">
                            <span>"Message"</span>
                            <textarea node_ref=field name="text" rows="2" required maxlength=MAX_NOTICE></textarea>
                        </label>
                        {sender.trouble.above(&[])}
                        <div>
                            <button class="btn">"Send message"</button>
                        </div>
                    </div>
                </PostForm>
                {move || {
                    notices
                        .get()
                        .into_iter()
                        .rev()
                        .map(|notice| view! { <p class="said">{notice.text} " " {read(notice.read_at)}</p> })
                        .collect_view()
                }}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Time(id: SessionId, detail: RwSignal<SessionDetail>, sender: Sender) -> impl IntoView {
    let open = Memo::new(move |_| detail.with(|detail| detail.open.map(|open| (open.index, open.granted_s))));
    let rules = Memo::new(move |_| detail.with(|detail| detail.time));
    let credited = Memo::new(move |_| detail.with(|detail| u32::try_from(detail.credited_ms / 1000).unwrap_or(0)));
    let save = Callback::new(move |fields: Fields| {
        let number = |name: &str| fields.one(name).parse().unwrap_or(u32::MAX);
        let [percent, extra, question, all] =
            ["percent", "extra_minutes", "credit_question_s", "credit_total_s"].map(number);
        sender.send(set_time_rules(id, percent, extra, question, all));
    });
    let refused = sender.trouble.refused.with_untracked(Option::is_some);
    let grants = move || {
        let (index, granted_s) = open.get()?;
        let give = move |minutes: u32| {
            let total_s = granted_s + minutes * 60;
            view! {
                <button type="button" class="btn small" on:click=move |_| sender.send(grant_time(id, index, total_s))>
                    {unit(format_args!("+{minutes}"), "min")}
                </button>
            }
        };
        Some(view! {
            <div class="row">
                <span>{format!("More time for question {}", index + 1)}</span>
                {GRANTS_MIN.map(give).collect_view()}
                {(granted_s > 0).then(|| view! { <small>{format!("{} given", duration(granted_s))}</small> })}
            </div>
        })
    };
    let number = move |field: Field,
                       label: &'static str,
                       name: &'static str,
                       (least, most): (u32, u32),
                       value: fn(TimeRules) -> u32| {
        let refused = sender.trouble.refused;
        let aria = move || refused.with(|error| aria(error.as_ref(), field));
        view! {
            <div>
                <label class="field">
                    <span>{label}</span>
                    <input
                        type="number"
                        name=name
                        required
                        min=least
                        max=most
                        value=move || value(rules.get())
                        prop:value=move || value(rules.get())
                        aria-invalid=move || aria().0
                        aria-describedby=move || aria().1
                    />
                </label>
                {move || refused.with(|error| beside(error.as_ref(), field))}
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <header>
                <h2>"Time"</h2>
            </header>
            <div class="pad stack">
                {grants}
                {sender.trouble.above(&BESIDE)}
                <details open=refused>
                <summary>"Accommodations"</summary>
                <PostForm action=SET_TIME on_send=save>
                    <input type="hidden" name="id" value=id.to_string() />
                    <div class="stack">
                        {number(
                            Field::TimePercent,
                            "Time for each question, in %",
                            "percent",
                            (100, TimeRules::MAX_PERCENT),
                            |r| r.percent,
                        )}
                        {number(Field::ExtraMinutes, "Extra minutes for each", "extra_minutes", (0, 60), |r| r.extra_s / 60)}
                        {number(
                            Field::CreditQuestion,
                            "At most given back for outages in one question, in seconds",
                            "credit_question_s",
                            (0, TimeRules::MAX_S),
                            |r| r.credit_question_s,
                        )}
                        {number(
                            Field::CreditTotal,
                            "At most given back in all, in seconds",
                            "credit_total_s",
                            (0, TimeRules::MAX_S),
                            |r| r.credit_total_s,
                        )}
                        <div>
                            <button class="btn">"Save time"</button>
                        </div>
                    </div>
                </PostForm>
                </details>
                {move || {
                    (credited.get() > 0)
                        .then(|| view! { <p class="dim">{format!("{} given back for outages so far.", duration(credited.get()))}</p> })
                }}
            </div>
        </section>
    }
    .into_any()
}
