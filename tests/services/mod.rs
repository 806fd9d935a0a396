//! Every operation of the five services, and what is peculiar to others: what goes over the wire, what comes back, and
//! every refusal that their documents name.

mod anthropic;
mod cloudflare;
mod datadog;
mod deepgram;
mod elevenlabs;
mod generic;
mod gitlab;
mod meilisearch;
mod neon;
mod openai;
mod openrouter;
mod schatzi;
mod sendgrid;
mod siati;
mod siesta;
mod sieve;
mod supabase;
mod tailscale;
