//! Commands from end to end; and what needs other processes: a real keyring, a real bus, a kill.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod manifest_authoring;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod binary;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod completion;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod shared_store;
#[cfg(test)]
mod create;
#[cfg(test)]
mod credential;
#[cfg(test)]
mod delivery;
mod described_destinations;
#[cfg(test)]
mod destination_words;
#[cfg(test)]
mod places;
#[cfg(test)]
mod place_logins;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod documentation_of_systems;
#[cfg(test)]
mod encrypted_file;
#[cfg(test)]
mod environment;
#[cfg(test)]
#[cfg(feature = "sandbox")]
#[cfg(target_os = "linux")]
mod exec;
#[cfg(test)]
#[cfg(unix)]
mod first_login;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod malformed_responses;
#[cfg(test)]
mod api;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod github_secrets;
#[cfg(test)]
mod help;
#[cfg(test)]
mod example_manifests;
#[cfg(test)]
mod adversarial_input;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod hints;
#[cfg(test)]
mod interruptions;
mod introspection;
#[cfg(test)]
mod exchanged_proof;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod kubeconfig;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod key_updates;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod language;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod live;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod env;
#[cfg(test)]
mod login;
#[cfg(test)]
#[cfg(unix)]
mod doctor_and_storage;
#[cfg(test)]
mod signed_requests;
#[cfg(test)]
mod json_web_tokens;
#[cfg(test)]
mod secret_leaks;
#[cfg(test)]
mod usage_errors;
#[cfg(test)]
mod login_key;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod env_credentials_touch_no_store;
#[cfg(test)]
#[cfg(feature = "sandbox")]
#[cfg(target_os = "linux")]
mod recipes;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod rotation;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_services;
#[cfg(test)]
mod secret_ids;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod services;
#[cfg(test)]
#[cfg(unix)]
#[cfg(debug_assertions)]
mod simulation;
#[cfg(test)]
#[cfg(unix)]
mod state_0_1_0;
#[cfg(test)]
mod test_harness;
#[cfg(test)]
mod test_rules;
#[cfg(test)]
mod support;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod crash_points;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod completion_in_shells;
#[cfg(test)]
mod terminal;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod questions;
#[cfg(test)]
mod tokens;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod trust;
#[cfg(test)]
mod user_manifests;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod http;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod ways_out;
mod whoami;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod wire_words;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod oauth;
