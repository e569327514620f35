//! The browser's side: thin, typed ways into the scripts beside this file.

use leptos::{
    html::{Button, Details, Dialog, ElementType, Form, Input, Meter, Select, Textarea, Video},
    prelude::*,
};
use wasm_bindgen::prelude::*;

use super::{Devices, Ended, LinkState, Share};
use crate::model::{ChannelId, Down, Draft, Invite, RoomAccess, SessionId, UnixMillis, Up};

mod page {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/page.js")]
    extern "C" {
        #[wasm_bindgen(js_name = clockMs)]
        pub fn clock_ms() -> f64;
        #[wasm_bindgen(js_name = randomBytes)]
        pub fn random_bytes(count: u32) -> Vec<u8>;
        pub fn chance() -> f64;
        pub async fn sleep(ms: u32);
        pub async fn rest(ms: u32);
        pub async fn copy(text: &str, field: &JsValue) -> JsValue;
        #[wasm_bindgen(js_name = showModal)]
        pub fn show_modal(dialog: &JsValue);
        #[wasm_bindgen(js_name = closeModal)]
        pub fn close_modal(dialog: &JsValue);
        #[wasm_bindgen(js_name = isOpen)]
        pub fn is_open(details: &JsValue) -> bool;
        #[wasm_bindgen(js_name = focusOn)]
        pub fn focus_on(element: &JsValue);
        #[wasm_bindgen(js_name = showRefused)]
        pub fn show_refused();
        pub fn fields(form: &JsValue) -> Vec<String>;
        pub fn text(field: &JsValue) -> String;
        #[wasm_bindgen(js_name = setText)]
        pub fn set_text(field: &JsValue, value: &str);
        #[wasm_bindgen(js_name = localTime)]
        pub fn local_time(ms: f64) -> String;
    }
}

mod channel {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/channel.js")]
    extern "C" {
        pub fn connect(hello: &str, away: &str, back: &str, on_message: JsValue, on_lost: JsValue);
        pub fn send(text: &str) -> bool;
        pub fn disconnect();
    }
}

mod journal {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/journal.js")]
    extern "C" {
        pub async fn keep(invite: &str, question: u32, rev: f64, record: &str);
        pub async fn recall(invite: &str) -> JsValue;
        pub async fn forget(invite: &str, question: u32, rev: f64);
        #[wasm_bindgen(js_name = forgetAll)]
        pub async fn forget_all(invite: &str);
    }
}

mod editor {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/editor.js")]
    extern "C" {
        pub fn edit(field: &JsValue, languages: &JsValue);
        #[wasm_bindgen(js_name = largeText)]
        pub fn large_text(button: &JsValue);
    }
}

mod devices {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/devices.js")]
    extern "C" {
        pub async fn open(camera: bool, microphone: bool) -> JsValue;
        pub fn close();
        #[wasm_bindgen(js_name = onChange)]
        pub fn on_change(watcher: &Closure<dyn FnMut(String)>) -> js_sys::Function;
        #[wasm_bindgen(js_name = showCamera)]
        pub fn show_camera(video: &JsValue);
        #[wasm_bindgen(js_name = showLevel)]
        pub fn show_level(meter: &JsValue);
    }
}

mod share {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/share.js")]
    extern "C" {
        pub async fn share();
        pub fn stop();
        #[wasm_bindgen(js_name = onShare)]
        pub fn on_share(watcher: &Closure<dyn FnMut(String)>) -> js_sys::Function;
    }
}

mod fullscreen {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/fullscreen.js")]
    extern "C" {
        pub fn enter();
        pub fn leave();
        #[wasm_bindgen(js_name = onFullscreen)]
        pub fn on_fullscreen(watcher: &Closure<dyn FnMut(bool)>) -> js_sys::Function;
    }
}

mod proctor {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/proctor.js")]
    extern "C" {
        pub fn watch(session: &str, referenced: bool, fullscreen: bool, on_state: JsValue);
        pub fn follow(begun: bool, question: i32, referenced: bool);
        pub fn answered(chars: u32);
        pub fn stop(over: bool, gone: bool);
    }
}

mod room {
    use super::*;

    #[wasm_bindgen(module = "/src/browser/room.js")]
    extern "C" {
        pub async fn publish(url: &str, token: &str, on_state: &Closure<dyn FnMut(String)>) -> JsValue;
        pub async fn watch(
            url: &str,
            token: &str,
            video: &JsValue,
            screen: &JsValue,
            on_state: &Closure<dyn FnMut(String)>,
        ) -> JsValue;
        pub fn leave();
        #[wasm_bindgen(js_name = setMuted)]
        pub fn set_muted(video: &JsValue, muted: bool);
    }
}

pub use channel::disconnect;
pub use fullscreen::{enter as enter_fullscreen, leave as leave_fullscreen};
pub use page::{chance, clock_ms, rest, sleep};
pub use room::leave as leave_room;
pub use share::stop as stop_sharing;

