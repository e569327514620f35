use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "splitting a monolith",
    kind: Kind::Text,
    question: "When would you split a monolith into microservices, and when would you leave it as it is?",
    key_points: &[
        ("teams can deploy independently", 1.5),
        ("parts that scale differently", 1.0),
        ("clear domain boundaries / bounded contexts", 1.5),
        ("network calls fail and add latency", 1.5),
        ("no transactions across services / eventual consistency", 1.0),
        ("operational overhead: monitoring, deployment, tracing", 1.5),
        ("small team or young product should stay with the monolith", 1.5),
        ("modular monolith first / extract one service at a time", 1.0),
    ],
    reference: None,
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "The best reason is people, not technology: if several teams wait for one another to release, services along \
                   the domain's boundaries let each deploy when it's ready. A second one is a part whose load or risk is \
                   very different, like video transcoding, that should scale or crash on its own. Against that stands what \
                   it costs: a function call becomes a network call which can be slow or fail, there's no transaction over \
                   two databases any more so you live with eventual consistency and sagas, and every service needs \
                   pipelines, monitoring and on-call. With one team of eight and a product that still changes its shape, \
                   I'd keep the monolith but draw modules in it, because a wrong boundary is cheap to move there. And when \
                   splitting I'd take out one piece first and learn from it instead of rewriting all.",
        },
        LabelledAnswer {
            rank: 2,
            text: "Split when multiple teams get in each other's way or single parts have to scale separately, and you understand \
                   the domain well enough to know the borders. Don't when you're a small team or startup: distributed \
                   systems bring network failures, data consistency problems and a lot of ops work.",
        },
        LabelledAnswer {
            rank: 3,
            text: "Microservices are good for scaling because you can run more instances of one service only. Each team can also \
                   use its own programming language. But they are more complicated to operate than a monolith, so for a \
                   simple application I'd stay with the monolith.",
        },
        LabelledAnswer {
            rank: 4,
            text: "I'd always split. Microservices are the modern way and all big companies such as Netflix and Amazon use them. \
                   A monolith is legacy. With Docker and Kubernetes it's easy to do, so there is no reason to leave it.",
        },
        LabelledAnswer {
            rank: 5,
            text: "teams deploy independently, parts scale differently, bounded contexts, latency, eventual consistency, \
                   operational overhead, monitoring, tracing, small team, modular monolith, microservices, extract service",
        },
        LabelledAnswer { rank: 6, text: "It depends." },
    ],
};
