//! Addresses that news may be sent to.

use url::Url;

use crate::{
    error::{AppError, Field},
    validate::MAX_URL,
};

/// The address as it is kept.
///
/// # Errors
/// What is wrong with it.
pub(super) fn checked(typed: &str) -> Result<String, AppError> {
    let refused = |words: &str| AppError::refused(Field::Address, words);
    let typed = typed.trim();
    if typed.chars().count() > MAX_URL {
        return Err(refused(&format!("The address is too long: {MAX_URL} characters at most.")));
    }
    // The parser would forgive what is more likely a slip: missing slashes, and white space within.
    let begins = |scheme: &str| typed.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    let odd = typed.contains(|c: char| c.is_whitespace() || c.is_control());
    let host = typed.split_once("://").is_some_and(|(_, rest)| !rest.starts_with(['/', '\\', '?', '#']));
    let web = (begins("https://") || begins("http://")) && host && !odd;
    let Some(url) = Url::parse(typed).ok().filter(|url| web && url.has_host()) else {
        return Err(refused(
            "The address must begin with https:// or http:// and name a server, as https://example.com/interviews does.",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(
            "The address must hold no user name and no password. Receivers can tell by the signature who sends.",
        ));
    }
    if url.fragment().is_some() {
        return Err(refused("The address must end before the #: what follows it is never sent."));
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_it_will_be_called() {
        for (typed, kept) in [
            (" https://ats.example.org/hook?key=1 ", "https://ats.example.org/hook?key=1"),
            ("http://10.0.0.1:8080/hook", "http://10.0.0.1:8080/hook"),
            ("HTTPS://EXAMPLE.org", "https://example.org/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("https://[::1]:8443/", "https://[::1]:8443/"),
        ] {
            assert_eq!(checked(typed).unwrap(), kept);
        }
    }

    #[test]
    fn what_is_no_address_on_the_web_is_refused() {
        for typed in [
            "",
            "ats.example.org",
            "ftp://ats.example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https:///hook",
            "https:ats.example.org",
            "https://a b",
            "https://a.org/b\nc",
            "https://:80/",
            "https://a.org:99999/",
            "https://[::1",
        ] {
            assert!(checked(typed).unwrap_err().detail.contains("https://"), "{typed}");
        }
        let long = |characters| format!("https://a.org/{}", "é".repeat(characters));
        checked(&long(MAX_URL - 14)).unwrap();
        assert!(checked(&long(MAX_URL - 13)).unwrap_err().detail.contains("too long"));
    }

    #[test]
    fn credentials_and_fragments_are_refused() {
        for typed in ["https://me@a.org/", "https://:secret@a.org/", "https://me:secret@a.org/"] {
            let detail = checked(typed).unwrap_err().detail;
            assert!(detail.contains("password") && !detail.contains("secret"), "{detail}");
        }
        assert!(checked("https://a.org/#hook").unwrap_err().detail.contains('#'));
    }
}
