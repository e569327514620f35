use evaluate::agreement;
use evaluate::labelled::{HELD_OUT, LabelledQuestion, PUBLISHED};

/// Those in `labelled`'s table, to be changed with it.
#[test]
fn figures_are_as_published() {
    for (set, tau, rho) in [(PUBLISHED, 0.89, 0.94), (HELD_OUT, 0.88, 0.91)] {
        let found = agreement(set);
        assert!((found.kendall_tau_b - tau).abs() < 0.02 && (found.spearman_rho - rho).abs() < 0.02, "{found:?}");
    }
}

#[test]
fn figures_are_the_same_run_for_run() {
    assert_eq!(agreement(PUBLISHED), agreement(PUBLISHED));
}

#[test]
fn labelled_sets_are_large_enough_and_their_ranks_are_in_order() {
    for set in [PUBLISHED, HELD_OUT] {
        assert_eq!(set.len(), 8);
        assert!(set.iter().map(|question| question.answers.len()).sum::<usize>() >= 40);
        for LabelledQuestion { name, answers, .. } in set {
            let ranks: Vec<u8> = answers.iter().map(|answer| answer.rank).collect();
            assert_eq!(ranks[0], 1, "{name}");
            assert!(ranks.is_sorted() && ranks.windows(2).all(|pair| pair[1] - pair[0] <= 1), "{name}");
        }
    }
}
