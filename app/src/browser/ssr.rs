//! The server's side of the browser: nothing happens here. Effects and event handlers never run on the server.

use std::future::pending;

use leptos::{
    html::{Button, Details, Dialog, ElementType, Form, Input, Meter, Select, Textarea, Video},
    prelude::NodeRef,
};
use uuid::Uuid;

use super::{Devices, Ended, LinkState, Share};
use crate::model::{Down, Draft, Invite, RoomAccess, SessionId, UnixMillis};

#[must_use]
pub fn clock_ms() -> f64 {
    0.0
}

#[must_use]
pub fn chance() -> f64 {
    0.0
}

pub async fn sleep(_ms: u32) {
    pending().await
}

pub async fn rest(_ms: u32) {
    pending().await
}

#[must_use]
pub fn new_id() -> Uuid {
    Uuid::nil()
}

pub fn connect(_invite: Invite, _on_message: impl Fn(Down) + 'static, _on_lost: impl Fn() + 'static) {}

pub fn disconnect() {}

#[must_use]
pub fn send_draft(_draft: &Draft) -> bool {
    false
}

pub async fn journal_keep(_invite: &Invite, _draft: &Draft, _record: &str) {}

pub async fn journal_recall(_invite: &Invite) -> Vec<String> {
    Vec::new()
}

pub async fn journal_forget(_invite: &Invite, _question: u32, _rev: u64) {}

pub async fn journal_forget_all(_invite: &Invite) {}

pub async fn copy(_text: String, _field: NodeRef<Input>) -> bool {
    false
}

pub fn show_modal(_dialog: NodeRef<Dialog>) {}

pub fn close_modal(_dialog: NodeRef<Dialog>) {}

pub fn is_open(_details: NodeRef<Details>) -> bool {
    false
}

pub fn focus<E: ElementType>(_node: NodeRef<E>) {}

pub fn show_refused() {}

#[must_use]
pub fn fields(_form: NodeRef<Form>) -> Vec<(String, String)> {
    Vec::new()
}

#[must_use]
pub fn text(_field: NodeRef<Textarea>) -> String {
    String::new()
}

pub fn set_text(_field: NodeRef<Textarea>, _value: &str) {}

pub fn edit_code(_field: NodeRef<Textarea>, _languages: NodeRef<Select>) {}

pub fn large_text(_button: NodeRef<Button>) {}

#[must_use]
pub fn local_time(_at: UnixMillis) -> Option<String> {
    None
}

pub async fn open_devices(_camera: bool, _microphone: bool) -> Devices {
    Devices::UNKNOWN
}

pub fn close_devices() {}

pub fn on_devices(_f: impl Fn(Devices) + 'static) {}

pub fn share_screen() {}

pub fn stop_sharing() {}

pub fn on_share(_f: impl Fn(Share) + 'static) {}

pub fn enter_fullscreen() {}

pub fn leave_fullscreen() {}

pub fn on_fullscreen(_f: impl Fn(bool) + 'static) {}

pub fn show_camera(_video: NodeRef<Video>) {}

pub fn show_level(_meter: NodeRef<Meter>) {}

pub async fn publish(_access: RoomAccess, _on_state: impl Fn(LinkState) + 'static) -> Ended {
    pending().await
}

pub async fn watch(
    _access: RoomAccess,
    _video: NodeRef<Video>,
    _screen: NodeRef<Video>,
    _on_state: impl Fn(LinkState) + 'static,
) -> Ended {
    pending().await
}

pub fn leave_room() {}

pub fn set_muted(_video: NodeRef<Video>, _muted: bool) {}

pub fn watch_over(_session: SessionId, _has_reference: bool, _fullscreen: bool, _on_state: impl Fn(String) + 'static) {}

pub fn watch_follow(_begun: bool, _question: Option<u32>, _has_reference: bool) {}

pub fn watch_answer(_chars: usize) {}

pub fn stop_watching(_over: bool, _gone: bool) {}