/// Runs `f` with the element, if it is on the page.
fn with<E>(node: NodeRef<E>, f: impl FnOnce(&JsValue))
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    if let Some(element) = node.get_untracked() {
        f(element.as_ref());
    }
}

/// A new id, from the browser's cryptographic random numbers.
#[must_use]
pub fn new_id() -> uuid::Uuid {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(page::random_bytes(16)).for_each(|(to, from)| *to = from);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Connects this page's channel, again and again, until [`disconnect`]. `on_lost` runs when the channel breaks; the next
/// message says that it stands again.
pub fn connect(invite: Invite, on_message: impl Fn(Down) + 'static, on_lost: impl Fn() + 'static) {
    let hello = json(&Up::Hello { invite, channel: ChannelId(new_id()) });
    let (away, back) = (json(&Up::Away { away: true }), json(&Up::Away { away: false }));
    let on_message: Closure<dyn FnMut(String)> = Closure::new(move |text: String| {
        // A newer worker may say what this page does not know.
        if let Ok(message) = serde_json::from_slice(text.as_bytes()) {
            on_message(message);
        }
    });
    let on_lost: Closure<dyn FnMut(String)> = Closure::new(move |_| on_lost());
    channel::connect(&hello, &away, &back, on_message.into_js_value(), on_lost.into_js_value());
}

/// Sends a draft on this page's channel. `false`: it does not stand.
pub fn send_draft(draft: &Draft) -> bool {
    channel::send(&json(&Up::Draft(draft.clone())))
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Keeps a record in the browser's database, in place of what was kept for the question.
pub async fn journal_keep(invite: &Invite, draft: &Draft, record: &str) {
    journal::keep(&invite.0, draft.question, draft.rev as f64, record).await;
}

/// Every record that is kept for the invite.
pub async fn journal_recall(invite: &Invite) -> Vec<String> {
    let records = js_sys::Array::from(&journal::recall(&invite.0).await);
    records.iter().filter_map(|record| record.as_string()).collect()
}

/// Forgets what is kept for the question, unless it was changed after `rev`.
pub async fn journal_forget(invite: &Invite, question: u32, rev: u64) {
    journal::forget(&invite.0, question, rev as f64).await;
}

/// Forgets all that is kept for the invite.
pub async fn journal_forget_all(invite: &Invite) {
    journal::forget_all(&invite.0).await;
}

/// Puts `text` on the clipboard. `false`: that is not allowed here, and the field's text was selected instead.
pub async fn copy(text: String, field: NodeRef<Input>) -> bool {
    let field = field.get_untracked().map_or(JsValue::NULL, Into::into);
    page::copy(&text, &field).await.is_truthy()
}

/// Opens a dialog over the page.
pub fn show_modal(dialog: NodeRef<Dialog>) {
    with(dialog, page::show_modal);
}

/// Closes a dialog.
pub fn close_modal(dialog: NodeRef<Dialog>) {
    with(dialog, page::close_modal);
}

/// Whether what can be opened is open.
#[must_use]
pub fn is_open(details: NodeRef<Details>) -> bool {
    details.get_untracked().is_some_and(|details| page::is_open(&details))
}

/// Moves the keyboard's focus.
pub fn focus<E>(node: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    with(node, page::focus_on);
}

/// Goes to the field that was refused, or to what is said about it.
pub fn show_refused() {
    page::show_refused();
}

/// Names and values of a form's fields, in the order of the page.
#[must_use]
pub fn fields(form: NodeRef<Form>) -> Vec<(String, String)> {
    let flat = form.get_untracked().map(|form| page::fields(&form)).unwrap_or_default();
    let mut flat = flat.into_iter();
    std::iter::from_fn(|| flat.next().zip(flat.next())).collect()
}

/// What stands in a field.
#[must_use]
pub fn text(field: NodeRef<Textarea>) -> String {
    field.get_untracked().map(|field| page::text(&field)).unwrap_or_default()
}

/// Writes into a field.
pub fn set_text(field: NodeRef<Textarea>, value: &str) {
    with(field, |field| page::set_text(field, value));
}

/// Lays an editor over a field for code, as soon as it has been loaded, in the language chosen in `languages`. The field
/// keeps the text: [`text`], [`set_text`], its `input` events and its `readonly` stay what they are.
pub fn edit_code(field: NodeRef<Textarea>, languages: NodeRef<Select>) {
    with(languages, |languages| with(field, |field| editor::edit(field, languages)));
}

/// Makes a button switch large text on and off, as this device remembers it.
pub fn large_text(button: NodeRef<Button>) {
    with(button, editor::large_text);
}

/// A point in time as the person in front of the screen writes it; `None` on the server, which cannot know.
#[must_use]
pub fn local_time(at: UnixMillis) -> Option<String> {
    Some(page::local_time(at.0 as f64))
}

/// Asks for camera and microphone; what is open already stays open.
pub async fn open_devices(camera: bool, microphone: bool) -> Devices {
    Devices::from_words(&devices::open(camera, microphone).await.as_string().unwrap_or_default())
}

/// Gives camera and microphone back.
pub fn close_devices() {
    devices::close();
}

/// Calls `f` whenever a device begins or ceases to work, until the current owner goes.
pub fn on_devices(f: impl Fn(Devices) + 'static) {
    let watcher = Closure::new(move |words: String| f(Devices::from_words(&words)));
    let stop = devices::on_change(&watcher);
    until_cleanup(watcher, stop);
}

/// Keeps what a script calls, until the current owner goes and `stop` ends the calls.
fn until_cleanup<F: ?Sized + 'static>(watcher: Closure<F>, stop: js_sys::Function) {
    let kept = StoredValue::new_local((watcher, stop));
    on_cleanup(move || {
        kept.try_with_value(|(_, stop)| stop.call0(&JsValue::NULL).is_ok());
    });
}

/// Asks for the screen, in a dialog of the browser. Only where a button was pressed.
pub fn share_screen() {
    leptos::task::spawn_local(share::share());
}

/// Calls `f` with how the screen is shared, now and on every change, until the current owner goes.
pub fn on_share(f: impl Fn(Share) + 'static) {
    let watcher = Closure::new(move |word: String| f(Share::from_word(&word)));
    let stop = share::on_share(&watcher);
    until_cleanup(watcher, stop);
}

/// Calls `f` with whether the page could fill the screen and does not, now and on every change, until the current owner goes.
pub fn on_fullscreen(f: impl Fn(bool) + 'static) {
    let watcher = Closure::new(f);
    let stop = fullscreen::on_fullscreen(&watcher);
    until_cleanup(watcher, stop);
}

/// Shows the camera's picture.
pub fn show_camera(video: NodeRef<Video>) {
    with(video, devices::show_camera);
}

/// Moves the meter with the microphone's sound.
pub fn show_level(meter: NodeRef<Meter>) {
    with(meter, devices::show_level);
}

/// Sends camera, microphone and a shared screen to the room until the connection ends for good.
pub async fn publish(access: RoomAccess, on_state: impl Fn(LinkState) + 'static) -> Ended {
    let on_state = listener(on_state);
    let why = room::publish(&access.url, &access.token, &on_state).await;
    Ended::from_word(&why.as_string().unwrap_or_default())
}

/// Plays what the candidate sends until the connection ends for good: camera and sound in `video`, the screen in `screen`,
/// which is hidden while none is shared.
pub async fn watch(
    access: RoomAccess,
    video: NodeRef<Video>,
    screen: NodeRef<Video>,
    on_state: impl Fn(LinkState) + 'static,
) -> Ended {
    let (Some(video), Some(screen)) = (video.get_untracked(), screen.get_untracked()) else { return Ended::Left };
    let on_state = listener(on_state);
    let why = room::watch(&access.url, &access.token, &video, &screen, &on_state).await;
    Ended::from_word(&why.as_string().unwrap_or_default())
}

/// Switches the sound off or on.
pub fn set_muted(video: NodeRef<Video>, muted: bool) {
    with(video, |video| room::set_muted(video, muted));
}

/// Watches over this page's interview and reports to the server, until [`stop_watching`]. `fullscreen`: it is asked for.
/// `on_state` hears what the candidate is to be told, a line each: how to be seen well, how proctoring stands or what is to be
/// mended, and the latter's style classes.
pub fn watch_over(session: SessionId, has_reference: bool, fullscreen: bool, on_state: impl Fn(String) + 'static) {
    let on_state: Closure<dyn FnMut(String)> = Closure::new(on_state);
    proctor::watch(&session.to_string(), has_reference, fullscreen, on_state.into_js_value());
}

/// Tells what watches whether the interview has begun, which question is open, and whether the server has a picture of the face.
pub fn watch_follow(begun: bool, question: Option<u32>, has_reference: bool) {
    proctor::follow(begun, question.map_or(-1, |index| index as i32), has_reference);
}

/// Tells what watches that an answer of so many characters is being sent.
pub fn watch_answer(chars: usize) {
    proctor::answered(chars as u32);
}

/// Watches no longer. `over`: neither will a later page. `gone`: the interview was deleted.
pub fn stop_watching(over: bool, gone: bool) {
    proctor::stop(over, gone);
}

fn listener(on_state: impl Fn(LinkState) + 'static) -> Closure<dyn FnMut(String)> {
    Closure::new(move |word: String| {
        if let Some(state) = LinkState::from_word(&word) {
            on_state(state);
        }
    })
}
