//! The OpenAPI 3.1 description of the API.

use serde_json::{Value, json};
use strum::VariantArray;

use crate::blocklist::{BlockReason, BlockSource};

/// The document at `/api/openapi.json`.
pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Dzwoni",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Times are RFC 3339 in UTC. Errors are problem details (RFC 9457). `dzwoni token add NAME` creates a token.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "security": [{ "token": [] }],
        "paths": {
            "/api/v1/blocked-addresses/{cidr}": blocked_address_path(),
            "/api/v1/lifted-blocks": lifted_blocks_path()
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Block": block_schema(), "BlockRequest": block_request_schema(), "LiftedBlock": lifted_block_schema(), "Problem": problem_schema() },
            "responses": {
                "Unauthorized": problem_response("The token is missing, unknown or revoked."),
                "Forbidden": problem_response("Staff maintain this entry. Programs cannot change it."),
                "NotFound": problem_response("This address or block is not on the blocklist."),
                "Unprocessable": problem_response("The address or a field of the body is invalid. `errors` lists the fields."),
                "TooMany": problem_response("Too many requests: at most 2,000 at once, then 100 per second. `Retry-After` gives the time to wait in seconds.")
            }
        }
    })
}

fn blocked_address_path() -> Value {
    json!({
        "parameters": [{
            "name": "cidr", "in": "path", "required": true, "schema": { "type": "string" },
            "description": "One address, or a block without host bits, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48. The slash may be sent as it is or as %2F.",
            "example": "203.0.113.7"
        }],
        "get": {
            "operationId": "showBlock",
            "summary": "Returns the entry of exactly this address or block.",
            "responses": responses(&[("200", block_response("The address is blocked."))], &["401", "404", "422", "429"])
        },
        "put": {
            "operationId": "putBlock",
            "summary": "Blocks an address or updates its entry. The same request again changes nothing.",
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/BlockRequest" } } } },
            "responses": responses(
                &[("200", block_response("The entry existed.")), ("201", block_response("The entry is new."))],
                &["401", "403", "422", "429"],
            )
        },
        "delete": {
            "operationId": "deleteBlock",
            "summary": "Deletes an entry. The response is 404 if there is none, which is normal when a ban expires.",
            "responses": responses(&[("204", json!({ "description": "The entry is deleted." }))], &["401", "403", "404", "422", "429"])
        }
    })
}

fn lifted_blocks_path() -> Value {
    json!({ "get": {
        "operationId": "listLiftedBlocks",
        "summary": "Lists the blocks that customers and staff have lifted in the portal, the oldest first, for programs that block addresses.",
        "parameters": [{
            "name": "after", "in": "query", "schema": { "type": "string" },
            "description": "`next` of the previous response. Without it the list begins one year ago."
        }],
        "responses": responses(
            &[("200", json!({
                "description": "At most 1,000 lifted blocks. If `more` is true, request the next ones at once.",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["lifted", "next", "more"],
                    "properties": {
                        "lifted": { "type": "array", "items": { "$ref": "#/components/schemas/LiftedBlock" } },
                        "next": { "type": "string" },
                        "more": { "type": "boolean" }
                    }
                } } }
            }))],
            &["401", "422", "429"],
        )
    } })
}

/// The responses of an operation: the successful ones, and references to the shared error responses.
fn responses(successes: &[(&str, Value)], errors: &[&str]) -> Value {
    let mut responses: serde_json::Map<_, _> =
        successes.iter().map(|(status, response)| ((*status).to_owned(), response.clone())).collect();
    for status in errors {
        let name = match *status {
            "401" => "Unauthorized",
            "403" => "Forbidden",
            "404" => "NotFound",
            "429" => "TooMany",
            _ => "Unprocessable",
        };
        responses.insert((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    Value::Object(responses)
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
    let names: Vec<_> = BlockReason::VARIANTS.iter().map(|reason| reason.into_str()).collect();
    json!({ "type": "string", "enum": names })
}

fn source_schema(sources: &[BlockSource]) -> Value {
    let names: Vec<_> = sources.iter().map(|source| source.into_str()).collect();
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
            "source": source_schema(BlockSource::VARIANTS),
            "since": { "type": "string", "format": "date-time" },
            "until": nullable_timestamp_schema("null: the block has no end."),
            "by": { "type": ["string", "null"], "description": "The program or staff member that wrote the entry last." }
        }
    })
}

fn block_request_schema() -> Value {
    let program_sources: Vec<_> =
        BlockSource::VARIANTS.iter().copied().filter(|source| *source != BlockSource::Staff).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "reason": {
                "allOf": [reason_schema()], "default": BlockReason::Other.into_str(),
                "description": "Customers can lift a block with the reason wrong-password themselves, if it covers one address."
            },
            "note": { "type": "string", "maxLength": 500, "description": "Shown to staff." },
            "until": { "type": "string", "format": "date-time", "description": "The end of the block. Without `until` and `seconds` it has no end." },
            "seconds": { "type": "integer", "description": "The duration from now. A negative value means no end. Not together with `until`." },
            "source": { "allOf": [source_schema(&program_sources)], "default": BlockSource::Api.into_str() }
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
            "source": source_schema(BlockSource::VARIANTS)
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
