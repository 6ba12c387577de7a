//! The description of the API for programs that make clients (OpenAPI 3.1).

use serde_json::{Value, json};

use crate::blocklist::{BlockReason, BlockSource};

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
            "/api/v1/blocked-addresses/{cidr}": blocked_address_path(),
            "/api/v1/lifted-blocks": lifted_blocks_path()
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Block": block_schema(), "Wanted": block_request_schema(), "Lifted": lifted_block_schema(), "Problem": problem_schema() },
            "responses": {
                "Unauthorized": problem_response("No token, a wrong one, or one that was revoked."),
                "Forbidden": problem_response("Staff keep this entry: programs don't change it."),
                "NotFound": problem_response("This address or block is not on the list."),
                "Unprocessable": problem_response("The address, or the body, can be read but can't be meant; `errors` says what."),
                "TooMany": problem_response("2,000 requests at once, then a hundred a second; `Retry-After` says when to go on.")
            }
        }
    })
}

fn blocked_address_path() -> Value {
    json!({
        "parameters": [{
            "name": "cidr", "in": "path", "required": true, "schema": { "type": "string" },
            "description": "One address or a block without bits behind its mask, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48. The slash may be written as it is or as %2F.",
            "example": "203.0.113.7"
        }],
        "get": {
            "operationId": "showBlock",
            "summary": "Tells of the entry of exactly this address or block.",
            "responses": responses(&[("200", block_response("It is blocked."))], &["401", "404", "422", "429"])
        },
        "put": {
            "operationId": "putBlock",
            "summary": "Blocks an address, or makes its entry say what the body says. The same again changes nothing.",
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wanted" } } } },
            "responses": responses(
                &[("200", block_response("It was blocked before.")), ("201", block_response("It is blocked now."))],
                &["401", "403", "422", "429"],
            )
        },
        "delete": {
            "operationId": "deleteBlock",
            "summary": "Takes an entry off the list. One that is not there is 404, which is no fault when a ban runs out.",
            "responses": responses(&[("204", json!({ "description": "It is off the list." }))], &["401", "403", "404", "422", "429"])
        }
    })
}

fn lifted_blocks_path() -> Value {
    json!({ "get": {
        "operationId": "listLiftedBlocks",
        "summary": "What customers and staff have lifted in the portal, the oldest first, for programs that shut addresses out.",
        "parameters": [{
            "name": "after", "in": "query", "schema": { "type": "string" },
            "description": "`next` of the answer before; without it everything of the last year is told."
        }],
        "responses": responses(
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
fn responses(good: &[(&str, Value)], failures: &[&str]) -> Value {
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

fn block_response(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Block" } } }
    })
}

fn problem_response(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn reason_schema() -> Value {
    let names: Vec<_> = BlockReason::ALL.iter().map(|reason| reason.as_str()).collect();
    json!({ "type": "string", "enum": names })
}

fn source_schema(all: &[BlockSource]) -> Value {
    let names: Vec<_> = all.iter().map(|source| source.as_str()).collect();
    json!({ "type": "string", "enum": names })
}

fn nullable_timestamp_schema(description: &str) -> Value {
    json!({ "type": ["string", "null"], "format": "date-time", "description": description })
}

fn block_schema() -> Value {
    json!({
        "type": "object",
        "required": ["address", "reason", "note", "source", "since", "until", "by"],
        "properties": {
            "address": { "type": "string" },
            "reason": reason_schema(),
            "note": { "type": ["string", "null"] },
            "source": source_schema(BlockSource::ALL),
            "since": { "type": "string", "format": "date-time" },
            "until": nullable_timestamp_schema("null: until somebody lifts it."),
            "by": { "type": ["string", "null"], "description": "The program or person that wrote it last." }
        }
    })
}

fn block_request_schema() -> Value {
    let programs: Vec<_> = BlockSource::ALL.iter().copied().filter(|source| *source != BlockSource::Staff).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "reason": {
                "allOf": [reason_schema()], "default": BlockReason::Other.as_str(),
                "description": "Customers may lift the block of one address for a wrong password themselves."
            },
            "note": { "type": "string", "maxLength": 500, "description": "For staff." },
            "until": { "type": "string", "format": "date-time", "description": "When it ends; without `until` and `seconds` it doesn't." },
            "seconds": { "type": "integer", "description": "How long it lasts from now; fewer than 0: without an end. Not together with `until`." },
            "source": { "allOf": [source_schema(&programs)], "default": BlockSource::Api.as_str() }
        }
    })
}

fn lifted_block_schema() -> Value {
    json!({
        "type": "object",
        "required": ["address", "at", "by", "reason", "source"],
        "properties": {
            "address": { "type": "string" },
            "at": { "type": "string", "format": "date-time" },
            "by": { "type": "string", "enum": ["customer", "staff"] },
            "reason": reason_schema(),
            "source": source_schema(BlockSource::ALL)
        }
    })
}

fn problem_schema() -> Value {
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
