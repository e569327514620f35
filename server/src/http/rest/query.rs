//! The queries of `/sessions` and `/jobs`: which part of a list is asked for.

use app::{
    error::{AppError, ErrorKind},
    model::Status,
};
use axum::extract::{Query, rejection::QueryRejection};
use serde::Deserialize;
use utoipa::IntoParams;

/// As it comes: checked by hand, so that errors say what is allowed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `initialized`, `in_progress` or `completed`.
    status: Option<String>,
    /// 1..=200, default 50.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// 0 or more, default 0.
    #[param(value_type = Option<u64>)]
    offset: Option<String>,
}

/// Checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub status: Option<Status>,
    pub limit: u32,
    pub offset: u64,
}

impl ListQuery {
    /// # Errors
    /// `Unprocessable`, with what is allowed.
    pub fn check(self) -> Result<Page, AppError> {
        let unprocessable = |text: &str| AppError::new(ErrorKind::Unprocessable, text);
        let status = match self.status.as_deref() {
            None | Some("") => None,
            Some(word) => Some(
                Status::from_word(word)
                    .ok_or_else(|| unprocessable("`status` must be initialized, in_progress or completed."))?,
            ),
        };
        let limit = match self.limit {
            None => 50,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=200).contains(limit))
                .ok_or_else(|| unprocessable("`limit` must be a number from 1 to 200."))?,
        };
        let offset = match self.offset {
            None => 0,
            // What a store can skip; more than there will ever be.
            Some(text) => text
                .parse()
                .ok()
                .filter(|offset| *offset <= i64::MAX as u64)
                .ok_or_else(|| unprocessable("`offset` must be a number of 0 or more."))?,
        };
        Ok(Page { status, limit, offset })
    }
}

/// A part of a list that cannot be filtered, as it comes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// 1..=200, default 50.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// 0 or more, default 0.
    #[param(value_type = Option<u64>)]
    offset: Option<String>,
}

impl PartQuery {
    /// Limit and offset.
    ///
    /// # Errors
    /// `Unprocessable`, with what is allowed.
    pub fn check(self) -> Result<(u32, u64), AppError> {
        let page = ListQuery { status: None, limit: self.limit, offset: self.offset }.check()?;
        Ok((page.limit, page.offset))
    }
}

/// A query, if it can be read at all.
///
/// # Errors
/// `Unprocessable`, with what is wrong.
pub fn read<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, AppError> {
    let unreadable = |error: QueryRejection| AppError::new(ErrorKind::Unprocessable, format!("{}.", error.body_text()));
    query.map(|Query(query)| query).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(status: Option<&str>, limit: Option<&str>, offset: Option<&str>) -> Result<Page, AppError> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        ListQuery { status: own(status), limit: own(limit), offset: own(offset) }.check()
    }

    #[test]
    fn defaults_are_the_first_fifty() {
        assert_eq!(query(None, None, None), Ok(Page { status: None, limit: 50, offset: 0 }));
    }

    #[test]
    fn what_is_out_of_range_is_unprocessable() {
        for (status, limit, offset) in [
            (Some("done"), None, None),
            (None, Some("0"), None),
            (None, Some("201"), None),
            (None, Some("many"), None),
            (None, None, Some("-1")),
        ] {
            assert_eq!(query(status, limit, offset).unwrap_err().status(), 422);
        }
    }
}
