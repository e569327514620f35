use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "flaky test",
    kind: Kind::Text,
    question: "A test in your pipeline fails about once in twenty runs. How do you deal with it?",
    key_points: &[
        ("do not just retry / ignore it, it may be a real bug", 1.5),
        ("reproduce by running it many times / in a loop / under load", 1.5),
        ("timing: sleeps, waiting for conditions instead of fixed delays", 1.5),
        ("shared state / test order / isolation between tests", 1.5),
        ("randomness / clock / seed made deterministic", 1.0),
        ("network / external services replaced by fakes", 1.0),
        ("quarantine it with a ticket and an owner meanwhile", 1.0),
    ],
    reference: None,
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "I don't want to simply retry it, since one in twenty may well be a real concurrency bug that users will hit \
                   too. So first I try to reproduce it: run that test alone a few hundred times in a loop, then with its \
                   neighbours and in random order, then under CPU load. That tells which family it is. If it only fails \
                   together with others, there's shared state, such as a database row or a global, and the fix is \
                   isolation, a fresh schema per test. If it fails under load, there's usually a fixed sleep, and I replace \
                   it by waiting for the condition. If it depends on the date or on random data, I inject the clock and \
                   fix the seed. Calls to real third parties become fakes. If it blocks the team in the meantime I \
                   quarantine it, but with a ticket, an owner and a date, otherwise it stays there forever.",
        },
        LabelledAnswer {
            rank: 2,
            text: "Run it in a loop to reproduce, log more, find out whether it's timing, order or shared data. Replace sleeps \
                   with proper waits and let each test set up its own data. Until that's done I'd move it to quarantine \
                   with a ticket so that people keep trusting the pipeline.",
        },
        LabelledAnswer {
            rank: 3,
            text: "Such tests are mostly end-to-end tests where the page isn't loaded yet. I'd put a longer wait in the test, \
                   and if it still happens, mock the backend so it's faster and more stable.",
        },
        LabelledAnswer {
            rank: 4,
            text: "I'd configure the pipeline to retry it three times. One in twenty is not bad, with three retries it \
                   practically never fails and nobody gets disturbed.",
        },
        LabelledAnswer {
            rank: 5,
            text: "Testing is a very important part of software development. There are unit tests, integration tests, system \
                   tests and acceptance tests, which together form the testing pyramid. Unit tests are at the bottom, and \
                   there should be many of them because they're cheap, and at the top there are few. In test-driven \
                   development you write the test before the code, then you write the code and refactor it. Pipelines \
                   run those tests automatically on each push, for example with Jenkins or GitHub Actions. Code coverage \
                   should be at least 80 percent in my opinion, and the coverage report can be shown in SonarQube. I think \
                   every developer should write tests.",
        },
    ],
};
