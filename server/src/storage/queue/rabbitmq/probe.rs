//! Whether a broker answers and takes messages, for whoever looks at the settings before a server runs with them.

use super::{
    Failure,
    publisher::{Announcement, Publisher},
};
use crate::base::config::SharedService;

/// Publishes a message that nobody gets: there is no such queue, and the broker says so, if it says anything.
///
/// # Errors
/// What is wrong, in words.
pub(crate) async fn ping(service: &SharedService) -> Result<(), String> {
    let asked = async {
        let mut publisher = Publisher::open(service).await?;
        let nobody = Announcement {
            job: "none".to_owned(),
            queue: format!("{}.doctor", service.prefix),
            body: b"{}".to_vec(),
        };
        let published = publisher.publish(&[nobody]).await;
        let is_alarmed = publisher.is_alarmed();
        publisher.close().await;
        match published?.unconfirmed.is_empty() {
            true => Ok::<(), Failure>(()),
            false if is_alarmed => Err("it has a memory or disk alarm and takes no messages".into()),
            false => Err("it does not confirm messages".into()),
        }
    };
    asked.await.map_err(|error| error.to_string())
}
