//! Which sessions the dashboard shows: kept in the address, so that a reload and a shared link show the same.

use leptos_router::params::ParamsMap;

use crate::{
    components::{page_address, page_of},
    model::{SessionFilter, Status},
};

/// The filter and the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub filter: SessionFilter,
    /// 0 for the first.
    pub page: u32,
}

impl Wanted {
    /// From the address; what makes no sense counts as not given.
    #[must_use]
    pub fn from_query(query: &ParamsMap) -> Self {
        let status = query.get_str("status").and_then(Status::from_word);
        let search = query.get("q").unwrap_or_default();
        let page = page_of(query.get_str("page").unwrap_or_default());
        Self { filter: SessionFilter { status, search }, page }
    }

    /// The address that shows this.
    #[must_use]
    pub fn address(&self) -> String {
        let status = self.filter.status.map_or("", Status::as_str);
        page_address("/admin", &[("q", &self.filter.search), ("status", status)], self.page)
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_what_was_wanted() {
        let wanted =
            Wanted { filter: SessionFilter { status: Some(Status::InProgress), search: "ada & co".into() }, page: 2 };
        assert_eq!(wanted.address(), "/admin?q=ada%20%26%20co&status=in%5Fprogress&page=3");
        assert_eq!(Wanted::default().address(), "/admin");
    }

    #[test]
    fn nonsense_counts_as_not_given() {
        let mut query = ParamsMap::new();
        query.insert("status", "sleeping".to_owned());
        query.insert("page", "-4".to_owned());
        assert_eq!(Wanted::from_query(&query), Wanted::default());
    }
}
