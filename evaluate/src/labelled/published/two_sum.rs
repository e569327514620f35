use crate::labelled::{LabelledAnswer, LabelledQuestion};
use crate::{Kind, Language};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "two sum",
    kind: Kind::Code,
    question: "Write a Python function that takes a list of integers and a target, and returns the indices of two numbers that \
               add up to the target, or None if there are none. It should not be quadratic.",
    key_points: &[
        ("dictionary / dict / hash map of values seen", 2.0),
        ("complement / target minus number", 1.0),
        ("single pass / linear time / O(n)", 1.0),
        ("returns None when there is no pair", 1.0),
    ],
    reference: Some(
        "def two_sum(numbers, target):
    seen = {}
    for index, number in enumerate(numbers):
        complement = target - number
        if complement in seen:
            return seen[complement], index
        seen[number] = index
    return None
",
    ),
    language: Some(Language::Python),
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "def find_pair(nums: list[int], target: int) -> tuple[int, int] | None:
    \"\"\"Indices of two numbers that sum to target. O(n) time, one pass with a dict.\"\"\"
    positions: dict[int, int] = {}
    for i, n in enumerate(nums):
        # look for the complement before storing n, so that an element isn't paired with itself
        j = positions.get(target - n)
        if j is not None:
            return j, i
        positions[n] = i
    return None
",
        },
        LabelledAnswer {
            rank: 2,
            text: "def two_sum(a, t):
    d = {}
    for i in range(len(a)):
        if t - a[i] in d:
            return d[t - a[i]], i
        d[a[i]] = i
",
        },
        LabelledAnswer {
            rank: 3,
            text: "def two_sum(numbers, target):
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] + numbers[j] == target:
                return i, j
    return None
",
        },
        LabelledAnswer {
            rank: 4,
            text: "def two_sum(numbers, target):
    for a in numbers
        for b in numbers
            if a + b = target
                print(a, b)
",
        },
        LabelledAnswer {
            rank: 5,
            text: "numbers = [1, 2, 3]
target = 5
print(sum(numbers))
if sum(numbers) == target:
    print('yes')
",
        },
        LabelledAnswer {
            rank: 6,
            text: "I would use a nested loop or maybe pandas for it. Python has many libraries for working with lists.",
        },
    ],
};
