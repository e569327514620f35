use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "disagreement in review",
    kind: Kind::Text,
    question: "You and a colleague disagree about a design in a code review. What do you do?",
    key_points: &[
        ("understand the other's reasons / ask questions / listen", 2.0),
        ("talk in person / call instead of long comment threads", 1.5),
        ("argue with facts: data, measurements, prototype, guidelines", 1.5),
        ("separate taste / style from real problems", 1.0),
        ("ask a third person / team / tech lead when stuck", 1.0),
        ("accept the decision / disagree and commit", 1.0),
        ("write down the outcome / document the decision", 1.0),
    ],
    reference: None,
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "First I try to understand why they see it differently, and ask rather than claim: often they know a \
                   constraint I don't. I also ask myself if it's a matter of taste; if it is, the author decides and I \
                   mark my comment as optional. When the thread goes past two or three replies I suggest a short call, \
                   since written comments sound harsher than they're meant. If we still differ on something that matters, \
                   facts help: for example last year we argued about a cache, so I measured both versions in an hour and \
                   mine turned out not to be worth it. If that doesn't settle it, we ask a third person, like the tech \
                   lead, and then I support the decision even when it's not mine. The outcome goes into the pull request or \
                   a short decision record, so that nobody has the same discussion again.",
        },
        LabelledAnswer {
            rank: 2,
            text: "I'd listen to their arguments and explain mine, best in a quick call and not in comments. If we can't agree \
                   I'd ask the tech lead or the team to decide, and then go along with it.",
        },
        LabelledAnswer {
            rank: 3,
            text: "We would discuss it until we find a compromise. It's important to stay polite and professional and to not take \
                   it personally.",
        },
        LabelledAnswer {
            rank: 4,
            text: "I have more experience than most of my colleagues, so usually I explain to them why my design is the right one. \
                   If they don't accept it, I don't approve the pull request until they change it.",
        },
        LabelledAnswer {
            rank: 5,
            text: "Code reviews find bugs early. We use GitHub with pull requests and two approvals are mandatory, and the branch \
                   is protected. A linter and SonarQube run on every pull request.",
        },
    ],
};
