//! Writes a report like those of the platform to the file that is named, to look at: `cargo run -p paper --example sample -- report.pdf`

use std::{env, error::Error, fs};

use paper::{Align, Axis, Bar, Block, Column, Document, Lane, LaneSpan, Span, Table, Timeline, Tone};

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("name a file")?;
    let rendered = paper::render(&report())?;
    println!("{} pages, {} bytes", rendered.pages, rendered.bytes.len());
    if !rendered.missing_characters.is_empty() {
        println!("not shown: {:?}", rendered.missing_characters);
    }
    fs::write(file, rendered.bytes)?;
    Ok(())
}

fn report() -> Document {
    let mut report = Document::new("Interview report: Eve Okafor", 1_795_515_060);
    report.footer = "Eve Okafor · Backend engineer · interview of 24 November 2026".to_owned();
    summary(&mut report);
    for number in 1..=5 {
        question(&mut report, number);
    }
    integrity(&mut report);
    transcript(&mut report);
    report
}

fn summary(report: &mut Document) {
    report.push(Block::heading(1, "Eve Okafor"));
    report.push(Block::muted("Backend engineer · 24 November 2026, 10:02 to 10:31 · job “Platform team, autumn”"));
    report.push(Block::Notice {
        tone: Tone::Warn,
        text: vec![
            Span::from("Draft. ").bold().tone(Tone::Warn),
            "Scores were proposed by the offline evaluator; nobody has confirmed them yet. A flag is not a verdict."
                .into(),
        ]
        .into(),
    });
    report.push(Block::Facts(vec![
        ("Recommendation".into(), Span::from("Next round").bold().tone(Tone::Good).into()),
        ("Overall score".into(), vec![Span::from("7.2").bold(), " of 10".into()].into()),
        ("Time used".into(), "28 min 41 s of 40 min".into()),
        ("Evaluator".into(), "offline, version 3 (rules and similarity; no language model)".into()),
    ]));
    report.push(Block::heading(2, "Summary"));
    report.push(Block::paragraph(
        "Eve finds her way into unfamiliar systems by measuring first: in three of five answers she names the figure that \
         would prove her wrong before she proposes a change. Her explanations are ordered and short. She is less sure about \
         concurrency, where she recognises the problem but reaches for a lock without weighing what it costs.",
    ));
    report.push(Block::heading(3, "Strengths"));
    report.push(Block::Bullets(vec![
        "Reads latency as a distribution, not as an average".into(),
        "Says what she does not know, and how she would find out".into(),
    ]));
    report.push(Block::heading(3, "To ask next time"));
    report.push(Block::Bullets(vec![
        "How would she shard the queue when one tenant sends nine tenths of the load, and how would she notice that the \
         balance has shifted again?"
            .into(),
    ]));
    report.push(Block::heading(2, "Profile"));
    let axes = [
        ("Relevance", 8.6),
        ("Correctness", 7.1),
        ("Depth", 6.2),
        ("Clarity", 8.0),
        ("Communication", 7.8),
        ("Code quality", 5.9),
    ];
    report.push(Block::Radar(axes.map(|(label, value)| Axis { label: label.into(), value }).into()));
    report.push(Block::heading(2, "Questions"));
    let bars = [
        ("1. Tell us about a system you built", Some(7.8), "3 min 12 s of 5 min"),
        (
            "2. What happens between pressing Enter and seeing a page, in as much detail as you can give?",
            Some(8.1),
            "4 min 58 s of 5 min",
        ),
        ("3. Why did a web service become slow?", Some(7.5), "6 min 3 s of 10 min"),
        ("4. Reverse a linked list", Some(6.0), "9 min 44 s of 15 min"),
        ("5. A disagreement you had", None, "not answered"),
    ];
    let bar = |(label, value, note): (&str, _, &str)| Bar { label: label.into(), value, note: note.into() };
    report.push(Block::Bars(bars.map(bar).into()));
}

