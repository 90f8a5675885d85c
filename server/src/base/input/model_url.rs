//! Where the server of a language model is.

use url::Url;

use super::Parsed;

const MAX_URL_BYTES: usize = 500;

/// An `http` or `https` URL of a host and, if need be, a path, without a slash at the end.
pub(crate) fn model_url(text: &str) -> Parsed<String> {
    let unlike = || "must be a URL like http://127.0.0.1:11434/v1".to_owned();
    if text.len() > MAX_URL_BYTES {
        return Err(format!("must have at most {MAX_URL_BYTES} bytes"));
    }
    let url = Url::parse(text).map_err(|_| unlike())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(unlike());
    }
    // It is not repeated: what stands before the `@` may be a secret.
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password; the key is a setting of its own".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not contain ? or #".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_path_and_nothing_else() {
        for (text, url) in [
            ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"),
            ("https://api.anthropic.com", "https://api.anthropic.com"),
            ("HTTPS://API.Example.com/a/b", "https://api.example.com/a/b"),
        ] {
            assert_eq!(model_url(text).as_deref(), Ok(url));
        }
        for bad in [
            "",
            "x",
            "ftp://a.example",
            "http://",
            "http://key@a.example",
            "http://a.example/?key=1",
            "http://a.example/#x",
            "file:///etc/passwd",
        ] {
            assert!(model_url(bad).is_err(), "{bad}");
        }
    }
}
