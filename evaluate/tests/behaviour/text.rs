use super::*;

#[test]
fn a_good_answer_scores_high_and_says_why() {
    let verdict = about_index(GOOD);
    assert!(verdict.score > 7.5, "{verdict:#?}");
    assert!(verdict.correctness.sentence.contains("makes 5 of 5 key points"), "{}", verdict.correctness.sentence);
}

#[test]
fn missing_key_points_lower_correctness_and_are_named() {
    let half = about_index("An index is a B-tree which finds the rows without a full scan of the table.");
    assert!(half.correctness.score < about_index(GOOD).correctness.score - 2.0, "{half:#?}");
    assert!(half.correctness.sentence.contains("missing: “slows down writes"), "{}", half.correctness.sentence);
}

#[test]
fn weights_decide_between_key_points() {
    let points = |first, second| Rubric {
        key_points: vec![
            KeyPoint { text: "sorted tree".to_owned(), weight: first },
            KeyPoint { text: "slower writes".to_owned(), weight: second },
        ],
        ..Rubric::default()
    };
    let score = |rubric| judge(Kind::Text, QUESTION, &rubric, "It is a sorted tree of the keys.").correctness.score;
    assert!(score(points(3.0, 1.0)) > score(points(1.0, 3.0)) + 2.0);
}

#[test]
fn alternatives_of_a_key_point_are_enough_each() {
    let rubric = Rubric {
        key_points: vec![KeyPoint { text: "mutex / lock / atomic operation".to_owned(), weight: 1.0 }],
        ..Rubric::default()
    };
    let score = |answer| judge(Kind::Text, "How do you prevent it?", &rubric, answer).correctness.score;
    assert!(score("I would guard the counter with a lock.") > 9.0);
    assert!(score("I would make it an atomic operation.") > 9.0);
    assert!(score("I would guard the counter with a semaphore.") < 1.0);
}

#[test]
fn words_of_a_key_point_must_stand_near_each_other() {
    let near = about_index("It finds rows quickly. There is no full table scan, it takes disk space.");
    let far = about_index(
        "Disk drives fail. My colleagues and I replaced three of them. That was last year. We had no backup. It was a hard \
         time. In the end we learned much. There should be more space in the office.",
    );
    assert!(near.correctness.score > 3.0, "{near:#?}");
    assert!(far.correctness.score < 1.0, "{far:#?}");
}

#[test]
fn slips_of_the_keyboard_cost_clarity_but_not_correctness() {
    let right = about_index("The databse uses a sorted structure. Each insert or update has to maintain it.");
    let slips = about_index("The databse uses a sorted strucutre. Each insert or update has to mantain it.");
    assert!((right.correctness.score - slips.correctness.score).abs() < 0.01, "{slips:#?}");
    assert!(right.clarity.score > slips.clarity.score);
}

#[test]
fn what_is_denied_counts_half() {
    let said = about_index("An index takes disk space, of course.");
    let denied = about_index("An index never takes disk space, of course.");
    assert!((denied.correctness.score - said.correctness.score / 2.0).abs() < 0.02, "{denied:#?}");
    assert!(denied.correctness.sentence.contains("deny: “takes disk space”"));
}

#[test]
fn the_reference_alone_is_a_measure_too() {
    let rubric = Rubric { reference: Some(GOOD.to_owned()), ..Rubric::default() };
    let score = |answer| judge(Kind::Text, QUESTION, &rubric, answer).correctness.score;
    assert!(score("A sorted B-tree lets it find rows without scanning the table, but writes must maintain it.") > 5.0);
    assert!(score("Scrum has sprints, reviews and retrospectives, and a product owner.") < 0.5);
}

#[test]
fn reasons_and_examples_are_deeper_than_claims() {
    let claims = about_index("It slows down writes. It takes disk space. It is a B-tree.");
    let reasons = about_index(
        "It slows down writes, because each insert changes the tree too. It takes disk space, for example 2 GB here. It is a \
         B-tree.",
    );
    assert!(reasons.depth.score > claims.depth.score + 1.0, "{reasons:#?}");
}

#[test]
fn endless_sentences_are_less_clear() {
    let endless = GOOD.replace(". ", " and ").replace(',', "");
    assert!(about_index(GOOD).clarity.score > about_index(&endless).clarity.score + 2.0);
}
