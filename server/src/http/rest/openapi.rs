//! `GET /api/openapi.json`.

use std::sync::LazyLock;

use axum::{http::header, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Parallel Interview",
        description = "Create interviews, watch them, end them. Errors are application/problem+json; `detail` says what to do.",
    ),
    paths(
        super::create::create,
        super::read::sessions,
        super::read::session,
        super::events::list,
        super::lifecycle::start,
        super::lifecycle::end,
        super::lifecycle::delete,
        super::reports::read,
        super::reports::pdf,
        super::reports::correct,
        super::violations::list,
        super::violations::review,
        super::violations::still,
        super::jobs::create,
        super::jobs::list,
        super::jobs::read,
        super::jobs::replace,
        super::jobs::delete,
        super::invitations::begin,
        super::invitations::read,
        super::invitations::csv,
        super::webhooks::create,
        super::webhooks::list,
        super::webhooks::delete,
        super::webhooks::deliveries,
        super::webhooks::again,
        super::read::stats,
        document,
    ),
    components(schemas(super::webhooks::WebhookNews)),
    modifiers(&Credentials),
    tags(
        (name = "sessions", description = "Interviews"),
        (name = "jobs", description = "Sets of questions, and inviting many candidates for them"),
        (name = "reports", description = "What was made of the answers"),
        (name = "proctoring", description = "What was noticed of candidates, for people to decide about"),
        (name = "webhooks", description = "News for other people's servers"),
        (name = "monitoring", description = "Figures"),
    ),
)]
struct Document;

/// Both ways to say who calls.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key")).build();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
        let said = "An admin who is logged in; `__Host-pi_admin` where links begin with https";
        let cookie = ApiKeyValue::with_description(app::api::guard::COOKIE, said);
        components.add_security_scheme("admin_cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        document.security = Some(vec![
            SecurityRequirement::new("api_key", Vec::<String>::new()),
            SecurityRequirement::new("admin_cookie", Vec::<String>::new()),
        ]);
    }
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::openapi().to_json().unwrap_or_default());

/// This document: OpenAPI 3.1.
#[utoipa::path(get, path = "/api/openapi.json", tag = "monitoring", security(()), responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
