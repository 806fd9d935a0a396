//! The content of a document in KV v2: its text, and its holder.

use serde_json::{Value, json};

use crate::core::secret::Secret;
use crate::platform::Holder;

/// The content of a document.
pub(super) struct Content {
    pub(super) text: Secret,
    pub(super) holder: Option<Holder>,
    /// The fencing number of the holder.
    pub(super) fence: u64,
    /// The seconds for which the holder's lease lasts after each renewal.
    pub(super) lease: u64,
    /// A random text that shows which process wrote this version.
    pub(super) write: String,
}

impl Content {
    /// Returns a document without a holder.
    pub(super) fn of(text: &Secret) -> Content {
        Content {
            text: text.duplicate(),
            holder: None,
            fence: 0,
            lease: 0,
            write: String::new(),
        }
    }

    pub(super) fn read(data: &Value) -> Option<Content> {
        let write = data["write"].as_str()?.to_owned();
        Some(Content {
            text: Secret::new(data["text"].as_str()?),
            holder: serde_json::from_value(data["holder"].clone()).ok(),
            fence: data["fence"].as_u64().unwrap_or_default(),
            lease: data["lease"].as_u64().unwrap_or_default(),
            write,
        })
    }

    pub(super) fn to_json(&self, write: &str) -> Value {
        let mut data = json!({ "text": self.text.expose(), "write": write });
        if let Some(holder) = &self.holder {
            data["holder"] = json!(holder);
            data["fence"] = json!(self.fence);
            data["lease"] = json!(self.lease);
        } else if self.fence > 0 {
            data["fence"] = json!(self.fence);
        }
        data
    }
}

/// The latest version of a document.
pub(super) struct Version {
    /// Its number; 0 if there never was one.
    pub(super) version: u64,
    /// Its content; `None` if it is deleted.
    pub(super) content: Option<Content>,
}
