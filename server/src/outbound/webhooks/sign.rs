//! Signatures of messages, and the only place that names their library.

use standardwebhooks::Webhook;

use super::EndpointSecret;
use crate::base::error::{Error, Result};

/// The value of `webhook-signature`: one signature for each secret, so that a receiver may know the old one or the new one.
pub(super) fn signatures(secrets: &[EndpointSecret], id: &str, time_s: i64, body: &str) -> Result<String> {
    let sign = |secret: &EndpointSecret| {
        let webhook = Webhook::from_bytes(secret.bytes().to_vec())?;
        webhook.sign(id, time_s, body.as_bytes())
    };
    let signed: std::result::Result<Vec<String>, _> = secrets.iter().map(sign).collect();
    Ok(signed
        .map_err(|error| Error::unexpected("signing a webhook", error))?
        .join(" "))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secrets = [EndpointSecret::opened(secret.into()), EndpointSecret::random().unwrap()];
        let body = r#"{"test": 2432232314}"#;
        let signed = signatures(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
        let (first, second) = signed.split_once(' ').unwrap();
        assert_eq!(first, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(second.starts_with("v1,") && second != first);
    }
}
