//! Rank correlation: how well scores order answers whose order is known.

/// Kendall's tau-b of two lists of equal length, −1..=1, which takes account of ties (Kendall, *The treatment of ties in
/// ranking problems*, 1945). `None` if a list has fewer than two different values.
pub fn kendall_tau_b(one: &[f64], other: &[f64]) -> Option<f64> {
    let (mut agree, mut ties_one, mut ties_other, mut pairs) = (0_i64, 0_i64, 0_i64, 0_i64);
    for i in 0..one.len().min(other.len()) {
        for j in 0..i {
            let (a, b) = (order(one[i], one[j]), order(other[i], other[j]));
            agree += a * b;
            ties_one += i64::from(a == 0);
            ties_other += i64::from(b == 0);
            pairs += 1;
        }
    }
    let different = ((pairs - ties_one) * (pairs - ties_other)) as f64;
    (different > 0.0).then(|| agree as f64 / different.sqrt())
}

/// Spearman's rho, −1..=1: Pearson's correlation of the ranks, where ties share their mean rank. `None` as above.
pub fn spearman_rho(one: &[f64], other: &[f64]) -> Option<f64> {
    let (one, other) = (ranks(one), ranks(other));
    let mean = (one.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let norms = (product(&one, &one) * product(&other, &other)).sqrt();
    (norms > 0.0).then(|| product(&one, &other) / norms)
}

/// −1, 0 or 1.
fn order(one: f64, other: f64) -> i64 {
    one.total_cmp(&other) as i64
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| other.total_cmp(value).is_lt()).count();
        let equal = values.iter().filter(|other| other.total_cmp(value).is_eq()).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, expected: f64) -> bool {
        value.is_some_and(|value| (value - expected).abs() < 1e-9)
    }

    #[test]
    fn the_same_order_is_one_and_the_opposite_minus_one() {
        let (up, down) = ([1.0, 2.0, 7.0], [3.0, 2.0, 1.0]);
        for correlation in [kendall_tau_b, spearman_rho] {
            assert!(close(correlation(&up, &[10.0, 20.0, 21.0]), 1.0));
            assert!(close(correlation(&up, &down), -1.0));
            assert_eq!(correlation(&up, &[5.0; 3]), None);
        }
    }

    #[test]
    fn ties_and_swaps_count_as_in_the_literature() {
        // One of six pairs swapped: (5 − 1) / 6, and 1 − 6·2 / (4·15).
        let (one, swapped) = ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]);
        assert!(close(kendall_tau_b(&one, &swapped), 4.0 / 6.0));
        assert!(close(spearman_rho(&one, &swapped), 0.8));
        // A tie on one side: 5 / √(6·5).
        assert!(close(kendall_tau_b(&one, &[1.0, 2.0, 2.0, 4.0]), 5.0 / 30.0_f64.sqrt()));
    }
}
