//! Every operation of the five services, and what is peculiar to others: what goes over the wire, what comes back, and
//! every refusal that their documents name.

mod algolia;
mod anthropic;
mod cloudflare;
mod datadog;
mod deepgram;
mod dockerhub;
mod elevenlabs;
pub(crate) mod gcp_service_account;
mod generic;
mod github_app;
mod gitlab;
mod grafana;
mod jupyterhub;
mod litellm;
mod meilisearch;
mod neon;
mod npm;
mod openai;
mod openrouter;
mod pinecone;
mod schatzi;
mod sendgrid;
mod sentry;
mod siati;
mod siesta;
mod sieve;
mod supabase;
mod tailscale;
