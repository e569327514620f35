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

#[test]
fn odd_rubrics_do_no_harm() {
    for (text, weight) in
        [("", 1.0), (" / ", 1.0), ("O(n)", 1.0), ("the of and", f64::NAN), ("x", -3.0), ("y", f64::INFINITY)]
    {
        let rubric = Rubric { key_points: vec![KeyPoint { text: text.to_owned(), weight }], ..Rubric::default() };
        let verdict = judge(Kind::Text, QUESTION, &rubric, GOOD);
        assert!(verdict.score.is_finite(), "{text:?} {verdict:#?}");
    }
}
