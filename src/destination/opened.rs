//! An opened destination: one in code, which answers at once, or one that a manifest describes, which is asked over the
//! network.

use super::described::DescribedDestination;
use super::{Destination, StoredContent};
use crate::core::error::Result;
use crate::core::secret::Secret;

/// A destination that was opened; nothing was touched yet. Errors have the kinds of [`Destination`].
pub enum OpenDestination {
    /// One in code.
    Code(Box<dyn Destination>),
    /// One of a manifest.
    Described(Box<DescribedDestination>),
}

impl OpenDestination {
    /// Returns its text, as on the command line.
    pub fn describe(&self) -> String {
        match self {
            OpenDestination::Code(code) => code.describe(),
            OpenDestination::Described(place) => place.describe(),
        }
    }

    /// Returns whether [`OpenDestination::read`] can read the content, or at least whether there is any.
    pub fn can_read(&self) -> bool {
        match self {
            OpenDestination::Code(code) => code.can_read(),
            OpenDestination::Described(place) => place.can_read(),
        }
    }

    /// Proves that [`OpenDestination::deliver`] will work, as far as possible without a secret; changes nothing.
    pub async fn probe(&self) -> Result<()> {
        match self {
            OpenDestination::Code(code) => code.probe(),
            OpenDestination::Described(place) => place.probe().await,
        }
    }

    /// Replaces the content by `secret`.
    pub async fn deliver(&self, secret: &Secret) -> Result<()> {
        match self {
            OpenDestination::Code(code) => code.deliver(secret),
            OpenDestination::Described(place) => place.deliver(secret).await,
        }
    }

    /// Returns the current content.
    pub async fn read(&self) -> Result<StoredContent> {
        match self {
            OpenDestination::Code(code) => code.read(),
            OpenDestination::Described(place) => place.read().await,
        }
    }

    /// Returns the current content, or that it is not known if it cannot be read; a place that shows no value may still
    /// say that it is empty.
    pub async fn read_if_possible(&self) -> Result<StoredContent> {
        if self.can_read() {
            self.read().await
        } else {
            Ok(StoredContent::Unreadable)
        }
    }

    /// Returns the data with which [`OpenDestination::restore`] restores every byte.
    pub async fn snapshot(&self) -> Result<StoredContent> {
        match self {
            OpenDestination::Code(code) => code.snapshot(),
            OpenDestination::Described(place) => place.snapshot().await,
        }
    }

    /// Restores the previous content.
    pub async fn restore(&self, previous: &StoredContent) -> Result<()> {
        match self {
            OpenDestination::Code(code) => code.restore(previous),
            OpenDestination::Described(place) => place.restore(previous).await,
        }
    }
}
