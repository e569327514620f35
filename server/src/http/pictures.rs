//! Pictures of candidates, for those who were found to be allowed to see them.

use app::error::AppError;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::problem::Failure;

/// A picture that no cache keeps, and that is nothing but a picture whatever is in it.
///
/// # Errors
/// `NotFound` for one that is not there, or not any more.
pub fn picture(jpeg: Option<Vec<u8>>) -> Result<Response, Failure> {
    let gone = "There is no such picture. Pictures are erased when they were kept for long enough.";
    let jpeg = jpeg.ok_or_else(|| AppError::not_found(gone))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((headers, jpeg).into_response())
}
