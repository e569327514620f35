//! The device check: the candidate sees and hears that things work, learns in plain words what does not, and can always go on.

use leptos::{
    html::{Meter, Video},
    prelude::*,
    task::spawn_local,
};
use leptos_meta::Title;

use super::{preparation::Preparation, screen::ScreenCheck, state::Interview, watch::Advice};
use crate::{
    api::report_devices,
    browser::{self, Device, Devices, Trouble},
    components::{Heading, Notice, Tone, react},
};

/// The second step.
#[component]
pub fn DeviceCheck() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let devices = RwSignal::new(Devices::UNKNOWN);
    let asking = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None);
    let picture = NodeRef::<Video>::new();
    let meter = NodeRef::<Meter>::new();

    let ask = move || {
        asking.set(true);
        spawn_local(async move {
            let found = browser::open_devices(true, true).await;
            devices.try_set(found);
            asking.try_set(false);
        });
    };
    react(move || {
        browser::show_camera(picture);
        browser::show_level(meter);
        browser::on_devices(move |now| {
            devices.try_set(now);
        });
        ask();
    });

    let camera_works = Memo::new(move |_| devices.get().camera == Device::Working);
    let microphone_works = Memo::new(move |_| devices.get().microphone == Device::Working);
    let go_on = move |_| {
        let (camera, microphone) = (camera_works.get_untracked(), microphone_works.get_untracked());
        interview.command(busy, refused, move |invite| report_devices(invite, camera, microphone));
    };
    let waiting = move || busy.get() || !interview.awake.get();
    view! {
        <Title text="Camera and microphone" />
        <main id="main" class="narrow stack">
            <Preparation />
            <Heading>"Camera and microphone"</Heading>
            <p class="lead">"Let us see that both work. If your browser asks for permission, choose “Allow”."</p>
            <section class="card pad check-grid">
                <div class="cam mirror" data-testid="self-view">
                    <video
                        node_ref=picture
                        autoplay
                        muted
                        playsinline
                        aria-label="Your camera's picture"
                        class:off=move || !camera_works.get()
                    ></video>
                    <span class="cam-note" class:off=camera_works>
                        "No picture"
                    </span>
                </div>
                <div class="stack">
                    <div>
                        <h2>"Camera"</h2>
                        <div role="status">
                            {move || describe("camera", devices.get().camera, asking.get())}
                        </div>
                    </div>
                    <div>
                        <h2>"Microphone"</h2>
                        <div role="status">
                            {move || describe("microphone", devices.get().microphone, asking.get())}
                        </div>
                        <meter
                            node_ref=meter
                            class="level"
                            min="0"
                            max="1"
                            value="0"
                            aria-label="Microphone level"
                        ></meter>
                        <small>"Say a few words: the bar should move."</small>
                    </div>
                    <Advice />
                </div>
            </section>
            <ScreenCheck />
            {move || refused.get().map(|text: String| view! { <Notice tone=Tone::Bad>{text}</Notice> })}
            <div class="row">
                {move || {
                    let label = match (camera_works.get(), microphone_works.get()) {
                        (true, true) => "Continue",
                        (false, true) => "Go on without camera",
                        (true, false) => "Go on without microphone",
                        (false, false) => "Go on without camera and microphone",
                    };
                    let all = camera_works.get() && microphone_works.get();
                    let class = if all { "btn main big" } else { "btn big" };
                    let again = (!all)
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn main big"
                                    disabled=move || asking.get() || !interview.awake.get()
                                    on:click=move |_| ask()
                                >
                                    "Try again"
                                </button>
                            }
                        });
                    view! {
                        {again}
                        <button type="button" class=class disabled=waiting on:click=go_on>
                            {label}
                        </button>
                    }
                }}
            </div>
            <p class="dim">
                {if interview.is_proctored() {
                    "Going on without is possible. It is noted, and the hiring team sees it. You can switch both on later."
                } else {
                    "Going on without is possible. The hiring team sees that you did, and nothing else happens. You can switch both on later."
                }}
            </p>
        </main>
    }
    .into_any()
}

fn describe(name: &'static str, device: Device, asking: bool) -> AnyView {
    match device {
        Device::Working => view! { <p class="state live">{format!("Your {name} works")}</p> }.into_any(),
        Device::Unknown if asking => {
            view! { <p class="state wait">{format!("Asking for your {name}…")}</p> }.into_any()
        }
        Device::Unknown => view! { <p class="state wait">{format!("Your {name} was not tried yet")}</p> }.into_any(),
        Device::Broken(trouble) => {
            let (what, help) = explain(name, trouble);
            view! {
                <p class="state lost">{what}</p>
                <p class="dim">{help}</p>
            }
            .into_any()
        }
    }
}

/// What is wrong with a device, and what to do about it.
pub fn explain(name: &str, trouble: Trouble) -> (String, String) {
    match trouble {
        Trouble::Denied => (
            format!("Your {name} is blocked for this page"),
            format!(
                "Click the symbol to the left of the address, allow the {name}, and try again. If that does not help, your system's privacy settings may block it for the browser."
            ),
        ),
        Trouble::Missing => (format!("No {name} was found"), "Plug one in or switch it on, and try again.".to_owned()),
        Trouble::InUse => (
            format!("Your {name} is used by another program"),
            "Close other programs and tabs that make video calls, and try again.".to_owned(),
        ),
        Trouble::Insecure => (
            format!("The browser gives this page no {name}"),
            "The page must be opened by an address that begins with https. Please tell the people who invited you."
                .to_owned(),
        ),
        Trouble::Stopped => (
            format!("Your {name} stopped"),
            "It may have been unplugged or switched off. Connect it again, and try again.".to_owned(),
        ),
        Trouble::Failed => (
            format!("Your {name} could not be started"),
            "Try again. If it keeps failing, restart the browser; you will come back to this place.".to_owned(),
        ),
    }
}
