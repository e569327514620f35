use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "race condition",
    kind: Kind::Text,
    question: "What is a race condition? Give an example, and tell how you would prevent it.",
    key_points: &[
        ("result depends on timing / interleaving / order of execution", 2.0),
        ("two or more threads / processes access shared state at the same time", 1.5),
        ("example: lost update / read-modify-write / check-then-act / counter increment", 1.5),
        ("lock / mutex / synchronisation", 1.5),
        ("atomic operations / compare-and-swap", 1.0),
        ("immutable data / message passing / no shared state", 1.0),
        ("in databases: transactions / optimistic locking / unique constraint", 1.0),
    ],
    reference: Some(
        "A race condition means that the result depends on the timing of threads or processes that access shared state, at \
         least one of them writing. Two threads that increment a counter both read 5 and both write 6, so one update is \
         lost. It is prevented by making the read and the write one atomic step, with a mutex or an atomic operation, or by \
         not sharing mutable state at all: immutable data, message passing, one owner. Between processes the database does \
         it, with transactions, row locks, a unique constraint or a version column.",
    ),
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "A program has a race condition when its outcome depends on how the steps of concurrent threads happen to \
                   interleave. The classic one is balance = balance - 10 run by two threads: both read 100, both write 90, \
                   and one withdrawal is lost. Checking whether a file exists and then creating it is the same thing \
                   between processes. To prevent it, the read and the write must be one indivisible step: a mutex around \
                   both, an atomic like fetch_sub or a compare-and-swap loop, or, in SQL, a single UPDATE ... WHERE, a \
                   transaction with SELECT FOR UPDATE or a version column. What I prefer, if the design allows it, is not \
                   to share: one task owns the data and others send it messages, because locks bring deadlocks and \
                   contention as their own trade-off.",
        },
        LabelledAnswer {
            rank: 2,
            text: "When two threads work on the same variable without synchronisation and the result depends on who comes \
                   first. E.g. counter++ is a read, an add and a write, so two threads can both read the old value and an \
                   increment gets lost. Use a lock or an atomic integer.",
        },
        LabelledAnswer {
            rank: 3,
            text: "It's when two threads acces the same data at the same time and it gets corruptd. For example two users book \
                   the same seat. You prevent it by using synchronized.",
        },
        LabelledAnswer {
            rank: 4,
            text: "A race condition happens when threads wait for each other forever, the first holds lock A and wants lock B, \
                   and the second holds lock B and wants lock A. The program then hangs. It can be prevented by always \
                   taking the locks in the same order, or by using a timeout when taking a lock, or by using fewer locks. \
                   I had this once in a Java application where two services called one another, and found it with a thread \
                   dump, where you could see both threads in the state BLOCKED.",
        },
        LabelledAnswer {
            rank: 5,
            text: "Race condition means the program is too slow and it loses the race against the other programs. Buy a faster \
                   CPU or optimise the code.",
        },
        LabelledAnswer { rank: 6, text: "I don't know, sorry. I'd look it up." },
    ],
};
