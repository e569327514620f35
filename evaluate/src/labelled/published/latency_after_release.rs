use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "latency after a release",
    kind: Kind::Text,
    question: "An hour after a release the 99th percentile latency of a service has doubled. Walk me through what you do.",
    key_points: &[
        ("roll back / revert the release first, mitigate before diagnosing", 2.0),
        ("confirm on dashboards / metrics that it coincides with the release and how many users are affected", 1.5),
        ("compare the diff / changes between the two versions", 1.0),
        ("use distributed traces / profiling to see where time is spent", 1.5),
        ("check dependencies: database, cache, downstream services", 1.0),
        ("rule out other causes such as traffic growth", 1.0),
        ("tell the team / incident channel / stakeholders", 1.0),
        ("postmortem / alert / load test so that it does not come back", 1.0),
    ],
    reference: None,
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "First I check that it's real: the dashboards for latency, error rate and traffic per version, and whether \
                   the jump lines up with the deploy or with something else, say a traffic spike or a batch job. If it \
                   lines up and users feel it, I roll back straight away and post in the incident channel; finding the \
                   reason can wait until customers are fine. Then with the old version serving I diagnose. I look at the \
                   diff of the release, and compare traces of slow requests before and after to see which span grew, for \
                   instance a new N+1 query against the database, a cold cache, or a downstream call without a timeout. \
                   As p99 doubled but the median perhaps did not, I'd also look at GC pauses, connection pool waits and \
                   single bad hosts. I'd reproduce it in staging under load, fix it, ship it as a canary, and write a \
                   short postmortem with an alert on p99 per version so that we notice within minutes next time.",
        },
        LabelledAnswer {
            rank: 2,
            text: "Roll back first if rolling back is safe, tell on-call and support, then diagnose calmly. Look at the \
                   graphs to see that it started with the release, go through what changed, and use tracing to find the \
                   slow part, typically a query or a downstream service. Afterwards a regression load test.",
        },
        LabelledAnswer {
            rank: 3,
            text: "I'd go to Grafana and see when exactly it started and which endpoints are slow. Then I'd look through the \
                   commits of the release and try to find which one could be responsible, and check the database for slow \
                   queries. When I've found the cause I make a fix and deploy it as soon as it passed review.",
        },
        LabelledAnswer {
            rank: 4,
            text: "I would read the logs and look for errors. If there are no errors I restart the service, often that \
                   helps. If it's still slow then add more instances so that each has less to do.",
        },
        LabelledAnswer {
            rank: 5,
            text: "latency release metrics traces rollback dashboards profiling database cache downstream incident channel \
                   postmortem alert load test traffic p99 percentile diff canary",
        },
        LabelledAnswer {
            rank: 6,
            text: "We did two-week sprints at my last job. At the end of every sprint there was a release and a review with \
                   the product owner, and then a retrospective in which everybody could say what was good and what was not.",
        },
    ],
};
