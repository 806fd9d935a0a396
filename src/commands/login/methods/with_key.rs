//! `--with-key`: a key that is pasted or piped.

use super::super::by_hand;
use super::LoginMethod;
use crate::manifest::CredentialKind;

pub(super) const METHOD: LoginMethod = LoginMethod {
    flag: "--with-key",
    is_asked_for: |args| args.with_key,
    title: |manifest| by_hand::title(manifest, CredentialKind::Key),
    why_not: |_| None,
    instead: |_, _| None,
    check: |context, manifest| by_hand::check_stdin(context, manifest, CredentialKind::Key),
    obtain: |_, context, client| Box::pin(by_hand::obtain(context, client, CredentialKind::Key)),
};
