//! How many tests passed and failed, read from what the runners say.

use std::ops::AddAssign;

use serde_json::Value;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Count {
    /// Reads a line like `test result: ok. 12 passed; 0 failed; 0 ignored; …`; `None` for any other line.
    pub fn from_cargo(line: &str) -> Option<Self> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let count = |word| {
            let part = counts.split("; ").find(|part| part.ends_with(word))?;
            part.split(' ').next()?.parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")? })
    }

    /// Reads the `stats` of Playwright's JSON report. A test that passed only when repeated passed.
    pub fn from_playwright(report: &Value) -> Option<Self> {
        let stats = &report["stats"];
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        let passed = stats["expected"].as_u64()? + stats["flaky"].as_u64()?;
        Some(Self { passed, failed: stats["unexpected"].as_u64()? + errors })
    }

    /// A runner that failed without a failed test (it did not compile, it crashed) counts as one failure.
    pub fn with_outcome(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_s_result_lines_are_counted_and_others_are_not() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Count::from_cargo(line), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(Count::from_cargo("running 12 tests"), None);
    }

    #[test]
    fn playwright_s_unexpected_results_and_errors_fail() {
        let report = serde_json::json!({
            "stats": {"expected": 7, "flaky": 1, "unexpected": 2, "skipped": 4}, "errors": [{"message": "no server"}],
        });
        assert_eq!(Count::from_playwright(&report), Some(Count { passed: 8, failed: 3 }));
        assert_eq!(Count::from_playwright(&Value::Null), None);
    }

    #[test]
    fn failing_without_a_failed_test_counts_once() {
        assert_eq!(Count::default().with_outcome(false), Count { passed: 0, failed: 1 });
        assert_eq!(Count { passed: 3, failed: 2 }.with_outcome(false), Count { passed: 3, failed: 2 });
        assert_eq!(Count { passed: 3, failed: 0 }.with_outcome(true), Count { passed: 3, failed: 0 });
    }
}
