//! The answer, read up to what the sender takes: counted after decompression, and ended at the first byte too many.

use reqwest::Response;

use super::{Answer, EgressError, Overflow, Rules, redirect::named, send, values};

const MAX_HEADER_BYTES: usize = 64 << 10;

/// Reads the answer to its end.
pub(super) async fn read(response: Response, rules: &dyn Rules) -> Result<Answer, EgressError> {
    let url = response.url().clone();
    let headers = headers(&response)?;
    let status = response.status().as_u16();
    let body = bytes(response, rules).await?;
    Ok(Answer {
        status,
        headers,
        body,
        url: url.into(),
    })
}

pub(super) fn headers(response: &Response) -> Result<Vec<(String, String)>, EgressError> {
    let bytes: usize = response
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if bytes > MAX_HEADER_BYTES {
        return Err(EgressError::TooLarge(format!(
            "the response headers of {} have {bytes} bytes, the limit is {MAX_HEADER_BYTES}",
            named(response.url())
        )));
    }
    let line = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.as_str().to_owned(), values::of_bytes(value.as_bytes()))
    };
    Ok(response.headers().iter().map(line).collect())
}

async fn bytes(mut response: Response, rules: &dyn Rules) -> Result<Vec<u8>, EgressError> {
    let most = rules.most_bytes();
    let url = response.url().clone();
    let too_large = || {
        EgressError::TooLarge(format!(
            "the response of {} has more than {most} bytes (limit httpResponseBytes)",
            named(&url)
        ))
    };
    let is_cut = rules.overflow() == Overflow::Cut;
    if !is_cut && response.content_length().is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| send::failure(&url, &error))? {
        let room = most.saturating_sub(body.len() as u64);
        if chunk.len() as u64 > room {
            if is_cut {
                // The rest is not waited for: the connection ends here.
                body.extend_from_slice(&chunk[..usize::try_from(room).unwrap_or(0)]);
                return Ok(body);
            }
            return Err(too_large());
        }
        rules.received(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
