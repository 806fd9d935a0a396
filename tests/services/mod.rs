//! Every operation of the five services: what goes over the wire, what comes back, and every refusal that their
//! documents name. Of other services what is peculiar to them.

mod dockerhub;
mod generic;
mod grafana;
mod jupyterhub;
mod npm;
mod pinecone;
mod schatzi;
mod sentry;
mod siati;
mod siesta;
mod sieve;
