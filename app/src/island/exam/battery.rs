//! How full the tablet's battery is, where the browser tells: Chromium does, on https and on localhost.

use js_sys::futures::JsFuture;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsCast;

/// In percent.
pub async fn percent() -> Option<u8> {
    let navigator = window().navigator();
    let ask: Function = Reflect::get(&navigator, &"getBattery".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let promise: Promise = ask.call0(&navigator).ok()?.dyn_into().ok()?;
    let battery = JsFuture::from(promise).await.ok()?;
    let level = Reflect::get(&battery, &"level".into()).ok()?.as_f64()?;
    Some((level.clamp(0.0, 1.0) * 100.0).round() as u8)
}
