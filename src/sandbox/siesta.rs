//! Siesta AI: an external API for keys that are made in its dashboard, each request scoped to one organization.
//!
//! Its document names no endpoint and no shape of an answer. The base, `/api/v1/Agent` with `Limit` and `Offset`, comes
//! from the service's getting-started page. This file assumes:
//! - the key is judged before the organization, and a missing `X-Org-Id` is the 403 of a wrong one;
//! - a page is `{"items", "totalCount", "limit", "offset"}`, `Limit` is 1 to 100 (10 if left out), anything else in the
//!   query is 400;
//! - errors are problem details (RFC 9457), and 429 comes with `Retry-After`.

use super::http::{Alternation, HttpFailure, SandboxService, ServiceReply, ServiceRequest};
use super::test_credentials::{Behavior, behavior_of};
use serde_json::{Value, json};

/// The key that is logged in from the start.
pub(super) const KEY: &str = "siesta-sandbox-demo-key";

/// The organization that the key belongs to.
pub(super) const ORGANIZATION: &str = "org-sandbox-demo";

const OTHER_ORGANIZATION: &str = "org-sandbox-other";

/// The agents of the organization; more than the usual page holds.
const AGENTS: usize = 12;

/// The agents of the other organization.
const OTHER_AGENTS: usize = 1;

/// The service. It remembers nothing: there is nothing that its API could change.
pub(super) struct Siesta {
    turns: Alternation,
}

impl Siesta {
    pub(super) fn new() -> Siesta {
        Siesta {
            turns: Alternation::default(),
        }
    }

    /// Lets a key in; returns the agents that it may see.
    fn admit(&self, request: &ServiceRequest) -> Result<Vec<Value>, HttpFailure> {
        let Some(key) = request.header("x-api-key") else {
            return refuse(401, "The header X-Api-Key is missing.");
        };
        let (organization, agents) = match behavior_of("siesta", key) {
            Some(Behavior::OtherOrganization) => (OTHER_ORGANIZATION, OTHER_AGENTS),
            Some(Behavior::Limited) => return Err(slow_down()),
            Some(Behavior::LimitedOnce) if self.turns.odd(key) => return Err(slow_down()),
            Some(Behavior::Working | Behavior::LimitedOnce) => (ORGANIZATION, AGENTS),
            Some(Behavior::NoPermission) => {
                return refuse(403, "The API key has no access to this resource.");
            }
            Some(Behavior::Expired) => return refuse(401, "The API key has expired."),
            _ => return refuse(401, "The API key is invalid."),
        };
        match request.header("x-org-id") {
            Some(given) if given == organization => Ok((1..=agents)
                .map(|number| agent(organization, number))
                .collect()),
            Some(_) => refuse(403, "The API key has no access to this organization."),
            None => refuse(403, "The header X-Org-Id is missing."),
        }
    }

    fn list(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let agents = self.admit(request)?;
        let [limit, offset] = request.numbers(["Limit", "Offset"])?;
        let (limit, offset) = (limit.unwrap_or(10), offset.unwrap_or(0));
        if !(1..=100).contains(&limit) {
            return Err(HttpFailure::BadRequest(
                "`Limit` must be 1 to 100".to_owned(),
            ));
        }
        let items: Vec<&Value> = agents.iter().skip(offset).take(limit).collect();
        let body = json!({
            "items": items,
            "totalCount": agents.len(),
            "limit": limit,
            "offset": offset,
        });
        Ok(ServiceReply::json(200, &body))
    }

    fn show(&self, request: &ServiceRequest, id: &str) -> Result<ServiceReply, HttpFailure> {
        let agents = self.admit(request)?;
        match agents.iter().find(|agent| agent["id"] == id) {
            Some(agent) => Ok(ServiceReply::json(200, agent)),
            None => refuse(
                404,
                "The agent does not exist or is not visible to the organization.",
            ),
        }
    }
}

impl SandboxService for Siesta {
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        match request.path.strip_prefix("/api/v1/Agent") {
            Some("") => {
                request.only("GET")?;
                self.list(request)
            }
            Some(rest) => match rest.strip_prefix('/') {
                Some(id) if !id.is_empty() && !id.contains('/') => {
                    request.only("GET")?;
                    self.show(request, id)
                }
                _ => Err(HttpFailure::UnknownPath),
            },
            None => Err(HttpFailure::UnknownPath),
        }
    }

    fn fault(&self, status: u16, message: &str) -> ServiceReply {
        problem(status, message)
    }
}

fn agent(organization: &str, number: usize) -> Value {
    json!({
        "id": format!("agent-{organization}-{number}"),
        "name": format!("Agent {number}"),
        "description": "An agent of the sandbox.",
    })
}

fn slow_down() -> HttpFailure {
    let reply = problem(429, "The client is sending requests too quickly.");
    HttpFailure::Refused(reply.with("retry-after", 1))
}

fn refuse<T>(status: u16, detail: &str) -> Result<T, HttpFailure> {
    Err(HttpFailure::Refused(problem(status, detail)))
}

fn problem(status: u16, detail: &str) -> ServiceReply {
    let title = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500.. => "Internal Server Error",
        _ => "Bad Request",
    };
    let body = json!({"type": "about:blank", "title": title, "status": status, "detail": detail});
    ServiceReply::text(status, "application/problem+json", body.to_string())
}
