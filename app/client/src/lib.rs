//! The cdylib that hydrates the islands. On any other target it is empty.
#![cfg(target_arch = "wasm32")]

// Without this line nothing refers to `app`, and the islands vanish.
extern crate app;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script, before each island is taken over.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