fn question(report: &mut Document, number: u32) {
    report.push(Block::heading(
        2,
        format!("{number}. How would you find out why a web service became slow after a release?"),
    ));
    report.push(Block::muted("Open question · 6 min 3 s of 10 min · answered by voice, and in writing"));
    report.push(Block::paragraph(
        "First I would compare the latency histograms from before and after the release, for each endpoint. If only the slowest \
         requests got slower I look for waiting: locks, pools, garbage collection. If all of them did, it is work: a query \
         without an index, a cache that is now missed.\n\nThen I would bisect with a canary.",
    ));
    if number == 4 {
        report.push(Block::Code(
            "fn reverse(mut head: Option<Box<Node>>) -> Option<Box<Node>> {\n\tlet mut done = None;\n\twhile let Some(mut node) = head {\n\t\thead = node.next.take();\n\t\tnode.next = done;\n\t\tdone = Some(node); // a comment that is so long that it does not fit on the line and has to go on below it, further in\n\t}\n\tdone\n}\n".into(),
        ));
    }
    let row = |name: &str, score: &str, why: &str| vec![name.into(), Span::from(score).bold().into(), why.into()];
    report.push(Block::Table(Table {
        columns: vec![
            Column { weight: 1.4, align: Align::Left },
            Column { weight: 0.7, align: Align::Right },
            Column { weight: 5.0, align: Align::Left },
        ],
        header: vec!["Criterion".into(), "Score".into(), "Why".into()],
        rows: vec![
            row("Relevance", "9.0", "Answers what was asked, from the first sentence on."),
            row("Correctness", "7.0", "Right, though garbage collection would show in all requests of a process and not only in the slowest, so that the distinction does not hold as it is put."),
            row("Depth", "7.0", "Names three causes and how to tell them apart."),
            row("Clarity", "8.0", "Ordered, short."),
        ],
    }));
    report.push(Block::Quote {
        text: "If only the slowest requests got slower I look for waiting: locks, pools, garbage collection.".into(),
        source: "Answer in writing, second sentence".into(),
    });
}

fn integrity(report: &mut Document) {
    report.push(Block::heading(2, "Flags"));
    report.push(Block::muted("What the browser and the server noticed. A flag is not a verdict."));
    let span = |start_s: f64, end_s: f64, tone| LaneSpan { start_s, end_s, tone };
    let questions = [(10., 202.), (210., 508.), (515., 878.), (885., 1469.), (1480., 1721.)];
    report.push(Block::Timeline(Timeline {
        length_s: 1721.0,
        start_label: "10:02".into(),
        end_label: "10:31".into(),
        lanes: vec![
            Lane { label: "Questions".into(), spans: questions.map(|(from, to)| span(from, to, Tone::Accent)).into() },
            Lane {
                label: "Presence".into(),
                spans: vec![
                    span(0.0, 809.0, Tone::Good),
                    span(809.0, 840.0, Tone::Warn),
                    span(840.0, 1721.0, Tone::Good),
                ],
            },
            Lane {
                label: "Flags".into(),
                spans: vec![span(688.0, 694.0, Tone::Bad), span(1136.0, 1137.0, Tone::Warn)],
            },
        ],
    }));
    report.push(Block::Table(Table {
        columns: vec![
            Column { weight: 1.0, align: Align::Left },
            Column { weight: 2.0, align: Align::Left },
            Column { weight: 1.0, align: Align::Right },
            Column { weight: 3.4, align: Align::Left },
        ],
        header: vec!["Time".into(), "Flag".into(), "Lasted".into(), "Reviewed".into()],
        rows: vec![
            vec![
                "10:13:41".into(),
                Span::from("Several faces").tone(Tone::Bad).into(),
                "6 s".into(),
                "Confirmed by ana@example.org. Candidate's note: “My flatmate came in to fetch the charger.”".into(),
            ],
            vec![
                "10:20:56".into(),
                Span::from("Window left").tone(Tone::Warn).into(),
                "1 s".into(),
                "Not reviewed".into(),
            ],
        ],
    }));
}

fn transcript(report: &mut Document) {
    report.push(Block::heading(2, "Transcript"));
    let lines = [
        "Good morning! Can you hear me?",
        "Yes, loud and clear. Żaneta Łukasiewicz told me about you; so did Δημήτρης Παπαδόπουλος and Андрей Щёголев.",
        "Names from further away: Nguyễn Thị Hồng Ánh, Þórunn Ævarsdóttir, Ştefan Țăruș, Čeněk Dvořák, Ğülşah, גלית כהן, محمد العربي, გიორგი, Արամ, 李明 and 😀👍.",
        "Arrows → and ≤ signs, “quotes”, dashes – and —, fractions ½, e\u{301} composed, 🙂.",
    ];
    let rows = (0..60).map(|index| {
        let who =
            if index % 2 == 0 { Span::from("Interviewer").tone(Tone::Muted) } else { Span::from("Eve Okafor").bold() };
        let time = Span::from(format!("10:{:02}:{:02}", 2 + index / 2, index * 7 % 60)).tone(Tone::Muted);
        vec![time.into(), who.into(), lines[index % 4].into()]
    });
    report.push(Block::Table(Table {
        columns: [1.0, 1.3, 6.0].map(|weight| Column { weight, align: Align::Left }).into(),
        header: vec!["Time".into(), "Who".into(), "What was said".into()],
        rows: rows.collect(),
    }));
}
