//! The description of the API for programs that make clients (OpenAPI 3.1).

use serde_json::{Value, json};

use crate::addresses::{Reason, Source};

/// The document at `/api/openapi.json`.
pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Dzwoni",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Times are RFC 3339 in UTC. Errors are problem details (RFC 9457). A token comes from `dzwoni token add NAME`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "security": [{ "token": [] }],
        "paths": {
            "/api/v1/blocked-addresses/{cidr}": blocked_address(),
            "/api/v1/lifted-blocks": lifted_blocks()
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Block": block(), "Wanted": wanted(), "Lifted": lifted(), "Problem": problem() },
            "responses": {
                "Unauthorized": failure("No token, a wrong one, or one that was revoked."),
                "Forbidden": failure("Staff keep this entry: programs don't change it."),
                "NotFound": failure("This address or block is not on the list."),
                "Unprocessable": failure("The address, or the body, can be read but can't be meant; `errors` says what."),
                "TooMany": failure("2,000 requests at once, then a hundred a second; `Retry-After` says when to go on.")
            }
        }
    })
}

fn blocked_address() -> Value {
    json!({
        "parameters": [{
            "name": "cidr", "in": "path", "required": true, "schema": { "type": "string" },
            "description": "One address or a block without bits behind its mask, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48. The slash may be written as it is or as %2F.",
            "example": "203.0.113.7"
        }],
        "get": {
            "operationId": "showBlock",
            "summary": "Tells of the entry of exactly this address or block.",
            "responses": answers(&[("200", entry("It is blocked."))], &["401", "404", "422", "429"])
        },
        "put": {
            "operationId": "putBlock",
            "summary": "Blocks an address, or makes its entry say what the body says. The same again changes nothing.",
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wanted" } } } },
            "responses": answers(
                &[("200", entry("It was blocked before.")), ("201", entry("It is blocked now."))],
                &["401", "403", "422", "429"],
            )
        },
        "delete": {
            "operationId": "deleteBlock",
            "summary": "Takes an entry off the list. One that is not there is 404, which is no fault when a ban runs out.",
            "responses": answers(&[("204", json!({ "description": "It is off the list." }))], &["401", "403", "404", "422", "429"])
        }
    })
}

fn lifted_blocks() -> Value {
    json!({ "get": {
        "operationId": "listLiftedBlocks",
        "summary": "What customers and staff have lifted in the portal, the oldest first, for programs that shut addresses out.",
        "parameters": [{
            "name": "after", "in": "query", "schema": { "type": "string" },
            "description": "`next` of the answer before; without it everything of the last year is told."
        }],
        "responses": answers(
            &[("200", json!({
                "description": "At most a thousand; `more` says whether to ask again at once.",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["lifted", "next", "more"],
                    "properties": {
                        "lifted": { "type": "array", "items": { "$ref": "#/components/schemas/Lifted" } },
                        "next": { "type": "string" },
                        "more": { "type": "boolean" }
                    }
                } } }
            }))],
            &["401", "422", "429"],
        )
    } })
}

/// Good answers, and the failures that an address can have.
fn answers(good: &[(&str, Value)], failures: &[&str]) -> Value {
    let mut answers: serde_json::Map<_, _> =
        good.iter().map(|(status, answer)| ((*status).to_owned(), answer.clone())).collect();
    for status in failures {
        let name = match *status {
            "401" => "Unauthorized",
            "403" => "Forbidden",
            "404" => "NotFound",
            "429" => "TooMany",
            _ => "Unprocessable",
        };
        answers.insert((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    Value::Object(answers)
}

fn entry(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Block" } } }
    })
}

fn failure(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn reasons() -> Value {
    let names: Vec<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    json!({ "type": "string", "enum": names })
}

fn sources(all: &[Source]) -> Value {
    let names: Vec<_> = all.iter().map(|source| source.as_str()).collect();
    json!({ "type": "string", "enum": names })
}

fn moment(description: &str) -> Value {
    json!({ "type": ["string", "null"], "format": "date-time", "description": description })
}

fn block() -> Value {
    json!({
        "type": "object",
        "required": ["address", "reason", "note", "source", "since", "until", "by"],
        "properties": {
            "address": { "type": "string" },
            "reason": reasons(),
            "note": { "type": ["string", "null"] },
            "source": sources(Source::ALL),
            "since": { "type": "string", "format": "date-time" },
            "until": moment("null: until somebody lifts it."),
            "by": { "type": ["string", "null"], "description": "The program or person that wrote it last." }
        }
    })
}

fn wanted() -> Value {
    let programs: Vec<_> = Source::ALL.iter().copied().filter(|source| *source != Source::Staff).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "reason": {
                "allOf": [reasons()], "default": Reason::Other.as_str(),
                "description": "Customers may lift the block of one address for a wrong password themselves."
            },
            "note": { "type": "string", "maxLength": 500, "description": "For staff." },
            "until": { "type": "string", "format": "date-time", "description": "When it ends; without `until` and `seconds` it doesn't." },
            "seconds": { "type": "integer", "description": "How long it lasts from now; fewer than 0: without an end. Not together with `until`." },
            "source": { "allOf": [sources(&programs)], "default": Source::Api.as_str() }
        }
    })
}

fn lifted() -> Value {
    json!({
        "type": "object",
        "required": ["address", "at", "by", "reason", "source"],
        "properties": {
            "address": { "type": "string" },
            "at": { "type": "string", "format": "date-time" },
            "by": { "type": "string", "enum": ["customer", "staff"] },
            "reason": reasons(),
            "source": sources(Source::ALL)
        }
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "errors": { "type": "array", "items": {
                "type": "object",
                "properties": { "pointer": { "type": "string" }, "detail": { "type": "string" } }
            } }
        }
    })
}
