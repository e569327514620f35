//! How the interviews of a job are proctored.

use proctor::policy::Policy;
use serde::{Deserialize, Serialize};

use super::{Asks, UnixMillis};

/// Days for which pictures and logs are kept, unless a job says otherwise.
pub const KEEP_DAYS: u16 = 30;

/// Its name in a policy's JSON.
pub const TERMINATE_AFTER: &str = "terminate_after";

const DAY_MS: i64 = 86_400_000;

/// How the interviews of a job are proctored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProctoringRules {
    /// Whether they are at all.
    pub enabled: bool,
    /// What differs from the default [`Policy`], in its JSON form; null: nothing.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub policy: serde_json::Value,
    /// Days after the end of an interview, or after the last activity in one that never ended, after which its pictures and
    /// logs are erased: 1..=365.
    pub keep_days: u16,
}

impl Default for ProctoringRules {
    fn default() -> Self {
        Self { enabled: true, policy: serde_json::Value::Null, keep_days: KEEP_DAYS }
    }
}

impl ProctoringRules {
    /// The policy in full.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote it.
    pub fn policy(&self) -> Result<Policy, String> {
        if self.policy.is_null() {
            return Ok(Policy::default());
        }
        let policy = Policy::deserialize(&self.policy).map_err(|error| error.to_string())?;
        policy.validate().map_err(|error| error.to_string())?;
        Ok(policy)
    }

    /// How many grave violations end an interview; None: nothing does.
    #[must_use]
    pub fn terminate_after(&self) -> Option<u32> {
        let number = self.policy.get(TERMINATE_AFTER)?.as_u64()?;
        u32::try_from(number).ok()
    }

    /// Until when recordings are kept of an interview in which something happened last at this time.
    #[must_use]
    pub fn kept_until(&self, last_active_at: UnixMillis) -> UnixMillis {
        UnixMillis(last_active_at.0 + i64::from(self.keep_days) * DAY_MS)
    }

    /// What candidates are asked for by it.
    #[must_use]
    pub fn asks(&self) -> Asks {
        let asks = |name| self.policy.get(name).and_then(serde_json::Value::as_bool) == Some(true);
        Asks { share_screen: asks(Asks::SHARE_SCREEN), fullscreen: asks(Asks::FULLSCREEN) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_say_what_is_wrong_with_a_policy() {
        let rules = |policy| ProctoringRules { policy, ..ProctoringRules::default() };
        assert_eq!(rules(serde_json::json!({"terminate_after": 3})).policy().unwrap().terminate_after, Some(3));
        let error = rules(serde_json::json!({"terminate_after": 0})).policy().unwrap_err();
        assert!(error.contains("terminate_after"), "{error}");
        let error = rules(serde_json::json!({"rules": {"no_fase": {}}})).policy().unwrap_err();
        assert!(error.contains("no_fase"), "{error}");
    }
}
