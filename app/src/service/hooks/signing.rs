//! Signatures as the Standard Webhooks specification has them.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::model::{Hook, UnixMillis};

/// The headers that prove where it comes from, that it was not changed, and when it was sent.
pub(super) fn signed(hook: &Hook, id: &str, at: UnixMillis, body: &str) -> [(&'static str, String); 3] {
    let timestamp = (at.0 / 1000).to_string();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-signature", format!("v1,{}", signature(&hook.secret, id, &timestamp, body))),
        ("webhook-timestamp", timestamp),
    ]
}

/// HMAC-SHA256 over id, timestamp in seconds, and body, in base64.
fn signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok()).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let signature = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
