//! A simulated candidate: what a browser's page does on its channel and by HTTP, without the page.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::{Context, Result};
use app::model::{AnswerId, Draft, Invite, Status};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::{
    channel::{self, Page},
    plan::Plan,
    tally::Tally,
};
use crate::{client::Connection, data, drivers, random::Random};

/// Between two drafts, in seconds: the page looks every second whether there is something new.
const RHYTHM: std::ops::Range<f64> = 0.8..1.2;

/// Characters that are typed between two drafts.
const TYPED: std::ops::Range<f64> = 5.0..25.0;

pub struct Candidate<'a> {
    pub invite: String,
    pub plan: Plan,
    pub random: Random,
    /// How many are writing now.
    pub writing: &'a AtomicUsize,
}

impl Candidate<'_> {
    /// Holds the interview from the arrival to the end.
    ///
    /// # Errors
    /// Whatever a candidate would notice. There is no second try.
    pub async fn attend(mut self, address: SocketAddr, begun: Instant) -> Result<Tally> {
        sleep_until(begun + self.plan.arrival).await;
        let (page, channel) = channel::open(address, Invite(self.invite.clone())).await?;
        let (tally, ()) = tokio::try_join!(channel.run(), self.act(page, address, begun))?;
        Ok(tally)
    }

    async fn act(&mut self, mut page: Page, address: SocketAddr, begun: Instant) -> Result<()> {
        // As browsers keep it open.
        let mut http = Connection::open(address).await?;
        page.until("the first view", |known| known.view.is_some()).await?;
        let preparation =
            [("give_consent", ""), ("report_devices", "&camera=true&microphone=true"), ("start_interview", "")];
        for ((function, rest), pause) in preparation.into_iter().zip(self.plan.pauses) {
            sleep(pause).await;
            self.call(&mut http, function, rest).await?;
        }
        let last = self.plan.answers.len() - 1;
        for number in 0..=last {
            let question = u32::try_from(number)?;
            let asked = |view: &app::model::CandidateView| view.question.as_ref().map(|question| question.index);
            page.until("a question", |known| known.view.as_ref().and_then(asked) == Some(question)).await?;
            if number == 0 {
                self.writing.fetch_add(1, Ordering::Relaxed);
            }
            let id = AnswerId(Uuid::new_v4());
            let text = self.write(&mut page, &mut http, question, id, begun + self.plan.answers[number]).await?;
            if number == last {
                self.writing.fetch_sub(1, Ordering::Relaxed);
            }
            let function = if self.plan.finishes && number == last { "finish_interview" } else { "submit_answer" };
            let answer = format!("&id={id}&question={question}&text={}", text.replace(' ', "+"));
            self.call(&mut http, function, &answer).await?;
        }
        let over = |view: &app::model::CandidateView| view.status == Status::Completed;
        page.until("the end", |known| known.view.as_ref().is_some_and(over)).await
    }

    /// Types until `end`, and gives what was typed. Reads notices meanwhile.
    async fn write(
        &mut self,
        page: &mut Page,
        http: &mut Connection,
        question: u32,
        id: AnswerId,
        end: Instant,
    ) -> Result<String> {
        let (mut text, mut rev) = (String::new(), 0);
        loop {
            let next = Instant::now() + Duration::from_secs_f64(self.random.between(RHYTHM));
            if next > end {
                sleep_until(end).await;
                return Ok(text);
            }
            sleep_until(next).await;
            if let Some(notice) = page.notice() {
                self.call(http, "read_notice", &format!("&id={notice}")).await?;
            }
            rev += 1;
            let typed = self.random.between(TYPED) as usize;
            text.extend(data::ANSWER.chars().cycle().skip(text.len() % data::ANSWER.len()).take(typed));
            page.keep(Draft { question, id, rev, text: text.clone() }).await?;
        }
    }

    async fn call(&self, http: &mut Connection, function: &str, rest: &str) -> Result<()> {
        let form = format!("invite={}{rest}", self.invite);
        http.call(&drivers::candidate(function, &form)).await.context(function.to_owned())?;
        Ok(())
    }
}
