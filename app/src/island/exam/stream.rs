//! The pulse of the contest as a stream, watched: a browser gives up on some errors for good, and a dead
//! Wi-Fi says nothing at all.

use contest::{Moment, audience::Pulse};
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

/// What was heard: the current view after each change, a beat every few seconds.
#[derive(Deserialize)]
pub struct Heard {
    /// Marks the view that the server shows now.
    pub hash: String,
    pub view: Option<Pulse>,
    /// The server's clock.
    pub now: Option<Moment>,
}

/// An open stream; a new one can be opened at any time.
#[derive(Clone)]
pub struct Stream {
    url: &'static str,
    open: Rc<RefCell<Option<EventSource>>>,
    listen: Rc<Closure<dyn Fn(MessageEvent)>>,
}

impl Stream {
    /// Not open yet. `hear` gets everything.
    pub fn new(url: &'static str, hear: impl Fn(Heard) + 'static) -> Self {
        let listen = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(heard) = serde_json::from_str(&text) {
                hear(heard);
            }
        });
        Self {
            url,
            open: Rc::default(),
            listen: Rc::new(listen),
        }
    }

    /// Opens it, closing what was open.
    pub fn open(&self) {
        self.close();
        let Ok(source) = EventSource::new(self.url) else {
            return;
        };
        for event in ["view", "beat"] {
            let _ = source.add_event_listener_with_callback(event, (*self.listen).as_ref().unchecked_ref());
        }
        self.open.replace(Some(source));
    }

    /// Closes it.
    pub fn close(&self) {
        if let Some(source) = self.open.take() {
            source.close();
        }
    }
}
