//! The figures of `bench.json`, and what is aimed at.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result};

/// Name → number.
#[derive(Debug, Default, PartialEq)]
pub struct Figures(BTreeMap<String, f64>);

/// Where a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

/// What is aimed at on a machine with two cores.
const AIMS: [(&str, Aim); 23] = [
    ("get_vs_bare", Aim::AtLeast(0.7)),
    ("create_embedded_per_s", Aim::AtLeast(3_000.0)),
    ("create_mongo_vs_insert", Aim::AtLeast(0.8)),
    ("list_100k_vs_1k", Aim::AtMost(1.3)),
    ("stats_100k_vs_1k", Aim::AtMost(1.3)),
    ("push_p99_ms_200", Aim::AtMost(250.0)),
    ("memory_per_session_kb", Aim::AtMost(64.0)),
    ("report_median_ms", Aim::AtMost(2_000.0)),
    ("offline_rank_correlation", Aim::AtLeast(0.7)),
    ("wasm_first_load_brotli_kb", Aim::AtMost(300.0)),
    ("vision_count_accuracy", Aim::AtLeast(0.97)),
    ("vision_false_absent_rate", Aim::AtMost(0.01)),
    ("vision_false_alarm_rate", Aim::AtMost(0.01)),
    ("vision_held_out_count_accuracy", Aim::AtLeast(0.97)),
    ("vision_held_out_false_absent_rate", Aim::AtMost(0.01)),
    ("vision_held_out_false_alarm_rate", Aim::AtMost(0.01)),
    ("identity_same_taken_for_other_percent", Aim::AtMost(1.0)),
    ("identity_other_taken_for_same_percent", Aim::AtMost(1.0)),
    ("vision_native_ms", Aim::AtMost(15.0)),
    ("vision_wasm_ms", Aim::AtMost(30.0)),
    ("vision_wasm_searched_ms", Aim::AtMost(100.0)),
    ("vision_wire_mb", Aim::AtMost(2.5)),
    ("observe_300_cores", Aim::AtMost(0.5)),
];

impl Figures {
    /// Reads what earlier runs measured; nothing where there is no file.
    pub fn read(file: &Path) -> Result<Self> {
        match fs::read(file) {
            Ok(bytes) => Self::parse(&bytes).with_context(|| format!("{} cannot be used: remove it", file.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        Ok(Self(serde_json::from_slice(bytes)?))
    }

    /// Replaces the file in one step.
    pub fn write(&self, file: &Path) -> Result<()> {
        let draft = file.with_extension("json.new");
        fs::write(&draft, format!("{}\n", serde_json::to_string_pretty(&self.0)?))?;
        fs::rename(&draft, file).with_context(|| format!("writing {}", file.display()))
    }

    /// Keeps four significant digits: more would be noise.
    pub fn set(&mut self, name: impl Into<String>, value: f64) {
        self.0.insert(name.into(), rounded(value));
    }

    /// The figures that something is aimed at and that were measured, now or earlier.
    pub fn aims(&self) -> impl Iterator<Item = (&'static str, f64, Aim)> + '_ {
        AIMS.iter().filter_map(|(name, aim)| Some((*name, *self.0.get(*name)?, *aim)))
    }
}

impl Aim {
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powi(3 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_are_not_measured_again_stay() {
        let mut figures = Figures::parse(br#"{"get_vs_bare": 0.5, "recovery_s": 2}"#).unwrap();
        figures.set("get_vs_bare", 0.812_349);
        let aims: Vec<_> = figures.aims().collect();
        assert_eq!(aims, [("get_vs_bare", 0.8123, Aim::AtLeast(0.7))]);
        assert_eq!(figures.0["recovery_s"], 2.0);
    }

    #[test]
    fn four_digits_are_kept() {
        assert_eq!(rounded(12_345.678), 12_350.0);
        assert_eq!(rounded(0.001_234_56), 0.001_235);
        assert_eq!(rounded(0.0), 0.0);
    }

    #[test]
    fn an_aim_may_be_reached_exactly() {
        assert!(Aim::AtLeast(0.7).is_met(0.7) && !Aim::AtLeast(0.7).is_met(0.69));
        assert!(Aim::AtMost(300.0).is_met(300.0) && !Aim::AtMost(300.0).is_met(301.0));
    }
}
