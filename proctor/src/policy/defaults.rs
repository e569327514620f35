//! The rules that hold unless a job says otherwise.
//!
//! They are lenient where the honest are caught easily: in a dim room, by a bad camera, by a look at the keyboard.

use super::kind::{Kind, Severity};
use super::rule::Rule;

impl Rule {
    /// The default for a kind.
    pub fn of(kind: Kind) -> Rule {
        use Severity::{Critical, High, Info, Low, Medium};
        let looks = Rule {
            warn_after_ms: None,
            note_after_ms: None,
            flag_after_ms: None,
            escalate_after_ms: None,
            flag_at_count: None,
            count_within_ms: None,
            looks: 3,
            clear_after_ms: 1_000,
            clear_looks: 2,
            cool_down_ms: 10_000,
            severity: Medium,
            escalated: High,
            show: true,
            evidence: true,
        };
        let mended = Rule {
            warn_after_ms: Some(3_000),
            flag_after_ms: Some(30_000),
            clear_after_ms: 2_000,
            cool_down_ms: 60_000,
            severity: Low,
            escalated: Medium,
            ..looks
        };
        let lasting = Rule { clear_after_ms: 500, clear_looks: 0, looks: 0, evidence: false, ..looks };
        let instant = Rule {
            note_after_ms: Some(0),
            clear_after_ms: 0,
            cool_down_ms: 1_000,
            severity: Low,
            escalated: Low,
            ..lasting
        };
        let of = |severity| Rule { severity, escalated: severity, ..instant };
        match kind {
            Kind::NoFace => Rule {
                warn_after_ms: Some(3_000),
                flag_after_ms: Some(5_000),
                escalate_after_ms: Some(30_000),
                ..looks
            },
            Kind::SeveralFaces => Rule {
                warn_after_ms: Some(2_000),
                flag_after_ms: Some(2_000),
                escalate_after_ms: Some(20_000),
                severity: High,
                escalated: Critical,
                ..looks
            },
            Kind::LookingAway => Rule {
                flag_after_ms: Some(5_000),
                escalate_after_ms: Some(30_000),
                cool_down_ms: 15_000,
                severity: Low,
                escalated: Medium,
                ..looks
            },
            Kind::TooDark | Kind::TooBright | Kind::TooBlurred => mended,
            Kind::FaceUnclear => Rule { flag_after_ms: Some(15_000), escalate_after_ms: Some(60_000), ..mended },
            Kind::Covered | Kind::Frozen => Rule {
                flag_after_ms: Some(10_000),
                escalate_after_ms: Some(60_000),
                severity: Medium,
                escalated: High,
                ..mended
            },
            Kind::WindowExit => Rule {
                warn_after_ms: Some(1_000),
                note_after_ms: Some(1_000),
                flag_after_ms: Some(10_001),
                escalate_after_ms: Some(60_000),
                flag_at_count: Some(2),
                cool_down_ms: 0,
                ..lasting
            },
            Kind::FullscreenLeft => Rule {
                warn_after_ms: Some(1_000),
                note_after_ms: Some(5_000),
                flag_after_ms: Some(30_000),
                severity: Low,
                escalated: Low,
                ..lasting
            },
            Kind::Devtools => Rule {
                note_after_ms: Some(2_000),
                flag_after_ms: Some(30_000),
                cool_down_ms: 60_000,
                severity: Low,
                escalated: Low,
                show: false,
                ..lasting
            },
            Kind::MoreScreens => Rule {
                warn_after_ms: Some(1_000),
                note_after_ms: Some(2_000),
                flag_after_ms: Some(30_000),
                cool_down_ms: 60_000,
                severity: Low,
                escalated: Low,
                ..lasting
            },
            // Each page that is loaded begins without a share, so their number counts no sooner than that of reloads.
            Kind::ShareEnded | Kind::PartialShare => Rule {
                warn_after_ms: Some(500),
                note_after_ms: Some(2_000),
                flag_after_ms: Some(20_000),
                escalate_after_ms: Some(120_000),
                flag_at_count: Some(5),
                ..lasting
            },
            Kind::CameraOff => Rule {
                warn_after_ms: Some(1_000),
                note_after_ms: Some(3_000),
                flag_after_ms: Some(20_000),
                escalate_after_ms: Some(120_000),
                flag_at_count: Some(5),
                ..lasting
            },
            Kind::MicrophoneOff => Rule {
                warn_after_ms: Some(2_000),
                note_after_ms: Some(5_000),
                flag_after_ms: Some(60_000),
                severity: Low,
                escalated: Low,
                ..lasting
            },
            Kind::Reload => Rule {
                note_after_ms: Some(0),
                flag_after_ms: Some(60_000),
                flag_at_count: Some(5),
                cool_down_ms: 0,
                severity: Low,
                escalated: Low,
                ..lasting
            },
            Kind::Copy | Kind::Cut => of(Info),
            Kind::Paste => Rule { warn_after_ms: Some(0), flag_at_count: Some(1), evidence: true, ..of(Medium) },
            Kind::Print => Rule { flag_at_count: Some(1), ..of(Medium) },
            Kind::ContextMenu => Rule { show: false, ..of(Info) },
            Kind::CameraChanged => Rule { flag_at_count: Some(2), evidence: true, ..of(Low) },
            Kind::MicrophoneChanged => of(Info),
            Kind::Voices => Rule { cool_down_ms: 60_000, evidence: true, show: false, ..of(Info) },
            Kind::LoudRoom => Rule { warn_after_ms: Some(0), cool_down_ms: 120_000, ..of(Info) },
            Kind::FastAnswer => Rule { flag_at_count: Some(1), show: false, ..of(Low) },
            Kind::Unwatched => Rule {
                note_after_ms: Some(10_000),
                flag_after_ms: Some(30_000),
                escalate_after_ms: Some(300_000),
                clear_after_ms: 10_000,
                cool_down_ms: 0,
                show: false,
                ..lasting
            },
            Kind::Tampering => Rule { flag_at_count: Some(1), show: false, ..of(High) },
            Kind::AnotherPerson => {
                Rule { flag_at_count: Some(1), cool_down_ms: 300_000, evidence: true, show: false, ..of(High) }
            }
            // Networks that let no channel through are nobody's fault. A page that is too old has this long to be loaded anew.
            Kind::Unreported => Rule {
                note_after_ms: Some(30_000),
                flag_after_ms: Some(120_000),
                escalate_after_ms: Some(300_000),
                clear_after_ms: 10_000,
                cool_down_ms: 0,
                severity: Low,
                escalated: Medium,
                ..lasting
            },
            Kind::Contradiction => Rule { flag_at_count: Some(2), evidence: true, show: false, ..of(High) },
        }
    }
}
