//! The server's side of the browser: nothing happens here. Effects and event handlers never run on the server.

use std::future::pending;

use leptos::{
    html::{Button, Dialog, ElementType, Form, Input, Meter, Select, Textarea, Video},
    prelude::NodeRef,
};
use uuid::Uuid;

use super::{Devices, Ended, LinkState};
use crate::model::{AnswerId, RoomAccess, UnixMillis};

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

pub fn remember(_key: &str, _value: &str) {}

#[must_use]
pub fn recall(_key: &str) -> Option<String> {
    None
}

pub fn forget(_key: &str) {}

#[must_use]
pub fn new_answer_id() -> AnswerId {
    AnswerId(Uuid::nil())
}

pub async fn copy(_text: String, _field: NodeRef<Input>) -> bool {
    false
}

pub fn show_modal(_dialog: NodeRef<Dialog>) {}

pub fn close_modal(_dialog: NodeRef<Dialog>) {}

pub fn focus<E: ElementType>(_node: NodeRef<E>) {}

#[must_use]
pub fn fields(_form: NodeRef<Form>) -> Vec<(String, String)> {
    Vec::new()
}

#[must_use]
pub fn text(_field: NodeRef<Textarea>) -> String {
    String::new()
}

pub fn set_text(_field: NodeRef<Textarea>, _value: &str) {}

pub fn indent_with_tab(_field: NodeRef<Textarea>) {}

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

pub fn show_camera(_video: NodeRef<Video>) {}

pub fn show_level(_meter: NodeRef<Meter>) {}

pub async fn publish(_access: RoomAccess, _on_state: impl Fn(LinkState) + 'static) -> Ended {
    pending().await
}

pub async fn watch(_access: RoomAccess, _video: NodeRef<Video>, _on_state: impl Fn(LinkState) + 'static) -> Ended {
    pending().await
}

pub fn leave_room() {}

pub fn set_muted(_video: NodeRef<Video>, _muted: bool) {}
