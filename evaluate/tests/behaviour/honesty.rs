//! What it can't tell, it says.

use super::*;

#[test]
fn empty_answers_score_nothing() {
    for kind in [Kind::Text, Kind::Code] {
        for answer in ["", "  \n\t ", "\u{200b}"] {
            let verdict = judge(kind, QUESTION, &rubric(), answer);
            assert!(verdict.score.abs() < 1e-9 && verdict.clarity.score.abs() < 1e-9, "{answer:?} {verdict:#?}");
        }
    }
}

#[test]
fn without_a_rubric_correctness_is_neutral_and_relevance_is_still_judged() {
    let judge = |answer| judge(Kind::Text, QUESTION, &Rubric::default(), answer);
    let (on, off) = (judge(GOOD), judge("My hobbies are hiking and chess, and I have two cats."));
    for verdict in [&on, &off] {
        assert!((verdict.correctness.score - 5.0).abs() < 1e-9, "{verdict:#?}");
        assert!(notes_mention(verdict, "without key points or a reference"));
    }
    assert!(on.relevance.score > off.relevance.score + 4.0, "{on:#?} {off:#?}");
    assert!(judge(QUESTION).correctness.score < 0.5);
}

#[test]
fn the_language_of_an_answer_is_named_if_it_is_not_english() {
    for (answer, language) in [
        (
            "Ein Index ist eine sortierte Datenstruktur, mit der die Datenbank Zeilen findet, ohne die ganze Tabelle zu lesen.",
            "German",
        ),
        ("Индекс ускоряет поиск строк в таблице, но замедляет запись и занимает место на диске.", "another language"),
        (
            "索引是一种排序的数据结构，它使数据库不必扫描整个表就能找到行，但是会降低写入速度，并且占用磁盘空间。所以不应该给每个列都建立索引。",
            "Mandarin",
        ),
    ] {
        let verdict = about_index(answer);
        assert!(notes_mention(&verdict, language), "{:?}", verdict.notes);
    }
    assert!(!notes_mention(&about_index(GOOD), "only English"));
}

#[test]
fn quotes_are_verbatim_few_and_short() {
    for answer in [GOOD, &GOOD.replace("index", "índex “ß” 索引"), &"Rows and scans, however long, ".repeat(200)]
    {
        let verdict = about_index(answer);
        for criterion in criteria(&verdict) {
            assert!(criterion.quotes.len() <= 3 && !criterion.sentence.is_empty());
            for quote in &criterion.quotes {
                assert!(answer.contains(quote.as_str()) && quote.chars().count() <= 160, "{quote:?}");
            }
        }
    }
    assert!(!about_index(GOOD).correctness.quotes.is_empty());
}

#[test]
fn scores_stay_in_their_range_and_the_total_is_their_weighted_mean() {
    for answer in [GOOD, "x", "?", "42", "🦀🦀🦀", "a.b.c.d", "_ _ _", "not not not not index"] {
        for kind in [Kind::Text, Kind::Code] {
            let verdict = judge(kind, QUESTION, &rubric(), answer);
            let scores = criteria(&verdict).map(|criterion| criterion.score);
            assert!(scores.iter().all(|score| (0.0..=10.0).contains(score)), "{answer} {verdict:#?}");
            let mean: f64 = scores.iter().zip(evaluate::WEIGHTS).map(|(score, weight)| score * weight).sum();
            assert!((verdict.score - mean).abs() < 0.006, "{answer} {verdict:#?}");
        }
    }
}

fn one_point(text: &str, weight: f64) -> Rubric {
    Rubric { key_points: vec![KeyPoint { text: text.to_owned(), weight }], ..Rubric::default() }
}

#[test]
fn odd_rubrics_do_no_harm() {
    for (text, weight) in [("", 1.0), (" / ", 1.0)] {
        let verdict = judge(Kind::Text, QUESTION, &one_point(text, weight), GOOD);
        assert!((verdict.correctness.score - 5.0).abs() < 1e-9, "{text:?} {verdict:#?}");
    }
    for (text, weight) in [("O(n)", 1.0), ("the of and", f64::NAN), ("x", -3.0), ("y", f64::INFINITY)] {
        let verdict = judge(Kind::Text, QUESTION, &one_point(text, weight), GOOD);
        assert!(verdict.score.is_finite() && verdict.correctness.score.abs() < 1e-9, "{text:?} {verdict:#?}");
    }
}

#[test]
fn languages_with_short_names_are_found_where_they_are_named() {
    let question = "Which language would you take for a small network service, and why?";
    for (name, named, not_named) in [
        ("Go", "I would take Go, because its goroutines are cheap.", "I would go with a good algorithm, in Rust."),
        ("C", "I would take C; it is small and everywhere.", "I would take C++ or C#, since classes help."),
        ("R", "For statistics I would take R.", "For a service I would rather take Ruby, or Rust."),
    ] {
        let rubric = one_point(name, 1.0);
        let correctness = |answer| judge(Kind::Text, question, &rubric, answer).correctness;
        assert!(correctness(named).score > 9.0, "{named} {:?}", correctness(named));
        assert!(correctness(not_named).score.abs() < 1e-9, "{not_named} {:?}", correctness(not_named));
    }
    let found = judge(Kind::Text, question, &one_point("O(n)", 1.0), "It scans the whole list once, so it is o(n).");
    assert!(found.correctness.score > 9.0, "{found:#?}");
}

#[test]
fn answers_about_scores_points_and_dates_do_not_speak_to_the_judge() {
    for answer in [
        "Redis' sorted set keeps members in order, so ZREVRANGE gives the highest score first.",
        "The leaderboard shows the top score of each player, and a player with 110 points stands above one with 10 points.",
        "A stop score ends the search, and the maximum score is kept in a heap.",
        "Softmax turns logits into probabilities, and the classifier picks the class with the highest score.",
        "The classifier should assign the highest score to the right class, and a perfect score would mean overfitting.",
        "The log was rotated on 2024/10/10, and the next rotation is due on 10/10/2025.",
        "Of the 100 requests 10/100 failed, and after the fix 10/10 came back.",
        "In 10 out of 10 runs the race did not show up, since the window is short.",
        "An instruction in the pipeline has to wait for the results of previous instructions.",
        "Each alert that deserves a high priority goes to the person on call.",
        "The interpreter acts as an evaluator of expressions, and every expression yields a value.",
        "Users vote, and the answer with the highest score is shown first.",
    ] {
        let verdict = judge(Kind::Text, "How does it work?", &Rubric::default(), answer);
        assert!(!notes_mention(&verdict, "speak to whoever scores"), "{answer} {:?}", verdict.notes);
    }
}
