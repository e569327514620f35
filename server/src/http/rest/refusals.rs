//! What any request may be refused with, for the document.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

use super::super::problem::Problem;

/// The refusals of every endpoint that asks who calls.
pub struct Guarded;

/// Those, and what an endpoint answers without its store.
pub struct Usual;

impl IntoResponses for Guarded {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([
            refusal("401", "Neither a good API key nor an admin who is logged in"),
            refusal("429", "Too many wrong keys: see `Retry-After`"),
        ])
    }
}

impl IntoResponses for Usual {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Guarded::responses();
        all.extend([refusal("503", "The store does not answer: see `Retry-After`")]);
        all
    }
}

fn refusal(status: &str, description: &str) -> (String, RefOr<Response>) {
    let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
    let response = ResponseBuilder::new().description(description).content("application/problem+json", problem);
    (status.to_owned(), response.build().into())
}
