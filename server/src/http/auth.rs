//! Who calls the API: an integrator's key or an admin's cookie.

use app::{
    api::guard::{cookie_token, is_secure},
    error::{AppError, ErrorKind},
    model::Actor,
    service::AppState,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{header, request::Parts},
};

use super::{address_of, problem::Failure};

/// Proof that the request comes from someone who may use the API. Handlers that take one cannot be called without.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    /// Tells one caller's idempotency keys from another's.
    pub owner: String,
}

impl Caller {
    /// Who decided something, for those who read it later.
    pub fn name(&self) -> String {
        match self.actor {
            Actor::Admin => self.owner.clone(),
            Actor::Api | Actor::Candidate => "API".to_owned(),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let state = AppState::from_ref(state);
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let key = value.to_str().ok().and_then(bearer).ok_or_else(unauthorized)?;
            let owner = state.accounts.check_key(key, &address_of(parts)).await?;
            return Ok(Self { actor: Actor::Api, owner: owner.as_str().to_owned() });
        }
        let token = cookie_token(&parts.headers, is_secure(&state)).ok_or_else(unauthorized)?;
        let admin = state.accounts.admin(token).await?.ok_or_else(unauthorized)?;
        Ok(Self { actor: Actor::Admin, owner: admin.email })
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

fn unauthorized() -> AppError {
    let text = "This needs `Authorization: Bearer <api key>` or an admin who is logged in.";
    AppError::new(ErrorKind::Unauthorized, text)
}
