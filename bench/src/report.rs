//! The table.

use crate::{
    drivers::LIFECYCLE,
    figures::{Aim, Figures},
    throughput::Row,
};

/// Prints what was measured, and all figures that something is aimed at.
pub fn print(rows: &[Row], figures: &Figures) {
    if !rows.is_empty() {
        println!(
            "\n{:<10} {:<10} {:>10} {:>9} {:>9} {:>14} {:>14}",
            "store", "operation", "per s", "p50 ms", "p99 ms", "of bare route", "of bare insert"
        );
        rows.iter().for_each(print_row);
        println!("  lifecycle: {LIFECYCLE}");
        println!(
            "  bare route: requests per second, against an axum route of the same process that answers JSON of the size of get's"
        );
        println!("  bare insert: the driver's inserts of equal documents into a collection of the same database");
    }
    println!();
    for (name, value, aim) in figures.aims() {
        let (word, goal) = match aim {
            Aim::AtLeast(least) => ("at least", least),
            Aim::AtMost(most) => ("at most", most),
        };
        let outcome = if aim.is_met(value) { "met" } else { "MISSED" };
        println!("{name:<38} {value:>10} {:<24} {outcome}", format!("(aim: {word} {goal})"));
    }
}

fn print_row(row: &Row) {
    let share = |share: f64| format!("{share:.2}");
    println!(
        "{:<10} {:<10} {:>10.0} {:>9.2} {:>9.2} {:>14} {:>14}",
        row.store.as_str(),
        row.operation.as_str(),
        row.load.per_s(),
        row.load.quantile_ms(0.5),
        row.load.quantile_ms(0.99),
        share(row.of_bare),
        row.of_insert.map(share).unwrap_or_default(),
    );
}
