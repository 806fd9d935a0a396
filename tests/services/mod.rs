//! Every operation of the five services: what goes over the wire, what comes back, and every refusal that their
//! documents name.

mod generic;
mod schatzi;
mod siati;
mod siesta;
mod sieve;
