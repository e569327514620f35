//! The built browser side. Names carry a hash, so what they name never changes.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderValue, header},
};
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use super::Web;

pub fn router(site_root: &Path) -> Router<Web> {
    let files = ServeDir::new(site_root.join("pkg")).precompressed_br().precompressed_gzip();
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let pkg = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, move |response: &axum::http::Response<_>| {
            response.status().is_success().then(|| forever.clone())
        }))
        .service(files);
    let day =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    let favicon =
        ServiceBuilder::new().layer(day).service(tower_http::services::ServeFile::new(site_root.join("favicon.svg")));
    Router::new().nest_service("/pkg", pkg).route_service("/favicon.svg", favicon)
}
