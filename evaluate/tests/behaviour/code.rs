use super::*;
use evaluate::{Language, guess_language};

const ASKED: &str = "Write a function that returns the sum of a list of numbers.";

/// Much the same in every language; all but the last have a grammar.
const SUMS: [(Language, &str); 9] = [
    (
        Language::Python,
        "def total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n",
    ),
    (
        Language::JavaScript,
        "function total(numbers) {\n  let result = 0;\n  for (const number of numbers) result += number;\n  return result;\n}\n",
    ),
    (
        Language::TypeScript,
        "function total(numbers: readonly number[]): number {\n  let result: number = 0;\n  for (const n of numbers) result += n;\n  return result;\n}\n",
    ),
    (
        Language::Java,
        "class Sums {\n    static int total(List<Integer> numbers) {\n        int result = 0;\n        for (int number : numbers) { result += number; }\n        return result;\n    }\n}\n",
    ),
    (
        Language::C,
        "int total(const int *numbers, size_t count) {\n    int result = 0;\n    for (size_t i = 0; i < count; i++) result += numbers[i];\n    return result;\n}\n",
    ),
    (
        Language::Cpp,
        "#include <vector>\nint total(const std::vector<int>& numbers) {\n    int result = 0;\n    for (auto number : numbers) result += number;\n    return result;\n}\n",
    ),
    (
        Language::Go,
        "func total(numbers []int) int {\n\tresult := 0\n\tfor _, number := range numbers {\n\t\tresult += number\n\t}\n\treturn result\n}\n",
    ),
    (
        Language::Rust,
        "fn total(numbers: &[i64]) -> i64 {\n    let mut result = 0;\n    for number in numbers {\n        result += number;\n    }\n    result\n}\n",
    ),
    (
        Language::Sql,
        "SELECT account, SUM(amount) AS total\nFROM payments\nWHERE amount > 0\nGROUP BY account\nHAVING SUM(amount) > 100;\n",
    ),
];

fn in_language(language: Option<Language>, reference: Option<&str>, answer: &str) -> Verdict {
    let rubric = Rubric { key_points: Vec::new(), reference: reference.map(str::to_owned), language };
    judge(Kind::Code, ASKED, &rubric, answer)
}

#[test]
fn languages_are_told_apart() {
    for (language, code) in SUMS {
        assert_eq!(guess_language(code), Some(language), "{code}");
    }
}

#[test]
fn in_every_language_the_reference_itself_is_like_the_reference() {
    for (language, code) in SUMS {
        let same = in_language(Some(language), Some(code), code);
        assert!(same.correctness.score > 9.0, "{language} {same:#?}");
        let parsed = same.correctness.sentence.contains(&format!("parses as {language}"));
        assert_eq!(parsed, language != Language::Sql, "{}", same.correctness.sentence);
        assert!(notes_mention(&same, "not run"), "{:?}", same.notes);
    }
}

#[test]
fn renaming_variables_changes_little_and_breaking_the_code_much() {
    for (language, code) in SUMS.into_iter().filter(|(language, _)| *language != Language::Sql) {
        let renamed = code.replace("numbers", "values").replace("result", "accumulated");
        let broken: String = code.chars().filter(|c| !"()".contains(*c)).collect::<String>() + "\n) ) (( ] }";
        let [same, renamed, broken] =
            [code, &renamed, &broken].map(|answer| in_language(Some(language), Some(code), answer));
        assert!(renamed.correctness.score > same.correctness.score - 1.0, "{language} {renamed:#?}");
        assert!(broken.correctness.score < same.correctness.score - 2.0, "{language} {broken:#?}");
        assert!(broken.correctness.sentence.contains("does not parse"), "{}", broken.correctness.sentence);
    }
}

#[test]
fn a_function_that_was_asked_for_is_missed() {
    let (_, code) = SUMS[0];
    let script = "numbers = [1, 2]\nresult = 0\nfor number in numbers:\n    result += number\nprint(result)\n";
    let verdict = in_language(Some(Language::Python), Some(code), script);
    assert!(verdict.correctness.sentence.contains("has no function"), "{}", verdict.correctness.sentence);
    assert!(verdict.correctness.score < 5.0, "{verdict:#?}");
}

#[test]
fn fenced_code_is_found_and_what_is_said_around_it_is_read() {
    let rubric =
        Rubric { key_points: vec![KeyPoint { text: "linear time".to_owned(), weight: 1.0 }], ..Rubric::default() };
    let answer = format!("It takes linear time:\n\n```python\n{}```\n", SUMS[0].1);
    let verdict = judge(Kind::Code, ASKED, &rubric, &answer);
    assert!(verdict.correctness.score > 9.0, "{verdict:#?}");
    assert!(notes_mention(&verdict, "read as Python"), "{:?}", verdict.notes);
}

#[test]
fn telling_names_are_clearer_than_single_letters() {
    let (_, code) = SUMS[0];
    let letters = code.replace("numbers", "a").replace("number", "b").replace("result", "c").replace("total", "f");
    let clarity = |answer| in_language(Some(Language::Python), None, answer).clarity.score;
    assert!(clarity(code) > clarity(&letters) + 1.0);
}

#[test]
fn without_a_rubric_correctness_of_code_is_neutral() {
    let verdict = in_language(None, None, SUMS[0].1);
    assert!((verdict.correctness.score - 5.0).abs() < 1e-9, "{verdict:#?}");
    assert!(notes_mention(&verdict, "without key points or a reference"));
}

#[test]
fn sql_is_compared_by_its_words() {
    let (_, query) = SUMS[8];
    let judged = |answer| in_language(None, Some(query), answer);
    let near = judged("select account, sum(amount) from payments group by account;");
    let far = judged("SELECT * FROM customers ORDER BY name;");
    assert!(near.correctness.score > far.correctness.score + 2.0, "{near:#?} {far:#?}");
    assert!(notes_mention(&near, "not parsed as SQL"), "{:?}", near.notes);
}
