//! The real binary against real servers that nobody here wrote, on loopback; `tests/live/install` installs them.

mod aws;
mod better_auth;
mod clock;
mod django;
mod jupyterhub;
mod kubernetes;
mod kubernetes_secrets;
mod ministack;
mod oidc;
mod openbao;
mod servers;
mod sops;
mod team;
