//! What stands beside the question: the self view and the clock.

use leptos::{prelude::*, task::spawn_local};

use super::{
    devices::explain, link::LinkNotice, screen::ScreenNotes, self_view::SelfView, state::Interview, timer::Clock,
    watch::Watched,
};
use crate::{
    api::report_devices,
    browser::{self, Device, Devices},
    components::react,
    model::DeviceCheck,
};

/// The candidate's own picture, what is wrong with it, and the clock.
#[component]
pub fn Aside() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let devices = RwSignal::new(Devices::UNKNOWN);
    // Until the browser has answered, nothing is offered that would be gone a moment later.
    let answered = RwSignal::new(false);
    let agreed = interview.view.with_untracked(|view| view.devices);
    let agreed = agreed.unwrap_or(DeviceCheck { camera: false, microphone: false });

    let open = move |camera: bool, microphone: bool| {
        spawn_local(async move {
            let found = browser::open_devices(camera, microphone).await;
            devices.try_set(found);
            answered.try_set(true);
        });
    };
    react(move || {
        browser::on_devices(move |now| {
            devices.try_set(now);
        });
        open(agreed.camera, agreed.microphone);
    });
    // Switching on what the candidate went on without is told to the server.
    let switch_on = move |_| {
        spawn_local(async move {
            let found = browser::open_devices(true, true).await;
            devices.try_set(found);
            let camera = found.camera == Device::Working;
            let microphone = found.microphone == Device::Working;
            let known = interview.view.try_with_untracked(|view| view.devices).flatten();
            if known != Some(DeviceCheck { camera, microphone }) {
                // If this is refused, the interview is over, and the poll says so.
                let _ = interview.insist(move |invite| report_devices(invite, camera, microphone)).await;
            }
        });
    };
    let works = Memo::new(move |_| devices.get().camera == Device::Working);
    let complete =
        Memo::new(move |_| devices.get() == Devices { camera: Device::Working, microphone: Device::Working });
    view! {
        <aside class="stack" aria-label="Camera and clock">
            // What stays in sight on a small screen, too.
            <div class="stack in-sight">
                <Clock />
                <SelfView works=works note="Camera is off" small=true />
                <Watched />
            </div>
            <div class="device-notes" role="status">
                {move || trouble("camera", devices.get().camera)}
                {move || trouble("microphone", devices.get().microphone)}
            </div>
            {move || {
                (answered.get() && !complete.get())
                    .then(|| {
                        view! {
                            <button type="button" class="btn" on:click=switch_on>
                                "Switch on camera and microphone"
                            </button>
                        }
                    })
            }}
            <ScreenNotes />
            <LinkNotice />
        </aside>
    }
    .into_any()
}

fn trouble(name: &'static str, device: Device) -> Option<impl IntoView> {
    let Device::Broken(trouble) = device else { return None };
    let (what, help) = explain(name, trouble);
    Some(view! {
        <p class="state lost">{what}</p>
        <p class="dim">{help}</p>
    })
}
