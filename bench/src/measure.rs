//! All that can be measured, by name.

use std::fmt;

use anyhow::{Result, bail};

use crate::{
    crowd,
    figures::Figures,
    growth, judging,
    operation::Operation,
    place::Place,
    site, smooth,
    throughput::{self, Row},
    vision, watched,
    worker::Store,
};

/// A measurement. One gives several figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Throughput(Operation, Store),
    Growth,
    Crowd,
    Report,
    Ranking,
    FirstLoad,
    Vision,
    Smooth,
    Watched,
}

/// The measurements that give the named figures; with no name all of them.
///
/// # Errors
/// A name that no measurement gives.
pub fn named(names: &[String]) -> Result<Vec<Measure>> {
    let all = all();
    for name in names {
        if !all.iter().any(|measure| measure.names().contains(name)) {
            let known: Vec<_> = all.iter().flat_map(|measure| measure.names()).collect();
            bail!("there is no figure `{name}`; there are {}", known.join(", "));
        }
    }
    let wanted = |measure: &Measure| names.is_empty() || measure.names().iter().any(|name| names.contains(name));
    Ok(all.into_iter().filter(wanted).collect())
}

fn all() -> Vec<Measure> {
    let rows = [Store::Embedded, Store::Mongo]
        .into_iter()
        .flat_map(|store| Operation::ALL.map(|operation| Measure::Throughput(operation, store)));
    [Measure::FirstLoad]
        .into_iter()
        .chain(rows)
        .chain([Measure::Growth, Measure::Crowd, Measure::Report, Measure::Ranking, Measure::Vision])
        .chain([Measure::Smooth, Measure::Watched])
        .collect()
}

impl Measure {
    fn names(self) -> Vec<String> {
        match self {
            Self::Throughput(operation, store) => operation.names(store).all().collect(),
            Self::Growth => growth::NAMES.map(str::to_owned).into(),
            Self::Crowd => crowd::NAMES.map(str::to_owned).into(),
            Self::Report => vec![judging::REPORT.to_owned()],
            Self::Ranking => vec![judging::RANKING.to_owned()],
            Self::FirstLoad => vec![site::NAME.to_owned()],
            Self::Watched => vec![watched::NAME.to_owned()],
            Self::Vision => vision::NAMES.map(str::to_owned).into(),
            Self::Smooth => smooth::NAMES.map(str::to_owned).into(),
        }
    }

    /// Measures, and adds what it found to the figures. Throughput gives a row of the table, too.
    pub async fn run(self, place: &Place, figures: &mut Figures) -> Result<Option<Row>> {
        match self {
            Self::Throughput(operation, store) => {
                let row = throughput::measure(place, operation, store).await?;
                row.note(figures);
                return Ok(Some(row));
            }
            Self::Growth => growth::measure(place, figures).await?,
            Self::Crowd => crowd::measure(place, figures).await?,
            Self::Report => judging::report(place, figures).await?,
            Self::Ranking => judging::rank(figures),
            Self::FirstLoad => figures.set(site::NAME, site::first_load_kb(place.site())?),
            Self::Watched => watched::measure(place, figures).await?,
            Self::Vision => vision::measure(place, figures)?,
            Self::Smooth => smooth::measure(place, figures)?,
        }
        Ok(None)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throughput(operation, store) => write!(f, "{} on the {}", operation.as_str(), store.in_words()),
            Self::Growth => f.write_str("list and stats as sessions grow"),
            Self::Crowd => f.write_str("a crowd of candidates on the embedded store"),
            Self::Report => f.write_str("reports after the end of interviews"),
            Self::Ranking => f.write_str("the offline evaluator's order"),
            Self::FirstLoad => f.write_str("the first load"),
            Self::Watched => f.write_str("watching over a crowd of candidates"),
            Self::Vision => f.write_str("how well and how fast faces are seen"),
            Self::Smooth => f.write_str("how smooth a watched page stays"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_name() {
        let found = |name: &str| named(&[name.to_owned()]).unwrap();
        assert_eq!(found("get_vs_bare"), [Measure::Throughput(Operation::Get, Store::Embedded)]);
        assert_eq!(found("create_mongo_vs_insert"), [Measure::Throughput(Operation::Create, Store::Mongo)]);
        assert_eq!(found("lifecycle_mongo_per_s"), [Measure::Throughput(Operation::Lifecycle, Store::Mongo)]);
        assert_eq!(found("stats_100k_vs_1k"), [Measure::Growth]);
        assert_eq!(found("push_p99_ms_200"), [Measure::Crowd]);
        assert_eq!(found("memory_per_session_kb"), [Measure::Crowd]);
        assert_eq!(found("vision"), [Measure::Vision]);
        assert!(named(&["speed".to_owned()]).is_err());
    }

    #[test]
    fn no_name_means_all() {
        assert_eq!(named(&[]).unwrap(), all());
    }
}
