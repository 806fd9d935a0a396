//! A service as its tests see it: a scripted server, the secret that opens it and a machine that calls it.

use std::cell::Cell;

use serde_json::Value;

use super::home::{StoredCredential, TestEnv};
use super::run::{Run, ci};
use super::server::{Answer, Server, Wanted, delete, get, method, patch, post};

/// One service; until it is logged in to, the environment carries the secret, as in a CI job.
pub(crate) struct Service {
    provider: &'static str,
    secret: String,
    credential: &'static str,
    lasts: Option<i64>,
    auth: fn(Wanted, &str) -> Wanted,
    keys: &'static str,
    variables: Vec<(&'static str, &'static str)>,
    logged_in: Cell<bool>,
    pub(crate) server: Server,
    pub(crate) home: TestEnv,
}

/// Returns a service that takes this key as a bearer.
pub(crate) fn service(provider: &'static str, secret: impl Into<String>) -> Service {
    Service {
        provider,
        secret: secret.into(),
        credential: "key",
        lasts: None,
        auth: |wanted, secret| wanted.bearer(secret),
        keys: "",
        variables: Vec::new(),
        logged_in: Cell::new(false),
        server: Server::new(),
        home: TestEnv::new(),
    }
}

impl Service {
    /// Says that the secret is another credential than the `key`.
    pub(crate) fn credential(self, credential: &'static str) -> Self {
        Service { credential, ..self }
    }

    /// Says that the secret is a token with as many seconds left.
    pub(crate) fn token(self, lasts: i64) -> Self {
        Service {
            credential: "token",
            lasts: Some(lasts),
            ..self
        }
    }

    /// Says how a request carries a secret.
    pub(crate) fn auth(self, auth: fn(Wanted, &str) -> Wanted) -> Self {
        Service { auth, ..self }
    }

    /// Says where keys are listed; without the query, they are created there.
    pub(crate) fn keys_at(self, keys: &'static str) -> Self {
        Service { keys, ..self }
    }

    /// Sets a variable of the manifest.
    pub(crate) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Stores the secret in a profile named like the provider, which commands use from now on.
    pub(crate) fn logged_in(self) -> Self {
        self.store(&[StoredCredential {
            credential: self.credential,
            secret: &self.secret,
            refresh: None,
            lasts: self.lasts,
        }]);
        self
    }

    /// Stores these credentials in a profile named like the provider, which commands use from now on.
    pub(crate) fn logged_in_with(self, stored: &[StoredCredential<'_>]) -> Self {
        self.store(stored);
        self
    }

    fn store(&self, stored: &[StoredCredential<'_>]) {
        let (name, url) = (self.provider, self.server.url());
        self.home
            .log_in_as(name, name, &url, &self.variables, stored);
        self.logged_in.set(true);
    }

    /// Expects a request that carries `secret`.
    pub(crate) fn on_as(&self, secret: &str, wanted: Wanted, answer: impl Into<Answer>) -> &Self {
        let wanted = (self.auth)(wanted, secret);
        self.on_public(wanted, answer)
    }

    /// Expects a request as it stands, without a credential.
    pub(crate) fn on_public(&self, wanted: Wanted, answer: impl Into<Answer>) -> &Self {
        self.server.expect(wanted).answer(answer.into());
        self
    }

    /// Expects a request that carries the secret.
    pub(crate) fn on(&self, wanted: Wanted, answer: impl Into<Answer>) -> &Self {
        self.on_as(&self.secret, wanted, answer)
    }

    /// Expects the same request that carries `secret` twice, as a rotation verifies a new key.
    pub(crate) fn verifies(&self, secret: &str, path: &str, answer: impl Into<Answer>) -> &Self {
        let answer = answer.into();
        self.on_as(secret, get(path), answer.clone())
            .on_as(secret, get(path), answer)
    }

    pub(crate) fn get(&self, path: &str, answer: impl Into<Answer>) -> &Self {
        self.on(get(path), answer)
    }

    pub(crate) fn post(&self, path: &str, body: &Value, answer: impl Into<Answer>) -> &Self {
        self.on(post(path).json(body), answer)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value, answer: impl Into<Answer>) -> &Self {
        self.on(patch(path).json(body), answer)
    }

    pub(crate) fn put(&self, path: &str, body: &Value, answer: impl Into<Answer>) -> &Self {
        self.on(method("PUT", path).json(body), answer)
    }

    pub(crate) fn delete(&self, path: &str, answer: impl Into<Answer>) -> &Self {
        self.on(delete(path), answer)
    }

    /// Expects that the keys are listed.
    pub(crate) fn lists(&self, answer: impl Into<Answer>) -> &Self {
        self.get(self.keys, answer)
    }

    /// Expects that a key is created.
    pub(crate) fn creates(&self, body: &Value, answer: impl Into<Answer>) -> &Self {
        self.post(self.path_of_keys(), body, answer)
    }

    /// Expects that a key is read.
    pub(crate) fn shows(&self, id: &str, answer: impl Into<Answer>) -> &Self {
        self.get(&format!("{}/{id}", self.path_of_keys()), answer)
    }

    /// Expects that a key is deleted.
    pub(crate) fn revokes(&self, id: &str, answer: impl Into<Answer>) -> &Self {
        self.delete(&format!("{}/{id}", self.path_of_keys()), answer)
    }

    fn path_of_keys(&self) -> &str {
        self.keys.split('?').next().unwrap_or_default()
    }

    /// A command line, split at its spaces.
    pub(crate) fn run(&self, words: &str) -> Run {
        let args = words.split_whitespace();
        if self.logged_in.get() {
            return self.home.run(args);
        }
        let variable = self
            .lasts
            .map_or("KEYWRIGHT_API_KEY", |_| "KEYWRIGHT_TOKEN");
        let run = ci(self.provider, &self.server, args).env(variable, &self.secret);
        self.variables.iter().fold(run, |run, (name, value)| {
            run.env(&format!("KEYWRIGHT_VAR_{}", name.to_uppercase()), value)
        })
    }

    /// A rotation that delivers to a file.
    pub(crate) fn rotate(&self, name: &str) -> Run {
        self.run("keys rotate -y --to file:new.key").args([name])
    }

    /// Checks that the file of [`Service::rotate`] holds the secret.
    #[track_caller]
    pub(crate) fn assert_delivered(&self, secret: &str) {
        let delivered = self.home.read("work/new.key");
        assert_eq!(delivered, Some(format!("{secret}\n")));
    }

    /// A login at this server, with more words; what follows runs as its profile.
    pub(crate) fn login(&self, words: &str) -> Run {
        self.logged_in.set(true);
        let url = self.server.url();
        self.home
            .run(["login", self.provider, "--base-url", &url])
            .args(words.split_whitespace())
    }

    /// The stored credential.
    pub(crate) fn stored(&self) -> Option<String> {
        self.home.kept(self.provider, self.credential)
    }
}
